"""How much each sign weighs against a network, and where the alarm begins: measured.

Made by ``python snippets/diagnosis_benchmark/report.py --calibrate``; do not edit.
"""

#: What it means stands in ``latido.likelihood``.
#:
#: :meta hide-value:
CALIBRATED = {
    "start": {
        "intercept": -2.57,
        "crawl": 0.678,
        "far": 0.448,
        "long_step": 2.34,
        "short_step": 1.26,
        "first_still": 0.613,
        "decay_kept": 0.573,
        "growth": 0.947,
        "contrast": 0.615,
        "saturated": 0.198,
        "twins": 0.0073,
        "first_loss": 0.341,
    },
    "training": {
        "intercept": -3.9,
        "leap": 0.215,
        "crawl": 0.381,
        "far": 0.983,
        "long_step": 1.1,
        "short_step": 0.547,
        "first_still": 1.47,
        "decay_kept": 0.0308,
        "growth": 0.863,
        "contrast": 0.315,
        "contrast_lost": 0.0186,
        "dead": 0.0356,
        "saturated": 0.293,
        "late": 1.74,
        "no_better": 0.39,
        "unsure": 0.365,
    },
    "broken": 0.923,
    "learned": 0.0298,
    "alarm": {
        "start": 0.72,
        "training": 0.5,
    },
    "silence": 0.1,
}


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

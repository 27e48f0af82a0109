"""How much each sign weighs against a network, and where the alarm begins: measured.

Made by ``python snippets/diagnosis_benchmark/report.py --calibrate``; do not edit.
"""

#: What it means stands in ``latido.likelihood``.
#:
#: :meta hide-value:
CALIBRATED = {
    "start": {
        "intercept": -2.52,
        "crawl": 0.612,
        "far": 0.551,
        "long_step": 2.31,
        "short_step": 1.3,
        "first_still": 0.547,
        "decay_kept": 0.529,
        "decay_divided": 0.0831,
        "growth": 0.588,
        "contrast": 0.466,
        "saturated": 0.309,
        "twins": 0.0128,
        "first_loss": 0.0815,
    },
    "training": {
        "intercept": -4.02,
        "leap": 0.3,
        "crawl": 0.398,
        "far": 0.908,
        "long_step": 0.914,
        "short_step": 0.542,
        "first_still": 1.46,
        "decay_kept": 0.146,
        "decay_divided": 0.0342,
        "growth": 0.275,
        "contrast": 0.253,
        "saturated": 0.398,
        "late": 1.8,
        "no_better": 0.397,
        "unsure": 0.498,
    },
    "broken": 0.923,
    "learned": 0.0298,
    "tried": {
        "learned": 0.0245,
        "not": 7.83,
    },
    "alarm": {
        "start": 0.72,
        "training": 0.5,
        "trial": 0.82,
    },
    "silence": 0.1,
}


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

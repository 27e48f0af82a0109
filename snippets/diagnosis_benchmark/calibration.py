"""From what was measured to ``latido.calibrated``: how much each sign weighs against a network.

The weights come from the networks of the setting half alone. Where the alarm begins is chosen
there too, with each task judged by weights that have not seen it (leave one task out). Redo it,
from what is stored, with

    python snippets/diagnosis_benchmark/report.py --calibrate
"""

from pathlib import Path

from diagnosis_benchmark.trainings import LOOKS, WINDOW, load

FILE = Path(__file__).resolve().parents[1] / "latido" / "calibrated.py"
#: Of the networks that learn, at most so many may be alarmed: at the start, and in the state in
#: which they are left at WINDOW.
FALSE_ALARMS = 0.04
#: Below this likelihood nothing is said.
SILENCE = 0.1
#: Strength of the penalty on the squares of the weights, which keeps them from single networks.
PENALTY = 1.0
#: Phase → which looks belong to it.
PHASES = {"start": lambda looks: looks.step == 0, "training": lambda looks: looks.step > 0}


def fit(looks, phase: str) -> dict[str, float]:
    """Return the weights of a phase: a logistic regression with no weight below zero.

    Networks that have learned, or broken, need no weights. Every network counts once, however
    many looks were taken of it, and every task the same.
    """
    import numpy as np
    from scipy.optimize import minimize

    looks = open_looks(looks[PHASES[phase](looks)])
    names = sign_names(looks, phase)
    x = np.column_stack([np.ones(len(looks)), looks[names].to_numpy(float)])
    y = looks.fails.to_numpy(float)
    each = 1 / looks.groupby("number").step.transform("size")
    each = (each / each.groupby(looks.task).transform("sum")).to_numpy()
    each = each * looks.number.nunique() / each.sum()

    def cost(weights):
        odds = x @ weights
        loss = each @ (np.logaddexp(0, odds) - y * odds) + PENALTY / 2 * weights[1:] @ weights[1:]
        slope = x.T @ (each * (1 / (1 + np.exp(-odds)) - y))
        slope[1:] += PENALTY * weights[1:]
        return loss, slope

    bounds = [(None, None)] + [(0, None)] * len(names)
    found = minimize(cost, np.zeros(x.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B").x
    return {"intercept": found[0], **dict(zip(names, found[1:], strict=True))}


def open_looks(looks):
    """Return the looks at which it is still open whether a network learns."""
    return looks[~looks.learned & ~looks.broken]


def sign_names(looks, phase: str) -> list[str]:
    """Return the columns of the signs that a phase has."""
    names = [name for name in looks.columns if name.startswith("sign_")]
    return [n for n in names if looks[n].notna().all()]


def probabilities(looks, fitted: dict):
    """Return how likely each look says it is that its network fails: a Series."""
    import numpy as np
    import pandas as pd

    result = pd.Series(np.nan, looks.index)
    for phase, belongs in PHASES.items():
        rows, weights = looks[belongs(looks)], fitted[phase]
        odds = weights["intercept"] + sum(
            weight * rows[name] for name, weight in weights.items() if name != "intercept"
        )
        result[rows.index] = 1 / (1 + np.exp(-odds.clip(-30, 30)))
    result[looks.learned] = fitted["learned"]
    result[looks.broken] = fitted["broken"]
    return result


def calibrate(looks) -> dict:
    """Return all the numbers of ``latido.calibrated``, from the setting half."""
    setting = looks[(looks.half == "setting") & (looks.step < LOOKS[-1])]
    return {**settings(setting), "alarm": alarm_levels(setting), "silence": SILENCE}


def settings(looks) -> dict:
    """Return weights and shares, but not where the alarm begins."""

    def share(rows):
        each = rows.groupby("number").fails.first()
        return float((each.sum() + 1) / (len(each) + 2))  # Laplace: nobody is ever quite sure

    return {
        **{phase: fit(looks, phase) for phase in PHASES},
        "broken": share(looks[looks.broken]),
        "learned": share(looks[looks.learned]),
    }


def unseen(looks):
    """Return the likelihoods of looks, each task judged by what the other tasks say."""
    import pandas as pd

    parts = [
        probabilities(rows, settings(looks[looks.task != task]))
        for task, rows in looks.groupby("task")
    ]
    return pd.concat(parts)


def alarm_levels(looks) -> dict[str, float]:
    """Return the likelihood from which a network «va a fallar», by phase.

    The lowest, but not below one half, at which no more than ``FALSE_ALARMS`` of the networks
    that learn are alarmed, each task judged by what the others say.
    """
    import numpy as np

    looks = looks.assign(chance=unseen(looks))
    learns = looks[~looks.fails & (looks.step <= WINDOW)]
    ends = {
        "start": learns[learns.step == 0].chance,
        "training": learns.groupby("number").chance.last(),
    }
    return {
        phase: float(max(0.5, np.ceil(100 * chance.quantile(1 - FALSE_ALARMS)) / 100))
        for phase, chance in ends.items()
    }


def text(calibrated: dict) -> str:
    """Return the module ``latido.calibrated``."""
    lines = [
        '"""How much each sign weighs against a network, and where the alarm begins: measured.',
        "",
        "Made by ``python snippets/diagnosis_benchmark/report.py --calibrate``; do not edit.",
        '"""',
        "",
        "#: What it means stands in ``latido.likelihood``.",
        "#:",
        "#: :meta hide-value:",
        "CALIBRATED = {",
    ]
    for name, value in calibrated.items():
        if isinstance(value, dict):
            lines.append(f'    "{name}": {{')
            lines += [
                f'        "{k.removeprefix("sign_")}": {v:.3g},'
                for k, v in value.items()
                if abs(v) > 0.005
            ]
            lines.append("    },")
        else:
            lines.append(f'    "{name}": {value:.3g},')
    lines += ["}", "", "", 'if __name__ == "__main__":']
    lines += ["    from latido.arguments import not_the_command", "", "    not_the_command()", ""]
    return "\n".join(lines)


def redo() -> None:
    """Fit, and write ``latido.calibrated``."""
    FILE.write_text(text(calibrate(load())))


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("parte de la prueba del diagnóstico, que da «python snippets report»")

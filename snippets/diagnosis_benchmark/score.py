"""How often the diagnosis is right, from what was measured: on the half that set nothing."""

import itertools

from diagnosis_benchmark.calibration import probabilities
from diagnosis_benchmark.trainings import LOOKS, STEPS, TRIAL, WINDOW, load

#: When a network counts as alarmed → how it reads.
MOMENTS = {
    "start": "antes del primer paso",
    "trial": f"antes, y con una prueba de {TRIAL} pasos",
    "state": f"en el paso {WINDOW}, como está",
    "either": f"en el paso 0 o en el {WINDOW}",
    "ever": f"alguna vez en {WINDOW} pasos",
}


def calibrated() -> dict:
    """Return the numbers of ``latido.calibrated``, by the names of the stored columns."""
    from latido.calibrated import CALIBRATED

    phases = {
        phase: {
            name if name == "intercept" else f"sign_{name}": weight
            for name, weight in CALIBRATED[phase].items()
        }
        for phase in ("start", "training")
    }
    return CALIBRATED | phases


def judged(looks=None):
    """Return the looks up to TRIAL, as ``with_alarms`` does."""
    looks = load() if looks is None else looks
    return with_alarms(looks[looks.step <= TRIAL])


def with_alarms(looks):
    """Return looks with their ``chance`` to fail, and whether that is an ``alarm``."""
    chance, levels = probabilities(looks, calibrated()), calibrated()["alarm"]
    level = looks.step.map(lambda step: levels["training" if step else "start"])
    return looks.assign(chance=chance, alarm=chance >= level)


def networks(looks):
    """Return one row per network of judged looks: what it is, and when it is alarmed.

    What a trial says is how the network stands at TRIAL: the training is its own copy. All the
    rest is judged up to WINDOW.

    ``lead``: steps from the first alarm to the one at which the loss alone tells, because it is
    not a finite number or, after 50 steps, no better than a constant answer's; NaN without one.
    """
    trial = looks.groupby("number").alarm.last()
    looks = looks[looks.step <= WINDOW]
    each = looks.groupby("number")
    table = each.first()
    start, state = each.alarm.first(), each.alarm.last()
    alarmed = looks[looks.alarm].groupby("number").step.min()
    tells = looks.loss.isna() | ((looks.step >= 50) & ~looks.learned)
    loss = looks[tells].groupby("number").step.min().reindex(table.index).fillna(STEPS)
    return table.assign(
        start=start,
        trial=trial,
        state=state,
        either=start | state,
        ever=each.alarm.any(),
        watched=each.chance.first() >= calibrated()["silence"],
        lead=loss - alarmed.reindex(table.index),
    )


def share(count: int, total: int) -> tuple[float, float]:
    """Return the ends of the 95 % interval of a share (Wilson 1927)."""
    from scipy.stats import binomtest

    return tuple(binomtest(count, total).proportion_ci(0.95, method="wilson"))


def rates(table):
    """Return, for each of MOMENTS, how many that fail and how many that learn are alarmed."""
    import pandas as pd

    fails, learns = table[table.fails], table[~table.fails]
    return pd.DataFrame(
        {
            "found": {moment: int(fails[moment].sum()) for moment in MOMENTS},
            "failing": len(fails),
            "false": {moment: int(learns[moment].sum()) for moment in MOMENTS},
            "learning": len(learns),
        }
    )


def by(table, column: str):
    """Return the same of the moment "either", and of the start, for each kind of network."""
    import pandas as pd

    parts = table.fillna({"faults": ""}).groupby(column, sort=False)
    rows = {}
    for kind, part in parts:
        fails, learns = part[part.fails], part[~part.fails]
        rows[kind] = {
            "failing": len(fails),
            "at_start": int(fails.start.sum()),
            "found": int(fails.either.sum()),
            "learning": len(learns),
            "false": int(learns.either.sum()),
            "lead": float(fails.lead.median()),
        }
    return pd.DataFrame(rows).T


def faults(table):
    """Return ``by`` the faults that were put in; a network with two counts in both."""
    import pandas as pd

    names = table.faults.fillna("").str.split(" y ")
    parts = table.assign(fault=names).explode("fault")
    parts = parts.reset_index(drop=True)
    parts["fault"] = parts.fault.replace("", "ninguno puesto")
    return (
        by(parts, "fault").sort_values("failing", ascending=False) if len(parts) else pd.DataFrame()
    )


def watched(looks, steps) -> dict[str, float]:
    """Return what is alarmed at the first of some steps that does it, and how late, on average.

    Args:
        looks: as ``with_alarms`` returns them.
        steps: at which it is looked.

    Returns:
        ``found`` of those that fail, ``false`` of those that learn, networks; ``late``, the mean
        step of the first alarm of those found.
    """
    alarmed = looks[looks.alarm & looks.step.isin(steps)].groupby("number").first()
    found = alarmed[alarmed.fails]
    return {
        "found": len(found),
        "false": len(alarmed) - len(found),
        "late": float(found.step.mean()),
    }


def schedule(looks) -> tuple[int, ...]:
    """Return when a monitor looks by itself: the fewest of LOOKS that find what all of them do.

    Of equally many steps, those that alarm fewest networks that learn. Always the first, and the
    last, at which it is known whether a network fails.

    Args:
        looks: of the setting half, as ``with_alarms`` returns them.
    """
    first, *others, last = LOOKS
    counts = range(len(others) + 1)
    some = itertools.chain.from_iterable(itertools.combinations(others, n) for n in counts)
    said = {(first, *steps, last): watched(looks, (first, *steps, last)) for steps in some}
    enough = [steps for steps in said if said[steps]["found"] == said[LOOKS]["found"]]
    return min(enough, key=lambda steps: (len(steps), said[steps]["false"]))


def reliability(looks, bins=(0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)):
    """Return how many networks of each likelihood fail: one row per phase and bin.

    Of a training, the look at WINDOW or the last one before counts: one per network.
    """
    import pandas as pd

    each = looks[looks.step <= WINDOW].groupby("number")
    rows = []
    for phase, part in (("start", each.first()), ("training", each.last())):
        groups = part.groupby(pd.cut(part.chance, bins, include_lowest=True), observed=True)
        for _, group in groups:
            low, high = share(int(group.fails.sum()), len(group))
            rows.append(
                {
                    "phase": phase,
                    "said": group.chance.mean(),
                    "seen": group.fails.mean(),
                    "low": low,
                    "high": high,
                    "networks": len(group),
                }
            )
    return pd.DataFrame(rows)


def result(looks=None):
    """Return (judged looks, their networks) of the reported half."""
    looks = judged(looks)
    looks = looks[looks.half == "report"]
    return looks, networks(looks)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("parte de la prueba del diagnóstico, que da «python snippets report»")

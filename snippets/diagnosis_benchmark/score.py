"""How often the diagnosis is right, from what was measured: thresholds, and what they find."""

from diagnosis_benchmark.trainings import STEPS, load

MARGINS = (32, 16, 8, 4, 2)
GOAL = 0.95


def confirmed(looks):
    """Return the looks at the networks whose training bears out what they were built as.

    A healthy network is one that learns in these few steps, a faulty one does not. The rest
    (a mild fault that the optimizer gets over, a sound network that needs more time) are
    neither, and are left out.
    """
    learns = looks.groupby("number").learned.transform("last")
    return looks[learns == (looks.state == "healthy")]


def halves(looks):
    """Return the looks at the networks of the first half (thresholds) and the second (report).

    Lots are drawn, but so that each mechanism is shared out evenly.
    """
    import numpy as np

    networks = looks.groupby("number").first()
    networks["lot"] = np.random.default_rng(0).permutation(len(networks))
    order = networks.sort_values(["state", "mechanism", "lot"]).index
    return looks[looks.number.isin(order[0::2])], looks[looks.number.isin(order[1::2])]


def thresholds(looks) -> dict[str, float]:
    """Return the threshold of each rule, from the first half of the collection.

    It lies beyond the worst healthy network: a fraction half-way to 1, anything else a factor
    away, the largest of ``MARGINS`` with which each symptom is still found in ``GOAL`` of its
    networks. Networks unlike ours need that room. Two rules have a threshold by definition.
    """
    for margin in MARGINS:
        limits = _beyond_healthy(looks, margin)
        counts = rates(looks, limits).drop(index="healthy")
        if (counts.found >= GOAL * counts.networks).all():
            break
    return limits


def _beyond_healthy(looks, margin: float) -> dict[str, float]:
    from latido.rules import RULES

    # In a network that has learned no symptom counts; the diagnosis does the same.
    healthy = looks[(looks.state == "healthy") & ~looks.learned]
    limits = {}
    for name, rule in RULES.items():
        if name not in looks:  # of a symptom that the collection does not have
            limits[name] = rule.threshold
            continue
        worst = healthy[name].max() if rule.above else healthy[name].min()
        if name in ("not_finite", "loss_left"):
            limits[name] = rule.threshold
        elif name.endswith("fraction"):
            limits[name] = float(f"{(worst + 1) / 2:.2g}")
        else:
            limits[name] = float(f"{worst * margin if rule.above else worst / margin:.1g}")
    return limits


def alarms(looks, limits: dict[str, float]):
    """Return the first step at which each symptom is found: (networks, symptoms), NaN if never."""
    import pandas as pd

    from latido.rules import RULES, SYMPTOMS

    steps = {symptom: [] for symptom in SYMPTOMS}
    for name, rule in RULES.items():
        if name not in looks:
            continue
        beyond = looks[name] > limits[name] if rule.above else looks[name] < limits[name]
        counts = beyond & (~looks.learned | (rule.symptom == "non_finite"))
        steps[rule.symptom].append(looks.step.where(counts).groupby(looks.number).min())
    return pd.DataFrame(
        {s: pd.concat(parts, axis=1).min(axis=1) for s, parts in steps.items() if parts}
    )


def telling(looks, limits: dict[str, float]):
    """Return the step at which the loss alone tells, per network; the number of steps if never.

    It does when it is not finite, or no better than a constant answer after ``PATIENCE`` steps.
    """
    bad = looks.loss.isna() | (looks.loss_left > limits["loss_left"])
    return looks.step.where(bad).groupby(looks.number).min().fillna(STEPS)


def rates(looks, limits: dict[str, float]):
    """Return how well each state is told: one row per state."""
    import pandas as pd

    first, loss = alarms(looks, limits), telling(looks, limits)
    networks = looks.groupby("number").first()
    rows = []
    for state in ["healthy", *first.columns]:
        members = networks.index[networks.state == state]
        any_step = first.loc[members].min(axis=1)
        own = any_step if state == "healthy" else first.loc[members, state]
        at_start = members[networks.at_start[members]]
        rows.append(
            {
                "state": state,
                "networks": len(members),
                "found": int(own.notna().sum()),
                "noticed": int(any_step.notna().sum()),
                "at_start": len(at_start),
                "found_at_start": int((any_step[at_start] == 0).sum()),
                "lead": float((loss[members] - any_step).median()),
            }
        )
    return pd.DataFrame(rows).set_index("state")


def learners(looks, limits: dict[str, float]):
    """Return the first alarm of every network that learns, whatever it was built as; NaN if none.

    To ``confirmed`` a network that was built with a fault and learned all the same is neither
    healthy nor faulty. Who meets its alarm calls it a false one.
    """
    return alarms(looks[looks.groupby("number").learned.transform("last")], limits).min(axis=1)


def share(count: int, total: int) -> tuple[float, float]:
    """Return the ends of the 95 % interval of a share (Clopper and Pearson 1934)."""
    from scipy.stats import binomtest

    return tuple(binomtest(count, total).proportion_ci(0.95, method="exact"))


def result(looks=None):
    """Return (thresholds from the first half, rates of the second half)."""
    first, second = halves(confirmed(load() if looks is None else looks))
    limits = thresholds(first)
    return limits, rates(second, limits)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("parte de la prueba del diagnóstico, que da «python snippets report»")

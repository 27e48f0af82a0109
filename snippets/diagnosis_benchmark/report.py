"""How good is the diagnosis? It is tried on a collection of networks of known state.

For the page "Diagnostica tu propia red". Every network is trained for a few steps under
``latido.monitor.SignalMonitor``, and what each rule measured is kept in
``diagnosis_benchmark.csv`` beside this file. The thresholds come from one half of the
collection alone; the page reports on the other half. Redo it with

    python diagnosis_benchmark.py --redo        (about fifteen minutes)
"""

import json
import sys
from pathlib import Path

from diagnosis_benchmark.collection import TASKS, Case, build, cases
from lab import cli

STORED = Path(__file__).with_name("measured.csv")
OTHERS = Path(__file__).with_name("measured.json")
STEPS, EVERY, BATCH = 120, 20, 64


def watch(case: Case):
    """Train one network under the monitor; return its Report."""
    from lab import data
    from latido.monitor import SignalMonitor

    digits = data.load()
    x = digits.x_train * case.input_scale
    y = TASKS[case.task].labels(digits.y_train)
    network = build(case)
    monitor = SignalMonitor(x, y, every=EVERY)
    order = [i % len(x) for i in range(STEPS * BATCH)]
    network.fit(x[order], y[order], batch_size=BATCH, shuffle=True, verbose=0, callbacks=[monitor])
    return monitor.report


def measurements(case: Case, seen) -> list[dict]:
    """Return what each rule measured at each look of a Report, one row per look."""
    from latido.rules import RULES, has_learned, reference_loss

    first = seen.snapshots[0]
    return [
        {
            "number": case.number,
            "state": case.state,
            "mechanism": case.mechanism,
            "at_start": case.at_start,
            "step": now.step,
            "learned": has_learned(now, first),
            "loss": now.loss,
            "reference": reference_loss(now, first),
            **{name: rule.worst(now, first)[1] for name, rule in RULES.items()},
        }
        for now in seen.snapshots
    ]


# --- the collection -----------------------------------------------------------------------


def redo():
    """Train the whole collection and store what was measured; return it as a table."""
    import keras
    import pandas as pd

    rows = []
    for case in cli.progress(cases(), "redes"):
        rows += measurements(case, watch(case))
        keras.backend.clear_session()
    pd.DataFrame(rows).to_csv(STORED, index=False, float_format="%.4g")
    others = {**overhead(), "architectures": architectures()}
    OTHERS.write_text(json.dumps(others, indent=2) + "\n")
    return load()


def load():
    """Return the stored table: one row per look at a network, one column per rule."""
    import pandas as pd

    return pd.read_csv(STORED)


def architectures() -> dict[str, list[str]]:
    """Return what is found in three well-known networks before they are trained.

    On noise and with labels in turn: only the weights that Keras draws matter here.
    """
    import keras
    import numpy as np

    from latido.monitor import examine

    x = np.random.default_rng(0).normal(size=(32, 64, 64, 3))
    found = {}
    for name in ("MobileNetV2", "ResNet50", "EfficientNetB0"):
        keras.utils.set_random_seed(0)
        make = getattr(keras.applications, name)
        network = make(weights=None, input_shape=x.shape[1:], classes=10)
        found[name] = [f.symptom for f in examine(network, x, np.arange(32) % 10).findings]
    return found


def confirmed(looks):
    """Return the looks at the networks whose training bears out what they were built as.

    A healthy network is one that learns in these few steps, a faulty one does not. The rest
    (a mild fault that the optimizer gets over, a sound network that needs more time) are
    neither, and are left out.
    """
    learns = looks.groupby("number").learned.transform("last")
    return looks[learns == (looks.state == "healthy")]


MNIST = 938  # steps of an epoch with its 60,000 images, 64 in each


def overhead() -> dict[str, float]:
    """Time the monitor while ``fit`` trains the book's network: 20 layers of 128, batches of 64.

    Returns seconds: of preparing the first look, of a later one (256 samples, and how far the
    step after it moves the weights) and of a training step; and the steps of an epoch. The
    last two times are differences between two trainings: what it takes to begin one is not
    in them.
    """
    import time

    import keras
    import numpy as np

    from lab import data, model
    from latido.monitor import SignalMonitor
    from latido.observer import Observer

    digits = data.load()
    network = model.mlp("relu", "he_normal", depth=20, width=128)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.SGD(1e-3, momentum=0.9), loss)
    x, y = digits.x_train[:256], digits.y_train[:256]

    def seconds(work):
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    def fit(steps, every=None):
        order = np.arange(64 * steps) % len(digits.x_train)
        monitors = [SignalMonitor(x, y, every)] if every else []
        images, labels = digits.x_train[order], digits.y_train[order]
        return seconds(lambda: network.fit(images, labels, 64, callbacks=monitors, verbose=0))

    def median(measured):
        return float(np.median([measured() for _ in range(9)]))

    fit(50)  # compiles
    look = Observer(network)
    return {
        "prepare": seconds(lambda: look(x, y)),
        "look": median(lambda: fit(300, every=5) - fit(300, every=30)) / 50,
        "step": median(lambda: fit(1100) - fit(100)) / 1000,
        "steps_per_epoch": -(-len(digits.x_train) // 64),
    }


def halves(looks):
    """Return the looks at the networks of the first half (thresholds) and the second (report).

    Lots are drawn, but so that each mechanism is shared out evenly.
    """
    import numpy as np

    networks = looks.groupby("number").first()
    networks["lot"] = np.random.default_rng(0).permutation(len(networks))
    order = networks.sort_values(["state", "mechanism", "lot"]).index
    return looks[looks.number.isin(order[0::2])], looks[looks.number.isin(order[1::2])]


MARGINS = (32, 16, 8, 4, 2)
GOAL = 0.95


def thresholds(looks) -> dict[str, float]:
    """Return the threshold of each rule, from the first half of the collection.

    It lies beyond the worst healthy network: a fraction half-way to 1, anything else a factor
    away, the largest of ``MARGINS`` with which each symptom is still found in ``GOAL`` of its
    networks. Networks unlike ours need that room. Two rules have a threshold by definition.
    """
    for margin in MARGINS:
        limits = _beyond_healthy(looks, margin)
        counts = report(looks, limits).drop(index="healthy")
        if (counts.found >= GOAL * counts.networks).all():
            break
    return limits


def _beyond_healthy(looks, margin: float) -> dict[str, float]:
    from latido.rules import RULES

    # In a network that has learned no symptom counts; the diagnosis does the same.
    healthy = looks[(looks.state == "healthy") & ~looks.learned]
    limits = {}
    for name, rule in RULES.items():
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
        beyond = looks[name] > limits[name] if rule.above else looks[name] < limits[name]
        counts = beyond & (~looks.learned | (rule.symptom == "non_finite"))
        steps[rule.symptom].append(looks.step.where(counts).groupby(looks.number).min())
    return pd.DataFrame({s: pd.concat(parts, axis=1).min(axis=1) for s, parts in steps.items()})


def telling(looks, limits: dict[str, float]):
    """Return the step at which the loss alone tells, per network; the number of steps if never.

    It does when it is not finite, or no better than a constant answer after ``PATIENCE`` steps.
    """
    bad = looks.loss.isna() | (looks.loss_left > limits["loss_left"])
    return looks.step.where(bad).groupby(looks.number).min().fillna(STEPS)


def report(looks, limits: dict[str, float]):
    """Return how well each state is told: one row per state."""
    import pandas as pd

    from latido.rules import SYMPTOMS

    first, loss = alarms(looks, limits), telling(looks, limits)
    networks = looks.groupby("number").first()
    rows = []
    for state in ["healthy", *SYMPTOMS]:
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


def result(looks=None):
    """Return (thresholds from the first half, report on the second half)."""
    first, second = halves(confirmed(load() if looks is None else looks))
    limits = thresholds(first)
    return limits, report(second, limits)


def summary(table) -> dict:
    """Return the numbers that the prose uses; those of both halves are called ``all_…``."""
    from latido.rules import PATIENCE

    looks, others = load(), json.loads(OTHERS.read_text())
    states = looks.groupby("number").state.first()
    kept = confirmed(looks).groupby("number").state.first()
    healthy, faulty = table.loc["healthy"], table.drop(index="healthy")
    return {
        "all_networks": len(states),
        "all_used": len(kept),
        "all_healthy": int((kept == "healthy").sum()),
        "left_out_healthy": int((states == "healthy").sum() - (kept == "healthy").sum()),
        "left_out_faulty": int((states != "healthy").sum() - (kept != "healthy").sum()),
        "architectures": ", ".join(others["architectures"]),
        "architectures_ill": sum(map(bool, others["architectures"].values())) or "ninguna",
        "steps": STEPS,
        "patience": PATIENCE,
        "steps_per_epoch": others["steps_per_epoch"],
        "prepare_steps": others["prepare"] / others["step"],
        "look_steps": others["look"] / others["step"],
        "look_share": others["look"] / others["step"] / others["steps_per_epoch"],
        "steps_for_1_percent": 100 * others["look"] / others["step"],
        "mnist_share": (others["prepare"] + 20 * others["look"]) / (20 * MNIST * others["step"]),
        "mnist_steps": MNIST,
        "networks": int(table.networks.sum()),
        "healthy": int(healthy.networks),
        "faulty": int(faulty.networks.sum()),
        "false_alarms": float(healthy.found / healthy.networks),
        "false_count": int(healthy.found),
        "recall": float(faulty.found.sum() / faulty.networks.sum()),
        "lowest_recall": float((faulty.found / faulty.networks).min()),
        "noticed": float(faulty.noticed.sum() / faulty.networks.sum()),
        "found_at_start": float(faulty.found_at_start.sum() / faulty.at_start.sum()),
        "starting": int(faulty.at_start.sum()),
        "lead": float(faulty.lead.median()),
    }


def rule_table():
    """Return the rules of the diagnosis, with Spanish headings."""
    import pandas as pd

    from latido.rules import RULES, SYMPTOMS

    return pd.DataFrame(
        {
            "síntoma": SYMPTOMS[rule.symptom],
            "qué se mide": rule.formula,
            "alarma": f"{'>' if rule.above else '<'}\N{NO-BREAK SPACE}{rule.threshold:g}",
            "nombre": name,
        }
        for name, rule in RULES.items()
    )


def table(counts):
    """Return the report with Spanish headings."""
    import pandas as pd

    from latido.rules import SYMPTOMS

    faulty = counts.drop(index="healthy")
    return pd.DataFrame(
        {
            "síntoma": [SYMPTOMS[state] for state in faulty.index],
            "redes": faulty.networks.to_numpy(),
            "encontrado": [f"{a} de {b}" for a, b in faulty[["found", "networks"]].to_numpy()],
            "alguna alarma": [f"{a} de {b}" for a, b in faulty[["noticed", "networks"]].to_numpy()],
            "en el paso 0": [
                f"{a} de {b}" if b else "—"
                for a, b in faulty[["found_at_start", "at_start"]].to_numpy()
            ],
            "pasos de ventaja": [f"{lead:.0f}" for lead in faulty.lead],
        }
    )


def main(argv: list[str] | None = None) -> int:
    """Print the report on the even half, from stored results or from new ones."""
    parser = cli.Parser(
        description="Prueba el diagnóstico con una colección de redes sanas y enfermas.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--redo",
        action="store_true",
        help="vuelve a entrenar todas las redes (unos quince minutos) y guarda lo medido",
    )
    looks = redo() if parser.parse_args(argv).redo else load()
    limits, counts = result(looks)
    print(table(counts).to_string(index=False))
    numbers = summary(counts)
    print(
        f"\nFalsas alarmas: {numbers['false_count']} de {numbers['healthy']} redes sanas. "
        f"Umbrales: {', '.join(f'{name} {value:g}' for name, value in limits.items())}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

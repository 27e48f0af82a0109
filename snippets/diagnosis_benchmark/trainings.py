"""What is measured: every network of the collection, trained for a few steps under the monitor.

What each rule measured is kept beside this file; ``report --redo`` measures it anew.
"""

import json
from pathlib import Path

from diagnosis_benchmark.collection import TASKS, Case, build, cases
from lab import cli

HERE = Path(__file__).parent
STORED = HERE / "measured.csv"  # one row per look at a network, one column per rule
OTHERS = HERE / "measured.json"  # what the monitor costs, and three well-known networks
STEPS, EVERY, BATCH = 120, 20, 64
MNIST = 938  # steps of an epoch with its 60,000 images, 64 in each


def watch(case: Case):
    """Train one network under the monitor; return its Report."""
    from lab import data
    from latido import SignalMonitor

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

    from latido import examine

    x = np.random.default_rng(0).normal(size=(32, 64, 64, 3))
    found = {}
    for name in ("MobileNetV2", "ResNet50", "EfficientNetB0"):
        keras.utils.set_random_seed(0)
        make = getattr(keras.applications, name)
        network = make(weights=None, input_shape=x.shape[1:], classes=10)
        found[name] = [f.symptom for f in examine(network, x, np.arange(32) % 10).findings]
    return found


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
    from latido import SignalMonitor
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


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("parte de la prueba del diagnóstico, que da «python snippets report»")

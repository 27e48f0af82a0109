"""What is measured: every network of the collection is looked at while it trains, and to the end.

A look is stored whole, number by number, so that rules may change without training again.
"""

import dataclasses
import itertools
import json
from pathlib import Path

import numpy as np

from diagnosis_benchmark.collection import OPTIMIZERS, Case, build, cases, draw, inputs, task_of
from lab import units

HERE = Path(__file__).parent
STORED = HERE / "measured.csv"  # one row per look at a network: its rules and its signs
OTHERS = HERE / "measured.json"  # what the monitor costs, and three well-known networks
#: Steps at which a network is looked at. What the diagnosis says is judged up to ``WINDOW``, and
#: whether the network learns, at the last one.
STEPS = 1000
LOOKS, WINDOW, BATCH = (0, 10, 50, 100, 200, 400, STEPS), 200, 32
#: Steps of the trial that is advised where one look does not decide.
TRIAL = 400
#: A network that is surely better than a constant by so many standard errors at three looks
#: in a row is not trained further.
SURE = 8.0
PATIENCE = 50  # as latido.rules.PATIENCE, which the looks keep to
MNIST = 938  # steps of an epoch with its 60,000 images, 64 in each


def bodies() -> list[list[Case]]:
    """Return the collection, body by body."""
    by_body = itertools.groupby(cases(), key=lambda case: case.body)
    return [list(group) for _, group in by_body]


def watch_body(group: list[Case]) -> list[list]:
    """Do what ``watch`` does, and leave nothing of it in Keras."""
    import keras

    try:
        return watch(group)
    finally:
        keras.backend.clear_session()


def watch(group: list[Case]) -> list[list]:
    """Train all networks of a body; return the Snapshots of each."""
    import keras

    from latido.batch import sample
    from latido.observer import Observer

    x, y = inputs(group[0])
    network = build(group[0].body, x.shape[1:])
    fresh = [variable.numpy() for variable in network.variables]
    loss = keras.losses.get(task_of(group[0].body).loss)
    seen, observer = [], None
    for name, members in itertools.groupby(group, key=lambda case: case.optimizer):
        kind, settings, _ = OPTIMIZERS[name]
        optimizer = getattr(keras.optimizers, kind)(**settings)
        network.compile(optimizer, loss)
        optimizer.build(network.trainable_variables)
        clean = [variable.numpy() for variable in optimizer.variables]
        train = _stepper(network, optimizer, loss)
        observer = observer or Observer(network, loss)
        for case in members:
            for variable, value in zip(optimizer.variables, clean, strict=True):
                variable.assign(value)
            optimizer.learning_rate = case.rate
            draw(case, network, fresh)
            x, y = inputs(case)
            seen.append(_follow(case, x, y, train, observer, sample(x, y, network)))
    return seen


def _stepper(network, optimizer, loss):
    """Return what trains a network on rows of its data: (x, y, rows (steps, batch)) → nothing."""
    import tensorflow as tf

    weights = network.trainable_variables

    @tf.function(reduce_retracing=True)
    def train(x, y, rows):
        for i in tf.range(tf.shape(rows)[0]):
            with tf.GradientTape() as tape:
                answer = network(tf.gather(x, rows[i]), training=True)
                value = tf.reduce_mean(loss(tf.gather(y, rows[i]), answer))
            optimizer.apply(tape.gradient(value, weights), weights)

    return train


def _follow(case: Case, x, y, train, observer, batch) -> list:
    """Return the looks at one training."""
    import tensorflow as tf

    from latido.chance import better
    from latido.monitor import _update_ratio

    rng = np.random.default_rng(case.number)
    times = LOOKS[-1] * BATCH // len(x) + 2
    order = np.concatenate([rng.permutation(len(x)) for _ in range(times)])
    rows = tf.constant(order[: (LOOKS[-1] + 1) * BATCH].reshape(-1, BATCH), "int32")
    y = y if y.ndim > 1 or task_of(case.body).units > 1 else y[:, None]
    x, y, seen, done = tf.constant(x), tf.constant(y), [], 0
    for step in LOOKS:
        if step > done:
            train(x, y, rows[done:step])
        now = observer(*batch, step)
        before = observer.kernels()
        train(x, y, rows[step : step + 1])
        done = step + 1
        moved = [_update_ratio(a, b) for a, b in zip(before, observer.kernels(), strict=True)]
        layers = [
            dataclasses.replace(layer, update_ratio=ratio)
            for layer, ratio in zip(now.layers, moved, strict=True)
        ]
        seen.append(dataclasses.replace(now, layers=tuple(layers)))
        if not np.isfinite(now.loss) and step:
            break
        sure = [better(look.losses, look.constant_losses) > SURE for look in seen[-3:]]
        if step >= WINDOW and len(sure) == 3 and all(sure):
            break
    return seen


def measurements(case: Case, seen) -> list[dict]:
    """Return what each rule and each sign says at each look, one row per look.

    ``fails``: whether the network, at its last look, is no better than a constant answer.
    """
    from latido.likelihood import signs
    from latido.rules import RULES, has_learned, reference_loss

    first, fails, rows = seen[0], not has_learned(seen[-1], seen[0]), []
    for now in seen:
        if earlier := [look.loss for look in seen if now.step - look.step >= PATIENCE]:
            now = dataclasses.replace(now, earlier_loss=earlier[-1])
        rows.append(
            {
                "number": case.number,
                "step": now.step,
                "fails": fails,
                "learned": has_learned(now, first),
                "loss": now.loss,
                "reference": reference_loss(now, first),
                **{f"rule_{name}": rule.worst(now, first)[1] for name, rule in RULES.items()},
                **{f"sign_{name}": value for name, value in signs(now, first).items()},
            }
        )
    return rows


def redo():
    """Train the whole collection and store what was measured; return it as a table."""
    groups = bodies()
    looks = units.map(watch_body, [{"group": group} for group in groups], "redes")
    rows = []
    for group, seen in zip(groups, looks, strict=True):
        for case, each in zip(group, seen, strict=True):
            rows += measurements(case, each)
    keep(rows)
    others = {**overhead(), "architectures": architectures()}
    OTHERS.write_text(json.dumps(others, indent=2) + "\n")
    return load()


def keep(rows: list[dict]) -> None:
    """Write down what was measured."""
    import pandas as pd

    pd.DataFrame(rows).to_csv(STORED, index=False, float_format="%.4g")


def load():
    """Return the stored table: one row per look, and beside it what its network is.

    ``broken``: whether something in it is not a finite number.
    """
    import pandas as pd

    looks = pd.read_csv(STORED)
    known = pd.DataFrame(
        {
            "number": case.number,
            "task": case.body.task,
            "half": task_of(case.body).half,
            "family": task_of(case.body).family,
            "kind": case.body.kind,
            "depth": case.body.depth,
            "activation": case.body.activation,
            "normalization": case.body.normalization,
            "optimizer": case.optimizer,
            "faults": " y ".join(case.faults),
        }
        for case in cases()
    )
    looks["broken"] = looks.rule_not_finite > 0.5
    return looks.merge(known, on="number", how="left")


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
        found[name] = [f.symptom for f in examine(network, x, np.arange(32) % 10).alarms]
    return found


def overhead() -> dict[str, float]:
    """Time the monitor while ``fit`` trains the book's network: 20 layers of 128, batches of 64.

    Returns seconds of processor: of preparing the first look, of one of the others before the pass
    is compiled (``early``) and after it (``look``), and of a training step, as a difference between
    two trainings; and the steps of an epoch.
    """
    import time

    import keras
    import numpy as np

    from lab import data, model
    from latido import SignalMonitor
    from latido.monitor import WATCHED
    from latido.observer import AT_ONCE, Observer

    digits = data.load()
    network = model.mlp("relu", "he_normal", depth=20, width=128)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.SGD(1e-3, momentum=0.9), loss)
    x, y = digits.x_train[:WATCHED], digits.y_train[:WATCHED]

    def seconds(work):
        start = time.process_time()
        work()
        return time.process_time() - start

    def fit(steps, *monitors):
        order = np.arange(64 * steps) % len(digits.x_train)
        images, labels = digits.x_train[order], digits.y_train[order]
        return seconds(lambda: network.fit(images, labels, 64, callbacks=[*monitors], verbose=0))

    def median(measured):
        return float(np.median([measured() for _ in range(9)]))

    def looks():
        """Return how long each of many looks takes."""
        taken, monitor = [], SignalMonitor(x, y, every=5)
        look = monitor._look
        monitor._look = lambda: taken.append(seconds(look))
        fit(150, monitor)
        return taken

    fit(50)  # compiles
    each = [looks() for _ in range(5)]
    return {
        "prepare": seconds(lambda: Observer(network)(x, y)),
        "early": float(np.median([taken[1:AT_ONCE] for taken in each])),
        "look": float(np.median([taken[AT_ONCE + 1 :] for taken in each])),
        "step": median(lambda: fit(1100) - fit(100)) / 1000,
        "steps_per_epoch": -(-len(digits.x_train) // 64),
    }


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("parte de la prueba del diagnóstico, que da «python snippets report»")

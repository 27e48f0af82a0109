"""What is measured: every network of the collection is looked at while it trains, and to the end.

A look is stored whole, number by number, so that rules may change without training again.
"""

import itertools
import json
import time
from pathlib import Path

import numpy as np

from diagnosis_benchmark.collection import OPTIMIZERS, Case, build, cases, draw, inputs, task_of
from lab.store import measurement

HERE = Path(__file__).parent
OTHERS = HERE / "measured.json"  # what the monitor costs, and three well-known networks
#: Steps at which a network is looked at. What the diagnosis says is judged up to ``WINDOW``, and
#: whether the network learns, at the last one.
LOOKS, WINDOW, BATCH = (0, 10, 50, 100, 200, 400, 1000), 200, 32
#: A network that is surely better than a constant by so many standard errors at three looks
#: in a row is not trained further.
SURE = 8.0
MNIST = 938  # steps of an epoch with its 60,000 images, 64 in each


def bodies() -> list[list[Case]]:
    """Return the collection, body by body."""
    by_body = itertools.groupby(cases(), key=lambda case: case.body)
    return [list(group) for _, group in by_body]


@measurement
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
            batch = sample(x, y, network)
            seen.append(_follow(case, x, y, train, lambda s, b=batch: observer(*b, s), observer))
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


def _follow(case: Case, x, y, train, look, observer) -> list:
    """Return the looks at one training."""
    import dataclasses

    import tensorflow as tf

    from latido.chance import better
    from latido.monitor import _update_ratio

    rng = np.random.default_rng(case.number)
    orders = np.concatenate(
        [rng.permutation(len(x)) for _ in range(LOOKS[-1] * BATCH // len(x) + 2)]
    )
    rows = tf.constant(orders[: (LOOKS[-1] + 1) * BATCH].reshape(-1, BATCH), "int32")
    y = y if y.ndim > 1 or task_of(case.body).units > 1 else y[:, None]
    x, y, seen, done = tf.constant(x), tf.constant(y), [], 0
    for step in LOOKS:
        if step > done:
            train(x, y, rows[done:step])
        now = look(step)
        before = observer.kernels()
        train(x, y, rows[step : step + 1])
        done = step + 1
        moved = [_update_ratio(a, b) for a, b in zip(before, observer.kernels(), strict=True)]
        layers = [
            dataclasses.replace(layer, update_ratio=ratio)
            for layer, ratio in zip(now.layers, moved, strict=True)
        ]
        now = dataclasses.replace(
            now,
            layers=tuple(layers),
            losses=np.float32(now.losses),
            constant_losses=now.constant_losses,
        )
        seen.append(now)
        if not np.isfinite(now.loss) and step:
            break
        sure = [better(s.losses, s.constant_losses) > SURE for s in seen[-3:]]
        if step >= WINDOW and len(sure) == 3 and all(sure):
            break
    return seen


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("parte de la prueba del diagnóstico, que da «python snippets report»")

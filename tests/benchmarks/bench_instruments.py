"""What it costs to look inside a network, and how fast NumPy draws thousands of small ones.

All in this process, with one thread, as in a chapter; each against a peer timed in turn.
"""

import dataclasses

import keras
import numpy as np
import peer_keras
import pytest
import tensorflow as tf
from clock import in_turn, ratios, seconds, times

from activations import born_dead
from lab import data, model, probe
from latido import SignalMonitor, contract

DEPTHS = (5, 10, 20, 40, 80)
CALLS = 10  # of one round: one alone is too short to time
MNIST = 60_000
EVENTS = ("on_train_begin", "on_train_batch_begin", "on_train_batch_end", "on_train_end")


@pytest.fixture(scope="module")
def digits() -> data.Dataset:
    return data.load()


@pytest.fixture(scope="module")
def batch(digits) -> tuple[np.ndarray, np.ndarray]:
    """Return the samples that the experiments look at."""
    return digits.x_train[:256], digits.y_train[:256]


def bench_probe(benchmark, line, batch):
    network = model.mlp("relu", "he_normal")
    look = times(CALLS, probe.Probe(network), *batch)
    step = times(CALLS, training_step(network), *batch)
    ours, theirs = in_turn(benchmark, look, lambda: seconds(step), rounds=50, warmup=2)
    line(
        "mirada de la sonda, en pasos de entrenamiento",
        "≤ 1.5 ×",
        ratios(ours, theirs),
        f"un paso: {1000 * np.median(theirs) / CALLS:.1f} ms",
    )


def training_step(network: keras.Sequential):
    """Return a compiled training step of the canonical training."""
    optimizer = keras.optimizers.SGD(1e-3, momentum=0.9)
    optimizer.build(network.trainable_variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            logits = network(x, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply(gradients, network.trainable_variables)
        return loss

    return lambda x, y: step(tf.convert_to_tensor(x), tf.convert_to_tensor(y)).numpy()


def bench_probe_by_depth(benchmark, line, batch):
    networks = [model.mlp("relu", "he_normal", depth=depth) for depth in DEPTHS]
    looks = [times(CALLS, probe.Probe(network), *batch) for network in networks]
    for look in looks:
        look()
    taken = []
    benchmark.pedantic(lambda: taken.append([seconds(look) for look in looks]), rounds=10)
    line(
        f"sonda con {DEPTHS[0]}–{DEPTHS[-1]} capas, exponente de su tiempo",
        "≤ 1.1",
        [np.polyfit(np.log(DEPTHS), np.log(row), 1)[0] for row in taken],
    )


def bench_contract(benchmark, line, batch):
    """What is wrong between head, loss, labels and inputs costs no pass; of many layers, too."""
    network = model.mlp("relu", "he_normal", depth=max(DEPTHS))
    network.compile("adam", "sparse_categorical_crossentropy")  # which takes no logits
    check = times(CALLS, contract.check, network, *batch)
    assert [one.kind for one in contract.check(network, *batch)] == ["not_probabilities"]
    taken = []
    benchmark.pedantic(lambda: taken.append(1000 * seconds(check) / CALLS), rounds=30)
    line(f"el contrato de una red de {max(DEPTHS)} capas, sin ninguna pasada", "≤ 5 ms", taken)


def bench_monitor(benchmark, line, digits):
    """Both train a fresh network in each round, and compile what they need."""

    def fit(*callbacks):
        peer_keras.fit(digits, "relu", "he_normal", callbacks)

    ours, theirs = in_turn(
        benchmark,
        lambda: fit(SignalMonitor(digits.x_train, digits.y_train)),
        lambda: seconds(fit),
        rounds=9,
        warmup=1,
    )
    line(
        "SignalMonitor, tal como viene, tiempo que añade a model.fit (420 pasos)",
        "≤ 5 %",
        [100 * (ratio - 1) for ratio in ratios(ours, theirs)],
        f"model.fit: {np.median(theirs):.2f} s",
        middle=100 * (np.median(ours) / np.median(theirs) - 1),
    )


def bench_monitor_of_a_long_training(benchmark, line, digits):
    """A hundredth is less than what two trainings differ by: the monitor is timed from inside."""
    many = dataclasses.replace(
        digits,
        x_train=np.resize(digits.x_train, (MNIST, digits.inputs)),
        y_train=np.resize(digits.y_train, MNIST),
    )
    shares = []

    def fit():
        spent = []
        monitor = SignalMonitor(digits.x_train, digits.y_train)
        for event in EVENTS:
            setattr(monitor, event, clocked(getattr(monitor, event), spent))
        taken = seconds(lambda: peer_keras.fit(many, "relu", "he_normal", [monitor]))
        shares.append(100 * sum(spent) / (taken - sum(spent)))

    benchmark.pedantic(fit, rounds=3)
    line(
        f"… en un entrenamiento largo: {MNIST // 1000} 000 ejemplos, 20 épocas",
        "≤ 1 %",
        shares,
        f"model.fit: {benchmark.stats['median']:.0f} s",
    )


def clocked(call, spent: list[float]):
    """Return a function that does the same and notes how long it took."""

    def timed(*args, **kwargs):
        spent.append(seconds(lambda: call(*args, **kwargs)))

    return timed


def bench_born_dead(benchmark, line):
    benchmark.pedantic(
        lambda: born_dead.measure(("he_normal",), depth=30, seeds=20_000, samples=1), rounds=7
    )
    line(
        "redes nacidas muertas: 20 000 semillas, 6 anchuras, 30 capas",
        "≤ 3 s",
        benchmark.stats["data"],
    )

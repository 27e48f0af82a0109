"""What a look of ``latido`` costs, beside a training step of the same network in the same run."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from book_copy import BEFORE, project_at
from clock import HERE, ROOT, fresh_seconds, in_turn, ratios, seconds, times
from peak import PEAK

from lab import data, model
from latido import observer
from latido.monitor import WATCHED

BATCH, IMAGES = 64, (64, 64, 3)
LARGE = ("ResNet50", "DenseNet121")

PREPARE = """\
import keras, numpy as np
from {module} import examine
keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(256, 64, 64, 3)).astype("float32")
y = np.arange(256) % 10
network = keras.applications.{name}(weights=None, input_shape=(64, 64, 3), classes=10)
network.compile("sgd", "sparse_categorical_crossentropy")
"""
EXAMINE, STEP = "examine(network, x, y)", f"network.train_on_batch(x[:{BATCH}], y[:{BATCH}])"


def canonical():
    digits = data.load()
    network = model.mlp("relu", "he_normal")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.SGD(1e-3, momentum=0.9), loss)
    return network, digits.x_train[:256], digits.y_train[:256], 10


def resnet50():
    network = keras.applications.ResNet50(weights=None, input_shape=IMAGES, classes=10)
    network.compile("sgd", "sparse_categorical_crossentropy")
    x = np.random.default_rng(0).normal(size=(256, *IMAGES)).astype("float32")
    return network, x, np.arange(256) % 10, 1


@pytest.mark.parametrize("make", [canonical, resnet50])
def bench_look(benchmark, line, make):
    """A look of a training that is looked at often; and, beside it, one of the first."""
    network, x, y, calls = make()
    look = observer.Observer(network)
    given = x[:WATCHED], y[:WATCHED]
    look(*given)
    early = seconds(lambda: look(*given))
    for _ in range(observer.AT_ONCE):
        look(*given)
    batch = x[:BATCH], y[:BATCH]
    network.train_on_batch(*batch)
    ours, theirs = in_turn(
        benchmark,
        times(calls, look, *given),
        lambda: seconds(times(calls, network.train_on_batch, *batch)),
        rounds=11,
        warmup=1,
    )
    step = np.median(theirs) / calls
    told = f"un paso: {1000 * step:.1f} ms; una de las primeras miradas: {early / step:.1f}"
    what = f"una mirada de SignalMonitor a {network.name}, en pasos de entrenamiento"
    line(what, "≤ 4 ×", ratios(ours, theirs), told)


@pytest.mark.parametrize("name", LARGE)
def bench_examine(benchmark, line, tmp_path, name):
    what = f"examine de {name} a 64 × 64, frente al commit {BEFORE}"
    if not project_at(BEFORE, tmp_path):
        pytest.skip(f"{what}: la historia no llega hasta él")
    own = []
    _, their = in_turn(
        benchmark,
        lambda: own.append(fresh_seconds(EXAMINE, PREPARE.format(module="latido", name=name))),
        lambda: fresh_seconds(
            EXAMINE, PREPARE.format(module="lab.diagnosis", name=name), project=tmp_path
        ),
        rounds=3,
    )
    line(what, "≤ 0.5 ×", ratios(own, their), f"{np.median(own):.1f} s")


@pytest.mark.parametrize("name", LARGE)
def bench_memory_of_examine(benchmark, line, name):
    prepare = PREPARE.format(module="latido", name=name)
    own, their = [], []

    def both():
        own.append(fresh_peak(prepare + EXAMINE))
        their.append(fresh_peak(prepare + STEP))

    benchmark.pedantic(both, rounds=3)
    what = f"memoria de examine de {name}, frente a la de un paso con {BATCH} imágenes"
    line(what, "≤ 1.3 ×", ratios(own, their), f"{np.median(their):.2f} GiB")


def fresh_peak(code: str) -> float:
    """Return the most memory, in GiB, that a new process held while it ran some code."""
    path = os.pathsep.join(map(str, (ROOT / "snippets", HERE)))
    printed = subprocess.run(
        [sys.executable, "-c", code + PEAK],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return float(printed.splitlines()[-1])

"""A training that is spread over two devices is the same under the monitor, which sees the same."""

import json

import pytest
from environments import made, run

BEGIN = """
import json, os
os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"
import keras, numpy as np
from latido import SignalMonitor, examine

L = keras.layers
x = np.random.default_rng(0).normal(size=(96, 16)).astype("float32")
y = np.random.default_rng(1).integers(0, 4, 96)

def network():
    keras.utils.set_random_seed(0)
    parts = [L.Dense(16, "relu", name="a"), L.BatchNormalization(), L.Dropout(0.2, seed=1)]
    parts += [L.Dense(16, "tanh", name="b"), L.Dense(4, name="c")]
    model = keras.Sequential([keras.Input((16,)), *parts])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model
"""
END = """
def trained(*callbacks):
    model = network()
    model.fit(x, y, batch_size=16, epochs=2, verbose=0, callbacks=[*callbacks])
    return model, [keras.ops.convert_to_numpy(one.value) for one in model.variables]

monitor = SignalMonitor(x, y)
(model, watched), (_, alone) = trained(monitor), trained()
report = monitor.report
asked = examine(network(), x, y, trial=5)
print(json.dumps({
    "devices": devices(model),
    "same": all(np.array_equal(a, b) for a, b in zip(watched, alone, strict=True)),
    "notes": report.notes,
    "healthy": report.healthy,
    "steps": [now.step for now in report.snapshots],
    "rows": report.rows()[:3],
    "asked": asked.rows(),
    "trial": [float(asked.trial.curve[0]), asked.trial.learned],
}))
"""
SPREAD = """
import jax
def devices(model):
    return len(model.layers[0].kernel.value.sharding.device_set)
"""
DATA = """
keras.distribution.set_distribution(keras.distribution.DataParallel())
"""
MESH = """
parallel = keras.distribution
mesh = parallel.DeviceMesh((1, 2), ("batch", "model"), parallel.list_devices())
layout = parallel.LayoutMap(mesh)
layout["[ab]/kernel"] = (None, "model")
layout["[ab]/bias"] = ("model",)
parallel.set_distribution(parallel.ModelParallel(layout_map=layout, batch_dim_name="batch"))
"""
MIRRORS = """
import tensorflow as tf
(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
build = network
def network():
    with strategy.scope():
        return build()
def devices(model):
    return len(model.layers[0].kernel.value.values)
"""
#: How it is spread → the backend, and what says so.
WAYS = {
    "DataParallel": ("jax", DATA),
    "ModelParallel": ("jax", MESH),
    "MirroredStrategy": ("tensorflow", MIRRORS),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Return what a program says of a training with a backend, spread as it says."""
    python = made(tmp_path_factory.mktemp("wheel"))

    def see(backend, spread, count):
        place = tmp_path_factory.mktemp("training")
        count = "" if "def devices" in spread else SPREAD if count else "devices = lambda model: 1"
        program = BEGIN + spread + count + END
        done = run(python, "-c", program, place=place, KERAS_BACKEND=backend, LATIDO_LANG="en")
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    known = {backend: see(backend, "", False) for backend in ("jax", "tensorflow")}
    return lambda way: (see(*WAYS[way], True), known[WAYS[way][0]])


@pytest.mark.parametrize("way", WAYS)
def test_it_trains_the_same_and_the_monitor_sees_the_same(way, seen):
    spread, alone = seen(way)
    assert (spread["devices"], alone["devices"]) == (2, 1)
    for one in (spread, alone):
        assert one["same"] and one["healthy"] and one["notes"] == []
        assert one["steps"] == [0, 6, 12]
    assert spread["trial"] == pytest.approx(alone["trial"], rel=1e-5)
    for rows in ("rows", "asked"):
        for mine, other in zip(spread[rows], alone[rows], strict=True):
            for name, value in mine.items():
                # Two devices normalize a batch and draw its dropout each for itself.
                rough = 1e-2 if name == "update_ratio" else 1e-5
                known = other[name]
                if not isinstance(known, str):
                    known = pytest.approx(known, rel=rough, nan_ok=True)
                assert value == known, name

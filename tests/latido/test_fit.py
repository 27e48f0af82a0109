"""However fit trains, it trains the same under the monitor, which sees the same network."""

import keras
import numpy as np
import pytest

from latido import SignalMonitor

L = keras.layers
SIZE, CLASSES, RATE = 16, 4, 0.01
_random = np.random.default_rng(0)
X = _random.normal(size=(96, SIZE)).astype("float32")
Y = _random.integers(0, CLASSES, 96)

#: A way to train, or two at once → what the optimizer takes, what compile takes.
WAYS = {
    "plain": ({}, {}),
    "compiled, four steps a call": ({}, {"jit_compile": True, "steps_per_execution": 4}),
    "gradients of three batches, clipped": (
        {"gradient_accumulation_steps": 3, "global_clipnorm": 0.01},
        {},
    ),
    "moving average, scaled loss": (
        {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 4}
        | {"loss_scale_factor": 1024.0},
        {},
    ),
    "float16": ({}, {}),
    "bfloat16": ({}, {}),
}


def network(way):
    keras.utils.set_random_seed(0)
    dtype = f"mixed_{way}" if way.endswith("float16") else None
    model = keras.Sequential(
        [
            keras.Input((SIZE,)),
            L.Dense(16, "relu", dtype=dtype),
            L.BatchNormalization(dtype=dtype),
            L.Dropout(0.2, seed=1, dtype=dtype),
            L.Dense(16, "tanh", dtype=dtype),
            L.Dense(CLASSES, dtype=dtype),
        ]
    )
    # The same on every backend: of some draws a z lies so near zero that half precision turns it.
    drawn = np.random.default_rng(0)
    model.set_weights(
        [drawn.normal(0, 0.25, v.shape) if v.ndim > 1 else v for v in model.get_weights()]
    )
    optimizer, compiled = WAYS[way]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.Adam(RATE, **optimizer)
    if way == "float16":
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    model.compile(optimizer, loss, **compiled)
    return model


def trained(way, *callbacks):
    """Return the network after two epochs of six steps."""
    model = network(way)
    model.fit(X, Y, batch_size=16, epochs=2, verbose=0, callbacks=[*callbacks])
    return model


def watched(way):
    monitor = SignalMonitor(X, Y, every="epoch")
    return trained(way, monitor), monitor.report


@pytest.fixture(scope="module")
def plain():
    """Return the plain network, trained under the monitor, and the report."""
    return watched("plain")


@pytest.mark.parametrize("way", WAYS)
def test_it_trains_the_same_and_the_monitor_sees_the_same(way, plain):
    if "four" in way and keras.backend.backend() == "torch":
        pytest.skip("there Keras makes one step a call")
    one, report = plain if way == "plain" else watched(way)
    other = trained(way)
    for state, same in ((one, other), (one.optimizer, other.optimizer)):
        for a, b in zip(state.variables, same.variables, strict=True):
            assert np.array_equal(a.numpy(), b.numpy()), a.path
    assert report.notes == report.warnings == () and report.healthy
    accumulated = way.startswith("gradients of three")
    assert [now.step for now in report.snapshots] == ([0, 2, 4] if accumulated else [0, 6, 12])
    # No scale, no clipping, no average is in what the loss says of these weights.
    first, known = report.snapshots[0], plain[1].snapshots[0]
    rough = 0.02 if way.endswith("float16") else 1e-5
    assert first.loss == pytest.approx(known.loss, rel=rough)
    for layer, like in zip(first.layers, known.layers, strict=True):
        for name in ("activation_rms", "delta_norm", "weight_gradient_rms", "weight_rms"):
            assert getattr(layer, name) == pytest.approx(getattr(like, name), rel=rough), name
        if way != "float16":  # where the loss scale makes it skip the first steps
            # Adam first moves each weight by its rate; four steps go back and forth.
            size = layer.update_ratio * layer.weight_rms / RATE
            assert size == pytest.approx(1, rel=0.1) or ("four" in way and 0.25 < size < 1)
    last = report.snapshots[-1]
    assert last.fit_loss == pytest.approx(last.loss, rel=1.0) and last.loss < 2 * known.loss

"""A pass that is made at once tells what the compiled one does; well-known networks, too."""

import dataclasses

import keras
import numpy as np
import pytest

from latido import engine, examine
from latido.observer import AT_ONCE, Observer

L = keras.layers
RNG = np.random.default_rng(0)


def _residual():
    begin = keras.Input((8, 8, 3))
    signal = L.Conv2D(8, 3, padding="same")(begin)
    for activation in ("relu", "gelu"):
        inside = L.Activation(activation)(L.BatchNormalization()(signal))
        inside = L.Dropout(0.5)(L.Conv2D(8, 3, padding="same", activation="tanh")(inside))
        signal = L.Add()([signal, inside])
    signal = L.MultiHeadAttention(2, 4)(signal, signal)
    signal = L.Dense(8, "sigmoid")(L.GlobalAveragePooling2D()(signal))
    return keras.Model(begin, L.Dense(3, "softmax")(signal))


def _bare():
    """Its activations are operations, and its softmax is not Keras's."""
    begin = keras.Input((8, 8, 3))
    signal = keras.ops.relu(L.Dense(8)(L.Flatten()(begin)))
    return keras.Model(begin, keras.ops.softmax(L.Dense(3)(signal)))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="only there are there two ways")
@pytest.mark.parametrize("build", [_residual, _bare])
def test_looks_are_the_same_at_once_again_and_compiled(build):
    keras.utils.set_random_seed(0)
    model = build()
    model.compile("adam", "sparse_categorical_crossentropy")
    x, y = RNG.normal(size=(32, 8, 8, 3)).astype("float32"), np.arange(32) % 3
    before = model.get_weights()
    looking = Observer(model)
    assert engine.at_once(model)
    looks = [looking(x, y) for _ in range(AT_ONCE + 1)]
    assert len(looking._traced) == 1  # the last alone
    for now in (looks[1], looks[-1]):
        assert now.loss == pytest.approx(looks[0].loss, rel=1e-5)
        for a, b in zip(looks[0].layers, now.layers, strict=True):
            for field in dataclasses.fields(a):
                ours, theirs = getattr(a, field.name), getattr(b, field.name)
                if isinstance(ours, float):
                    theirs = pytest.approx(theirs, rel=1e-3, abs=1e-9, nan_ok=True)
                if field.name not in ("kernels", "values"):
                    assert ours == theirs, (a.name, field.name)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_what_others_have_written_is_compiled():
    model = keras.Sequential([keras.Input((4,)), L.Dense(3), L.Lambda(lambda z: z * 2)])
    assert engine.at_once(model) is None


@pytest.mark.parametrize("name", ["MobileNetV2", "MobileNetV3Small"])
def test_architectures_that_learn_are_not_alarmed(name):
    keras.utils.set_random_seed(0)
    network = getattr(keras.applications, name)(weights=None, input_shape=(32, 32, 3), classes=2)
    network.compile("adam", "sparse_categorical_crossentropy")
    x = RNG.normal(size=(16, 32, 32, 3)).astype("float32")
    report = examine(network, x, np.arange(16) % 2)
    assert not report.alarms and not report.skipped

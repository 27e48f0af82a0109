"""VGG16 from scratch: Keras draws its weights for no relu at all, and SGD never gets going."""

import math

import keras
import numpy as np
import pytest
from typed import follow

from latido import examine

CLASSES, N, SIZE = 3, 96, 32
#: Its filters and units are divided by this, its depth is kept: what a layer does to a signal
#: depends on how it was drawn, not on its width. The whole one takes a second or two a step.
NARROWER = 8


def pictures():
    rng = np.random.default_rng(0)
    y = np.arange(N) % CLASSES
    marks = np.kron(rng.normal(size=(CLASSES, 8, 8, 3)), np.ones((1, SIZE // 8, SIZE // 8, 1)))
    return (marks[y] + 0.5 * rng.normal(size=(N, SIZE, SIZE, 3))).astype("float32"), y


def narrower(layer):
    config = layer.get_config()
    if layer.name != "predictions":
        config |= {k: config[k] // NARROWER for k in ("filters", "units") if k in config}
    return type(layer).from_config(config)


def compiled():
    """Return VGG16 as Keras draws it, with Keras's own SGD."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(0)
    whole = keras.applications.VGG16(weights=None, input_shape=(SIZE, SIZE, 3), classes=CLASSES)
    network = keras.models.clone_model(whole, clone_function=narrower)
    network.compile("sgd", "sparse_categorical_crossentropy", jit_compile=False)
    return network


def trained(network, x, y):
    """Return the loss of each of 20 passes over the data, over that of a constant answer."""
    losses = network.fit(x, y, 32, epochs=20, verbose=0).history["loss"]
    return np.array(losses) / math.log(CLASSES)


@pytest.fixture(scope="module")
def found():
    return examine(compiled(), *pictures())


def test_its_trouble_is_named_with_the_layers_that_have_it(found):
    first = found.findings[0]
    assert first.symptom == "vanishing_gradient" and first.level == "va a fallar"
    (change,) = first.advice.changes
    assert change.line == 'kernel_initializer="he_normal"'
    drawn = [layer.name for layer in compiled().layers if hasattr(layer, "kernel_initializer")]
    assert [*change.layers, "predictions"] == drawn and len(drawn) == 16


@pytest.mark.skipif(
    keras.backend.backend() == "jax", reason="which compiles each of these trainings for a minute"
)
def test_as_it_is_it_does_not_learn_and_after_the_advice_it_does(found):
    x, y = pictures()
    assert trained(compiled(), x, y).min() > 0.99
    keras.utils.set_random_seed(1)
    cured, x, y = follow(compiled(), x, y, found.findings[0].advice.changes)
    assert not examine(cured, x, y).findings
    assert trained(cured, x, y)[-1] < 0.5

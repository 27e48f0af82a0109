"""The loss of a look is the one that Keras tells, and what a constant answer would cost."""

import math

import keras
import numpy as np
import pytest
from networks import DIGITS, FROM_LOGITS

from latido.losses import constant_loss
from latido.observer import Observer

L = keras.layers


LOSSES = {
    "classes, softmax": ("softmax", 10, None, "sparse_categorical_crossentropy", lambda y: y),
    "classes in a column": ("softmax", 10, None, None, lambda y: y[:, None]),
    "classes, logits": (None, 10, None, FROM_LOGITS, lambda y: y),
    "one-hot": ("softmax", 10, None, "categorical_crossentropy", lambda y: np.eye(10)[y]),
    "one-hot, logits": (
        *(None, 10, None, keras.losses.CategoricalCrossentropy(from_logits=True)),
        lambda y: np.eye(10)[y],
    ),
    "two classes": ("sigmoid", 1, None, "binary_crossentropy", lambda y: y > 4),
    "two classes, logits": (
        *(None, 1, None, keras.losses.BinaryCrossentropy(from_logits=True)),
        lambda y: (y > 4).astype(int),
    ),
    "several labels": ("sigmoid", 3, None, "binary_crossentropy", lambda y: np.eye(3)[y % 3]),
    "regression": (None, 1, None, "mse", lambda y: y / 9),
    "own function": (
        *(None, 1, lambda a, b: keras.ops.mean((a - b) ** 4, axis=-1), None),
        lambda y: y[:, None] / 9,
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_loss_is_the_one_that_keras_evaluates(name):
    x, y = DIGITS
    activation, units, own, loss, labels = LOSSES[name]
    y = np.asarray(labels(y), dtype=None if units == 10 else "float32")
    if name == "two classes, logits":
        y = y.astype(int)
    network = keras.Sequential([keras.Input((64,)), L.Dense(8, "relu"), L.Dense(units, activation)])
    guessed = None if own else Observer(network)(x, y)
    network.compile("sgd", own or loss or "sparse_categorical_crossentropy")
    expected = network.evaluate(x, y, batch_size=len(x), verbose=0)
    assert Observer(network)(x, y).loss == pytest.approx(expected, rel=1e-5)
    if guessed:  # the loss that fits was found without compiling
        assert guessed.loss == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("form", [dict, list])
def test_losses_of_several_outputs_add_up(form):
    x, y = DIGITS
    entry = keras.Input((64,))
    shared = L.Dense(8, "relu")(entry)
    # Named against the alphabet, so that no order comes out right by chance.
    outputs = {"size": L.Dense(1, name="size")(shared), "digit": L.Dense(10, name="digit")(shared)}
    network = keras.Model(entry, outputs if form is dict else list(outputs.values()))
    labels = {"size": (y / 9).astype("float32"), "digit": y}
    network.compile("sgd", {"digit": FROM_LOGITS, "size": "mse"})
    seen = Observer(network)(x, labels)
    expected = network.evaluate(x, labels, batch_size=len(x), verbose=0)
    expected = expected[0] if isinstance(expected, list) else expected
    assert seen.loss == pytest.approx(expected, rel=1e-5)
    assert [layer.head for layer in seen.layers] == [False, True, True]


def test_loss_of_a_constant_answer():
    balanced = np.repeat(np.arange(10), 10)
    assert constant_loss("sparse_categorical_crossentropy", balanced) == pytest.approx(math.log(10))
    one_hot = np.eye(10)[balanced]
    assert constant_loss("categorical_crossentropy", one_hot) == pytest.approx(math.log(10))
    assert constant_loss("binary_crossentropy", np.array([0, 0, 1, 1])) == pytest.approx(
        math.log(2)
    )
    assert constant_loss("mean_squared_error", np.array([-1.0, 1.0])) == 1
    assert math.isnan(constant_loss("huber", balanced))
    # Of a thousand classes, 256 labels do not show how often each one comes.
    assert math.isnan(constant_loss("sparse_categorical_crossentropy", np.arange(256)))

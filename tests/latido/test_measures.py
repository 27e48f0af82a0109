"""The numbers of a layer that need no network."""

import keras
import numpy as np
import pytest

from latido.measures import activation_kind, duplicates

KINDS = {
    **dict.fromkeys(("relu", "relu6", "elu", "selu", "gelu", "silu", "softplus"), "one-sided"),
    **dict.fromkeys(("sigmoid", "tanh", "hard_sigmoid", "hard_tanh", "softsign"), "bounded"),
    **dict.fromkeys(("linear", "leaky_relu"), "open"),
    "softmax": "unknown",
}


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_kind_of_activation(name, kind):
    assert activation_kind(keras.activations.get(name))[0] == kind


def test_duplicates_are_told_from_random_units():
    random = np.random.default_rng(0).normal(size=(512, 4))
    equal = random.copy()
    equal[:128] = random[5] * (1 + 1e-7)  # rounding does not hide them
    broken = np.full_like(random, np.nan)
    assert duplicates(np.stack([random, equal, broken])).tolist() == [0, 128 / 512, 0]
    assert duplicates(np.zeros((1, 8, 4))).tolist() == [1]
    assert duplicates(np.zeros((1, 1, 4))).tolist() == [0]

"""What came after He: each method against a network by hand."""

import keras
import numpy as np
import pytest

from lab import data, model
from pairs import after_he

METHODS = after_he.METHODS


def test_lsuv_gives_every_layer_variance_one():
    images = data.load()
    network = after_he.build(5, 64, METHODS["lsuv"])
    after_he.restart(network, METHODS["lsuv"], 3, images.x_train[:256])
    h = images.x_train[:256].astype(float)
    for layer in model.dense_layers(network)[:-1]:
        weights = layer.kernel.numpy().astype(float)
        z = h @ weights
        assert z.std() == pytest.approx(1, rel=1e-5)
        gram = weights.T @ weights
        np.testing.assert_allclose(gram / gram[0, 0], np.eye(64), atol=1e-5)  # still a rotation
        h = np.maximum(z, 0)


def test_without_a_method_the_network_is_the_one_of_the_book():
    images = data.load()
    network = after_he.build(3, 64, METHODS["he"])
    after_he.restart(network, METHODS["he"], 7, images.x_train)
    plain = model.mlp("relu", "he_normal", depth=3, width=64, seed=7)
    np.testing.assert_array_equal(network(images.x_test[:9]), plain(images.x_test[:9]))


@pytest.mark.parametrize(("name", "scale"), [("residual", 4**-0.5), ("raw", 1.0)])
def test_residual_layers_add_to_what_came_in(name, scale):
    images = data.load()
    network = after_he.build(4, 64, METHODS[name])
    after_he.restart(network, METHODS[name], 1, images.x_train)
    h = images.x_test[:9].astype(float)
    *hidden, head = model.dense_layers(network)
    for layer in hidden:
        h = h + scale * np.maximum(h @ layer.kernel.numpy().astype(float), 0)
    # Float32 on the other side
    np.testing.assert_allclose(network(images.x_test[:9]), h @ head.kernel.numpy(), rtol=1e-3)


def test_restart_forgets_the_statistics_of_the_last_training():
    images = data.load()
    network = after_he.build(2, 64, METHODS["batch"])
    after_he.restart(network, METHODS["batch"], 5, images.x_train)
    fresh = network.get_weights()
    network(100 * images.x_train[:64] + 7, training=True)
    changed = [not np.array_equal(a, b) for a, b in zip(fresh, network.get_weights(), strict=True)]
    assert sum(changed) == 4  # mean and variance of two layers
    after_he.restart(network, METHODS["batch"], 5, images.x_train)
    for before, after in zip(fresh, network.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_growth_of_a_linear_chain_in_closed_form():
    # Two hidden layers, all positive: ∂L/∂W₁ = x δ₁ᵀ with δ₁ = W₂ δ₂, ∂L/∂W₂ = (x W₁) δ₂ᵀ.
    network = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(2), keras.layers.Dense(2), keras.layers.Dense(2)]
    )
    w1, w2, w3 = (np.array(w, "float32") for w in ([[1, 2], [3, 4]], [[2, 0], [1, 3]], np.eye(2)))
    for layer, kernel in zip(network.layers, (w1, w2, w3), strict=True):
        layer.set_weights([kernel, np.zeros(2, "float32")])
    x, y = np.array([[0.1, 0.2]], "float32"), np.array([0], "int32")
    logits = (x @ w1 @ w2 @ w3)[0]
    p = np.exp(logits) / np.exp(logits).sum()
    delta2 = w3 @ (p - [1, 0])
    first = np.outer(x, w2 @ delta2)
    last = np.outer(x @ w1, delta2)
    expected = np.linalg.norm(first) / np.linalg.norm(last)
    assert after_he.growth(network, x, y) == pytest.approx(expected, rel=1e-5)

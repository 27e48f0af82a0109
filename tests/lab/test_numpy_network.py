"""The NumPy network: against finite differences, and against Keras's weights and answers."""

import numpy as np
import pytest
from scipy.special import log_softmax

from lab import catalog, model, numpy_network

SIZES = [6, 5, 5, 5, 4]


@pytest.fixture(scope="module")
def batch():
    random = np.random.default_rng(0)
    return random.standard_normal((7, SIZES[0])), random.integers(SIZES[-1], size=7)


def losses(layers, x, y, activation):
    """Return the loss of each sample, from nothing but the forward pass."""
    *_, logits = numpy_network.forward(layers, x, activation)
    return -log_softmax(logits, axis=1)[np.arange(len(y)), y]


@pytest.mark.parametrize("activation", catalog.ACTIVATIONS)
def test_delta_is_the_slope_of_the_loss(batch, activation):
    # Raising the bias of a unit raises its z in every sample: ∂ℓ/∂b is δ, sample by sample.
    x, y = batch
    layers = numpy_network.draw_layers("he_normal", SIZES, seed=1)
    z, _, logits = numpy_network.forward(layers, x, activation)
    deltas = numpy_network.backward(layers, z, logits, y, activation)
    step = 1e-6
    for layer, delta in enumerate(deltas):
        bias = layers[layer][1]
        for unit in range(len(bias)):
            bias[unit] = step
            above = losses(layers, x, y, activation)
            bias[unit] = -step
            below = losses(layers, x, y, activation)
            bias[unit] = 0.0
            # A central difference is off by step² and by rounding / step, both below 1e-9.
            np.testing.assert_allclose(delta[:, unit], (above - below) / (2 * step), atol=1e-8)


def test_weight_gradients_are_the_slope_of_the_mean_loss(batch):
    x, y = batch
    layers = numpy_network.draw_layers("glorot_uniform", SIZES, seed=2)
    z, h, logits = numpy_network.forward(layers, x, "tanh")
    gradients = numpy_network.weight_gradients(
        x, h, numpy_network.backward(layers, z, logits, y, "tanh")
    )
    step = 1e-6
    for layer, gradient in enumerate(gradients):
        weights = layers[layer][0]
        assert gradient.shape == weights.shape
        for place in [(0, 0), (2, 3), (4, 1)]:
            start = weights[place]
            weights[place] = start + step
            above = losses(layers, x, y, "tanh").mean()
            weights[place] = start - step
            below = losses(layers, x, y, "tanh").mean()
            weights[place] = start
            assert gradient[place] == pytest.approx((above - below) / (2 * step), abs=1e-8)


@pytest.mark.parametrize("activation", catalog.ACTIVATIONS)
def test_it_is_the_network_that_keras_has(batch, activation):
    x, _ = batch
    network = model.mlp(activation, "he_normal", 3, 5, inputs=6, classes=4, bias=0.1, seed=3)
    layers = numpy_network.layers_of(network)
    for (drawn, _), (weights, bias) in zip(
        numpy_network.draw_layers("he_normal", SIZES, seed=3), layers, strict=True
    ):
        assert weights.dtype == np.float64
        np.testing.assert_array_equal(drawn, weights)
        assert (bias == np.float64(np.float32(0.1))).all() or weights is layers[-1][0]
    *_, logits = numpy_network.forward(layers, x, activation)
    # Keras computes in float32: seven digits, of numbers near 1.
    np.testing.assert_allclose(logits, network(x).numpy(), atol=1e-5)

"""The forward and the backward pass in NumPy: the book's formulas and nothing else.

Chapter 2 shows this code and holds it against Keras. It computes in float64 and compiles
nothing, so it is also the quick way to look into many networks at initialization.

As in Keras, a sample is a row and a weight matrix is (fan_in, fan_out): the transpose of
the W of the formulas, where a sample is a column.
"""

import itertools

import numpy as np
from scipy.special import softmax

from lab import model, theory


def draw_layers(initializer: str, sizes: list[int], seed: int) -> list[tuple]:
    """Return (weights, bias) of each Dense layer, the head's last, in float64.

    Args:
        initializer: a name of ``catalog.INITIALIZERS``, for the hidden layers.
        sizes: inputs, units of each hidden layer, classes.
        seed: ``model.mlp`` draws the same weights from the same seed.
    """
    kernels = model.layer_initializers(initializer, len(sizes) - 2, seed)
    return [
        (np.array(kernel(shape), dtype=np.float64), np.zeros(shape[1]))
        for kernel, shape in zip(kernels, itertools.pairwise(sizes), strict=True)
    ]


def layers_of(network) -> list[tuple]:
    """Return (weights, bias) of each Dense layer of a Keras network, in float64."""
    return [
        (layer.kernel.numpy().astype(np.float64), layer.bias.numpy().astype(np.float64))
        for layer in model.dense_layers(network)
    ]


def forward(layers: list[tuple], x: np.ndarray, activation: str):
    """Return z and h of the hidden layers (lists, layer 1 first) and the logits."""
    phi = theory.ACTIVATIONS[activation].value
    *hidden, (head, head_bias) = layers
    z, h = [], [x]
    for weights, bias in hidden:
        z.append(h[-1] @ weights + bias)
        h.append(phi(z[-1]))
    return z, h[1:], h[-1] @ head + head_bias


def backward(layers: list[tuple], z: list, logits: np.ndarray, y: np.ndarray, activation: str):
    """Return δ, ∂(loss of one sample)/∂z, of the hidden layers (a list, layer 1 first)."""
    slope = theory.ACTIVATIONS[activation].slope
    # Softmax and cross-entropy leave p − y at the logits: it all starts there.
    delta = softmax(logits, axis=1) - np.eye(logits.shape[1])[y]
    deltas = []
    for z_here, (next_weights, _) in zip(reversed(z), reversed(layers), strict=False):
        delta = (delta @ next_weights.T) * slope(z_here)
        deltas.append(delta)
    return deltas[::-1]


def weight_gradients(x: np.ndarray, h: list, deltas: list) -> list[np.ndarray]:
    """Return ∂(mean loss of the batch)/∂W of the hidden layers, each (fan_in, fan_out)."""
    inputs = [x, *h[:-1]]
    return [before.T @ delta / len(x) for before, delta in zip(inputs, deltas, strict=True)]

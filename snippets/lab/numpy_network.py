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
    drawn = model.per_layer(initializer, len(sizes) - 2, seed)
    return [
        (np.array(model.make_initializer(*layer)(shape), dtype=np.float64), np.zeros(shape[1]))
        for layer, shape in zip(drawn, itertools.pairwise(sizes), strict=True)
    ]


def layers_of(network) -> list[tuple]:
    """Return (weights, bias) of each Dense layer of a Keras network, in float64."""
    return [
        (layer.kernel.numpy().astype(np.float64), layer.bias.numpy().astype(np.float64))
        for layer in model.dense_layers(network)
    ]


def forward(layers, x, activation):
    """Return z and h of each hidden layer, in two lists, and the logits."""
    phi = theory.ACTIVATIONS[activation].value
    *hidden, (head, head_bias) = layers
    z, h = [], [x]
    for weights, bias in hidden:
        z.append(h[-1] @ weights + bias)
        h.append(phi(z[-1]))
    return z, h[1:], h[-1] @ head + head_bias


def backward(layers, z, logits, y, activation):
    """Return δ = ∂(loss of one sample)/∂z of each hidden layer."""
    slope = theory.ACTIVATIONS[activation].slope
    delta = softmax(logits, axis=1) - np.eye(logits.shape[1])[y]
    deltas = []
    for z_here, (weights, _) in zip(z[::-1], layers[:0:-1], strict=True):
        delta = (delta @ weights.T) * slope(z_here)
        deltas.append(delta)
    return deltas[::-1]


def weight_gradients(x, h, deltas):
    """Return ∂(mean loss of the batch)/∂W of each hidden layer."""
    pairs = zip([x, *h[:-1]], deltas, strict=True)
    return [before.T @ delta / len(x) for before, delta in pairs]


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

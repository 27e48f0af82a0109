"""Keras's norms against their Jacobians in closed form."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lab import probe
from transformer import layer_norm


@pytest.mark.parametrize("norm", layer_norm.NORMS)
@pytest.mark.parametrize("size", [0.01, 3.0])
def test_the_jacobian_is_the_one_of_the_chapter(norm, size):
    n = 6
    h = size * np.random.default_rng(1).normal(1, 1, n)
    layer = getattr(keras.layers, layer_norm.NORMS[norm])(dtype="float64")
    x = tf.constant(h[None])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
    found = tape.jacobian(y, x)[0, :, 0]

    centred = h - h.mean() if norm == "layer" else h
    s = np.sqrt((centred**2).mean() + layer_norm.epsilon(norm))
    unit = centred / s
    np.testing.assert_allclose(y[0], unit, rtol=1e-6)
    ones = np.ones((n, n)) / n if norm == "layer" else 0
    expected = (np.eye(n) - ones - np.outer(unit, unit) / n) / s
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6 / size)


@pytest.mark.parametrize("mean", [0.0, 2.0])
def test_sizes_are_what_theory_says(mean):
    sizes = (1e-3, 0.03, 1.0, 50.0)
    norms = layer_norm.measure(sizes, mean, width=256, vectors=64, seeds=2)
    for (norm, size), part in norms.groupby(["norm", "size"]):
        output, gradient = layer_norm.predict(norm, size, 256, mean)
        assert part.output.mean() == pytest.approx(output, rel=0.02)
        assert part.gradient.mean() == pytest.approx(gradient, rel=0.02)


def test_epsilons_are_those_of_keras():
    assert [layer_norm.epsilon(norm) for norm in layer_norm.NORMS] == [1e-3, 1e-6]


def test_an_embedding_of_keras_is_as_small_as_the_figure_says():
    drawn = keras.layers.Embedding(500, 64)(np.arange(500))
    assert probe.rms(drawn) == pytest.approx(layer_norm.EMBEDDING_RMS, rel=0.02)
    left = probe.rms(keras.layers.LayerNormalization()(drawn))
    expected, _ = layer_norm.predict("layer", layer_norm.EMBEDDING_RMS, 64)
    assert left == pytest.approx(expected, rel=0.02)

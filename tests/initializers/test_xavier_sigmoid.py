"""The corrected sigmoid of chapter 7, against tanh and a wide network."""

import numpy as np
import pytest
from scipy.special import expit

from initializers import xavier_sigmoid
from lab import cli, data, model, theory


def test_the_centred_sigmoid_is_the_tanh_network():
    sigmoid, tanh = model.mlp("sigmoid", depth=6), model.mlp("tanh", depth=6, seed=3)
    xavier_sigmoid.redraw(sigmoid, "centred", seed=3)
    x = data.load().x_test[:50]
    # Six layers of float32 sums of 128 numbers near 1/2
    np.testing.assert_allclose(sigmoid(x), tanh(x), atol=2e-5)


def test_the_gain_alone_leaves_the_biases_at_zero():
    glorot, gained = model.mlp("sigmoid", depth=3, seed=1), model.mlp("sigmoid", depth=3)
    xavier_sigmoid.redraw(gained, "gain", seed=1)
    pairs = zip(model.dense_layers(gained), model.dense_layers(glorot), strict=True)
    for (layer, before), factor in zip(pairs, (2, 4, 4, 2), strict=True):
        np.testing.assert_array_equal(layer.kernel, factor * before.kernel)
        np.testing.assert_array_equal(layer.bias, 0)


@pytest.mark.parametrize(("start", "activation"), [("glorot", "sigmoid"), ("centred", "tanh")])
def test_two_predictions_are_those_of_lab(start, activation):
    delta = theory.predict(activation, "glorot_uniform", [128] * 8, 64).delta_rms
    np.testing.assert_allclose(xavier_sigmoid.predict(start, 8, 128), delta / delta[-1])


def test_the_prediction_of_the_gain_holds_in_a_wide_network():
    n, depth, rng = 1000, 5, np.random.default_rng(0)
    h, weights, slopes = rng.normal(size=(64, 4)), [], []
    for layer in range(depth):
        fan_in, factor = (64, 4) if layer == 0 else (n, 16)
        weights.append(rng.normal(size=(n, fan_in)) * np.sqrt(factor * 2 / (fan_in + n)))
        z = weights[-1] @ h
        h = expit(z)
        slopes.append(h * (1 - h))
    delta = [slopes[-1] * rng.normal(size=(n, 1))]
    for layer in range(depth - 1, 0, -1):
        delta.append(slopes[layer - 1] * (weights[layer].T @ delta[-1]))
    sizes = np.array([np.sqrt((d**2).mean()) for d in delta[::-1]])
    # One draw of width 1000: a few per cent at each layer
    expected = xavier_sigmoid.predict("gain", depth, n)
    np.testing.assert_allclose(sizes / sizes[-1], expected, rtol=0.12)


def test_the_command_writes_what_it_measures(tmp_path):
    file = tmp_path / "x.csv"
    argv = ["--depth", "3", "--width", "16", "--seeds", "2", "--output", str(file)]
    assert run(xavier_sigmoid, argv) == 0
    lines = file.read_text().splitlines()
    assert lines[0] == "start,width,seed,layer,activation_rms,across_input,backward"
    assert len(lines) == 1 + 3 * 2 * 3


def run(snippet, argv):
    options = xavier_sigmoid.OPTIONS
    return cli.main("", snippet.measure, snippet.draw, snippet.table, options=options, argv=argv)

"""The softmax of normal logits, against quadrature of one variable, simulation and Keras."""

import keras
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import entr, expit

from lab import theory
from transformer import attention_logits


@pytest.mark.parametrize("variance", [0.01, 1.0, 30.0, 1000.0])
def test_of_two_logits_only_their_difference_counts(variance):
    # p = σ(x) with x ~ N(0, 2v)
    def mean(function):
        density = lambda u: np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)  # noqa: E731
        answer = quad(
            lambda u: function(expit(np.sqrt(2 * variance) * u)) * density(u),
            -10,
            10,
            points=[0],
            limit=500,
        )
        return answer[0]

    entropy, overlap = theory.softmax_of_normals(variance, 2)
    assert entropy == pytest.approx(mean(lambda p: entr(p) + entr(1 - p)), rel=1e-6)
    assert overlap == pytest.approx(mean(lambda p: p**2 + (1 - p) ** 2), rel=1e-6)


@pytest.mark.parametrize(("variance", "keys"), [(0.3, 16), (4.0, 64), (256.0, 8)])
def test_of_many_logits_it_is_what_simulation_finds(variance, keys):
    logits = np.random.default_rng(0).normal(0, np.sqrt(variance), (20_000, keys))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    found = [entr(p).sum(axis=1), (p**2).sum(axis=1)]
    predicted = theory.softmax_of_normals(variance, keys)
    for values, expected in zip(found, predicted, strict=True):
        error = values.std() / np.sqrt(len(values))
        assert values.mean() == pytest.approx(expected, abs=4 * error)


def test_logits_that_are_all_alike_attend_to_all():
    for variance in (0.0, 1e-9, 1e-7):
        entropy, overlap = theory.softmax_of_normals(variance, 64)
        assert entropy == pytest.approx(np.log(64), abs=1e-6)
        assert overlap == pytest.approx(1 / 64, rel=1e-6)


def test_the_series_and_the_quadrature_meet():
    below, above = (theory.softmax_of_normals(v, 16) for v in (0.99999e-4, 1.00001e-4))
    assert below[0] - above[0] == pytest.approx(2e-9 * 15 / 32, abs=1e-8)
    assert above[1] == pytest.approx(below[1], abs=1e-9)


def test_heads_are_what_theory_says():
    heads = attention_logits.measure(dims=(64, 256), keys=32, queries=400, seeds=3)
    for (scale, dim), part in heads.groupby(["scale", "dim"]):
        attended, slope = attention_logits.predict(dim, scale, 32)
        assert part.attended.mean() == pytest.approx(attended, rel=0.05)
        assert part.slope.mean() == pytest.approx(slope, abs=0.02)
        size = 1 if scale == "scaled" else np.sqrt(dim)
        assert part.deviation.mean() == pytest.approx(size, rel=0.02)


@pytest.mark.parametrize(("heads", "size"), [(8, 16), (1, 16), (8, 64)])
def test_keras_draws_logits_of_variance_one_if_the_heads_fill_the_width(heads, size):
    # Glorot: queries and keys have variance 2d/(d + heads·size), and a logit that, squared.
    width = 128
    x = np.random.default_rng(0).normal(size=(8, 40, width)).astype("float32")
    keras.utils.set_random_seed(0)
    layer = keras.layers.MultiHeadAttention(heads, size)
    _, p = layer(x, x, return_attention_scores=True)
    found = np.log(np.array(p)).var(axis=-1, ddof=1).mean()
    assert found == pytest.approx((2 * width / (width + heads * size)) ** 2, rel=0.2)

"""GELU and SiLU have a scale: where a random network goes."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from pairs import gelu_and_silu


def test_a_wide_random_gelu_network_goes_where_the_map_says():
    # NumPy alone: Gaussian inputs, φ from SciPy's normal distribution, weights of σ_w² = 2.35.
    width, depth, sigma_w2 = 2000, 6, 2.35
    random = np.random.default_rng(0)
    for start in (0.25, 4.0):
        expected, _ = gelu_and_silu.predict("gelu", sigma_w2, start, depth)
        z = np.sqrt(start) * random.standard_normal((20, width))
        for q in expected:
            # Twenty inputs share their weights: the noise of a layer, √(5/width), adds up.
            assert np.mean(z**2) == pytest.approx(q, rel=4 * np.sqrt(5 * depth / width))
            weights = random.standard_normal((width, width), dtype="float32")
            z = (z * norm.cdf(z)) @ weights * np.sqrt(sigma_w2 / width)
    assert expected[-1] > 4.0


@pytest.fixture(scope="module")
def modern():
    return gelu_and_silu.measure(
        ("relu", "gelu"), ("glorot_uniform", "random_normal:0.0959"), depth=6, width=256, seeds=3
    )


def test_every_network_starts_where_it_is_told_to(modern):
    first = modern[modern.layer == 1]
    # The mean square of 256 units that share an image's weights, over 64 images
    np.testing.assert_allclose(first.q / first.start, 1, atol=4 * np.sqrt(2 / 256))


def test_gelu_networks_part_and_relu_networks_stay_parallel(modern):
    numbers = gelu_and_silu.summary(modern)

    def apart(activation, initializer):
        ends = (numbers[f"{activation}_{initializer}_from{q}_last"] for q in ("025", "4"))
        return np.divide(*ends) ** -1

    assert apart("relu", "glorot") == pytest.approx(16, rel=1e-6)  # 4 / 0.25, without a scale
    assert apart("relu", "random") == pytest.approx(16, rel=1e-6)
    assert apart("gelu", "glorot") > 32 and apart("gelu", "random") > 32
    # δ² has a noise of √(5/256) a layer: over five layers, averaged over three networks
    assert 1 <= numbers["worst"] < np.exp(4 * np.sqrt(5 * 5 / 256 / 3) / 2)


def test_a_network_without_chance_has_no_prediction():
    with pytest.raises(ValueError, match="«zeros» no sortea"):
        gelu_and_silu.measure(("gelu",), ("zeros",), depth=2, width=8, seeds=1)


def test_numbers_of_the_section_on_gelu_and_silu(modern):
    numbers = gelu_and_silu.summary(modern)
    silu = quad(lambda u: (u * expit(u)) ** 2 * norm.pdf(u), -12, 12)[0]
    assert numbers["silu_keeps"] == pytest.approx(1 / silu, rel=1e-9)
    gelu = [quad(lambda u: (u * norm.cdf(u)) ** 2 * norm.pdf(u), -12, 12)[0]]
    gelu.append(quad(lambda u: (norm.cdf(u) + u * norm.pdf(u)) ** 2 * norm.pdf(u), -12, 12)[0])
    assert numbers["gelu_chi"] == pytest.approx(gelu[1] / gelu[0], rel=1e-9)
    delta = modern[(modern.activation == "relu") & (modern.start == 4)].pivot(
        index=["initializer", "seed"], columns="layer", values="delta_rms"
    )
    ratios = (delta[1] / delta[6])["glorot_uniform"]
    expected = np.exp(np.log(ratios).mean())
    assert numbers["relu_glorot_from4_delta"] == pytest.approx(expected, rel=1e-12)
    assert numbers["relu_glorot_from4_factor"] == pytest.approx(expected**0.2, rel=1e-12)

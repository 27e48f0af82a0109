"""Centre and spread over seeds."""

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from lab import stats


@pytest.fixture
def frame():
    rows = [(seed, layer, value) for seed, pair in enumerate([(1, 8), (100, 2)])
            for layer, value in enumerate(pair, start=1)]  # fmt: skip
    return pd.DataFrame(rows, columns=["seed", "layer", "value"]).sample(frac=1, random_state=0)


def test_half_width_is_students():
    values = np.random.default_rng(0).normal(3.0, 2.0, size=7)
    low, high = scipy.stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert stats.half_width(values) == pytest.approx((high - low) / 2)
    assert stats.half_width([2.0] * 5) == 0
    assert np.isnan(stats.half_width([2.0]))


def test_spread_over_seeds(frame):
    spread = stats.over_seeds(frame, "layer", "value")
    np.testing.assert_array_equal(spread.x, [1, 2])
    np.testing.assert_allclose(spread.centre, [10, 4], rtol=1e-14)  # √(1·100), √(8·2)
    np.testing.assert_array_equal(spread.low, [1, 2])
    np.testing.assert_array_equal(spread.high, [100, 8])


def test_arithmetic_centre(frame):
    spread = stats.over_seeds(frame, "layer", "value", logarithmic=False)
    np.testing.assert_allclose(spread.centre, [50.5, 5], rtol=1e-14)


def test_a_value_that_underflowed_makes_the_centre_zero(frame):
    frame.loc[frame.value == 100, "value"] = 0
    np.testing.assert_allclose(stats.over_seeds(frame, "layer", "value").centre, [0, 4])


def test_a_seed_that_diverged_is_not_averaged_away(frame):
    frame["value"] = frame.value.astype(float).replace(2.0, np.nan)
    spread = stats.over_seeds(frame, "layer", "value")
    for values, first in ((spread.centre, 10), (spread.low, 1), (spread.high, 100)):
        np.testing.assert_allclose(values, [first, np.nan])


def test_geometric_mean_of_numbers_whose_product_underflows():
    assert stats.geometric_mean(np.full(5, 1e-200)) == pytest.approx(1e-200, rel=1e-12)
    np.testing.assert_allclose(stats.geometric_mean([[1, 4], [4, 9]], axis=1), [2, 6])


def test_factor_per_layer():
    assert stats.factor_per_layer(5.0 * 0.7 ** np.arange(9)) == pytest.approx(0.7, rel=1e-12)
    two_seeds = [[1, 2, 4], [3, 3, 3]]  # their geometric mean grows by √2
    assert stats.factor_per_layer(two_seeds) == pytest.approx(np.sqrt(2), rel=1e-12)


@pytest.mark.parametrize("values", [[1.0], [1.0, 0.0], [1.0, -2.0], [1.0, np.nan]])
def test_no_factor_without_two_positive_layers(values):
    with pytest.raises(ValueError, match="dos capas"):
        stats.factor_per_layer(values)


def test_a_power_is_the_slope_in_logarithms():
    width = np.array([32, 64, 512])
    assert stats.power(width, 7 * width**-0.5) == pytest.approx(-0.5, rel=1e-12)


def test_the_valley_of_a_parabola_is_its_vertex():
    rates = 0.0005 * 2.0 ** np.arange(7)
    for lowest in (0.0021, 0.004, 0.0011):
        loss = np.exp(np.log(rates / lowest) ** 2 - 3)
        assert stats.valley(rates, loss) == pytest.approx(lowest, rel=1e-9)


def test_a_valley_lies_among_the_points_that_it_is_seen_from():
    x = 2.0 ** np.arange(6)
    assert stats.valley(x, 1 / x) == 32  # still falling at the end
    assert stats.valley(x, x) == 1
    assert stats.valley(x, [1, 2, 3, 2, 1.5, 0.9]) == 32  # a hill: the lowest point
    loss = np.exp(np.log(x / 4) ** 2)
    loss[-1] = np.nan  # diverged
    assert stats.valley(x, loss) == pytest.approx(4, rel=1e-9)


def test_no_valley_in_four_points():
    with pytest.raises(ValueError, match="5 puntos"):
        stats.valley([1, 2, 4, 8], [2, 1, 2, 3])

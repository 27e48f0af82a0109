"""The predicted mountain and its window, in closed form."""

import math

import numpy as np
import pandas as pd
import pytest

from pairs import critical_depth


def test_the_mountain_of_relu_in_closed_form():
    variances, limit = critical_depth.mountain("relu")
    far = np.abs(np.log(variances / 2)) > 0.1  # near the pole a hair's breadth is a lot of layers
    np.testing.assert_allclose(limit[far], 6 / np.abs(np.log(variances[far] / 2)), rtol=1e-6)


def test_below_one_the_mountain_of_tanh_is_that_of_a_linear_network():
    variances, limit = critical_depth.mountain("tanh")
    below = variances < 0.85
    # ln χ is interpolated between points 16 % apart.
    np.testing.assert_allclose(limit[below], -6 / np.log(variances[below]), rtol=2e-3)


def test_the_window_of_relu_in_closed_form():
    low, high = critical_depth.window("relu", 20)
    assert low == pytest.approx(2 * math.exp(-6 / 20), rel=1e-9)
    assert high == pytest.approx(2 * math.exp(6 / 20), rel=1e-9)
    # For so shallow a network the lower border lies beyond the mountain.
    assert critical_depth.window("relu", 3) == pytest.approx((0.3, 2 * math.exp(6 / 3)))


def test_agreement_parts_the_networks_at_six_depth_scales():
    # For ReLU with σ_w² = 1 the limit is 8.66 layers; with 2 there is none.
    rows = [(1, 5, 0.8), (1, 10, 0.2), (2, 10, 0.6), (2, 90, 0.4), (1, 20, math.nan)]
    runs = pd.DataFrame(rows, columns=["variance", "depth", "train_accuracy"])
    runs = runs.assign(activation="relu")
    learn, should = critical_depth.hits(runs)  # by variance and depth
    assert learn.tolist() == [True, False, False, True, False]
    assert should.tolist() == [True, False, False, True, True]
    ax, *_ = critical_depth.draw(runs).axes
    drawn = {line.get_marker(): line.get_xydata().tolist() for line in ax.lines}
    assert drawn["o"] == [[1, 5], [2, 10]] and drawn["x"] == [[1, 10], [1, 20], [2, 90]]
    inside, outside = critical_depth.agreement(runs)
    assert inside == pytest.approx((0.8 + 0.6 + 0.4) / 3)
    assert outside == pytest.approx((0.2 + 0.0) / 2)  # a diverged network learned nothing

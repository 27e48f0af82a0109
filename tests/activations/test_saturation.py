"""Saturation against mean-field theory, and σ as a tanh."""

import numpy as np
import pytest

from activations import (
    saturation,
)


def test_saturation_follows_mean_field_theory():
    rows = saturation.centres(saturation.measure(depth=16, width=256, seeds=3))
    np.testing.assert_allclose(rows.factor, rows.predicted_factor, rtol=0.07)  # finite width
    np.testing.assert_allclose(rows.saturated_fraction, rows.predicted_saturated, atol=0.03)


def test_a_sigmoid_network_is_a_tanh_network_with_a_quarter_of_the_weights():
    # σ(z) = (1 + tanh(z/2))/2, so with u = z/2: u_next = (W/4) tanh(u) + (W/4)·1
    rows = saturation.centres(saturation.measure(depth=8, width=32, seeds=1))
    sigmoid = rows.query("way == 'sigmoid' and sigma_w == 4").iloc[0]
    tanh = rows.query("way == 'tanh_bias' and sigma_b == 1").iloc[0]
    assert sigmoid.predicted_factor == pytest.approx(tanh.predicted_factor, rel=1e-6)
    assert sigmoid.predicted_saturated == pytest.approx(tanh.predicted_saturated, rel=1e-6)

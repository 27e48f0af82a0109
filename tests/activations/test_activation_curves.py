"""Curves and slopes against finite differences and textbook values."""

import numpy as np
import pytest

from activations import (
    activation_curves,
)


def test_slopes_are_the_finite_differences_of_the_values():
    curves = activation_curves.measure(reach=4.0)
    assert curves.formula_error.max() < 1e-5
    for _, curve in curves.groupby("activation"):
        z, value, slope = (curve[name].to_numpy(float) for name in ("z", "value", "slope"))
        difference = (value[2:] - value[:-2]) / (z[2:] - z[:-2])
        away = abs(z[1:-1]) > 0.02  # from the corner of the ReLU family
        # float32 values over a step of 0.013: the quotient is good to three decimals
        np.testing.assert_allclose(difference[away], slope[1:-1][away], atol=2e-3)


def test_steepest_slopes_and_edges_are_the_textbook_ones():
    numbers = activation_curves.summary(activation_curves.measure())
    assert numbers["sigmoid_steepest"] == pytest.approx(1 / 4)
    assert numbers["tanh_steepest"] == pytest.approx(1)
    step = 0.011  # of z
    assert numbers["tanh_edge_size"] == pytest.approx(np.arccosh(np.sqrt(10)), abs=step)
    assert numbers["elu_edge_size"] == pytest.approx(np.log(10), abs=step)
    assert numbers["leaky_relu_negative_side_least"] == pytest.approx(0.2)

"""The price of the negative side: closed forms, Gaussian integrals, Keras's two slopes."""

import numpy as np
import pytest

from activations import leaky_slopes
from lab import theory


@pytest.mark.parametrize("slope", [0.0, 0.2, 1.0])
def test_closed_forms_are_the_gaussian_integrals(slope):
    phi = leaky_slopes.leaky(slope)
    mean = theory.gaussian_mean(phi, 1.0)
    moment = theory.gaussian_mean(lambda z: phi(z) ** 2, 1.0)
    with_z = theory.gaussian_mean(lambda z: z * phi(z), 1.0)
    expected = {
        "growth": (2 * moment) ** 9,
        "bend": 1 - with_z**2 / (moment - mean**2),
        "mean": mean / np.sqrt(moment),
    }
    for name, value in leaky_slopes.predict(slope, 10).items():
        assert value == pytest.approx(expected[name], rel=1e-9, abs=1e-9)


def test_measured_price_is_the_predicted_one():
    rows = leaky_slopes.measure(slopes=(0.0, 0.2), depth=8, width=256, seeds=5)
    numbers = leaky_slopes.summary(rows)
    for key, slope in (("a0", 0.0), ("a02", 0.2)):
        expected = leaky_slopes.predict(slope, 8)
        assert numbers[f"{key}_bend"] == pytest.approx(expected["bend"], abs=0.01)
        assert numbers[f"{key}_mean"] == pytest.approx(expected["mean"], abs=0.02)
        # A network's size wanders by about 2/√width a layer.
        assert numbers[f"{key}_growth"] == pytest.approx(expected["growth"], rel=0.3)
    assert numbers["a0_zeros"] == pytest.approx(0.5, abs=0.02)
    assert numbers["a02_zeros"] == 0


def test_keras_has_two_leaky_slopes():
    slopes = leaky_slopes.keras_slopes()
    assert slopes["slope_string"] == slopes["slope_function"] == pytest.approx(0.2)
    assert slopes["slope_layer"] == pytest.approx(0.3)
    assert pytest.approx(slopes["slope_string"]) == theory.LEAKY_SLOPE

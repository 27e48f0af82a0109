"""The parts of the budget of δ add up to what is measured."""

import numpy as np
import pytest

from activations import (
    gradient_budget,
)


def test_the_parts_of_the_budget_add_up_to_what_is_measured():
    budget = gradient_budget.measure(
        ("sigmoid", "relu"), ("he_normal",), depth=8, width=256, seeds=3
    )
    steps = 7
    np.testing.assert_allclose(budget["sum"], budget.measured, atol=steps * np.log10(1.05))
    sigmoid = budget.iloc[0]
    assert sigmoid.steepest == pytest.approx(-steps * np.log10(4))
    assert sigmoid.weights == pytest.approx(steps * np.log10(2) / 2)

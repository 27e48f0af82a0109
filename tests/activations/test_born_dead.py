"""Networks born dead, by counting signs and by the exact rate."""

import numpy as np
import pytest

from activations import born_dead


def test_probability_of_small_networks_by_counting_signs():
    # Each unit that is fed is on or off with equal probability: count all the patterns.
    def dead(widths):
        if not widths:
            return 0.0
        alone = 0.5 ** widths[0]
        return alone + (1 - alone) * dead(widths[1:])

    for widths in ([1], [2], [1, 1], [3, 2, 4], [8] * 40):
        assert born_dead.probability(widths) == pytest.approx(dead(widths), rel=1e-12)


def test_networks_are_born_dead_at_the_exact_rate_whatever_the_initializer():
    rows = born_dead.measure(widths=(2, 4), depth=12, seeds=4000, samples=20)
    deviation = np.sqrt(rows.predicted * (1 - rows.predicted) / 4000)
    assert ((rows.dead_one - rows.predicted).abs() < 4.5 * deviation).all()
    bound = np.sqrt(rows.predicted * (1 - rows.predicted) / 400)
    assert (rows.dead_all < rows.predicted + 4.5 * bound).all()


def test_the_scale_of_the_weights_kills_nobody():
    small, large = (
        born_dead.first_dead_layer(np.random.default_rng(1), name, np.ones((5, 9)), 4, 20, 300)
        for name in ("lecun_normal", "he_normal")
    )
    # Same draws, √2 apart: the same networks die in the same layer.
    np.testing.assert_array_equal(small, large)

"""The factor per layer of networks whose factor is known."""

import numpy as np

from pairs import factor_per_pair


def test_an_orthogonal_linear_network_keeps_or_halves_the_gradient():
    factors = factor_per_pair.measure(
        ("linear",), ("orthogonal", "orthogonal:0.5"), depth=4, width=64, seeds=2
    )
    # The rotations are exact; what is left is the head, which sees other logits.
    np.testing.assert_allclose(factors.measured, [1, 0.5], rtol=0.05)
    np.testing.assert_allclose(factors.predicted, [1, 0.5])

"""The σ at which a sigmoid network keeps its gradient."""

import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from pairs import sigma_sweep


def test_the_critical_sigma_keeps_the_gradient():
    width = 100
    sigma_w2 = width * sigma_sweep.critical(width) ** 2

    def expectation(function, q):
        return quad(lambda u: function(q**0.5 * u) * norm.pdf(u), -12, 12, limit=200)[0]

    q = 1.0
    for _ in range(60):
        q = sigma_w2 * expectation(lambda z: expit(z) ** 2, q)
    chi = sigma_w2 * expectation(lambda z: (expit(z) * expit(-z)) ** 2, q)
    assert chi == pytest.approx(1, abs=1e-4)

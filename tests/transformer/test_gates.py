"""Gated units against quadrature and closed forms."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import erf

from transformer import gates

PHI = {
    "glu": lambda z: 1 / (1 + np.exp(-z)),
    "reglu": lambda z: max(z, 0.0),
    "geglu": lambda z: z * (1 + erf(z / np.sqrt(2))) / 2,
    "swiglu": lambda z: z / (1 + np.exp(-z)),
}


@pytest.mark.parametrize("gate", gates.GATES)
@pytest.mark.parametrize("q", [0.25, 1.0, 4.0])
def test_what_is_kept_is_the_mean_square_of_the_gate(gate, q):
    density = lambda u: np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)  # noqa: E731
    expected, _ = quad(lambda u: PHI[gate](np.sqrt(q) * u) ** 2 * density(u), -10, 10, points=[0])
    assert gates.kept(gate, q) == pytest.approx(expected, rel=1e-6)


def test_reglu_lets_through_half_of_the_square():
    assert gates.kept("reglu", 3.0) == pytest.approx(1.5)
    assert gates.slope("reglu") == pytest.approx(2)
    assert gates.predict("reglu", 0.5, 3) == pytest.approx(0.5**8)  # q → q², three times


@pytest.mark.parametrize("gate", gates.GATES)
def test_products_keep_what_theory_says(gate):
    gated = gates.measure((gate,), (0.5, 2.0), depth=2, width=512, vectors=16, seeds=3)
    for start, part in gated.groupby("start"):
        first = part[part.layer == 1]
        assert first.kept.mean() == pytest.approx(gates.kept(gate, start), rel=0.1)
        end = part[part.layer == 2]["size"].mean()
        assert end == pytest.approx(gates.predict(gate, start, 2), rel=0.35)
        assert part[part.layer == 0]["size"].tolist() == pytest.approx([start] * 3)


@pytest.mark.parametrize("gate", gates.GATES)
def test_the_fixed_point_repels(gate):
    assert gates.predict(gate, 1.0, 5) == pytest.approx(1)
    ends = [gates.predict(gate, start, 5) for start in (0.9, 1.1)]
    assert ends[0] < 0.9 and ends[1] > 1.1
    # A small change is multiplied by the slope in each layer.
    change = np.log(gates.predict(gate, np.exp(1e-5), 3)) / 1e-5
    assert change == pytest.approx(gates.slope(gate) ** 3, rel=1e-2)

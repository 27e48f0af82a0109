"""Sums of n terms against the formulas and a direct computation."""

import numpy as np
import pytest

from initializers import layer_width
from lab import cli, stats


def run(snippet, argv, options=None):
    return cli.main("", snippet.measure, snippet.draw, snippet.table, options=options, argv=argv)


def test_sums_grow_as_the_formulas_say():
    data = layer_width.measure(widths=(64, 256), depth=4, sigma=0.1, seeds=5)
    for case in data.case.unique():
        spread = stats.over_seeds(data[data.case == case], "width", "rms")
        expected = [layer_width.predict(case, n, 0.1, 4) for n in (64, 256)]
        # Five draws whose rms scatters by some 1/√(2 · 64) a layer
        np.testing.assert_allclose(spread.centre, expected, rtol=0.15)


def test_the_predictions_are_those_of_a_direct_computation():
    rng, n = np.random.default_rng(0), 50
    h, signs = rng.random((4000, n)), rng.choice([-1, 1], (n, 400))
    rms = {"constant": (h.sum(axis=1) * 0.1), "signs": 0.1 * h @ signs}
    for case, values in rms.items():
        # 400 sums of signs: their mean square scatters by √(2/400) = 7 %, the rms by half
        expected = layer_width.predict(case, n, 0.1, 1)
        assert np.sqrt(np.mean(values**2)) == pytest.approx(expected, rel=0.08)


def test_lecuns_tanh_keeps_most_of_a_unit_variance():
    u = np.random.default_rng(0).normal(size=400_000)
    once = np.mean((1.7159 * np.tanh(2 * u / 3)) ** 2)
    assert layer_width.lecun_moment(1) == pytest.approx(once, rel=0.01)  # Monte Carlo
    assert layer_width.lecun_moment(400) == pytest.approx(layer_width.lecun_moment(800))


def test_the_command_of_the_widths(tmp_path):
    file = tmp_path / "x.csv"
    argv = ["--width", "8", "--width", "16", "--depth", "2", "--seeds", "2", "--output", str(file)]
    assert run(layer_width, argv, layer_width.OPTIONS) == 0
    assert len(file.read_text().splitlines()) == 1 + 5 * 2 * 2

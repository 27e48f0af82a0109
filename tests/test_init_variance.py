"""Sizes, widths and traps of chapter 6."""

import json

import numpy as np
import pytest
from scipy.stats import truncnorm

from initializers import keras_traps, layer_width, weight_size
from lab import cli, stats


def run(snippet, argv, options=None):
    return cli.main("", snippet.measure, snippet.draw, snippet.table, options=options, argv=argv)


# --- σ ------------------------------------------------------------------------------------


def test_the_command_finds_the_right_sigma_between_two_wrong_ones(tmp_path):
    file = tmp_path / "x.json"
    argv = "--sigma 0.01 --sigma 0.125 --sigma 2 --depth 6 --width 64 --seeds 1 --trained 1"
    argv = [*argv.split(), "--epochs", "6", "--learning-rate", "0.01", "--output", str(file)]
    assert run(weight_size, argv, weight_size.OPTIONS) == 0
    rows = json.loads(file.read_text())
    small, right, large = (r["value"] for r in rows if r["quantity"] == "test_accuracy")
    assert right > 0.85
    assert small < 0.2 and large < 0.6
    h = {r["sigma"]: r["value"] for r in rows if r["quantity"] == "activation_rms" and r["at"] == 6}
    # Linear where it is small: (σ √64)⁵ (σ √64), one draw of width 64
    assert h[0.01] == pytest.approx(0.08**6, rel=0.5)


# --- width --------------------------------------------------------------------------------


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


# --- traps --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def traps():
    return keras_traps.measure(depth=4, width=64, seeds=4)


def test_a_shared_instance_repeats_its_weights(traps):
    repeated = traps.groupby("case").equal.sum()
    assert repeated.to_dict() == {"own": 0, "shared": 3 * 4, "truncated": 0}


def test_truncation_makes_the_deviation_smaller_and_he_normal_corrects_it(traps):
    assert pytest.approx(truncnorm.std(-2, 2), rel=1e-6) == keras_traps.CUT
    deviation = traps.groupby("case").deviation.mean()
    # 16 matrices of 64 × 64: a relative error of 1/√(2 · 65 536) = 0.3 %, four of them
    assert deviation["own"] == pytest.approx(1, rel=0.012)
    assert deviation["truncated"] == pytest.approx(keras_traps.CUT, rel=0.012)
    largest = traps.groupby("case").largest.max()
    assert largest["truncated"] <= 2 < largest["own"] <= 2 / keras_traps.CUT + 1e-6


def test_the_command_of_the_traps(tmp_path):
    file = tmp_path / "x.json"
    argv = ["--depth", "2", "--width", "8", "--seeds", "2", "--output", str(file)]
    assert run(keras_traps, argv) == 0
    assert len(json.loads(file.read_text())) == 3 * 2 * 2

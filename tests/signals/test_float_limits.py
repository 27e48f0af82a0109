"""Where float32 ends: against the layer that a power of the factor predicts."""

import json

import numpy as np
import pytest

from lab import cli
from signals import float_limits

DEPTH = 66


@pytest.fixture(scope="module")
def limits():
    return float_limits.measure(depth=DEPTH, seeds=1, samples=8)


def test_float32_is_right_until_it_ends(limits):
    # Seven digits, less a few lost over 66 layers; a sigmoid's gradient loses more.
    fine = limits.query("infinite == 0 and nan == 0 and zero < 0.6 and float32 > 1e-36")
    assert len(fine) > DEPTH
    np.testing.assert_allclose(fine.float32, fine.float64, rtol=1e-3)


def test_relu_overflows_where_eight_to_the_layer_passes_the_largest_number(limits):
    # √(128/2) = 8 a layer and √(64) · √(1/2) in the first: rms 8^l / √2, its largest value
    # four times that or so.
    expected = np.log(np.finfo(np.float32).max / 4) / np.log(8)
    first = float_limits.useless(limits)["h"].iloc[0]
    assert abs(first - expected) <= 2
    after = limits.query("signal == 'h' and layer > @first + 1")
    assert (after.nan == 1).all() and len(after) > 10


def test_nan_comes_back_to_every_layer(limits):
    assert (limits.query("signal == 'h'").gradient_nan == 1).all()


def test_sigmoid_underflows_to_zero_and_to_nothing_else(limits):
    gradient = limits.query("signal == '∂L/∂W'")
    last = float_limits.useless(limits)["∂L/∂W"].iloc[0]
    tiny = np.finfo(np.float32).tiny
    assert (gradient.float64[gradient.layer < last] < tiny).all()
    assert (gradient.float64 > 0).all() and (gradient.nan == 0).all()
    # Single weights may lie far below the rms; none lies 10⁵ times below it.
    assert (gradient.zero[gradient.float64 > 1e5 * tiny] == 0).all()


def test_the_summary_divides_logarithms(limits):
    summary = float_limits.summary(limits)
    assert summary["growth"] == pytest.approx(8, rel=0.05)
    # 0.236 is √χ of a sigmoid at its fixed point, σ_w = 1 (Schoenholz et al. 2017, eq. 13).
    assert summary["decay"] == pytest.approx(0.236, rel=0.05)
    assert summary["float16_grows"] == 5  # 8⁵ = 32,768 and 8⁶ = 262,144; the largest is 65,504
    assert summary["float64_grows"] / summary["float32_grows"] == pytest.approx(8, rel=0.03)
    assert float_limits.table(limits).shape == (12, 7)
    assert len(float_limits.draw(limits).get_label()) > 60


def test_the_command_line_writes_records(tmp_path, capsys):
    file = tmp_path / "x.json"
    options = ["--depth", "3", "--width", "8", "--seeds", "1", "--samples", "4"]
    parts = float_limits.measure, float_limits.draw, float_limits.table
    assert cli.main("", *parts, argv=[*options, "--output", str(file)]) == 0
    assert "sigmoid" in capsys.readouterr().out
    assert [row["layer"] for row in json.loads(file.read_text())] == [1, 2, 3, 1, 2, 3]

"""Sizes of the signals, layer by layer: against counts and closed forms."""

import json

import numpy as np
import pytest

from lab import cli, figures, stats
from signals import signal_histograms

SIGMAS = ("random_normal:0.0625", "random_normal:0.125")  # σ_w²/2 = 1/4 and 1 at width 128


@pytest.fixture(scope="module")
def signals():
    return signal_histograms.measure(initializers=SIGMAS, depth=6, seeds=4, samples=64)


def test_a_histogram_counts_every_value_once():
    values = np.array([0.0, 0.0, 1.01, -1.01, 99.0, 1.1e-40], dtype=np.float64)
    sizes, shares = signal_histograms.histogram(values)
    # The middle of a bin is at most half a bin, 1/16 of a power of ten, from its values.
    expected = [0.0, 1.1e-40, 1.01, 99.0]
    np.testing.assert_allclose(shares, [2 / 6, 1 / 6, 2 / 6, 1 / 6])
    for size, value in zip(sizes, expected, strict=True):
        assert size == value or abs(np.log10(size / value)) <= 1 / 16


def test_the_shares_of_a_layer_add_up_to_one(signals):
    keys = ["initializer", "seed", "signal", "layer"]
    shares = signals.groupby(keys).share.sum()
    assert len(shares) == 2 * 4 * 2 * 6
    np.testing.assert_allclose(shares, 1, rtol=1e-12)
    # The rms that the histogram gives: bins an eighth of a decade wide blur it by 1 %.
    square = (signals["size"] ** 2 * signals.share).groupby([signals[key] for key in keys]).sum()
    rms = signal_histograms.by_layer(signals).set_index(keys).rms
    np.testing.assert_allclose(np.sqrt(square[rms.index]), rms, rtol=0.04)


def test_relu_changes_the_size_by_eight_sigma(signals):
    values = signal_histograms.summary(signals)
    # Finite width: -5/(2·128) = -2 % a layer in the logarithm of the square, and 4 seeds.
    assert values["s0625_h_factor"] == pytest.approx(0.5, rel=0.05)
    assert values["s0625_delta_factor"] == pytest.approx(0.5, rel=0.05)
    assert values["s125_h_factor"] == pytest.approx(1.0, rel=0.05)
    assert values["s125_delta_factor"] == pytest.approx(1.0, rel=0.05)
    assert values["s0625_loss"] == pytest.approx(np.log(10), rel=0.01)


def test_half_of_relu_is_exactly_zero(signals):
    zeros = signals[signals["size"] == 0].groupby(["signal", "layer"]).share.mean()
    np.testing.assert_allclose(zeros, 0.5, atol=0.06)


def test_a_picture_holds_all_that_is_inside(signals):
    mine = signals.query("signal == 'h' and initializer == @SIGMAS[1]")
    image = signal_histograms.picture(mine, -30, 10)
    assert image.shape == (40 * signal_histograms.PER_DECADE, 6)
    expected = mine[mine["size"] > 0].groupby("layer").share.sum() / 4
    np.testing.assert_allclose(image.sum(axis=0), expected, rtol=1e-12)
    # The brightest row is where the values are: within a decade of the rms.
    peak = 10 ** (image[:, 0].argmax() / signal_histograms.PER_DECADE - 30)
    assert 0.1 < peak / mine[mine.layer == 1].rms.mean() < 10


def test_the_figure_shows_measured_and_predicted_sizes(signals):
    figure = signal_histograms.draw(signals)
    assert len(figure.axes) == 4 and all(len(ax.images) == 1 for ax in figure.axes)
    drawn = [line.get_ydata() for line in figure.axes[0].get_lines()]
    part = signal_histograms.by_layer(signals).query("signal == 'h' and initializer == @SIGMAS[0]")
    points = np.log10(stats.over_seeds(part, "layer", "rms").centre)
    assert any(np.allclose(y, points) for y in drawn)
    # z of layer 1 has 64 inputs of unit variance: rms 0.0625 · 8 = 1/2; ReLU keeps half of it.
    line = np.log10(0.5 / np.sqrt(2) * 0.5 ** np.arange(6))
    assert any(np.allclose(y, line) for y in drawn)
    assert "aria-label" in figures.to_svg(figure) and len(figure.get_label()) > 60


def test_the_command_line_writes_records(tmp_path, capsys):
    file = tmp_path / "x.csv"
    options = ["--activation", "elu", "--initializer", "orthogonal", "--depth", "2"]
    options += ["--width", "8", "--seeds", "1", "--samples", "4", "--output", str(file)]
    parts = signal_histograms.measure, signal_histograms.draw, signal_histograms.table
    assert cli.main("", *parts, options=signal_histograms.OPTIONS, argv=options) == 0
    assert "ortogonal" in capsys.readouterr().out
    assert file.read_text().startswith(
        "activation,initializer,width,inputs,seed,loss,signal,layer,rms"
    )


def test_one_layer_and_json(tmp_path):
    file = tmp_path / "x.json"
    options = ["--depth", "1", "--width", "4", "--seeds", "1", "--samples", "4"]
    parts = signal_histograms.measure, signal_histograms.draw, signal_histograms.table
    argv = [*options, "--output", str(file), "--output", str(tmp_path / "x.svg")]
    assert cli.main("", *parts, argv=argv, options=signal_histograms.OPTIONS) == 0
    assert {row["layer"] for row in json.loads(file.read_text())} == {1}

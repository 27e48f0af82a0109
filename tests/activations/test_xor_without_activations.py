"""A board that no line divides and four ReLU units do."""

import numpy as np
import pytest

from activations import xor_without_activations
from lab import cli


def test_no_line_gets_more_than_two_thirds_of_the_board():
    ticks = np.linspace(-1, 1, 201)[::2] + 0.005
    x, y = np.meshgrid(ticks, ticks)
    best = 0.0
    for angle in np.linspace(0, np.pi, 73):
        side = np.cos(angle) * x + np.sin(angle) * y
        for offset in np.linspace(-1.5, 1.5, 121):
            share = np.mean((side > offset) == (x * y > 0))
            best = max(best, share, 1 - share)
    assert best == pytest.approx(2 / 3, abs=0.01)  # grid of 100 × 100 points


def test_four_relu_units_paint_the_board():
    board = xor_without_activations.make_board()
    kernel = np.array([[1, -1, 1, -1], [1, -1, -1, 1]])  # x+y, −x−y, x−y, y−x
    score = np.maximum(board.x_train @ kernel, 0) @ np.array([1, 1, -1, -1])
    np.testing.assert_array_equal(score > 0, board.y_train == 1)


def test_depth_without_activations_does_not_help_and_one_relu_layer_does():
    runs = xor_without_activations.measure(networks=("linear:5", "relu:1"), seeds=2)
    accuracy = xor_without_activations.accuracies(runs)
    assert accuracy["linear", 5] < 2 / 3
    assert accuracy["relu", 1] > 0.97


@pytest.mark.parametrize("name", ["relu", "relu:0", "relu:x", "relo:1"])
def test_bad_networks_are_refused_in_one_line(name, capsys):
    with pytest.raises(SystemExit) as end:
        _board(["--network", name])
    assert end.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def _board(argv):
    return cli.main(
        "",
        xor_without_activations.measure,
        xor_without_activations.draw,
        xor_without_activations.table,
        options={"networks": xor_without_activations.NETWORKS},
        argv=argv,
    )

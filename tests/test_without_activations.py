"""Chapter 4: what is left of a network without activations, and what it cannot learn."""

import json

import numpy as np
import pytest

from activations import linear_collapse, xor_without_activations
from lab import cli, model


def test_the_collapsed_layer_is_the_network_seen_from_outside():
    network = model.mlp("linear", depth=4, width=7, inputs=5, classes=3, bias=0.5)
    weights, bias = linear_collapse.collapse(network)
    # An affine map is known by its answers to zero and to the unit vectors.
    at_zero = network(np.zeros((1, 5), "float32")).numpy()[0]
    at_unit = network(np.eye(5, dtype="float32")).numpy()
    np.testing.assert_allclose(bias, at_zero, atol=1e-6)  # float32 rounding
    np.testing.assert_allclose(weights, at_unit - at_zero, atol=1e-6)


def test_collapsing_changes_no_answer_and_learns():
    runs = linear_collapse.measure(depth=3, width=32, seeds=2, epochs=8)
    assert (runs.changed_predictions == 0).all()
    assert (runs.largest_difference < 1e-5).all()
    assert (runs.test_accuracy > 0.7).all()  # guessing gets 10 %
    assert (runs.parameters_collapsed == 64 * 10 + 10).all()


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


def test_both_command_lines_write_their_records(tmp_path):
    board, collapse = tmp_path / "board.json", tmp_path / "collapse.json"
    sizes = ["--width", "4", "--seeds", "1", "--epochs", "1"]
    assert _board(["--network", "tanh:1", *sizes, "--output", str(board)]) == 0
    assert len(json.loads(board.read_text())[0]["paint"]) == xor_without_activations.PIXELS
    argv = ["--depth", "2", *sizes, "--output", str(collapse)]
    assert (
        cli.main(
            "", linear_collapse.measure, linear_collapse.draw, linear_collapse.table, argv=argv
        )
        == 0
    )
    assert np.shape(json.loads(collapse.read_text())[0]["templates"]) == (10, 64)


def _board(argv):
    return cli.main(
        "",
        xor_without_activations.measure,
        xor_without_activations.draw,
        xor_without_activations.table,
        options={"networks": xor_without_activations.NETWORKS},
        argv=argv,
    )

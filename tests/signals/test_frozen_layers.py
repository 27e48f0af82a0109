"""How far layers move in training: against steps that can be known beforehand."""

import json

import pytest

from lab import cli
from signals import frozen_layers

SMALL = {"depth": 3, "width": 8, "seeds": 2, "epochs": 1}


@pytest.fixture(scope="module")
def frozen():
    return frozen_layers.measure(("tanh",), **SMALL)


def test_one_row_for_each_seed_epoch_and_layer(frozen):
    keys = frozen[["seed", "epoch", "layer"]].itertuples(index=False, name=None)
    assert list(keys) == [(s, e, n) for s in range(2) for e in range(2) for n in (1, 2, 3)]


def test_a_layer_has_moved_as_soon_as_it_has_trained(frozen):
    start, end = frozen[frozen.epoch == 0], frozen[frozen.epoch == 1]
    assert (start.movement == 0).all() and (start.untouched == 1).all()
    assert (end.movement > 1e-4).all() and (end.untouched < 0.1).all()
    assert (end.train_loss.to_numpy() < start.train_loss.to_numpy()).all()
    assert frozen_layers.untouched_layers(end) == 0


def test_steps_below_the_last_bit_do_not_add_up():
    # Gradients are near 1e-2 and weights near 0.1, whose last bit is 7e-9: 210 steps of
    # 1e-14 each would be 2e-12 if float32 could hold them.
    still = frozen_layers.measure(("tanh",), learning_rate=1e-12, **SMALL)
    end = still[still.epoch == 1]
    assert (end.untouched > 0.95).all() and (end.movement < 1e-8).all()
    figure = frozen_layers.draw(still)
    assert len(figure.get_label()) > 60


def test_the_command_line_writes_records(tmp_path, capsys):
    file = tmp_path / "x.json"
    options = ["--activation", "relu", "--depth", "2", "--width", "4", "--seeds", "1"]
    parts = frozen_layers.measure, frozen_layers.draw, frozen_layers.table
    output = ["--epochs", "1", "--output", str(file)]
    assert cli.main("", *parts, argv=[*options, *output]) == 0
    assert "ReLU + Glorot uniforme" in capsys.readouterr().out
    assert [row["epoch"] for row in json.loads(file.read_text())] == [0, 0, 1, 1]

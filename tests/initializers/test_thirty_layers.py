"""Xavier against He in a deep network: the table gathers the two experiments below it."""

import json

import pytest

import gradient_flow
import training_grid
from initializers import thirty_layers
from lab import cli


@pytest.fixture(scope="module")
def comparison():
    return thirty_layers.measure(depth=3, width=8, seeds=2, trained=1, epochs=1)


def test_the_table_holds_what_the_two_experiments_measured(comparison):
    flow = gradient_flow.measure(("relu",), depth=3, width=8, seeds=2)
    grid = training_grid.measure(("relu",), depth=3, width=8, seeds=1, epochs=1)
    keys = ["initializer", "seed", "quantity", "at"]
    values = comparison.set_index(keys).value
    assert len(values) == 3 * len(flow) + 2 * len(grid)
    for row in flow.itertuples():
        assert values[row.initializer, row.seed, "delta_rms", row.layer] == row.delta_rms
    for row in grid.itertuples():
        assert values[row.initializer, row.seed, "train_loss", row.epoch] == row.train_loss


def test_the_summary_takes_geometric_means_of_signals_and_plain_ones_of_curves(comparison):
    values = thirty_layers.summary(comparison)
    last = comparison.query("initializer == 'he_normal' and at == 3")
    h = last[last.quantity == "activation_rms"].value
    assert values["he_normal_activation_rms_last"] == pytest.approx((h.prod()) ** (1 / 2))
    accuracy = comparison.query("initializer == 'he_normal' and quantity == 'test_accuracy'")
    assert values["he_normal_test_accuracy_last"] == accuracy[accuracy["at"] == 1].value.mean()
    assert values["epochs"] == 1


def test_the_command_line_writes_records_and_a_figure(tmp_path, capsys):
    argv = ["--depth", "2", "--seeds", "1", "--trained", "1", "--epochs", "1"]
    argv += ["--width", "4", "--initializer", "he_normal"]
    outputs = tmp_path / "thirty.json", tmp_path / "thirty.svg"
    for path in outputs:
        argv += ["--output", str(path)]
    arguments = thirty_layers.measure, thirty_layers.draw, thirty_layers.table
    assert cli.main("", *arguments, options=thirty_layers.OPTIONS, argv=argv) == 0
    rows = json.loads(outputs[0].read_text())
    assert {row["quantity"] for row in rows} == {*thirty_layers.SIGNALS, *thirty_layers.CURVES}
    assert outputs[1].read_text().startswith("<?xml")
    assert "He normal" in capsys.readouterr().out

"""Keras against the formulas: close, but not because one copies the other."""

import json

import numpy as np
import pytest

from lab import cli, numpy_network
from signals import backprop_check


@pytest.fixture(scope="module")
def check():
    return backprop_check.measure(("relu", "tanh"), depth=4, width=32, seeds=2, samples=16)


def test_one_row_for_each_signal_and_layer(check):
    assert len(check) == 2 * 2 * 4 * 4
    assert list(check.signal.unique()) == list(backprop_check.SIGNALS)


def test_the_difference_is_rounding_and_it_is_there(check):
    # float32 resolves 1.2e-7; sums of 32 products over 4 layers lose a digit at most. No
    # difference at all would mean that nothing was compared.
    assert check.difference.between(1e-8, 2e-6).all()


def test_a_wrong_formula_shows(monkeypatch):
    right = numpy_network.backward

    def doubled(*arguments):
        return [2 * delta for delta in right(*arguments)]

    monkeypatch.setattr(numpy_network, "backward", doubled)
    wrong = backprop_check.measure(("tanh",), depth=2, width=8, seeds=1, samples=4)
    by_signal = wrong.groupby("signal").difference
    np.testing.assert_allclose(by_signal.max()[["delta", "weight_gradient"]], 0.5, rtol=1e-5)
    assert (by_signal.max()[["z", "h"]] < 1e-6).all()


def test_the_figure_and_the_summary_tell_the_largest(check):
    figure = backprop_check.draw(check)
    assert len(figure.axes) == 2 and len(figure.get_label()) > 60
    assert backprop_check.summary(check)["worst"] == check.difference.max()


def test_the_command_line_writes_records(tmp_path, capsys):
    file = tmp_path / "x.json"
    options = ["--activation", "elu", "--depth", "2", "--width", "4", "--seeds", "1"]
    parts = backprop_check.measure, backprop_check.draw, backprop_check.table
    argv = [*options, "--samples", "4", "--output", str(file)]
    assert cli.main("", *parts, argv=argv) == 0
    assert "ELU + He normal" in capsys.readouterr().out
    assert len(json.loads(file.read_text())) == 4 * 2

"""The right size of the weights between two wrong ones."""

import json

import pytest

from initializers import weight_size
from lab import cli


def run(snippet, argv, options=None):
    return cli.main("", snippet.measure, snippet.draw, snippet.table, options=options, argv=argv)


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

"""How deep the corrected sigmoid learns."""

import json

from initializers import xavier_sigmoid, xavier_sigmoid_depth
from lab import cli


def test_only_the_corrected_sigmoid_learns_with_six_layers(tmp_path):
    file = tmp_path / "x.json"
    argv = ["--start", "glorot", "--start", "centred", "--depth", "6", "--seeds", "1"]
    argv += ["--epochs", "4", "--output", str(file)]
    assert run(xavier_sigmoid_depth, argv) == 0
    accuracy = {row["start"]: row["test_accuracy"] for row in json.loads(file.read_text())}
    assert accuracy["glorot"] < 0.2  # ten classes: chance is 0.1
    assert accuracy["centred"] > 0.7


def run(snippet, argv):
    options = xavier_sigmoid.OPTIONS
    return cli.main("", snippet.measure, snippet.draw, snippet.table, options=options, argv=argv)

"""The experiments as commands: each writes its figure and its records, and prints a table."""

import csv
import json

import pytest

import trainable_depth
from activations import (
    activation_curves,
    born_dead,
    dead_at_start,
    dead_units,
    leaky_slopes,
    linear_collapse,
    operating_point,
    path_slopes,
    saturation,
    xor_without_activations,
)
from lab import arguments, cli
from pairs import (
    adam_and_depth,
    after_he,
    critical_depth,
    factor_per_pair,
    gelu_and_silu,
    sigma_sweep,
)

SMALL = ["--width", "8", "--seeds", "1"]
PAIR = ["--activation", "relu", "--initializer", "he_normal"]


def option(flag, lowest):
    return cli.Option(flag, arguments.whole(lowest), "", "N")


#: Experiment → the options that it brings, arguments, rows (None: some).
COMMANDS = {
    activation_curves: (
        {"reach": activation_curves.REACH},
        ["--reach", "3"],
        None,
    ),
    operating_point: ({"epochs": option("--epochs", 0)}, ["--depth", "2", *SMALL], None),
    saturation: ({}, ["--depth", "4", *SMALL], None),
    path_slopes: (
        {"paths": option("--paths", 1)},
        ["--depth", "2", "--paths", "3", *SMALL],
        None,
    ),
    linear_collapse: ({}, ["--depth", "2", "--epochs", "1", *SMALL], 1),
    xor_without_activations: (
        {"networks": xor_without_activations.NETWORKS},
        ["--network", "tanh:1", "--epochs", "1", *SMALL],
        1,
    ),
    dead_units: (
        {"causes": dead_units.CAUSE},
        ["--cause", "0.01:0.1", "--depth", "2", "--epochs", "1", *SMALL],
        None,
    ),
    born_dead: (
        {"samples": option("--samples", 1)},
        ["--width", "2", "--depth", "3", "--seeds", "20", "--samples", "3"],
        None,
    ),
    leaky_slopes: (
        {"slopes": leaky_slopes.SLOPES},
        ["--slope", "0.2", "--depth", "2", *SMALL],
        None,
    ),
    dead_at_start: ({}, ["--depth", "2", "--bias", "-1", *SMALL], None),
    factor_per_pair: ({}, [*PAIR, "--depth", "3", *SMALL], 1),
    trainable_depth: ({}, [*PAIR, "--depth", "1", "--epochs", "1", *SMALL], 1),
    gelu_and_silu: (
        {"starts": gelu_and_silu.STARTS},
        [*PAIR, "--start", "2", "--depth", "3", *SMALL],
        3,
    ),
    adam_and_depth: (
        adam_and_depth.OPTIONS,
        ["--initializer", "he_normal", "--depth", "1", "--adam-depth", "2", *SMALL],
        2,
    ),
    sigma_sweep: (
        {},
        ["--sigma", "0.5", "--sigma", "1", "--depth", "1", "--epochs", "1", *SMALL],
        2,
    ),
    critical_depth: (
        critical_depth.OPTIONS,
        [
            *[
                "--activation",
                "tanh",
                "--sigma",
                "0.1",
                "--sigma",
                "0.2",
                "--depth",
                "1",
                "--seeds",
                "1",
            ]
        ],
        2,
    ),
    after_he: (
        after_he.OPTIONS,
        ["--method", "residual", "--depth", "1", "--epochs", "1", "--seeds", "1"],
        1,
    ),
}


@pytest.mark.parametrize("experiment", COMMANDS, ids=lambda experiment: experiment.__name__)
def test_a_command_writes_what_it_measures(experiment, tmp_path, capsys):
    options, arguments, expected = COMMANDS[experiment]
    files = [tmp_path / name for name in ("x.json", "x.csv", "x.svg")]
    argv = [*arguments, *(part for file in files for part in ("--output", str(file)))]
    run = (experiment.measure, experiment.draw, experiment.table)
    assert cli.main("Prueba", *run, options=options, argv=argv) == 0
    rows = json.loads(files[0].read_text())
    with files[1].open(newline="") as lines:
        assert len(list(csv.DictReader(lines))) == len(rows)
    assert len(rows) == expected if expected else rows
    assert "<svg" in files[2].read_text()
    assert capsys.readouterr().out.count("\n") > 1


def test_the_pictures_of_a_network_are_in_its_records(tmp_path):
    file = tmp_path / "x.json"
    sizes = ["--width", "4", "--seeds", "1", "--epochs", "1", "--output", str(file)]
    board = xor_without_activations
    argv = ["--network", "tanh:1", *sizes]
    options = {"networks": board.NETWORKS}
    assert cli.main("", board.measure, board.draw, board.table, options=options, argv=argv) == 0
    assert len(json.loads(file.read_text())[0]["paint"]) == board.PIXELS
    argv = ["--depth", "2", *sizes]
    run = (linear_collapse.measure, linear_collapse.draw, linear_collapse.table)
    assert cli.main("", *run, argv=argv) == 0
    templates = json.loads(file.read_text())[0]["templates"]
    assert (len(templates), len(templates[0])) == (10, 64)

"""The experiments of the theme as commands: they write, and refuse bad input in one line."""

import json

import pytest

from lab import cli
from transformer import (
    attention_logits,
    attention_rank,
    first_aid,
    gates,
    layer_norm,
    norm_place,
    residual_growth,
)
from verdicts.statements.transformer import STATEMENTS

VECTORS = {"vectors": cli.Option("--vectors", cli.whole(1), "", "N")}
STACK = ["--depth", "2", "--width", "8", "--seeds", "2"]
#: Experiment → its options, arguments, rows, bad input.
COMMANDS = {
    attention_logits: (
        attention_logits.OPTIONS,
        ["--dim", "4", "--seeds", "2"],
        4,
        ["--keys", "1"],
    ),
    attention_rank: (norm_place.OPTIONS, ["--kind", "pre", *STACK], 6, ["--kind", "Pre"]),
    first_aid: (
        first_aid.MINE,
        ["--kind", "pre", "--aid", "clip", "--optimizer", "sgd", "--steps", "3", *STACK],
        6,
        ["--optimizer", "adan"],
    ),
    gates: (
        gates.OPTIONS | VECTORS,
        ["--gate", "glu", "--start", "2", "--depth", "1", "--width", "4", "--seeds", "1"],
        2,
        ["--start", "0"],
    ),
    layer_norm: (
        layer_norm.OPTIONS | VECTORS,
        ["--size", "0.5", "--width", "4", "--seeds", "2"],
        4,
        ["--width", "2"],
    ),
    norm_place: (norm_place.OPTIONS, ["--kind", "bare", *STACK], 6, ["--width", "6"]),
    residual_growth: (norm_place.OPTIONS, ["--kind", "scaled", *STACK], 6, ["--tokens", "1"]),
}


@pytest.mark.parametrize("experiment", COMMANDS, ids=lambda experiment: experiment.__name__)
def test_a_command_writes_what_it_measures(experiment, tmp_path, capsys):
    options, arguments, rows, _ = COMMANDS[experiment]
    files = [tmp_path / name for name in ("x.json", "x.svg")]
    argv = [*arguments, *(part for file in files for part in ("--output", str(file)))]
    run = (experiment.measure, experiment.draw, experiment.table)
    assert cli.main("Prueba", *run, options=options, argv=argv) == 0
    assert len(json.loads(files[0].read_text())) == rows
    assert "<svg" in files[1].read_text()
    assert capsys.readouterr().out.count("\n") > 1


@pytest.mark.parametrize("experiment", COMMANDS, ids=lambda experiment: experiment.__name__)
def test_bad_input_is_refused_in_one_line(experiment, capsys):
    options, _, _, bad = COMMANDS[experiment]
    run = (experiment.measure, experiment.draw, experiment.table)
    with pytest.raises(SystemExit) as left:
        cli.main("Prueba", *run, options=options, argv=bad)
    said = capsys.readouterr().err
    assert (left.value.code, said.count("\n")) == (2, 1)
    assert f"«{bad[1]}»" in said


def test_the_statements_are_about_these_experiments():
    names = {experiment.__name__ for experiment in COMMANDS}
    assert {statement.experiment for statement in STATEMENTS} < names

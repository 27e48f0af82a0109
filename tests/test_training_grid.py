"""The second experiment: many runs, independent of each other, some of which diverge."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT

import training_grid
from lab import catalog, data, model, training

SIZES = {"depth": 3, "width": 16, "epochs": 2, "learning_rate": 1e-2}
INITIALIZERS = ("random_normal:1e15", "he_normal")


@pytest.fixture(scope="module")
def grid():
    """Weights of 10¹⁵ overflow from the start; the same network with He's goes on."""
    return training_grid.measure(("relu", "tanh"), INITIALIZERS, seeds=2, **SIZES)


def test_one_row_for_each_combination_seed_and_epoch(grid):
    keys = grid[["activation", "initializer", "seed", "epoch"]].itertuples(index=False, name=None)
    assert list(keys) == [
        (activation, initializer, seed, epoch)
        for activation in ("relu", "tanh")
        for initializer in INITIALIZERS
        for seed in range(2)
        for epoch in range(3)
    ]


def test_a_run_that_diverges_says_so_and_the_others_go_on(grid):
    lost = (grid.activation == "relu") & (grid.initializer == INITIALIZERS[0])
    assert lost.sum() == 6
    assert (grid.diverged == lost).all()
    assert grid.loc[lost, list(training.METRICS)].isna().all(axis=None)
    assert grid.loc[~lost, list(training.METRICS)].notna().all(axis=None)


def test_a_run_does_not_depend_on_the_runs_before_it(grid):
    network = model.mlp("relu", "he_normal", depth=3, width=16, seed=1)
    trainer = training.Trainer(network, data.load(), learning_rate=1e-2)
    alone = [list(values.values()) for values in trainer.epochs(2, seed=1)]
    part = grid.query("activation == 'relu' and initializer == 'he_normal' and seed == 1")
    np.testing.assert_array_equal(part[list(training.METRICS)], alone)


def test_the_table_counts_what_diverged(grid):
    table = training_grid.table(grid)
    assert list(table["combinación"]) == [
        catalog.label(a, i) for a in ("relu", "tanh") for i in INITIALIZERS
    ]
    assert list(table["divergen"]) == ["2 de 2", "0 de 2", "0 de 2", "0 de 2"]
    last = grid.query("activation == 'tanh' and initializer == 'he_normal' and epoch == 2")
    row = table.iloc[-1]
    assert row["pérdida"] == f"{last.train_loss.mean():.3g}"
    assert row["aciertos (prueba), %"] == f"{100 * last.test_accuracy.mean():.1f}"
    assert row["peor semilla, %"] == f"{100 * last.test_accuracy.min():.1f}"


@pytest.mark.filterwarnings("error")
def test_the_figure_leaves_out_what_diverged(grid, tmp_path):
    figure = training_grid.draw(grid)
    figure.savefig(tmp_path / "x.png")
    loss = figure.axes[0]
    assert loss.get_title() == "ReLU"
    part = grid.query("activation == 'relu' and initializer == 'he_normal'")
    mean = part.groupby("epoch").train_loss.mean()
    lines = [line.get_ydata() for line in loss.get_lines()]
    assert any(np.array_equal(y, mean) for y in lines)
    assert any(np.isnan(y).all() for y in lines)
    assert "ReLU + He normal" in figure.get_label()


def test_two_processes_measure_the_same_bits(grid, tmp_path):
    """Four networks more than two lanes' worth, so that what is kept is forgotten, too."""
    file = tmp_path / "x.json"
    sizes = [f"--{key.replace('_', '-')}={value}" for key, value in SIZES.items()]
    names = ["--activation=relu", "--activation=tanh", "--activation=elu", "--activation=silu"]
    names += [f"--initializer={name}" for name in INITIALIZERS]
    command = [sys.executable, ROOT / "snippets" / "training_grid.py", *sizes, *names]
    done = subprocess.run(
        [*command, "--seeds=2", "--jobs=2", f"--output={file}"],
        env=os.environ | {"LAB_STORE": str(tmp_path / "store")},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, f"guardado: {file}\n")
    rows = pd.read_json(file, precise_float=True)
    theirs = rows[rows.activation.isin(("relu", "tanh"))]
    np.testing.assert_array_equal(theirs[list(training.METRICS)], grid[list(training.METRICS)])

"""Epochs until enough images are right, and epochs in which the loss rises."""

import pandas as pd

from activations import (
    learning_speed,
)


def test_epochs_to_enough_are_those_of_networks_that_all_get_there():
    right = [0.1, 0.9, 0.95, 0.1, 0.5, 0.92]
    grid = pd.DataFrame(
        {"epoch": [0, 1, 2] * 2, "seed": [0] * 3 + [1] * 3, "train_accuracy": right}
    )
    assert learning_speed.epochs_to_enough(grid) == 1.5
    assert learning_speed.epochs_to_enough(grid[:-1]) is None


def test_an_epoch_rises_where_its_loss_is_above_the_one_before():
    runs = learning_speed.measure(("tanh",), ("he_normal",), depth=2, width=16, seeds=2, epochs=3)
    for _, run in runs.groupby("seed"):
        loss = run.train_loss.to_numpy()
        assert run.rises.tolist() == [False, *(loss[1:] > loss[:-1])]


def test_the_first_rise_is_told_or_that_there_is_none():
    loss = {"tanh": [3.0, 2.0, 1.0, 0.5], "relu": [3.0, 2.0, 2.5, 2.6]}
    grid = pd.concat(
        pd.DataFrame({"epoch": range(4), "train_loss": losses, "activation": name})
        for name, losses in loss.items()
    ).assign(initializer="he_normal", seed=0, train_accuracy=0.1, depth=2, width=8)
    rises = grid.groupby("activation").train_loss.diff() > 0
    told = learning_speed.summary(grid.assign(rises=rises))
    assert told["tanh_he_normal_first_rise"] == "nunca"
    assert told["relu_he_normal_first_rise"] == 2

"""Epochs to half the loss, and epochs in which it rises."""

import pandas as pd

from activations import (
    learning_speed,
)


def test_speed_and_steadiness_of_a_known_curve():
    grid = pd.DataFrame({"epoch": [0, 1, 2, 3], "seed": 0, "train_loss": [2.0, 1.5, 1.6, 0.9]})
    assert learning_speed.halving_epoch(grid) == 3
    assert learning_speed.halving_epoch(grid[:3]) is None
    runs = learning_speed.measure(("tanh",), ("he_normal",), depth=2, width=16, seeds=2, epochs=3)
    for _, run in runs.groupby("seed"):
        loss = run.train_loss.to_numpy()
        assert run.rises.tolist() == [False, *(loss[1:] > loss[:-1])]

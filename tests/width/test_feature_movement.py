"""How far features move: against Keras, and against what theory counts."""

import json

import keras
import numpy as np
import pandas as pd
import pytest

from lab import cli, data
from verdicts import effects
from width import coordinate_check, feature_movement
from width.scaled_dense import ScaledDense

WIDTH, RATE, SIZE, SEED = 256, 0.05, 512, 2


def test_it_is_the_ntk_parametrization_with_its_multipliers():
    # W = r^(−1/2) w with deviation r^(1/2) larger and one rate for all: the abc symmetry of SGD.
    moves = feature_movement.measure(("ntk",), (WIDTH,), 2, RATE, 1, SIZE, 1, SEED)
    images = data.load()
    m = (WIDTH / coordinate_check.BASE) ** -0.5
    drawn = coordinate_check.draw_weights("ntk", WIDTH, SEED, depth=2)
    network = keras.Sequential([keras.Input((images.inputs,))])
    for units, multiplier, activation in ((WIDTH, 1, "relu"), (WIDTH, m, "relu"), (10, m, None)):
        network.add(ScaledDense(units, multiplier, activation=activation, use_bias=False))
    network.set_weights([drawn[0], drawn[1] / m, drawn[2] / m])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.SGD(RATE), loss, run_eagerly=True)
    features = keras.Sequential(network.layers[:-1])
    born = np.asarray(features(images.x_test))
    order = np.random.default_rng(SEED).permutation(len(images.x_train))
    losses = []
    for batch in np.split(order, range(SIZE, len(order), SIZE)):
        losses.append(network.train_on_batch(images.x_train[batch], images.y_train[batch]))
        network.reset_metrics()
    change = np.asarray(features(images.x_test)) - born
    assert moves.train_loss[0] == pytest.approx(np.mean(losses), rel=1e-4)
    assert moves.moved[0] == pytest.approx(np.linalg.norm(change) / np.linalg.norm(born), rel=1e-3)


def test_theory_counts_the_features_of_the_last_hidden_layer():
    assert feature_movement.predict("ntk") == -1 / 2
    assert feature_movement.predict("mup") == 0
    assert feature_movement.predict("standard") == 1 / 2


def test_a_power_that_is_put_in_comes_out():
    rows = [
        {"parametrization": "ntk", "width": width, "depth": 3, "seed": seed, "epochs": 3,
         "moved": (1 + seed) * width**-0.5, "train_loss": 0.3}
        for width in (32, 64, 128) for seed in (0, 1)
    ]  # fmt: skip
    moves = pd.DataFrame(rows)
    np.testing.assert_allclose(effects.feature_growth(moves, "ntk"), -0.5)
    assert effects.feature_growth.predicted(feature_movement.predict, moves, "ntk") == -0.5
    values = feature_movement.summary(moves)
    assert values["ntk_growth"] == pytest.approx(-0.5)
    assert values["ntk_moved_narrowest"] == pytest.approx((2 / 32) ** 0.5)


def test_the_command_writes_records_and_a_figure(tmp_path, capsys):
    f = feature_movement
    files = [tmp_path / "x.json", tmp_path / "x.svg"]
    argv = ["--width", "8", "--width", "16", "--seeds", "2", "--epochs", "1", "--depth", "1"]
    argv += [part for file in files for part in ("--output", str(file))]
    assert cli.main("", f.measure, f.draw, f.table, options=f.OPTIONS, argv=argv) == 0
    assert len(json.loads(files[0].read_text())) == 2 * 2 * 2
    assert "rasgos" in capsys.readouterr().out

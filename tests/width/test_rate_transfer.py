"""The sweep of rates and widths, against Keras; where it finds the minimum."""

import json

import numpy as np
import pandas as pd
import pytest

from lab import cli, data
from verdicts import effects
from width import coordinate_check, rate_transfer
from width.coordinate_check import BASE

RATES = (0.001, 0.002, 0.004, 0.008, 0.016)


def sweep_of(best, widths=(32, 64, 128), seeds=2):
    """Return a sweep whose loss is least at the rate ``best(width)``, in all seeds."""
    rates = 0.0005 * 2.0 ** np.arange(7)
    return pd.DataFrame(
        {
            "parametrization": "standard",
            "width": width,
            "depth": 3,
            "seed": seed,
            "epochs": 2,
            "learning_rate": rate,
            "train_loss": (1 + seed) / width * np.exp(np.log(rate / best(width)) ** 2),
        }
        for width in widths
        for seed in range(seeds)
        for rate in rates
    )


def test_the_loss_is_that_of_keras():
    import keras

    width, rate, seed, size = 32, 0.004, 1, 256
    sweep = rate_transfer.measure(("mup",), (width,), (rate, 0.01), 2, 2, size, 1, seed)
    images = data.load()
    drawn = coordinate_check.draw_weights("mup", width, seed, depth=2)
    network = keras.Sequential([keras.Input((images.inputs,))])
    for w in drawn:
        activation = None if w is drawn[-1] else "relu"
        network.add(keras.layers.Dense(w.shape[1], activation=activation, use_bias=False))
    network.set_weights(drawn)
    factors = coordinate_check.factors("mup", "adam", width, 2)
    adams = [keras.optimizers.Adam(rate * factor) for factor in factors]
    entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    import tensorflow as tf

    rng = np.random.default_rng(seed)
    for _ in range(2):
        order, losses = rng.permutation(len(images.x_train)), []
        for batch in order[: len(order) // size * size].reshape(-1, size):
            with tf.GradientTape() as tape:
                loss = entropy(images.y_train[batch], network(images.x_train[batch]))
            variables = network.trainable_variables
            found = tape.gradient(loss, [variable.value for variable in variables])
            for adam, gradient, variable in zip(adams, found, variables, strict=True):
                adam.apply([gradient], [variable])
            losses.append(float(loss))
    assert sweep.train_loss.iloc[0] == pytest.approx(np.mean(losses), rel=1e-4)


def test_at_the_base_width_both_parametrizations_train_alike():
    sweep = rate_transfer.measure(widths=(BASE,), rates=RATES[:2], epochs=1, seeds=1)
    standard, mup = (part.train_loss.to_numpy() for _, part in sweep.groupby("parametrization"))
    np.testing.assert_array_equal(standard, mup)


def test_a_drift_that_is_put_in_comes_out():
    sweep = sweep_of(lambda width: 0.16 / width)
    best = rate_transfer.best_rates(sweep)
    np.testing.assert_allclose(best.best_rate, 0.16 / best.width)
    np.testing.assert_allclose(rate_transfer.drift(sweep)["standard"], -1)
    np.testing.assert_allclose(effects.rate_drift(sweep, "standard"), -1)
    np.testing.assert_allclose(effects.rate_ratio(sweep, "standard", 64), 2)
    assert effects.rate_ratio.predicted(rate_transfer.predict, sweep, "standard", 64) == 2
    assert rate_transfer.carried(sweep, "standard") == (0.002, 0.001)


def test_losses_are_compared_each_at_its_best_rate():
    standard = sweep_of(lambda width: 0.16 / width)
    mup = sweep_of(lambda width: 0.008).assign(parametrization="mup")
    mup["train_loss"] *= 3
    found = effects.least_loss(pd.concat([standard, mup]), "mup", "standard")
    at_128 = np.exp(np.log(0.001 / (0.16 / 128)) ** 2)  # the nearest rate that was tried
    np.testing.assert_allclose(found, 3 / at_128)


def test_losses_are_compared_both_at_the_rate_carried():
    standard = sweep_of(lambda width: 0.16 / width, widths=(64, 128))
    mup = sweep_of(lambda width: 0.0025, widths=(64, 128)).assign(parametrization="mup")
    mup["train_loss"] *= 3
    # Both at 0.002; the standard's minimum has gone to 0.00125.
    costs = [np.exp(np.log(0.002 / best) ** 2) for best in (0.0025, 0.00125)]
    found = rate_transfer.carried_quotient(pd.concat([standard, mup]))
    np.testing.assert_allclose(found, 3 * costs[0] / costs[1])


def test_theory_keeps_what_a_step_changes():
    assert rate_transfer.predict("standard") == -1
    assert rate_transfer.predict("mup") == 0


def test_few_rates_and_large_batches_are_refused_in_a_line(capsys):
    r = rate_transfer
    for argv, said in (
        (["--learning-rate", "0.01", "--output", "x.svg"], "5 o más"),
        (["--batch-size", "5000"], "5000"),
    ):
        small = ["--width", "8", "--seeds", "1", "--epochs", "1"]
        with pytest.raises(SystemExit) as end:
            run = (r.measure, r.draw_minimum, r.table)
            cli.main("", *run, options=r.OPTIONS, argv=[*small, *argv])
        assert end.value.code == 2
        error = capsys.readouterr().err
        assert said in error and error.count("\n") == 1


def test_the_command_writes_records_and_figures(tmp_path, capsys):
    r = rate_transfer
    files = [tmp_path / "x.json", tmp_path / "x.svg"]
    argv = ["--width", "8", "--width", "16", "--seeds", "2", "--epochs", "1", "--depth", "1"]
    argv += [part for rate in RATES for part in ("--learning-rate", str(rate))]
    argv += [part for file in files for part in ("--output", str(file))]
    assert cli.main("", r.measure, r.draw, r.table, options=r.OPTIONS, argv=argv) == 0
    records = json.loads(files[0].read_text())
    assert len(records) == 2 * 2 * 2 * len(RATES)
    assert "con la mejor de 8" in capsys.readouterr().out
    assert len(r.draw_minimum(pd.DataFrame(records)).get_label()) > 60

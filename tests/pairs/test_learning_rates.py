"""The sweep of learning rates: where a training ends, what is best, and what it says of both."""

import json
import math

import numpy as np
import pandas as pd
import pytest

import training_grid
from lab import catalog, cli, data, model
from pairs import learning_rates

SMALL = {"depth": 3, "width": 32, "seeds": 2, "epochs": 8}


def rows(rates, epochs, accuracies, **pair):
    """Return rows of a table, two seeds a rate: epochs to the level (None: never), accuracy."""
    pair = {"optimizer": "sgd", "activation": "relu", "initializer": "he_normal"} | pair
    return pd.DataFrame(
        {
            **pair,
            "learning_rate": rate,
            "seed": seed,
            "epochs_to_level": math.nan if epochs[i][seed] is None else epochs[i][seed],
            "test_accuracy": accuracies[i][seed],
            "trained": epochs[i][seed] or 20,
            "blind": False,
        }
        for i, rate in enumerate(rates)
        for seed in (0, 1)
    )


def test_ends_where_the_whole_training_passes_the_level():
    pair = {"activations": ("tanh",), "initializers": ("he_normal",)}
    sweep = learning_rates.measure(**pair, rates=(1e-2,), optimizers=("sgd",), **SMALL)
    whole = training_grid.measure(**pair, learning_rate=1e-2, **SMALL)
    for seed, history in whole.groupby("seed").test_accuracy:
        row = sweep[sweep.seed == seed].iloc[0]
        first = int(np.argmax(history.to_numpy() >= learning_rates.LEVEL))
        assert first > 0
        assert row.epochs_to_level == first
        assert row.test_accuracy == pytest.approx(history.iloc[first], abs=1e-6)


def test_a_rate_may_be_too_small_or_too_large():
    sweep = learning_rates.measure(
        ("leaky_relu",), ("he_normal",), rates=(1e-9, 1e4), optimizers=("sgd",), **SMALL
    )
    slow, fast = (sweep[sweep.learning_rate == rate] for rate in (1e-9, 1e4))
    assert not slow.diverged.any() and slow.epochs_to_level.isna().all()
    assert fast.diverged.all() and (fast.test_accuracy == 0).all()


def test_a_blind_network_ends_at_once_and_one_that_sees_goes_on():
    """In float64 what tells two images apart is still there, too small for a float32 to say."""
    images = data.load("digits")
    only = {"activations": ("sigmoid",), "initializers": ("glorot_uniform",), "rates": (1e-4,)}
    for depth, blind in ((20, True), (3, False)):
        sweep = learning_rates.measure(
            **only, optimizers=("sgd",), depth=depth, width=32, seeds=1, epochs=2
        )
        assert sweep.blind.item() is blind
        assert sweep.trained.item() == (1 if blind else 2)
        h = images.x_test.astype(float)
        network = model.mlp("sigmoid", depth=depth, width=32)
        model.redraw(network, "glorot_uniform", 0)
        *hidden, head = model.dense_layers(network)
        for layer in hidden:
            h = 1 / (1 + np.exp(-(h @ layer.kernel.numpy().astype(float))))
        logits = h @ head.kernel.numpy().astype(float)
        apart = np.ptp(logits, axis=0).max()
        assert 0 < apart < 1e-7 if blind else apart > 1e-3


def test_scaling_the_weights_is_another_rate_and_other_logits():
    """Train c·W at rate η, W at η/c² with logits times c^L: the same hidden weights, over c."""
    import keras

    c, depth, images = 1.5, 3, data.load("digits")
    x, y = images.x_train[:64], images.y_train[:64]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def trained(scale, rate, output):
        network = model.mlp("relu", "glorot_uniform", depth=depth, width=16, seed=4)
        *hidden, head = model.dense_layers(network)
        for layer in hidden:
            layer.use_bias, layer.bias.trainable = False, False
            layer.kernel.assign(scale * layer.kernel)
        head.trainable = False
        variables = [layer.kernel for layer in hidden]
        import tensorflow as tf

        for _ in range(5):
            with tf.GradientTape() as tape:
                value = loss(y, output * network(x))
            gradients = tape.gradient(value, [variable.value for variable in variables])
            for variable, gradient in zip(variables, gradients, strict=True):
                variable.assign_sub(rate * gradient)
        return [variable.numpy() for variable in variables]

    rate = 0.01
    scaled, plain = trained(c, rate, 1.0), trained(1.0, rate / c**2, c**depth)
    for large, small in zip(scaled, plain, strict=True):
        np.testing.assert_allclose(large, c * small, rtol=2e-4, atol=1e-6)  # float32, five steps


def test_best_is_what_most_seeds_reach_and_then_the_fastest():
    part = rows(
        (1, 2, 3, 4),
        [(9, None), (5, 7), (4, 6), (None, None)],
        [(0.9, 0.2), (0.9, 0.9), (0.9, 0.9), (0.8, 0.8)],
    )
    assert learning_rates.best(part).learning_rate.unique().tolist() == [3]
    assert learning_rates.window(part) == [2, 3]


def test_best_of_those_that_never_reach_is_the_most_accurate():
    part = rows((1, 2), [(None, None)] * 2, [(0.3, 0.4), (0.5, 0.6)])
    assert learning_rates.best(part).learning_rate.unique().tolist() == [2]
    assert learning_rates.window(part) == []
    summary = learning_rates.summary(part)
    assert summary["sgd_relu_he_window"] == 0
    assert math.isnan(summary["sgd_relu_he_best_epochs"])
    assert summary["sgd_relu_he_best_accuracy"] == pytest.approx(0.55)


@pytest.mark.parametrize(
    ("epochs", "words"),
    [
        ((5, 7), "5 a 7 épocas"),
        ((1, 1), "1 época"),
        ((5, None), "llegan 1 de 2"),
        ((None, None), "no llega (40 %)"),
    ],
)
def test_how_a_pair_ends_in_words(epochs, words):
    table = learning_rates.table(rows((1e-3,), [epochs], [(0.3, 0.5)]))
    assert table["con la tasa 0.001"].item() == words


def test_of_a_pair_that_is_blind_at_all_rates_none_is_best():
    part = rows((1e-3, 1e-2), [(None, None)] * 2, [(0.1, 0.1)] * 2).assign(blind=True, trained=1)
    table = learning_rates.table(part)
    assert table["con la tasa 0.001"].item() == "no distingue las imágenes"
    assert table["mejor tasa"].item() == table["con ella"].item() == "—"
    assert learning_rates.summary(part)["relu_blind"] == 4
    assert learning_rates.summary(part)["relu_blind_by"] == 1


def test_the_rates_are_half_a_decade_apart():
    steps = np.diff(np.log10(learning_rates.RATES))
    assert len(learning_rates.RATES) == 7
    assert (learning_rates.RATES[0], learning_rates.RATES[-1]) == (1e-4, 1e-1)
    np.testing.assert_allclose(steps, 0.5, atol=5e-3)  # they are rounded
    assert set(learning_rates.BOOK.values()) <= set(learning_rates.RATES)


def test_the_command_writes_figure_and_data(tmp_path):
    outputs = [tmp_path / "sweep.json", tmp_path / "sweep.svg"]
    argv = ["--activation", "relu", "--learning-rate", "0.01", "--learning-rate", "0.001"]
    argv += ["--optimizer", "adam", "--depth", "2", "--width", "8", "--seeds", "2"]
    argv += ["--epochs", "1", *(f"--output={path}" for path in outputs)]
    code = cli.main(
        "",
        learning_rates.measure,
        learning_rates.draw,
        learning_rates.table,
        options=learning_rates.OPTIONS,
        argv=argv,
    )
    assert code == 0
    found = json.loads(outputs[0].read_text())
    assert {row["learning_rate"] for row in found} == {0.001, 0.01}
    assert {row["initializer"] for row in found} == set(catalog.CANONICAL_INITIALIZERS)
    assert outputs[1].read_text().startswith("<?xml")

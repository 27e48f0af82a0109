"""How deep a pair learns: what is predicted, and when a run stops."""

import math

import pandas as pd
import pytest

import trainable_depth
from lab import data, model, probe, theory


@pytest.mark.parametrize(
    ("activation", "initializer", "chi"),
    [
        ("relu", "glorot_uniform", 1 / 2),
        ("leaky_relu", "he_normal", 1.04),
        ("linear", "orthogonal:2", 4),
        ("tanh", "random_normal:0.0625", 1 / 4),  # σ_w² < 1: the signal dies where tanh'(0) = 1
    ],
)
def test_predicted_depth_in_closed_form(activation, initializer, chi):
    predicted = trainable_depth.predicted_depth(activation, initializer, width=64)
    assert predicted == pytest.approx(6 / abs(math.log(chi)), rel=1e-6)


def test_relu_with_he_has_no_predicted_limit():
    assert trainable_depth.predicted_depth("relu", "he_normal") == math.inf


def test_gradients_against_automatic_differentiation():
    images = data.load()
    network = model.mlp("tanh", "he_normal", depth=3, width=16, seed=4)
    found = trainable_depth.gradients(network, images, "tanh")
    signals = probe.Probe(network)(images.x_train[:256], images.y_train[:256])
    rows = probe.statistics(signals, "tanh")
    # Float32 on the other side
    assert found["delta_ratio"] == pytest.approx(
        rows[0]["delta_rms"] / rows[2]["delta_rms"], rel=1e-5
    )
    assert found["weight_gradient"] == pytest.approx(
        min(row["weight_gradient_rms"] for row in rows), rel=1e-5
    )


class Script:
    """A trainer whose accuracies are known beforehand."""

    def __init__(self, accuracies):
        self.accuracies = accuracies

    def epochs(self, count, seed, parts):
        for accuracy in self.accuracies[: count + 1]:
            self.accuracy = accuracy
            yield {f"{part}_accuracy": accuracy for part in parts}

    def evaluate(self):
        return {"train_accuracy": self.accuracy + 0.01, "test_accuracy": self.accuracy / 2}


@pytest.mark.parametrize(
    ("accuracies", "epochs", "last"),
    [
        ([0.1, 0.5, 0.95, 0.2], 2, 0.95),  # enough: stop there
        ([0.1, 0.2, 0.3, 0.4], 3, 0.4),  # never: to the end
        ([0.1, math.nan, 0.2, 0.3], 1, math.nan),  # diverged
    ],
)
def test_a_run_stops_when_it_is_decided(accuracies, epochs, last):
    end = trainable_depth.learn(Script(accuracies), 3, seed=0)
    assert end["epochs"] == epochs
    assert end["train_accuracy"] == pytest.approx(last + 0.01, nan_ok=True)  # as it ends
    assert end["test_accuracy"] == pytest.approx(last / 2, nan_ok=True)


def test_the_depth_reached_is_the_last_above_half():
    rows = [
        {"activation": "relu", "initializer": i, "depth": d, "train_accuracy": a}
        for i, accuracies in (("he_normal", (0.9, 0.8, 0.4)), ("glorot_uniform", (0.4, 0.2, 0.1)))
        for d, mean in zip((2, 5, 9), accuracies, strict=True)
        for a in (mean - 0.05, mean + 0.05)
    ]
    runs = pd.DataFrame(rows).assign(width=64)
    assert trainable_depth.reached(runs, ("relu", "he_normal")) == 5
    assert trainable_depth.reached(runs, ("relu", "glorot_uniform")) == 0
    # In the order of what theory predicts, not of the table
    assert [pair[1] for pair in trainable_depth.pairs(runs)] == ["glorot_uniform", "he_normal"]


def test_a_good_pair_learns_and_a_bad_one_does_not():
    runs = trainable_depth.measure(
        ("sigmoid",), ("glorot_uniform",), depths=(6,), seeds=1, epochs=2
    )
    assert runs.train_accuracy.item() < 0.2
    assert runs.delta_ratio.item() < 1e-2
    runs = trainable_depth.measure(("tanh",), ("he_normal",), depths=(6,), seeds=1)
    assert runs.train_accuracy.item() >= trainable_depth.ENOUGH
    assert runs.epochs.item() < 10


@pytest.mark.parametrize("pair", [("elu", "glorot_uniform"), ("tanh", "he_normal")])
def test_exact_depth_is_where_a_whole_network_crosses(pair):
    found = trainable_depth.exact_depth(*pair)
    for depth, crossed in ((found - 1, False), (found, True)):
        delta = theory.predict(*pair, [64] * depth, 64).delta_rms
        assert (abs(math.log(delta[0] / delta[-1])) >= 3) == crossed


def test_exact_depth_is_infinite_where_nothing_changes():
    assert trainable_depth.exact_depth("relu", "he_normal") == math.inf
    # Where χ is the same in all layers it is the 6 ξ of the table, and the head's layer.
    glorot = trainable_depth.predicted_depth("relu", "glorot_uniform")
    assert trainable_depth.exact_depth("relu", "glorot_uniform") == math.ceil(glorot) + 1

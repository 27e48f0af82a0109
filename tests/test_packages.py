"""The pairs of chapter 9: their factor, the depth it predicts, and the depth they reach."""

import csv
import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

import trainable_depth
from lab import cli, data, model, probe, theory
from pairs import adam_and_depth, factor_per_pair, gelu_and_silu, sigma_sweep


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
            yield self.evaluate(parts)

    def evaluate(self, parts):
        now = {"train_accuracy": self.accuracy, "test_accuracy": self.accuracy / 2}
        return {name: value for name, value in now.items() if name.split("_")[0] in parts}


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
    assert end["train_accuracy"] == pytest.approx(last, nan_ok=True)
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
    runs = trainable_depth.train("sigmoid", ("glorot_uniform",), depths=(6,), seeds=1, epochs=2)
    assert runs.train_accuracy.item() < 0.2
    assert runs.delta_ratio.item() < 1e-2
    runs = trainable_depth.train("tanh", ("he_normal",), depths=(6,), seeds=1)
    assert runs.train_accuracy.item() >= trainable_depth.ENOUGH
    assert runs.epochs.item() < 10


def test_the_critical_sigma_keeps_the_gradient():
    width = 100
    sigma_w2 = width * sigma_sweep.critical(width) ** 2

    def expectation(function, q):
        return quad(lambda u: function(q**0.5 * u) * norm.pdf(u), -12, 12, limit=200)[0]

    q = 1.0
    for _ in range(60):
        q = sigma_w2 * expectation(lambda z: expit(z) ** 2, q)
    chi = sigma_w2 * expectation(lambda z: (expit(z) * expit(-z)) ** 2, q)
    assert chi == pytest.approx(1, abs=1e-4)


def test_an_orthogonal_linear_network_keeps_or_halves_the_gradient():
    factors = factor_per_pair.measure(
        ("linear",), ("orthogonal", "orthogonal:0.5"), depth=4, width=64, seeds=2
    )
    # The rotations are exact; what is left is the head, which sees other logits.
    np.testing.assert_allclose(factors.measured, [1, 0.5], rtol=0.05)
    np.testing.assert_allclose(factors.predicted, [1, 0.5])


def test_a_wide_random_gelu_network_goes_where_the_map_says():
    # NumPy alone: Gaussian inputs, φ from SciPy's normal distribution, weights of σ_w² = 2.35.
    width, depth, sigma_w2 = 2000, 6, 2.35
    random = np.random.default_rng(0)
    for start in (0.25, 4.0):
        expected, _ = gelu_and_silu.predict("gelu", sigma_w2, start, depth)
        z = np.sqrt(start) * random.standard_normal((20, width))
        for q in expected:
            # Twenty inputs share their weights: the noise of a layer, √(5/width), adds up.
            assert np.mean(z**2) == pytest.approx(q, rel=4 * np.sqrt(5 * depth / width))
            weights = random.standard_normal((width, width), dtype="float32")
            z = (z * norm.cdf(z)) @ weights * np.sqrt(sigma_w2 / width)
    assert expected[-1] > 4.0


@pytest.fixture(scope="module")
def modern():
    return gelu_and_silu.measure(
        ("relu", "gelu"), ("glorot_uniform", "random_normal:0.0959"), depth=6, width=256, seeds=3
    )


def test_every_network_starts_where_it_is_told_to(modern):
    first = modern[modern.layer == 1]
    # The mean square of 256 units that share an image's weights, over 64 images
    np.testing.assert_allclose(first.q / first.start, 1, atol=4 * np.sqrt(2 / 256))


def test_gelu_networks_part_and_relu_networks_stay_parallel(modern):
    numbers = gelu_and_silu.summary(modern)

    def apart(activation, initializer):
        ends = (numbers[f"{activation}_{initializer}_from{q}_last"] for q in ("025", "4"))
        return np.divide(*ends) ** -1

    assert apart("relu", "glorot") == pytest.approx(16, rel=1e-6)  # 4 / 0.25, without a scale
    assert apart("relu", "random") == pytest.approx(16, rel=1e-6)
    assert apart("gelu", "glorot") > 32 and apart("gelu", "random") > 32
    # δ² has a noise of √(5/256) a layer: over five layers, averaged over three networks
    assert 1 <= numbers["worst"] < np.exp(4 * np.sqrt(5 * 5 / 256 / 3) / 2)


def test_a_network_without_chance_has_no_prediction():
    with pytest.raises(ValueError, match="«zeros» no sortea"):
        gelu_and_silu.measure(("gelu",), ("zeros",), depth=2, width=8, seeds=1)


def test_numbers_of_the_section_on_gelu_and_silu(modern):
    numbers = gelu_and_silu.summary(modern)
    silu = quad(lambda u: (u * expit(u)) ** 2 * norm.pdf(u), -12, 12)[0]
    assert numbers["silu_keeps"] == pytest.approx(1 / silu, rel=1e-9)
    gelu = [quad(lambda u: (u * norm.cdf(u)) ** 2 * norm.pdf(u), -12, 12)[0]]
    gelu.append(quad(lambda u: (norm.cdf(u) + u * norm.pdf(u)) ** 2 * norm.pdf(u), -12, 12)[0])
    assert numbers["gelu_chi"] == pytest.approx(gelu[1] / gelu[0], rel=1e-9)
    delta = modern[(modern.activation == "relu") & (modern.start == 4)].pivot(
        index=["initializer", "seed"], columns="layer", values="delta_rms"
    )
    ratios = (delta[1] / delta[6])["glorot_uniform"]
    expected = np.exp(np.log(ratios).mean())
    assert numbers["relu_glorot_from4_delta"] == pytest.approx(expected, rel=1e-12)
    assert numbers["relu_glorot_from4_factor"] == pytest.approx(expected**0.2, rel=1e-12)


SMALL = ["--width", "8", "--seeds", "1"]
PAIR = ["--activation", "relu", "--initializer", "he_normal"]


@pytest.mark.parametrize(
    ("snippet", "options", "arguments", "rows"),
    [
        (factor_per_pair, None, [*PAIR, "--depth", "3", *SMALL], 1),
        (trainable_depth, None, [*PAIR, "--depth", "1", "--epochs", "1", *SMALL], 1),
        (
            gelu_and_silu,
            {"starts": gelu_and_silu.STARTS},
            [*PAIR, "--start", "2", "--depth", "3", *SMALL],
            3,
        ),
        (
            adam_and_depth,
            adam_and_depth.OPTIONS,
            ["--initializer", "he_normal", "--depth", "1", "--adam-depth", "2", *SMALL],
            2,
        ),
        (
            sigma_sweep,
            {},
            ["--sigma", "0.5", "--sigma", "1", "--depth", "1", "--epochs", "1", *SMALL],
            2,
        ),
    ],
)
def test_the_commands_write_what_they_measure(tmp_path, snippet, options, arguments, rows):
    files = [tmp_path / name for name in ("x.json", "x.csv", "x.svg")]
    argv = [*arguments, *(part for file in files for part in ("--output", str(file)))]
    run = (snippet.measure, snippet.draw, snippet.table)
    assert cli.main("Prueba", *run, options=options, argv=argv) == 0
    assert len(json.loads(files[0].read_text())) == rows
    with files[1].open(newline="") as lines:
        assert len(list(csv.DictReader(lines))) == rows
    assert "<svg" in files[2].read_text()


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

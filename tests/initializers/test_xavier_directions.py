"""The three rules of chapter 7, on three shapes."""

import json

import numpy as np
import pytest

from initializers import xavier_directions
from lab import cli, model, theory


def test_glorot_weights_are_uniform_with_the_published_limit():
    # Glorot and Bengio (2010), eq. 16
    network = model.mlp("linear", depth=2, width=[400, 100])
    xavier_directions.redraw(network, "glorot", seed=0)
    weights = model.dense_layers(network)[1].kernel.numpy()
    limit = np.sqrt(6 / (400 + 100))
    assert 0.999 * limit < np.abs(weights).max() <= limit
    # Four deviations of the variance of 40 000 uniform numbers, whose kurtosis is 1.8
    assert weights.var() == pytest.approx(2 / 500, rel=4 * np.sqrt(0.8 / 40_000))


@pytest.mark.parametrize(
    ("rule", "forward", "backward"),
    [
        # Each layer's factors n_in Var(W) and n_out Var(W) telescope, or are 1.
        ("fan_in", 1, (16 / 512) ** 0.5),
        ("fan_out", (512 / 16) ** 0.5, 1),
        ("geometric", (512 / 16) ** 0.25, (16 / 512) ** 0.25),
    ],
)
def test_a_funnel_costs_what_its_two_ends_say(rule, forward, backward):
    widths = xavier_directions.widths_of("funnel", 20)
    out, back = xavier_directions.predict(widths, rule)
    assert (widths[0], widths[-1]) == (512, 16)
    assert out[-1] == pytest.approx(forward)
    assert back[0] == pytest.approx(backward)


def test_an_accordion_loses_the_same_share_at_each_fold():
    out, back = xavier_directions.predict([256, 32] * 10, "glorot")
    fold = np.sqrt(4 * 256 * 32) / (256 + 32)
    np.testing.assert_allclose(out[2::2] / out[:-2:2], fold)
    np.testing.assert_allclose(back[:-2:2] / back[2::2], fold)


def test_on_a_square_network_the_prediction_is_that_of_lab():
    expected = theory.predict("tanh", "glorot_uniform", [128] * 6, 64)
    out, back = xavier_directions.predict([128] * 6, "glorot", "tanh")
    np.testing.assert_allclose(out, expected.preactivation_rms / expected.preactivation_rms[0])
    np.testing.assert_allclose(back, expected.delta_rms / expected.delta_rms[-1])


def test_the_measured_network_follows_the_prediction(tmp_path):
    file = tmp_path / "x.json"
    sizes = ["--shape", "accordion", "--rule", "glorot", "--depth", "6", "--seeds", "10"]
    assert run([*sizes, "--output", str(file)]) == 0
    rows = json.loads(file.read_text())
    assert len(rows) == 6 * 10
    logs = {
        direction: np.log([row[direction] for row in rows]).reshape(10, 6).mean(axis=0)
        for direction in ("forward", "backward")
    }
    out, back = xavier_directions.predict([256, 32] * 3, "glorot")
    # Three layers of 32 units: a bias of 3/64 in the logarithm, and as much noise over 10 seeds.
    np.testing.assert_allclose(logs["forward"], np.log(out), atol=0.15)
    np.testing.assert_allclose(logs["backward"], np.log(back), atol=0.15)


def run(argv):
    return cli.main(
        "",
        xavier_directions.measure,
        xavier_directions.draw,
        xavier_directions.table,
        options=xavier_directions.OPTIONS,
        argv=argv,
    )

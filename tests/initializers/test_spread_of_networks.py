"""The spread of He's networks, against exact moments and products of matrices."""

import json

import numpy as np
import pandas as pd
import pytest

from initializers import spread_of_networks
from lab import cli
from verdicts import effects


def test_the_law_of_one_unit_is_that_of_a_squared_normal():
    # n = 1, alive: X = 2 g², so E[ln X] = ln 2 + ψ(1/2) + ln 2 = −γ and Var = ψ'(1/2) = π²/2.
    mean, variance = spread_of_networks.law_of_log(1)
    assert mean == pytest.approx(-np.euler_gamma)
    assert variance == pytest.approx(np.pi**2 / 2)


@pytest.mark.parametrize("width", [200, 1000])
def test_the_law_tends_to_five_over_n(width):
    mean, variance = spread_of_networks.law_of_log(width)
    assert mean == pytest.approx(-5 / (2 * width), rel=5 / width)  # the next order in 1/n
    assert variance == pytest.approx(5 / width, rel=5 / width)


def test_sizes_are_those_of_the_products_of_matrices():
    width, depth, seed = 6, 4, 2
    forward, backward = spread_of_networks.sizes(width, depth, np.random.default_rng(seed))

    rng = np.random.default_rng(seed)
    weights = rng.standard_normal((depth, width, width)) * np.sqrt(2 / width)
    # A ReLU network is linear once it is known who is active: h_l = D_l W_l … D_1 W_1 x.
    jacobian, masked = np.eye(width), []
    for layer, w in enumerate(weights):
        masked.append(np.diag((w @ jacobian @ np.ones(width) > 0) * 1.0) @ w)
        jacobian = masked[-1] @ jacobian
        assert forward[layer] == pytest.approx(np.mean((jacobian @ np.ones(width)) ** 2))

    active = [np.abs(m).sum(axis=1) > 0 for m in masked]
    delta = rng.standard_normal(width) * active[-1]
    scale = np.mean(delta**2)
    for layer in reversed(range(depth)):
        assert backward[layer] == pytest.approx(np.mean(delta**2) / scale)
        delta = (active[layer - 1] if layer else 1) * (weights[layer].T @ delta)


@pytest.mark.parametrize("way", ["forward", "backward"])
def test_mean_one_and_second_moment_of_hanin_and_rolnick(way):
    width, depth = 16, 3
    spread = spread_of_networks.measure((width,), depth, 8000)
    end = {"forward": depth, "backward": 1}[way]
    layers = {"forward": depth, "backward": depth - 1}[way]
    size = spread[spread.layer == end][way]
    for values, expected in ((size, 1), (size**2, (1 + 5 / width) ** layers)):
        error = values.std() / np.sqrt(len(values))
        assert values.mean() == pytest.approx(expected, abs=4 * error)


def test_measured_logarithms_follow_the_exact_law():
    logs = spread_of_networks.logarithms(spread_of_networks.measure((12,), 6, 3000))
    for row in logs.itertuples():
        # four standard errors, of a mean and of a variance
        assert row.mean == pytest.approx(
            row.predicted_mean, abs=4 * np.sqrt(row.predicted_variance / row.networks)
        )
        assert row.variance == pytest.approx(row.predicted_variance, rel=4 * np.sqrt(3 / 3000))


def test_narrow_networks_are_drawn_more_often():
    spread = spread_of_networks.measure((4, 16), 2, 3)
    assert spread.groupby("width").seed.nunique().to_dict() == {4: 12, 16: 3}


def test_dead_networks_are_left_out_of_the_logarithms():
    spread = spread_of_networks.measure((1,), 3, 200)
    alive = (spread[spread.layer == 3].forward > 0).sum()
    assert 0 < alive < 200  # one unit of three layers lives with probability 1/8
    row = spread_of_networks.logarithms(spread).iloc[0]
    assert row.networks == alive and np.isfinite(row["mean"])
    for draw in (spread_of_networks.draw, spread_of_networks.draw_law):
        assert len(draw(spread).get_label()) > 60


def test_the_command_line_writes_records(tmp_path, capsys):
    path = tmp_path / "spread.json"
    argv = ["--width", "4", "--width", "8", "--depth", "3", "--seeds", "2", "--output", str(path)]
    assert (
        cli.main(
            "",
            spread_of_networks.measure,
            spread_of_networks.draw,
            spread_of_networks.table,
            argv=argv,
        )
        == 0
    )
    rows = json.loads(path.read_text())
    assert len(rows) == (4 + 2) * 3 and {row["layer"] for row in rows} == {1, 2, 3}
    assert "unidades" in capsys.readouterr().out


def test_typical_deviation_of_few_networks_is_not_too_small():
    # 20 groups of 6 normal logarithms: uncorrected, the deviation would be c₄(6) = 0.95 of it.
    logs = np.random.default_rng(1).normal(0, 0.55, (200, 120))
    network = {"width": 8, "depth": 3, "layer": 3, "seed": range(120)}
    found = [
        np.log(
            effects.typical_deviation(pd.DataFrame({**network, "forward": np.exp(2 * h)}), width=8)
        ).mean()
        for h in logs
    ]
    error = np.std(found) / np.sqrt(len(found))
    assert error < 0.005
    assert np.mean(found) == pytest.approx(0.55, abs=4 * error)


def test_typical_deviation_is_what_the_law_predicts():
    spread = spread_of_networks.measure((64,), 6, 1000)
    found = np.log(effects.typical_deviation(spread, 64))
    expected = np.log(spread_of_networks.predict(spread, 64))
    assert expected == pytest.approx(np.sqrt(6 * 5 / 64) / 2, rel=5 / 64)  # first order in 1/n
    assert found.mean() == pytest.approx(expected, abs=4 * found.sem())

"""δ at layer 1 against the depth: against closed forms."""

import json

import numpy as np
import pytest

import depth_sweep
from lab import cli, figures, stats

PAIRS = [(a, i) for a in ("sigmoid", "relu") for i in ("glorot_uniform", "he_normal")]


@pytest.fixture(scope="module")
def sweep():
    """Width 256: half as wide would miss ReLU's factor by 2 %, from finite width alone."""
    return depth_sweep.measure(
        ("sigmoid", "relu"), ("glorot_uniform", "he_normal"), (20, 2), width=256, seeds=4
    )


def test_one_row_for_each_combination_seed_and_depth(sweep):
    keys = sweep[["activation", "initializer", "seed", "depth"]]
    expected = [(*pair, seed, depth) for pair in PAIRS for seed in range(4) for depth in (2, 20)]
    assert list(keys.itertuples(index=False, name=None)) == expected
    assert (sweep.inputs == 64).all()


def test_relu_multiplies_by_sigma_over_the_root_of_two(sweep):
    factors = depth_sweep.factors(sweep).set_index(["activation", "initializer"])
    for initializer, sigma in (("glorot_uniform", 1.0), ("he_normal", np.sqrt(2.0))):
        row = factors.loc["relu", initializer]
        assert row.weights == pytest.approx(sigma)
        assert row.predicted == pytest.approx(sigma / np.sqrt(2), rel=1e-9)
        # 4 seeds, 18 layers, width 256: ±1 % of noise and a bias of -5/(2·256) per layer.
        assert row.measured == pytest.approx(sigma / np.sqrt(2), rel=0.03)
        assert row.slope == pytest.approx(np.sqrt(0.5), rel=0.03)


def test_sigmoid_never_passes_on_more_than_a_quarter(sweep):
    factors = depth_sweep.factors(sweep).query("activation == 'sigmoid'")
    assert (factors.measured < factors.weights / 4).all()
    assert (factors.slope < 0.25).all()


def test_the_factor_is_what_weights_and_activation_put_in(sweep):
    factors = depth_sweep.factors(sweep)
    np.testing.assert_allclose(factors.weights * factors.slope, factors.measured, rtol=0.03)
    np.testing.assert_allclose(factors.predicted, factors.measured, rtol=0.03)


def test_a_shallow_network_is_the_deep_one_cut(sweep):
    alone = depth_sweep.measure(("relu",), ("he_normal",), (2,), width=256, seeds=1)
    part = sweep.query("activation == 'relu' and initializer == 'he_normal' and depth == 2")
    assert alone.slope_rms[0] == part.slope_rms.iloc[0]


def test_one_depth_has_no_factor():
    alone = depth_sweep.measure(("tanh",), ("he_normal",), (3,), width=16, seeds=1)
    assert np.isnan(depth_sweep.factors(alone).measured).all()
    assert depth_sweep.table(alone).shape == (1, 6)


def test_the_figure_shows_points_and_prediction(sweep):
    figure = depth_sweep.draw(sweep)
    assert [ax.get_title() for ax in figure.axes] == ["sigmoide", "ReLU"]
    drawn = [line.get_ydata() for line in figure.axes[1].get_lines()]
    part = sweep.query("activation == 'relu' and initializer == 'he_normal'")
    points = stats.over_seeds(part, "depth", "delta_rms").centre
    assert any(np.array_equal(y, points) for y in drawn)
    line = [depth_sweep.predict(sweep, ("relu", "he_normal"), depth) for depth in range(2, 21)]
    assert any(np.array_equal(y, line) for y in drawn)
    assert "aria-label" in figures.to_svg(figure) and len(figure.get_label()) > 60


def test_the_command_line_writes_records(tmp_path, capsys):
    file = tmp_path / "x.json"
    options = ["--activation", "elu", "--initializer", "lecun_normal", "--depth", "2"]
    options += ["--width", "8", "--seeds", "2", "--samples", "4", "--output", str(file)]
    assert cli.main("", depth_sweep.measure, depth_sweep.draw, depth_sweep.table, argv=options) == 0
    assert "ELU + LeCun normal" in capsys.readouterr().out
    records = json.loads(file.read_text())
    assert [(row["seed"], row["depth"]) for row in records] == [(0, 2), (1, 2)]

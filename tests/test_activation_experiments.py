"""Chapter 4: curves, operating points, the budget of δ, saturation, paths, speed."""

import json

import numpy as np
import pandas as pd
import pytest

from activations import (
    activation_curves,
    gradient_budget,
    learning_speed,
    operating_point,
    path_slopes,
    saturation,
)
from lab import cli


def test_slopes_are_the_finite_differences_of_the_values():
    curves = activation_curves.measure(reach=4.0)
    assert curves.formula_error.max() < 1e-5
    for _, curve in curves.groupby("activation"):
        z, value, slope = (curve[name].to_numpy(float) for name in ("z", "value", "slope"))
        difference = (value[2:] - value[:-2]) / (z[2:] - z[:-2])
        away = abs(z[1:-1]) > 0.02  # from the corner of the ReLU family
        # float32 values over a step of 0.013: the quotient is good to three decimals
        np.testing.assert_allclose(difference[away], slope[1:-1][away], atol=2e-3)


def test_steepest_slopes_and_edges_are_the_textbook_ones():
    numbers = activation_curves.summary(activation_curves.measure())
    assert numbers["sigmoid_steepest"] == pytest.approx(1 / 4)
    assert numbers["tanh_steepest"] == pytest.approx(1)
    step = 0.011  # of z
    assert numbers["tanh_edge_size"] == pytest.approx(np.arccosh(np.sqrt(10)), abs=step)
    assert numbers["elu_edge_size"] == pytest.approx(np.log(10), abs=step)
    assert numbers["leaky_relu_negative_side_least"] == pytest.approx(0.2)


def test_operating_point_agrees_with_its_own_histogram():
    points = operating_point.measure(("tanh", "relu"), ("he_normal",), depth=3, width=64, seeds=2)
    edges = np.linspace(-operating_point.REACH, operating_point.REACH, operating_point.BINS + 1)
    centres = (edges[1:] + edges[:-1]) / 2
    for row in points.itertuples():
        inside = 0 if row.activation == "relu" else -saturation.EDGES["tanh"]
        upper = np.inf if row.activation == "relu" else saturation.EDGES["tanh"]
        steep = np.sum(np.array(row.density)[(centres > inside) & (centres < upper)])
        # one bin at each edge may fall on the wrong side; relu's z > 5 are not in the bins
        assert 1 - row.saturated_fraction == pytest.approx(steep, abs=0.04)
    relu = points[points.activation == "relu"]
    np.testing.assert_allclose(relu.slope_rms**2, 1 - relu.saturated_fraction, atol=1e-9)


def test_the_parts_of_the_budget_add_up_to_what_is_measured():
    budget = gradient_budget.measure(
        ("sigmoid", "relu"), ("he_normal",), depth=8, width=256, seeds=3
    )
    steps = 7
    np.testing.assert_allclose(budget["sum"], budget.measured, atol=steps * np.log10(1.05))
    sigmoid = budget.iloc[0]
    assert sigmoid.steepest == pytest.approx(-steps * np.log10(4))
    assert sigmoid.weights == pytest.approx(steps * np.log10(2) / 2)


def test_saturation_follows_mean_field_theory():
    rows = saturation.centres(saturation.measure(depth=16, width=256, seeds=3))
    np.testing.assert_allclose(rows.factor, rows.predicted_factor, rtol=0.07)  # finite width
    np.testing.assert_allclose(rows.saturated_fraction, rows.predicted_saturated, atol=0.03)


def test_a_sigmoid_network_is_a_tanh_network_with_a_quarter_of_the_weights():
    # σ(z) = (1 + tanh(z/2))/2, so with u = z/2: u_next = (W/4) tanh(u) + (W/4)·1
    rows = saturation.centres(saturation.measure(depth=8, width=32, seeds=1))
    sigmoid = rows.query("way == 'sigmoid' and sigma_w == 4").iloc[0]
    tanh = rows.query("way == 'tanh_bias' and sigma_b == 1").iloc[0]
    assert sigmoid.predicted_factor == pytest.approx(tanh.predicted_factor, rel=1e-6)
    assert sigmoid.predicted_saturated == pytest.approx(tanh.predicted_saturated, rel=1e-6)


def test_paths_multiply_the_slopes_of_their_activation():
    walks = path_slopes.measure(("relu", "leaky_relu"), depth=4, width=16, seeds=2, paths=400)
    relu = walks[walks.activation == "relu"]
    assert set(relu["product"]) == {0.0, 1.0}
    leaky = np.log(walks[walks.activation == "leaky_relu"]["product"]) / np.log(0.2)
    np.testing.assert_allclose(leaky, leaky.round(), atol=1e-9)
    # rms and open_share are over all paths: the sampled ones estimate them.
    for _, part in walks.groupby(["activation", "layer"]):
        sampled = np.mean(part["product"] ** 2)
        assert np.mean(part.rms**2) == pytest.approx(sampled, abs=4 * 0.5 / np.sqrt(len(part)))
    np.testing.assert_allclose(relu.rms**2, relu.open_share)


def test_speed_and_steadiness_of_a_known_curve():
    grid = pd.DataFrame({"epoch": [0, 1, 2, 3], "seed": 0, "train_loss": [2.0, 1.5, 1.6, 0.9]})
    assert learning_speed.halving_epoch(grid) == 3
    assert learning_speed.halving_epoch(grid[:3]) is None
    runs = learning_speed.measure(("tanh",), ("he_normal",), depth=2, width=16, seeds=2, epochs=3)
    for _, run in runs.groupby("seed"):
        loss = run.train_loss.to_numpy()
        assert run.rises.tolist() == [False, *(loss[1:] > loss[:-1])]


@pytest.mark.parametrize(
    ("module", "argv", "options"),
    [
        (activation_curves, ["--reach", "3"], {"reach": activation_curves.REACH}),
        (
            operating_point,
            ["--depth", "2", "--width", "4", "--seeds", "1"],
            {"epochs": cli.Option("--epochs", cli.whole(0), "", "N")},
        ),
        (saturation, ["--depth", "4", "--width", "8", "--seeds", "1"], {}),
        (
            path_slopes,
            ["--depth", "2", "--width", "4", "--seeds", "1", "--paths", "3"],
            {"paths": cli.Option("--paths", cli.whole(1), "", "N")},
        ),
    ],
)
def test_command_lines_write_their_records(module, argv, options, tmp_path, capsys):
    file = tmp_path / "x.json"
    argv = [*argv, "--output", str(file), "--output", str(tmp_path / "x.svg")]
    assert cli.main("", module.measure, module.draw, module.table, options=options, argv=argv) == 0
    assert json.loads(file.read_text())
    assert (tmp_path / "x.svg").stat().st_size > 1000
    assert capsys.readouterr().out.count("\n") > 1

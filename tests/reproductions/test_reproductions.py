"""The six reproductions, against closed forms, NumPy and the published numbers."""

import json

import numpy as np
import pandas as pd
import pytest

from lab import cli, theory
from reproductions import glorot2010, hanin2018, he2015, lu2019, saxe2013, schoenholz2017

# --- Glorot and Bengio 2010 ---------------------------------------------------------------

QUARTER_CIRCLE = 8 / (3 * np.pi)  # mean over root mean square


@pytest.mark.parametrize(("rule", "sigma"), [("standard", 3**-0.5), ("normalized", 1.0)])
def test_where_tanh_is_straight_the_mean_singular_value_is_that_of_a_quarter_circle(rule, sigma):
    data = glorot2010.measure((rule,), depth=3, width=200, input_rms=0.05, samples=8, seeds=3)
    # Slopes are above 0.998; the mean over 200 values in two layers of three seeds varies by 0.3 %.
    assert data.singular.mean() == pytest.approx(QUARTER_CIRCLE * sigma, rel=0.01)
    assert glorot2010.RULES[rule][4] == pytest.approx(QUARTER_CIRCLE * sigma, abs=0.05)


def test_standard_weights_shrink_both_signals_and_not_the_weight_gradients():
    data = glorot2010.measure(("standard",), width=200, input_rms=0.05, samples=64, seeds=3)
    values = glorot2010.summary(data)
    # (15): n Var(W) = 1/3, four times over; the spread of one factor is some (5/2n)^½ = 11 %.
    assert values["standard_activation"] == pytest.approx(1 / 9, rel=0.2)
    assert values["standard_delta"] == pytest.approx(1 / 9, rel=0.2)
    assert values["standard_weight_gradient"] < 1.3


def test_the_prediction_for_the_normalized_rule_is_that_of_lab():
    h, delta, _ = glorot2010.predict("normalized", 5, 300, input_rms=0.7)
    expected = theory.predict("tanh", "glorot_uniform", [300] * 5, inputs=1024, input_moment=0.7**2)
    np.testing.assert_allclose(h, expected.activation_rms)
    np.testing.assert_allclose(delta, expected.delta_rms)


def test_singular_values_are_those_of_numpy():
    matrix = np.random.default_rng(0).standard_normal((30, 30))
    np.testing.assert_allclose(
        glorot2010.singular_values(matrix)[::-1], np.linalg.svd(matrix, compute_uv=False)
    )


def test_enlarged_digits_keep_their_classes_and_have_the_size_asked_for():
    from lab import data

    x, y = glorot2010.enlarged_digits(5, 0.3)
    assert x.shape == (5, 1024)
    assert np.mean(x**2) == pytest.approx(0.09)
    small = data.load().x_train[:5].reshape(5, 8, 8)
    large = x.reshape(5, 32, 32)
    scale = large[0, 0, 0] / small[0, 0, 0]
    np.testing.assert_allclose(large[:, ::4, ::4], scale * small, rtol=1e-5)
    np.testing.assert_allclose(large[:, 3::4, 3::4], scale * small, rtol=1e-5)
    np.testing.assert_array_equal(y, data.load().y_train[:5])


# --- Saxe et al. 2013 ---------------------------------------------------------------------


def test_one_gaussian_matrix_has_singular_values_on_a_quarter_circle():
    s, share = saxe2013.singular_law(1)
    circle = (
        s * np.sqrt(np.maximum(4 - s**2, 0)) / 2 + 2 * np.arcsin(np.minimum(s / 2, 1))
    ) / np.pi
    np.testing.assert_allclose(share, circle, atol=1e-5)


@pytest.mark.parametrize("factors", [1, 5, 20])
def test_the_mean_square_of_the_singular_values_is_kept(factors):
    s, share = saxe2013.singular_law(factors)
    assert share[-1] == pytest.approx(1, abs=1e-5)
    assert np.sum(np.diff(share) * (s[1:] ** 2 + s[:-1] ** 2) / 2) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(("factors", "percent"), [(4, 24), (5, 32), (6, 38), (100, 94)])
def test_only_5_and_100_matrices_give_the_published_shares(factors, percent):
    assert round(100 * saxe2013.share_at_origin(factors)) == percent
    if factors in saxe2013.PUBLISHED:
        assert saxe2013.PUBLISHED[factors] == percent / 100


def test_products_follow_both_laws():
    data = saxe2013.measure(factors=(1, 5), width=60, seeds=10)
    values = saxe2013.summary(data)
    assert values["orthogonal_5_off"] < 1e-12
    # 600 eigenvalues that repel each other vary by less than as many independent ones: 2 %.
    assert values["gaussian_5_origin"] == pytest.approx(0.32, abs=0.06)
    s, share = saxe2013.singular_law(5)
    gaussian = data[(data.kind == "gaussian") & (data.factors == 5)]
    below = [(gaussian.singular < edge).mean() for edge in (0.01, 0.1, 1.0)]
    np.testing.assert_allclose(below, np.interp((0.01, 0.1, 1.0), s, share), atol=0.03)


# --- Lu et al. 2019 -----------------------------------------------------------------------


def test_of_networks_one_unit_wide_each_layer_after_the_first_kills_half():
    data = lu2019.measure(widths=(1,), deepest=6, networks=4000, seeds=1)
    # The first unit is on for x or for −x, never for both; a later one survives every other time.
    expected = 1 - 0.5 ** (data.layers - 2)
    np.testing.assert_allclose(data.dead, expected, atol=4 * 0.5 / np.sqrt(4000))


def test_published_probabilities_of_ten_layers():
    values = lu2019.summary(lu2019.measure(deepest=10, networks=1000, seeds=4))
    assert values["dead_3"] == pytest.approx(0.6, abs=0.05)
    assert values["dead_5"] > 0.1
    assert values["dead_10"] < 0.01
    for width in (2, 3, 5, 10):
        assert values[f"dead_{width}"] < values[f"bound_{width}"]
    assert values["bound_2"] == pytest.approx(1 - 0.75**9)


def test_two_units_can_be_the_absolute_value():
    weights = [np.array([[[1.0, -1.0]]]), np.array([[[1.0], [1.0]]])]
    biases = [np.zeros((1, 1, 2)), np.zeros((1, 1, 1))]
    x = np.linspace(-1, 1, 5)[:, None]
    np.testing.assert_allclose(lu2019.forward(weights, biases, x)[1][0], abs(x))
    assert not lu2019.constant(weights, biases)[0]
    weights[1] *= 0
    assert lu2019.constant(weights, biases)[0]


def test_gradients_are_those_of_finite_differences():
    rng = np.random.default_rng(3)
    fans = [(1, 3), (3, 3), (3, 1)]
    weights = [rng.standard_normal((2, *pair)) for pair in fans]
    biases = [rng.standard_normal((2, 1, pair[1])) for pair in fans]
    x = rng.uniform(-1, 1, (6, 1))

    def loss(network):
        output = lu2019.forward(weights, biases, x)[1][network]
        return np.mean((output - abs(x)) ** 2)

    parameters = weights + biases
    for array, gradient in zip(parameters, lu2019.gradients(weights, biases, x), strict=True):
        for place in np.ndindex(array.shape):
            kept, ends = array[place], []
            for step in (1e-6, -1e-6):
                array[place] = kept + step
                ends.append(loss(place[0]))
            array[place] = kept
            assert gradient[place] == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-6)


def test_training_kills_more_than_are_born_dead():
    born, after = lu2019.train(networks=300, steps=250)
    assert 0.8 < born < after < 1
    assert after > 0.9


# --- Hanin and Rolnick 2018 ---------------------------------------------------------------


def test_three_shapes_share_their_sum_and_two_of_them_the_width_of_a_fourth():
    sums = {shape: hanin2018.predict(shape)[0] for shape in hanin2018.SHAPES}
    assert sums["even_32"] == sums["accordion"] == pytest.approx(sums["step"]) == 0.625
    means = {shape: np.mean(widths) for shape, (_, widths) in hanin2018.SHAPES.items()}
    assert means["accordion"] == means["step"] == means["even_50"] == 50


def test_the_sum_of_reciprocals_decides_the_spread():
    data = hanin2018.measure(("even_50", "step"), networks=250)
    values = hanin2018.summary(data)
    for shape in ("even_50", "step"):
        # Four standard errors of a variance: 4 (2/250)^½
        assert values[f"{shape}_variance"] == pytest.approx(values[f"{shape}_theory"], rel=0.36)
        assert values[f"{shape}_low"] < values[f"{shape}_variance"] < values[f"{shape}_high"]
    assert values["even_50_high"] < values["step_low"]


# --- Schoenholz et al. 2017 ---------------------------------------------------------------


def test_gradients_change_by_the_predicted_factor():
    variances = (0.4, 4.0)
    data = schoenholz2017.measure(variances, width=150, depth=50, seeds=6)
    for variance, part in data.groupby("weight_variance"):
        # ln δ² wanders by some (5/150)^½ a layer: 0.014 in the mean of 30 layers and 6 seeds.
        expected = schoenholz2017.predict(variance)
        assert part.log_chi.mean() == pytest.approx(expected, abs=0.06)
    assert schoenholz2017.predict(0.4) < 0 < schoenholz2017.predict(4.0)


def test_too_few_layers_to_settle():
    with pytest.raises(ValueError, match="22 capas o más; recibidas: 21"):
        schoenholz2017.measure(depth=21)


def test_half_the_answers_are_lost_where_the_line_says():
    runs = pd.DataFrame(
        {
            "weight_variance": 0.5,
            "depth": [4, 8, 12, 4, 8, 12],
            "multiple": [2.0, 4.0, 6.0] * 2,
            "seed": [0, 0, 0, 1, 1, 1],
            "train_accuracy": [0.9, 0.8, 0.1, 0.9, 0.6, 0.1],
        }
    )
    values = schoenholz2017.summary_trained(runs)
    # From 0.7 at 4 ξ to 0.1 at 6 ξ: a third of the way.
    assert values["half_05"] == pytest.approx(4 + 2 / 3)
    assert values["layers_05"] == pytest.approx(2 * values["half_05"])
    shallow = schoenholz2017.summary_trained(runs[runs.depth < 12])
    assert np.isnan(shallow["half_05"])


def test_the_trained_networks_have_the_weights_they_are_named_after():
    runs = schoenholz2017.train((0.5,), depths=(2,), width=16, seeds=1)
    assert float(runs.initializer[0].partition(":")[2]) ** 2 * 16 == pytest.approx(0.5)
    # Without biases the fixed point of σ_w² < 1 is 0, where χ = σ_w².
    assert runs.multiple[0] == pytest.approx(2 * np.log(2), rel=1e-3)
    assert schoenholz2017.draw_trained(runs).get_label()


# --- He et al. 2015 -----------------------------------------------------------------------


def test_a_run_ends_at_the_first_epoch_that_learned():
    runs = he2015.measure((2,), ("he_normal",), width=32, seeds=2, epochs=8)
    for _, run in runs.groupby("seed"):
        assert (run.train_accuracy[:-1] < 0.5).all()
        assert run.train_accuracy.iloc[-1] >= 0.5
        assert 0 < run.units_before.iloc[0] <= 32
    assert he2015.summary(runs)["he_normal_2_learned"] == 2


def test_runs_that_stay_on_the_plateau_are_told_apart():
    runs = he2015.measure((24,), ("glorot_uniform",), width=32, seeds=1, epochs=2)
    values = he2015.summary(runs)
    assert values["glorot_uniform_24_learned"] == 0
    assert values["glorot_uniform_24_stuck"] == 1
    assert "glorot_uniform_24_soonest" not in values
    # The signal that reaches the last layer is some 2⁻¹², and multiplies its weights' gradient.
    assert values["glorot_uniform_24_bias_over_weights"] > 10


# --- the command lines --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("snippet", "argv", "rows"),
    [
        (glorot2010, "--width 20 --depth 2 --samples 4 --seeds 2", 2 * 2 * 2),
        (saxe2013, "--width 10 --factors 1 --factors 5 --seeds 2", 2 * 2 * 2 * 10),
        (he2015, "--depth 2 --width 8 --seeds 1 --epochs 1", None),
        (schoenholz2017, "--width 20 --depth 25 --seeds 2", 2 * 8),
        (hanin2018, "--shape even_20 --networks 20", 20),
        (lu2019, "--width 2 --layers 4 --networks 50 --seeds 2", 2 * 3),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_command_line(snippet, argv, rows, tmp_path, capsys):
    files = [tmp_path / "x.json", tmp_path / "x.svg"]
    outputs = [word for file in files for word in ("--output", str(file))]
    functions = snippet.measure, snippet.draw, snippet.table
    options = getattr(snippet, "OPTIONS", None)
    assert cli.main("", *functions, options=options, argv=[*argv.split(), *outputs]) == 0
    records = json.loads(files[0].read_text())
    assert len(records) == (rows or len(records)) > 0
    assert files[1].stat().st_size > 1000
    assert len(capsys.readouterr().out.splitlines()) > 1

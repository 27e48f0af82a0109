"""The first experiment: what it measures, draws and prints, against theory."""

import numpy as np
import pytest

import gradient_flow
from lab import catalog, spanish_numbers, stats, theory

DEPTH, SEEDS = 20, 5
PAIRS = [(a, i) for a in catalog.CANONICAL_ACTIVATIONS for i in catalog.CANONICAL_INITIALIZERS]
SIGMA_W2 = {"glorot_uniform": 1.0, "he_normal": 2.0}  # of square layers
SHARES = {"relu": 0.5, "leaky_relu": (1 + 0.2**2) / 2}  # E[φ²]/q = E[φ'²]
QUANTITIES = ("preactivation_rms", "activation_rms", "delta_rms")


@pytest.fixture(scope="module")
def flow():
    """The canonical eight at width 256: half as wide would miss theory by more than 5 %."""
    return gradient_flow.measure(depth=DEPTH, width=256, seeds=SEEDS)


def centre(flow, pair, quantity):
    """Geometric mean over the seeds, (layers,)."""
    part = flow[(flow.activation == pair[0]) & (flow.initializer == pair[1])]
    return stats.over_seeds(part, "layer", quantity).centre


def ends_ratio(values):
    """Factor from one layer to the next: the geometric mean over the layers."""
    return (values[-1] / values[0]) ** (1 / (len(values) - 1))


def test_one_row_for_each_combination_seed_and_layer(flow):
    keys = flow[["activation", "initializer", "seed", "layer"]]
    expected = [
        (*pair, seed, layer)
        for pair in PAIRS
        for seed in range(SEEDS)
        for layer in range(1, DEPTH + 1)
    ]
    assert list(keys.itertuples(index=False, name=None)) == expected
    assert (flow.depth == DEPTH).all() and (flow.width == 256).all()
    assert np.isfinite(flow[list(QUANTITIES)]).all(axis=None)


@pytest.mark.parametrize("initializer", SIGMA_W2)
@pytest.mark.parametrize("activation", SHARES)
def test_relu_and_its_family_change_by_the_factor_of_the_closed_form(flow, activation, initializer):
    # √(σ_w² E[φ'²]) in both directions. A width of 256 shifts it by about 5/(2·256) = 1 %.
    factor = np.sqrt(SIGMA_W2[initializer] * SHARES[activation])
    for quantity in QUANTITIES[:2]:
        forward = ends_ratio(centre(flow, (activation, initializer), quantity))
        assert forward == pytest.approx(factor, rel=0.05)
    backward = ends_ratio(centre(flow, (activation, initializer), "delta_rms")[::-1])
    assert backward == pytest.approx(factor, rel=0.05)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair[0] not in SHARES])
def test_bounded_activations_follow_their_curve(flow, pair):
    # They settle in a transient that no single factor describes; so each layer is compared.
    predicted = theory.predict(*pair, [256] * DEPTH, 64)
    for quantity in QUANTITIES:
        ratio = centre(flow, pair, quantity) / getattr(predicted, quantity)
        # Where all images look alike, a layer's rms comes from 256 units × 5 seeds: its
        # standard error is 1/√(2·1280) = 2 %. Single layers may miss by five of them.
        np.testing.assert_allclose(ratio, 1, rtol=0.1)
        assert stats.geometric_mean(ratio) == pytest.approx(1, rel=0.05)
        assert ends_ratio(ratio) == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize(
    "pair", [("sigmoid", "glorot_uniform"), ("sigmoid", "he_normal"), ("tanh", "he_normal")]
)
def test_deep_layers_reach_the_fixed_point(flow, pair):
    activation, sigma_w2 = pair[0], SIGMA_W2[pair[1]]
    settled = theory.fixed_point(activation, sigma_w2)
    deep = stats.geometric_mean(centre(flow, pair, "preactivation_rms")[9:])
    assert deep == pytest.approx(np.sqrt(settled), rel=0.05)
    factor = ends_ratio(centre(flow, pair, "delta_rms")[9:][::-1])
    assert factor == pytest.approx(np.sqrt(theory.chi(activation, settled, sigma_w2)), rel=0.05)


def test_what_dies_quietly_in_a_deep_sigmoid(flow):
    pair = ("sigmoid", "glorot_uniform")
    assert centre(flow, pair, "activation_rms")[-1] > 0.5
    # The layer answers every image alike: what differs between them dies like the gradient,
    # by √χ a layer for the deviation. (Below layer 9 it is smaller than float32 can tell
    # apart next to h = 1/2.)
    spread = ends_ratio(np.sqrt(centre(flow, pair, "across_input_variance"))[1:8])
    chi = theory.chi("sigmoid", theory.fixed_point("sigmoid", 1.0), 1.0)
    assert spread == pytest.approx(np.sqrt(chi), rel=0.05)
    # And no unit needs to be saturated for it.
    assert centre(flow, pair, "saturated_fraction").max() < 0.01


def test_a_combination_does_not_depend_on_its_company(flow):
    alone = gradient_flow.measure(("relu",), ("he_normal",), depth=DEPTH, width=256, seeds=2)
    part = flow[(flow.activation == "relu") & (flow.initializer == "he_normal") & (flow.seed < 2)]
    assert alone.equals(part.reset_index(drop=True))


def test_the_figure_shows_the_measured_points_and_the_predicted_line(flow):
    figure = gradient_flow.draw(flow)
    assert [ax.get_title() for ax in figure.axes] == ["sigmoide", "tanh", "ReLU", "", "", ""]
    first = figure.axes[0]
    drawn = [line.get_ydata() for line in first.get_lines()]
    for pair in PAIRS[:2]:
        points = centre(flow, pair, "activation_rms")
        line = theory.predict(*pair, [256] * DEPTH, 64).activation_rms
        assert any(np.array_equal(y, points) for y in drawn)
        assert any(np.array_equal(y, line) for y in drawn)
    delta = flow.query(
        "layer == 1 and activation == 'relu' and initializer == 'he_normal'"
    ).delta_rms
    assert (
        f"ReLU + He normal, {spanish_numbers.scientific(stats.geometric_mean(delta))}"
        in figure.get_label()
    )


def test_the_gradients_of_the_weights_have_a_figure_of_their_own(flow):
    figure = gradient_flow.draw_weights(flow)
    assert len(figure.axes) == 4
    points = centre(flow, PAIRS[0], "weight_gradient_rms")
    drawn = [line.get_ydata() for line in figure.axes[0].get_lines()]
    assert any(np.array_equal(y, points) for y in drawn)
    assert spanish_numbers.scientific(points[0]) in figure.get_label()


def test_the_table_has_the_two_ends(flow):
    table = gradient_flow.table(flow)
    assert list(table["combinación"]) == [catalog.label(*pair) for pair in PAIRS]
    for row, pair in zip(table.itertuples(index=False), PAIRS, strict=True):
        values = [centre(flow, pair, q)[end] for q in gradient_flow.QUANTITIES for end in (0, -1)]
        assert list(row[1:]) == [f"{value:.2g}" for value in values]

"""What the probe sees, against back-propagation in float64 NumPy and finite differences."""

import numpy as np
import pytest
from scipy.stats import norm

from lab import catalog, model, probe

PHI = {
    "linear": (lambda z: z, lambda z: np.ones_like(z)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: z * (z > 0), lambda z: 1.0 * (z > 0)),
    "leaky_relu": (lambda z: z * np.where(z > 0, 1, 0.2), lambda z: np.where(z > 0, 1, 0.2)),
    "elu": (
        lambda z: np.where(z > 0, z, np.exp(z) - 1),
        lambda z: np.where(z > 0, 1, np.exp(z)),
    ),
    "gelu": (
        lambda z: z * norm.cdf(z),
        lambda z: norm.cdf(z) + z * norm.pdf(z),
    ),
    "silu": (
        lambda z: z / (1 + np.exp(-z)),
        lambda z: 1 / (1 + np.exp(-z)) + z * np.exp(-z) / (1 + np.exp(-z)) ** 2,
    ),
}
RNG = np.random.default_rng(0)
X = RNG.normal(size=(11, 5)).astype("float32")
Y = RNG.integers(0, 4, size=11).astype("int32")


def network(activation, **changes):
    sizes = {"depth": 3, "width": [12, 9, 7], "inputs": 5, "classes": 4, "bias": 0.1}
    return model.mlp(activation, "he_normal", **{**sizes, **changes})


def parameters(net):
    """[(W, b), …] in float64."""
    layers = model.dense_layers(net)
    return [(np.float64(layer.kernel), np.float64(layer.bias)) for layer in layers]


def forward(weights, activation, x):
    z, h = [], [np.float64(x)]
    for w, b in weights:
        z.append(h[-1] @ w + b)
        h.append(PHI[activation][0](z[-1]))
    return z, h


def losses(logits, y):
    """Cross-entropy of each sample."""
    logits = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y]


def backpropagation(net, activation, x, y):
    """The textbook's equations: δ_L = p − y, δ_l = (δ_{l+1} Wᵀ) φ'(z_l), ∂L/∂W = hᵀδ / samples."""
    weights = parameters(net)
    z, h = forward(weights, activation, x)
    loss = losses(z[-1], y)
    p = np.exp(z[-1] - z[-1].max(axis=1, keepdims=True))
    delta = p / p.sum(axis=1, keepdims=True)
    delta[np.arange(len(y)), y] -= 1
    deltas, gradients = [], []
    for layer in reversed(range(len(weights) - 1)):
        delta = (delta @ weights[layer + 1][0].T) * PHI[activation][1](z[layer])
        deltas.insert(0, delta)
        gradients.insert(0, h[layer].T @ delta / len(x))
    return probe.Signals(z[:-1], h[1:-1], deltas, gradients, loss)


def assert_close(measured, exact, tolerance):
    """Compare with the largest of the exact values: single ones may cancel to nothing."""
    assert measured.dtype == np.float32
    np.testing.assert_allclose(measured, exact, rtol=0, atol=tolerance * np.abs(exact).max())


@pytest.mark.parametrize("activation", catalog.ACTIVATIONS)
def test_signals_are_those_of_backpropagation(activation):
    net = network(activation)
    measured = probe.Probe(net)(X, Y)
    exact = backpropagation(net, activation, X, Y)
    assert_close(measured.loss, exact.loss, 1e-6)
    for name in ("z", "h", "delta", "weight_gradient"):
        layers = getattr(measured, name), getattr(exact, name)
        for layer, reference in zip(*layers, strict=True):
            # Float32 keeps 6e-8; some forty sums and products lie on the way.
            assert_close(layer, reference, 3e-6)


@pytest.mark.parametrize("activation", catalog.ACTIVATIONS)
def test_gradients_are_the_slopes_of_the_loss(activation):
    net = network(activation)
    measured = probe.Probe(net)(X, Y)
    step = 1e-6  # in float64 central differences are then exact to about 1e-9

    def change_of_loss(layer, which, index):
        """Slope of each sample's loss along one weight (which=0) or one bias (which=1)."""
        ends = []
        for shift in (step, -step):
            weights = parameters(net)
            weights[layer][which][index] += shift
            ends.append(losses(forward(weights, activation, X)[0][-1], Y))
        return (ends[0] - ends[1]) / (2 * step)

    for layer, index in ((0, (2, 5)), (1, (7, 3)), (2, (0, 6))):
        along_weight = change_of_loss(layer, 0, index).mean()
        assert measured.weight_gradient[layer][index] == pytest.approx(
            along_weight, rel=1e-4, abs=1e-7
        )
        # To move a bias is to move z of that unit for every sample: its slope is δ.
        along_z = change_of_loss(layer, 1, index[1])
        np.testing.assert_allclose(
            measured.delta[layer][:, index[1]], along_z, rtol=1e-4, atol=1e-7
        )


def test_delta_belongs_to_its_sample_alone():
    look = probe.Probe(network("tanh"))
    together, alone = look(X, Y), look(X[3:4], Y[3:4])
    for batch, single in zip(together.delta, alone.delta, strict=True):
        np.testing.assert_allclose(batch[3:4], single, rtol=1e-5, atol=1e-7)


def test_the_compiled_pass_sees_new_weights():
    net = network("relu")
    look = probe.Probe(net)
    look(X, Y)
    model.redraw(net, "glorot_uniform", seed=9)
    exact = backpropagation(net, "relu", X, Y)
    assert_close(look(X, Y).delta[0], exact.delta[0], 3e-6)


def test_gradients_whose_squares_underflow():
    net = model.mlp("sigmoid", depth=50, width=16, inputs=5, classes=4)
    row = probe.statistics(probe.Probe(net)(X, Y), "sigmoid")[0]
    exact = np.sqrt(np.mean(backpropagation(net, "sigmoid", X, Y).delta[0] ** 2))
    assert np.float32(exact) ** 2 == 0 < exact
    # Fifty layers multiply their roundings: a part in a thousand is far above them.
    assert row["delta_rms"] == pytest.approx(exact, rel=1e-3)
    assert probe.rms(np.full((3, 4), 1e-30, "float32")) == pytest.approx(1e-30, rel=1e-6)


def test_statistics_against_their_definitions():
    z, h, delta = (RNG.normal(size=(6, 4)).astype("float32") for _ in range(3))
    gradient = RNG.normal(size=(3, 4)).astype("float32")
    (row,) = probe.statistics(probe.Signals([z], [h], [delta], [gradient], None), "tanh")

    def root_mean_square(values):
        numbers = [float(number) ** 2 for number in values.ravel()]
        return (sum(numbers) / len(numbers)) ** 0.5

    variance = 0.0
    for unit in h.T.astype(float):
        centre = sum(unit) / 6
        variance += sum((value - centre) ** 2 for value in unit) / 6 / 4
    assert row == pytest.approx(
        {
            "preactivation_rms": root_mean_square(z),
            "activation_rms": root_mean_square(h),
            "activation_mean": sum(map(float, h.ravel())) / 24,
            "across_input_variance": variance,
            "delta_rms": root_mean_square(delta),
            "weight_gradient_rms": root_mean_square(gradient),
            "dead_fraction": 0.0,
            "saturated_fraction": sum(abs(float(v)) > np.arctanh(0.9**0.5) for v in z.ravel()) / 24,
        },
        rel=1e-12,
    )


def of_z(z, activation):
    z = np.array(z, "float32")
    return probe.statistics(probe.Signals([z], [z], [z], [z], None), activation)[0]


@pytest.mark.parametrize(
    ("activation", "dead"),
    [
        *(("relu", 0.5), ("leaky_relu", 0.5), ("elu", 0.5), ("gelu", 0.5), ("silu", 0.5)),
        *(("tanh", 0), ("sigmoid", 0), ("linear", 0)),
    ],
)
def test_a_unit_is_dead_if_no_sample_turns_it_on(activation, dead):
    # Four units over three samples: always off, off and at zero, on once, always on.
    z = [[-1, 0, -1, 1], [-2, -3, 0.1, 2], [-1, 0, -5, 3]]
    assert of_z(z, activation)["dead_fraction"] == dead


@pytest.mark.parametrize(
    ("activation", "inside", "outside"),
    [
        # Where φ' is a tenth of its largest value, solved by hand.
        ("sigmoid", 3.63, 3.65),  # σ(1 − σ) = 1/40  →  |z| = 3.637
        ("sigmoid", -3.63, -3.65),
        ("tanh", 1.81, 1.83),  # 1 − tanh² = 1/10  →  |z| = 1.818
        ("tanh", -1.81, -1.83),
        ("elu", -2.29, -2.31),  # e^z = 1/10  →  z = −2.303
        ("relu", 0.01, -0.01),
        # Φ(z) + z φ(z) = ±0.1129: flat around its minimum, where the slope changes sign,
        ("gelu", -0.52, -0.54),
        ("gelu", -1.17, -1.15),
        ("gelu", -1.72, -1.74),  # and again far out; between the two the slope is −0.129
    ],
)
def test_saturation_begins_at_a_tenth_of_the_slope(activation, inside, outside):
    assert of_z([[inside, inside, inside, outside]], activation)["saturated_fraction"] == 0.25


@pytest.mark.parametrize("activation", ["linear", "leaky_relu"])
def test_what_never_saturates(activation):
    assert of_z([[-100, -1, 0, 100]], activation)["saturated_fraction"] == 0


def test_dead_layers_have_no_variance_across_inputs():
    net = network("relu", bias=-100.0)
    for row in probe.statistics(probe.Probe(net)(X, Y), "relu"):
        assert row["dead_fraction"] == row["saturated_fraction"] == 1
        assert row["across_input_variance"] == row["delta_rms"] == row["weight_gradient_rms"] == 0


@pytest.mark.filterwarnings("error")
def test_activations_that_overflow_are_reported_not_warned_about():
    net = model.mlp("relu", "random_normal:1e30", depth=3, width=8, inputs=5, classes=4)
    last = probe.statistics(probe.Probe(net)(X, Y), "relu")[-1]
    assert not np.isfinite([last["preactivation_rms"], last["across_input_variance"]]).any()

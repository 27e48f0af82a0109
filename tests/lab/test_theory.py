"""The predictions against closed forms, adaptive quadrature and Keras itself."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import erf

from lab import catalog, theory

# φ and φ' written out once more, so that the quadrature below shares nothing with the code.
SMOOTH = {
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: 1 / (4 * np.cosh(z / 2) ** 2)),
    "elu": (lambda z: z if z > 0 else np.exp(z) - 1, lambda z: 1.0 if z > 0 else np.exp(z)),
    "gelu": (
        lambda z: z * (1 + erf(z / np.sqrt(2))) / 2,
        lambda z: (1 + erf(z / np.sqrt(2))) / 2 + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
    ),
    "silu": (
        lambda z: z / (1 + np.exp(-z)),
        lambda z: (1 + np.exp(-z) * (1 + z)) / (1 + np.exp(-z)) ** 2,
    ),
}
# Share of the energy that each piecewise linear activation lets through: E[φ²]/q = E[φ'²].
SHARES = {"linear": 1.0, "relu": 0.5, "leaky_relu": (1 + 0.2**2) / 2}
QS = (1e-3, 0.3, 1.0, 5.0, 50.0)


def gaussian(function, q):
    """E[function(z)] for z ~ N(0, q), by adaptive quadrature on both sides of the corner."""

    def integrand(u):
        return function(np.sqrt(q) * u) * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)

    return sum(quad(integrand, *side, epsabs=0, epsrel=1e-12)[0] for side in ((-12, 0), (0, 12)))


@pytest.mark.parametrize("q", QS)
@pytest.mark.parametrize("name", SHARES)
def test_moments_of_piecewise_linear_activations_are_exact(name, q):
    # 160 terms in double precision: 1e-12 leaves room for their rounding alone.
    assert theory.second_moment(name, q) == pytest.approx(SHARES[name] * q, rel=1e-12)
    assert theory.slope_moment(name, q) == pytest.approx(SHARES[name], rel=1e-12)


def test_means_in_closed_form():
    half_normal = np.sqrt(3.0 / (2 * np.pi))
    assert theory.mean("relu", 3.0) == pytest.approx(half_normal, rel=1e-12)
    assert theory.mean("leaky_relu", 3.0) == pytest.approx(0.8 * half_normal, rel=1e-12)
    assert theory.mean("sigmoid", 3.0) == pytest.approx(0.5, rel=1e-12)
    assert theory.mean("tanh", 3.0) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("q", QS)
@pytest.mark.parametrize("name", SMOOTH)
def test_moments_of_curved_activations(name, q):
    value, slope = SMOOTH[name]
    # The fixed nodes lose digits as √q narrows the bend of φ: at q = 50, ten are left.
    assert theory.second_moment(name, q) == pytest.approx(
        gaussian(lambda z: value(z) ** 2, q), rel=1e-9
    )
    assert theory.slope_moment(name, q) == pytest.approx(
        gaussian(lambda z: slope(z) ** 2, q), rel=1e-9
    )
    assert theory.mean(name, q) == pytest.approx(gaussian(value, q), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "limit"),
    {**SHARES, "tanh": 1.0, "sigmoid": 1 / 16, "elu": 1.0, "gelu": 0.25, "silu": 0.25}.items(),
)
def test_slopes_at_zero_signal_are_the_limit_of_small_signals(name, limit):
    assert theory.slope_moment(name, 0.0) == pytest.approx(limit, rel=1e-12)


@pytest.mark.parametrize("name", ["relu", "elu", "gelu", "silu"])
def test_slopes_at_an_endless_signal_are_those_of_relu(name):
    assert theory.chi(name, np.inf, 2.0) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("name", ["tanh", "gelu", "silu"])
def test_slopes_are_the_finite_differences_of_the_values(name):
    phi, z, step = theory.ACTIVATIONS[name], np.linspace(-40, 40, 1601), 1e-5
    difference = (phi.value(z + step) - phi.value(z - step)) / (2 * step)
    # Off by step², and by the rounding of values up to 40 over the step
    np.testing.assert_allclose(phi.slope(z), difference, atol=2e-9)


@pytest.mark.parametrize(
    ("name", "steepest"),
    [
        ("sigmoid", 0.25),
        ("tanh", 1.0),
        ("leaky_relu", 1.0),
        # Where φ'' = 0: (2 − z²) exp(−z²/2) = 0, and z tanh(z/2) = 2.
        ("gelu", SMOOTH["gelu"][1](np.sqrt(2))),
        ("silu", SMOOTH["silu"][1](2.3993572805)),
    ],
)
def test_the_steepest_slope(name, steepest):
    assert theory.steepest(name) == pytest.approx(steepest, rel=1e-5)  # on a grid of 0.01


@pytest.mark.parametrize("name", catalog.ACTIVATIONS)
def test_activations_and_slopes_are_those_of_keras(name):
    z = tf.constant(np.linspace(-8, 8, 321), tf.float32)  # zero, where the corners are, included
    with tf.GradientTape() as tape:
        tape.watch(z)
        h = keras.activations.get(name)(z)
    slope = tape.gradient(h, z)
    exact = z.numpy().astype(float)
    # Values up to 8 in float32: half a unit in the last place is 5e-7.
    np.testing.assert_allclose(h, theory.ACTIVATIONS[name].value(exact), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(slope, theory.ACTIVATIONS[name].slope(exact), rtol=1e-6, atol=1e-6)


def test_q_map_and_chi():
    assert theory.q_map("relu", 3.0, 2.0, 0.5) == pytest.approx(3.5, rel=1e-12)
    assert theory.chi("relu", 3.0, 2.0) == pytest.approx(1.0, rel=1e-12)
    slope = SMOOTH["tanh"][1]
    expected = 1.7 * gaussian(lambda z: slope(z) ** 2, 0.8)
    assert theory.chi("tanh", 0.8, 1.7) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "sigma_w2", "sigma_b2", "expected"),
    [
        ("linear", 0.5, 1.0, 2.0),  # q = q/2 + 1
        ("relu", 1.0, 0.3, 0.6),
        ("leaky_relu", 1.0, 0.48, 1.0),
        ("tanh", 0.0, 0.7, 0.7),  # without weights the bias is all there is
        ("relu", 1.0, 0.0, 0.0),
        ("tanh", 0.9, 0.0, 0.0),
        ("tanh", 1.0, 0.0, 0.0),  # critical: q → 0, but like 1/(2·layers)
        ("elu", 1.0, 0.0, 0.0),
        ("relu", 2.1, 0.0, np.inf),
        ("relu", 2.0, 0.1, np.inf),  # grows by 0.1 a layer
        ("elu", 2.0, 0.0, np.inf),
    ],
)
def test_fixed_points_in_closed_form(name, sigma_w2, sigma_b2, expected):
    assert theory.fixed_point(name, sigma_w2, sigma_b2) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", SHARES)
def test_scale_free_networks_keep_where_they_start(name):
    assert theory.fixed_point(name, 1 / SHARES[name], start=0.37) == 0.37


@pytest.mark.parametrize(
    ("name", "sigma_w2", "sigma_b2"),
    [
        ("tanh", 2.0, 0.0),
        ("tanh", 1.3, 0.05),
        ("sigmoid", 1.0, 0.0),
        ("sigmoid", 8.0, 0.2),
        ("elu", 1.5, 0.0),
        ("gelu", 1.5, 0.3),  # a bias gives them a fixed point that attracts
        ("silu", 1.0, 1.0),
    ],
)
def test_a_deep_network_settles_at_the_fixed_point(name, sigma_w2, sigma_b2):
    value = SMOOTH[name][0]
    settled = theory.fixed_point(name, sigma_w2, sigma_b2)
    for start in (0.5 * settled, 2 * settled):
        q = start
        for _ in range(300):  # the slowest of these shrinks its distance by 0.9 a layer
            q = sigma_w2 * gaussian(lambda z: value(z) ** 2, q) + sigma_b2
        assert q == pytest.approx(settled, rel=1e-8)


@pytest.mark.parametrize("name", ["gelu", "silu"])
def test_gelu_and_silu_leave_the_fixed_point_on_both_sides(name):
    def share(q):
        return gaussian(lambda z: SMOOTH[name][0](z) ** 2, q) / q

    # The larger the signal, the larger its share that gets through, from 1/4 to 1/2.
    shares = [share(q) for q in np.geomspace(1e-6, 1e3, 19)]
    assert (np.diff(shares) > 0).all() and shares[0] > 0.25 and shares[-1] < 0.5

    keeps = 1 / share(1.0)
    starts = 0.99, 1.0, 1.01
    assert [theory.fixed_point(name, keeps, start=q) for q in starts] == [0, 1.0, np.inf]
    assert [theory.fixed_point(name, 2.0, start=q) for q in (0.1, 10.0)] == [0, 0]
    assert [theory.fixed_point(name, 4.0, start=q) for q in (0.1, 10.0)] == [np.inf] * 2
    assert theory.depth_scale(name, 2.0) == pytest.approx(1 / np.log(2), rel=1e-12)
    # The map itself, iterated with the quadrature of this file
    for start, dies in ((0.9, True), (1.1, False)):
        q = start
        while 0.1 < q < 10:
            q = keeps * share(q) * q
        assert (q < 1) == dies


@pytest.mark.parametrize(
    ("name", "sigma_w2", "sigma_b2"), [("gelu", 1.983, 0.173), ("silu", 1.988, 0.555)]
)
def test_the_critical_point_of_roberts_yaida_and_hanin(name, sigma_w2, sigma_b2):
    """Chapter 9 cites it: q is kept, and the map of q has slope 1 where χ = 1."""
    step = 1e-4

    def chi_minus_slope(q):
        ends = (theory.q_map(name, q * (1 + sign * step), 1.0) for sign in (1, -1))
        return theory.chi(name, q, 1.0) - np.subtract(*ends) / (2 * step * q)

    q = brentq(chi_minus_slope, 1.0, 60.0)
    critical = 1 / theory.chi(name, q, 1.0)
    assert critical == pytest.approx(sigma_w2, abs=5e-4)
    assert q - theory.q_map(name, q, critical) == pytest.approx(sigma_b2, abs=5e-4)


@pytest.mark.parametrize("c", [-1.0, -0.99, -0.5, 0.0, 0.3, 0.7, 0.99, 1.0])
def test_correlation_map_of_relu_is_the_arc_cosine_kernel(c):
    # Cho and Saul 2009, n = 1. The corner of φ(z₂) falls between two nodes, 0.1 apart, which
    # costs about the share of the density there times the distance squared: below 5e-5.
    expected = (np.sqrt(1 - c**2) + c * (np.pi - np.arccos(c))) / np.pi
    assert theory.correlation_map("relu", c, 1.3, 2.0) == pytest.approx(expected, abs=5e-5)


def test_correlation_map_of_a_linear_layer_changes_nothing():
    assert theory.correlation_map("linear", 0.4, 2.0, 1.0) == pytest.approx(0.4, rel=1e-12)
    # A shared bias draws two inputs together: (0.4·2 + 1)/(2 + 1).
    assert theory.correlation_map("linear", 0.4, 2.0, 1.0, 1.0) == pytest.approx(0.6, rel=1e-12)


def test_correlation_map_of_tanh():
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    q, c, sigma_w2, sigma_b2 = 0.8, 0.6, 1.5, 0.1
    first = np.sqrt(q) * nodes[:, None]
    second = np.sqrt(q) * (c * nodes[:, None] + 0.8 * nodes[None, :])
    shared = weights @ (np.tanh(first) * np.tanh(second)) @ weights
    alone = weights @ np.tanh(np.sqrt(q) * nodes) ** 2
    expected = (sigma_w2 * shared + sigma_b2) / (sigma_w2 * alone + sigma_b2)
    # Gauss–Hermite converges geometrically for tanh; with 120 nodes to about 1e-10.
    assert theory.correlation_map("tanh", c, q, sigma_w2, sigma_b2) == pytest.approx(
        expected, rel=1e-8
    )


@pytest.mark.parametrize(
    ("name", "sigma_w2", "expected"),
    [
        ("linear", 0.5, 1 / np.log(2)),
        ("relu", 1.0, 1 / np.log(2)),
        ("leaky_relu", 1.0, 1 / np.log(1 / 0.52)),
        ("relu", 2.5, 1 / np.log(1.25)),
        ("tanh", 0.8, 1 / np.log(1.25)),  # q* = 0, where χ = σ_w²
        ("relu", 2.0, np.inf),
        ("tanh", 1.0, np.inf),
    ],
)
def test_depth_scale(name, sigma_w2, expected):
    assert theory.depth_scale(name, sigma_w2) == pytest.approx(expected, rel=1e-6)


def test_prediction_of_a_relu_network_by_hand():
    # Glorot: Var[W] = 2/(fan_in + fan_out); E[h²] = q/2 and E[φ'²] = 1/2.
    prediction = theory.predict(
        "relu", "glorot_uniform", [50, 30], inputs=64, classes=10, input_moment=0.9
    )
    q1 = 64 * 2 / (64 + 50) * 0.9
    q2 = 50 * 2 / (50 + 30) * q1 / 2
    last = (1 - 1 / 10) * 2 / (30 + 10) / 2
    first = 30 * 2 / (50 + 30) * last / 2
    np.testing.assert_allclose(prediction.preactivation_rms**2, [q1, q2], rtol=1e-12)
    np.testing.assert_allclose(prediction.activation_rms**2, [q1 / 2, q2 / 2], rtol=1e-12)
    np.testing.assert_allclose(prediction.delta_rms**2, [first, last], rtol=1e-12)


def test_prediction_without_weights():
    prediction = theory.predict("sigmoid", "zeros", [20, 20, 20], 64)
    np.testing.assert_allclose(prediction.preactivation_rms, 0)
    np.testing.assert_allclose(prediction.activation_rms, 0.5)
    assert prediction.delta_rms[0] == prediction.delta_rms[1] == 0 < prediction.delta_rms[2]


def test_equal_weights_are_not_predicted():
    assert np.isnan(theory.predict("relu", "constant:0.1", [20, 20], 64).delta_rms).all()
    assert not np.isnan(theory.predict("relu", "constant:0", [20, 20], 64).delta_rms).any()


@pytest.mark.parametrize("names", [("rleu", "he_normal"), ("relu", "he_norml")])
def test_unknown_names(names):
    with pytest.raises((ValueError, KeyError)):
        theory.predict(*names, [4], 64)

"""What should come out: mean-field theory of wide random networks.

With independent weights of variance σ_w²/fan_in, the pre-activations of a wide layer are
Gaussian, and a layer maps their second moment q and the backpropagated δ² by

    q_next  = σ_w² E[φ(√q u)²] + σ_b²,          u ~ N(0, 1)
    δ²      = χ δ²_next,   χ = σ_w² E[φ'(√q u)²]

(Poole et al. 2016, eqs. 3–5; Schoenholz et al. 2017, eqs. 3 and 13). No Keras here: it
is the other side of every comparison with it.
"""

import functools
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, ndtr

from lab import catalog

#: Keras's leaky_relu (as a string or a function) lets through this share of a negative input.
LEAKY_SLOPE = 0.2
#: Variance of the logits from which softmax gives all to one of them, but for a few per cent.
ALL_TO_ONE = 4096


@dataclass(frozen=True)
class Activation:
    """φ and its derivative, both on arrays of any shape."""

    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]
    has_off_side: bool = False


ACTIVATIONS = {
    "linear": Activation(lambda z: z, np.ones_like),
    "sigmoid": Activation(expit, lambda z: expit(z) * expit(-z)),
    "tanh": Activation(np.tanh, lambda z: 1.0 - np.tanh(z) ** 2),
    "relu": Activation(lambda z: np.maximum(z, 0.0), lambda z: (z > 0) * 1.0, True),
    "leaky_relu": Activation(
        lambda z: np.where(z > 0, z, LEAKY_SLOPE * z),
        lambda z: np.where(z > 0, 1.0, LEAKY_SLOPE),
        True,
    ),
    "elu": Activation(
        lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0.0))),
        lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0.0))),
        True,
    ),
    # z times a probability; Keras's "gelu" is the exact one, not the tanh approximation.
    "gelu": Activation(
        lambda z: z * ndtr(z),
        lambda z: ndtr(z) + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
        True,
    ),
    "silu": Activation(
        lambda z: z * expit(z),
        lambda z: expit(z) * (1.0 + z * expit(-z)),
        True,
    ),
}


def steepest(activation: str) -> float:
    """Return the largest slope of φ (gelu and silu pass 1, well to the right of zero)."""
    return float(ACTIVATIONS[activation].slope(np.linspace(-5.0, 5.0, 1001)).max())


def _half_line_rule(points: int = 80, reach: float = 12.0) -> tuple[np.ndarray, np.ndarray]:
    """Gauss–Legendre on each side of zero, weighted by the normal density.

    Gauss–Hermite loses its accuracy at the corner of ReLU and its family; a rule that is
    split there does not.
    """
    nodes, weights = np.polynomial.legendre.leggauss(points)
    u = (nodes + 1) * reach / 2
    w = weights * reach / 2 * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.concatenate([-u[::-1], u]), np.concatenate([w[::-1], w])


_U, _W = _half_line_rule()


def gaussian_mean(function: Callable[[np.ndarray], np.ndarray], q: float) -> float:
    """Return E[function(√q u)] for u ~ N(0, 1)."""
    return float(_W @ function(np.sqrt(q) * _U))


def second_moment(activation: str, q: float) -> float:
    """Return E[φ(z)²] for z ~ N(0, q)."""
    return gaussian_mean(lambda z: ACTIVATIONS[activation].value(z) ** 2, q)


def mean(activation: str, q: float) -> float:
    """Return E[φ(z)] for z ~ N(0, q)."""
    return gaussian_mean(ACTIVATIONS[activation].value, q)


def slope_moment(activation: str, q: float) -> float:
    """Return E[φ'(z)²] for z ~ N(0, q); at q = 0 (ReLU has two slopes there) and ∞, its limit."""
    q = min(max(q, 1e-300), 1e300)
    return gaussian_mean(lambda z: ACTIVATIONS[activation].slope(z) ** 2, q)


def q_map(activation: str, q: float, sigma_w2: float, sigma_b2: float = 0.0) -> float:
    """Second moment of the next layer's pre-activations (Poole et al. 2016, eq. 3)."""
    return sigma_w2 * second_moment(activation, q) + sigma_b2


def chi(activation: str, q: float, sigma_w2: float) -> float:
    """Factor of δ² across one layer, backwards (Schoenholz et al. 2017, eq. 13).

    At the fixed point of ``q_map`` and of perfect correlation it also decides whether two
    different inputs stay apart (χ > 1) or are drawn together (χ < 1).
    """
    return sigma_w2 * slope_moment(activation, q)


def fixed_point(
    activation: str, sigma_w2: float, sigma_b2: float = 0.0, start: float = 1.0
) -> float:
    """Return the second moment q* that a deep network settles at; inf if it grows for ever.

    What is below 1e-10 counts as zero, above 1e10 as infinite.

    The growth q_next/q is 1 at q*. For most activations it falls as q rises, so that q* is the
    same whatever the ``start``. Linear-like maps (linear, relu, leaky_relu) with growth exactly
    1 keep any q: the start is returned. For gelu and silu the growth RISES with q: without
    biases a q where it is 1 repels, and from a smaller start the signal dies (0), from a larger
    one it explodes (inf).

    So q* is looked for from the start on, in the direction of the first step: E[φ²] rises with
    q, hence no later step turns back. Iterating the map instead would never arrive where it
    matters most: tanh with σ_w² = 1 nears zero like 1/(2·layers).
    """

    def excess(log_q: float) -> float:
        q = np.exp(log_q)
        return q_map(activation, q, sigma_w2, sigma_b2) / q - 1

    here, first = np.log(start), excess(np.log(start))
    if abs(first) < 1e-12:  # rounding
        return start
    end = np.log(1e10 if first > 0 else 1e-10)
    for there in np.linspace(here, end, 100)[1:]:
        if excess(there) * first <= 0:
            return float(np.exp(brentq(excess, here, there, xtol=1e-14)))
        here = there
    return float("inf") if first > 0 else 0.0


def correlation_map(
    activation: str, correlation: float, q: float, sigma_w2: float, sigma_b2: float = 0.0
) -> float:
    """Correlation of two inputs' pre-activations one layer on, both of second moment q.

    c_next = (σ_w² E[φ(z₁) φ(z₂)] + σ_b²) / q_next (Poole et al. 2016, eq. 5).
    """
    phi = ACTIVATIONS[activation].value
    z1 = np.sqrt(q) * _U[:, None]
    z2 = np.sqrt(q) * (correlation * _U[:, None] + np.sqrt(1 - correlation**2) * _U[None, :])
    shared = sigma_w2 * float(_W @ (phi(z1) * phi(z2)) @ _W) + sigma_b2
    return min(shared / q_map(activation, q, sigma_w2, sigma_b2), 1.0)


@functools.lru_cache(maxsize=1000)
def softmax_of_normals(variance: float, keys: int) -> tuple[float, float]:
    """Return E[entropy] and E[Σ p²] of the softmax of independent normal logits.

    By quadrature, with Z = Σ e^z, 1/Z = ∫ e^(−tZ) dt and 1/Z² = ∫ t e^(−tZ) dt: the terms of Z
    are independent, so that the mean of a product is a power. E[Σ p²] is also what an average
    with such weights keeps of independent squares.

    Args:
        variance: of each logit.
        keys: how many logits there are.
    """
    if variance < 1e-4:  # to first order; there the quadrature would have to cancel its terms
        spread = variance * (1 - 1 / keys)
        return float(np.log(keys) - spread / 2), (1 + spread) / keys
    if variance > ALL_TO_ONE:
        return 0.0, 1.0
    s = np.sqrt(variance)
    # e^(−tZ) falls from 1 to 0 within a few units of a logit, whose range grows with s.
    normal = np.linspace(-9, 9, 201 + 20 * int(s))
    weights = np.exp(-(normal**2) / 2)
    weights /= weights.sum()
    # t = e^u, from where nothing of Z counts to where nothing of e^(−tZ) is left
    u = np.linspace(-9 * s - np.log(keys) - 40, 9 * s + 5, 800 + 60 * int(s))
    y = np.clip(u[:, None] + s * normal, -300, 6)  # e^(−e^6) is 0, and e^(−600) still a number
    alive = np.exp(-np.exp(y))
    one = alive @ weights
    log_z = np.trapezoid(np.exp(-np.exp(np.minimum(u, 6))) - one**keys, u)
    mean_logit = np.trapezoid((np.exp(y) * alive) @ (weights * s * normal) * one ** (keys - 1), u)
    overlap = np.trapezoid((np.exp(2 * y) * alive) @ weights * one ** (keys - 1), u)
    return float(log_z - keys * mean_logit), float(keys * overlap)


def depth_scale(activation: str, sigma_w2: float, sigma_b2: float = 0.0) -> float:
    """Layers over which gradients change by e: ``ξ = 1/|ln χ|`` at the fixed point.

    (Schoenholz et al. 2017, eq. 14; there for δ², so for δ itself it is twice this.) The fixed
    point is the one that q = 1 leads to.
    """
    logarithm = abs(np.log(chi(activation, fixed_point(activation, sigma_w2, sigma_b2), sigma_w2)))
    return float("inf") if logarithm < 1e-12 else 1.0 / logarithm


def weight_variance(initializer: str, fan_in: int, fan_out: int) -> float:
    """Return the variance of one weight (Keras's definitions of each initializer).

    Raises ValueError if the name is unknown.
    """
    _, arguments = catalog.initializer(initializer)
    return _VARIANCES[initializer.partition(":")[0]](fan_in, fan_out, **arguments)


_VARIANCES = {
    "zeros": lambda fan_in, fan_out: 0.0,
    "constant": lambda fan_in, fan_out, value: 0.0,
    "random_normal": lambda fan_in, fan_out, stddev: stddev**2,
    "glorot_uniform": lambda fan_in, fan_out: 2.0 / (fan_in + fan_out),
    "glorot_normal": lambda fan_in, fan_out: 2.0 / (fan_in + fan_out),
    "he_normal": lambda fan_in, fan_out: 2.0 / fan_in,
    "he_uniform": lambda fan_in, fan_out: 2.0 / fan_in,
    "lecun_normal": lambda fan_in, fan_out: 1.0 / fan_in,
    "orthogonal": lambda fan_in, fan_out, gain: gain**2 / max(fan_in, fan_out),
}


@dataclass(frozen=True)
class Prediction:
    """Predicted rms values of layers 1…depth, arrays of shape (depth,)."""

    preactivation_rms: np.ndarray
    activation_rms: np.ndarray
    delta_rms: np.ndarray


def predict(
    activation: str,
    initializer: str,
    widths: list[int],
    inputs: int,
    classes: int = 10,
    input_moment: float = 1.0,
) -> Prediction:
    """Predict a whole ``model.mlp`` at initialization, without any measured quantity.

    Forward from the inputs' second moment; backward from a head that still answers all
    classes alike, where ‖p − y‖² = 1 − 1/classes. Weights that are all equal do not average
    out, and the theory is silent about them: "constant" gives NaN.

    Args:
        activation, initializer: names of the catalog.
        widths: units of each hidden layer.
        inputs, classes: sizes of the two ends. The inputs of another data set are others, and a
            wrong number would show nowhere: so they have no default.
        input_moment: mean square of the input features.
    """
    _, arguments = catalog.initializer(initializer)
    if arguments.get("value"):
        return Prediction(*np.full((3, len(widths)), np.nan))
    fans = [inputs, *widths, classes]
    variances = [
        weight_variance(initializer, fan_in, fan_out)
        for fan_in, fan_out in itertools.pairwise(fans[:-1])
    ]
    variances.append(weight_variance("glorot_uniform", widths[-1], classes))

    moment, q, moments = input_moment, [], []
    for fan_in, variance in zip(fans[:-2], variances[:-1], strict=True):
        q.append(fan_in * variance * moment)
        moment = second_moment(activation, q[-1])
        moments.append(moment)

    back, delta = variances[-1] * (1 - 1 / classes), []
    for layer in reversed(range(len(widths))):
        delta.append(back * slope_moment(activation, q[layer]))
        back = fans[layer + 1] * variances[layer] * delta[-1]
    return Prediction(np.sqrt(q), np.sqrt(moments), np.sqrt(delta[::-1]))


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

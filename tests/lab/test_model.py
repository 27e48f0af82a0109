"""The network and its initializers."""

import itertools

import numpy as np
import pytest

from lab import catalog, model, theory

FAN_IN, FAN_OUT = 400, 300
WEIGHTS = FAN_IN * FAN_OUT
# As their authors define them (Glorot and Bengio 2010, He et al. 2015, LeCun et al. 1998).
VARIANCES = {
    "random_normal:0.03": 0.03**2,
    "glorot_uniform": 2 / (FAN_IN + FAN_OUT),
    "glorot_normal": 2 / (FAN_IN + FAN_OUT),
    "he_normal": 2 / FAN_IN,
    "he_uniform": 2 / FAN_IN,
    "lecun_normal": 1 / FAN_IN,
    "orthogonal": 1 / FAN_IN,  # FAN_OUT orthonormal columns of FAN_IN numbers
    "orthogonal:1.5": 1.5**2 / FAN_IN,
}
RANDOM = [name for name, entry in catalog.INITIALIZERS.items() if entry.random]


def draw(name, shape=(FAN_IN, FAN_OUT), seed=1):
    return np.asarray(model.make_initializer(name, seed)(shape), dtype=float)


def kernels(network):
    return [layer.kernel.numpy() for layer in model.dense_layers(network)]


@pytest.mark.parametrize(("name", "variance"), VARIANCES.items())
def test_mean_and_variance_of_the_weights(name, variance):
    weights = draw(name)
    # 4.5 standard errors: chance alone leaves them once in 150,000 seeds. The variance's is
    # √(2/n) for a normal distribution, and less for uniform and truncated ones.
    assert abs(weights.mean()) < 4.5 * np.sqrt(variance / WEIGHTS)
    assert abs(weights.var() / variance - 1) < 4.5 * np.sqrt(2 / WEIGHTS)
    assert theory.weight_variance(name, FAN_IN, FAN_OUT) == pytest.approx(variance, rel=1e-12)


@pytest.mark.parametrize("name", ["glorot_uniform", "he_uniform"])
def test_uniform_weights_fill_their_interval(name):
    limit = np.sqrt(3 * VARIANCES[name])
    largest = np.abs(draw(name)).max()
    # Of n numbers the largest misses the end by limit/n on average.
    assert limit * (1 - 20 / WEIGHTS) < largest <= limit * (1 + 1e-6)


@pytest.mark.parametrize("name", ["glorot_normal", "he_normal", "lecun_normal"])
def test_normal_weights_are_cut_at_two_deviations_of_the_uncut_normal(name):
    uncut = np.sqrt(VARIANCES[name]) / 0.87962566103423978
    assert 1.9 * uncut < np.abs(draw(name)).max() <= 2 * uncut * (1 + 1e-6)


def test_weights_that_are_not_drawn():
    assert (draw("zeros") == 0).all()
    assert (draw("constant") == np.float32(0.05)).all()
    assert (draw("constant:-0.3") == np.float32(-0.3)).all()


@pytest.mark.parametrize("shape", [(40, 40), (60, 20), (20, 60)])
def test_orthogonal_weights_are_orthogonal(shape):
    weights = draw("orthogonal:1.5", shape)
    short = weights if shape[0] <= shape[1] else weights.T
    # Keras orthogonalizes in float32.
    np.testing.assert_allclose(short @ short.T, 1.5**2 * np.eye(min(shape)), atol=1e-5)


@pytest.mark.parametrize("name", RANDOM)
def test_layers_of_equal_shape_do_not_share_weights(name):
    hidden = kernels(model.mlp("relu", name, depth=4, width=64, inputs=64))[:-1]
    for one, other in itertools.combinations(hidden, 2):
        correlation = np.corrcoef(one.ravel(), other.ravel())[0, 1]
        assert abs(correlation) < 4.5 / 64  # 4096 independent pairs: a standard error of 1/64


@pytest.mark.parametrize("name", [*catalog.INITIALIZERS, "random_normal:0.2"])
def test_redrawn_weights_are_those_of_a_new_network(name):
    sizes = {"depth": 3, "width": [8, 12, 8], "inputs": 6, "classes": 4}
    fresh = model.mlp("tanh", name, **sizes, bias=0.2, seed=7)
    used = model.mlp("tanh", "he_uniform", **sizes, bias=-1.0, seed=1)
    model.redraw(used, name, seed=7, bias=0.2)
    for new, old in zip(fresh.get_weights(), used.get_weights(), strict=True):
        np.testing.assert_array_equal(new, old)


def test_the_seed_decides_the_weights():
    first, again, other = (kernels(model.mlp(depth=2, width=8, seed=seed)) for seed in (3, 3, 4))
    for one, same, different in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(one, same)
        assert (one != different).any()


@pytest.mark.parametrize("name", ["zeros", "he_normal"])
def test_the_head_is_glorot_whatever_the_hidden_layers_are(name):
    head = kernels(model.mlp("relu", name, depth=2, width=200, classes=50, seed=5))[-1]
    assert abs(head.var() / (2 / 250) - 1) < 4.5 * np.sqrt(2 / head.size)


def test_shape_and_biases():
    network = model.mlp("elu", depth=2, width=[7, 5], inputs=3, classes=4, bias=-0.5)
    assert [layer.name for layer in network.layers] == ["z1", "h1", "z2", "h2", "logits"]
    assert [kernel.shape for kernel in kernels(network)] == [(3, 7), (7, 5), (5, 4)]
    *hidden, head = (layer.bias.numpy() for layer in model.dense_layers(network))
    assert all((bias == -0.5).all() for bias in hidden)
    assert (head == 0).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"activation": "rleu"}, "¿Querías decir «relu»?"),
        ({"initializer": "he_norml"}, "¿Querías decir «he_normal»?"),
        ({"initializer": "he_normal:2"}, "no lleva valor"),
        ({"initializer": "random_normal:-1"}, "hace falta un número"),
        ({"initializer": "orthogonal:nan"}, "hace falta un número"),
        ({"depth": 0}, "1 o más"),
        ({"width": 0}, "1 o más"),
        ({"depth": 2, "width": [3]}, "2 anchuras"),
    ],
)
def test_bad_arguments(arguments, words):
    with pytest.raises(ValueError) as error:
        model.mlp(**arguments)
    assert words in str(error.value)

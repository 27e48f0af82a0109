"""What the laboratory draws and shows: Keras's distributions, and the digits of the book."""

import base64
import json

import numpy as np
import pytest
from node import ask, run

import laboratory
from lab import catalog, data, theory

RANDOM = [name for name, entry in catalog.INITIALIZERS.items() if entry.random]
SHAPES = [(64, 256), (256, 64), (128, 128)]


@pytest.fixture(scope="module")
def draws(tmp_path_factory):
    """Return {(initializer, shape): weights}."""
    asked = [[name, 5, 0, *shape] for name in catalog.INITIALIZERS for shape in SHAPES]
    answers = ask("draws.mjs", asked, tmp_path_factory.mktemp("draws"))
    return {
        (name, tuple(shape)): np.array(weights).reshape(shape)
        for (name, _, _, *shape), weights in zip(asked, answers, strict=True)
    }


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", RANDOM)
def test_weights_have_the_variance_of_keras(draws, name, shape):
    weights = draws[name, shape]
    assert weights.var() == pytest.approx(theory.weight_variance(name, *shape), rel=0.04)
    assert abs(weights.mean()) < 4 * weights.std() / np.sqrt(weights.size)


@pytest.mark.parametrize(
    ("name", "reach", "kurtosis"),
    # A uniform distribution ends at √3 deviations; a normal one that is cut at two of its own
    # deviations, at 2 / 0.8796 of what is left.
    [
        ("glorot_uniform", 3**0.5, 1.8),
        ("he_uniform", 3**0.5, 1.8),
        ("glorot_normal", 2 / 0.87962566, 2.37),
        ("he_normal", 2 / 0.87962566, 2.37),
        ("lecun_normal", 2 / 0.87962566, 2.37),
        ("random_normal", np.inf, 3.0),
    ],
)
def test_weights_have_the_distribution_of_keras(draws, name, reach, kurtosis):
    shape = SHAPES[-1]
    weights = draws[name, shape] / np.sqrt(theory.weight_variance(name, *shape))
    assert np.abs(weights).max() <= reach * (1 + 1e-6)
    assert np.isinf(reach) or np.abs(weights).max() > 0.99 * reach
    assert np.mean(weights**4) / np.mean(weights**2) ** 2 == pytest.approx(kurtosis, rel=0.04)


@pytest.mark.parametrize("shape", SHAPES)
def test_orthogonal_weights_are(draws, shape):
    weights = draws["orthogonal", shape]
    products = weights @ weights.T if shape[0] < shape[1] else weights.T @ weights
    np.testing.assert_allclose(products, np.eye(min(shape)), atol=1e-6)


def test_what_is_not_drawn_is_what_it_says(draws):
    assert (draws["zeros", (128, 128)] == 0).all()
    assert (draws["constant", (128, 128)] == np.float32(0.05)).all()


def test_a_seed_gives_its_own_weights_and_each_layer_others(tmp_path):
    asked = [["he_normal", *place, 64, 64] for place in ((0, 0), (0, 1), (1, 0), (0, 0))]
    one, layer, seed, again = np.array(ask("draws.mjs", asked, tmp_path))
    assert (one == again).all()
    for other in (layer, seed):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.06


def test_digits_are_those_of_the_book(tmp_path):
    file = tmp_path / "digits.bin"
    file.write_bytes(laboratory.packed())
    assert file.stat().st_size < 50_000
    found, ours = json.loads(run("digits.mjs", file)), data.load()
    for part in ("train", "test"):
        x, y = getattr(ours, f"x_{part}"), getattr(ours, f"y_{part}")
        theirs = np.frombuffer(base64.b64decode(found[part]["x"]), np.float32).reshape(x.shape)
        np.testing.assert_allclose(theirs, x, rtol=2e-7)
        assert found[part]["y"] == y.tolist()

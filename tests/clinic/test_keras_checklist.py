"""The looks that a reader copies, on a network that is none of the book's."""

import json

import keras
import numpy as np
import pytest

from clinic import keras_checklist
from lab import cli


@pytest.fixture(scope="module")
def batch():
    rng = np.random.default_rng(0)
    return rng.normal(size=(40, 6)).astype("float32"), np.arange(40) % 4


@pytest.fixture
def model():
    """Activations inside the layers, softmax at the end: what a student writes."""
    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(5, activation="relu"),
            keras.layers.Dense(4, activation="softmax"),
        ]
    )
    network.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    return network


def by_hand(model, x, y):
    """Forward and backward in float64."""
    w1, b1, w2, b2 = (w.astype(float) for w in model.get_weights())
    z = x.astype(float) @ w1 + b1
    h = np.maximum(z, 0)
    p = np.exp(h @ w2 + b2)
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(y)), y]).mean()
    d2 = (p - np.eye(4)[y]) / len(y)
    d1 = (d2 @ w2.T) * (z > 0)
    return loss, (h, p), (x.T @ d1, d1.sum(axis=0), h.T @ d2, d2.sum(axis=0))


def test_every_look_is_what_numpy_sees(model, batch):
    loss, outputs, gradients = by_hand(model, *batch)
    measured, chance = keras_checklist.initial_loss(model, *batch)
    assert measured == pytest.approx(loss, rel=1e-5) and chance == pytest.approx(np.log(4))
    for seen, expected in zip(keras_checklist.layer_outputs(model, batch[0]), outputs, strict=True):
        np.testing.assert_allclose(seen, expected, rtol=1e-4, atol=1e-6)
    for seen, expected in zip(keras_checklist.gradients(model, *batch), gradients, strict=True):
        np.testing.assert_allclose(seen, expected, rtol=1e-3, atol=1e-6)


def test_a_step_of_plain_descent_is_rate_times_gradient(model, batch):
    weights = model.get_weights()
    of_w1, _, of_w2, _ = by_hand(model, *batch)[2]
    expected = [
        0.1 * np.linalg.norm(g) / np.linalg.norm(w)
        for g, w in ((of_w1, weights[0]), (of_w2, weights[2]))
    ]
    np.testing.assert_allclose(keras_checklist.steps(model, *batch), expected, rtol=1e-3)


def test_what_the_small_numbers_mean():
    images_alike = np.array([[1.0, -2.0], [1.0, -2.0]])
    assert (
        keras_checklist.contrast(images_alike) == 0
        and keras_checklist.diversity(images_alike) > 0.8
    )
    assert (
        keras_checklist.diversity(images_alike.T) == 0
        and keras_checklist.contrast(images_alike.T) > 0.8
    )
    assert keras_checklist.size(images_alike) == pytest.approx(np.sqrt(2.5))
    assert keras_checklist.dead(images_alike) == 0.5


def test_the_command_line_writes_records_and_a_figure(tmp_path, capsys):
    path, figure = tmp_path / "c.json", tmp_path / "c.svg"
    argv = ["--patient", "H", "--depth", "3", "--width", "4"]
    argv += ["--output", str(path), "--output", str(figure)]
    arguments = keras_checklist.measure, keras_checklist.draw, keras_checklist.table
    assert cli.main("", *arguments, options=keras_checklist.OPTIONS, argv=argv) == 0
    rows = json.loads(path.read_text())
    assert [row["layer"] for row in rows] == [1, 2, 3]
    assert rows[0]["loss"] == pytest.approx(rows[0]["chance"], rel=1e-3)  # nothing gets through
    assert figure.read_text().startswith("<?xml")
    assert "contraste" in capsys.readouterr().out


def test_the_looks_see_channels_tokens_and_batch_statistics():
    layers, normal = keras.layers, keras.initializers.RandomNormal(seed=1)
    bias = np.array([0, 0, 0, -9])
    images = keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            layers.Conv2D(4, 3, kernel_initializer="ones"),
            layers.Conv2D(4, 3, activation="relu", kernel_initializer=normal),
        ]
    )
    images.layers[1].bias.assign(bias)
    alike, h = keras_checklist.layer_outputs(
        images, np.random.default_rng(0).normal(size=(9, 6, 6, 2))
    )
    assert keras_checklist.diversity(alike) < 1e-12  # four times the same channel
    assert keras_checklist.dead(h) == 1 / 4

    tokens = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Embedding(5, 8, keras.initializers.RandomNormal(stddev=1.0, seed=2)),
            layers.GlobalAveragePooling1D(),
            *[layer for _ in range(5) for layer in normalized_block()],
            layers.Dense(2),
        ]
    )
    tokens.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x, y = np.arange(90).reshape(30, 3) % 5, np.arange(30) % 2
    assert keras_checklist.gradients(tokens, x, y)[0].shape == (5, 8)
    sizes = [keras_checklist.size(h) for h in keras_checklist.layer_outputs(tokens, x)[4::3]]
    np.testing.assert_allclose(sizes, np.sqrt(1 / 2), rtol=0.2)  # E[ReLU(z)²] for variance 1


def normalized_block():
    return [keras.layers.Dense(64), keras.layers.BatchNormalization(), keras.layers.ReLU()]

"""The laboratory's arithmetic is the book's: same weights in, same signals and training out."""

import base64

import numpy as np
import pytest
from node import ask

from lab import catalog, data, model, probe, training

DEPTH, WIDTH, SAMPLES = 6, 32, 64
STEPS, BATCH = 100, 64


def text(array) -> str:
    return base64.b64encode(np.asarray(array, np.float32).tobytes()).decode()


def array(text, shape) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.float32).reshape(shape)


def weights(network):
    return [[text(layer.kernel), text(layer.bias)] for layer in model.dense_layers(network)]


@pytest.fixture(scope="module")
def digits():
    return data.load()


@pytest.fixture(scope="module")
def looks(digits, tmp_path_factory):
    """Return {(activation, initializer): (signals here, those of the laboratory)}."""
    x, y = digits.x_train[:SAMPLES], digits.y_train[:SAMPLES]
    pairs = [(a, i) for a in catalog.ACTIVATIONS for i in catalog.INITIALIZERS]
    signals, questions = [], []
    for activation in catalog.ACTIVATIONS:
        network = model.mlp(activation, "zeros", DEPTH, WIDTH)
        look = probe.Probe(network)
        for initializer in catalog.INITIALIZERS:
            model.redraw(network, initializer, seed=1, bias=0.1)
            signals.append(look(x, y))
            settings = {"activation": activation, "depth": DEPTH, "width": WIDTH}
            questions.append(
                {
                    "what": "look",
                    "settings": settings,
                    "capacity": SAMPLES,
                    "weights": weights(network),
                    "x": text(x),
                    "y": y.tolist(),
                }
            )
    answers = ask("numbers.mjs", questions, tmp_path_factory.mktemp("looks"))
    return dict(zip(pairs, zip(signals, answers, strict=True), strict=True))


@pytest.mark.parametrize("initializer", catalog.INITIALIZERS)
@pytest.mark.parametrize("activation", catalog.ACTIVATIONS)
def test_signals_are_those_of_keras(looks, activation, initializer):
    signals, answer = looks[activation, initializer]
    assert answer["loss"] == pytest.approx(signals.loss.mean(), rel=1e-6)
    found = {"z": signals.z, "h": signals.h, "delta": signals.delta}
    found["gradient"] = [gradient * SAMPLES for gradient in signals.weight_gradient]
    for name, layers in found.items():
        for layer, ours in enumerate(layers):
            theirs = array(answer[name][layer], ours.shape)
            size = np.sqrt(np.mean(np.square(ours, dtype=np.float64)))
            # Both round to float32 (6e-8), layer after layer, and sum up in another order.
            np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-5 * size + 1e-30)


@pytest.mark.parametrize("optimizer", training.OPTIMIZERS)
def test_a_training_is_that_of_keras(digits, optimizer, tmp_path):
    import keras

    network = model.mlp("relu", "he_normal", DEPTH, WIDTH, seed=3)
    rate = {"sgd": 1e-2, "adam": 1e-3}[optimizer]
    order = np.random.default_rng(0)
    batches = [order.permutation(len(digits.x_train))[:BATCH].tolist() for _ in range(STEPS)]
    question = {
        "what": "train",
        "settings": {"activation": "relu", "depth": DEPTH, "width": WIDTH, "optimizer": optimizer},
        "capacity": BATCH,
        "weights": weights(network),
        "x": text(digits.x_train),
        "y": digits.y_train.tolist(),
        "batches": batches,
        "rate": rate,
        "momentum": 0.9,
    }
    (answer,) = ask("numbers.mjs", [question], tmp_path)
    rule = {"sgd": keras.optimizers.SGD(rate, momentum=0.9), "adam": keras.optimizers.Adam(rate)}[
        optimizer
    ]
    network.compile(rule, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = [
        network.train_on_batch(digits.x_train[batch], digits.y_train[batch]) for batch in batches
    ]
    assert losses[-1] < losses[0] / 4
    np.testing.assert_allclose(answer["losses"], losses, rtol=0, atol=3e-5)  # 7e-6, 30 Nov 2026
    for layer, kernel in zip(model.dense_layers(network), answer["kernels"], strict=True):
        ours = layer.kernel.numpy()
        np.testing.assert_allclose(array(kernel, ours.shape), ours, rtol=0, atol=1e-5)  # 3e-6

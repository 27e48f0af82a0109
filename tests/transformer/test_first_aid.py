"""The side-by-side training against Keras's optimizers, and its aids."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from transformer import first_aid, norm_place
from transformer.first_aid import Training
from transformer.norm_place import KINDS

RATES = {"adam": 0.01, "sgd": 0.1}


@pytest.fixture(scope="module")
def batches():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4, 6, 64)).astype("float32")
    return x, rng.integers(10, size=(4, 6)).astype("int32")


def make(kind, networks):
    return Training(kind, networks, RATES, depth=1, width=8, steps=4)


@pytest.mark.parametrize(
    ("optimizer", "aid"),
    # (Keras keeps the rate within SGD's velocity, ours outside: with a rate that moves they part.)
    [("adam", "none"), ("adam", "clip"), ("adam", "warmup"), ("sgd", "none"), ("sgd", "clip")],
)
def test_steps_are_those_of_keras(optimizer, aid, batches):
    # A lone network that Keras's optimizer trains, beside two that ours trains together.
    alone = make("post", [("adam", "none", 5)])
    names = list(alone.weights)
    clip = 1.0 if aid == "clip" else None
    theirs = {
        "adam": keras.optimizers.Adam(RATES["adam"], global_clipnorm=clip),
        "sgd": keras.optimizers.SGD(RATES["sgd"], momentum=0.9, global_clipnorm=clip),
    }[optimizer]
    variables = [keras.Variable(alone.weights[name].numpy()) for name in names]
    losses = []
    for step, (x, y) in enumerate(zip(*batches, strict=True), start=1):
        for name, variable in zip(names, variables, strict=True):
            alone.weights[name].assign(variable.value)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(alone._losses(x, y))
        found = tape.gradient(loss, alone.weights)
        losses.append(float(loss))
        if aid == "warmup":  # over a third of the four steps
            theirs.learning_rate = RATES[optimizer] * min(1, step / (4 / 3))
        theirs.apply([tf.convert_to_tensor(found[name]) for name in names], variables)

    ours = make("post", [("sgd", "clip", 1), (optimizer, aid, 5)])
    together, norms = ours.run(*batches)
    assert norms.shape == (4, 2) and (norms > 0).all()
    assert together[:, 1] == pytest.approx(losses, rel=2e-4)


@pytest.mark.parametrize("kind", first_aid.PLACES)
def test_the_network_is_made_of_the_chapters_blocks(kind, batches):
    training = Training(kind, [("adam", "none", 5), ("sgd", "none", 2)], RATES, 2, 8, steps=4)
    w = {name: weight.numpy()[1].astype("float64") for name, weight in training.weights.items()}
    x = batches[0][0].reshape(6, 8, 8) @ w["rows"] + w["places"]
    for block in range(2):
        cut = zip(("query", "key", "value"), np.split(w[f"qkv{block}"], 3, axis=1), strict=True)
        matrices = {name: w[f"{name}{block}"] for name in ("out", "in", "back")}
        x, _ = norm_place.block(tf.constant(x), dict(cut) | matrices, KINDS[kind], 1.0)
    expected = norm_place.normalize(x).numpy().mean(axis=1) @ w["head"]
    found = training.logits(batches[0][0])[1]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


def test_an_epoch_takes_each_sample_once():
    order = first_aid.batches(12, 7, 4, seed=1)
    assert order.shape == (7, 4)
    assert sorted(order[:3].ravel()) == sorted(order[3:6].ravel()) == list(range(12))


def test_the_same_seed_gives_the_same_weights():
    one, two = first_aid.initial_weights([1, 2], 1, 8), first_aid.initial_weights([2], 1, 8)
    for name, drawn in two.items():
        np.testing.assert_array_equal(one[name][1], drawn[0])


def test_the_norm_of_the_gradient_is_that_before_clipping():
    runs = first_aid.measure(
        ("post",), ("none", "clip"), ("sgd",), depth=1, width=8, steps=2, seeds=1
    )
    first = runs[runs.step == 1].gradient_norm
    assert first.nunique() == 1 and first.iloc[0] > 1

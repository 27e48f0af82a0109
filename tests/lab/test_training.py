"""The fast training loop against Keras's own steps and against NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lab import data, model, training

SIZES = {"depth": 3, "width": 16, "inputs": 64, "classes": 10}


@pytest.fixture(scope="module")
def few():
    """300 + 100 digits; 300 is no multiple of the batch of 32."""
    d = data.load()
    return data.Dataset("few", d.x_train[:300], d.y_train[:300], d.x_test[:100], d.y_test[:100])


@pytest.fixture(scope="module", params=["sgd", "adam"])
def trainer(request, few):
    network = model.mlp("tanh", **SIZES)
    return training.Trainer(network, few, request.param, 1e-2, momentum=0.8, batch_size=32)


def keras_epochs(network, dataset, optimizer, seed, count):
    """The plain way: one eager step after the other. Return (loss, accuracy) of each epoch.

    They are Keras's own metrics, fed with what each step sees.
    """
    order, epochs = np.random.default_rng(seed), []
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for _ in range(count):
        chosen = order.permutation(300)
        metrics = [keras.metrics.Mean(), keras.metrics.SparseCategoricalAccuracy()]
        for start in range(0, 300 - 31, 32):
            batch = chosen[start : start + 32]
            with tf.GradientTape() as tape:
                logits = network(dataset.x_train[batch], training=True)
                loss = loss_of(dataset.y_train[batch], logits)
            gradients = tape.gradient(loss, network.trainable_variables)
            optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
            metrics[0].update_state(loss)
            metrics[1].update_state(dataset.y_train[batch], logits)
        epochs.append([float(metric.result()) for metric in metrics])
    return epochs


@pytest.mark.parametrize(
    ("name", "theirs", "tolerance"),
    [
        ("sgd", keras.optimizers.SGD(0.01, momentum=0.8), 0.0),
        # Keras rounds 1 − β₁ after the subtraction, TensorFlow before it: each of five steps may
        # round a weight, of at most 4, the other way.
        ("adam", keras.optimizers.Adam(0.01, beta_1=0.8), 5 * 2**-22),
    ],
)
def test_steps_are_those_of_keras_s_optimizer(name, theirs, tolerance):
    rng = np.random.default_rng(6)
    start = rng.normal(size=(40, 30)).astype(np.float32)
    ours, variable = tf.Variable(start), keras.Variable(start)
    optimizer = training.OPTIMIZERS[name]([ours], 0.8)
    for scale in (1.0, 1e-4, 1e3, 1.0, 1e-8):
        gradient = tf.constant(scale * rng.normal(size=start.shape), tf.float32)
        optimizer.apply([gradient], tf.constant(0.01))
        theirs.apply([gradient], [variable])
    assert np.abs(variable.numpy() - start).mean() > 1e-3
    np.testing.assert_allclose(ours.numpy(), variable.numpy(), rtol=0, atol=tolerance)


def test_epochs_are_those_of_a_plain_keras_loop(trainer, few):
    plain = model.mlp("tanh", "he_normal", **SIZES, seed=5)
    model.redraw(trainer.model, "he_normal", seed=5)
    if isinstance(trainer.optimizer, training.Adam):
        optimizer = keras.optimizers.Adam(1e-2, beta_1=0.8)
    else:
        optimizer = keras.optimizers.SGD(1e-2, momentum=0.8)
    before = plain.get_weights()
    theirs = keras_epochs(plain, few, optimizer, seed=11, count=2)
    _, *ours = trainer.epochs(2, seed=11)
    for values, (loss, accuracy) in zip(ours, theirs, strict=True):
        assert values["train_loss"] == pytest.approx(loss, rel=1e-4)  # float32, over 18 steps
        # One of 288 samples, on the border between two classes, may fall on either side.
        assert values["train_accuracy"] == pytest.approx(accuracy, abs=1.5 / 288)
    for fast, slow, start in zip(
        trainer.model.get_weights(), plain.get_weights(), before, strict=True
    ):
        way = np.abs(slow - start).max()
        assert way > 1e-3
        # Two orders of the same float32 sums, over 18 steps.
        np.testing.assert_allclose(fast, slow, rtol=0, atol=1e-4 * way)


def test_layers_with_a_state_of_their_own_keep_it_as_in_keras(few):
    keras.utils.set_random_seed(4)
    layers = [keras.layers.Dense(16), keras.layers.BatchNormalization(), keras.layers.ReLU()]
    network = keras.Sequential([keras.Input((64,)), *layers, keras.layers.Dense(10)])
    plain = keras.models.clone_model(network)
    plain.set_weights(network.get_weights())
    keras_epochs(plain, few, keras.optimizers.SGD(1e-2, momentum=0.9), seed=2, count=2)
    training.Trainer(network, few, learning_rate=1e-2, batch_size=32).train(2, seed=2)
    assert plain.non_trainable_variables[0].numpy().any()  # the mean, 0 before training
    for fast, slow in zip(network.get_weights(), plain.get_weights(), strict=True):
        # Two orders of the same float32 sums, over 18 steps.
        np.testing.assert_allclose(fast, slow, rtol=1e-3, atol=1e-5)


def history(trainer, seed, weights=2):
    model.redraw(trainer.model, "he_normal", seed=weights)
    return list(trainer.epochs(2, seed))


def test_a_second_run_starts_from_a_fresh_optimizer(trainer):
    first = history(trainer, seed=3)
    history(trainer, seed=4, weights=8)
    assert history(trainer, seed=3) == first  # to the last bit


def test_a_new_trainer_gives_the_same_bits(trainer, few):
    network = model.mlp("tanh", "zeros", **SIZES)
    name = type(trainer.optimizer).__name__.lower()
    other = training.Trainer(network, few, name, 1e-2, momentum=0.8, batch_size=32)
    assert history(other, seed=3) == history(trainer, seed=3)


def test_the_seed_decides_the_order(trainer):
    one, other = history(trainer, seed=3), history(trainer, seed=4)
    assert one[0] == other[0]  # same weights, nothing trained yet
    assert one[1] != other[1]


def test_evaluation_against_numpy(trainer, few):
    first, *_, epoch = history(trainer, seed=3)
    last = trainer.evaluate()
    assert [last[name] == epoch[name] for name in training.METRICS] == [False, False, True, True]
    assert last != first
    *hidden, (w, b) = zip(*[map(np.float64, trainer.model.get_weights())] * 2, strict=True)
    for part, x, y in (("train", few.x_train, few.y_train), ("test", few.x_test, few.y_test)):
        h = x.astype(float)
        for kernel, bias in hidden:
            h = np.tanh(h @ kernel + bias)
        logits = h @ w + b
        log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        # A mean over 300 float32 losses keeps about six digits.
        loss = -log_p[np.arange(len(y)), y].mean()
        assert last[f"{part}_loss"] == pytest.approx(loss, rel=1e-5)
        assert last[f"{part}_accuracy"] == pytest.approx((logits.argmax(1) == y).mean(), rel=1e-6)


def test_training_learns(trainer):
    first, *_, last = history(trainer, seed=3)
    assert last["test_loss"] < 0.9 * first["test_loss"]


def test_a_batch_larger_than_the_data_takes_all_of_it(few):
    network = model.mlp("relu", **SIZES)
    trainer = training.Trainer(network, few, batch_size=1000)
    assert trainer.batch_size == 300
    before, *steps = [
        trainer.update_ratios is not None and len(trainer.update_ratios) for _ in trainer.epochs(3)
    ]
    assert not before
    assert steps == [1, 1, 1]


def test_divergence_is_nan_and_passes_with_the_run(few):
    network = model.mlp("linear", "he_normal", **SIZES, seed=1)
    trainer = training.Trainer(network, few, learning_rate=1e6, batch_size=100)
    first, *later = trainer.epochs(3)
    assert np.isfinite(list(first.values())).all()
    assert np.isnan([list(values.values()) for values in later]).all()
    model.redraw(network, "he_normal", seed=1)
    assert next(trainer.epochs(1)) == first


def test_a_part_alone_is_evaluated_as_with_the_other(trainer):
    both = history(trainer, seed=3)
    for part in training.PARTS:
        model.redraw(trainer.model, "he_normal", seed=2)
        alone = list(trainer.epochs(2, 3, [part]))
        names = [f"{part}_loss", f"{part}_accuracy"]
        assert alone == [{name: values[name] for name in names} for values in both]

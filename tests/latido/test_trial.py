"""A copy is trained on the batch; it says whether the network can learn, and nothing else moves."""

import keras
import numpy as np
import pytest
from networks import DIGITS, FROM_LOGITS, compiled, mlp

from lab import model
from latido import examine, trial

L = keras.layers


def _values(network):
    return [v.numpy() for v in (*network.variables, *network.optimizer.variables)]


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
        lambda: keras.optimizers.Adam(0.01, clipnorm=0.1),
        lambda: keras.optimizers.RMSprop(keras.optimizers.schedules.ExponentialDecay(0.01, 5, 0.5)),
    ],
)
def test_it_is_the_training_that_fit_would_do_on_that_batch(optimizer):
    x, y = DIGITS
    network = mlp(
        L.Dense(16, "tanh", kernel_regularizer="l2", kernel_constraint="unit_norm"),
        *(L.BatchNormalization(), L.Dense(10)),
    )
    compiled(network, optimizer=optimizer())
    seen = trial.run(network, x, y, steps=12)
    assert seen.steps == 12 and seen.samples == len(x) and len(seen.curve) == 13
    told = []
    for _ in range(13):  # the loss alone, by hand; then fit takes the step
        told.append(float(FROM_LOGITS(y, network(x, training=True))))
        network.fit(x, y, batch_size=len(x), verbose=0)
    np.testing.assert_allclose(seen.curve, told, rtol=1e-3)


def test_without_a_penalty_the_curve_is_that_of_fit():
    keras.utils.set_random_seed(0)
    network = compiled(mlp(L.Dense(16, "relu"), L.Dense(10)), optimizer=keras.optimizers.Adam(0.01))
    x, y = DIGITS
    seen = trial.run(network, x, y, steps=20)
    told = network.fit(x, y, batch_size=len(x), epochs=21, verbose=0).history["loss"]
    np.testing.assert_allclose(seen.curve, told, rtol=1e-4)


def test_neither_model_nor_optimizer_nor_seeds_nor_metrics_move():
    x, y = DIGITS
    keras.utils.set_random_seed(3)
    network = mlp(L.Dense(16), L.BatchNormalization(), L.ReLU(), L.Dropout(0.3), L.Dense(10))
    network.compile(keras.optimizers.Adam(0.01), FROM_LOGITS, metrics=["accuracy"])
    network.fit(x, y, epochs=1, verbose=0)
    before, metrics = _values(network), network.get_metrics_result()
    trial.run(network, x, y, steps=30)
    for a, b in zip(before, _values(network), strict=True):
        np.testing.assert_array_equal(a, b)
    assert network.get_metrics_result() == metrics
    keras.utils.set_random_seed(3)
    again = mlp(L.Dense(16), L.BatchNormalization(), L.ReLU(), L.Dropout(0.3), L.Dense(10))
    again.compile(keras.optimizers.Adam(0.01), FROM_LOGITS, metrics=["accuracy"])
    again.fit(x, y, epochs=1, verbose=0)
    histories = []
    for one in (network, again):
        keras.utils.set_random_seed(4)  # of all: PyTorch shuffles and drops with it
        histories.append(one.fit(x, y, epochs=1, verbose=0).history)
    assert histories[0] == histories[1]


def test_the_generator_of_all_does_not_move():
    """PyTorch's, with which Keras drops there; a training after a look is the same as without."""

    def trained(look):
        keras.utils.set_random_seed(3)
        network = compiled(mlp(L.Dropout(0.5), L.Dense(10)))
        look(network)
        network.fit(*DIGITS, epochs=1, verbose=0)
        return network.get_weights()

    alone = trained(lambda network: None)
    for look in (lambda n: trial.run(n, *DIGITS, steps=3), lambda n: examine(n, *DIGITS)):
        for one, other in zip(alone, trained(look), strict=True):
            np.testing.assert_array_equal(one, other)


def test_what_can_learn_learns_and_what_cannot_does_not():
    x, y = DIGITS
    keras.utils.set_random_seed(0)
    sound = compiled(model.mlp("relu", "he_normal", 3, 32), optimizer=keras.optimizers.Adam(0.003))
    assert trial.run(sound, x, y, steps=100).learned
    sick = compiled(model.mlp("sigmoid", "zeros", 6, 16), optimizer=keras.optimizers.SGD(0.01))
    seen = trial.run(sick, x, y, steps=100)
    assert not seen.learned and seen.seconds > 0
    shares = np.bincount(y) / len(y)
    assert seen.constant_loss == pytest.approx(-(shares * np.log(shares)).sum())
    assert seen.curve[-1] > seen.constant_loss


def test_a_model_that_is_not_compiled_is_tried_with_adam():
    seen = trial.run(model.mlp("relu", "he_normal", 2, 16), *DIGITS, steps=3)
    assert seen.optimizer == "Adam"


def test_shared_inputs_several_outputs_and_embeddings():
    keras.utils.set_random_seed(0)
    i = keras.Input((5,), dtype="int32")
    h = L.Flatten()(L.Embedding(20, 4)(i))
    network = keras.Model(i, [L.Dense(1, name="a")(h), L.Dense(3, "softmax", name="b")(h)])
    network.compile("adam", ["mse", "sparse_categorical_crossentropy"], loss_weights=[0.5, 2.0])
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 20, (64, 5)), [rng.normal(size=(64, 1)), rng.integers(0, 3, 64)]
    seen = trial.run(network, x.astype("int32"), [y[0].astype("float32"), y[1]], steps=4)
    told = network.evaluate(x, y, verbose=0, return_dict=True)["loss"]
    assert seen.curve[0] == pytest.approx(told, rel=1e-4)

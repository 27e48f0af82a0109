"""Models whose author wrote the loss or the step, and a monitor that never ends their training."""

import logging
import math

import keras
import numpy as np
import pytest

from latido import SignalMonitor, examine
from latido.observer import Observer

tf = pytest.importorskip("tensorflow", reason="its tapes")
L, ops = keras.layers, keras.ops
RNG = np.random.default_rng(0)
X = RNG.normal(size=(128, 12)).astype("float32")
Y = (X[:, 0] > 0).astype("int32")


@pytest.fixture(autouse=True)
def same_weights():
    keras.utils.set_random_seed(0)


def mlp(*parts, inputs=12):
    return keras.Sequential([keras.Input((inputs,)), *parts])


class Autoencoder(keras.Model):
    """As the guides of Keras write a VAE: two parts, a step, and no call."""

    def __init__(self):
        super().__init__()
        self.encoder = mlp(L.Dense(8, "tanh", name="enc"), L.Dense(4, name="code"))
        self.decoder = mlp(L.Dense(8, "relu", name="dec"), L.Dense(12, name="out"), inputs=4)
        self.tracker = keras.metrics.Mean(name="loss")
        self.seeds = keras.random.SeedGenerator(1)

    @property
    def metrics(self):
        return [self.tracker]

    def loss_of(self, x, noise):
        return ops.mean((self.decoder(self.encoder(x) + noise) - x) ** 2)

    def train_step(self, data):
        x = data[0] if isinstance(data, tuple) else data
        noise = 0.1 * keras.random.normal((ops.shape(x)[0], 4), seed=self.seeds)
        with tf.GradientTape() as tape:
            loss = self.loss_of(x, noise)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        self.tracker.update_state(loss)
        return {"loss": self.tracker.result()}


class Gan(keras.Model):
    """Two optimizers, one for each of two networks; the second looks at the first one's work."""

    def __init__(self):
        super().__init__()
        self.d = mlp(L.Dense(16, "leaky_relu", name="d1"), L.Dense(1, name="d2"))
        self.g = mlp(L.Dense(16, "relu", name="g1"), L.Dense(12, name="g2"), inputs=4)
        self.seeds = keras.random.SeedGenerator(1)

    def compile(self, rate):
        super().compile()
        self.d_optimizer = keras.optimizers.SGD(rate)
        self.g_optimizer = keras.optimizers.SGD(rate)

    def train_step(self, data):
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        size = ops.shape(data)[0]
        with tf.GradientTape() as tape:
            made = self.g(keras.random.normal((size, 4), seed=self.seeds))
            d_loss = loss(ops.ones((size, 1)), self.d(data)) + loss(
                ops.zeros((size, 1)), self.d(made)
            )
        weights = self.d.trainable_weights
        gradients = tape.gradient(d_loss, weights)
        self.d_optimizer.apply_gradients(zip(gradients, weights, strict=True))
        with tf.GradientTape() as tape:
            made = self.g(keras.random.normal((size, 4), seed=self.seeds))
            g_loss = loss(ops.ones((size, 1)), self.d(made))
        weights = self.g.trainable_weights
        gradients = tape.gradient(g_loss, weights)
        self.g_optimizer.apply_gradients(zip(gradients, weights, strict=True))
        return {"d_loss": d_loss, "g_loss": g_loss}


class Diffusion(keras.Model):
    """Keeps a second network, the moving average of the first."""

    def __init__(self):
        super().__init__()
        self.network = mlp(L.Dense(16, "silu", name="n1"), L.Dense(12, name="n2"))
        self.average = keras.models.clone_model(self.network)
        self.average.name = "average"

    def train_step(self, x):
        noise = tf.random.normal(tf.shape(x))
        with tf.GradientTape() as tape:
            loss = ops.mean((self.network(x + noise) - noise) ** 2)
        gradients = tape.gradient(loss, self.network.trainable_weights)
        self.optimizer.apply(gradients, self.network.trainable_weights)
        pairs = zip(self.network.weights, self.average.weights, strict=True)
        for weight, mean in pairs:
            mean.assign(0.9 * mean + 0.1 * weight)
        return {"loss": loss}


def compiled(kind, optimizer="adam"):
    model = kind()
    model.compile(optimizer)
    return model


UNUSED = "no se ha usado en esta pasada"
MODELS = {
    "vae": (lambda: compiled(Autoencoder), {"enc": "tanh", "code": "linear", "dec": "relu"}),
    "gan": (lambda: compiled(Gan, 0.01), {"d1": "leaky_relu", "g1": "relu", "g2": "linear"}),
    "diffusion": (lambda: compiled(Diffusion), {"n1": "silu", "n2": "linear"}),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_step_of_ones_own_is_looked_into_and_changes_nothing(name):
    make, activations = MODELS[name]

    def trained(*callbacks):
        keras.utils.set_random_seed(3)
        model = make()
        history = model.fit(X, batch_size=32, epochs=2, verbose=0, callbacks=[*callbacks]).history
        return [weight.numpy() for weight in model.variables], history

    monitor = SignalMonitor(X, every=2)
    (watched, told), (alone, expected) = trained(monitor), trained()
    assert told == expected
    for ours, theirs in zip(watched, alone, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    looks = monitor.report.snapshots
    assert [look.step for look in looks][:3] == [0, 2, 4] and looks[-1].step == 8
    seen = {layer.name.rpartition("/")[2]: layer for layer in looks[0].layers}
    assert activations.items() <= {n: a.activation for n, a in seen.items()}.items()
    assert all(layer.delta_norm > 0 and layer.update_ratio > 0 for layer in seen.values())
    assert monitor.report.healthy and not monitor.report.warnings
    assert set(monitor.report.skipped.values()) == ({UNUSED} if name == "diffusion" else set())


def test_the_numbers_of_a_step_are_those_by_hand():
    model = compiled(Autoencoder, keras.optimizers.SGD(1.0))
    look = Observer(model)(X, None)
    # With the same noise, against float64.
    noise = 0.1 * keras.random.normal((128, 4), seed=keras.random.SeedGenerator(1)).numpy()
    (w1, b1, w2, b2), (w3, b3, w4, b4) = (
        [w.astype(float) for w in part.get_weights()] for part in (model.encoder, model.decoder)
    )
    a = np.tanh(X @ w1 + b1)
    code = a @ w2 + b2
    z = (code + noise) @ w3 + b3
    out = np.maximum(z, 0) @ w4 + b4
    deltas = {"out": 2 * (out - X) / 12}
    deltas["dec"] = deltas["out"] @ w4.T * (z > 0)
    deltas["code"] = deltas["dec"] @ w3.T
    deltas["enc"] = deltas["code"] @ w2.T * (1 - a**2)
    assert look.loss == pytest.approx(((out - X) ** 2).mean(), rel=1e-5)
    gradients = {"enc": X.T @ deltas["enc"] / 128, "code": a.T @ deltas["code"] / 128}
    for layer in look.layers:
        delta = deltas[layer.name]
        norm = np.sqrt((delta**2).sum(axis=1).mean())
        assert layer.delta_norm == pytest.approx(norm, rel=1e-4), layer.name
        if layer.name in gradients:
            rms = np.sqrt((gradients[layer.name] ** 2).mean())
            assert layer.weight_gradient_rms == pytest.approx(rms, rel=1e-4)
    assert [layer.name for layer in look.layers if layer.head] == ["out"]


def test_a_step_that_is_a_graph_already_is_first_traced_by_fit():
    class Graph(keras.Model):
        @tf.function(autograph=False)
        def train_step(self, data):
            return keras.Model.train_step(self, data)

    def trained(*callbacks):
        keras.utils.set_random_seed(0)
        begin = keras.Input((12,))
        model = Graph(begin, L.Dense(2, "softmax")(L.Dense(8, "relu")(begin)))
        model.compile("adam", "sparse_categorical_crossentropy")
        return model.fit(X, Y, epochs=2, verbose=0, callbacks=[*callbacks]).history

    monitor = SignalMonitor(X, Y, every="epoch")
    assert trained(monitor) == trained()
    assert [look.step for look in monitor.report.snapshots] == [0, 4, 8]


def test_a_loss_that_leaves_the_numbers_is_found_whoever_computes_it():
    model = compiled(Gan, 1e6)
    monitor = SignalMonitor(X)
    model.fit(X, batch_size=32, epochs=6, verbose=0, callbacks=[monitor])
    found = {f.symptom: f for f in monitor.report.findings}
    assert "exploding_gradient" in found
    assert monitor.report.snapshots[-1].optimizer == "SGD"
    assert monitor.report.snapshots[-1].learning_rate == pytest.approx(1e6)

    class Broken(Autoencoder):
        """Its loss is NaN from the tenth step on, and its look's is not."""

        def __init__(self):
            super().__init__()
            self.taken = 0

        def train_step(self, data):
            return super().train_step(data)

        def make_train_function(self, force=False):
            made = super().make_train_function(force)
            inner = self.train_function

            def step(iterator):
                self.taken += 1
                logs = inner(iterator)
                return logs | ({"loss": float("nan")} if self.taken > 9 else {})

            self.train_function = step
            return made

    monitor = SignalMonitor(X)
    compiled(Broken).fit(X, batch_size=32, epochs=4, verbose=0, callbacks=[monitor])
    (finding,) = monitor.report.findings
    assert (finding.symptom, finding.step) == ("non_finite", 10)


def test_a_vae_of_layers_counts_what_they_add():
    class Penalty(L.Layer):
        def call(self, z):
            self.add_loss(3.0 * ops.mean(z**2))
            return z

    begin = keras.Input((12,))
    code = L.Dense(4, name="code")(begin)
    model = keras.Model(begin, L.Dense(12)(Penalty()(code)))
    model.compile("sgd", "mse")
    look = examine(model, X, X).snapshots[0]
    assert look.loss == pytest.approx(model.evaluate(X, X, 128, verbose=0), rel=1e-5)
    w, v = (layer.kernel.numpy() for layer in (model.layers[1], model.layers[-1]))
    z = X @ w
    delta = (2 * (z @ v - X) / 12) @ v.T + 3.0 * 2 * z / 4
    norm = np.sqrt((delta**2).sum(axis=1).mean())
    assert look.layers[0].delta_norm == pytest.approx(norm, rel=1e-4)

    # And without any labels, if that is all there is to the loss.
    alone = keras.Model(begin, Penalty()(L.Dense(4)(begin)))
    alone.compile("sgd")
    expected = 3.0 * np.mean((X @ alone.layers[1].kernel.numpy()) ** 2)
    monitor = SignalMonitor(X)
    alone.fit(X, verbose=0, callbacks=[monitor])
    assert monitor.report.snapshots[0].loss == pytest.approx(expected, rel=1e-5)
    assert examine(alone, X).snapshots[0].loss == pytest.approx(alone.evaluate(X, verbose=0), 1e-4)


def test_a_loss_that_the_author_wrote_is_the_one():
    class Own(keras.Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
            return ops.mean((y_pred[:, 0] - ops.cast(y, "float32")) ** 4)

    begin = keras.Input((12,))
    model = Own(begin, L.Dense(1)(L.Dense(8, "tanh")(begin)))
    model.compile("sgd")
    answer = model.predict(X, verbose=0)[:, 0]
    look = examine(model, X, Y).snapshots[0]
    assert look.loss == pytest.approx(((answer - Y) ** 4).mean(), rel=1e-5)
    delta = np.sqrt((16 * (answer - Y) ** 6).mean())
    assert look.layers[-1].delta_norm == pytest.approx(delta, rel=1e-4)


def test_a_loss_that_is_guessed_is_said_to_be():
    model = mlp(L.Dense(8, "relu"), L.Dense(1, "sigmoid"))
    assert "se ha supuesto BinaryCrossentropy" in examine(model, X, Y).notes[0]
    model.compile("sgd", "binary_crossentropy")
    assert examine(model, X, Y).notes == ()


class OwnStep(keras.Sequential):
    def train_step(self, data):
        return super().train_step(data)


class OwnLoss(keras.Sequential):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return 2 * super().compute_loss(x, y, y_pred, sample_weight, training)


@pytest.mark.parametrize(("kind", "name"), [(OwnStep, "train_step"), (OwnLoss, "compute_loss")])
def test_a_trial_of_what_only_its_author_can_train_is_refused_in_a_line(kind, name):
    network = kind([keras.Input((12,)), L.Dense(8, "relu"), L.Dense(1, "sigmoid")])
    network.compile(keras.optimizers.Adam(0.03), "binary_crossentropy")
    assert not examine(network, X, Y).findings
    with pytest.raises(ValueError, match=f"trial=40.*{name} propio.*SignalMonitor.*loss") as told:
        examine(network, X, Y, trial=40)
    assert "\n" not in str(told.value)
    assert examine(network, X, Y, loss="binary_crossentropy", trial=40).trial.learned


def test_a_step_that_can_not_be_repeated_is_said_to_be_another():
    class ByHand(keras.Model):
        """No tape: the gradient of a linear layer is known."""

        def train_step(self, data):
            x, y = data
            error = self(x) - ops.cast(y[:, None], "float32")
            kernel = self.trainable_variables[0]
            kernel.assign(kernel - 0.1 * ops.matmul(ops.transpose(x), error) / 16)
            return {"loss": ops.mean(error**2)}

    begin = keras.Input((12,))
    model = ByHand(begin, L.Dense(1, use_bias=False)(begin))
    model.compile("sgd", "mse")
    monitor = SignalMonitor(X, Y, every="epoch")
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[monitor])
    assert "no se puede repetir (train_step no calcula" in monitor.report.notes[0]
    assert [look.step for look in monitor.report.snapshots] == [0, 4, 8]
    losses = [look.loss for look in monitor.report.snapshots]
    assert losses[0] > losses[1] > losses[2]


# --- a monitor never ends a training ------------------------------------------------------


def failing(monitor, when):
    """Make a monitor's looks fail from the given one on."""
    look, count = monitor._look, iter(range(100))

    def fails():
        if next(count) >= when:
            raise tf.errors.ResourceExhaustedError(None, None, "no\nroom")
        look()

    monitor._look = fails
    return monitor


@pytest.mark.parametrize("when", [0, 2])
def test_a_look_that_fails_is_the_last_one(when, caplog, tmp_path):
    def fit(*callbacks):
        keras.utils.set_random_seed(0)
        model = mlp(L.Dense(8, "relu"), L.Dense(2))
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        return model.fit(X, Y, epochs=4, verbose=0, callbacks=[*callbacks]).history

    monitor = failing(SignalMonitor(X, Y, csv=tmp_path / "looks.csv"), when)
    with caplog.at_level(logging.WARNING, "latido"):
        assert fit(monitor) == fit()
    (record,) = [record for record in caplog.records if record.name == "latido"]
    assert "\n" not in record.message and "ResourceExhaustedError" in record.message
    assert monitor.report.notes[0] == record.message
    assert len(monitor.report.snapshots) == when
    # Nothing was found, and of what was not looked at nobody says that it is well.
    assert monitor.report.healthy == (when > 0) and not monitor.report.findings


def test_a_model_that_can_not_be_looked_into_is_trained_all_the_same(caplog):
    model = mlp(L.BatchNormalization(), L.Flatten())
    model.compile("sgd", "mse")
    monitor = SignalMonitor(X, X)
    model.fit(X, X, verbose=0, callbacks=[monitor])
    assert "ninguna capa entrenable" in monitor.report.notes[0] and not monitor.report.healthy


def test_what_the_reader_asks_wrongly_ends_it_before_the_first_step():
    model = mlp(L.Dense(8, "relu"), L.Dense(2))
    model.compile("sgd", "sparse_categorical_crossentropy")
    for data, words in (
        ((X[:, :5], Y), "el modelo espera"),
        ((X, Y + 5), "2 clases"),
        ((X, None), "falta y"),
    ):
        with pytest.raises(ValueError, match=words):
            model.fit(X, Y, verbose=0, callbacks=[SignalMonitor(*data)])
    assert int(model.optimizer.iterations) == 0


def test_a_batch_that_is_not_what_is_trained_on_is_said_to_be_so():
    def network():
        model = mlp(L.Dense(32, "relu"), L.Dense(2, "softmax"))
        model.compile(keras.optimizers.Adam(0.03), "sparse_categorical_crossentropy")
        return model

    same, other = SignalMonitor(X, Y), SignalMonitor(X, 1 - Y)
    network().fit(X, Y, batch_size=16, epochs=12, verbose=0, callbacks=[same, other])
    assert same.report.notes == () and same.report.snapshots[-1].loss < 0.1
    (note,) = other.report.notes
    last = other.report.snapshots[-1]
    assert f"{last.loss:.3g}" in note and f"{last.fit_loss:.3g}" in note
    assert last.fit_loss == pytest.approx(same.report.snapshots[-1].loss, abs=0.05)


def test_the_loss_of_fit_is_that_of_its_last_batches():
    seen = []

    class Noting(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(logs["loss"])

    x, y = X[:96], Y[:96]
    model = mlp(L.Dense(2, "softmax"))
    model.compile("sgd", "sparse_categorical_crossentropy")
    monitor = SignalMonitor(x, y, every="epoch")
    model.fit(
        x, y, batch_size=32, epochs=2, shuffle=False, verbose=0, callbacks=[Noting(), monitor]
    )
    # Means since the epoch began → each batch.
    each = [m * (i % 3 + 1) - (seen[i - 1] * (i % 3) if i % 3 else 0) for i, m in enumerate(seen)]
    assert monitor.report.snapshots[0].fit_loss == pytest.approx(each[0], rel=1e-4)
    assert monitor.report.snapshots[1].fit_loss == pytest.approx(np.mean(each[:4]), rel=1e-4)
    assert monitor.report.snapshots[2].fit_loss == pytest.approx(np.mean(each), rel=1e-4)


def test_a_mean_that_the_author_keeps_is_told_from_the_loss_of_a_batch():
    """The loss falls to a hundredth within the only epoch: its mean is far above the last ones."""
    model = compiled(Autoencoder, keras.optimizers.Adam(0.01))
    x = np.repeat(50 + X[:1], 4096, axis=0)
    monitor = SignalMonitor(x)
    mean = model.fit(x, batch_size=16, verbose=0, callbacks=[monitor]).history["loss"][0]
    last = monitor.report.snapshots[-1]
    assert mean > 10 * last.loss and last.fit_loss < 3 * last.loss and not monitor.report.notes


def test_one_device_of_a_strategy_is_looked_at():
    strategy = tf.distribute.MirroredStrategy(["/cpu:0"])
    with strategy.scope():
        model = mlp(L.Dense(8, "relu"), L.Dense(2, "softmax"))
        model.compile("adam", "sparse_categorical_crossentropy")
    plain = mlp(L.Dense(8, "relu"), L.Dense(2, "softmax"))
    plain.set_weights(model.get_weights())
    plain.compile("adam", "sparse_categorical_crossentropy")
    ours, theirs = (examine(m, X, Y).snapshots[0].layers for m in (model, plain))
    for a, b in zip(ours, theirs, strict=True):
        assert a.delta_norm == pytest.approx(b.delta_norm) and a.units == b.units
    with strategy.scope():
        assert examine(model, X, Y).healthy
    monitor = SignalMonitor(X, Y, every="epoch")
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[monitor])
    assert [look.step for look in monitor.report.snapshots] == [0, 4, 8]
    assert not math.isnan(monitor.report.snapshots[0].layers[0].update_ratio)

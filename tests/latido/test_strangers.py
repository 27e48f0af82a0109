"""Models, losses and data that the book never uses and a reader may bring."""

import math

import keras
import numpy as np
import pytest

from latido import SignalMonitor, examine

layers, Input = keras.layers, keras.Input
RNG = np.random.default_rng(0)
X = RNG.normal(size=(256, 16)).astype("float32")
Y = (X[:, 0] + X[:, 1] > 0).astype(int)
NUMBERS = 2 * X[:, :1] + X[:, 1:2]


def crossentropy(**options):
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True, **options)


@pytest.fixture(autouse=True)
def same_weights():
    keras.utils.set_random_seed(0)


def chain(*parts, optimizer="adam", loss=None):
    """Return a compiled chain of layers on 16 numbers, unless it begins with an Input."""
    begin = [] if keras.backend.is_keras_tensor(parts[0]) else [Input((16,))]
    model = keras.Sequential([*begin, *parts])
    model.compile(optimizer, loss or crossentropy())
    return model


def hidden(units=32, **options):
    return layers.Dense(units, "relu", kernel_initializer="he_normal", **options)


def symptoms(report):
    return [finding.symptom for finding in report.findings]


def seen(report):
    return {layer.name: layer.activation for layer in report.snapshots[0].layers}


# --- losses: that of a look is the one that Keras tells -----------------------------------


def mean_by_itself(y, answer):
    return keras.ops.mean((y - answer) ** 2)


@pytest.mark.parametrize("loss", [mean_by_itself, keras.losses.Dice()])
def test_a_loss_that_has_taken_its_mean(loss):
    model = chain(hidden(), layers.Dense(1), loss=loss)
    found = examine(model, X, NUMBERS).snapshots[0]
    assert found.loss == pytest.approx(model.evaluate(X, NUMBERS, 256, verbose=0), rel=1e-5)
    model.fit(X, NUMBERS, verbose=0, callbacks=[SignalMonitor(X, NUMBERS)])


def two_outputs(as_dict=False):
    begin = Input((16,))
    h = hidden(64)(begin)
    ends = {"a": layers.Dense(1, name="a")(h), "b": layers.Dense(2, name="b")(h)}
    return keras.Model(begin, ends if as_dict else [*ends.values()])


def test_outputs_weigh_what_the_model_says():
    model, labels = two_outputs(), [1000 * NUMBERS, Y]
    model.compile("adam", ["mse", crossentropy()], loss_weights=[1e-6, 1])
    report = examine(model, X, labels)
    assert report.healthy
    whole = model.evaluate(X, labels, 256, verbose=0)[0]
    assert report.snapshots[0].loss == pytest.approx(whole, rel=1e-5)
    # Those of a constant answer: a variance and an entropy.
    shares = np.bincount(Y) / len(Y)
    constant = NUMBERS.var() - (shares * np.log(shares)).sum()
    assert report.snapshots[0].constant_loss == pytest.approx(constant, rel=1e-4)


@pytest.mark.parametrize(
    ("as_dict", "loss", "labels"),
    [
        (True, {"a": "mse"}, {"a": NUMBERS}),
        (True, {"a": "mse", "b": None}, {"a": NUMBERS, "b": Y}),
        (False, ["mse", None], [NUMBERS]),
        (False, ["mse", None], [NUMBERS, None]),
    ],
)
def test_an_output_without_a_loss_is_left_out(as_dict, loss, labels):
    model = two_outputs(as_dict)
    model.compile("adam", loss)
    report = examine(model, X, labels)
    answer = model.predict(X, verbose=0)
    squares = ((answer["a"] if as_dict else answer[0]) - NUMBERS) ** 2
    assert report.snapshots[0].loss == pytest.approx(squares.mean(), rel=1e-5)
    assert set(seen(report)) == {model.layers[1].name, "a"} and "b" in report.skipped


def test_ignored_labels_and_masked_positions_do_not_count():
    labels = RNG.integers(0, 3, 256)
    labels[:50] = 255
    model = chain(layers.Dense(3), loss=crossentropy(ignore_class=255))
    found = examine(model, X, labels).snapshots[0]
    assert found.loss == pytest.approx(model.evaluate(X, labels, 256, verbose=0), rel=1e-5)
    assert found.constant_loss < math.log(3)  # a fourth class would cost more

    tokens = RNG.integers(1, 50, (256, 20))
    tokens[:, 4:] = 0
    model = chain(
        Input((20,)),
        layers.Embedding(50, 16, mask_zero=True),
        layers.Bidirectional(layers.LSTM(8, return_sequences=True)),
        layers.Dense(5),
    )
    labels = RNG.integers(0, 5, (256, 20))
    found = examine(model, tokens, labels).snapshots[0]
    assert found.loss == pytest.approx(model.evaluate(tokens, labels, 256, verbose=0), rel=1e-5)
    assert math.isnan(found.constant_loss)


# --- the pass is that of a training -------------------------------------------------------


class Fixed(keras.Model):
    """Fine-tuning: the author wants the part that is reused to work as in inference."""

    def __init__(self, part):
        super().__init__()
        self.part, self.end = part, layers.Dense(2)

    def call(self, x):
        return self.end(self.part(x, training=False))


def test_the_author_decides_where_batch_statistics_are_taken():
    part = keras.Sequential([Input((16,)), hidden(), layers.BatchNormalization(), layers.ReLU()])
    model = Fixed(part)
    model(X[:2])
    model.compile("sgd", crossentropy())
    expected = float(model.compute_loss(X, Y, model(50 * X, training=True)))
    assert examine(model, 50 * X, Y).snapshots[0].loss == pytest.approx(expected, rel=1e-5)


def test_nothing_that_draws_at_random_is_on():
    parts = [layers.Dense(32), layers.BatchNormalization(), layers.ReLU(), layers.Dense(2)]
    noisy = chain(*parts[:3], layers.Dropout(0.9), layers.GaussianNoise(0.9), parts[3])
    calm = chain(*parts)
    expected = float(calm.compute_loss(X, Y, calm(X, training=True)))
    assert examine(noisy, X, Y).snapshots[0].loss == pytest.approx(expected, rel=1e-5)


class Drawing(keras.Model):
    def __init__(self):
        super().__init__()
        self.end, self.seeds = layers.Dense(2), keras.random.SeedGenerator(1)

    def call(self, x):
        z = self.end(x)
        return z + keras.random.normal(keras.ops.shape(z), seed=self.seeds)


def test_building_a_model_moves_no_seed():
    model = Drawing()
    before = model.seeds.state.numpy()
    examine(model, X, Y)
    np.testing.assert_array_equal(model.seeds.state.numpy(), before)


def test_half_precision_has_room_for_a_large_loss():
    part = {"dtype": "mixed_float16"}
    model = chain(
        hidden(64, **part), hidden(64, **part), layers.Dense(1, dtype="float32"), loss="mse"
    )
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1)), "mse")
    report = examine(model, X, 300 * NUMBERS + 1000)
    assert "non_finite" not in symptoms(report) and report.snapshots[0].optimizer == "SGD"


@pytest.mark.parametrize("every", [1, 3, "epoch"])
def test_a_step_is_measured_when_it_is_taken(every, tmp_path):
    optimizer = keras.optimizers.SGD(0.05, gradient_accumulation_steps=4)
    model = chain(hidden(), layers.Dense(1), optimizer=optimizer, loss="mse")
    monitor = SignalMonitor(X, NUMBERS, every=every, csv=tmp_path / "looks.csv")
    model.fit(X, NUMBERS, batch_size=16, epochs=2, verbose=0, callbacks=[monitor])
    *looks, end = monitor.report.snapshots
    assert all(0 < look.layers[0].update_ratio < 1 for look in looks)
    assert end.step == 8 and math.isnan(end.layers[0].update_ratio)
    rows = (tmp_path / "looks.csv").read_text().splitlines()
    assert len(rows) == 1 + 2 * (len(looks) + 1)


# --- which activation a layer has ---------------------------------------------------------


class Bare(keras.Model):
    """Calls its activation outside of any layer."""

    def __init__(self, function):
        super().__init__()
        self.a, self.norm, self.b = layers.Dense(8, name="a"), layers.BatchNormalization(), None
        self.b, self.function = layers.Dense(2, name="b"), function

    def call(self, x):
        return self.b(self.function(self.norm(self.a(x))))


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (keras.ops.relu, "relu"),
        (keras.ops.tanh, "tanh"),
        # Of several operations: not mistaken for the one that is inside.
        (keras.activations.silu, "linear"),
        (keras.activations.mish, "linear"),
        (keras.ops.gelu, "linear"),
        (keras.ops.hard_silu, "linear"),
    ],
)
def test_a_bare_activation_is_seen_only_if_it_is_one_operation(function, name):
    model = Bare(function)
    model(X[:2])
    model.compile("sgd", crossentropy())
    report = examine(model, X, Y)
    assert seen(report) == {"a": name, "b": "linear"} and not report.skipped


@pytest.mark.parametrize("kind", [layers.LSTM, layers.GRU, layers.SimpleRNN])
def test_what_feeds_a_recurrent_layer_is_seen(kind):
    model = chain(Input((10,)), layers.Embedding(20, 16, name="words"), kind(8), layers.Dense(2))
    report = examine(model, RNG.integers(0, 20, (256, 10)), Y)
    assert seen(report)["words"] == "linear" and not report.skipped


def test_a_layer_given_as_activation_belongs_to_the_layer_that_has_it():
    model = chain(layers.Dense(8, name="a"), layers.Dense(4, layers.LeakyReLU(), name="b"))
    report = examine(model, X, Y)
    assert seen(report) == {"a": "linear", "b": "leakyrelu"}
    assert [layer.units for layer in report.snapshots[0].layers] == [8, 4]


def test_a_frozen_layer_keeps_its_activation_to_itself():
    frozen = layers.Dense(32, "relu", trainable=False, name="still")
    report = examine(chain(layers.Dense(8, name="a"), frozen, layers.Dense(2, name="b")), X, Y)
    assert seen(report) == {"a": "linear", "still": "relu", "b": "linear"}


def test_units_are_those_of_the_output():
    images = RNG.normal(size=(256, 8, 8, 3)).astype("float32")
    parts = [layers.SeparableConv2D(16, 3), layers.GlobalAveragePooling2D(), layers.Dense(2)]
    report = examine(chain(Input((8, 8, 3)), *parts), images, Y)
    assert report.snapshots[0].layers[0].units == 16
    adapted = layers.Dense(64, "relu")
    model = chain(adapted, layers.Dense(2))
    adapted.enable_lora(4)
    assert [layer.units for layer in examine(model, X, Y).snapshots[0].layers] == [64, 2]


# --- what it means ------------------------------------------------------------------------


@pytest.mark.parametrize("initializer", ["glorot_uniform", "he_normal"])
@pytest.mark.parametrize("optimizer", [keras.optimizers.SGD(20.0), keras.optimizers.Adam(1.0)])
def test_a_step_that_is_too_long_is_blamed_on_the_rate(optimizer, initializer):
    parts = [layers.Dense(32, "relu", kernel_initializer=initializer) for _ in range(2)]
    optimizer = type(optimizer).from_config(optimizer.get_config())
    model = chain(*parts, layers.Dense(2), optimizer=optimizer)
    monitor = SignalMonitor(X, Y)
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[monitor])
    first = monitor.report.findings[0]
    assert first.symptom == "exploding_gradient" and first.step == 0
    assert "tasa de aprendizaje" in first.advice and "symmetric_units" not in symptoms(
        monitor.report
    )


@pytest.mark.parametrize("depth", [2, 3])
def test_a_head_may_begin_at_zero(depth):
    head = layers.Dense(2, kernel_initializer="zeros")
    model = chain(*[hidden() for _ in range(depth)], head, optimizer=keras.optimizers.SGD(0.01))
    monitor = SignalMonitor(X, Y, every=1, stop=True)
    model.fit(X, Y, epochs=10, verbose=0, callbacks=[monitor])
    assert monitor.report.healthy and int(model.optimizer.iterations) == 80


def test_a_residual_branch_may_begin_at_zero():
    h = begin = Input((16,))
    for _ in range(4):
        branch = hidden(16)(layers.LayerNormalization()(h))
        h = h + layers.Dense(16, kernel_initializer="zeros")(branch)
    model = keras.Model(begin, layers.Dense(2)(h))
    model.compile("adam", crossentropy())
    monitor = SignalMonitor(X, Y, every=1, stop=True)
    model.fit(X, Y, epochs=5, verbose=0, callbacks=[monitor])
    assert monitor.report.healthy


def test_inputs_that_the_model_rescales_and_tokens_are_not_blamed():
    fixed = layers.Normalization()
    fixed.adapt(X)
    large = keras.initializers.RandomNormal(stddev=0.6, seed=1)
    deep = [layers.Dense(64, "relu", kernel_initializer=large) for _ in range(8)]
    report = examine(chain(fixed, *deep, layers.Dense(2)), X, Y)
    assert symptoms(report) == ["exploding_gradient"]  # the layer is no BatchNormalization
    deep = [layers.Dense(64, "relu", kernel_initializer=large) for _ in range(8)]
    words = [layers.Embedding(20000, 16), layers.GlobalAveragePooling1D()]
    report = examine(chain(*words, *deep, layers.Dense(2)), RNG.integers(0, 20000, (256, 16)), Y)
    assert "Los pesos son demasiado grandes" in report.findings[0].advice


def test_a_network_that_had_learned_is_not_stuck():
    model = chain(hidden(), layers.Dense(1), optimizer=keras.optimizers.Adam(0.01), loss="huber")
    model.fit(X, NUMBERS, epochs=60, verbose=0)
    model.optimizer.learning_rate = 1e-6
    monitor = SignalMonitor(X, NUMBERS)
    model.fit(X, NUMBERS, epochs=10, verbose=0, callbacks=[monitor])
    assert monitor.report.healthy


def test_a_loss_that_begins_high_and_falls_is_not_stuck():
    model = chain(hidden(), layers.Dense(2), optimizer=keras.optimizers.Adam(3e-4))
    monitor = SignalMonitor(5 * X, Y, every=8)
    model.fit(5 * X, Y, epochs=12, batch_size=32, verbose=0, callbacks=[monitor])
    late = [seen for seen in monitor.report.snapshots if seen.step >= 50]
    # Above the answer that ignores the input for a while, and better at every look.
    assert late[0].loss > 0.98 * late[0].constant_loss
    assert all(seen.loss < 0.98 * seen.earlier_loss for seen in late)
    assert monitor.report.healthy


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_a_model_without_weights_yet_is_built_by_the_monitor(dropout):
    def trained(*callbacks):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([hidden(), layers.Dropout(dropout, seed=3), layers.Dense(2)])
        model.compile("adam", crossentropy())
        model.fit(X, Y, epochs=2, verbose=0, callbacks=[*callbacks])
        return model.get_weights()

    monitor = SignalMonitor(X, Y)
    for seen, alone in zip(trained(monitor), trained(), strict=True):
        assert np.array_equal(seen, alone)
    assert len(monitor.report.snapshots) == 3


def test_histograms_of_values_that_hardly_differ(tmp_path):
    pytest.importorskip("tensorflow", reason="which writes them")
    deep = [layers.Dense(32, "sigmoid") for _ in range(12)]
    model = chain(*deep, layers.Dense(1), loss="mse")
    monitor = SignalMonitor(X, NUMBERS, log_dir=tmp_path)
    model.fit(X, NUMBERS, verbose=0, callbacks=[monitor])
    assert "vanishing_gradient" in symptoms(monitor.report)


def test_the_dashboard_of_a_network_whose_head_begins_at_zero():
    model = chain(hidden(), hidden(), layers.Dense(2, kernel_initializer="zeros"))
    monitor = SignalMonitor(X, Y)
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[monitor])
    titles = [ax.get_title() for ax in monitor.draw().axes]
    assert any("δ" in title for title in titles)


def test_targets_that_nobody_standardized_are_named():
    model = chain(hidden(), hidden(), layers.Dense(1), loss="mse")
    report = examine(model, X, 2e5 + 9e4 * NUMBERS)
    assert symptoms(report) == ["exploding_gradient"]
    assert "Las respuestas (y) son muy grandes" in report.findings[0].advice
    assert examine(model, X, NUMBERS).healthy
    assert examine(chain(hidden(), layers.Dense(30)), X, Y + 28).snapshots[0].label_rms == 0


def squared_relu(z):
    return keras.ops.square(keras.ops.relu(z))


@pytest.mark.parametrize("head", ["exponential", squared_relu])
def test_a_slope_that_grows_for_ever_has_no_tenth(head):
    model = chain(hidden(), layers.Dense(1, head), loss="mse")
    last = examine(model, 0.1 * X, np.abs(NUMBERS)).snapshots[0].layers[-1]
    assert np.isnan([last.dead_fraction, last.saturated_fraction]).all()


def test_a_loose_sigmoid_that_multiplies_its_own_input_is_no_sigmoid():
    h = begin = Input((16,))
    for _ in range(3):
        z = layers.Dense(32, kernel_initializer="he_normal")(h)
        h = z * keras.ops.sigmoid(z)
    gate = keras.ops.sigmoid(layers.Dense(32, name="gate")(begin))
    model = keras.Model(begin, layers.Dense(2)(h * gate))
    model.compile("adam", crossentropy())
    named = seen(examine(model, X, Y))
    assert named.pop("gate") == "sigmoid"
    assert set(named.values()) == {"linear"}


def test_embedded_positions_have_no_samples():
    class Positions(layers.Layer):
        def __init__(self):
            super().__init__()
            self.token = layers.Embedding(50, 8, name="token")
            self.position = layers.Embedding(20, 8, name="position")

        def call(self, x):
            return self.token(x) + self.position(keras.ops.arange(20))

    head = [layers.GlobalAveragePooling1D(), layers.Dense(2)]
    report = examine(chain(Input((20,)), Positions(), *head), RNG.integers(0, 50, (256, 20)), Y)
    assert report.snapshots[0].layers[0].name == "token"
    assert list(report.skipped) == ["position"]


def test_soft_labels_have_a_floor_and_no_constant():
    model = chain(hidden(), layers.Dense(1, "sigmoid"), loss="binary_crossentropy")
    soft = 1 / (1 + np.exp(-NUMBERS))
    assert np.isnan(examine(model, X, soft).snapshots[0].constant_loss)
    assert examine(model, X, Y).snapshots[0].constant_loss == pytest.approx(np.log(2), abs=0.02)


def test_a_loss_that_returns_no_gradient_is_named():
    # Logits far below zero, taken for probabilities: the loss is cut off and flat.
    head = layers.Dense(2, bias_initializer=keras.initializers.Constant(-50.0))
    model = chain(hidden(), hidden(), head, loss="sparse_categorical_crossentropy")
    report = examine(model, X, Y)
    if keras.backend.backend() != "torch":  # there they are divided by their sum
        assert "vanishing_gradient" in symptoms(report)
    assert symptoms(report)[0] == "contract"
    assert "los toma por probabilidades" in report.findings[0].advice


def test_nobody_is_told_to_use_what_is_there_already():
    wide = RNG.normal(size=(256, 256)).astype("float32")
    large = [Input((256,)), layers.Dense(32, "tanh"), layers.Dense(2)]
    for finding in examine(chain(*large), 4 * wide, Y).findings:
        assert "demasiado" not in finding.advice


def test_a_frozen_normalization_does_not_normalize():
    frozen = layers.BatchNormalization(trainable=False)
    wild = keras.initializers.RandomNormal(stddev=3.0)
    deep = [layers.Dense(32, "relu", kernel_initializer=wild) for _ in range(3)]
    report = examine(chain(frozen, *deep, layers.Dense(2)), X, Y)
    assert symptoms(report) == ["exploding_gradient"]
    # One that looks at each sample by itself goes on doing so.
    frozen = layers.LayerNormalization(trainable=False)
    assert examine(chain(hidden(), frozen, layers.Dense(2)), X, Y).snapshots[0].normalized


def test_small_courtesies(tmp_path):
    model = chain(hidden(), layers.Dense(2))
    monitor = SignalMonitor(X, Y, every=np.int64(4), csv=tmp_path / "new" / "looks.csv")
    model.fit(X, Y, verbose=0, callbacks=[monitor])
    assert (tmp_path / "new" / "looks.csv").exists()
    with pytest.raises(ValueError, match="y tiene textos"):
        examine(model, X, np.where(Y, "sí", "no"))


# --- data that fit takes ------------------------------------------------------------------


def test_a_last_axis_of_one_may_be_left_out():
    columns = {"a": X[:, 0], "b": X[:, 1]}
    begin = {name: Input((1,), name=name) for name in columns}
    model = keras.Model(begin, layers.Dense(2)(layers.Concatenate()([*begin.values()])))
    model.compile("adam", crossentropy())
    found = examine(model, columns, Y).snapshots[0]
    assert found.loss == pytest.approx(model.evaluate(columns, Y, 256, verbose=0), rel=1e-5)


def test_text_that_the_model_cuts_up_itself():
    pytest.importorskip("tensorflow", reason="which cuts it up")
    words = np.array([["uno dos tres"], ["dos cuatro"]] * 64)
    cut = layers.TextVectorization(output_sequence_length=4)
    cut.adapt(words)
    model = keras.Sequential(
        [
            Input((1,), dtype="string"),
            *(cut, layers.Embedding(20, 8), layers.GlobalAveragePooling1D(), layers.Dense(2)),
        ]
    )
    model.compile("adam", crossentropy())
    assert len(examine(model, words, np.arange(128) % 2).snapshots[0].layers) == 2


def test_a_model_of_a_fixed_number_of_samples():
    keeps = keras.backend.backend() != "torch"  # there Keras can't train it, watched or not
    model = keras.Sequential(
        [Input(batch_shape=(32, 4, 4)), layers.LSTM(4, stateful=keeps), layers.Dense(2)]
    )
    model.compile("adam", crossentropy())
    x = X.reshape(256, 4, 4)
    model.fit(x, Y, batch_size=32, verbose=0, callbacks=[SignalMonitor(x, Y)])


def test_what_is_no_array_is_refused_in_one_line():
    with pytest.raises(ValueError, match="hacen falta x e y") as error:
        examine(chain(layers.Dense(2)), X, None)
    assert "\n" not in str(error.value)


def test_a_model_that_takes_one_sample_or_more_than_there_are_is_refused():
    for size, message in ((1, "de uno en uno"), (512, "lotes de 512 ejemplos y se han dado 256")):
        model = keras.Sequential([Input(batch_shape=(size, 16)), layers.Dense(2)])
        model.compile("adam", crossentropy())
        with pytest.raises(ValueError, match=message):
            examine(model, X, Y)


# --- layers that hold others, and outputs that hold none ----------------------------------


def test_a_wrapper_with_a_matrix_of_its_own_does_not_hide_the_layer_inside():
    inside = layers.Dense(8, name="a", bias_initializer=keras.initializers.Constant(-100.0))
    model = chain(layers.SpectralNormalization(inside), layers.ReLU(), layers.Dense(2))
    report = examine(model, X, Y)
    assert seen(report)["a"] == "relu" and "dead_units" in symptoms(report)


class WithPositions(keras.Model):
    """Its own matrix, as the positions of a transformer."""

    def __init__(self):
        super().__init__()
        self.inside, self.pool = layers.Dense(8, "relu"), layers.GlobalAveragePooling1D()
        self.end = layers.Dense(1, name="end", bias_initializer=keras.initializers.Constant(100.0))
        self.positions = self.add_weight(shape=(4, 8), initializer="glorot_uniform")

    def call(self, x):
        return self.end(self.pool(self.inside(x) + self.positions))


def test_the_head_of_a_model_with_a_matrix_of_its_own_is_the_head():
    model, x = WithPositions(), X.reshape(256, 4, 4)
    model(x)
    model.compile("adam", "mse")
    report = examine(model, x, NUMBERS + 100)
    assert report.healthy and "end" in [a.name for a in report.snapshots[0].layers if a.head]


def test_a_hidden_layer_is_none_the_less_hidden_for_an_untrained_output():
    begin = Input((16,))
    h = layers.Dense(8, "relu", kernel_initializer="ones", bias_initializer="ones")(begin)
    model = keras.Model(begin, [layers.Dense(2)(h), layers.Dense(1)(h)])
    model.compile("adam", [crossentropy(), None])
    hidden_layer, head = examine(model, X, [Y, None]).snapshots[0].layers
    assert head.head and not hidden_layer.head


class NamedAnswers(keras.Model):
    def __init__(self):
        super().__init__()
        self.a, self.b = layers.Dense(1), layers.Dense(2)

    def call(self, x):
        return {"a": self.a(x), "b": self.b(x)}


def other_names():
    begin = Input((16,))
    answers = {"a": layers.Dense(1, name="y")(begin), "b": layers.Dense(2, name="x")(begin)}
    return keras.Model(begin, answers)


def called_once():
    model = NamedAnswers()
    model(Input((16,)))
    return model


@pytest.mark.parametrize(
    ("make", "loss", "labels"),
    [
        (two_outputs, ["mse", None], {"a": NUMBERS, "b": Y}),
        (other_names, {"a": "mse"}, [NUMBERS, Y]),
        (called_once, {"a": "mse", "b": crossentropy()}, {"a": NUMBERS, "b": Y}),
    ],
)
def test_labels_find_their_loss_as_in_keras(make, loss, labels):
    model = make()
    model.compile("adam", loss)
    expected = model.evaluate(X, labels, 256, verbose=0)
    expected = expected[0] if isinstance(expected, list) else expected
    assert examine(model, X, labels).snapshots[0].loss == pytest.approx(expected, rel=1e-5)


def test_the_layers_of_an_attention_are_not_given_its_softmax():
    begin = Input((16, 1))
    h = layers.Dense(16)(begin)
    h = layers.MultiHeadAttention(2, 8, dropout=0.1)(h, h)
    model = keras.Model(begin, layers.Dense(2)(layers.GlobalAveragePooling1D()(h)))
    model.compile("adam", crossentropy())
    assert set(seen(examine(model, X[..., None], Y)).values()) == {"linear"}


def test_an_adapted_embedding_is_seen():
    words = layers.Embedding(20, 8, name="words")
    model = chain(Input((5,)), words, layers.GlobalAveragePooling1D(), layers.Dense(2))
    words.enable_lora(2)
    report = examine(model, RNG.integers(0, 20, (256, 5)), Y)
    assert report.snapshots[0].layers[0].units == 8


def test_smoothed_labels_have_no_known_constant():
    loss = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)
    report = examine(chain(layers.Dense(1), loss=loss), X, Y)
    assert math.isnan(report.snapshots[0].constant_loss)


def test_an_epoch_shorter_than_a_step_is_looked_at_once():
    optimizer = keras.optimizers.SGD(0.05, gradient_accumulation_steps=40)
    model = chain(hidden(), layers.Dense(1), optimizer=optimizer, loss="mse")
    monitor = SignalMonitor(X, NUMBERS)
    model.fit(X, NUMBERS, batch_size=32, epochs=6, verbose=0, callbacks=[monitor])  # 48 batches
    assert [look.step for look in monitor.report.snapshots] == [0, 1]
    assert monitor.report.snapshots[0].layers[0].update_ratio > 0

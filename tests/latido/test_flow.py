"""What of a network is seen: time, frozen parts, gates, cuts, and what is brought to size."""

import keras
import numpy as np
import pytest

from latido import SignalMonitor, examine, observer
from latido.command import text_of
from latido.observer import Observer

L, ops = keras.layers, keras.ops
RNG = np.random.default_rng(0)
X = RNG.normal(size=(128, 16)).astype("float32")
Y = (X[:, 0] + X[:, 1] > 0).astype("int32")
SERIES = RNG.normal(size=(64, 30, 3)).astype("float32")
SIGNS = (SERIES[:, -1, 0] > 0).astype("int32")
CROSS = "sparse_categorical_crossentropy"
BACKEND = keras.backend.backend()
#: Keras takes its logits, and with them a gradient, on TensorFlow alone.
looked_behind = pytest.mark.skipif(
    BACKEND != "tensorflow", reason="a softmax that is sure and wrong has no gradient here"
)
shut = pytest.mark.skipif(BACKEND == "torch", reason="its loops are seen from outside")


@pytest.fixture(autouse=True)
def same_weights():
    keras.utils.set_random_seed(0)


def chain(*parts, inputs=(16,), loss=CROSS):
    model = keras.Sequential([keras.Input(inputs), *parts])
    model.compile("adam", loss)
    return model


def normal(deviation):
    return keras.initializers.RandomNormal(stddev=deviation)


def symptoms(report):
    return [finding.symptom for finding in report.findings]


def by_name(report):
    return {layer.name: layer for layer in report.snapshots[0].layers}


# --- operations without a gradient --------------------------------------------------------

STEPS = {
    "round": ops.round,
    "floor": ops.floor,
    "sign": ops.sign,
    "comparación >": lambda z: ops.cast(z > 0, "float32"),
    "argmax": lambda z: ops.one_hot(ops.argmax(z, -1), 8),
    "stop_gradient": ops.stop_gradient,
    "cast a enteros": lambda z: ops.cast(ops.cast(z, "int32"), "float32"),
}


@pytest.mark.parametrize("names", [("step", "step_1"), ("step_1", "step")])
def test_of_layers_whose_names_differ_by_a_number_the_right_one_is_named(names):
    rounds, other = names
    step = L.Lambda(ops.round, output_shape=(8,), name=rounds)
    parts = L.Dense(8, "relu", name=other), step, L.Dense(2, "softmax", name="c")
    (finding,) = examine(chain(*parts, loss=CROSS), X, Y).findings
    assert f"(round, en «{rounds}»)" in finding.advice


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("name", STEPS)
def test_an_operation_without_a_gradient_is_named(name, last):
    step = L.Lambda(STEPS[name], output_shape=(8,), name="step")
    parts = [L.Dense(8, "relu", name="a"), L.Dense(8, name="b"), step]
    model = chain(*parts, *([] if last else [L.Dense(2, "softmax", name="c")]),
                  loss="mse" if last else CROSS)  # fmt: skip
    report = examine(model, X, RNG.random((128, 8)) if last else Y)
    (finding,) = report.findings
    assert finding.symptom == "no_gradient" and finding.layer == "a"
    assert f"({name}, en «step»)" in finding.advice
    assert set(report.snapshots[0].cuts) == {"a", "b"} and not report.skipped
    # It never learns, whatever the rest does: that is no likelihood that was measured.
    assert (finding.level, finding.likelihood) == ("va a fallar", 1.0)
    assert set(report.table().falla) == {"100\N{NO-BREAK SPACE}%"}
    # As Keras has it: no gradient, or one of zeros.
    if keras.backend.backend() != "tensorflow":
        return
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(X) ** 2)
    above = tape.gradient(loss, model.get_layer("a").kernel.value)
    assert above is None or not np.any(above)


@keras.ops.custom_gradient
def through(z):
    return ops.round(z), lambda *args, upstream=None: upstream if upstream is not None else args[0]


@pytest.mark.parametrize(
    "step", [through, lambda z: z + ops.stop_gradient(ops.round(z) - z), lambda z: z + ops.round(z)]
)
def test_a_gradient_that_finds_its_way_is_not_missed(step):
    model = chain(L.Dense(8, "relu"), L.Lambda(step), L.Dense(2, "softmax"))
    assert examine(model, X, Y).healthy


def test_a_layer_of_ones_own_that_rounds_its_weights_is_named():
    class Coarse(L.Layer):
        def build(self, shape):
            self.kernel = self.add_weight(shape=(shape[-1], 8), initializer=normal(2.0))

        def call(self, x):
            return x @ ops.round(self.kernel)

    (finding, *_) = examine(chain(Coarse(name="own"), L.Dense(2, "softmax")), X, Y).findings
    assert (finding.symptom, finding.layer) == ("no_gradient", "own")


# --- frozen -------------------------------------------------------------------------------


def deep(trainable):
    parts = [L.Dense(16, "tanh", name=f"d{i}", kernel_initializer=normal(2.0)) for i in range(4)]
    for part, on in zip(parts, trainable, strict=True):
        part.trainable = on
    return chain(*parts, L.Dense(2, "softmax", name="head"))


def test_a_frozen_layer_is_seen_as_if_it_were_trained():
    keras.utils.set_random_seed(1)
    told = {"saturated_fraction": 0.6}  # that of the rule: told, however likely it learns
    free = examine(deep([True] * 4), X, Y)
    for trainable in ([True, False, True, False], [False] * 4):
        keras.utils.set_random_seed(1)
        report = examine(deep(trainable), X, Y, thresholds=told)
        below = False
        for name, layer in by_name(report).items():
            expected = by_name(free)[name]
            assert layer.activation_rms == pytest.approx(expected.activation_rms)
            assert layer.saturated_fraction == pytest.approx(
                expected.saturated_fraction, nan_ok=True
            )
            below = below or not layer.frozen
            known = layer.delta_norm == pytest.approx(expected.delta_norm)
            assert known if below else np.isnan(layer.delta_norm)
            assert np.isnan(layer.weight_gradient_rms) == layer.frozen
        assert "saturated_units" in symptoms(report)
    assert sum(layer.frozen for layer in by_name(report).values()) == 4


def test_a_frozen_body_at_another_scale_is_found():
    """Its weights are good, at the scale that they know."""
    images = RNG.random((256, 8, 8, 1)).astype("float32")
    labels = (images[:, :4].mean((1, 2, 3)) > images[:, 4:].mean((1, 2, 3))).astype("int32")

    def head(body, scale):
        body.trainable = False
        model = keras.Sequential([keras.Input((8, 8, 1)), body, L.Dense(2, "softmax")])
        model.compile("adam", CROSS)
        return examine(model, scale * images, labels)

    parts = [L.Conv2D(16, 3), L.ReLU(), L.Conv2D(16, 3), L.ReLU(), L.GlobalAveragePooling2D()]
    body = keras.Sequential([keras.Input((8, 8, 1)), *parts])
    learner = keras.Sequential([body, L.Dense(2, "softmax")])
    learner.compile(keras.optimizers.Adam(0.003), CROSS)
    learner.fit(images, labels, epochs=20, verbose=0)
    assert head(body, 1).healthy
    assert symptoms(head(body, 1 / 255)) == ["vanishing_signal"]
    assert any("Las entradas son muy grandes" in text for text in head(body, 255).risks.values())


@looked_behind
def test_small_changes_to_frozen_weights_do_not_hide_what_is_wrong():
    def build(adapted):
        keras.utils.set_random_seed(2)
        h = begin = keras.Input((16,))
        for i in range(4):
            up = L.Dense(16, "tanh", name=f"up{i}", kernel_initializer=normal(3.0))(h)
            h = h + L.Dense(16, name=f"down{i}")(up)
        model = keras.Model(begin, L.Dense(2, "softmax", name="head")(h))
        for layer in model.layers if adapted else ():
            layer.enable_lora(2) if layer.name.startswith("up") else None
            layer.trainable = layer.name.startswith("up")
        model.compile("adam", CROSS)
        return examine(model, X, Y, thresholds={"saturated_fraction": 0.6})

    before, after = build(False), build(True)
    assert symptoms(before) == symptoms(after)
    assert [a.name for a in by_name(after).values() if a.head] == ["head"]


# --- time ---------------------------------------------------------------------------------


def by_hand(cell, series, head, labels, backwards=False):
    """Return h and ∂(loss of each sample)/∂h of every step, from a loop written out."""
    tf = pytest.importorskip("tensorflow", reason="its tapes")
    states = [tf.zeros((len(series), size)) for size in tf.nest.flatten(cell.state_size)]
    seen = []
    with tf.GradientTape() as tape:
        for t in range(series.shape[1]):
            h, states = cell(tf.constant(series[:, -1 - t if backwards else t]), states)
            tape.watch(h)
            states = [h, *tf.nest.flatten(states)[1:]]
            seen.append(h)
        answer = head(seen[-1])
        loss = tf.reduce_sum(keras.losses.sparse_categorical_crossentropy(labels, answer))
    deltas = tape.gradient(loss, seen)
    return [np.stack([np.asarray(t, float) for t in part], 1) for part in (seen, deltas)]


KINDS = {
    "simple": (L.SimpleRNN, {}),
    "relu": (L.SimpleRNN, {"activation": "relu"}),
    "lstm": (L.LSTM, {}),
    "gru": (L.GRU, {}),
    "gru, other": (L.GRU, {"reset_after": False}),
    "backwards": (L.LSTM, {"go_backwards": True}),
    "unrolled": (L.SimpleRNN, {"unroll": True}),
    "dropout": (L.LSTM, {"dropout": 0.5, "recurrent_dropout": 0.5}),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_step_of_a_recurrent_layer_is_seen(name):
    kind, options = KINDS[name]
    model = chain(kind(5, name="r", **options), L.Dense(2, "softmax"), inputs=(30, 3))
    report = examine(model, SERIES, SIGNS)
    assert not report.skipped
    rnn, head = model.layers
    h, deltas = by_hand(rnn.cell, SERIES, head, SIGNS, options.get("go_backwards", False))
    layer = by_name(report)["r"]
    assert layer.activation == options.get("activation", "tanh") and layer.units % 5 == 0
    assert layer.activation_rms == pytest.approx(np.sqrt((h**2).mean()), rel=1e-4)
    norm = np.sqrt((deltas**2).sum(axis=(1, 2)).mean())
    assert layer.delta_norm == pytest.approx(norm, rel=1e-4)
    steps = np.sqrt((deltas**2).sum(axis=2).mean(axis=0))
    assert layer.memory == (steps >= 0.01 * steps[-1]).sum()
    assert layer.time_growth == pytest.approx(steps.max() / steps[-1], rel=1e-3)
    assert report.snapshots[0].loss == pytest.approx(model.evaluate(SERIES, SIGNS, 64, verbose=0))


def test_masks_states_and_both_directions_stay_what_they_are():
    tokens = RNG.integers(1, 20, (64, 25))
    tokens[:, 15:] = 0
    model = chain(
        *(L.Embedding(20, 6, mask_zero=True), L.Bidirectional(L.LSTM(4, return_sequences=True))),
        *(L.GRU(4, name="top"), L.Dense(2, "softmax")),
        inputs=(25,),
    )
    report = examine(model, tokens, SIGNS)
    assert report.snapshots[0].loss == pytest.approx(model.evaluate(tokens, SIGNS, 64, verbose=0))
    assert len(report.snapshots[0].layers) == 5 and not report.skipped
    assert np.isnan(by_name(report)["top"].memory)  # 15 steps that are no padding: too few to tell

    begin = keras.Input((30, 3))
    out, h, c = L.LSTM(4, return_state=True, return_sequences=True)(begin)
    model = keras.Model(begin, L.Dense(2, "softmax")(ops.concatenate([out[:, 0], h, c], axis=-1)))
    model.compile("adam", CROSS)
    loss = examine(model, SERIES, SIGNS).snapshots[0].loss
    assert loss == pytest.approx(model.evaluate(SERIES, SIGNS, 64, verbose=0))
    model = keras.Sequential(
        [keras.Input(batch_shape=(64, 30, 3)), L.LSTM(4, stateful=True), L.Dense(2, "softmax")]
    )
    model.compile("adam", CROSS)
    examine(model, SERIES, SIGNS)
    assert not np.any(model.layers[0].states[0])


@looked_behind
def test_what_a_recurrence_forgets_or_blows_up_is_found_at_the_start():
    first = (SERIES[:, 0, 0] > 0).astype("int32")

    def report(kind, **options):
        return examine(chain(kind(24, **options), L.Dense(2, "softmax"), inputs=(30, 3)),
                       SERIES, first)  # fmt: skip

    assert symptoms(report(L.SimpleRNN, recurrent_initializer=normal(0.01))) == [
        "vanishing_gradient"
    ]
    found = report(L.SimpleRNN, activation="relu", recurrent_initializer=normal(0.6)).findings[0]
    assert found.symptom == "exploding_gradient" and "recurrent_initializer" in found.advice
    for kind in (L.SimpleRNN, L.LSTM, L.GRU):
        assert report(kind).healthy, kind


def test_a_layer_repeated_in_time_is_one():
    def build(layer):
        keras.utils.set_random_seed(0)
        return chain(layer, L.Flatten(), L.Dense(2, "softmax"), inputs=(30, 3))

    each = build(L.TimeDistributed(L.Dense(4, "tanh", name="each")))
    whole = build(L.Dense(4, "tanh", name="each"))
    whole.set_weights(each.get_weights())
    a, b = (examine(model, SERIES, SIGNS).snapshots[0].layers for model in (each, whole))
    assert len(a) == len(b) == 2 and a[0].name == b[0].name
    for name in ("preactivation_rms", "contrast", "delta_norm", "weight_gradient_rms", "units"):
        assert getattr(a[0], name) == pytest.approx(getattr(b[0], name), rel=1e-4), name


def test_a_loop_that_someone_wrote_out_is_one_layer():
    begin = keras.Input((16,))
    step, h = L.Dense(16, "tanh", name="step"), begin
    for _ in range(12):
        h = step(h)
    model = keras.Model(begin, L.Dense(2, "softmax")(h))
    model.compile("adam", CROSS)
    assert [layer.name for layer in examine(model, X, Y).snapshots[0].layers][:-1] == ["step"]


# --- what is brought to size, whatever its class is called --------------------------------


class Rms(L.Layer):
    def call(self, h):
        return h * ops.rsqrt(ops.mean(h * h, -1, keepdims=True) + 1e-6)


class Divided(L.Layer):
    def call(self, h):
        m = ops.mean(h, -1, keepdims=True)
        return (h - m) / (ops.std(h, axis=-1, keepdims=True) + 1e-5)


class Powered(L.Layer):
    def call(self, h):
        return h * (ops.mean(ops.square(h), axis=-1, keepdims=True) + 1e-6) ** -0.5


class Unit(L.Layer):
    def call(self, h):
        return h / (ops.norm(h, axis=-1, keepdims=True) + 1e-6)


#: Layer → whether it brings the signal to size.
SIZED = {
    "BatchNormalization": (L.BatchNormalization, True),
    "frozen BatchNormalization": (lambda: L.BatchNormalization(trainable=False), False),
    "LayerNormalization": (L.LayerNormalization, True),
    "RMSNormalization": (L.RMSNormalization, True),
    "GroupNormalization": (lambda: L.GroupNormalization(4), True),
    "UnitNormalization": (L.UnitNormalization, True),
    "Rms": (Rms, True),
    "Divided": (Divided, True),
    "Powered": (Powered, True),
    "Unit": (Unit, True),
    "in a Lambda": (lambda: L.Lambda(Rms().call), True),
    "Rescaling": (lambda: L.Rescaling(0.1), False),
    "Softmax": (L.Softmax, False),
    "square root": (lambda: L.Lambda(lambda h: ops.sqrt(ops.abs(h) + 1)), False),
    "mean of squares": (lambda: L.Lambda(lambda h: h + ops.mean(h * h, -1, keepdims=True)), False),
    "of weights": (lambda: L.SpectralNormalization(L.Dense(16)), False),
    "Dropout": (lambda: L.Dropout(0.5), False),
}


@pytest.mark.parametrize("name", SIZED)
def test_what_brings_the_signal_to_size_is_known_by_what_it_does(name):
    make, sized = SIZED[name]
    before, after = L.Dense(16, use_bias=False, name="before"), L.Dense(8, "relu", name="after")
    model = chain(before, make(), after, L.Dense(2, "softmax"))
    seen = by_name(examine(model, X, Y))
    assert seen["before"].normalized == sized
    assert not seen["after"].normalized  # it lies behind, and nothing scales what it gives out
    # What it means: the size of the weights before it makes no difference to the answer.
    answer = ops.convert_to_numpy(model(X, training=True))
    before.kernel.assign(5 * before.kernel)
    moved = np.abs(ops.convert_to_numpy(model(X, training=True)) - answer).max()
    assert (moved < 0.02) == sized or name == "Dropout"


@looked_behind
def test_a_normalization_does_not_excuse_what_lies_behind_it():
    wild = [L.Dense(64, "relu", kernel_initializer=normal(0.8)) for _ in range(6)]
    report = examine(chain(L.BatchNormalization(), *wild, L.Dense(2, "softmax")), X, Y)
    assert "exploding_gradient" in symptoms(report)
    calm = [L.Dense(64, "relu", kernel_initializer="he_normal") for _ in range(6)]
    assert examine(chain(L.BatchNormalization(), *calm, L.Dense(2, "softmax")), X, Y).healthy


# --- gates, towers ------------------------------------------------------------------------


class Scale(L.Layer):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def build(self, shape):
        self.g = self.add_weight(shape=(), initializer=keras.initializers.Constant(self.size))

    def call(self, h):
        return self.g * h


def residual(size, blocks=6, deviation=None):
    drawn = normal(deviation) if deviation else "he_normal"
    h = begin = keras.Input((16,))
    h = L.Dense(32, name="stem")(h)
    for _ in range(blocks):
        inside = L.Dense(32, kernel_initializer=drawn)(
            L.Dense(32, "relu", kernel_initializer=drawn)(L.LayerNormalization()(h))
            if deviation is None
            else L.Dense(32, "relu", kernel_initializer=drawn)(h)
        )
        h = h + Scale(size)(inside)
    model = keras.Model(begin, L.Dense(2, "softmax")(h))
    model.compile("adam", CROSS)
    return model


@pytest.mark.parametrize("size", [0.0, 1e-6, 1e-4, 0.1])
def test_a_branch_may_begin_closed(size):
    assert examine(residual(size), X, Y).healthy


@looked_behind
def test_a_residual_network_that_explodes_is_still_found():
    assert "exploding_gradient" in symptoms(examine(residual(1.0, 8, 0.5), X, Y))


def test_a_layer_that_only_scales_another_signal_may_be_dead():
    def build(gated):
        keras.utils.set_random_seed(0)
        begin = keras.Input((16,))
        h = L.Dense(32, "relu", kernel_initializer="he_normal")(begin)
        cold = keras.initializers.Constant(-100.0)
        side = L.Dense(4, "relu", name="side", bias_initializer=cold)(h)
        side = L.Dense(32, "hard_sigmoid", name="gate")(side)
        h = L.Multiply()([h, side]) if gated else side
        model = keras.Model(begin, L.Dense(2, "softmax")(h))
        model.compile("adam", CROSS)
        return examine(model, X, Y)

    gated = build(True)
    assert {n for n, layer in by_name(gated).items() if layer.gate} == {"side", "gate"}
    assert gated.healthy and by_name(gated)["side"].dead_fraction == 1
    assert "dead_units" in symptoms(build(False))


def test_a_modulation_that_begins_closed():
    """As DiT does it (adaLN-Zero): everything but the stream is multiplied by zero at first."""
    x, condition = keras.Input((30, 3)), keras.Input((4,))
    h = L.Dense(16, name="stem")(x)
    told = L.Dense(16, name="told")(L.Dense(16, "silu")(condition))
    for i in range(3):
        closed = L.Dense(48, kernel_initializer="zeros", name=f"closed{i}")(told)
        shift, scale, gate = ops.split(L.Reshape((1, 48))(closed), 3, axis=-1)
        z = L.LayerNormalization(center=False, scale=False)(h) * (1 + scale) + shift
        h = h + gate * L.Dense(16)(L.Dense(32, "gelu")(z))
    for initializer in ("zeros", "glorot_uniform"):
        head = L.Dense(3, kernel_initializer=initializer)(L.LayerNormalization()(h))
        model = keras.Model([x, condition], head)
        model.compile("adam", "mse")
        data = [SERIES, SERIES[:, 0, :1] * np.ones((1, 4), "float32")]
        report = examine(model, data, SERIES)
        assert report.healthy and not any(layer.gate for layer in by_name(report).values())


def test_both_halves_of_a_gated_unit_count():
    begin = keras.Input((16,))
    a, b = L.Dense(16, "sigmoid", name="a")(begin), L.Dense(16, name="b")(begin)
    model = keras.Model(begin, L.Dense(2, "softmax")(a * b))
    model.compile("adam", CROSS)
    assert not any(layer.gate for layer in by_name(examine(model, X, Y)).values())


def test_of_two_towers_the_one_that_is_reached_counts():
    def tower(entry, initializer, depth=6):
        for _ in range(depth):
            entry = L.Dense(32, "relu", kernel_initializer=initializer)(entry)
        return entry

    a, b = keras.Input((16,)), keras.Input((16,))
    for one, ill in ((normal(0.02), True), ("he_normal", False)):
        joined = L.Concatenate()([tower(a, one), tower(b, one)])
        model = keras.Model([a, b], L.Dense(2, "softmax")(joined))
        model.compile("adam", CROSS)
        report = examine(model, [X, X], Y)
        assert symptoms(report) == ["vanishing_gradient"] * ill
        assert sum(layer.first for layer in report.snapshots[0].layers) == 2


# --- what is not seen is said -------------------------------------------------------------


def test_what_goes_around_a_branch_without_a_gradient_counts():
    """A normalization over an axis of one gives zeros, and nothing arrives behind it."""
    begin = keras.Input((30, 1))
    h = L.LayerNormalization()(L.MultiHeadAttention(2, 4, name="attention")(begin, begin)) + begin
    h = L.Dense(16, "relu", name="d")(L.Flatten()(h))
    model = keras.Model(begin, L.Dense(2, "softmax")(h))
    model.compile("adam", CROSS)
    report = examine(model, SERIES[..., :1], SIGNS)
    assert report.healthy and by_name(report)["d"].first
    assert by_name(report)["query"].delta_norm == 0


def test_every_layer_that_is_not_seen_has_its_reason():
    class Parts(keras.Model):
        def __init__(self):
            super().__init__()
            self.used, self.unused = L.Dense(8, "relu", name="used"), L.Dense(8, name="unused")
            self.blind, self.idle = L.Embedding(4, 8, name="blind"), L.Dense(8, name="idle")
            self.end = L.Dense(2, name="end")
            self.unused.build((None, 8))

        def call(self, x):
            h = self.used(x)
            self.idle(h)
            return self.end(h + self.blind(ops.arange(1)))

    model = Parts()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model(X)
    assert examine(model, X, Y).skipped == {
        "unused": "no se ha usado en esta pasada",
        "blind": "no mira los ejemplos",
        "idle": "no influye en la pérdida",
    }


def test_a_power_may_be_as_many_numbers_as_the_signal():
    """As in the rotary embeddings of language models, where each frequency has its own."""

    class Powers(L.Layer):
        def call(self, x):
            return x * ops.power(ops.convert_to_tensor(2.0), -ops.arange(8, dtype="float32"))

    model = chain(L.Dense(8, "relu"), Powers(), L.Dense(2, "softmax"))
    assert not examine(model, X, Y).skipped


def test_a_layer_may_multiply_by_its_weights_as_they_are():
    class Scale(L.Layer):
        def build(self, shape):
            self.scale = self.add_weight(shape=(8,), initializer="ones")

        def call(self, x):
            return x * self.scale

    model = chain(L.Dense(8, "relu"), Scale(), L.Dense(2, "softmax"))
    assert not examine(model, X, Y).skipped


def test_weights_without_a_use_are_not_cut_off():
    """As in the layer of keras-hub's XLNet that makes its mask of what it is told to leave out."""

    class Mask(L.Layer):
        def build(self, shape):
            self.spare = self.add_weight(shape=(1, 8))

        def call(self, x):
            return ops.cast(x > 0, "float32")

    begin = keras.Input((16,))
    mask = Mask(name="mask")(begin)
    end = L.Dense(2, "softmax", name="end")(L.Dense(16, "relu", name="used")(begin) * mask)
    model = keras.Model(begin, end)
    model.compile("adam", CROSS)
    report = examine(model, X, Y)
    assert report.skipped == {"mask": "no usa sus pesos"}
    assert not report.findings and set(by_name(report)) == {"used", "end"}


@shut
def test_the_command_does_not_call_well_what_it_has_not_seen():
    stack = L.RNN([L.LSTMCell(4, name="lower"), L.LSTMCell(4, name="upper")])
    report = examine(chain(stack, L.Dense(2, "softmax"), inputs=(30, 3)), SERIES, SIGNS)
    loop = "trabaja dentro de un bucle y no se ve desde fuera"
    assert report.skipped == {"lower": loop, "upper": loop}
    text = text_of(report, "red.keras")
    assert "sana" not in text and "ningún síntoma en lo que se ha mirado" in text
    assert f"no se ha mirado «upper»: {loop}" in text
    films = RNG.normal(size=(64, 4, 8, 8, 1)).astype("float32")
    parts = [L.ConvLSTM2D(2, 3), L.Flatten(), L.Dense(2, "softmax")]
    report = examine(chain(*parts, inputs=(4, 8, 8, 1)), films, SIGNS)
    assert [*report.skipped.values()] == [loop]
    well = examine(chain(L.Dense(8, "relu"), L.Dense(2, "softmax")), X, Y)
    assert "sana, ningún síntoma" in text_of(well, "red.keras")


@shut
def test_a_network_of_which_nothing_is_seen_is_not_called_well():
    class Hidden(L.Layer):
        def __init__(self):
            super().__init__()
            self.part = L.Dense(16, name="inside")

        def call(self, x):
            step = lambda i, h: (i + 1, self.part(h))  # noqa: E731
            return ops.while_loop(lambda i, h: i < 3, step, [0, x])[1]

    with pytest.raises(ValueError, match=r"ninguna capa .*«inside» trabaja dentro de un bucle"):
        examine(chain(Hidden(), loss="mse"), X, X)


def test_rows_that_are_no_samples_are_looked_at():
    """A layer that works on pairs of positions: its first axis counts samples times pairs."""

    class Pairs(L.Layer):
        def __init__(self):
            super().__init__()
            self.inside = L.Dense(4, "relu", name="inside")

        def call(self, x):
            h = ops.transpose(ops.reshape(x, (-1, 4, 4)), (1, 0, 2))  # the samples come second
            return ops.mean(self.inside(h), axis=0)

    report = examine(chain(Pairs(), L.Dense(2, "softmax")), X, Y)
    assert "inside" in by_name(report) and not report.skipped


@pytest.mark.parametrize("count", [300, 200])  # more than a monitor takes; than examine, too
def test_the_nodes_of_a_graph_are_looked_at_all_together(count):
    nodes = RNG.normal(size=(count, 6)).astype("float32")
    edges = (RNG.random((count, count)) < 0.02).astype("float32")
    labels = (edges @ nodes[:, :1] > 0).astype("int32")[:, 0]

    class Neighbours(L.Layer):
        def call(self, h):
            return ops.matmul(edges, h)

        def compute_output_shape(self, shape):  # only on TensorFlow Keras finds it out
            return shape

    parts = [Neighbours(), L.Dense(8, "relu", name="d"), L.Dense(2, "softmax")]
    model = chain(*parts, inputs=(6,))
    report = examine(model, nodes, labels)
    assert report.snapshots[0].samples == count
    z = edges @ nodes @ model.layers[1].kernel.numpy()
    rms = np.sqrt((z**2).mean())
    assert by_name(report)["d"].preactivation_rms == pytest.approx(rms, rel=1e-4)
    monitor = SignalMonitor(nodes, labels, every="epoch")
    model.fit(nodes, labels, batch_size=count, epochs=2, verbose=0, callbacks=[monitor])
    assert [look.samples for look in monitor.report.snapshots] == [count] * 3


def test_what_does_not_fit_in_memory_is_looked_at_in_part(monkeypatch):
    images = RNG.normal(size=(64, 16, 16, 3)).astype("float32")
    labels = (images.mean(axis=(1, 2, 3)) > 0).astype("int32")

    def build():
        keras.utils.set_random_seed(0)
        convolutions = [L.Conv2D(16, 3, padding="same", activation="relu") for _ in range(3)]
        return chain(*convolutions, L.GlobalAveragePooling2D(), L.Dense(2, "softmax"),
                     inputs=(16, 16, 3))  # fmt: skip

    assert examine(build(), images, labels).notes == ()
    monkeypatch.setattr(observer, "MEMORY", 7 * 2**20)
    looking = Observer(build())
    for _ in range(2):
        look = looking(images, labels)
        assert 4 < look.samples < 64
        assert f"Se han mirado {look.samples} de 64 ejemplos" in look.notes[0]
    # What was looked at is what those samples alone would have shown.
    chosen = np.unique(np.linspace(0, 63, look.samples).astype(int))
    monkeypatch.undo()
    alone = Observer(build())(images[chosen], labels[chosen])
    for a, b in zip(look.layers, alone.layers, strict=True):
        assert a.delta_norm == pytest.approx(b.delta_norm, rel=1e-4)

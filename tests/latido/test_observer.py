"""What a look measures, in which models, and that it leaves them as they were."""

import keras
import numpy as np
import pytest
from networks import DIGITS, FROM_LOGITS, mlp

from lab import model
from latido import examine
from latido.layers import flatten
from latido.observer import Observer

L = keras.layers


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_signals_agree_with_backpropagation_by_hand(activation):
    """Against float64 NumPy: softmax with cross-entropy has δ = p − y at the logits."""
    x, y = DIGITS
    phi, slope = {
        "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    }[activation]
    network = model.mlp(activation, "he_normal", depth=3, width=16, bias=-0.3)
    weights = [w.astype(float) for w in network.get_weights()]

    h, z, inputs = x.astype(float), [], []
    for kernel, bias in zip(weights[::2], weights[1::2], strict=True):
        inputs.append(h)
        z.append(h @ kernel + bias)
        h = phi(z[-1])
    p = np.exp(z[-1] - z[-1].max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    deltas = [p - np.eye(10)[y]]
    for above, before in zip(weights[-2:0:-2], z[-2::-1], strict=False):
        deltas.insert(0, deltas[0] @ above.T * slope(before))

    seen = Observer(network, FROM_LOGITS)(x, y)
    assert [layer.name for layer in seen.layers] == ["z1", "z2", "z3", "logits"]
    assert [layer.head for layer in seen.layers] == [False, False, False, True]
    assert seen.loss == pytest.approx(-np.log(p[range(len(y)), y]).mean(), rel=1e-5)
    for layer, before, entering, delta in zip(seen.layers, z, inputs, deltas, strict=True):
        after = before if layer.head else phi(before)
        gradient = entering.T @ delta / len(x)
        close = {
            "preactivation_rms": np.sqrt((before**2).mean()),
            "activation_rms": np.sqrt((after**2).mean()),
            "contrast": after.var(axis=0).mean() / (after**2).mean(),
            "delta_norm": np.sqrt((delta**2).sum(axis=1).mean()),
            "weight_gradient_rms": np.sqrt((gradient**2).mean()),
        }
        for name, expected in close.items():  # float32 against float64
            assert getattr(layer, name) == pytest.approx(expected, rel=1e-4), (layer.name, name)
        if layer.head:
            continue
        if activation == "relu":
            assert layer.dead_fraction == pytest.approx((before <= 0).all(axis=0).mean())
        else:  # a value of float32 may lie on the other side of the limit
            flat = (slope(before) < 0.1).mean()
            assert layer.saturated_fraction == pytest.approx(flat, abs=2 / before.size)


def test_dead_channels_of_a_convolution_are_counted():
    x, y = DIGITS
    bias = np.where(np.arange(8) < 6, -100.0, 0.0)
    conv = L.Conv2D(8, 3, activation="relu", bias_initializer=lambda shape, dtype: bias)
    network = keras.Sequential([keras.Input((64,)), L.Reshape((8, 8, 1)), conv, L.Flatten()])
    network.add(L.Dense(10))
    assert Observer(network)(x, y).layers[0].dead_fraction == 6 / 8


def test_normalization_takes_the_statistics_of_the_batch_and_keeps_its_own():
    x, y = DIGITS
    parts = [L.Dense(32), L.BatchNormalization(epsilon=1e-9), L.ReLU(), L.Dropout(0.5), L.Dense(10)]
    network = mlp(*parts)
    before = [v.numpy() for v in network.variables]
    first, second = (Observer(network)(100 * x, y) for _ in range(2))
    # A normalized z has mean square 1, whatever the size of the inputs.
    assert first.layers[0].preactivation_rms == pytest.approx(1, rel=1e-4)
    assert repr(first) == repr(second)  # no mask of Dropout was drawn
    for variable, value in zip(network.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)


def test_half_precision_sees_the_same_small_gradients():
    x, y = DIGITS

    def build(policy):
        layers = [L.Dense(32, "tanh", dtype=policy) for _ in range(4)]
        return keras.Sequential([keras.Input((64,)), *layers, L.Dense(10, dtype="float32")])

    full, half = build("float32"), build("mixed_float16")
    half.set_weights(full.get_weights())
    full.layers[-1].kernel.assign(full.layers[-1].kernel * 1e-5)
    half.layers[-1].kernel.assign(full.layers[-1].kernel)
    for a, b in zip(Observer(full)(x, y).layers, Observer(half)(x, y).layers, strict=True):
        # 11 bits, a few operations; below 1e-5 · 1/256 per sample it would be all zeros
        assert b.delta_norm == pytest.approx(a.delta_norm, rel=0.02)
        assert b.weight_gradient_rms == pytest.approx(a.weight_gradient_rms, rel=0.02)


def _residual():
    entry = keras.Input((64,))
    signal = L.Dense(16)(entry)
    for _ in range(2):
        inside = L.Activation("relu")(L.BatchNormalization()(signal))
        signal = L.Add()([signal, L.Dense(16)(inside)])
    return keras.Model(entry, L.Dense(10)(L.LayerNormalization()(signal)))


def _nested():
    inner = mlp(L.Dense(8, "gelu"), L.Dense(8), inputs=(64,))
    entry = keras.Input((64,))
    return keras.Model(entry, L.Dense(10)(keras.activations.relu(inner(entry))))


def _shared():
    twice, entry = L.Dense(64, "tanh", name="twice"), keras.Input((64,))
    return keras.Model(entry, L.Dense(10)(twice(twice(entry))))


def _attention():
    entry = keras.Input((64,))
    rows = L.Reshape((8, 8))(entry)
    seen = L.Flatten()(L.MultiHeadAttention(2, 4)(rows, rows))
    return keras.Model(entry, L.Dense(10, "softmax")(seen))


class Bare(keras.Model):
    """A model that calls TensorFlow between its layers."""

    def __init__(self):
        super().__init__()
        self.inside, self.outside = L.Dense(8), L.Dense(10)
        self.build((None, 64))

    def build(self, shape):
        self.inside.build(shape)
        self.outside.build((None, 8))

    def call(self, x):
        return self.outside(keras.ops.relu(self.inside(x)))


#: What it is → (model, the activations that must be seen, layers that can't be seen).
MODELS = {
    "sequential": (lambda: mlp(L.Dense(8, "elu"), L.Dense(10, "softmax")), "elu softmax", 0),
    "separate": (
        lambda: mlp(L.Dense(8), L.BatchNormalization(), L.LeakyReLU(), L.Dense(10), L.Softmax()),
        "leakyrelu softmax",
        0,
    ),
    "convolution": (
        lambda: mlp(
            *(L.Reshape((8, 8, 1)), L.SeparableConv2D(4, 3, activation="relu6")),
            *(L.DepthwiseConv2D(3), L.MaxPooling2D(), L.Conv2DTranspose(3, 3), L.PReLU()),
            *(L.Flatten(), L.Dense(10)),
        ),
        "relu6 linear prelu linear",
        0,
    ),
    "residual": (_residual, "relu relu linear linear", 0),
    "nested": (_nested, "gelu relu linear", 0),
    "shared": (_shared, "tanh tanh linear", 0),
    "attention": (_attention, "linear linear linear linear softmax", 0),
    "bare": (Bare, "relu linear", 0),
    "recurrent": (lambda: mlp(L.Reshape((8, 8)), L.LSTM(4), L.Dense(10)), "tanh linear", 0),
}


@pytest.mark.parametrize("name", MODELS)
def test_any_model_is_seen(name):
    build, activations, skipped = MODELS[name]
    network = build()
    seen = Observer(network)(*DIGITS)
    assert " ".join(layer.activation for layer in seen.layers) == activations
    assert len(seen.skipped) == skipped
    assert all(layer.finite and layer.delta_norm > 0 for layer in seen.layers)
    assert sum(layer.head for layer in seen.layers) == 1
    names = [layer.name for layer in seen.layers]
    assert len(set(names)) == len(names)
    # Nothing of what noted the signals down is left behind.
    assert not any("call" in layer.__dict__ for layer in flatten(network))


@pytest.mark.parametrize("form", [list, dict])
def test_several_inputs(form):
    x, y = DIGITS
    a, b = keras.Input((64,), name="z"), keras.Input((32,), name="a")
    joined = L.Concatenate()([L.Dense(8, "relu")(a), L.Dense(8, "tanh")(b)])
    values = {"z": x, "a": x[:, :32]} if form is dict else [x, x[:, :32]]
    report = examine(keras.Model([a, b], L.Dense(10)(joined)), values, y)
    assert report.healthy and len(report.snapshots[0].layers) == 3


def test_embedding_of_whole_numbers():
    parts = [L.Embedding(20, 8), L.Flatten(), L.Dense(1, "sigmoid")]
    network = keras.Sequential([keras.Input((5,), dtype="int32"), *parts])
    x = np.arange(100).reshape(20, 5) % 20
    assert len(examine(network, x, np.arange(20) % 2).snapshots[0].layers) == 2


def test_a_failed_look_leaves_the_model_as_it_was():
    x, y = DIGITS

    def fails(signal):
        raise RuntimeError("on purpose")

    network = mlp(L.Dense(8), L.Lambda(lambda s: s, name="trap"), L.Dense(10))
    network.get_layer("trap").function = fails
    with pytest.raises(ValueError, match="el modelo falla con estos datos: on purpose") as failure:
        examine(network, x, y)
    assert isinstance(failure.value.__cause__, RuntimeError)
    assert not any("call" in layer.__dict__ for layer in network.layers)

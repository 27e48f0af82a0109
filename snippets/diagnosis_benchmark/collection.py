"""Networks of known state, healthy and faulty, on which the diagnosis is tried.

Each symptom comes about by several mechanisms, each of them at several depths, widths and
strengths.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product


@dataclass(frozen=True)
class Case:
    """One network of the collection.

    Attributes:
        state: "healthy", or the symptom that its fault must bring about.
        mechanism: what is wrong (or right) with it, in Spanish.
        at_start: whether the fault is there before the first step.
    """

    state: str
    mechanism: str
    activation: str = "relu"
    initializer: str = "he_normal"
    depth: int = 5
    width: int = 64
    bias: float = 0.0
    optimizer: str = "adam"
    learning_rate: float = 2e-3
    kind: str = "mlp"
    normalization: bool = False
    input_scale: float = 1.0
    task: str = "softmax"
    at_start: bool = True
    number: int = 0


def cases() -> list[Case]:
    """Return the collection, numbered from 1: the number is each network's seed."""
    found = [*_healthy(), *_faulty()]
    return [replace(case, number=i) for i, case in enumerate(found, start=1)]


ADAM = {"optimizer": "adam", "learning_rate": 2e-3}
SGD = {"optimizer": "sgd", "learning_rate": 0.02}
RMSPROP = {"optimizer": "rmsprop", "learning_rate": 1e-3}

GOOD = [
    *(("relu", "he_normal"), ("relu", "he_uniform"), ("leaky_relu", "he_normal")),
    *(("elu", "he_normal"), ("gelu", "he_normal"), ("tanh", "glorot_uniform")),
    *(("tanh", "lecun_normal"), ("selu", "lecun_normal"), ("tanh", "orthogonal")),
]


def _healthy():
    def each(mechanism, activations, depths, width=64, initializer="he_normal", **more):
        for activation, depth in product(activations, depths):
            yield Case("healthy", mechanism, activation, initializer, depth, width, **more)

    # Each good pair meets every size; optimizers take turns.
    sizes = ((1, 64), (2, 32), (3, 128), (5, 64), (8, 64), (12, 64))
    for i, ((activation, initializer), (depth, width)) in enumerate(product(GOOD, sizes)):
        recipe = (ADAM, SGD, RMSPROP)[(i + depth) % 3]
        pair = {"initializer": initializer, "width": width}
        yield from each("activación con su inicializador", [activation], [depth], **pair, **recipe)
    for recipe in ({**ADAM, "learning_rate": 5e-4}, {**SGD, "learning_rate": 0.01}):
        deep = {"width": 128, **recipe}
        yield from each("muy profunda", ["relu", "leaky_relu"], (16, 20), **deep)
        yield from each("muy profunda", ["tanh"], (16, 20), initializer="glorot_uniform", **deep)
    for initializer, rate in product(("glorot_uniform", "he_normal"), (2e-3, 5e-3)):
        pair = {"initializer": initializer, "learning_rate": rate}
        yield from each("sigmoid poco profunda", ["sigmoid"], (1, 2), **pair)
    for recipe in (ADAM, SGD):
        glorot = {"initializer": "glorot_uniform", **recipe}
        yield from each("ReLU con Glorot, poco profunda", ["relu"], (2, 3, 4, 6), **glorot)
    yield from each("tanh con He", ["tanh"], (2, 4, 6, 8))
    names = ("relu", "tanh", "sigmoid", "elu")
    normalized = {"initializer": "glorot_uniform", "normalization": True}
    yield from each("con BatchNormalization", names, (4, 8, 12), **normalized)
    for kind in ("residual", "conv", "dropout"):
        yield from each(f"otra arquitectura ({kind})", ["relu"], (2, 3, 4, 6), 32, kind=kind)
    for task, (activation, initializer) in product(("binary", "regression"), GOOD[:6:2]):
        pair = {"initializer": initializer, "task": task}
        yield from each("otra tarea", [activation], (2, 4), **pair)
    for scale in (0.3, 3.0):
        yield from each("entradas algo fuera de escala", ["relu", "elu"], (2, 4), input_scale=scale)
    for recipe in ({**ADAM, "learning_rate": 1e-2}, {**SGD, "learning_rate": 0.1}):
        yield from each("tasa alta, pero buena", ["relu", "gelu"], (1, 3), **recipe)
    for width in (16, 256):
        yield from each("muy estrecha o muy ancha", ["relu", "leaky_relu"], (2, 5), width)


def _faulty():
    def each(state, mechanism, depths, widths=(32, 64), **more):
        for depth, width in product(depths, widths):
            yield Case(state, mechanism, depth=depth, width=width, **{**SGD, **more})

    state = "vanishing_gradient"
    glorot = {"initializer": "glorot_uniform"}
    yield from each(state, "ReLU con Glorot, profunda", (12, 14, 16, 20, 24), **glorot)
    yield from each(state, "ReLU con LeCun, profunda", (14, 20), initializer="lecun_normal")
    for activation, deviation in product(("relu", "tanh"), (0.02, 0.06)):
        small = {"activation": activation, "initializer": f"random_normal:{deviation}"}
        yield from each(state, "pesos muy pequeños", (4, 6, 8), **small)
    yield from each(state, "sigmoid profunda", (4, 6, 8, 10), activation="sigmoid", **glorot)

    state = "vanishing_signal"
    sigmoid = {"activation": "sigmoid"}
    yield from each(state, "sigmoid profunda", (4, 5, 7, 9), **sigmoid, **ADAM)
    for bias in (10.0, 30.0):
        yield from each(state, "sesgo positivo muy grande", (6, 8), bias=bias)
    yield from each(state, "sesgo positivo muy grande", (4, 6), bias=4.0, **sigmoid, **glorot)

    state = "exploding_gradient"
    for activation, deviation in product(("relu", "leaky_relu"), (0.3, 0.5)):
        big = {"activation": activation, "initializer": f"random_normal:{deviation}"}
        yield from each(state, "pesos muy grandes", (5, 7, 9), **big)
    for scale in (30.0, 100.0, 1000.0):
        yield from each(state, "entradas sin escalar", (2, 3, 5), input_scale=scale)
    for optimizer, rate in (("sgd", 1.0), ("sgd", 3.0), ("adam", 0.1), ("adam", 1.0)):
        recipe = {"optimizer": optimizer, "learning_rate": rate, "at_start": False}
        yield from each(state, "tasa demasiado alta", (2, 5), **recipe)

    state = "dead_units"
    for bias in (-2.0, -3.0, -6.0):
        yield from each(state, "sesgo muy negativo", (2, 3, 5), bias=bias)
    yield from each(state, "pesos de media negativa", (3, 4, 6), initializer="negative")

    state = "saturated_units"
    for activation, deviation in (("tanh", 0.6), ("tanh", 1), ("sigmoid", 2), ("sigmoid", 4)):
        big = {"activation": activation, "initializer": f"random_normal:{deviation}"}
        yield from each(state, "pesos muy grandes", (2, 3, 5), **big)
    for activation, scale in product(("tanh", "sigmoid"), (30.0, 100.0)):
        raw = {"activation": activation, "input_scale": scale, **glorot}
        yield from each(state, "entradas sin escalar", (1, 2), **raw)
    for bias in (2.5, 4.0):
        yield from each(state, "sesgo muy grande", (2, 4), activation="tanh", bias=bias, **glorot)

    for initializer, activation in product(("zeros", "constant"), ("relu", "tanh", "sigmoid")):
        flat = {"initializer": initializer, "activation": activation}
        yield from each("symmetric_units", "pesos iguales", (2, 4), **flat)

    later = {"at_start": False}
    for rate in (1e-8, 1e-6):
        slow = {"learning_rate": rate, **later}
        yield from each("stuck_loss", "tasa demasiado baja", (2, 3, 5), **slow)
    for mechanism, task in (
        ("softmax de una unidad", "one_softmax"),
        ("salida con ReLU apagada", "relu_output"),
    ):
        yield from each("stuck_loss", mechanism, (2, 3, 5), task=task, **later)

    state = "non_finite"
    yield from each(state, "entradas fuera de rango", (2, 4), input_scale=1e38)
    yield from each(state, "pesos enormes", (20, 24), initializer="random_normal:50")
    yield from each(state, "logaritmo de un número negativo", (2, 4), task="log_loss")
    yield from each(state, "tasa disparatada", (2, 4), learning_rate=1e6, **later)


# --- the networks -------------------------------------------------------------------------


def build(case: Case, inputs: int = 64):
    """Return the compiled Keras model of a case."""
    import keras

    from lab import model

    keras.utils.set_random_seed(case.number)
    layers, draw = keras.layers, keras.initializers
    seeds = iter(range(1000 * case.number, 1000 * case.number + 999))

    def weights():
        if case.initializer == "negative":
            return draw.RandomNormal(mean=-0.2, stddev=0.05, seed=next(seeds))
        return model.make_initializer(case.initializer, next(seeds))

    def dense(signal):
        bias = draw.Constant(case.bias)
        return layers.Dense(case.width, kernel_initializer=weights(), bias_initializer=bias)(signal)

    def hidden(signal):
        if case.kind == "conv":
            conv = layers.Conv2D(case.width, 3, padding="same", kernel_initializer=weights())
            return layers.Activation(case.activation)(conv(signal))
        if case.kind == "residual":
            inside = layers.ReLU()(layers.BatchNormalization()(signal))
            return layers.Add()([signal, dense(inside)])
        signal = dense(signal)
        if case.normalization:
            signal = layers.BatchNormalization()(signal)
        signal = layers.Activation(case.activation)(signal)
        return layers.Dropout(0.3)(signal) if case.kind == "dropout" else signal

    entry = signal = keras.Input((inputs,))
    if case.kind == "conv":
        signal = layers.Reshape((8, 8, 1))(signal)
    elif case.kind == "residual":
        signal = dense(signal)
    for _ in range(case.depth):
        signal = hidden(signal)
    task = TASKS[case.task]
    head = layers.Dense(task.units, task.activation, bias_initializer=draw.Constant(task.bias))
    network = keras.Model(entry, head(layers.Flatten()(signal)))
    optimizer = keras.optimizers.get(case.optimizer)
    optimizer.learning_rate = case.learning_rate
    network.compile(optimizer, task.loss)
    return network


def _log_of_anything(y_true, y_pred):
    """Return a cross-entropy that forgets that a linear output may be negative."""
    from keras import ops

    return -ops.mean(y_true * ops.log(y_pred), axis=-1)


def _high(y):
    return (y > 4).astype(int)


def _number(y):
    return ((y - 4.5) / 2.9).astype("float32")[:, None]


@dataclass(frozen=True)
class Task:
    """What a network has to answer: labels from the digits, head and loss."""

    labels: Callable
    units: int
    activation: str
    loss: str | Callable
    bias: float = 0.0


TASKS = {
    "softmax": Task(lambda y: y, 10, "softmax", "sparse_categorical_crossentropy"),
    "binary": Task(_high, 1, "sigmoid", "binary_crossentropy"),
    "regression": Task(_number, 1, "linear", "mean_squared_error"),
    "one_softmax": Task(_high, 1, "softmax", "mean_squared_error"),
    "relu_output": Task(_number, 1, "relu", "mean_squared_error", bias=-10.0),
    "log_loss": Task(_number, 1, "linear", _log_of_anything),
}


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("parte de la prueba del diagnóstico, que da «python snippets report»")

"""The networks of the collection: drawn at random, sound and unsound, for each task.

What is drawn, and how often, stands here; whether a network learns is what its training says.
Networks of one body share what Keras compiles, so they are trained one after the other.
"""

from dataclasses import dataclass, replace

import numpy as np

from diagnosis_benchmark.tasks import TASKS, Task

#: Numbers that are kept for the bodies of a task: to draw more of them changes none.
SPACED = 6
#: Bodies for each task, optimizers for each body, networks for each of these.
BODIES, OPTIMIZERS_EACH, NETWORKS_EACH = 3, 2, 4


@dataclass(frozen=True)
class Body:
    """What a network is made of.

    Attributes:
        task: name of its task.
        kind: "densa", "residual", "convolucional", "LSTM", "GRU", "atención" or "embedding".
        depth, width: hidden layers, or blocks of them, and their units.
        activation: of the hidden layers.
        normalization: "", "batch" or "layer".
        number: of the body; its seed.
    """

    task: str
    kind: str
    depth: int
    width: int
    activation: str
    normalization: str
    number: int


@dataclass(frozen=True)
class Case:
    """One network and how it is trained.

    Attributes:
        number: also its seed.
        body: as above.
        optimizer: a name of ``OPTIMIZERS``.
        rate: learning rate.
        initializer: of the hidden layers: a name of Keras, "normal:σ", "zeros", "constant" or
            "negative".
        bias: of the hidden layers.
        scale: by which the inputs are multiplied; 0 if they are standardized column by column.
        faults: what was put in on purpose, in Spanish, of ``FAULTS``.
    """

    number: int
    body: Body
    optimizer: str
    rate: float
    initializer: str
    bias: float
    scale: float
    faults: tuple[str, ...]


#: Name → (class of Keras, its settings, the usual rate).
OPTIMIZERS = {
    "SGD": ("SGD", {}, 0.03),
    "SGD con momento": ("SGD", {"momentum": 0.9}, 0.01),
    "Adam": ("Adam", {}, 1e-3),
    "AdamW": ("AdamW", {}, 1e-3),
    "Nadam": ("Nadam", {}, 1e-3),
    "RMSprop": ("RMSprop", {}, 1e-3),
    "Adagrad": ("Adagrad", {}, 0.03),
    "Adadelta": ("Adadelta", {}, 1.0),
    "Lion": ("Lion", {}, 2e-4),
}
OFTEN = {"Adam": 5, "SGD": 3, "RMSprop": 2, "SGD con momento": 2}

FAULTS = (
    "pesos pequeños",
    "pesos grandes",
    "pesos iguales",
    "pesos de media negativa",
    "sesgo negativo",
    "sesgo grande",
    "tasa alta",
    "tasa baja",
    "entradas sin escalar",
)

DEPTHS = (1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8, 8, 10, 12, 16, 20, 30)
ACTIVATIONS = ("relu",) * 5 + ("tanh",) * 3 + ("sigmoid",) * 3 + ("elu", "gelu", "leaky_relu")
ACTIVATIONS += ("selu", "silu")

KINDS = {
    "plano": ("densa",) * 5 + ("residual",),
    "tabla": ("densa",) * 5 + ("residual",),
    "regresión": ("densa",) * 5 + ("residual",),
    "imagen": ("densa", "convolucional", "convolucional", "residual"),
    "serie": ("convolucional", "LSTM", "GRU", "atención", "densa"),
    "texto": ("convolucional", "LSTM", "GRU", "atención", "embedding"),
    "embedding": ("embedding",),
}


def task_of(body: Body) -> Task:
    """Return the task of a body."""
    return next(task for task in TASKS if task.name == body.task)


def cases() -> list[Case]:
    """Return the collection, body by body; the number of each network is its seed."""
    found = []
    for body in _bodies():
        rng = np.random.default_rng([21, body.number])
        first = OPTIMIZERS_EACH * NETWORKS_EACH * (body.number - 1) + 1
        drawn = [
            _case(rng, body, optimizer)
            for optimizer in _optimizers(rng)
            for _ in range(NETWORKS_EACH)
        ]
        found += [replace(case, number=i) for i, case in enumerate(drawn, start=first)]
    return found


def _bodies() -> list[Body]:
    bodies = []
    for t, task in enumerate(TASKS):
        rng = np.random.default_rng([7, *map(ord, task.name)])
        kinds = rng.permutation(KINDS[task.family])
        for i in range(BODIES):
            kind = str(kinds[i % len(kinds)])
            depth = int(rng.choice(DEPTHS))
            if kind in ("LSTM", "GRU"):
                depth = 1 + depth % 2
            elif kind in ("convolucional", "atención"):
                depth = min(depth, 10)
            normalization = str(rng.choice(["", "", "", "", "batch", "layer"]))
            if kind == "atención":
                normalization = str(rng.choice(["", "layer"]))
            width = int(rng.choice([8, 16, 32, 64] if kind in ("densa", "residual") else [8, 16]))
            if kind == "embedding":
                normalization = ""
            activation = str(rng.choice(ACTIVATIONS))
            number = SPACED * t + i + 1
            bodies.append(Body(task.name, kind, depth, width, activation, normalization, number))
    return bodies


def _optimizers(rng) -> list[str]:
    weights = np.array([OFTEN.get(name, 1) for name in OPTIMIZERS], float)
    return list(
        rng.choice([*OPTIMIZERS], OPTIMIZERS_EACH, replace=False, p=weights / weights.sum())
    )


def _case(rng, body: Body, optimizer: str) -> Case:
    """Draw one network: four in ten as its author would have it, the others with a fault or two."""
    optimizer = str(optimizer)
    rate = OPTIMIZERS[optimizer][2] * float(rng.choice([0.3, 1, 1, 3]))
    initializer = str(rng.choice(["glorot_uniform"] * 3 + ["he_normal"] * 2 + ["lecun_normal"]))
    sound = Case(0, body, optimizer, rate, initializer, 0.0, 0.0, ())
    if task_of(body).tokens:
        sound = replace(sound, scale=1.0)
    if rng.uniform() < 0.4:
        return sound
    case = sound
    for fault in rng.choice(FAULTS, rng.choice([1, 1, 1, 2]), replace=False):
        case = _with(rng, case, str(fault))
    return case


def _with(rng, case: Case, fault: str) -> Case:
    """Put a fault into a network; most of them in any strength, from harmless to fatal."""

    def pick(*values):
        return values[rng.integers(len(values))]

    changes = {
        "pesos pequeños": lambda: {"initializer": f"normal:{pick(0.003, 0.01, 0.03, 0.06, 0.1)}"},
        "pesos grandes": lambda: {"initializer": f"normal:{pick(0.5, 0.8, 1, 2, 5)}"},
        "pesos iguales": lambda: {"initializer": pick("zeros", "constant")},
        "pesos de media negativa": lambda: {"initializer": "negative"},
        "sesgo negativo": lambda: {"bias": pick(-0.5, -1.0, -3.0, -10.0)},
        "sesgo grande": lambda: {"bias": pick(0.5, 2.0, 5.0, 20.0)},
        "tasa alta": lambda: {"rate": case.rate * pick(10, 30, 100, 1000)},
        "tasa baja": lambda: {"rate": case.rate * pick(0.1, 1e-2, 1e-3, 1e-4)},
        "entradas sin escalar": lambda: {"scale": pick(1.0, 1.0, 30.0, 300.0, 1e-3)},
    }[fault]()
    if "scale" in changes and task_of(case.body).tokens:
        return case
    return replace(case, **changes, faults=(*case.faults, fault))


# --- the networks -------------------------------------------------------------------------


def build(body: Body, shape: tuple[int, ...]):
    """Return the Keras model of a body, not compiled, for inputs of a shape without samples."""
    import keras

    layers, task = keras.layers, task_of(body)
    keras.utils.set_random_seed(body.number)

    def normalized(signal):
        if body.normalization == "batch":
            return layers.BatchNormalization()(signal)
        return layers.LayerNormalization()(signal) if body.normalization else signal

    def activated(layer, signal):
        return layers.Activation(body.activation)(normalized(layer(signal)))

    def dense(signal):
        return activated(layers.Dense(body.width), signal)

    entry = signal = keras.Input(shape, dtype="int32" if task.tokens else "float32")
    if task.tokens:
        signal = layers.Embedding(task.tokens, body.width)(signal)
    if body.kind == "densa":
        signal = layers.Flatten()(signal) if len(signal.shape) > 2 else signal
        for _ in range(body.depth):
            signal = dense(signal)
    elif body.kind == "residual":
        signal = layers.Dense(body.width)(signal)
        for _ in range(body.depth):
            signal = layers.Add()([signal, dense(signal)])
    elif body.kind == "convolucional":
        image = task.family == "imagen"
        signal = layers.Reshape((8, 8, 1))(signal) if image else signal
        conv = layers.Conv2D if image else layers.Conv1D
        for i in range(body.depth):
            signal = activated(conv(body.width, 3, padding="same"), signal)
            if i == 1:
                pool = layers.MaxPooling2D if image else layers.MaxPooling1D
                signal = pool(2)(signal)
        if body.number % 2:
            signal = layers.Flatten()(signal)
        else:
            pool = layers.GlobalAveragePooling2D if image else layers.GlobalAveragePooling1D
            signal = pool()(signal)
    elif body.kind in ("LSTM", "GRU"):
        recurrent = getattr(layers, body.kind)
        for i in range(body.depth):
            more = i < body.depth - 1
            signal = recurrent(body.width, return_sequences=more, unroll=True)(signal)
        signal = dense(signal)
    elif body.kind == "atención":
        signal = layers.Dense(body.width)(signal) if not task.tokens else signal
        for _ in range(max(1, body.depth // 2)):
            inside = normalized(signal)
            inside = layers.MultiHeadAttention(2, body.width // 2)(inside, inside)
            signal = layers.Add()([signal, inside])
            inside = layers.Dense(2 * body.width, body.activation)(normalized(signal))
            signal = layers.Add()([signal, layers.Dense(body.width)(inside)])
        signal = layers.GlobalAveragePooling1D()(signal)
    elif body.kind == "embedding":
        signal = layers.Flatten()(signal)
        for _ in range(body.depth):
            signal = dense(signal)
    return keras.Model(entry, layers.Dense(task.units, task.activation, name="head")(signal))


def inputs(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of a case: as they are, times its scale, or standardized column by column."""
    x, y = task_of(case.body).data()
    if task_of(case.body).tokens or case.scale == 1:
        return x, y
    if case.scale:
        standard = (x - x.mean()) / x.std()
        return (standard * case.scale).astype("float32"), y
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    return ((x - mean) / np.where(deviation > 0, deviation, 1)).astype("float32"), y


def draw(case: Case, model, fresh: list[np.ndarray]) -> None:
    """Give a body the weights of a case: ``fresh`` ones, and hidden kernels and biases drawn anew.

    Args:
        fresh: the values of ``model.variables`` as Keras drew them.
    """
    import keras

    rng = np.random.default_rng(case.number)
    for variable, value in zip(model.variables, fresh, strict=True):
        head, name = "head/" in variable.path, variable.path.rsplit("/", 1)[-1]
        if "kernel" in name:
            kind = "glorot_uniform" if head else case.initializer
            if name == "recurrent_kernel" and kind.endswith(("_normal", "_uniform")):
                kind = "orthogonal"
            seed = int(rng.integers(2**31))
            value = _initializer(keras.initializers, kind, seed)(variable.shape)
        elif name == "embeddings":
            value = rng.uniform(-0.05, 0.05, variable.shape)
        elif name == "bias" and case.bias and not head:
            value = np.full(variable.shape, case.bias)
        variable.assign(value)


def _initializer(initializers, kind: str, seed: int):
    if kind.startswith("normal:"):
        return initializers.RandomNormal(stddev=float(kind[7:]), seed=seed)
    if kind == "negative":
        return initializers.RandomNormal(mean=-0.2, stddev=0.05, seed=seed)
    if kind == "constant":
        return initializers.Constant(0.1)
    if kind == "zeros":
        return initializers.Zeros()
    makers = {
        **{"glorot_uniform": "GlorotUniform", "he_normal": "HeNormal"},
        **{"lecun_normal": "LecunNormal", "orthogonal": "Orthogonal"},
    }
    return getattr(initializers, makers[kind])(seed=seed)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("parte de la prueba del diagnóstico, que da «python snippets report»")

"""Every pairing of head, loss and labels that Keras lets through, against an oracle in NumPy.

The oracle knows nothing of the rules: it tries every output that a head can give, for each sample
by itself, and asks what the loss would be, and whether the answers would tell the labels.
"""

import functools
import itertools
import math

import keras
import numpy as np
import pytest

from latido import contract, examine

L = keras.layers
N = 60
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 5)).astype("float32")
CLASS = np.arange(N) % 3
ONE_HOT = np.eye(3)[CLASS]
SEVERAL = np.array([*itertools.product((0, 1), repeat=3)])[np.arange(N) % 8]

LABELS = {
    "binary": np.arange(N) % 2,
    "a column of them": (np.arange(N) % 2)[:, None],
    "signs": 2 * (np.arange(N) % 2) - 1,
    "classes": CLASS,
    "classes from one": CLASS + 1,
    "one-hot": ONE_HOT,
    "several": SEVERAL,
    "amounts": RNG.normal(size=N),
    "wide amounts": RNG.normal(size=(N, 3)),
    "positive": RNG.exponential(size=N) + 0.1,
    "shares of one": RNG.random(N),
    "pictures": RNG.integers(0, 256, (N, 3)),
}
EPS = 1e-7


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


HEADS = {
    "linear": lambda z: z,
    "softmax": softmax,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "softplus": lambda z: np.logaddexp(0, z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
}
LOSSES = {
    "mse": keras.losses.MeanSquaredError(),
    "mae": keras.losses.MeanAbsoluteError(),
    "poisson": keras.losses.Poisson(),
    "hinge": keras.losses.Hinge(),
    "each": keras.losses.BinaryCrossentropy(),
    "each, logits": keras.losses.BinaryCrossentropy(from_logits=True),
    "shares": keras.losses.CategoricalCrossentropy(),
    "shares, logits": keras.losses.CategoricalCrossentropy(from_logits=True),
    "index": keras.losses.SparseCategoricalCrossentropy(),
    "index, logits": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
}


def looked_behind(head):
    return head in ("softmax", "sigmoid") and keras.backend.backend() == "tensorflow"


def cost(loss, head, z, y):
    """What each candidate costs for each label: z (candidates, units), y (labels, …), float64.

    Written from Keras's documentation: a cross-entropy finds the logits of a softmax or a sigmoid
    that is the last thing before it. On TensorFlow, as its source says; on others it finds none.
    """
    behind = looked_behind(head)
    logits = loss.endswith("logits") or behind
    h = z if behind else HEADS[head](z)
    loss = loss.removesuffix(", logits")
    if loss == "index":
        p = softmax(h) if logits else softmax(np.log(np.clip(h, EPS, 1 - EPS)))
        return -np.log(p + 1e-300)[:, y.reshape(len(y)).astype(int)]
    y = y.reshape(len(y), -1).astype(float)[None]
    h = h[:, None]
    if loss == "shares":
        with np.errstate(all="ignore"):
            p = softmax(h) if logits else np.clip(h / h.sum(axis=-1, keepdims=True), EPS, 1 - EPS)
            return -(y * np.log(p + 1e-300)).sum(axis=-1)
    if loss == "each":
        p = np.clip(sigmoid(h) if logits else h, EPS, 1 - EPS)
        return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(axis=-1)
    h = HEADS[head](z)[:, None]
    if loss == "hinge":
        y = 2 * y - 1 if set(np.unique(y)) <= {0, 1} else y
        return np.maximum(1 - y * h, 0).mean(axis=-1)
    if loss == "poisson":
        with np.errstate(invalid="ignore"):
            return (h - y * np.log(h + EPS)).mean(axis=-1)
    return (np.abs(h - y) ** (1 if loss == "mae" else 2)).mean(axis=-1)


def told(loss, head, z, y):
    """Whether the answers are the labels, to who reads them as the loss means: (samples,)."""
    h = HEADS[head](z)
    wide = y.reshape(len(y), -1)

    def known(function):
        return head == function and looked_behind(head)

    if loss.startswith("index"):
        return h.argmax(axis=-1) == wide[:, 0]
    if loss.startswith("shares"):
        p = softmax(h) if loss.endswith("logits") and not known("softmax") else h
        return (np.abs(p / p.sum(axis=-1, keepdims=True) - wide) < 0.5).all(axis=-1)
    if loss.startswith("each"):
        p = sigmoid(h) if loss.endswith("logits") and not known("sigmoid") else h
        exact = set(np.unique(wide)) <= {0, 1}
        return ((p > 0.5) == wide).all(axis=-1) | (not exact and np.ptp(p) > 0)
    if loss == "hinge":
        known = set(np.unique(wide)) <= {-1, 0, 1}
        return ((h > 0) == (wide > 0)).all(axis=-1) & known
    return wide.min(axis=1) >= (0 if loss == "poisson" else -np.inf)


def candidates(units):
    fine = np.unique([*np.linspace(-8, 8, 161), 0.01, 30, 100, 150, 200, 255])
    if units == 1:
        return fine[:, None]
    few = np.array([-12, -2, -0.7, 0, 0.3, 0.9, 2, 12, 80, 200])
    return np.array([*itertools.product(few, repeat=units)])


Z = {units: candidates(units) for units in (1, 3)}


def fails(loss, head, units, y):
    """What the oracle thinks: whether a free output of this head can't answer these labels."""
    if not loss.startswith("index") and np.prod(y.shape[1:], dtype=int) != units:
        return True  # Keras compares each number with several labels, and says nothing
    if loss.startswith(("each", "shares")) and (y.min() < 0 or y.max() > 1):
        return True  # a cross-entropy of what is no probability has no lowest value
    if not loss.startswith(("shares", "index")) and head != "softmax":
        y, units = y.reshape(-1, 1), 1  # each unit stands alone
    table = cost(loss, head, Z[units], y)
    if np.isnan(cost(loss, head, RNG.normal(size=(50, units)), y)).any():
        return True
    best = table.min(axis=0)
    # The best that may be answered to all, of any head that the loss takes.
    fit = {"each": "sigmoid", "shares": "softmax", "index": "softmax", "poisson": "softplus"}
    free = cost(loss, fit.get(loss, "linear"), Z[units], y)
    constant = np.nanmin(free.mean(axis=1))
    floor = np.nanmin(free, axis=0).mean()
    if constant - floor < 1e-9:
        return True  # the loss tells nothing from nothing
    if not told(loss, head, Z[units][table.argmin(axis=0)], y).all():
        return True
    if (best.mean() - floor) > 0.495 * (constant - floor):
        return True
    if loss in ("each", "shares", "index"):  # does it begin where a constant does, or far beyond?
        start = cost(loss, head, RNG.normal(size=(500, units)), y).mean()
        return start - floor > 2.5 * (constant - floor)
    return False


@functools.cache
def network_of(head, units):
    made = keras.Sequential([keras.Input((5,)), L.Dense(4, "tanh"), L.Dense(units, head)])
    made.layers[-1].name = "salida"
    return made


@functools.cache
def taken(loss, units, name):
    """Whether Keras takes these labels with that many units."""
    y = LABELS[name]
    answers = np.full((N, units), 0.5, "float32")
    try:
        value = LOSSES[loss](y.astype("float32"), answers)
    except Exception:  # a ValueError, or one of TensorFlow's own
        return False
    in_range = not loss.startswith("index") or (y.min() >= 0 and y.max() < units)
    return math.isfinite(float(value)) and in_range


RIGHT = {  # of these pairings nobody would change anything
    ("linear", 1, "mse", "amounts"),
    ("linear", 3, "mse", "wide amounts"),
    ("linear", 1, "mae", "positive"),
    ("sigmoid", 1, "each", "binary"),
    ("sigmoid", 1, "each", "a column of them"),
    ("sigmoid", 3, "each", "several"),
    ("sigmoid", 1, "mse", "shares of one"),
    ("linear", 1, "each, logits", "binary"),
    ("linear", 3, "each, logits", "several"),
    ("softmax", 3, "shares", "one-hot"),
    ("linear", 3, "shares, logits", "one-hot"),
    ("softmax", 3, "index", "classes"),
    ("linear", 3, "index, logits", "classes"),
    ("softmax", 3, "index", "binary"),  # a class that never comes does no harm
    ("linear", 1, "hinge", "signs"),
    ("tanh", 1, "hinge", "signs"),
    ("tanh", 1, "mse", "signs"),
    ("softplus", 1, "poisson", "positive"),
    ("softplus", 1, "mse", "positive"),
    ("linear", 1, "mse", "classes"),  # as amounts: a number of rooms
}


@pytest.fixture(params=["tensorflow", "jax"])
def backend(request, monkeypatch):
    """Let the rules, and the oracle, think that Keras works with a backend: it does not matter."""
    monkeypatch.setattr(keras.backend, "backend", lambda: request.param)


@pytest.mark.parametrize("loss", [name for name in LOSSES if name not in ("poisson", "hinge")])
@pytest.mark.parametrize("head", ["softmax", "sigmoid"])
def test_the_oracle_costs_what_keras_does_with_this_backend(head, loss):
    z = np.array([[9, -9, 0], [-3, 1, 2], [8, 4, -6], [0, 0, 12]])
    y = np.array([0, 1, 2, 0]) if loss.startswith("index") else np.eye(3)[[0, 1, 2, 0]]
    answers = getattr(keras.activations, head)(keras.ops.convert_to_tensor(z.astype("float32")))
    told = float(LOSSES[loss](y.astype("float32"), answers))
    assert told == pytest.approx(np.diag(cost(loss, head, z, y)).mean(), rel=0.02, abs=1e-4)


@pytest.mark.parametrize("units", [1, 3])
@pytest.mark.parametrize("head", HEADS)
def test_every_pairing_is_judged_as_by_the_oracle(head, units, backend):
    wrong, counted = [], 0
    for loss, name in itertools.product(LOSSES, LABELS):
        y = LABELS[name]
        found = contract.check(network_of(head, units), X, y, LOSSES[loss])
        certain = [one for one in found if one.certain]
        if not taken(loss, units, name):  # Keras refuses: so do we, with a way out
            assert certain and certain[0].advice, (loss, name)
            continue
        counted += 1
        if bool(certain) != fails(loss, head, units, y):
            wrong.append((loss, name, [one.kind for one in found]))
        if (head, units, loss, name) in RIGHT:
            assert not found, (loss, name, found)
    assert counted > 15 and not wrong, wrong


def every_breach():
    """Yield (head, units, loss, labels, breach) of every pairing that has one."""
    for (head, units), loss, name in itertools.product(ENDS, LOSSES, LABELS):
        for p in contract.pairings(network_of(head, units), X, LABELS[name], LOSSES[loss]):
            if found := contract.breach(p):
                yield p, name, found


def test_each_kind_is_met_and_says_what_came_and_what_to_write(backend):
    met = {found.kind: found for _, _, found in every_breach()}
    large = contract.check(network_of("linear", 1), X, 1000 * LABELS["amounts"], "mse")
    large += contract.check(
        network_of("linear", 1), X, LABELS["positive"], "mean_squared_logarithmic_error"
    )
    met |= {one.kind: one for one in large}
    assert set(contract.KINDS) == set(met)
    for one in met.values():
        assert "`" in one.advice and "\n" not in one.advice and one.advice.changes, one


def test_the_cure_of_a_breach_breaks_nothing(backend):
    """Neither what is written in place of the head, nor the loss, nor the labels."""
    left = []
    for p, name, found in every_breach():
        if found.kind in ("negative_logarithm", "no_logarithm"):  # a softplus, as it says
            continue
        right = contract.nearest(p)
        scope = {"y": LABELS[name]}
        exec((right.labels or "{} = {}").format("y", "y"), scope)
        options = {"from_logits": True} if right.logits else {}
        loss = keras.losses.get({"class_name": CLASSES[right.loss], "config": options})
        again = contract.pairings(network_of(right.function, right.units), X, scope["y"], loss)
        if any(one and one.certain for one in map(contract.breach, again)):
            left.append((p.head.function, p.head.units, p.loss, name, right))
    assert not left, left[:5]


ENDS = [*itertools.product(HEADS, (1, 3))]
CLASSES = {contract.loss_name(spec): type(spec).__name__ for spec in LOSSES.values()} | {
    "mean_squared_error": "MeanSquaredError"
}


def chained(*layers, inputs=(5,)):
    return keras.Sequential([keras.Input(inputs), *layers])


def kinds(model, x, y, loss):
    return [one.kind for one in contract.check(model, x, y, loss)]


@pytest.mark.parametrize(
    ("layers", "found"),
    [
        ((L.Dense(8), L.Dense(8)), True),
        ((L.Dense(8),), True),
        ((L.Dense(8), L.Dropout(0.1)), True),
        ((L.Dense(8), L.ReLU()), False),
        ((L.Dense(8), L.Dense(8, "relu")), False),
        ((L.Dense(8), L.BatchNormalization(), L.Activation("tanh")), False),
        ((L.Dense(2),), False),  # few directions, on purpose
    ],
)
def test_layers_in_a_row_that_are_worth_one_are_told(layers, found):
    model = chained(*layers, L.Dense(3))
    assert ("no_activation" in kinds(model, X, RNG.normal(size=(N, 3)), "mse")) == found


def test_inputs_that_nobody_scaled_are_told_and_ids_are_not():
    y = RNG.normal(size=N)
    raw = 100 * X
    assert kinds(chained(L.Dense(1)), raw, y, "mse") == ["inputs_not_scaled"]
    for first in (L.Rescaling(0.01), L.BatchNormalization()):
        assert kinds(chained(first, L.Dense(1)), raw, y, "mse") == []
    ids = RNG.integers(0, 900, (N, 5))
    words = chained(L.Embedding(900, 4), L.Flatten(), L.Dense(1))
    assert kinds(words, ids, y, "mse") == []
    # Of two inputs, the one that measures something.
    a, b = keras.Input((5,), name="palabras"), keras.Input((5,), name="medidas")
    joined = L.Concatenate()([L.Flatten()(L.Embedding(900, 4)(a)), b])
    model = keras.Model({"palabras": a, "medidas": b}, L.Dense(1)(joined))
    (one,) = contract.check(model, {"palabras": ids, "medidas": raw}, y, "mse")
    assert 'x["medidas"]' in one.advice and "palabras" not in one.advice


def test_columns_apart_are_scaled_one_by_one_and_a_constant_one_stays():
    x = X * [1, 1, 1, 1e4, 0]
    (one,) = contract.check(chained(L.Dense(1)), x, RNG.normal(size=N), "mse")
    scope = {"x": x}
    exec(one.advice.changes[0].line, scope)
    assert np.isfinite(scope["x"]).all() and scope["x"][:, :4].std(axis=0) == pytest.approx(1, 0.01)


class Head(L.Layer):
    """A head of one's own."""

    def __init__(self, units, function, **options):
        super().__init__(**options)
        self.units, self.function = units, function

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units))

    def call(self, x):
        return self.function(keras.ops.matmul(x, self.kernel))


class Own(keras.Model):
    """A model that shows no layers in a row."""

    def __init__(self, *layers):
        super().__init__()
        self.parts = layers

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


@pytest.mark.parametrize("subclassed", [False, True])
def test_a_head_that_layers_do_not_show_is_seen_in_the_graph(subclassed):
    def symptoms(units, function, loss, y):
        parts = L.Dense(8, "tanh"), Head(units, function, name="mine")
        model = Own(*parts) if subclassed else chained(*parts)
        model(X)
        model.compile("adam", loss)
        return [finding.symptom for finding in examine(model, X, y).findings]

    two, three = LABELS["binary"], LABELS["classes"]
    assert "contract" in symptoms(1, keras.ops.softmax, "binary_crossentropy", two)
    assert "contract" in symptoms(3, lambda z: z, "sparse_categorical_crossentropy", three)
    assert "contract" not in symptoms(
        3, keras.ops.softmax, "sparse_categorical_crossentropy", three
    )
    assert "contract" not in symptoms(1, keras.ops.sigmoid, "binary_crossentropy", two)


@pytest.mark.parametrize("loss", ["mse", "sparse_categorical_crossentropy", None])
def test_labels_of_another_shape_are_refused_the_same_where_no_layer_shows(loss):
    def refusal(model):
        model(X)
        if loss:
            model.compile("adam", loss)
        with pytest.raises(ValueError, match="tienen forma") as told:
            examine(model, X, np.zeros((len(X), 5), "float32"))
        return str(told.value)

    parts = L.Dense(8, "tanh"), L.Dense(3, name="tres")
    shown, hidden = refusal(chained(*parts)), refusal(Own(*parts))
    assert "(5,)" in shown and "\n" not in shown
    assert shown.partition(" y, en")[0] == hidden.partition(" y, en")[0]


def test_of_several_outputs_the_one_that_is_wrong_is_named():
    begin = keras.Input((5,))
    h = L.Dense(8, "tanh")(begin)
    ends = [L.Dense(3, "softmax", name="tipo")(h), L.Dense(1, "sigmoid", name="precio")(h)]
    model = keras.Model(begin, ends)
    model.compile("adam", {"tipo": "sparse_categorical_crossentropy", "precio": "mse"})
    y = {"tipo": CLASS, "precio": 5 * LABELS["amounts"]}
    report = examine(model, X, y)
    assert [(f.symptom, f.layer) for f in report.findings][:1] == [("contract", "precio")]
    with pytest.raises(ValueError, match="en la salida «tipo»") as error:
        examine(model, X, y | {"tipo": ONE_HOT})
    assert '`loss="categorical_crossentropy"`' in str(error.value)

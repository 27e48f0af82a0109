"""Which data are taken, which samples of them, and what is refused."""

import keras
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from networks import DIGITS, compiled, mlp

from lab import model
from latido import SignalMonitor, examine
from latido.batch import checked, sample

tf = pytest.importorskip("tensorflow", reason="its data")
L = keras.layers


def test_data_that_do_not_fit_are_refused_in_one_line():
    x, y = DIGITS
    network = compiled(model.mlp(depth=1, width=8))
    broken, spoiled = x.copy(), x.copy()
    broken[[3, 7], 2] = np.nan
    spoiled[3] = np.inf
    cases = {
        "en 2 filas: 3, 7": (broken, y),
        "en 1 fila: 3": (spoiled, y),
        "mismos ejemplos": (x, y[:5]),
        "forma \\(32,\\) y el modelo espera \\(64,\\)": (x[:, :32], y),
        "de 5 a 14 .* 10 clases": (x, y - y.min() + 5),
        "números enteros": (x, y + 0.5),
        "pide un número de clase": (x, np.eye(4)[y % 4]),
        "dos o más": (x[:1], y[:1]),
    }
    for words, (bad_x, bad_y) in cases.items():
        with pytest.raises(ValueError, match=words) as error:
            examine(network, bad_x, bad_y)
        assert "\n" not in str(error.value)


def test_models_without_weights_are_refused():
    with pytest.raises(ValueError, match="no tiene pesos entrenables"):
        examine(mlp(L.Flatten()), *DIGITS)
    frozen = model.mlp(depth=1, width=8)
    frozen.trainable = False
    with pytest.raises(ValueError, match="no tiene pesos entrenables"):
        examine(frozen, *DIGITS)


def test_a_batch_is_spread_over_all_samples():
    x, _ = sample(np.arange(10_000.0)[:, None], np.arange(10_000))
    assert len(x) == 256 and x[0] == 0 and x[-1] == 9999
    assert x.dtype == np.float32


# --- the ways that data come --------------------------------------------------------------

X = np.random.default_rng(0).normal(size=(300, 6)).astype("float32")
X[:, 3:] *= X[:, 3:] > 1  # mostly zeros
Y = (X[:, 0] > 0).astype("int64")


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 10

    def __getitem__(self, i):
        return X[30 * i : 30 * i + 30], Y[30 * i : 30 * i + 30]


class OnDisk:
    """What h5py and zarr have in common: rows come when they are asked for."""

    shape, dtype, ndim = X.shape, X.dtype, 2

    def __len__(self):
        return len(X)

    def __getitem__(self, chosen):
        return X[chosen]


#: Way → (x, y), that all hold X and Y.
TAKEN = {
    "lists": (X.tolist(), Y.tolist()),
    "tensors": (tf.constant(X), tf.constant(Y)),
    "tables": (pd.DataFrame(X), pd.Series(Y)),
    "table with whole numbers": (pd.DataFrame(X).astype({1: "Float32"}), Y),
    "objects": (X.astype(object), Y),
    "scipy": (scipy.sparse.csr_matrix(X), Y),
    "scipy, other kind": (scipy.sparse.coo_array(X), Y),
    "sparse tensor": (tf.sparse.from_dense(X), Y),
    "on disk": (OnDisk(), Y),
    "of keras": (keras.ops.convert_to_tensor(X), keras.Variable(Y, dtype="int64")),
}


@pytest.mark.parametrize("way", TAKEN)
def test_the_same_samples_come_out_whatever_way_they_came(way):
    expected = sample(*checked(X, Y))
    for ours, right in zip(sample(*checked(*TAKEN[way])), expected, strict=True):
        np.testing.assert_allclose(ours, right, rtol=1e-6)
        assert type(ours) is np.ndarray


@pytest.mark.parametrize(
    "data",
    [
        tf.data.Dataset.from_tensor_slices((X, Y)).batch(30),
        tf.data.Dataset.from_tensor_slices((X, Y, np.ones(300))).batch(30).repeat(),
        Batches(),
    ],
    ids=["dataset", "endless, with weights", "pydataset"],
)
def test_what_brings_both_is_read_as_far_as_needed(data):
    x, y = checked(data)
    assert 256 <= len(x) <= 300 and len(x) == len(y)
    rows = [np.flatnonzero((row == X).all(axis=1))[0] for row in x]
    np.testing.assert_array_equal(y, Y[rows])


def test_batches_of_a_sequence_are_spread_over_it():
    class InOrder(Batches):
        def __len__(self):
            return 1000

        def __getitem__(self, i):
            return np.full((32, 2), i, "float32"), np.full(32, i)

    x, _ = checked(InOrder())
    assert x.min() == 0 and x.max() == 999


def test_nothing_is_read_twice_that_is_used_up():
    with pytest.raises(ValueError, match=r"generador.*next\(generador\)"):
        checked(zip(X, Y, strict=True), None)


RAGGED = tf.ragged.constant([[1.0], [2.0, 3.0]])
NAMES = pd.DataFrame({"a": [1.0, 2.0], "city": ["x", "y"]})

#: Way → (x, y, what the refusal says).
REFUSED = {
    "ragged": (RAGGED, [0, 1], "pad_sequences"),
    "ragged lists": ([[1.0], [2.0, 3.0]], [0, 1], "longitudes distintas"),
    "ragged objects": (np.array([[1], [2, 3]], dtype=object), [0, 1], "longitudes distintas"),
    "words in a table": (NAMES, [0, 1], "no son números .city."),
    "dates": (np.array(["2020-01-01"] * 2, "datetime64[D]"), [0, 1], "números reales"),
    "a function": (lambda: X, None, "es una función"),
    "a set": ({1, 2}, [0, 1], "de tipo set"),
    "nothing": (None, None, "hacen falta x e y"),
    "labels twice": (Batches(), Y, "ya trae las etiquetas"),
    "single samples": (tf.data.Dataset.from_tensor_slices((X, Y)), None, r"datos\.batch\(32\)"),
    "no batch": (tf.data.Dataset.from_tensor_slices((X, Y)).batch(9).take(0), None, "ningún lote"),
    "a number": (3.0, 1, "recibidos: 0"),
    "holes in sparse": (
        scipy.sparse.csr_matrix(np.array([[1, np.nan], [0, 1]])),
        [0, 1],
        "fila: 0",
    ),
}


@pytest.mark.parametrize("way", REFUSED)
def test_what_can_not_be_read_is_refused_in_one_line(way):
    x, y, words = REFUSED[way]
    with pytest.raises(ValueError, match=words) as error:
        checked(x, y)
    assert "\n" not in str(error.value)


def test_a_model_is_examined_with_a_dataset():
    network = compiled(mlp(L.Dense(8, "relu"), L.Dense(2), inputs=(6,)))
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(32)
    assert examine(network, data).snapshots[0].samples == 256
    assert examine(network, scipy.sparse.csr_matrix(X), Y).snapshots[0].samples == 256
    monitor = SignalMonitor(data)
    network.fit(data, verbose=0, callbacks=[monitor])
    assert len(monitor.report.snapshots) == 2

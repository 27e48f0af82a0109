"""Which data are taken, which samples of them, and what is refused."""

import keras
import numpy as np
import pytest
from networks import DIGITS, compiled, mlp

from lab import model
from latido import examine
from latido.batch import sample

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

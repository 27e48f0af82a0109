"""The same networks on every backend of Keras: the numbers of latido are those of TensorFlow.

``numbers.json`` holds TensorFlow's. To write it again: ``python tests/latido/test_backends.py``.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from latido import SignalMonitor, engine, examine

L = keras.layers
FILE = Path(__file__).with_name("numbers.json")
FROM_LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def dense():
    return keras.Sequential(
        [
            keras.Input((20,)),
            L.Dense(32, activation="relu"),
            L.Dense(32, activation="tanh"),
            L.Dense(16),
            L.Activation("gelu"),
            L.Dense(5, activation="softmax"),
        ]
    )


def convolutions():
    return keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            L.Conv2D(8, 3, padding="same"),
            L.BatchNormalization(),
            L.ReLU(),
            L.DepthwiseConv2D(3),
            L.LayerNormalization(),
            L.Conv2D(8, 3, activation="silu"),
            L.Dropout(0.3),
            L.GlobalAveragePooling2D(),
            L.Dense(5),
        ]
    )


def branches():
    inputs = keras.Input((20,))
    a = L.Dense(16, activation="relu")(inputs)
    b = keras.ops.relu(L.Dense(16)(inputs))
    gate = L.Dense(16, activation="sigmoid")(L.Dense(4, activation="relu")(a))
    h = L.RMSNormalization()(L.Add()([L.Multiply()([a, gate]), b]))
    return keras.Model(inputs, [L.Dense(5, name="p")(h), L.Dense(1, name="q")(h)])


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = L.Dense(16), L.Dense(16), L.Dense(5)

    def call(self, x):
        return self.c(keras.ops.relu(self.b(keras.ops.tanh(self.a(x)))))


def subclassed():
    model = Subclassed()
    model(np.zeros((2, 20), "float32"))
    return model


def recurrent():
    return keras.Sequential(
        [keras.Input((25, 6)), L.LSTM(8, return_sequences=True), L.GRU(8), L.Dense(5)]
    )


def masked():
    return keras.Sequential(
        [
            keras.Input((10,), dtype="int32"),
            L.Embedding(30, 8, mask_zero=True),
            L.SimpleRNN(6),
            L.Dense(5),
        ]
    )


def rounded():
    inputs = keras.Input((20,))
    h = keras.ops.round(L.Dense(16, activation="relu", name="before")(inputs))
    return keras.Model(inputs, L.Dense(5)(L.Dense(8, activation="relu", name="after")(h)))


def attention():
    inputs = keras.Input((10, 8))
    h = L.LayerNormalization()(L.MultiHeadAttention(2, 4)(inputs, inputs) + inputs)
    h = L.GlobalAveragePooling1D()(L.Dense(16, activation="gelu")(h))
    return keras.Model(inputs, L.Dense(5)(h))


NETWORKS = {
    f.__name__: f
    for f in (dense, convolutions, branches, subclassed, recurrent, masked, rounded, attention)
}


def look(name):
    """Return what is seen in a network with weights that are the same everywhere."""
    keras.backend.clear_session()
    model, random = NETWORKS[name](), np.random.default_rng(1)
    shape = (64, *(model.inputs[0].shape[1:] if name != "subclassed" else (20,)))
    x = random.normal(size=shape).astype("float32")
    x = random.integers(0, 30, shape).astype("int32") if name == "masked" else x
    y = random.integers(0, 5, 64)
    if name == "branches":
        y = [y, random.normal(size=(64, 1)).astype("float32")]
    drawn = np.random.default_rng(5)
    model.set_weights(
        [drawn.normal(size=v.shape) * 0.2 if len(v.shape) > 1 else v.numpy() for v in model.weights]
    )
    report = examine(model, x, y)
    seen = report.snapshots[-1]
    layers = {
        layer.name: {
            field: value
            for field, value in vars(layer).items()
            if isinstance(value, str | bool | int | float) and value == value
        }
        for layer in seen.layers
    }
    return {
        "loss": seen.loss,
        "layers": layers,
        "cuts": seen.cuts,
        "skipped": seen.skipped,
        "normalized": seen.normalized,
        "notes": list(seen.notes),
        "findings": [finding.layer for finding in report.findings],
    }


@pytest.mark.parametrize("name", NETWORKS)
def test_numbers_are_those_of_tensorflow(name):
    expected = json.loads(FILE.read_text(encoding="utf-8"))[name]
    found = json.loads(json.dumps(look(name)))
    assert found.pop("loss") == pytest.approx(expected.pop("loss"), rel=1e-4)
    assert list(found["layers"]) == list(expected["layers"])
    for layer, numbers in expected.pop("layers").items():
        for field, value in numbers.items():
            known = found["layers"][layer].get(field)
            assert known == (
                pytest.approx(value, rel=1e-4) if isinstance(value, float) else value
            ), (layer, field)
    found.pop("layers")
    assert found == expected


@pytest.mark.parametrize("size", [1e25, 1e-25])
def test_numbers_of_any_size_are_measured(size):
    """Their squares are past float32. Against NumPy's float64."""
    random = np.random.default_rng(0)
    model = keras.Sequential(
        [keras.Input((6,)), L.Dense(4, use_bias=False), L.Dense(1, use_bias=False)]
    )
    first, last = random.normal(size=(6, 4)), random.normal(size=(4, 1)) / size
    model.set_weights([first, last])
    model.compile("sgd", "mse")
    x, y = random.normal(size=(32, 6)) * size, random.normal(size=(32, 1))
    inside, _ = examine(model, x, y).snapshots[-1].layers
    z = x @ first
    delta = 2 * (z @ last - y) @ last.T
    assert inside.finite
    assert inside.preactivation_rms == pytest.approx(np.sqrt(np.mean(z**2)), rel=1e-4)
    assert inside.contrast == pytest.approx(z.var(axis=0).mean() / np.mean(z**2), rel=1e-4)
    assert inside.delta_norm == pytest.approx(np.sqrt(np.mean(np.sum(delta**2, 1))), rel=1e-4)


def _fit_with(callbacks):
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    x = random.normal(size=(128, 20)).astype("float32")
    y = (x[:, 0] > 0).astype("int32")
    model = keras.Sequential(
        [
            keras.Input((20,)),
            L.Dense(16, activation="relu"),
            L.BatchNormalization(),
            L.Dropout(0.1),
            L.Dense(2),
        ]
    )
    model.compile(keras.optimizers.SGD(0.1), FROM_LOGITS, metrics=["accuracy"])
    model.fit(x, y, epochs=2, batch_size=32, verbose=0, callbacks=[*callbacks(x, y)])
    return model


def test_a_training_is_the_same_watched_or_not():
    monitors = []

    def watch(x, y):
        monitors.append(SignalMonitor(x, y, every=3))
        return monitors

    seen = _fit_with(watch).get_weights()
    alone = _fit_with(lambda x, y: []).get_weights()
    for one, other in zip(alone, seen, strict=True):
        np.testing.assert_array_equal(one, other)
    report = monitors[0].report
    assert [snapshot.step for snapshot in report.snapshots] == [0, 3, 6, 8]
    assert not report.warnings
    assert all(layer.update_ratio > 0 for layer in report.snapshots[0].layers)
    assert report.snapshots[-1].loss < report.snapshots[0].loss


def test_a_look_leaves_the_model_as_it_is():
    random = np.random.default_rng(0)
    model = convolutions()
    before = [variable.numpy() for variable in model.variables]
    examine(model, random.normal(size=(8, 12, 12, 3)), random.integers(0, 5, 8))
    for one, variable in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(one, variable.numpy())


def test_a_copy_is_trained():
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    x = random.normal(size=(64, 20)).astype("float32")
    report = examine(dense(), x, (x[:, 0] > 0).astype("int32"), trial=200)
    assert report.trial.curve[-1] < report.trial.curve[0] / 2
    assert report.trial.learned


class OwnLoss(Subclassed):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return keras.ops.mean(keras.ops.square(y_pred - keras.ops.one_hot(y, 5)))


def test_a_loss_of_its_authors_own_is_looked_at():
    random = np.random.default_rng(0)
    model, x = OwnLoss(), random.normal(size=(16, 20)).astype("float32")
    model(x)
    model.compile("sgd")
    seen = examine(model, x, random.integers(0, 5, 16)).snapshots[-1]
    assert not seen.notes
    assert all(layer.delta_norm > 0 for layer in seen.layers)


class OwnStep(Subclassed):
    def train_step(self, *args, **kwargs):
        return super().train_step(*args, **kwargs)


@pytest.mark.skipif(
    keras.backend.backend() == "tensorflow", reason="test_own_training looks inside one"
)
def test_a_step_of_its_authors_own_is_told_not_to_be_looked_at():
    random = np.random.default_rng(0)
    model, x = OwnStep(), random.normal(size=(16, 20)).astype("float32")
    model(x)
    model.compile("sgd", FROM_LOGITS)
    (note,) = examine(model, x, random.integers(0, 5, 16)).notes
    assert "no se mira dentro de un train_step propio" in note


def _in_another_process(code, **settings):
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | settings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(keras.backend.backend() == "tensorflow", reason="there it is the backend")
def test_tensorflow_is_not_imported():
    code = """
import sys
sys.modules["tensorflow"] = None  # it can't be imported, whether it is installed or not
import keras, numpy as np
import latido.command
from latido import SignalMonitor, examine
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "relu"), keras.layers.Dense(1)])
model.compile("sgd", "mse")
x, y = np.random.normal(size=(32, 3)), np.random.normal(size=(32, 1))
model.fit(x, y, verbose=0, callbacks=[SignalMonitor(x, y)])
print(len(examine(model, x, y, trial=3).snapshots[0].layers))
"""
    answer = _in_another_process(code)
    assert (answer.stdout.strip(), answer.returncode) == ("2", 0), answer.stderr


def test_a_backend_that_does_not_differentiate_is_refused(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "numpy")
    with pytest.raises(ValueError, match="Keras trabaja aquí con numpy") as refused:
        engine.check_backend()
    assert "\n" not in str(refused.value)
    assert refused.value.args[0].into("en").startswith("Keras runs on numpy here, which does not")


def test_an_old_keras_is_refused(monkeypatch):
    monkeypatch.setattr(keras, "__version__", "3.3.1")
    with pytest.raises(ValueError, match=r"es 3\.3\.1 y hace falta 3\.15"):
        engine.check_backend()


TOO_OLD = {
    "es": "esta versión de Keras es 3.3.1 y hace falta 3.15",
    "en": "this version of Keras is 3.3.1 and 3.15",
}


@pytest.mark.parametrize("lang", TOO_OLD)
def test_a_keras_without_what_the_package_names_is_refused_too(lang):
    """It can't be imported then, so that it has to be told before."""
    code = """
import keras
keras.__version__ = "3.3.1"
del keras.layers.RMSNormalization
from latido import examine
"""
    answer = _in_another_process(code, LATIDO_LANG=lang)
    assert answer.returncode == 1
    assert answer.stderr.strip().splitlines()[-1].startswith(f"ImportError: {TOO_OLD[lang]}")


NOT_INSTALLED = {
    "es": "KERAS_BACKEND={0}, que no está instalado: pip install {0}, o pon otro ",
    "en": "KERAS_BACKEND={0}, which is not installed: pip install {0}, or set another one ",
}


@pytest.mark.parametrize("lang", NOT_INSTALLED)
def test_a_backend_that_is_not_installed_is_told_in_one_line(lang):
    code = "from latido import examine"
    missing = "jax" if keras.backend.backend() == "torch" else "torch"
    answer = _in_another_process(code, KERAS_BACKEND=missing, LATIDO_LANG=lang)
    assert answer.returncode == 1
    line = NOT_INSTALLED[lang].format(missing) + "(tensorflow, jax, torch)"
    assert answer.stderr.strip().splitlines()[-1] == f"ImportError: {line}"


def test_a_model_that_is_not_of_this_keras_is_refused():
    class Module:
        __module__ = "torch.nn.modules"

        def parameters(self):
            return []

    with pytest.raises(ValueError, match=r"el modelo es un Module de torch.*keras\.Model"):
        examine(Module(), np.zeros((4, 2)), np.zeros(4))


if __name__ == "__main__":
    numbers = {name: look(name) for name in NETWORKS}
    FILE.write_text(json.dumps(numbers, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

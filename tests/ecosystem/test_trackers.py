"""SignalMonitor's numbers in the logs of Keras reach Weights & Biases and MLflow, both offline."""

import json
import math

import pytest
from environments import made, run

BEGIN = """
import json
import keras, numpy as np
from latido import SignalMonitor, logged

x = np.random.default_rng(0).normal(size=(96, 8)).astype("float32")
y = (x[:, 0] > 0).astype("int32")

def fit(*callbacks, epochs=3):
    keras.utils.set_random_seed(0)
    hidden = [keras.layers.Dense(8, "relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((8,)), *hidden, keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    callbacks = [*callbacks]
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0, callbacks=callbacks).history
"""
# What a run leaves offline is a log of LevelDB's: blocks of 32 KiB, records with a header of seven
# bytes (checksum, length, whether it is whole, begins, goes on or ends), after seven of W&B's own.
WANDB = """
import glob, struct
import wandb
from wandb.integration.keras import WandbMetricsLogger
from wandb.proto import wandb_internal_pb2

def records(file):
    with open(file, "rb") as stream:
        data = stream.read()
    at, whole = 7, b""
    while at + 7 <= len(data):
        if 32768 - at % 32768 < 7:
            at += 32768 - at % 32768
        _, length, kind = struct.unpack_from("<IHB", data, at)
        whole += data[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):
            yield wandb_internal_pb2.Record.FromString(whole)
            whole = b""

def rows(callbacks):
    with wandb.init(project="latido") as run:
        history = fit(*callbacks())  # for W&B's wants a run when it is made
        folder = run.settings.sync_dir
    (file,) = glob.glob(f"{folder}/*.wandb")
    told = [record.history.item for record in records(file) if record.HasField("history")]
    rows = [{i.key or i.nested_key[0]: json.loads(i.value_json) for i in items} for items in told]
    return {"history": history, "rows": rows}
"""
MLFLOW = """
import mlflow

def metrics(names, *callbacks):
    with mlflow.start_run() as run:
        history = fit(*callbacks)
    mlflow.flush_async_logging()
    ask = mlflow.MlflowClient().get_metric_history
    told = {name: [(m.step, m.value) for m in ask(run.info.run_id, name)] for name in names}
    return {"history": history, "told": told}
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Return the Python of an environment with both."""
    return made(tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def ask(python, tmp_path):
    """Run a program, whose last line prints JSON; return what it says."""

    def run_it(program):
        done = run(
            *(python, "-c", BEGIN + program),
            place=tmp_path,
            KERAS_BACKEND="tensorflow",
            WANDB_MODE="offline",
            WANDB_SILENT="true",
            MLFLOW_TRACKING_URI=f"sqlite:///{tmp_path}/mlflow.db",
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run_it


def same(told, expected):
    """Compare numbers, of which some are NaN: what W&B writes as a word."""
    told = [float(value) for value in told]
    return told == pytest.approx(expected, rel=1e-6, nan_ok=True)


def test_wandb_has_them_each_epoch(ask):
    line = "rows(lambda: [SignalMonitor(x, y, logs=True), WandbMetricsLogger()])"
    said = ask(f"{WANDB}print(json.dumps({line}))")
    names = [name for name in said["history"] if name.startswith("latido/")]
    assert len(names) == 19
    for name in names:
        assert same([row[f"epoch/{name}"] for row in said["rows"]], said["history"][name])


def test_wandb_has_them_every_so_many_batches(ask):
    line = "rows(lambda: [SignalMonitor(x, y, every=4, logs=True), WandbMetricsLogger(log_freq=3)])"
    rows = ask(f"{WANDB}print(json.dumps({line}))")["rows"]
    steps = [row["batch/latido/step"] for row in rows if "batch/loss" in row]
    assert steps == [0, 0, 4, 8, 12, 12]  # at batches 0, 3 of each epoch of 6


def test_wandb_has_none_where_its_callback_comes_first(ask):
    line = "rows(lambda: [WandbMetricsLogger(), SignalMonitor(x, y, logs=True)])"
    rows = ask(f"{WANDB}print(json.dumps({line}))")["rows"]
    assert rows and not [key for row in rows for key in row if "latido" in key]


CALLBACK = "SignalMonitor(x, y, every=4, logs=True), mlflow.keras.MlflowCallback({how})"


def test_mlflow_has_them_each_epoch(ask):
    line = f"metrics(logged.NAMES, {CALLBACK.format(how='')})"
    said = ask(f"{MLFLOW}print(json.dumps({line}))")
    for name, told in said["told"].items():
        assert [step for step, _ in told] == [0, 1, 2]
        assert same([value for _, value in told], said["history"][name])


def test_mlflow_has_them_every_so_many_steps(ask):
    how = "log_every_epoch=False, log_every_n_steps=4"
    line = f"metrics(['latido/step'], {CALLBACK.format(how=how)})"
    told = ask(f"{MLFLOW}print(json.dumps({line}))")["told"]["latido/step"]
    assert told == [[4, 0], [8, 4], [12, 8], [16, 12]]


def test_mlflow_has_them_by_itself(ask):
    line = "metrics(logged.NAMES, SignalMonitor(x, y, logs=True))"
    said = ask(f"{MLFLOW}mlflow.keras.autolog(log_models=False)\nprint(json.dumps({line}))")
    assert [value for _, value in said["told"]["latido/step"]] == [0, 6, 12]
    likely = [value for _, value in said["told"]["latido/likelihood"]]
    assert all(0 < value < 1 and math.isfinite(value) for value in likely)


def test_tensorboard_of_keras_has_them(ask):
    program = """
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
import tensorflow as tf
history = fit(SignalMonitor(x, y, logs=True), keras.callbacks.TensorBoard("logs"))
events = EventAccumulator("logs/train", {"tensors": 0})
events.Reload()
told = {name: [float(tf.make_ndarray(e.tensor_proto)) for e in events.Tensors(f"epoch_{name}")]
        for name in logged.NAMES}
print(json.dumps({"history": history, "told": told}))
"""
    said = ask(program)
    for name, told in said["told"].items():
        assert same(told, said["history"][name])

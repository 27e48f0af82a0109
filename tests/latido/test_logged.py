"""What SignalMonitor puts into the logs of Keras, and who reads it there."""

import csv
import math

import keras
import numpy as np
import pytest

from latido import RULES, SignalMonitor, logged

X = np.random.default_rng(0).normal(size=(96, 8)).astype("float32")
Y = (X[:, 0] > 0).astype("int32")


def network(depth=2, activation="relu"):
    keras.utils.set_random_seed(0)
    hidden = [keras.layers.Dense(8, activation) for _ in range(depth)]
    model = keras.Sequential([keras.Input((8,)), *hidden, keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def fit(model, *callbacks, epochs=3):
    return model.fit(
        X, Y, batch_size=16, epochs=epochs, shuffle=False, verbose=0, callbacks=[*callbacks]
    ).history


class Batches(keras.callbacks.Callback):
    """Keep what the logs of each batch hold."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(dict(logs))


def test_history_is_as_it_was_unless_they_are_asked_for():
    assert fit(network(), SignalMonitor(X, Y)) == fit(network())


def test_each_epoch_has_the_numbers_of_its_last_look():
    monitor = SignalMonitor(X, Y, every=4, logs=True)
    history = fit(network(), monitor)
    assert history["latido/step"] == [4, 8, 16]  # 6 steps an epoch; that at 18 comes after it
    assert {len(values) for values in history.values()} == {3}
    looks = {now.step: now for now in monitor.report.snapshots}
    first = looks[0]
    for i, step in enumerate(history["latido/step"]):
        assert history["latido/loss"][i] == looks[step].loss
        for name, rule in RULES.items():
            worst = rule.worst(looks[step], first)[1]
            assert history[f"latido/{name}"][i] == pytest.approx(worst, nan_ok=True)
        assert 0 < history["latido/likelihood"][i] < 1
    assert history["loss"] == fit(network())["loss"]


def test_each_batch_has_those_of_the_last_look():
    # Loggers read every so many batches, MLflow those that a look never ends.
    batches = Batches()
    fit(network(), SignalMonitor(X, Y, every=4, logs=True), batches)
    assert all(logs.keys() > {*logged.NAMES} for logs in batches.seen)
    assert [logs["latido/step"] for logs in batches.seen] == [i - i % 4 for i in range(18)]


def test_alarms_are_counted_and_can_end_a_training():
    stop = keras.callbacks.EarlyStopping("latido/alarms", baseline=0.5, patience=1, mode="min")
    history = fit(network(20, "sigmoid"), SignalMonitor(X, Y, logs=True), stop, epochs=9)
    assert len(history["loss"]) < 9
    assert all(count >= 1 for count in history["latido/alarms"])
    assert min(history["latido/likelihood"]) > 0.5


def test_a_table_has_all_columns_from_the_first_epoch(tmp_path):
    after, before = tmp_path / "after.csv", tmp_path / "before.csv"
    fit(
        network(),
        keras.callbacks.CSVLogger(before),  # too early to get anything
        SignalMonitor(X, Y, every=13, logs=True),
        keras.callbacks.CSVLogger(after),
    )
    rows = [*csv.DictReader(after.open())]
    assert {*rows[0]} >= {*logged.NAMES}
    assert [float(row["latido/step"]) for row in rows] == [0, 0, 13]
    assert not {*next(csv.DictReader(before.open()))} & {*logged.NAMES}


def test_when_nothing_is_looked_at_any_more_there_are_no_numbers(monkeypatch, caplog):
    monitor = SignalMonitor(X, Y, every=7, logs=True)
    look = monitor._look
    monkeypatch.setattr(monitor, "_look", lambda: 1 / 0 if monitor._batches > 6 else look())
    history = fit(network(), monitor)
    assert [math.isnan(value) for value in history["latido/likelihood"]] == [False, True, True]
    assert "ZeroDivisionError" in caplog.text


def test_a_loss_that_leaves_the_numbers_is_told_at_once():
    model = network()
    model.optimizer.learning_rate = 1e30
    batches = Batches()
    fit(model, SignalMonitor(X, Y, every=100, logs=True), batches, epochs=1)
    seen = [logs["latido/not_finite"] for logs in batches.seen]
    lost = [float(not math.isfinite(logs["loss"])) for logs in batches.seen]
    assert seen == lost and 0 < sum(lost) < 6


def test_a_folder_is_refused():
    with pytest.raises(ValueError, match="la carpeta va en log_dir"):
        SignalMonitor(X, Y, logs="runs")

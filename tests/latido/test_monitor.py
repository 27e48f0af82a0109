"""The monitor watches a training, writes down what it sees, and changes nothing."""

from functools import partial

import keras
import numpy as np
import pandas as pd
import pytest
from networks import DIGITS, FROM_LOGITS, compiled, mlp

from lab import model
from latido import SignalMonitor, examine
from latido.monitor import SCHEDULE, WATCHED, next_look
from latido.observer import Observer

L = keras.layers


def _noisy():
    """A network that draws numbers and keeps averages while it trains."""
    keras.utils.set_random_seed(1)
    parts = [L.Dense(16), L.BatchNormalization(), L.ReLU(), L.Dropout(0.3), L.GaussianNoise(0.1)]
    network = mlp(*parts, L.Dense(16, "tanh", kernel_regularizer="l2"), L.Dense(10))
    network.compile(keras.optimizers.Adam(1e-2), FROM_LOGITS, metrics=["accuracy"])
    return network


def test_training_is_bit_equal_with_and_without_a_monitor(tmp_path):
    x, y = DIGITS
    alone = _noisy()
    history = alone.fit(x, y, epochs=2, verbose=0).history
    for every in ("epoch", 3):
        watched = _noisy()
        logs = tmp_path / "logs" if keras.backend.backend() == "tensorflow" else None
        monitor = SignalMonitor(x, y, every=every, log_dir=logs, csv=tmp_path / "a.csv")
        assert watched.fit(x, y, epochs=2, verbose=0, callbacks=[monitor]).history == history
        pairs = zip(
            [*alone.variables, *alone.optimizer.variables],
            [*watched.variables, *watched.optimizer.variables],
            strict=True,
        )
        for a, b in pairs:
            np.testing.assert_array_equal(a.numpy(), b.numpy(), err_msg=a.path)
        steps = [now.step for now in monitor.report.snapshots]
        assert steps == ([0, 7, 14] if every == "epoch" else [0, 3, 6, 9, 12, 14])


def test_update_ratio_is_that_of_the_optimizer():
    """One SGD step on the very batch that is looked at: ΔW = −η ∂L/∂W."""
    x, y = (part[:WATCHED] for part in DIGITS)
    network = compiled(model.mlp("tanh", depth=2, width=16), optimizer=keras.optimizers.SGD(0.05))
    monitor = SignalMonitor(x, y)
    network.fit(x, y, batch_size=len(x), epochs=1, verbose=0, callbacks=[monitor])
    for layer in monitor.report.snapshots[0].layers:
        expected = 0.05 * layer.weight_gradient_rms / layer.weight_rms
        # W is float32: its change has fewer digits than itself.
        assert layer.update_ratio == pytest.approx(expected, rel=1e-3)


def test_monitor_stops_at_the_first_finding():
    network = compiled(model.mlp("sigmoid", depth=6, width=16))
    monitor = SignalMonitor(*DIGITS, stop=True)
    network.fit(*DIGITS, batch_size=20, epochs=3, verbose=0, callbacks=[monitor])
    assert int(network.optimizer.iterations) == 1
    assert not monitor.report.healthy


def test_monitor_writes_what_it_saw(tmp_path):
    tf = pytest.importorskip("tensorflow", reason="which writes for TensorBoard")
    x, y = DIGITS
    network = compiled(model.mlp("relu", "he_normal", depth=2, width=16))
    monitor = SignalMonitor(x, y, log_dir=tmp_path / "logs", csv=tmp_path / "looks.csv")
    network.fit(x, y, epochs=1, verbose=0, callbacks=[monitor])
    first = monitor.report.snapshots[0].layers[0]

    table = pd.read_csv(tmp_path / "looks.csv")
    pd.testing.assert_frame_equal(table, monitor.report.layers(), check_exact=True)
    assert len(table) == 2 * 3
    (file,) = (tmp_path / "logs").iterdir()
    seen = {}
    for record in tf.data.TFRecordDataset(str(file)):
        event = tf.compat.v1.Event.FromString(record.numpy())
        for value in event.summary.value:
            seen[value.tag, event.step] = tf.make_ndarray(value.tensor)
    assert seen["z1/delta_norm", 0] == pytest.approx(first.delta_norm, rel=1e-6)
    assert seen["z1/h", 0].shape == (30, 3)
    assert seen["z1/h", 0][:, 2].sum() == WATCHED * 16  # every value is in some bar


def test_a_monitor_looks_by_itself_where_something_may_change():
    due, seen = 0, []
    while due <= 10_000:
        seen.append(due)
        due = next_look(due)
    assert seen == [*SCHEDULE, 2000, 4000, 8000]
    network = compiled(model.mlp("tanh", depth=1, width=8))
    monitor = SignalMonitor(*DIGITS)
    network.fit(*DIGITS, batch_size=10, epochs=11, verbose=0, callbacks=[monitor])
    assert [now.step for now in monitor.report.snapshots] == [0, 10, 50, 220]
    assert {now.samples for now in monitor.report.snapshots} == {WATCHED}


@pytest.mark.parametrize("every", [0, -1, "step", 1.5, True])
def test_every_must_be_an_epoch_or_a_number(every):
    with pytest.raises(ValueError, match="every vale"):
        SignalMonitor(*DIGITS, every=every)


def test_another_backend_is_refused_in_one_line(monkeypatch):
    network = compiled(model.mlp(depth=1, width=8))
    monkeypatch.setattr(keras.backend, "backend", lambda: "numpy")
    for ask in (SignalMonitor, partial(examine, network), lambda x, y: Observer(network)):
        with pytest.raises(ValueError, match="Keras trabaja aquí con numpy, que no deriva"):
            ask(*DIGITS)

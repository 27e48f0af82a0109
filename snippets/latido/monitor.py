"""Diagnose the reader's own network, before it is trained and while it is.

What is looked at is in ``latido.observer``, what it means in ``latido.rules``, and what to try in
``latido.advice``.
"""

import csv
import dataclasses
import os
from collections.abc import Mapping
from numbers import Integral
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from latido import tensorboard
from latido import trial as trials
from latido.batch import checked, sample
from latido.likelihood import FAILS
from latido.measures import rms
from latido.observer import Observer, check_backend
from latido.report import Report, judge
from latido.rules import PATIENCE, limits
from latido.snapshot import Snapshot


def examine(
    model,
    x,
    y,
    loss=None,
    thresholds: Mapping[str, float] | None = None,
    trial: int = 0,
) -> Report:
    """Diagnose a network as it stands, from one batch.

    Nothing in it changes: neither weights nor moving averages nor seeds. (Only Keras's own
    variables can be kept so; a layer that moves a bare ``tf.Variable`` in its ``call`` does.)

    Args:
        model: any Keras model whose layers have trainable weights.
        x, y: as ``model.fit`` takes them: arrays (samples, …), or lists or dicts of them.
            256 samples, spread evenly over them, are used.
        loss: a Keras loss or its name. By default that of the compiled model, or else the
            one that fits the head and the labels (``latido.losses.fitting_loss``).
        thresholds: rule (a name of ``latido.rules.RULES``) → threshold, to override some.
        trial: steps for which a copy is trained on that batch, to see whether it can learn at
            all (``latido.trial``); 0 for none. ``report.trial`` says what came of it, and what
            it took.

    Raises:
        ValueError: model without trainable weights; data that do not fit it, are not
            finite, or are fewer than two samples. In one Spanish line.
    """
    check_backend()
    limits(thresholds)
    if not isinstance(trial, Integral) or isinstance(trial, bool) or trial < 0:
        raise ValueError(f"trial vale «{trial}»; hace falta un número entero de pasos, 0 o más")
    x, y = sample(*checked(x, y), model)
    _build(model, x)
    look = Observer(model, loss)(x, y, steps_of(model))
    return Report.of([look], thresholds, trial and trials.run(model, x, y, trial, loss))


def _build(model, x) -> None:
    """Give a model its weights, if it has none yet; its seeds stay as they were."""
    if not model.built:
        states = [(variable, variable.numpy()) for variable in model.variables]
        model(x)
        for variable, value in states:
            variable.assign(value)


class SignalMonitor(keras.callbacks.Callback):
    """Diagnose a network while ``fit`` trains it. The training is the same with and without.

    At each look, before a step, it measures one batch in one extra forward and backward
    pass: the cost of some training steps, which the page of the tool gives as measured. The
    first look is at step 0. After the step it also knows rms(ΔW)/rms(W).

    Args:
        x, y: the batch to look at, as for ``examine``.
        every: "epoch", or a number of steps between two looks.
        stop: stop the training at the first alarm, a finding that says «va a fallar».
        log_dir: folder for TensorBoard: scalars, and histograms of h, δ and ∂L/∂W.
        csv: file to which each look adds one row per layer.
        loss, thresholds: as for ``examine``.

    Attributes:
        report: the diagnosis up to now; each symptom with the step when it was first seen, and
            whether it is still there.

    Raises:
        ValueError: as ``examine``; or an ``every`` that is neither "epoch" nor 1 or more.
    """

    def __init__(
        self,
        x,
        y,
        every: str | int = "epoch",
        stop: bool = False,
        log_dir: str | os.PathLike | None = None,
        csv: str | os.PathLike | None = None,
        loss=None,
        thresholds: Mapping[str, float] | None = None,
    ):
        super().__init__()
        check_backend()
        whole = isinstance(every, Integral) and not isinstance(every, bool) and every >= 1
        if every != "epoch" and not whole:
            raise ValueError(f'every vale «{every}»; hace falta "epoch" o un número entero ≥ 1')
        limits(thresholds)
        self._data = checked(x, y)
        self._every, self._stop, self._loss, self._thresholds = every, stop, loss, thresholds
        self._log_dir, self._csv = log_dir, csv and Path(csv)
        self._snapshots: list[Snapshot] = []

    @property
    def report(self) -> Report:
        """The diagnosis up to now."""
        return Report.of(self._snapshots, self._thresholds)

    def on_train_begin(self, logs=None):
        """Prepare the pass; nothing is measured yet."""
        self._batch = sample(*self._data, self.model)
        _build(self.model, self._batch[0])
        self._observer = Observer(self.model, self._loss, values=self._log_dir is not None)
        self._snapshots, self._before = [], None
        self._writer = tf.summary.create_file_writer(str(self._log_dir)) if self._log_dir else None
        if self._csv:
            self._csv.parent.mkdir(parents=True, exist_ok=True)
            self._csv.unlink(missing_ok=True)

    def on_train_batch_begin(self, batch, logs=None):
        """Look, if it is time."""
        if self._every == "epoch":
            due = batch == 0
        else:
            last = self._snapshots[-1].step if self._snapshots else -self._every
            due = steps_of(self.model) - last >= self._every
        waiting = self._before is not None and self._snapshots[-1].step == steps_of(self.model)
        if due and not waiting:
            self._close()
            self._look()
            self._before = self._observer.kernels()

    def on_train_batch_end(self, batch, logs=None):
        """Complete the last look with how far the step moved the weights."""
        if self._before is None:
            return
        last = self._snapshots[-1]
        if self.model.optimizer and steps_of(self.model) == last.step:
            return  # the optimizer is accumulating gradients, or float16 made it skip the step
        steps = max(1, steps_of(self.model) - last.step)  # several in one call, if so compiled
        layers = [
            dataclasses.replace(layer, update_ratio=_update_ratio(old, new) / steps)
            for layer, old, new in zip(
                last.layers, self._before, self._observer.kernels(), strict=True
            )
        ]
        self._snapshots[-1] = dataclasses.replace(last, layers=tuple(layers))
        self._close()
        if self._stop and any(
            finding.level == FAILS
            for finding in judge(self._snapshots[-1], self._snapshots[0], self._thresholds)
        ):
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        """Look once more, at the trained network."""
        self._close()
        if not self._snapshots or self._snapshots[-1].step < steps_of(self.model):
            self._look()
            self._write(self._snapshots[-1])
        if self._writer:
            self._writer.close()

    def draw(self):
        """Draw the five-plot dashboard: h, δ, ∂L/∂W, update ratio and loss along the training.

        One line per hidden layer, dark for the first and light for the last; dashed, what
        tells good from bad.

        Raises:
            ValueError: nothing has been looked at yet.
        """
        from latido import dashboard

        return dashboard.draw(self.report)

    def _look(self):
        now = self._observer(*self._batch, step=steps_of(self.model))
        earlier = [seen.loss for seen in self._snapshots if now.step - seen.step >= PATIENCE]
        if earlier:
            now = dataclasses.replace(now, earlier_loss=earlier[-1])
        self._snapshots.append(now)

    def _close(self):
        """Write down the last look, if that is still to be done."""
        if self._before is not None:
            self._before = None
            self._write(self._snapshots[-1])

    def _write(self, now: Snapshot):
        if self._csv:
            _append(self._csv, Report((), (now,)).rows())
        if self._writer:
            with self._writer.as_default():
                tensorboard.write(now)
            self._forget_values()

    def _forget_values(self):
        """Keep the numbers of the last look alone: its histograms are in the file."""
        last = self._snapshots[-1]
        layers = tuple(dataclasses.replace(layer, values={}) for layer in last.layers)
        self._snapshots[-1] = dataclasses.replace(last, layers=layers)


def steps_of(model) -> int:
    """Return how many steps a model has been trained; 0 if it is not compiled."""
    optimizer = getattr(model, "optimizer", None)
    return int(optimizer.iterations) if optimizer else 0


def _update_ratio(old: np.ndarray, new: np.ndarray) -> float:
    size, moved = rms(old), rms(new.astype(np.float64) - old)
    return moved / size if size else float("nan")  # from zero, any step is infinite


def _append(file: Path, rows: list[dict]) -> None:
    """Add rows to a table, which begins with their names; an empty cell is one without a value."""
    begin = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator=os.linesep)
        if begin:
            table.writerow(rows[0])
        for row in rows:
            table.writerow("" if value != value else value for value in row.values())


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

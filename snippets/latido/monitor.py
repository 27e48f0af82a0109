"""Diagnose the reader's own network, before it is trained and while it is.

::

    from latido.monitor import SignalMonitor, examine

    print(examine(model, x, y).table())
    model.fit(x, y, callbacks=[SignalMonitor(x[:256], y[:256])])

What is looked at is in ``latido.observer``, what it means in ``latido.rules``, and what to try in
``latido.advice``.
"""

import dataclasses
import os
from collections.abc import Mapping
from numbers import Integral
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from latido.observer import Observer, Snapshot, rms
from latido.rules import PATIENCE, Finding, Report, judge, limits

__all__ = ["Finding", "Report", "SignalMonitor", "examine", "judge"]

#: A look takes at most so many samples: more would only cost memory.
SAMPLES = 256


def examine(model, x, y, loss=None, thresholds: Mapping[str, float] | None = None) -> Report:
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

    Raises:
        ValueError: model without trainable weights; data that do not fit it, are not
            finite, or are fewer than two samples. In one Spanish line.
    """
    limits(thresholds)
    x, y = batch(*checked(x, y), model)
    _build(model, x)
    return Report.of([Observer(model, loss)(x, y, _steps(model))], thresholds)


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
        stop: stop the training at the first finding.
        log_dir: folder for TensorBoard: scalars, and histograms of h, δ and ∂L/∂W.
        csv: file to which each look adds one row per layer.
        loss, thresholds: as for ``examine``.

    Attributes:
        report: the diagnosis up to now; each symptom with the step when it was first seen.

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
        self._batch = batch(*self._data, self.model)
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
            due = _steps(self.model) - last >= self._every
        waiting = self._before is not None and self._snapshots[-1].step == _steps(self.model)
        if due and not waiting:
            self._close()
            self._look()
            self._before = self._observer.kernels()

    def on_train_batch_end(self, batch, logs=None):
        """Complete the last look with how far the step moved the weights."""
        if self._before is None:
            return
        last = self._snapshots[-1]
        if self.model.optimizer and _steps(self.model) == last.step:
            return  # the optimizer is accumulating gradients, or float16 made it skip the step
        steps = max(1, _steps(self.model) - last.step)  # several in one call, if so compiled
        layers = [
            dataclasses.replace(layer, update_ratio=_update_ratio(old, new) / steps)
            for layer, old, new in zip(
                last.layers, self._before, self._observer.kernels(), strict=True
            )
        ]
        self._snapshots[-1] = dataclasses.replace(last, layers=tuple(layers))
        self._close()
        if self._stop and judge(self._snapshots[-1], self._snapshots[0], self._thresholds):
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        """Look once more, at the trained network."""
        self._close()
        if not self._snapshots or self._snapshots[-1].step < _steps(self.model):
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
        now = self._observer(*self._batch, step=_steps(self.model))
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
        report = Report((), (now,))
        if self._csv:
            report.layers().to_csv(self._csv, mode="a", index=False, header=not self._csv.exists())
        if self._writer:
            with self._writer.as_default():
                _write_summaries(now)
        # The histograms are in the file now: keep the numbers alone.
        self._snapshots[-1] = dataclasses.replace(
            now, layers=tuple(dataclasses.replace(layer, values={}) for layer in now.layers)
        )


# --- data ---------------------------------------------------------------------------------


def checked(x, y):
    """Return x and y as arrays that can be used; outputs without a loss may have None for y.

    Raises:
        ValueError: no arrays, different numbers of samples, fewer than two, or values not
            finite.
    """
    x, y = (_each(_as_array, part) for part in (x, y))
    labels = [a for a in tf.nest.flatten(y) if a is not None]
    if any(a.dtype.kind in "OSU" for a in labels):
        raise ValueError("y tiene textos; las etiquetas deben ser números")
    if not labels or any(a is None for a in tf.nest.flatten(x)):
        raise ValueError("hacen falta x e y: los ejemplos y sus etiquetas, como matrices de NumPy")
    sizes = {len(a) if a.ndim else 0 for a in tf.nest.flatten(x) + labels}
    if len(sizes) > 1 or min(sizes) < 2:
        raise ValueError(
            "x e y deben tener los mismos ejemplos, dos o más; recibidos: "
            + ", ".join(map(str, sorted(sizes)))
        )
    check_finite(x, y)
    return x, y


def batch(x, y, model=None):
    """Return at most 256 samples of checked x and y, evenly spread.

    As many as the model takes, if it takes a fixed number.

    Raises:
        ValueError: the model takes one sample at a time, or more than there are.
    """
    size = len(tf.nest.flatten(x)[0])
    inputs = getattr(model, "inputs", None) or []
    fixed = next((tensor.shape[0] for tensor in inputs if tensor.shape[0]), None)
    if fixed == 1:
        raise ValueError("el modelo toma los ejemplos de uno en uno; hay que comparar dos o más")
    if fixed and fixed > size:
        raise ValueError(f"el modelo toma lotes de {fixed} ejemplos y se han dado {size}")
    chosen = np.unique(np.linspace(0, size - 1, fixed or min(size, SAMPLES)).astype(int))
    return tuple(_each(lambda a: _for_keras(a[chosen]), part) for part in (x, y))


def _each(function, part):
    """Apply a function to every array of a structure, and leave None as it is."""
    return tf.nest.map_structure(lambda a: None if a is None else function(a), part)


def _as_array(values) -> np.ndarray:
    if isinstance(values, tf.data.Dataset):
        raise ValueError("x es un tf.data.Dataset; toma de él un lote: x, y = next(iter(datos))")
    return np.asarray(values)


def check_finite(x, y) -> None:
    """Raise ValueError, with the rows, if there are values that are not finite."""
    for name, part in (("x", x), ("y", y)):
        for array in (a for a in tf.nest.flatten(part) if a is not None):
            bad = bad_rows(array)
            if len(bad):
                more = "…" if len(bad) > 5 else ""
                rows = "1 fila" if len(bad) == 1 else f"{len(bad)} filas"
                raise ValueError(
                    f"{name} tiene valores no finitos en {rows}: "
                    f"{', '.join(map(str, bad[:5]))}{more}"
                )


def bad_rows(array: np.ndarray) -> np.ndarray:
    """Return the numbers of the rows with NaN or infinity."""
    if not np.issubdtype(array.dtype, np.inexact) or not array.size:
        return np.array([], dtype=int)
    return np.flatnonzero(~np.isfinite(array.reshape(len(array), -1)).all(axis=1))


def _for_keras(array: np.ndarray) -> np.ndarray:
    """Give numbers the type that ``fit`` would give them."""
    return array.astype(keras.backend.floatx()) if array.dtype == np.float64 else array


def _steps(model) -> int:
    optimizer = getattr(model, "optimizer", None)
    return int(optimizer.iterations) if optimizer else 0


def _update_ratio(old: np.ndarray, new: np.ndarray) -> float:
    size, moved = rms(old), rms(new.astype(np.float64) - old)
    return moved / size if size else float("nan")  # from zero, any step is infinite


# --- TensorBoard --------------------------------------------------------------------------

HISTOGRAM = "histograms"
SCALAR = "scalars"


def _write_summaries(now: Snapshot) -> None:
    """Write a look as TensorBoard reads it, whether TensorBoard is installed or not."""
    _summary(SCALAR, "loss", now.loss, now.step)
    for layer in now.layers:
        for field in SCALARS:
            _summary(SCALAR, f"{layer.name}/{field}", getattr(layer, field), now.step)
        for field, values in layer.values.items():
            finite = values[np.isfinite(values)]
            counts, edges = np.histogram(finite.astype(np.float64), bins=30)
            bins = np.stack([edges[:-1], edges[1:], counts], axis=1)
            _summary(HISTOGRAM, f"{layer.name}/{field}", bins, now.step)


SCALARS = (
    *("activation_rms", "contrast", "delta_norm", "weight_gradient_rms", "weight_rms"),
    *("update_ratio", "dead_fraction", "saturated_fraction"),
)


def _summary(plugin: str, tag: str, value, step: int) -> None:
    # tf.summary.scalar and histogram need the tensorboard package; the record they write does
    # not. A scalar is one float32, a histogram has rows (left, right, count).
    metadata = tf.compat.v1.SummaryMetadata()
    metadata.plugin_data.plugin_name = plugin
    metadata.data_class = {SCALAR: 1, HISTOGRAM: 2}[plugin]
    dtype = {SCALAR: tf.float32, HISTOGRAM: tf.float64}[plugin]
    tf.summary.write(tag, tf.cast(value, dtype), step, metadata)

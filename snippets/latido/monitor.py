"""Diagnose the reader's own network, before it is trained and while it is.

What is looked at is in ``latido.observer``, what it means in ``latido.rules``, and what to try in
``latido.advice``.
"""

import csv
import dataclasses
import functools
import logging
import math
import os
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from numpy.typing import NDArray

from latido import engine, logged, tensorboard
from latido import trial as trials
from latido.batch import SAMPLES, checked, sample
from latido.engine import check_backend, check_model
from latido.likelihood import ALARMS
from latido.measures import rms
from latido.observer import Observer, first_of, number
from latido.report import Report, judge
from latido.rules import PATIENCE, limits
from latido.saved import reason
from latido.snapshot import Snapshot
from latido.ways import optimizers_of, overridden
from latido.words import Text, language, refusing_in, why

if TYPE_CHECKING:
    import matplotlib.figure

#: Inputs and labels.
Batch = tuple[Any, Any]
#: What Keras hands to a callback.
Logs = dict[str, Any] | None


def examine(
    model: keras.Model,
    x: Any,
    y: Any = None,
    loss: Any = None,
    thresholds: Mapping[str, float] | None = None,
    trial: int = 0,
    lang: str | None = None,
) -> Report:
    """Diagnose a network as it stands, from one batch.

    Nothing in it changes: neither weights nor moving averages nor seeds. (Only Keras's own
    variables can be kept so; a layer that moves a bare ``tf.Variable`` in its ``call`` does.)

    Args:
        model: any Keras model whose layers have trainable weights.
        x, y: as ``model.fit`` takes them: arrays (samples, …), tensors, tables, or lists or
            dicts of them, of which 256 samples, spread evenly, are used; or a
            ``tf.data.Dataset`` or ``keras.utils.PyDataset``, which brings both, and of which as
            many batches are read. Without y if the model's own loss asks for none.
        loss: a Keras loss or its name. By default that of the compiled model, or else the
            one that fits the head and the labels (``latido.losses.fitting_loss``).
        thresholds: rule (a name of ``latido.rules.RULES``) → threshold, to override some.
        trial: steps for which a copy is trained on that batch, to see whether it can learn at
            all (``latido.trial``); 0 for none, 400 to decide what one look cannot. How the copy
            stands at its end is then what counts. ``report.trial`` says what came of it, and what
            it took.
        lang: "es" or "en", in which the report speaks, and what is refused is said; by default,
            the environment's language (``latido.words``).

    Raises:
        ValueError: model without trainable weights, or that fails; data that do not fit it,
            are not finite, or are fewer than two samples; a language that is not known. In one
            line.
    """
    lang = language(lang)
    with refusing_in(lang):
        return Report.of(*_examined(model, x, y, loss, thresholds, trial), lang)


def _examined(
    model: keras.Model,
    x: Any,
    y: Any,
    loss: Any,
    thresholds: Mapping[str, float] | None,
    trial: int,
) -> tuple[list[Snapshot], Mapping[str, float] | None, trials.Trial | None]:
    """Return the looks, the thresholds and the trial of which a report is made."""
    check_backend()
    check_model(model)
    limits(thresholds)
    if not isinstance(trial, Integral) or isinstance(trial, bool) or trial < 0:
        raise ValueError(
            Text("trial vale «{trial}»; hace falta un número entero de pasos, 0 o más", trial=trial)
        )
    data = checked(x, y, unlabeled=_needs_no_labels(model, loss))
    try:
        _build(model, sample(*data, model)[0])
        observer = Observer(model, loss)
        batch, seen = _look_at(observer, data, steps_of(model))
        part = first_of(seen.samples, *batch)
        tried = trials.run(model, *part, trial, observer) if trial else None
    except Exception as error:
        if _is_ours(error):
            raise
        raise ValueError(
            Text("el modelo falla con estos datos: {reason}", reason=reason(error))
        ) from error
    return [seen], thresholds, tried


def _look_at(
    observer: Observer, data: Batch, step: int, most: int = SAMPLES
) -> tuple[Batch, Snapshot]:
    """Return a batch of checked data, of so many samples, and what a look at it shows.

    All the data, if the model takes nothing less: the nodes of one graph are no samples.
    """
    batch = sample(*data, observer.model, most)
    try:
        return batch, observer(*batch, step)
    except Exception as error:
        size = len(keras.tree.flatten(data[0])[0])
        if _is_ours(error) or not most < size <= GRAPH:
            raise
        batch = sample(*data, observer.model, most=size)
        try:
            return batch, observer(*batch, step)
        except Exception:
            raise error from None


#: The nodes of a larger graph than this are not looked at all together.
GRAPH = 20_000


def _needs_no_labels(model: keras.Model, loss: Any) -> bool:
    """Tell whether a model may be trained without labels: by what its author or layers add."""
    own = any(overridden(model, name) for name in ("train_step", "compute_loss"))
    return loss is None and (own or getattr(model, "loss", None) is None)


def _build(model: keras.Model, x: Any) -> None:
    """Give a model its weights, if it has none yet; its seeds stay as they were."""
    if not model.built and (overridden(model, "call") or not model.weights):
        states = [(variable, variable.numpy()) for variable in model.variables]
        model(x)
        for variable, value in states:
            variable.assign(value)


def _never_ends_the_training(hook: Callable[..., None]) -> Callable[..., None]:
    """Let a look that fails be the last one, and the training go on.

    What is wrong with the reader's own arguments is said before the first step, and does end it.
    """

    @functools.wraps(hook)
    def careful(self: "SignalMonitor", *args: Any, **kwargs: Any) -> None:
        if self._silent:
            return
        try:
            hook(self, *args, **kwargs)
        except Exception as error:
            if not self._snapshots and _is_ours(error) and not self._has_own_training():
                with refusing_in(self._lang):
                    raise
            self._fall_silent(error)

    return careful


def _is_ours(error: Exception) -> bool:
    """Tell whether this package refused something, or a file; or else something failed inside."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    own = frame.f_globals.get("__name__", "").startswith(f"{__package__}.")
    return isinstance(error, OSError) or (isinstance(error, ValueError) and own)


#: Steps at which a look is due by itself; after the last, whenever they have doubled. The networks
#: of ``diagnosis_benchmark`` were looked at at the steps 0, 10, 50, 100, 200, 400 and 1000; these
#: are the fewest that find as many of those that fail as all seven, 137 of 138, in the half that
#: set them (``diagnosis_benchmark.score.schedule``). In the other half they find 149 of 151, as all
#: seven do, and alarm 12 of the 257 that learn, not 20; the first alarm comes at step 184 on
#: average, not 71.
SCHEDULE = (0, 10, 50, 1000)

#: Samples of each look of a monitor. Of 72 networks of the collection, looked at with 256 samples
#: and with 128 at the steps 0, 10 and 200, the same 20 are alarmed; of the 216 looks one is an
#: alarm only with fewer, and seven name another symptom.
WATCHED = 128


def next_look(step: int) -> int:
    """Return the step at which a look is due after the one at this step."""
    return next((due for due in SCHEDULE if due > step), max(2 * step, 2 * SCHEDULE[-1]))


class SignalMonitor(keras.callbacks.Callback):
    """Diagnose a network while ``fit`` trains it. The training is the same with and without.

    At each look, before a step, it measures one batch in one extra forward and backward
    pass: the cost of some training steps, which the page of the tool gives as measured. By itself
    it looks where something may change: before the first step, soon and often at first, ever more
    seldom later, when the loss has left the numbers, and at the end. After the step it also knows
    rms(ΔW)/rms(W). If something fails inside, one line says so and the training goes on unwatched.

    Args:
        x, y: the batch to look at, as for ``examine``. A Dataset that shuffles is read once
            before the training, which then sees another order.
        every: "auto" for the steps of ``SCHEDULE``; "epoch"; or a number of steps between two
            looks.
        stop: stop the training at the first alarm.
        log_dir: folder for TensorBoard: scalars, and histograms of h, δ and ∂L/∂W.
        csv: file to which each look adds one row per layer.
        loss, thresholds, lang: as for ``examine``.
        logs: put the numbers of each look into the ``logs`` of Keras, as "latido/likelihood" and
            the other names of ``latido.logged``, for the callbacks that come after this one in
            the list: CSVLogger, TensorBoard, EarlyStopping, those of Weights & Biases and MLflow.
            ``History`` and the progress bar get them, too. Each batch and each epoch has those of
            the last look, whose step is "latido/step".

    Attributes:
        report: the diagnosis up to now; each symptom with the step when it was first seen, and
            whether it is still there.

    Raises:
        ValueError: as ``examine``; or an ``every`` that is none of these.
    """

    def __init__(
        self,
        x: Any,
        y: Any = None,
        every: str | int = "auto",
        stop: bool = False,
        log_dir: str | os.PathLike[str] | None = None,
        csv: str | os.PathLike[str] | None = None,
        loss: Any = None,
        thresholds: Mapping[str, float] | None = None,
        lang: str | None = None,
        logs: bool = False,
    ) -> None:
        super().__init__()
        self._lang = language(lang)
        with refusing_in(self._lang):
            check_backend()
            whole = isinstance(every, Integral) and not isinstance(every, bool) and every >= 1
            if every not in ("auto", "epoch") and not whole:
                raise ValueError(
                    Text(
                        'every vale «{every}»; hace falta "auto", "epoch" o un número entero ≥ 1',
                        every=every,
                    )
                )
            if not isinstance(logs, bool):
                raise ValueError(
                    Text(
                        "logs vale «{logs}»; es True o False (la carpeta va en log_dir)",
                        logs=logs,
                    )
                )
            limits(thresholds)
            self._data: Batch = checked(x, y, unlabeled=True)
        self._every = every if isinstance(every, str) else int(every)
        self._stop, self._loss, self._thresholds = stop, loss, thresholds
        self._logs = logs
        self._log_dir, self._csv = log_dir, Path(csv) if csv else None
        self._snapshots: list[Snapshot] = []
        self._warnings: list[Text] = []
        self._silent = False

    @property
    def report(self) -> Report:
        """The diagnosis up to now."""
        report = Report.of(self._snapshots, self._thresholds, lang=self._lang)
        return dataclasses.replace(report, warnings=tuple(self._warnings))

    def on_train_begin(self, logs: Logs = None) -> None:
        """Prepare the pass; nothing is measured yet."""
        self._snapshots, self._warnings, self._silent = [], [], False
        self._before: list[NDArray[Any] | None] | None = None
        self._told: deque[float] = deque(maxlen=TOLD)
        self._mean: tuple[int, float] | None = None
        self._means: bool | None = None
        self._lost: bool | None = False
        self._batches = self._done = self._due = 0
        self._numbers = logged.NOTHING
        self._prepare()

    @_never_ends_the_training
    def _prepare(self) -> None:
        if self._data[1] is None and not _needs_no_labels(self.model, self._loss):
            raise ValueError(Text("falta y: las etiquetas de los ejemplos que se miran"))
        self._begun = steps_of(self.model)
        self._batch: Batch | None = None
        _build(self.model, sample(*self._data, self.model)[0])
        try:
            self._observer = Observer(self.model, self._loss, values=self._log_dir is not None)
        except ValueError as error:  # of the model, which is no argument of ours
            self._fall_silent(error)
            return
        self._writer = tensorboard.writer(self._log_dir) if self._log_dir else None
        if self._csv:
            self._csv.parent.mkdir(parents=True, exist_ok=True)
            self._csv.unlink(missing_ok=True)

    @_never_ends_the_training
    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Look, if it is time."""
        if not self._is_due(batch):
            return
        waiting = self._before is not None and self._snapshots[-1].step == self._step()
        if not waiting:
            self._close()
            self._look()
            self._before = self._observer.kernels()
            self._due = next_look(self._batches)

    def _is_due(self, batch: int) -> bool:
        if isinstance(self._every, int):
            return not self._snapshots or self._step() - self._snapshots[-1].step >= self._every
        return self._batches >= self._due if self._every == "auto" else batch == 0

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Complete the last look with how far the step moved the weights."""
        self._after(batch, logs)
        self._tell(logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Put the numbers of the last look where other callbacks read, if asked to."""
        self._tell(logs)

    def _tell(self, logs: Logs) -> None:
        if self._logs and logs is not None:
            logs.update(logged.NOTHING if self._silent else self._numbers)

    @_never_ends_the_training
    def _after(self, batch: int, logs: Logs) -> None:
        done = batch + 1  # of this epoch; several at a time, if so compiled
        self._batches += done - self._done if done > self._done else done
        self._done = done
        self._listen(batch, logs or {})
        if self._before is not None:
            self._complete(self._before)
        if self._lost is None:  # the loss has just left the numbers: what it looks like inside
            self._lost = True
            self._close()
            self._look()
            self._write(self._snapshots[-1])
        elif self._before is not None or not self._completed:
            return
        now, first = self._snapshots[-1], self._snapshots[0]
        found = judge(now, first, self._thresholds, self._lang)
        if self._stop and any(finding.level in ALARMS for finding in found):
            self.model.stop_training = True
        if self._logs:
            self._numbers = logged.numbers(now, first, found, self._thresholds)

    def _complete(self, before: list[NDArray[Any] | None]) -> None:
        """Add to the last look what the step after it did, once there was one."""
        last = self._snapshots[-1]
        moved = self._step() - last.step
        if self.model.optimizer and not moved:
            return  # the optimizer is accumulating gradients, or float16 made it skip the step
        steps = max(1, moved)  # several in one call, if so compiled
        layers = [
            dataclasses.replace(layer, update_ratio=_update_ratio(old, new) / steps)
            for layer, old, new in zip(last.layers, before, self._observer.kernels(), strict=True)
        ]
        self._snapshots[-1] = dataclasses.replace(
            last, layers=tuple(layers), fit_loss=self._fit_loss()
        )
        self._close()
        self._completed = True

    def _listen(self, batch: int, logs: Mapping[str, Any]) -> None:
        """Note the loss that ``fit`` tells, of each batch: metrics are means of the epoch."""
        self._completed = False
        losses = {name: value for name, value in logs.items() if "loss" in name} or (
            logs if self._has_own_training() else {}
        )
        if not losses:
            return
        losses = {"loss": losses["loss"]} if "loss" in losses else losses
        told, earlier = float(sum(losses.values())), self._mean
        self._mean = batch, told
        if not math.isfinite(told) and self._lost is False:
            self._lost = None
        if self._means is None:  # asked once: Keras goes through all layers to tell
            self._means = {metric.name for metric in self.model.metrics} >= {*losses}
        if self._means and earlier and batch > earlier[0]:
            before, mean = earlier
            told = (told * (batch + 1) - mean * (before + 1)) / (batch - before)
        self._told.append(told)

    def _fit_loss(self) -> float | None:
        return sum(self._told) / len(self._told) if self._told else None

    def _step(self) -> int:
        """Return the steps taken: as the optimizer counts them, or of a step of one's own."""
        steps = steps_of(self.model)
        waits = any(map(_waits, optimizers_of(self.model)))
        if not waits and (steps == self._begun or overridden(self.model, "train_step")):
            return self._begun + self._batches
        return steps

    def _has_own_training(self) -> bool:
        return any(overridden(self.model, name) for name in ("train_step", "compute_loss"))

    def _fall_silent(self, error: Exception) -> None:
        """Say in one line why nothing more is looked at."""
        self._silent = True
        told = Text(
            "latido deja de mirar esta red y el entrenamiento sigue: {why}",
            why=why(error)
            if _is_ours(error)
            else Text("{kind}: {reason}", kind=type(error).__name__, reason=reason(error)),
        )
        self._warnings.append(told)
        logging.getLogger("latido").warning("%s", told.into(self._lang))

    @_never_ends_the_training
    def on_train_end(self, logs: Logs = None) -> None:
        """Look once more, at the trained network."""
        self._close()
        if not self._snapshots or self._snapshots[-1].step < self._step():
            self._look()
            self._write(self._snapshots[-1])
        if self._writer:
            self._writer.close()

    def draw(self) -> "matplotlib.figure.Figure":
        """Draw the five-plot dashboard: h, δ, ∂L/∂W, update ratio and loss along the training.

        One line per hidden layer, dark for the first and light for the last; dashed, what
        tells good from bad.

        Raises:
            ValueError: nothing has been looked at yet.
        """
        from latido import dashboard

        return dashboard.draw(self.report)

    def _look(self) -> None:
        if self._batch is None:
            self._batch, now = _look_at(self._observer, self._data, self._step(), WATCHED)
        else:
            now = self._observer(*self._batch, step=self._step())
        if self._batches:
            now = dataclasses.replace(now, fit_loss=self._fit_loss())
        earlier = [seen.loss for seen in self._snapshots if now.step - seen.step >= PATIENCE]
        if earlier:
            now = dataclasses.replace(now, earlier_loss=earlier[-1])
        self._snapshots.append(now)

    def _close(self) -> None:
        """Write down the last look, if that is still to be done."""
        if self._before is not None:
            self._before = None
            self._write(self._snapshots[-1])

    def _write(self, now: Snapshot) -> None:
        if self._csv:
            _append(self._csv, Report((), (now,)).rows())
        if self._writer:
            with self._writer.as_default():
                tensorboard.write(now)
            self._forget_values()

    def _forget_values(self) -> None:
        """Keep the numbers of the last look alone: its histograms are in the file."""
        last = self._snapshots[-1]
        layers = tuple(dataclasses.replace(layer, values={}) for layer in last.layers)
        self._snapshots[-1] = dataclasses.replace(last, layers=layers)


#: The loss that ``fit`` tells is taken over so many of the last batches.
TOLD = 20


def _waits(optimizer: keras.optimizers.Optimizer) -> bool:
    """Tell whether an optimizer may let batches pass without a step."""
    return bool(
        getattr(optimizer, "gradient_accumulation_steps", None)
        or isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    )


def steps_of(model: keras.Model) -> int:
    """Return how many steps a model has been trained; 0 if it is not compiled."""
    engine.brought_back(model)
    return max((int(number(one.iterations)) for one in optimizers_of(model)), default=0)


def _update_ratio(old: NDArray[Any] | None, new: NDArray[Any] | None) -> float:
    if old is None or new is None:  # frozen
        return float("nan")
    size, moved = rms(old), rms(new.astype(np.float64) - old)
    return moved / size if size else float("nan")  # from zero, any step is infinite


def _append(file: Path, rows: list[dict[str, Any]]) -> None:
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

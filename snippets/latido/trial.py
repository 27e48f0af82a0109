"""Can the network learn at all? A copy of it is trained on one batch, the oldest advice there is.

What is trained are variables of its own; the model lends its ``call``, inside
``keras.StatelessScope``, and keeps its weights, moving averages, seeds, metrics and optimizer.
Then the copy is looked at as the network was, and is judged as one in training.
"""

import dataclasses
import math
import time
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from latido import engine
from latido.chance import surely_below
from latido.losses import chosen, labels_of, per_sample, weights_of
from latido.observer import Observer, number, settings_of
from latido.rules import PATIENCE
from latido.snapshot import Snapshot
from latido.ways import overridden
from latido.words import Text


@dataclass(frozen=True)
class Trial:
    """What came of training a copy on one batch.

    Attributes:
        steps, samples: how many, all samples in each step.
        seconds: what it took, with its compilation.
        optimizer: with which it was trained: the model's own, or "Adam" if it is not compiled.
        curve: mean loss before each step and after the last one, (steps + 1,).
        constant_loss: of the best answer that does not look at the input; NaN if it is unknown.
        learned: whether the loss ended below the constant's by more than chance, sample by
            sample (``latido.chance``); if that is unknown, below half of the first one.
        look: at the copy, after the last step.
    """

    steps: int
    samples: int
    seconds: float
    optimizer: str
    curve: NDArray[Any] = field(repr=False, compare=False)
    constant_loss: float
    learned: bool
    look: Snapshot = field(repr=False, compare=False)

    def summary(self) -> dict[str, Any]:
        """Return it as plain data, without the curve and the look."""
        return {
            **{name: value for name, value in vars(self).items() if name not in ("curve", "look")},
            "first_loss": float(self.curve[0]),
            "last_loss": float(self.curve[-1]),
        }


def run(model, x, y, steps: int, observer: Observer | None = None) -> Trial:
    """Train a copy of a model for some steps on one batch. The model stays as it was.

    The optimizer is the model's own, with its settings, from its first step; Adam if there is
    none. What is trained is the loss of ``latido.losses``, with the model's regularization.

    Args:
        model: built.
        x, y: the batch, as ``latido.batch.sample`` returns it.
        steps: 1 or more.
        observer: the model's, with its loss; a new one by default.

    Raises:
        ValueError: the model trains by what its author wrote, or without labels.
    """
    start = time.perf_counter()
    observer = observer or Observer(model)
    loss = observer.given
    own = [name for name in ("train_step", "compute_loss") if overridden(model, name)]
    if own and loss is None:
        raise ValueError(
            Text(
                "la prueba (trial={steps}) no se ha hecho: este modelo tiene {own} propio, y una "
                "copia no se puede entrenar con él. Quita trial y vigila fit con SignalMonitor, o "
                "di con loss qué pérdida probar",
                steps=steps,
                own=own[0],
            )
        )
    if y is None:
        raise ValueError(
            Text("la prueba (trial) pide y: las etiquetas con las que entrenar la copia")
        )
    weights = [_copy(variable) for variable in model.trainable_variables]
    optimizer = _fresh(getattr(model, "optimizer", None))
    optimizer.build(weights)
    if observer.kinds is None:
        observer(x, y)  # which shows the operations at the ends of the outputs
    curve = _train(model, x, y, steps, loss, weights, optimizer, observer.kinds)
    look = dataclasses.replace(
        _with(model, weights, lambda: observer(x, y, steps)),
        optimizer=type(optimizer).__name__,
        learning_rate=number(optimizer.learning_rate),
        settings=settings_of(optimizer),
        earlier_loss=float(curve[steps - PATIENCE]) if steps >= PATIENCE else math.nan,
    )
    curve, constants = np.append(curve, look.loss), look.constant_losses
    known = constants is not None
    return Trial(
        steps=steps,
        samples=look.samples,
        seconds=time.perf_counter() - start,
        optimizer=look.optimizer,
        curve=curve,
        constant_loss=float(np.mean(constants)) if known else math.nan,
        learned=surely_below(look.losses, constants) if known else bool(curve[-1] < curve[0] / 2),
        look=look,
    )


def _train(model, x, y, steps: int, loss, weights: list, optimizer, kinds) -> np.ndarray:
    """Train these weights in the model's place; return the mean loss before each step."""
    loss_weights = weights_of(model) if loss is None else None
    loss = getattr(model, "loss", None) if loss is None else loss
    labels = labels_of(loss, model, y)
    x, y = keras.tree.map_structure(keras.ops.convert_to_tensor, (x, labels))

    def loss_of(values, others):
        answer, others, extra = model.stateless_call(
            values, others, x, training=True, return_losses=True
        )
        specs = chosen(loss, model, answer, labels, kinds)
        losses, _, _ = per_sample(specs, loss_weights, model, answer, y)
        mean = total = keras.ops.mean(losses)
        for penalty in extra:
            total = total + keras.ops.cast(penalty, losses.dtype)
        return total, (mean, others)

    others = [
        keras.ops.convert_to_tensor(variable.value) for variable in model.non_trainable_variables
    ]
    curve = engine.train(loss_of, others, weights, optimizer, steps)
    return keras.ops.convert_to_numpy(curve)


def _with(model, weights: list, work):
    """Return what a function returns while the model has other weights; it gets its own back."""
    own = [variable.numpy() for variable in model.trainable_variables]
    try:
        for variable, weight in zip(model.trainable_variables, weights, strict=True):
            variable.assign(weight.value)
        return work()
    finally:
        for variable, value in zip(model.trainable_variables, own, strict=True):
            variable.assign(value)


def _copy(variable) -> keras.Variable:
    """Return a variable of the same value that belongs to nobody."""
    copy = keras.Variable(variable.numpy(), dtype=variable.dtype, name=variable.name)
    copy.constraint = variable.constraint
    return copy


def _fresh(optimizer) -> keras.optimizers.Optimizer:
    """Return an optimizer with the same settings that has not taken a step; Adam for none."""
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # inside a loss scale
    if optimizer is None:
        return keras.optimizers.Adam()
    return type(optimizer).from_config(optimizer.get_config())


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

"""Which loss a model is trained with, sample by sample, and what ignoring the input would cost."""

import dataclasses
import math

import keras
import numpy as np
from keras import ops

from latido import engine
from latido.words import Text


class PerSample(keras.losses.Loss):
    """A loss without its mean over the batch.

    ``valid``: which values count, after a call; None if all do.
    """

    def __init__(self, function):
        super().__init__(reduction="none")
        self.function = function
        self.valid = None

    def call(self, y_true, y_pred):
        """Return one value per sample (and per position, if the loss keeps them)."""
        if len(y_true.shape) < len(y_pred.shape) and y_pred.shape[-1] == 1:
            y_true = y_true[..., None]
        values = self.function(y_true, y_pred)
        masks = [engine.mask_of(tensor) for tensor in (y_pred, values)]
        for mask in masks:
            if mask is not None:
                self.valid = mask if self.valid is None else self.valid & mask
        return values


#: Samples of each class, on average, that show how often it comes.
FEW = 10

REGRESSIONS = ("mean_squared_error", "mean_absolute_error", "huber", "log_cosh")


@dataclasses.dataclass(frozen=True)
class Trained:
    """An output that has a loss: which loss, how much it weighs, and how many classes it has.

    ``masked``: some positions do not count, as Keras knows from an Embedding.
    """

    loss: object
    weight: float
    classes: int
    masked: bool

    @property
    def quantities(self) -> bool:
        """Whether its labels are quantities and not classes, as far as the loss tells."""
        return loss_name(self.loss) in REGRESSIONS

    def constant(self, y) -> float:
        """Return the loss of the best constant answer to y; NaN if it is not known."""
        return math.nan if self.masked else self.weight * constant_loss(self.loss, y)


def labels_of(loss, model, y) -> list:
    """Return the labels of the outputs that have a loss, in the order of these outputs.

    Args:
        loss: one loss for all outputs, or a list or dict of them, where None or a missing
            name stand for an output that is not trained.
        y: an array, or a list or dict of them, also without those of untrained outputs.
    """
    names = getattr(model, "output_names", None)  # a subclassed model has none
    if names is None:
        names = sorted(next((part for part in (y, loss) if isinstance(part, dict)), []))
    elif isinstance(model.output, dict):  # tensors come out of a dict in the order of its keys
        names = sorted(model.output)
    if isinstance(loss, dict):
        each = [loss.get(name) for name in names]
    else:
        each = list(loss) if isinstance(loss, list | tuple) else [True] * len(names)
    if isinstance(y, dict):
        named = len(each) == len(names)
        has_loss = dict(zip(names, each, strict=True)) if named else dict.fromkeys(names, True)
        y = [y[name] for name in names if name in y and has_loss.get(name) is not None]
    elif isinstance(y, list | tuple) and len(each) == len(y):
        y = [labels for labels, one in zip(y, each, strict=True) if one is not None]
    return [labels for labels in keras.tree.flatten(y) if labels is not None]


def chosen(loss, model, outputs, labels, kinds=None) -> list:
    """Return the loss of each output, None if it has none: the one that fits where none is named.

    ``kinds``: the operation that made each output, if that can't be seen in the output itself.

    Raises ValueError if the labels are not one array for each output with a loss.
    """
    answers = keras.tree.flatten(outputs)
    specs, kept = with_loss(loss, model, outputs)
    if not len(kept) == len(labels):
        raise ValueError(
            Text(
                "salidas del modelo con pérdida: {kept}; etiquetas que se han dado: {given}",
                kept=len(kept),
                given=len(labels),
            )
        )
    for i, array in zip(kept, labels, strict=True):
        kind = kinds[i] if kinds else None
        specs[i] = specs[i] or fitting_loss(answers[i], np.asarray(array), kind)
    return specs


def per_sample(specs, weights, model, outputs, y):
    """Return the loss of each sample, (samples,), the Trained outputs, and what they answer.

    The losses of several outputs add up.

    Args:
        specs: the ``chosen`` losses.
        weights: how much each output counts, as ``compile`` takes it.
        y: the labels of the outputs that have a loss.
    """
    answers = keras.tree.flatten(outputs)
    weights = _by_output(weights, model, outputs)
    kept = [i for i, spec in enumerate(specs) if spec is not None]
    total, trained = 0.0, []
    for i, target in zip(kept, y, strict=True):
        answer = answers[i]
        weight = 1.0 if weights[i] is None else float(weights[i])
        masked = engine.mask_of(answer) is not None
        trained.append(Trained(specs[i], weight, answer.shape[-1], masked))
        total += weight * _of_samples(specs[i], target, answer)
    return total, trained, [answers[i] for i in kept]


def with_loss(loss, model, outputs) -> tuple[list, list[int]]:
    """Return the loss of each output, and the numbers of those that have one."""
    specs = _by_output(loss, model, outputs)
    unknown = not isinstance(loss, dict | list | tuple)
    return specs, [i for i, spec in enumerate(specs) if spec is not None or unknown]


def weights_of(model):
    """Return the loss_weights with which a model was compiled; None if there are none."""
    compiled = getattr(model, "_compile_config", None)  # Keras has no public name for them
    return compiled.config.get("loss_weights") if compiled else None


def _by_output(part, model, outputs) -> list:
    """Return what belongs to each output, from one value for all, a list or a dict."""
    answers = keras.tree.flatten(outputs)
    if isinstance(part, dict):  # tensors come out of a dict in the order of its sorted keys
        if any(isinstance(one, dict | list | tuple) for one in part.values()):
            raise ValueError(Text("las pérdidas van por salidas, sin grupos dentro de grupos"))
        names = sorted(outputs) if isinstance(outputs, dict) else model.output_names
        return [part.get(name) for name in names]
    return list(part) if isinstance(part, list | tuple) else [part] * len(answers)


def _of_samples(spec, target, answer):
    """Return the loss of each sample; their mean is the loss that Keras would tell."""
    if not isinstance(spec, keras.losses.Loss):
        spec = keras.losses.get(spec)
    each = PerSample(spec.call if isinstance(spec, keras.losses.Loss) else spec)
    values = each(target, answer)
    samples = ops.shape(answer)[0]
    if not len(values.shape):  # the loss has taken the mean already
        return ops.broadcast_to(values, [samples])
    # What is left beside the samples (positions, outputs) is averaged, as Keras does.
    values = ops.mean(ops.reshape(values, [samples, -1]), axis=1)
    if each.valid is None:
        return values
    return ops.divide_no_nan(values, ops.mean(ops.cast(each.valid, values.dtype)))


def fits(shape: tuple, other: tuple) -> bool:
    """Tell whether two shapes agree, as in fit: but for a last axis of one; None fits any size."""
    return (
        _same(shape, other)
        or (shape[-1:] == (1,) and _same(shape[:-1], other))
        or (other[-1:] == (1,) and _same(shape, other[:-1]))
    )


def _same(shape, other) -> bool:
    return len(shape) == len(other) and all(
        a is None or b is None or a == b for a, b in zip(shape, other, strict=True)
    )


def check_labels(spec, classes: int, y: np.ndarray) -> None:
    """Raise ValueError if the values of the labels are not those that the loss takes."""
    loss, y = loss_name(spec), counted(spec, y)
    if not y.size:
        raise ValueError(Text("todas las etiquetas son de la clase que la pérdida ignora"))
    if loss == "sparse_categorical_crossentropy":
        low, high, what = 0, classes - 1, Text("{count} clases", count=classes)
        if (y != np.round(y)).any():
            raise ValueError(Text("las etiquetas de {what} deben ser números enteros", what=what))
    elif loss in ("binary_crossentropy", "categorical_crossentropy"):
        low, high, what = 0, 1, Text("probabilidades")
    else:
        return
    if y.min() < low or y.max() > high:
        raise ValueError(
            Text(
                "las etiquetas van de {least:g} a {most:g} y la salida tiene {what}: deben estar "
                "entre {low} y {high}",
                least=y.min(),
                most=y.max(),
                what=what,
                low=low,
                high=high,
            )
        )


def fitting_loss(output, y, kind: str | None = None):
    """Return the loss that fits an output and its labels, when nobody has named one.

    One label for an output of several units means classes, and so do zeros and ones for a
    single unit. Labels of the output's own shape are one-hot if each row adds up to one, 0 or
    1 each if a sigmoid made the output, and a regression (mean squared error) if not.

    Args:
        output: the symbolic output, whose operation tells probabilities from logits.
        y: the labels, (samples, …).
        kind: that operation, by TensorFlow's name, if the output does not tell it.
    """
    if kind is None:
        kind = output.op.type if hasattr(output, "op") else ""
    logits = kind not in ("Softmax", "Sigmoid")
    classes = output.shape[-1]
    if classes > 1 and (len(y.shape) < len(output.shape) or y.shape[-1] == 1):
        return keras.losses.SparseCategoricalCrossentropy(from_logits=logits)
    if not np.isin(y, (0, 1)).all():
        return keras.losses.MeanSquaredError()
    if classes > 1 and kind != "Sigmoid" and (y.sum(axis=-1) == 1).all():
        return keras.losses.CategoricalCrossentropy(from_logits=logits)
    if kind == "Sigmoid" or np.issubdtype(y.dtype, np.integer):
        return keras.losses.BinaryCrossentropy(from_logits=logits)
    return keras.losses.MeanSquaredError()


def loss_name(loss) -> str:
    """Return the name of a loss, as "sparse_categorical_crossentropy"; "" if it has none."""
    if isinstance(loss, keras.losses.Loss):
        loss = type(loss).__name__
    if not isinstance(loss, str):
        loss = getattr(loss, "__name__", "")
    short = {"mse": "mean_squared_error", "mae": "mean_absolute_error"}
    loss = "".join(f"_{c.lower()}" if c.isupper() else c for c in loss).lstrip("_")
    return short.get(loss, loss)


def counted(spec, y: np.ndarray) -> np.ndarray:
    """Return the labels without those of the class that the loss ignores, if there is one."""
    ignored = getattr(spec, "ignore_class", None)
    return y if ignored is None else y[y != ignored]


def constant_losses(spec, y) -> np.ndarray | None:
    """Return what the best constant answer to y costs at each sample, (samples, …).

    For a cross-entropy it is −ln of how often each class comes; for the mean squared error, the
    distance from the mean, squared; for the absolute one, that from the median. None for
    anything else, and for labels whose own entropy no answer gets below: smoothed ones, and those
    of a binary cross-entropy that are neither 0 nor 1.
    """
    if getattr(spec, "label_smoothing", 0) or not y.size:
        return None
    name = loss_name(spec)
    if name == "binary_crossentropy" and not np.isin(y, (0, 1)).all():
        return None
    known = _CONSTANT.get(name)
    return known(np.asarray(y, np.float64)) if known else None


def constant_loss(spec, y) -> float:
    """Return the loss of the best constant answer to y: the mean of its ``constant_losses``.

    NaN if that is not known, or if the samples are too few to show how often each class comes,
    less than ``FEW`` for each: the answer that fits them best costs less than it should.
    """
    y = counted(spec, np.asarray(y))
    each = constant_losses(spec, y)
    if loss_name(spec) == "sparse_categorical_crossentropy" and y.size < FEW * len(np.unique(y)):
        return math.nan
    if loss_name(spec) == "categorical_crossentropy":
        totals = y.reshape(-1, y.shape[-1]).sum(axis=0)
        if totals.sum() < FEW * (totals > 0).sum():
            return math.nan
    return math.nan if each is None else float(each.mean())


def _classes(y):
    _, index, counts = np.unique(y, return_inverse=True, return_counts=True)
    return -np.log(counts / counts.sum())[index].reshape(y.shape)


def _one_hot(y):
    shares = y.reshape(-1, y.shape[-1]).mean(axis=0)
    shares = shares / (shares.sum() or 1.0)
    return -(y * np.log(np.where(shares > 0, shares, 1.0))).sum(axis=-1)


def _binary(y):
    shares = y.mean(axis=0)
    yes, no = (np.log(np.where(p > 0, p, 1.0)) for p in (shares, 1 - shares))
    return -(y * yes + (1 - y) * no)


_CONSTANT = {
    "sparse_categorical_crossentropy": _classes,
    "categorical_crossentropy": _one_hot,
    "binary_crossentropy": _binary,
    "mean_squared_error": lambda y: np.square(y - y.mean(axis=0)),
    "mean_absolute_error": lambda y: np.abs(y - np.median(y, axis=0)),
}


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

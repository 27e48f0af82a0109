"""Which loss a model is trained with, sample by sample, and what ignoring the input would cost."""

import keras
import numpy as np
import tensorflow as tf


class PerSample(keras.losses.Loss):
    """A loss without its mean over the batch."""

    def __init__(self, function):
        super().__init__(reduction="none")
        self.function = function

    def call(self, y_true, y_pred):
        """Return one value per sample (and per position, if the loss keeps them)."""
        if len(y_true.shape) < len(y_pred.shape) and y_pred.shape[-1] == 1:
            y_true = y_true[..., None]
        return self.function(y_true, y_pred)


def per_sample(loss, model, outputs, y, labels):
    """Return the loss of each sample, (samples,), summed over outputs, and the losses used."""
    answers, targets = tf.nest.flatten(outputs), tf.nest.flatten(y)
    if isinstance(loss, dict):  # tensors come out of a dict in the order of its sorted keys
        names = sorted(outputs) if isinstance(outputs, dict) else model.output_names
        loss = [loss.get(name) for name in names]
    specs = list(loss) if isinstance(loss, list | tuple) else [loss] * len(answers)
    if not len(specs) == len(targets) == len(answers):
        raise ValueError(
            f"el modelo tiene {len(answers)} salidas y se han dado {len(targets)} respuestas"
        )
    total, chosen = 0.0, []
    for spec, answer, target, array in zip(specs, answers, targets, labels, strict=True):
        spec = spec or fitting_loss(answer, np.asarray(array))
        chosen.append(spec)
        _check_shapes(loss_name(spec), answer.shape, target.shape)
        if not isinstance(spec, keras.losses.Loss):
            spec = keras.losses.get(spec)
        each = PerSample(spec.call if isinstance(spec, keras.losses.Loss) else spec)
        values = each(target, answer)
        # What is left beside the samples (positions, outputs) is averaged, as Keras does.
        total += tf.reduce_mean(tf.reshape(values, [tf.shape(values)[0], -1]), axis=1)
    return total, chosen


def _check_shapes(loss: str, output, target) -> None:
    """Raise ValueError if labels of this shape would not be compared one to one."""
    if loss not in _CONSTANT:  # someone's own loss: its author knows
        return
    one_each = output[:-1] if loss == "sparse_categorical_crossentropy" else output
    if tuple(target) not in (tuple(one_each), (*one_each, 1)) and (*target, 1) != tuple(one_each):
        raise ValueError(
            f"las etiquetas de cada ejemplo tienen forma {tuple(target[1:])} y con la pérdida "
            f"{loss} la salida {tuple(output[1:])} pide {tuple(one_each[1:])}"
        )


def check_labels(loss: str, classes: int, y: np.ndarray) -> None:
    """Raise ValueError if the values of the labels are not those that the loss takes."""
    if loss == "sparse_categorical_crossentropy":
        low, high, what = 0, classes - 1, f"{classes} clases"
    elif loss in ("binary_crossentropy", "categorical_crossentropy"):
        low, high, what = 0, 1, "probabilidades"
    else:
        return
    if what.endswith("clases") and (y != np.round(y)).any():
        raise ValueError(f"las etiquetas de {what} deben ser números enteros")
    if y.min() < low or y.max() > high:
        raise ValueError(
            f"las etiquetas van de {y.min():g} a {y.max():g} y la salida tiene {what}: "
            f"deben estar entre {low} y {high}"
        )


def fitting_loss(output, y):
    """Return the loss that fits an output and its labels, when nobody has named one.

    One label for an output of several units means classes, and so do zeros and ones for a
    single unit. Labels of the output's own shape are one-hot if each row adds up to one, 0 or
    1 each if a sigmoid made the output, and a regression (mean squared error) if not.

    Args:
        output: the symbolic output, whose operation tells probabilities from logits.
        y: the labels, (samples, …).
    """
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


def constant_loss(names: list[str], y) -> float:
    """Return the loss of the best constant answer to y, summed over the outputs.

    For a cross-entropy it is the entropy of the labels, unless they are too few to show how
    often each class comes; for the mean squared error, their variance; for the absolute one,
    their mean distance from the median. NaN for anything else.
    """
    parts = zip(names, tf.nest.flatten(y), strict=True)
    return float(
        sum(_CONSTANT.get(name, _not_known)(np.asarray(part, np.float64)) for name, part in parts)
    )


def _not_known(y) -> float:
    return float("nan")


def _entropy(shares) -> float:
    shares = np.asarray(shares, dtype=np.float64)
    return float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())


def _binary_entropy(y) -> float:
    shares = y.reshape(len(y), -1).mean(axis=0)
    return float(np.mean([_entropy([p, 1 - p]) for p in shares]))


def _class_entropy(counts) -> float:
    """Return the entropy of the classes; NaN with fewer than ten samples for each, on average."""
    seen = counts[counts > 0]
    return _entropy(seen / seen.sum()) if seen.sum() >= 10 * len(seen) else float("nan")


_CONSTANT = {
    "sparse_categorical_crossentropy": lambda y: _class_entropy(
        np.unique(y, return_counts=True)[1]
    ),
    "categorical_crossentropy": lambda y: _class_entropy(y.reshape(-1, y.shape[-1]).sum(axis=0)),
    "binary_crossentropy": _binary_entropy,
    "mean_squared_error": lambda y: y.var(axis=0).mean(),
    "mean_absolute_error": lambda y: np.abs(y - np.median(y, axis=0)).mean(),
}

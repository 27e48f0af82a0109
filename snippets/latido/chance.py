"""Has a network learned anything? Its loss against that of the best constant answer, in pairs.

A share of the constant's loss does not tell: of classes that overlap, no network ever reaches a
half of it. What tells is each sample on its own, answered better or worse than without looking.
"""

import math

import numpy as np

from latido.losses import _counted, loss_name

#: One-sided level of the test: of a thousand networks that answer no better than the constant,
#: one is called better at a look.
LEVEL = 0.001
#: The value that a standard normal exceeds so seldom.
CRITICAL = 3.0902
#: And better by so much of the constant's loss. Small answers drawn at random beat it by a hair
#: on every other data set, before any training.
MARGIN = 0.01


def better(losses, references) -> float:
    """Return the paired statistic of "these losses are lower than those": mean over its error.

    Args:
        losses, references: one value per sample, (samples,), of the same samples.

    NaN if they cannot be compared. ±∞ if they differ by the same in all samples, 0 if not at all.
    """
    if losses is None or references is None or len(losses) != len(references):
        return math.nan
    gain = np.asarray(references, np.float64) - np.asarray(losses, np.float64)
    if len(gain) < 2 or not np.isfinite(gain).all():
        return math.nan
    mean, error = gain.mean(), gain.std(ddof=1) / math.sqrt(len(gain))
    if error <= 1e-12 * abs(mean):
        return math.copysign(math.inf, mean) if mean else 0.0
    return float(mean / error)


def surely_below(losses, references) -> bool:
    """Return whether losses are below the references by more than chance, and by ``MARGIN``."""
    if not better(losses, references) > CRITICAL:
        return False
    reference = float(np.mean(references))
    return reference - float(np.mean(losses)) > MARGIN * abs(reference)


def constant_losses(trained, labels) -> np.ndarray | None:
    """Return what the best constant answers cost at each sample, (samples,), all outputs added up.

    Args:
        trained: the ``latido.losses.Trained`` outputs.
        labels: of each of them, (samples, …).

    None if there is none, or it is not known for one of them; their mean is the ``constant_loss``
    where both are known. (Of few samples for each class the answer that fits them best costs less
    than it should: who is still below it has surely learned.)
    """
    total = 0.0 if trained else None
    for one, y in zip(trained, labels, strict=True):
        y = np.asarray(y)
        each = None if one.masked else _each(one.loss, y)
        if each is None:
            return None
        total = total + one.weight * each
    return total


def _each(loss, y: np.ndarray) -> np.ndarray | None:
    name = loss_name(loss)
    if name not in _PER_SAMPLE or getattr(loss, "label_smoothing", 0):
        return None
    if name == "binary_crossentropy" and not np.isin(y, (0, 1)).all():
        return None  # each label has an entropy, and no answer gets below it
    if _counted(loss, y).shape != y.shape:  # some positions do not count
        return None
    return _PER_SAMPLE[name](np.asarray(y, np.float64)).reshape(len(y), -1).mean(axis=1)


def _classes(y):
    _, index, counts = np.unique(y, return_inverse=True, return_counts=True)
    return -np.log(counts / counts.sum())[index].reshape(y.shape)


def _one_hot(y):
    shares = y.reshape(-1, y.shape[-1]).mean(axis=0)
    return -(y * np.log(np.where(shares > 0, shares, 1.0))).sum(axis=-1)


def _binary(y):
    shares = y.mean(axis=0)
    with np.errstate(divide="ignore"):
        yes, no = (np.log(np.where(p > 0, p, 1.0)) for p in (shares, 1 - shares))
    return -(y * yes + (1 - y) * no)


_PER_SAMPLE = {
    "sparse_categorical_crossentropy": _classes,
    "categorical_crossentropy": _one_hot,
    "binary_crossentropy": _binary,
    "mean_squared_error": lambda y: np.square(y - y.mean(axis=0)),
    "mean_absolute_error": lambda y: np.abs(y - np.median(y, axis=0)),
}


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

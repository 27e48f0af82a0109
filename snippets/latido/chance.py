"""Has a network learned anything? Its loss against that of the best constant answer, in pairs.

A share of the constant's loss does not tell: of classes that overlap, no network ever reaches a
half of it. What tells is each sample on its own, answered better or worse than without looking.
"""

import math
from typing import Any

import numpy as np

from latido.losses import constant_losses as of_one
from latido.losses import counted

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
    total: Any = 0.0 if trained else None
    for one, y in zip(trained, labels, strict=True):
        y = np.asarray(y)
        # Where some positions do not count, what is left is no value for each sample.
        whole = not one.masked and counted(one.loss, y).shape == y.shape
        each = of_one(one.loss, y) if whole else None
        if each is None:
            return None
        total = total + one.weight * each.reshape(len(y), -1).mean(axis=1)
    return total


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

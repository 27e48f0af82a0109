"""Centre and spread over seeds.

Signals that shrink or grow by a factor per layer are averaged in the logarithm: the
arithmetic mean of ten such numbers is, near enough, the largest of them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Spread:
    """Centre, lowest and highest over the seeds, along x; all of shape (points,)."""

    x: np.ndarray
    centre: np.ndarray
    low: np.ndarray
    high: np.ndarray


def over_seeds(frame: pd.DataFrame, x: str, value: str, *, logarithmic: bool = True) -> Spread:
    """Summarize ``value`` over the seeds at each ``x``.

    Args:
        frame: tidy, one row per seed and x.
        x, value: columns.
        logarithmic: geometric mean instead of the arithmetic one. A value of zero (it
            happens, when float32 underflows) makes the mean zero, as it should.
    """
    table = frame.pivot_table(index="seed", columns=x, values=value, dropna=False)
    values = table.to_numpy(dtype=float)
    centre = geometric_mean(values) if logarithmic else values.mean(axis=0)
    return Spread(table.columns.to_numpy(), centre, values.min(axis=0), values.max(axis=0))


def by_pair(table: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the rows of each (activation, initializer) of a table, in its order."""
    return dict(list(table.groupby(["activation", "initializer"], sort=False)))


def geometric_mean(values: np.ndarray, axis: int = 0) -> np.ndarray:
    """Return exp of the mean logarithm; 0 where a value is 0 (float32 underflowed)."""
    with np.errstate(divide="ignore"):
        return np.exp(np.log(np.asarray(values, dtype=float)).mean(axis=axis))


def factor_per_layer(values: np.ndarray) -> float:
    """Return the factor by which a signal changes from one layer to the next.

    The slope of a straight line through its logarithm, fitted by least squares.

    Args:
        values: positive, (layers,) or (seeds, layers), layer 1 first.

    Raises:
        ValueError: fewer than two layers, or a value that has no logarithm.
    """
    values = np.atleast_2d(np.asarray(values, dtype=float))
    if values.shape[1] < 2 or not (values > 0).all():
        raise ValueError("hacen falta dos capas o más y valores mayores que cero")
    slope, _ = np.polyfit(np.arange(values.shape[1]), np.log(values).mean(axis=0), deg=1)
    return float(np.exp(slope))


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

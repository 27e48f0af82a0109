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


def half_width(values: np.ndarray) -> float:
    """Return half of Student's 95 % interval of the mean of values, (seeds,); NaN of a single one.

    Equal values leave no doubt; what they deviate from their mean is a rounding.
    """
    from scipy.special import stdtrit  # scipy.stats takes longer to import than all verdicts

    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return float("nan")
    error = values.std(ddof=1) / np.sqrt(len(values)) if np.ptp(values) else 0.0
    return float(error * stdtrit(len(values) - 1, 0.975))


def power(x: np.ndarray, y: np.ndarray) -> float:
    """Return the power of ``x`` with which ``y`` goes: the slope of ln y against ln x.

    Fitted by least squares; both positive, (points,), two or more.
    """
    slope, _ = np.polyfit(np.log(np.asarray(x, float)), np.log(np.asarray(y, float)), deg=1)
    return float(slope)


def valley(x: np.ndarray, y: np.ndarray) -> float:
    """Return where a curve is lowest: the vertex of a parabola through its five lowest places.

    In the logarithms of both and by least squares, it goes through the lowest point and the two
    on each side; where there are not as many on a side, through the five at that end. The answer
    lies between these five.

    Args:
        x: positive and ascending, (points,).
        y: positive, (points,); what is not finite counts as very high.

    Raises:
        ValueError: fewer than five points.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    if len(x) < 5:
        raise ValueError(f"para situar un mínimo hacen falta 5 puntos o más; hay {len(x)}")
    y = np.where(np.isfinite(y), y, 1e3)
    middle = int(np.clip(np.argmin(y), 2, len(x) - 3))
    near = slice(middle - 2, middle + 3)
    square, linear, _ = np.polyfit(np.log(x[near]), np.log(y[near]), deg=2)
    if square <= 0:  # a hill: the lowest point
        return float(x[np.argmin(y)])
    return float(np.clip(np.exp(-linear / square / 2), x[near][0], x[near][-1]))


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

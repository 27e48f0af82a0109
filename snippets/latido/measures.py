"""The numbers of one layer, from its tensors."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from latido import engine
from latido.layers import channels

#: What an engine computes in float64, where ``keras.ops`` would not.
EXACT = ("mean", "var", "matmul", "maximum", "divide_no_nan")


class OnDevice:
    """The operations of ``keras.ops``, and those of the engine that are ``EXACT``."""

    def __getattr__(self, name: str):
        return getattr(engine if name in EXACT else ops, name)


class OnHost:
    """The operations of ``keras.ops`` that are used here, by NumPy.

    A network of small layers is measured three times as fast with it as operation by operation
    in TensorFlow, where each waits for its turn.
    """

    convert_to_tensor = staticmethod(np.asarray)

    def __getattr__(self, name: str):
        return getattr(np, name)

    def cast(self, values, dtype: str) -> np.ndarray:
        """Return values as numbers of another type."""
        return np.asarray(values).astype(dtype)

    def divide_no_nan(self, a, b) -> np.ndarray:
        """Return a / b, 0 where b is 0."""
        return np.divide(a, b, out=np.zeros_like(a), where=b != 0)


def numbers_of(site, samples: int, ops) -> Callable:
    """Return what computes the numbers of a site, and of all others of its kind at a time.

    It takes z, h, kernel, δ, ∂L/∂W and, if there is one, the bias, each of several layers: its
    first axis counts them. It returns the STATISTICS, (layers, statistics), and the
    ``_unit_marks``, float64. ``ops``: an ``OnDevice`` or an ``OnHost``.
    """
    layer, function = site.layer, site.function
    units, kind = channels(layer), type(layer).__name__
    if site.side_by_side and units == 1:
        units = 2
    shape, steepest = activation_kind(function)

    def numbers(z, h, kernel, delta, gradient, bias=None):
        kernel = ops.cast(kernel, "float64")
        bias = None if bias is None else ops.cast(bias, "float64")
        channel = units + (units > 0)  # behind the axis that counts layers
        unknown = ops.full([z.shape[0]], np.nan, dtype="float64")
        dead = saturated = memory = growth = unknown
        if shape in ("one-sided", "bounded"):
            slope = ops.convert_to_tensor(engine.slope(function, z)) / steepest
            if shape == "bounded":
                saturated = _mean(ops, ops.cast(slope < 0.1, "float64"))
            else:
                rank = len(z.shape)
                axes = tuple(axis for axis in range(1, rank) if axis != channel % rank)
                dead = _mean(ops, ops.cast(ops.max(slope, axis=axes) < 0.01, "float64"))
        z, h, delta, gradient = (ops.cast(t, "float64") for t in (z, h, delta, gradient))
        squares = [_mean(ops, ops.square(t)) for t in (z, h, delta, gradient, kernel)]
        of_z, of_h, of_delta, of_gradient, of_kernel = squares
        variance = _mean(ops, ops.var(h, axis=1))
        each = ops.cast(ops.size(delta), "float64") / delta.shape[0]
        norm = ops.sqrt(of_delta * each / samples)
        if site.recurrent:
            memory, growth = _through_time(ops, delta, site.backwards)
        values = (
            ops.sqrt(of_z),
            ops.sqrt(of_h),
            ops.divide_no_nan(variance, of_h),
            norm,
            ops.sqrt(of_gradient),
            ops.sqrt(of_kernel),
            ops.sqrt(ops.var(ops.reshape(kernel, [kernel.shape[0], -1]), axis=1)),
            ops.zeros_like(unknown) if bias is None else _mean(ops, bias),
            dead,
            saturated,
            norm if site.recurrent else _pulling_together(ops, delta, norm, channel, samples),
            memory,
            growth,
            # A single value that is not finite makes its mean square so.
            ops.cast(ops.all(ops.isfinite(ops.stack(squares)), axis=0), "float64"),
        )
        return ops.stack(values, axis=1), _unit_marks(ops, kind, kernel, gradient, bias)

    return numbers


def _mean(ops, values):
    """Return the mean for each layer, (layers,)."""
    return ops.mean(values, axis=tuple(range(1, len(values.shape))))


def _pulling_together(ops, delta, norm, units: int, samples: int):
    """Return the norm of δ summed over the positions, or that of all of them if it is larger."""
    rank = len(delta.shape)
    axes = tuple(axis for axis in range(2, rank) if axis != units % rank)
    if not axes:
        return norm
    summed = ops.sum(delta, axis=axes)
    squares = ops.sum(ops.square(summed), axis=tuple(range(1, len(summed.shape))))
    return ops.maximum(norm, ops.sqrt(squares / samples))


#: A sequence shorter than this says nothing about what is forgotten on the way.
SHORT = 20


def _through_time(ops, delta, backwards: bool):
    """Return how many steps δ reaches, from the last that has any, and how it grows on the way.

    Args:
        delta: (layers, samples, steps, units); padding at the end has none.
        backwards: whether the last step that is made is the first of the sequence.
    """
    steps = ops.sqrt(ops.mean(ops.sum(ops.square(delta), axis=3), axis=1))
    steps = ops.flip(steps, [1]) if backwards else steps
    # Beside the largest, what rounding leaves behind the last one is nothing.
    some = steps > 1e-30
    last = ops.max(ops.where(some, ops.arange(steps.shape[1]), 0), axis=1, keepdims=True)
    there = ops.take_along_axis(steps, last, axis=1)
    memory = ops.sum(ops.cast(steps >= 0.01 * there, "float64"), axis=1)
    last, there = last[:, 0], there[:, 0]
    enough = (last + 1 >= SHORT) & (there > 0)
    growth = ops.divide_no_nan(ops.max(steps, axis=1), there)
    nothing = ops.cast(np.nan, "float64")
    return ops.where(enough, memory, nothing), ops.where(enough, growth, nothing)


def activation_kind(function: Callable | None) -> tuple[str, float]:
    """Say where an activation function is flat, and how steep it is at its steepest.

    Returns ("one-sided" | "bounded" | "open" | "unknown", steepest slope). One-sided: flat
    for negative z only, or from zero on (relu, elu, gelu, relu6). Unknown: not a function
    of one number (softmax), or one with weights of its own shape (PReLU).
    """
    if function is None:
        return "open", 1.0
    grid = np.linspace(-40.0, 40.0, 8001)
    with engine.now(double=True):  # outside the graph that is being traced
        tensor = ops.convert_to_tensor
        try:
            h = ops.convert_to_numpy(function(tensor(grid)))
            apart = [float(function(tensor(grid[i : i + 2]))[0]) for i in (3500, 4500)]
        except Exception:  # whatever the function of a stranger raises
            return "unknown", 1.0
    if h.shape != grid.shape or not np.allclose(apart, h[[3500, 4500]], atol=1e-5):
        return "unknown", 1.0
    slope, grid = np.abs(np.diff(h) / np.diff(grid)), grid[1:]
    if slope[-1] > 1.01 * slope[grid > 5][0]:  # steeper and steeper: exponential, squared ReLU
        return "open", 1.0
    steepest = float(slope.max())
    flat = slope < 1e-3 * steepest
    left, right = bool(flat[grid < -35].all()), bool(flat[grid > 35].all())
    off = bool(flat[(grid > -0.9) & (grid < -0.1)].all())
    if left and (off or not right):
        return "one-sided", steepest
    return ("bounded" if left and right else "open"), steepest


def _unit_marks(ops, kind: str, kernel, gradient, bias):
    """Return four numbers per unit, (layers, units, 4): equal units have equal marks.

    Projections of its weights (and bias) and of its weight gradients on two fixed
    directions. Dense, Conv and Einsum kernels keep their units on the last axis; depthwise
    ones on the last two, and transposed ones on the one before the last.
    """
    columns = []
    for values in (kernel, gradient):
        if "Transpose" in kind:
            values = ops.swapaxes(values, -1, -2)
        units = values.shape[-1] * (values.shape[-2] if "Depthwise" in kind else 1)
        values = ops.reshape(ops.cast(values, "float64"), [values.shape[0], -1, units])
        angle = np.arange(1.0, values.shape[1] + 1)
        directions = ops.convert_to_tensor(np.stack([np.cos(angle), np.sin(angle)]))
        columns.append(ops.swapaxes(ops.matmul(directions, values), 1, 2))
    if bias is not None and tuple(bias.shape) == tuple(columns[0].shape[:2]):
        columns[0] = columns[0] + bias[:, :, None]
    return ops.concatenate(columns, axis=2)


def duplicates(marks: np.ndarray, tolerance: float = 1e-4) -> np.ndarray:
    """Return, for each layer, the fraction of units whose marks equal another's, up to rounding.

    Args:
        marks: (layers, units, 4), as ``_unit_marks`` makes them.
        tolerance: relative to the two marks of the weights, or of the gradients, of each unit.
    """
    layers, units, _ = marks.shape
    finite = np.isfinite(marks).all(axis=(1, 2))
    if units < 2 or not finite.any():
        return np.zeros(layers)
    marks = np.where(finite[:, None, None], marks, 0.0)
    order = np.lexsort(np.moveaxis(marks, 2, 0)[::-1], axis=-1)
    marks = np.take_along_axis(marks, order[:, :, None], axis=1).reshape(layers, units, 2, 2)
    sizes, apart = (np.hypot(a[..., 0], a[..., 1]) for a in (marks, np.diff(marks, axis=1)))
    same = (apart <= tolerance * np.minimum(sizes[:, 1:], sizes[:, :-1])).all(axis=2)
    edge = np.zeros((layers, 1), bool)
    equal = np.concatenate([same, edge], axis=1) | np.concatenate([edge, same], axis=1)
    return np.where(finite, equal.mean(axis=1), 0.0)


def input_rms(x, tokens: bool) -> float:
    """Return the largest rms among the inputs; 0 for text and, if there are any, for tokens."""
    sizes = [0.0]
    for values in map(np.asarray, keras.tree.flatten(x)):
        if not np.issubdtype(values.dtype, np.number):
            continue
        if not (tokens and (values == np.round(values)).all()):
            sizes.append(rms(values))
    return max(sizes)


def rms(values) -> float:
    """Return the root of the mean square, in float64."""
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

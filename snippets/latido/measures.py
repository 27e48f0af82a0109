"""The numbers of one layer, from its tensors."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from latido import engine
from latido.layers import channels


def numbers_of(site, samples: int) -> Callable:
    """Return what computes the numbers of a site, and of all others of its kind.

    It takes z, h, kernel, δ, ∂L/∂W and, if there is one, the bias; it returns the vector of
    STATISTICS and the ``_unit_marks``, float64.
    """
    layer, function = site.layer, site.function
    units, kind = channels(layer), type(layer).__name__
    if site.side_by_side and units == 1:
        units = 2
    shape, steepest = activation_kind(function)

    def numbers(z, h, kernel, delta, gradient, bias=None):
        kernel = ops.cast(kernel, "float64")
        bias = None if bias is None else ops.cast(bias, "float64")
        dead = saturated = np.nan
        if shape in ("one-sided", "bounded"):
            slope = engine.slope(function, z) / steepest
            if shape == "bounded":
                saturated = engine.mean(ops.cast(slope < 0.1, "float64"))
            else:
                axes = [axis for axis in range(len(z.shape)) if axis != units % len(z.shape)]
                off = ops.max(slope, axis=axes) < 0.01
                dead = engine.mean(ops.cast(off, "float64"))
        z, h, delta, gradient = (ops.cast(t, "float64") for t in (z, h, delta, gradient))
        squares = [engine.mean(ops.square(t)) for t in (z, h, delta, gradient, kernel)]
        of_z, of_h, of_delta, of_gradient, of_kernel = squares
        variance = engine.mean(engine.var(h, axis=0))
        norm = ops.sqrt(of_delta * ops.cast(ops.size(delta), "float64") / samples)
        memory, growth = _through_time(delta, site.backwards) if site.recurrent else (np.nan,) * 2
        values = (
            ops.sqrt(of_z),
            ops.sqrt(of_h),
            engine.divide_no_nan(variance, of_h),
            norm,
            ops.sqrt(of_gradient),
            ops.sqrt(of_kernel),
            engine.std(kernel),
            0.0 if bias is None else engine.mean(bias),
            dead,
            saturated,
            norm if site.recurrent else _pulling_together(delta, norm, units, samples),
            memory,
            growth,
            # A single value that is not finite makes its mean square so.
            ops.all(ops.isfinite(ops.stack(squares))),
        )
        row = ops.stack([ops.cast(value, "float64") for value in values])
        return row, _unit_marks(kind, kernel, gradient, bias)

    return numbers


def _pulling_together(delta, norm, units: int, samples: int):
    """Return the norm of δ summed over the positions, or that of all of them if it is larger."""
    rank = len(delta.shape)
    axes = [axis for axis in range(1, rank) if axis != units % rank]
    if not axes:
        return norm
    summed = ops.sum(delta, axis=axes)
    return engine.maximum(norm, ops.sqrt(ops.sum(ops.square(summed)) / samples))


#: A sequence shorter than this says nothing about what is forgotten on the way.
SHORT = 20


def _through_time(delta, backwards: bool):
    """Return how many steps δ reaches, from the last that has any, and how it grows on the way.

    Args:
        delta: (samples, steps, units); padding at the end has none.
        backwards: whether the last step that is made is the first of the sequence.
    """
    steps = ops.sqrt(engine.mean(ops.sum(ops.square(delta), axis=2), axis=0))
    steps = ops.flip(steps, [0]) if backwards else steps
    # Beside the largest, what rounding leaves behind the last one is nothing.
    some = steps > 1e-30
    last = ops.max(ops.where(some, ops.arange(ops.shape(steps)[0]), 0))
    there = ops.take(steps, last)
    memory = ops.sum(ops.cast(steps >= 0.01 * there, "float64"))
    enough = (last + 1 >= SHORT) & (there > 0)
    growth = engine.divide_no_nan(ops.max(steps), there)
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


def _unit_marks(kind: str, kernel, gradient, bias):
    """Return four numbers per unit, (units, 4): equal units have equal marks.

    Projections of its weights (and bias) and of its weight gradients on two fixed
    directions. Dense, Conv and Einsum kernels keep their units on the last axis; depthwise
    ones on the last two, and transposed ones on the one before the last.
    """
    columns = []
    for values in (kernel, gradient):
        if "Transpose" in kind:
            values = ops.swapaxes(values, -1, -2)
        units = values.shape[-1] * (values.shape[-2] if "Depthwise" in kind else 1)
        values = ops.reshape(ops.cast(values, "float64"), [-1, units])
        angle = ops.arange(1, values.shape[0] + 1, dtype="float64")
        columns += [
            engine.matmul(ops.transpose(values), wave(angle)) for wave in (engine.cos, engine.sin)
        ]
    if bias is not None and bias.shape == columns[0].shape:
        columns[0] = columns[0] + bias
    return ops.stack(columns, axis=1)


def duplicates(marks: np.ndarray, tolerance: float = 1e-4) -> float:
    """Return the fraction of units whose marks equal another's, up to rounding.

    Args:
        marks: (units, 4), as ``_unit_marks`` makes them.
        tolerance: relative to the two marks of the weights, or of the gradients, of each unit.
    """
    if len(marks) < 2 or not np.isfinite(marks).all():
        return 0.0
    marks = marks[np.lexsort(marks.T[::-1])].reshape(len(marks), 2, 2)
    sizes = np.linalg.norm(marks, axis=2)
    apart = np.linalg.norm(np.diff(marks, axis=0), axis=2)
    same = (apart <= tolerance * np.minimum(sizes[1:], sizes[:-1])).all(axis=1)
    return float(np.mean(np.append(same, False) | np.insert(same, 0, False)))


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

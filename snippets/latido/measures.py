"""The numbers of one layer, from its tensors."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

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
        kernel = tf.cast(kernel, tf.float64)
        bias = None if bias is None else tf.cast(bias, tf.float64)
        dead = saturated = np.nan
        if shape in ("one-sided", "bounded"):
            slope = _slope(function, z) / steepest
            if shape == "bounded":
                saturated = tf.reduce_mean(tf.cast(slope < 0.1, tf.float64))
            else:
                axes = [axis for axis in range(len(z.shape)) if axis != units % len(z.shape)]
                off = tf.reduce_max(slope, axis=axes) < 0.01
                dead = tf.reduce_mean(tf.cast(off, tf.float64))
        z, h = tf.cast(z, tf.float64), tf.cast(h, tf.float64)
        squares = [tf.reduce_mean(tf.square(t)) for t in (z, h, delta, gradient, kernel)]
        of_z, of_h, of_delta, of_gradient, of_kernel = squares
        variance = tf.reduce_mean(tf.math.reduce_variance(h, axis=0))
        norm = tf.sqrt(of_delta * tf.cast(tf.size(delta), tf.float64) / samples)
        memory, growth = _through_time(delta, site.backwards) if site.recurrent else (np.nan,) * 2
        values = (
            tf.sqrt(of_z),
            tf.sqrt(of_h),
            tf.math.divide_no_nan(variance, of_h),
            norm,
            tf.sqrt(of_gradient),
            tf.sqrt(of_kernel),
            tf.math.reduce_std(kernel),
            0.0 if bias is None else tf.reduce_mean(bias),
            dead,
            saturated,
            norm if site.recurrent else _pulling_together(delta, norm, units, samples),
            memory,
            growth,
            # A single value that is not finite makes its mean square so.
            tf.reduce_all(tf.math.is_finite(squares)),
        )
        row = tf.stack([tf.cast(value, tf.float64) for value in values])
        return row, _unit_marks(kind, kernel, gradient, bias)

    return numbers


def _pulling_together(delta, norm, units: int, samples: int):
    """Return the norm of δ summed over the positions, or that of all of them if it is larger."""
    rank = len(delta.shape)
    axes = [axis for axis in range(1, rank) if axis != units % rank]
    if not axes:
        return norm
    summed = tf.reduce_sum(delta, axis=axes)
    return tf.maximum(norm, tf.sqrt(tf.reduce_sum(tf.square(summed)) / samples))


#: A sequence shorter than this says nothing about what is forgotten on the way.
SHORT = 20


def _through_time(delta, backwards: bool):
    """Return how many steps δ reaches, from the last that has any, and how it grows on the way.

    Args:
        delta: (samples, steps, units); padding at the end has none.
        backwards: whether the last step that is made is the first of the sequence.
    """
    steps = tf.sqrt(tf.reduce_mean(tf.reduce_sum(tf.square(delta), axis=2), axis=0))
    steps = tf.reverse(steps, [0]) if backwards else steps
    # Beside the largest, what rounding leaves behind the last one is nothing.
    some = steps > 1e-30
    last = tf.reduce_max(tf.where(some, tf.range(tf.shape(steps)[0]), 0))
    there = tf.gather(steps, last)
    memory = tf.reduce_sum(tf.cast(steps >= 0.01 * there, tf.float64))
    enough = (last + 1 >= SHORT) & (there > 0)
    growth = tf.math.divide_no_nan(tf.reduce_max(steps), there)
    nothing = tf.constant(np.nan, tf.float64)
    return tf.where(enough, memory, nothing), tf.where(enough, growth, nothing)


def _slope(function: Callable, z):
    """Return |φ'(z)|, float32."""
    with tf.GradientTape() as tape:
        z = tf.cast(z, tf.float32)
        tape.watch(z)
        h = function(z)
    return tf.abs(tape.gradient(h, z))


def activation_kind(function: Callable | None) -> tuple[str, float]:
    """Say where an activation function is flat, and how steep it is at its steepest.

    Returns ("one-sided" | "bounded" | "open" | "unknown", steepest slope). One-sided: flat
    for negative z only, or from zero on (relu, elu, gelu, relu6). Unknown: not a function
    of one number (softmax), or one with weights of its own shape (PReLU).
    """
    if function is None:
        return "open", 1.0
    grid = np.linspace(-40.0, 40.0, 8001)
    with tf.init_scope():  # now, outside the graph that is being traced
        try:
            h = keras.ops.convert_to_numpy(function(tf.constant(grid)))
            apart = [float(function(tf.constant(grid[i : i + 2]))[0]) for i in (3500, 4500)]
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
            values = tf.linalg.matrix_transpose(values)
        units = values.shape[-1] * (values.shape[-2] if "Depthwise" in kind else 1)
        values = tf.reshape(values, [-1, units])
        angle = tf.range(1, tf.shape(values)[0] + 1, dtype=tf.float64)
        columns += [tf.linalg.matvec(values, wave(angle), transpose_a=True) for wave in WAVES]
    if bias is not None and bias.shape == columns[0].shape:
        columns[0] += bias
    return tf.stack(columns, axis=1)


WAVES = (tf.cos, tf.sin)


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
    for values in map(np.asarray, tf.nest.flatten(x)):
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

"""Every activation and its derivative, as Keras computes them.

Chapters 4 and 5. The derivative is Keras's own, by backpropagation, and is held against
the formula of ``lab.theory``.
"""

import sys

from lab import arguments, catalog, cli, store

#: A unit is saturated where its slope is below this share of the steepest one.
SATURATED = 0.1

REACH = cli.Option(
    "--reach", arguments.real("mayor que 0", lambda v: v > 0), "extremo del eje z", "X"
)


@store.measurement
def measure(activations=("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu"), reach=6.0):
    """Return φ(z) and φ'(z), one row per (activation, z), for z from −reach to reach.

    ``formula_error`` is the largest distance, there, to the formulas of ``lab.theory``.
    """
    import keras
    import numpy as np
    import pandas as pd
    import tensorflow as tf

    from lab import theory

    z = np.linspace(-reach, reach, 1201)
    tables = []
    for activation in activations:
        point = tf.constant(z, dtype="float32")
        with tf.GradientTape() as tape:
            tape.watch(point)
            value = keras.activations.get(activation)(point)
        slope = tape.gradient(value, point).numpy()
        formula = theory.ACTIVATIONS[activation]
        error = np.maximum(abs(value - formula.value(z)), abs(slope - formula.slope(z)))
        tables.append(
            pd.DataFrame(
                {
                    "activation": activation,
                    "z": z,
                    "value": value.numpy(),
                    "slope": slope,
                    "formula_error": error,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def saturated(curve):
    """Return where one activation's slope is within a tenth of its largest of 0, as a mask."""
    return curve.slope.abs() < SATURATED * curve.slope.max()


def draw(curves):
    """Draw each activation, its slope, and the zones where it is saturated."""
    from lab import figures

    activations = list(dict.fromkeys(curves.activation))
    columns = min(3, len(activations))
    rows = -(-len(activations) // columns)
    figure, axes = figures.subplots(
        rows, columns, size=(7.6, 2.3 * rows + 0.3), sharex=True, sharey=True
    )
    for ax in axes.flat[len(activations) :]:
        ax.set_axis_off()
    for ax, activation in zip(axes.flat, activations, strict=False):
        curve = curves[curves.activation == activation]
        color = figures.COLORS[activation]
        figures.shade(ax, curve.z, saturated(curve))
        ax.plot(curve.z, curve.value, color=color, linewidth=2.4)
        ax.plot(curve.z, curve.slope, color=figures.INK, linewidth=1.1, linestyle=(0, (4, 2)))
        ax.set_title(catalog.ACTIVATIONS[activation], color=color)
        ax.set_ylim(-1.25, 2.25)
        ax.set_yticks([-1, 0, 1, 2])
        ax.locator_params(axis="x", nbins=6, integer=True)
    for ax in axes[-1]:
        ax.set_xlabel("z")
    value, slope = axes[0, 0].lines
    axes[0, 0].legend([value, slope], ["φ(z)", "φ'(z)"], loc="upper left")
    return figures.describe(
        figure,
        "Cada activación con su pendiente; la zona de saturación, sombreada. Pendiente más alta: "
        + "; ".join(
            f"{catalog.ACTIVATIONS[name]}, {curve.slope.max():.2f}"
            for name, curve in curves.groupby("activation", sort=False)
        )
        + ".",
    )


def summary(curves):
    """Return the numbers of each curve, named like "tanh_steepest" or "tanh_edge_size"."""
    numbers = {"formula_error": curves.formula_error.max()}
    for name, curve in curves.groupby("activation", sort=False):
        off = curve[curve.z < 0]
        numbers |= {
            f"{name}_steepest": curve.slope.max(),
            f"{name}_edge_size": -curve.z[saturated(curve) & (curve.z < 0)].max(),
            f"{name}_highest": curve.value.max(),
            f"{name}_lowest": curve.value.min(),
            f"{name}_negative_side_least": off.slope.min(),
            f"{name}_negative_side_most": off.slope.max(),
        }
    return numbers


def table(curves):
    """Return the range, the steepest slope and the saturated zone of each one."""
    import pandas as pd

    rows = []
    for name, curve in curves.groupby("activation", sort=False):
        zone = curve.z[~saturated(curve)]
        rows.append(
            {
                "activación": catalog.ACTIVATIONS[name],
                "φ, de": f"{curve.value.min():.2f}",
                "a": f"{curve.value.max():.2f}",
                "φ' más alta": f"{curve.slope.max():.2f}",
                "φ' más baja": f"{curve.slope.min():.2g}",
                "sin saturar, de z =": f"{zone.min():.2f}",
                "hasta z =": f"{zone.max():.2f}",
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Dibuja cada función de activación y su derivada.",
            measure,
            draw,
            table,
            options={"reach": REACH},
        )
    )

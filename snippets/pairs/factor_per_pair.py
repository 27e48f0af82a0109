"""One number per pair: the factor by which each layer multiplies the gradient.

Chapter 9. The networks are those of ``depth_sweep``, untrained, with every activation and
many initializers; beside each measured factor, what mean-field theory expects (Schoenholz
et al. 2017).
"""

import sys

import depth_sweep
from lab import catalog, cli


def measure(
    activations=("sigmoid", "tanh", "elu", "relu", "leaky_relu", "linear"),
    initializers=(
        "random_normal:0.05",
        "glorot_uniform",
        "lecun_normal",
        "orthogonal",
        "he_uniform",
        "he_normal",
        "random_normal:0.25",
    ),
    depth=20,
    width=64,
    seeds=10,
):
    """Return a table with one row per pair: ``weights`` (σ_w), ``measured``, ``predicted``."""
    sweep = depth_sweep.measure(activations, initializers, (1, depth), width, seeds)
    return depth_sweep.factors(sweep).assign(depth=depth, width=width)


def draw(factors):
    """Draw a table of the factors; the nearer to 1, the more colour."""
    import numpy as np

    from lab import figures

    measured = factors.pivot_table("measured", "activation", "initializer", sort=False)
    predicted = factors.pivot_table("predicted", "activation", "initializer", sort=False)
    size = 0.64 * measured.shape[1] + 0.8, 0.46 * measured.shape[0] + 1.0
    figure, axes = figures.subplots(size=size)
    ax = axes[0, 0]
    texts = [
        [f"{m:.2f}\n({p:.2f})" for m, p in zip(*both, strict=True)]
        for both in zip(measured.to_numpy(), predicted.to_numpy(), strict=True)
    ]
    shade = 1 - np.abs(np.log(measured.to_numpy())) / np.log(2)
    width = int(factors.width.iloc[0])
    names = [_heading(name, width) for name in measured.columns]
    figures.heat_map(ax, shade, texts, names, figures.ramp(figures.SEQUENCE[0]))
    ax.xaxis.tick_top()
    ax.set_yticks(range(len(measured)), [catalog.ACTIVATIONS[name] for name in measured.index])
    return figures.describe(
        figure,
        "Factor por el que cada capa multiplica el gradiente δ, medido (y previsto), por "
        "activación e inicializador. Glorot, LeCun y ortogonal dan la misma columna. "
        + "; ".join(
            f"{catalog.label(row.activation, row.initializer)}, {row.measured:.2f}"
            for row in factors.itertuples()
            if row.initializer in catalog.CANONICAL_INITIALIZERS
        )
        + ".",
    )


def _heading(initializer, width):
    """Return the head of a column, in three narrow lines."""
    from lab import theory

    name = catalog.initializer_label(initializer).replace("ortogonal", "orto-\ngonal")
    variance = width * theory.weight_variance(initializer, width, width)
    return name.replace(" ", "\n", 1) + "\n" + rf"$\sigma_w^2$={variance:.2g}"


def summary(factors):
    """Return the factors, named like "relu_glorot", and how far theory is off at most.

    And what theory says of two choices of PyTorch: the factor of its layers as they come, with
    ReLU, and the gain 5/3 for tanh (the size of h that a deep network settles at, factor, 6 ξ).
    """
    import numpy as np

    from lab import theory

    gain2 = (5 / 3) ** 2
    q = theory.fixed_point("tanh", gain2)
    values = {
        "worst": np.abs(np.log(factors.measured / factors.predicted)).max(),
        "torch_relu": theory.chi("relu", 1, 1 / 3) ** 0.5,
        "torch_tanh_size": theory.second_moment("tanh", q) ** 0.5,
        "torch_tanh": theory.chi("tanh", q, gain2) ** 0.5,
        "torch_tanh_layers": 6 * theory.depth_scale("tanh", gain2),
    }
    for row in factors.itertuples():
        if row.initializer in catalog.CANONICAL_INITIALIZERS:
            values[f"{row.activation}_{row.initializer.partition('_')[0]}"] = row.measured
    return values


def table(factors):
    """Return one line per activation, for the terminal."""
    cells = factors.assign(
        initializer=factors.initializer.map(catalog.initializer_label),
        activation=factors.activation.map(catalog.ACTIVATIONS),
        factor=[f"{row.measured:.2f} ({row.predicted:.2f})" for row in factors.itertuples()],
    )
    chart = cells.pivot_table("factor", "activation", "initializer", aggfunc="first", sort=False)
    return chart.rename_axis(columns=None, index="medido (previsto)").reset_index()


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide por cuánto multiplica cada capa el gradiente, pareja a pareja.",
            measure,
            draw,
            table,
        )
    )

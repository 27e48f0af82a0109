"""The gradient that reaches layer 1, as the network gets deeper.

Chapter 3. Each layer multiplies it by nearly the same factor, so it dies or grows
exponentially (Bengio et al. 1994; Glorot and Bengio 2010). The predicted lines are
mean-field theory (Schoenholz et al. 2017); nothing in them is fitted.
"""

import sys

from lab import catalog, cli, store


@store.measurement
def measure(
    activations=("sigmoid", "tanh", "relu"),
    initializers=("glorot_uniform", "he_normal", "random_normal:0.2"),
    depths=(1, 2, 5, 10, 20, 30, 40, 50),
    width=128,
    seeds=10,
    first_seed=0,
    samples=32,
    dataset="digits",
):
    """Return a table with one row per (activation, initializer, seed, depth).

    ``delta_rms`` is δ at layer 1; ``slope_rms`` is φ'(z), the geometric mean of the layers.
    The networks of one seed are a single network, cut at several depths.
    """
    import pandas as pd

    from lab import data, numpy_network, probe, stats, theory

    images = data.load(dataset)
    x, y = images.x_train[:samples], images.y_train[:samples]
    sizes = [images.inputs, *[width] * max(depths), images.classes]
    rows = []
    work = [(i, s) for i in initializers for s in range(first_seed, first_seed + seeds)]
    for initializer, seed in cli.progress(work, "midiendo"):
        *hidden, head = numpy_network.draw_layers(initializer, sizes, seed)
        for activation in activations:
            slope = theory.ACTIVATIONS[activation].slope
            for depth in sorted(depths):
                network = [*hidden[:depth], head]
                z, _, logits = numpy_network.forward(network, x, activation)
                delta = numpy_network.backward(network, z, logits, y, activation)
                rows.append(
                    {
                        "activation": activation,
                        "initializer": initializer,
                        "width": width,
                        "inputs": images.inputs,
                        "seed": seed,
                        "depth": depth,
                        "delta_rms": probe.rms(delta[0]),
                        "slope_rms": stats.geometric_mean([probe.rms(slope(v)) for v in z]),
                    }
                )
    return pd.DataFrame(rows).sort_values(
        "activation",
        key=lambda names: names.map(activations.index),
        kind="stable",
        ignore_index=True,
    )


def predict(sweep, pair, depth):
    """Return the δ that theory expects at layer 1 of a network of this depth."""
    from lab import theory

    width, inputs = int(sweep.width.iloc[0]), int(sweep.inputs.iloc[0])
    return theory.predict(*pair, [width] * depth, inputs).delta_rms[0]


def factors(sweep):
    """Return, for each combination, the mean factor by which one more layer changes δ.

    ``measured`` and ``predicted`` between the shallowest and the deepest network; and the two
    parts that it should be the product of: ``weights`` (σ_w) and ``slope`` (φ').
    """
    import numpy as np
    import pandas as pd

    from lab import stats, theory

    width = int(sweep.width.iloc[0])
    shallow, deep = int(sweep.depth.min()), int(sweep.depth.max())
    layers = deep - shallow or np.nan
    rows = []
    for pair, part in sweep.groupby(["activation", "initializer"], sort=False):
        by_depth = part.set_index(["depth", "seed"])
        growth = by_depth.delta_rms[deep] / by_depth.delta_rms[shallow]
        expected = predict(sweep, pair, deep) / predict(sweep, pair, shallow)
        rows.append(
            {
                "activation": pair[0],
                "initializer": pair[1],
                "weights": np.sqrt(width * theory.weight_variance(pair[1], width, width)),
                "slope": stats.geometric_mean(by_depth.slope_rms[deep]),
                "measured": np.exp(np.log(growth).mean() / layers),
                "predicted": np.exp(np.log(expected) / layers),
                "deepest": stats.geometric_mean(by_depth.delta_rms[deep]),
            }
        )
    return pd.DataFrame(rows)


def draw(sweep):
    """Draw δ at layer 1 against the depth, one column per activation."""
    import numpy as np

    from lab import figures, stats

    deep = int(sweep.depth.max())
    figure, columns = figures.activation_columns(sweep.activation, size=(2.4, 3.9), sharey=True)
    for ax in figure.axes:
        figures.log_axis(ax)
    every = np.arange(sweep.depth.min(), deep + 1)
    for pair, part in stats.by_pair(sweep).items():
        (ax,) = columns[pair[0]]
        expected = [predict(sweep, pair, depth) for depth in every]
        figures.predicted(ax, every, expected, *pair)
        figures.measured_points(ax, stats.over_seeds(part, "depth", "delta_rms"), *pair)
    for ax in figure.axes:
        figures.layer_axis(ax, deep, "profundidad (capas ocultas)")
    figure.axes[0].set_ylabel("δ en la capa 1")
    figures.initializer_legend(figure, dict.fromkeys(sweep.initializer), points=True)
    return figures.describe(
        figure,
        "Gradiente δ que llega a la capa 1 según la profundidad de la red, en escala "
        f"logarítmica: casi todo son rectas. Con {deep} capas: "
        + "; ".join(
            f"{catalog.label(row.activation, row.initializer)}, {row.deepest:.1e}"
            for row in factors(sweep).itertuples()
        )
        + ".",
    )


def summary(sweep):
    """Return the numbers of the prose: δ in the deepest network, and the factors.

    ``worst_ratio``: how many times the measured δ, averaged over the seeds, is off the
    prediction, where most; ``worst_network``: the same for single networks.
    """
    import numpy as np

    from lab import stats

    groups = sweep.groupby(["activation", "initializer", "depth"], sort=False).delta_rms
    ratios = [values / predict(sweep, pair, depth) for (*pair, depth), values in groups]
    means = [stats.geometric_mean(ratio) for ratio in ratios]
    values = {
        f"worst_{name}": np.exp(np.abs(np.log(off)).max())
        for name, off in (("ratio", means), ("network", np.concatenate(ratios)))
    }
    for row in factors(sweep).itertuples():
        name = f"{row.activation}_{row.initializer.partition('_')[0]}"
        values |= {
            f"{name}_delta": row.deepest,
            f"{name}_factor": row.measured,
            f"{name}_slope": row.slope,
            f"{name}_ten": row.measured**-10.0,  # what ten more layers divide it by
        }
    return values


def table(sweep):
    """Return what one more layer does to δ, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "combinación": catalog.label(row.activation, row.initializer),
            "pesos, σ_w": f"{row.weights:.3f}",
            "activación, φ'": f"{row.slope:.3f}",
            "producto": f"{row.weights * row.slope:.3f}",
            "factor medido": f"{row.measured:.3f}",
            f"δ con {sweep.depth.max()} capas": f"{row.deepest:.1e}",
        }
        for row in factors(sweep).itertuples()
    ).replace("nan", "—")


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide el gradiente que llega a la capa 1 en redes cada vez más profundas.",
            measure,
            draw,
            table,
        )
    )

"""How signals cross a network at initialization, layer by layer, forwards and backwards.

Chapters 3 and 11. Measured against mean-field theory (Poole et al. 2016; Schoenholz et al.
2017). One pass of one batch per network; nothing is trained.
"""

import sys

from lab import catalog, cli, store

SEEDS = 10
QUANTITIES = {
    "activation_rms": "activación h",
    "delta_rms": "gradiente δ = ∂ℓ/∂z",
    "weight_gradient_rms": "gradiente ∂L/∂W",
}


@store.measurement
def measure(
    activations=catalog.CANONICAL_ACTIVATIONS,
    initializers=catalog.CANONICAL_INITIALIZERS,
    depth=20,
    width=128,
    seeds=SEEDS,
    first_seed=0,
    dataset="digits",
):
    """Return a table with one row per (activation, initializer, seed, layer).

    The batch is the first 256 training images; ``inputs`` is the number of features of one, which
    a prediction needs like the other sizes of the network. The columns after ``layer`` are those of
    ``probe.statistics``.
    """
    # Imported here and in other functions, so that --help answers at once (see lab/__init__.py).
    import pandas as pd

    from lab import data, model, probe

    images = data.load(dataset)
    x, y = images.x_train[:256], images.y_train[:256]
    networks = {}
    rows = []
    chosen = range(first_seed, first_seed + seeds)
    work = [(a, i, s) for a in activations for i in initializers for s in chosen]
    for activation, initializer, seed in cli.progress(work, "midiendo"):
        if activation not in networks:
            network = model.mlp(
                activation, depth=depth, width=width, inputs=images.inputs, classes=images.classes
            )
            networks[activation] = network, probe.Probe(network)
        network, look = networks[activation]
        model.redraw(network, initializer, seed)
        for layer, values in enumerate(probe.statistics(look(x, y), activation), start=1):
            rows.append(
                {
                    "activation": activation,
                    "initializer": initializer,
                    "depth": depth,
                    "width": width,
                    "inputs": images.inputs,
                    "seed": seed,
                    "layer": layer,
                    **values,
                }
            )
    return pd.DataFrame(rows)


def predict(flow):
    """Return theory's answer to a measured table: {(activation, initializer): Prediction}."""
    from lab import theory

    depth, width, inputs = (int(flow[size].iloc[0]) for size in ("depth", "width", "inputs"))
    return {
        pair: theory.predict(*pair, [width] * depth, inputs)
        for pair in flow.groupby(["activation", "initializer"], sort=False).groups
    }


def draw(flow):
    """Draw h and δ by layer, one column per activation; Leaky ReLU's is that of ReLU."""
    from lab import stats

    if {"relu", "leaky_relu"} <= set(flow.activation):
        flow = flow[flow.activation != "leaky_relu"]
    first = flow[flow.layer == 1].groupby(["activation", "initializer"], sort=False)
    return _draw(
        flow,
        ["activation_rms", "delta_rms"],
        f"Activaciones y gradientes, capa a capa, en redes de {flow.depth.iloc[0]} capas sin "
        "entrenar. δ que llega a la capa 1: "
        + "; ".join(
            f"{catalog.label(*pair)}, {value:.1e}"
            for pair, value in first.delta_rms.agg(stats.geometric_mean).items()
        )
        + ".",
    )


def draw_weights(flow):
    """Draw ∂L/∂W by layer, one column per activation."""
    ends_of_w = ends(flow).weight_gradient_rms
    return _draw(
        flow,
        ["weight_gradient_rms"],
        f"Gradiente de los pesos, capa a capa, en redes de {flow.depth.iloc[0]} capas sin "
        "entrenar. En la capa 1 y en la última: "
        + "; ".join(
            f"{catalog.label(*pair)}, {first:.1e} y {last:.1e}"
            for pair, (first, last) in zip(ends_of_w.index, ends_of_w.to_numpy(), strict=True)
        )
        + ".",
    )


def _draw(flow, quantities, description):
    from lab import figures, stats

    depth = int(flow.depth.iloc[0])
    theory = predict(flow)
    columns = flow.activation.nunique()
    figure, columns = figures.activation_columns(
        flow.activation,
        len(quantities),
        size=(6.5 / columns, 2.1 * len(quantities) + 0.8),
        sharey="row",
    )
    for ax in figure.axes:
        figures.log_axis(ax)
    for pair, part in stats.by_pair(flow).items():
        for ax, quantity in zip(columns[pair[0]], quantities, strict=True):
            line = getattr(theory[pair], quantity, None)
            if line is not None:
                figures.predicted(ax, part.layer.unique(), line, *pair)
            figures.measured_points(ax, stats.over_seeds(part, "layer", quantity), *pair)
    first = next(iter(columns.values()))
    for ax, quantity in zip(first, quantities, strict=True):
        ax.set_ylabel(QUANTITIES[quantity])
    for column in columns.values():
        figures.layer_axis(column[-1], depth)
    lines = {} if hasattr(next(iter(theory.values())), quantities[-1]) else {"note": ""}
    figures.initializer_legend(figure, dict.fromkeys(flow.initializer), points=True, **lines)
    return figures.describe(figure, description)


def ends(flow):
    """Return geometric means over seeds at the first and last layer.

    One row per combination; columns (quantity, "first" or "last").
    """
    from lab import stats

    flow = flow[flow.layer.isin([1, flow.depth.iloc[0]])]
    flow = flow.assign(end=flow.layer.map(lambda layer: "first" if layer == 1 else "last"))
    return (
        flow.groupby(["activation", "initializer", "end"], sort=False)[list(QUANTITIES)]
        .agg(stats.geometric_mean)
        .unstack("end", sort=False)
    )


def summary(flow):
    """Return the numbers that the prose uses, as "relu_he_normal_delta_rms_first"."""
    return {
        "_".join([*pair, *column]): value
        for pair, row in ends(flow).iterrows()
        for column, value in row.items()
    }


def table(flow):
    """Return what each combination does, for the terminal."""
    import pandas as pd

    names = {"activation_rms": "h", "delta_rms": "δ", "weight_gradient_rms": "∂L/∂W"}
    places = {"first": "capa 1", "last": "última"}
    return pd.DataFrame(
        {
            "combinación": catalog.label(*pair),
            **{f"{names[q]}, {places[end]}": f"{value:.2g}" for (q, end), value in row.items()},
        }
        for pair, row in ends(flow).iterrows()
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide activaciones y gradientes, capa a capa, antes de entrenar.", measure, draw, table
        )
    )

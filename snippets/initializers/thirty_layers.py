"""Thirty ReLU layers, Xavier against He, before and during training.

Chapter 8. The comparison of He et al. (2015, figure 3), there a convolutional network on
ImageNet, at a size that trains in a second.
"""

import sys

import gradient_flow
import training_grid
from lab import arguments, catalog, cli, store

SIGNALS = {
    "activation_rms": "activación h",
    "delta_rms": "gradiente δ",
    "weight_gradient_rms": "gradiente ∂L/∂W",
}
CURVES = {"train_loss": "pérdida", "test_accuracy": "aciertos (prueba)"}
OPTIONS = {
    "activation": cli.Option("--activation", catalog.activation, "activación", "NOMBRE"),
    "trained": cli.Option("--trained", arguments.whole(1), "semillas que además se entrenan", "N"),
}


@store.measurement
def measure(
    activation="relu",
    initializers=catalog.CANONICAL_INITIALIZERS,
    depth=30,
    width=128,
    seeds=10,
    trained=5,
    epochs=10,
    dataset="digits",
):
    """Return one row per (initializer, seed, quantity, at).

    ``at`` is the layer for the signals, measured in ``seeds`` untrained networks, and the
    epoch for the curves of the ``trained`` networks.
    """
    import pandas as pd

    flow = gradient_flow.measure((activation,), initializers, depth, width, seeds, dataset=dataset)
    grid = training_grid.measure(
        (activation,), initializers, depth, width, trained, dataset=dataset, epochs=epochs
    )
    grid = grid.assign(inputs=flow.inputs.iloc[0])
    network = ["activation", "initializer", "depth", "width", "inputs", "seed"]
    parts = [
        part.melt([*network, at], quantities, "quantity").rename(columns={at: "at"})
        for part, at, quantities in ((flow, "layer", [*SIGNALS]), (grid, "epoch", [*CURVES]))
    ]
    return pd.concat(parts, ignore_index=True)


def draw(comparison):
    """Draw the three signals by layer and the training loss by epoch."""
    from lab import figures, stats, theory

    activation = comparison.activation.iloc[0]
    initializers = list(dict.fromkeys(comparison.initializer))
    depth, width = comparison.depth.iloc[0], comparison.width.iloc[0]
    inputs = comparison.inputs.iloc[0]
    panels = {**SIGNALS, "train_loss": "pérdida (entrenamiento)"}
    figure, axes = figures.subplots(2, 2, size=(7.1, 5.4))
    for ax, (quantity, title) in zip(axes.flat, panels.items(), strict=True):
        ax.set_title(title)
        if quantity in SIGNALS:
            figures.log_axis(ax)
        for initializer in initializers:
            part = comparison.query("initializer == @initializer and quantity == @quantity")
            spread = stats.over_seeds(part, "at", "value", logarithmic=quantity in SIGNALS)
            if quantity not in SIGNALS:
                figures.measured_line(ax, spread, activation, initializer)
                continue
            figures.measured_points(ax, spread, activation, initializer)
            prediction = theory.predict(activation, initializer, [width] * depth, inputs)
            if hasattr(prediction, quantity):
                line = getattr(prediction, quantity)
                figures.predicted(ax, spread.x, line, activation, initializer)
        if quantity in SIGNALS:
            figures.layer_axis(ax, depth)
    axes[1, 1].set_xlabel("época")
    axes[1, 1].set_ylim(bottom=0)
    if len(initializers) > 1:
        figures.initializer_legend(figure, initializers, points=True)
    values = summary(comparison)
    return figures.describe(
        figure,
        f"Red {catalog.ACTIVATIONS[activation]} de {depth} capas. "
        + " ".join(
            f"Con {catalog.initializer_label(name)}, la activación de la última capa vale "
            f"{values[f'{name}_activation_rms_last']:.1e}, el δ de la primera "
            f"{values[f'{name}_delta_rms_first']:.1e} y la pérdida tras entrenar "
            f"{values[f'{name}_train_loss_last']:.2g}."
            for name in initializers
        ),
    )


def summary(comparison):
    """Return means over seeds where each curve starts and ends, and their ratios.

    Named "he_normal_delta_rms_first"; geometric means, but for the shares of hits. And the
    extremes of the last loss: "he_normal_train_loss_lowest" and "…_highest".
    """
    from lab import stats

    answer = {"epochs": int(comparison["at"][comparison.quantity == "train_loss"].max())}
    for (initializer, quantity), part in comparison.groupby(["initializer", "quantity"]):
        for end, at in (("first", part["at"].min()), ("last", part["at"].max())):
            values = part.loc[part["at"] == at, "value"]
            mean = values.mean() if quantity in CURVES else stats.geometric_mean(values)
            answer[f"{initializer}_{quantity}_{end}"] = float(mean)
        if quantity == "train_loss":
            extremes = {"lowest": values.min(), "highest": values.max()}
            answer |= {f"{initializer}_{quantity}_{end}": v for end, v in extremes.items()}
    return answer


def table(comparison):
    """Return what each initializer achieves, for the terminal."""
    import pandas as pd

    values = summary(comparison)
    return pd.DataFrame(
        {
            "inicializador": catalog.initializer_label(name),
            "h, última capa": f"{values[f'{name}_activation_rms_last']:.2g}",
            "δ, capa 1": f"{values[f'{name}_delta_rms_first']:.2g}",
            "∂L/∂W, capa 1": f"{values[f'{name}_weight_gradient_rms_first']:.2g}",
            "pérdida final": f"{values[f'{name}_train_loss_last']:.3g}",
            "aciertos (prueba)": f"{100 * values[f'{name}_test_accuracy_last']:.1f} %",
        }
        for name in dict.fromkeys(comparison.initializer)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Compara Xavier con He en una red profunda, antes y durante el entrenamiento.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

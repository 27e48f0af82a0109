"""Where ReLU with Glorot stops learning, and how far Adam pushes that wall.

Chapter 9. The training of ``trainable_depth`` with its SGD and with Adam (Kingma and Ba
2015), which rescales the step of every weight: a gradient that is small everywhere alike no
longer shows.
"""

import sys

import trainable_depth
from lab import arguments, catalog, cli

OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}
OPTIONS = {
    "activation": cli.Option("--activation", catalog.activation, "activación", "NOMBRE"),
    "adam_depths": cli.Option(
        "--adam-depth", arguments.whole(1), "capas ocultas, con Adam", "N", many=True
    ),
}


def measure(
    activation="relu",
    initializers=catalog.CANONICAL_INITIALIZERS,
    depths=trainable_depth.DEPTHS,
    adam_depths=(10, 14, 20, 28),
    width=64,
    seeds=5,
    epochs=10,
):
    """Return rows of ``trainable_depth.measure`` for both optimizers, each at its usual rate."""
    import pandas as pd

    size = {"width": width, "seeds": seeds, "epochs": epochs}
    sgd = trainable_depth.measure((activation,), initializers, depths, **size)
    adam = trainable_depth.measure(
        (activation,), initializers, adam_depths, **size, optimizer="adam", learning_rate=1e-3
    )
    return pd.concat([sgd, adam], ignore_index=True)


def draw(runs):
    """Draw accuracy against depth: thin lines with SGD, thick ones with Adam."""
    from lab import figures, stats

    figure, axes = figures.subplots(size=(5.2, 3.5))
    ax = axes[0, 0]
    activation = runs.activation.iloc[0]
    for (optimizer, initializer), part in runs.groupby(["optimizer", "initializer"]):
        spread = stats.over_seeds(part, "depth", "train_accuracy", logarithmic=False)
        look = {
            "linestyle": figures.line_style(activation, initializer)["linestyle"],
            "linewidth": {"sgd": 0.9, "adam": 1.9}[optimizer],
            "markersize": {"sgd": 3.5, "adam": 5.5}[optimizer],
        }
        figures.measured_points(ax, spread, activation, initializer, **look)
        apart = initializer != "he_normal"  # with He the lines are one, and that of Adam is longer
        if apart or optimizer == "adam":
            name = catalog.initializer_label(initializer).partition(" ")[0]
            ax.annotate(
                f"{name},\n{OPTIMIZERS[optimizer]}" if apart else f"{name},\ncon los dos",
                (spread.x[-1], spread.centre[-1]),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
            )
    figures.accuracy_by_depth(ax, runs.depth.unique(), "aciertos (entrenamiento)")
    ax.set_xlim(right=1.8 * runs.depth.max())  # room for the names
    return figures.describe(
        figure,
        f"Aciertos de redes de {catalog.ACTIVATIONS[activation]} según la profundidad. "
        + "; ".join(
            f"{OPTIMIZERS[optimizer]}, {catalog.initializer_label(initializer)}: "
            + ", ".join(f"{depth} capas {100 * value:.0f} %" for depth, value in means.items())
            for (optimizer, initializer), means in accuracies(runs)
        )
        + ".",
    )


def accuracies(runs):
    """Return ((optimizer, initializer), mean accuracy by depth) for each line."""
    groups = runs.groupby(["optimizer", "initializer"], sort=False)
    return [(pair, part.groupby("depth").train_accuracy.mean()) for pair, part in groups]


def summary(runs):
    """Return the mean accuracies, named like "adam_glorot_14", and the lowest seeds."""
    values = {}
    for (optimizer, initializer, depth), part in runs.groupby(
        ["optimizer", "initializer", "depth"], sort=False
    ):
        name = f"{optimizer}_{initializer.partition('_')[0]}_{depth}"
        values[name] = part.train_accuracy.mean()
        values[f"{name}_worst"] = part.train_accuracy.min()
    return values


def table(runs):
    """Return one line per optimizer and initializer, for the terminal."""
    import pandas as pd

    depths = sorted(runs.depth.unique())
    return pd.DataFrame(
        {
            "optimizador": OPTIMIZERS[optimizer],
            "inicializador": catalog.initializer_label(initializer),
            **{f"{d} capas": f"{100 * means[d]:.0f} %" if d in means else None for d in depths},
        }
        for (optimizer, initializer), means in accuracies(runs)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Compara hasta qué profundidad aprende una red con SGD y con Adam.",
            measure,
            draw,
            table,
            options=OPTIONS,
            workers=True,
        )
    )

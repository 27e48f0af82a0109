"""How deep a sigmoid network can be and still learn, with Glorot and with its corrections.

Chapter 7. Glorot and Bengio (2010, section 3.1) report that their sigmoid network of five
hidden layers never left saturation. The three starts are those of ``xavier_sigmoid``.
"""

import itertools
import sys

from initializers import xavier_sigmoid
from lab import cli, store


@store.measurement
def measure(
    starts=tuple(xavier_sigmoid.STARTS),
    depths=(2, 3, 5, 8, 20),
    width=64,
    seeds=5,
    learning_rate=0.1,
    epochs=10,
):
    """Return a table with one row per (start, depth, seed): how it ends after training."""
    import pandas as pd

    from lab import data, model, training

    images = data.load()
    trainers = {}
    rows = []
    work = list(itertools.product(depths, starts, range(seeds)))
    for depth, start, seed in cli.progress(work, "entrenando"):
        if depth not in trainers:
            network = model.mlp("sigmoid", depth=depth, width=width)
            trainers[depth] = training.Trainer(network, images, learning_rate=learning_rate)
        xavier_sigmoid.redraw(trainers[depth].model, start, seed)
        final = trainers[depth].train(epochs, seed)
        rows.append({"start": start, "depth": depth, "seed": seed, **final})
    return pd.DataFrame(rows)


def draw(data):
    """Draw accuracy against depth, one line per start."""
    from lab import figures, stats

    starts = list(dict.fromkeys(data.start))
    figure, axes = figures.subplots(size=(5.2, 3.4))
    ax = axes[0, 0]
    figures.accuracy_by_depth(ax, data.depth.unique(), "aciertos (prueba)", top=1.02)
    ax.set_xlim(data.depth.min() / 1.1, data.depth.max() * 1.25)
    for start in starts:
        part = data[data.start == start]
        spread = stats.over_seeds(part, "depth", "test_accuracy", logarithmic=False)
        style = {**xavier_sigmoid.STYLES[start], "linestyle": "-"}
        figures.measured_points(ax, spread, "sigmoid", "glorot_uniform", **style)
    xavier_sigmoid.legend(figure, starts)
    return figures.describe(
        figure,
        "Aciertos de redes de sigmoides entrenadas, según su número de capas. "
        + "; ".join(
            f"{xavier_sigmoid.STARTS[start]}: "
            + ", ".join(
                f"{depth} capas, {100 * value:.0f} %"
                for depth, value in part.groupby("depth").test_accuracy.mean().items()
            )
            for start, part in data.groupby("start", sort=False)
        )
        + ".",
    )


def summary(data):
    """Return the mean accuracy of each start at each depth, for the prose."""
    means = data.groupby(["start", "depth"]).test_accuracy.mean()
    return {f"{start}_{depth}": value for (start, depth), value in means.items()}


def table(data):
    """Return the accuracies, for the terminal."""
    means = data.pivot_table(index="depth", columns="start", values="test_accuracy", sort=False)
    percent = means.map(lambda value: f"{100 * value:.1f} %")
    return (
        percent.rename(columns=xavier_sigmoid.STARTS)
        .rename_axis(columns=None, index="capas")
        .reset_index()
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Entrena redes de sigmoides cada vez más profundas, con Glorot y con lo que le falta.",
            measure,
            draw,
            table,
            options=xavier_sigmoid.OPTIONS,
        )
    )

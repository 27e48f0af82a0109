"""The stacks of ``eight_layers``, trained: which of them learn, and from which weights.

Chapter 13. The digits, a few epochs, one rate for all: what is compared is the start.
"""

import sys

from lab import cli, store
from layers import eight_layers
from layers.eight_layers import KINDS, STARTS


@store.measurement
def measure(
    kinds=("separable", "hourglass"),
    starts=tuple(STARTS),
    width=16,
    learning_rate=0.01,
    epochs=4,
    seeds=3,
    first_seed=0,
):
    """Return one row per (kind, start, seed, epoch): loss and accuracy on the test images."""
    import pandas as pd

    from lab import data, training

    images = data.load()
    rows = []
    for kind in cli.progress(kinds, "entrenando"):
        model = eight_layers.network(kind, width)
        trainer = training.Trainer(model, images, learning_rate=learning_rate)
        for start in starts:
            if kind == "conv" and start == "counted" and "he" in starts:
                continue  # the same weights
            for seed in range(first_seed, first_seed + seeds):
                eight_layers.redraw(model, kind, start, seed, width)
                run = {"kind": kind, "start": start, "seed": seed}
                rows += [
                    {**run, "epoch": epoch, **numbers}
                    for epoch, numbers in enumerate(trainer.epochs(epochs, seed, parts=("test",)))
                ]
    return pd.DataFrame(rows)


def draw(data):
    """Draw the accuracy on the test images by epoch, a column for each kind of layer."""
    from lab import figures, stats

    kinds = list(dict.fromkeys(data.kind))
    figure, axes = figures.subplots(1, len(kinds), size=(2.5 * len(kinds) + 0.6, 3.2), sharey=True)
    for ax, kind in zip(axes[0], kinds, strict=True):
        ax.set_title(KINDS[kind])
        figures.epoch_axis(ax, int(data.epoch.max()))
        figures.reference(ax, 0.1, "azar" if ax is axes[0, 0] else "")
        for start, part in data[data.kind == kind].groupby("start", sort=False):
            _, color, marker = STARTS[start]
            spread = stats.over_seeds(part, "epoch", "test_accuracy", logarithmic=False)
            style = {"color": color, "markeredgecolor": color, "markerfacecolor": "none"}
            style |= {"marker": marker, "markersize": 4}
            figures.measured_line(ax, spread, "relu", "he_normal", **style)
    axes[0, 0].set_ylim(0, 1.02)
    axes[0, 0].set_ylabel("aciertos en la prueba")
    eight_layers.legend(figure, data.start)
    ends = summary(data)
    return figures.describe(
        figure,
        f"Aciertos en la prueba tras {data.epoch.max()} épocas de pilas de ocho capas. "
        + "; ".join(
            f"{KINDS[kind]}, {STARTS[start][0]}: {ends[f'{kind}_{start}']:.0%}"
            for kind, start in data.groupby(["kind", "start"], sort=False).groups
        )
        + ".",
    )


def summary(data):
    """Return the mean accuracy in the end, and that of the worst and of the best seed."""
    numbers = {}
    end = data[data.epoch == data.epoch.max()]
    for (kind, start), part in end.groupby(["kind", "start"], sort=False):
        accuracy = part.test_accuracy.fillna(0.0)
        numbers |= {
            f"{kind}_{start}": accuracy.mean(),
            f"{kind}_{start}_worst": accuracy.min(),
            f"{kind}_{start}_best": accuracy.max(),
        }
    return numbers


def table(data):
    """Return the accuracies in the end, for the terminal."""
    import pandas as pd

    ends = summary(data)
    return pd.DataFrame(
        {
            "capas": KINDS[kind],
            "pesos": STARTS[start][0],
            "aciertos": f"{ends[f'{kind}_{start}']:.1%}",
            "peor semilla": f"{ends[f'{kind}_{start}_worst']:.1%}",
        }
        for kind, start in data.groupby(["kind", "start"], sort=False).groups
    )


OPTIONS = eight_layers.OPTIONS

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Entrena pilas de ocho capas, con los pesos contados y sin contar.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

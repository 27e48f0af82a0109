"""How fast and how steadily each activation learns.

Chapter 4. The trainings are those of ``training_grid``; here they are read for speed (epochs
until ``ENOUGH`` of the images are right) and for steadiness (epochs in which the loss rises).
"""

import sys

import training_grid
from lab import catalog, cli

ENOUGH = 0.9  # of the training images, as where the depth of a network is tried


def measure(
    activations=catalog.CANONICAL_ACTIVATIONS,
    initializers=catalog.CANONICAL_INITIALIZERS,
    depth=20,
    width=128,
    seeds=5,
    learning_rate=1e-3,
    epochs=20,
):
    """Return the table of ``training_grid``, with ``rises``: this epoch's loss is higher."""
    grid = training_grid.measure(
        activations,
        initializers,
        depth=depth,
        width=width,
        seeds=seeds,
        learning_rate=learning_rate,
        epochs=epochs,
    )
    runs = grid.groupby(["activation", "initializer", "seed"], sort=False)
    return grid.assign(rises=runs.train_loss.diff() > 0)


def epochs_to_enough(part):
    """Return how many epochs ``ENOUGH`` takes, mean over seeds; None if not all get there."""
    reached = part[part.train_accuracy >= ENOUGH].groupby("seed").epoch.min()
    return float(reached.mean()) if len(reached) == part.seed.nunique() else None


def draw(grid):
    """Draw the training loss of all combinations; a ring where ``ENOUGH`` is reached."""
    import numpy as np

    from lab import figures, stats

    figure, ((ax,),) = figures.subplots(size=(5.2, 3.6))
    ends = []
    for pair, part in stats.by_pair(grid).items():
        spread = stats.over_seeds(part, "epoch", "train_loss")
        figures.measured_line(ax, spread, *pair)
        if (enough := epochs_to_enough(part)) is not None:
            height = np.exp(np.interp(enough, spread.x, np.log(spread.centre)))
            ring = {"markerfacecolor": "none", "markeredgecolor": figures.INK, "zorder": 4}
            ax.plot(enough, height, "o", markersize=8, **ring)
        activation, initializer = map(str.split, catalog.label(*pair).split(" + "))
        name = f"{' '.join(activation)} + {initializer[0]}"
        ends.append((spread.centre[-1], name, figures.COLORS[pair[0]]))
    figures.log_axis(ax)
    figures.epoch_axis(ax, int(grid.epoch.max()))
    ax.set_ylabel("pérdida (entrenamiento)")
    ax.set_ylim(ax.get_ylim())
    figures.label_ends(ax, ends)
    last = training_grid.last_epoch(grid).groupby(["activation", "initializer"], sort=False)
    return figures.describe(
        figure,
        f"Pérdida de entrenamiento durante {grid.epoch.max()} épocas. Al final, y épocas hasta "
        f"acertar el {100 * ENOUGH:.0f} %: "
        + "; ".join(
            f"{catalog.label(*pair)}, {loss:.2g} y {_epochs(stats.by_pair(grid)[pair])}"
            for pair, loss in last.train_loss.mean().items()
        )
        + ".",
    )


def _epochs(part):
    enough = epochs_to_enough(part)
    return "nunca" if enough is None else f"{enough:.1f}"


def _first(epochs):
    return int(epochs.min()) if len(epochs) else "nunca"


def summary(grid):
    """Return speed and steadiness, named like "tanh_he_normal_enough"."""
    numbers = {}
    for pair, part in grid.groupby(["activation", "initializer"]):
        name = "_".join(pair)
        loss = training_grid.last_epoch(part).train_loss
        numbers |= {
            f"{name}_enough": epochs_to_enough(part) or "nunca",
            f"{name}_rises": part[part.epoch > 0].rises.mean(),
            f"{name}_first_rise": _first(part[part.rises].epoch),
            f"{name}_loss": loss.mean(),
            f"{name}_spread": loss.max() / loss.min(),
        }
    return numbers


def table(grid):
    """Return one line per combination, for the terminal."""
    import pandas as pd

    numbers = summary(grid)
    rows = []
    for pair, part in grid.groupby(["activation", "initializer"], sort=False):
        name = "_".join(pair)
        rows.append(
            {
                "combinación": catalog.label(*pair),
                f"épocas hasta el {100 * ENOUGH:.0f} %": _epochs(part),
                "pérdida final": f"{numbers[f'{name}_loss']:.2g}",
                "épocas en que sube": f"{numbers[f'{name}_rises']:.0%}",
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide con qué rapidez y con qué regularidad aprende cada activación.",
            measure,
            draw,
            table,
        )
    )

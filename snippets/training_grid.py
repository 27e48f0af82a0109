"""Train the canonical experiment: the same network and data, only the start differs.

Chapters 1 and 11. After the comparisons of Glorot and Bengio (2010) and He et al. (2015), at
a size that trains in half a second.
"""

import os
import sys

from lab import catalog, cli, store, units

CURVES = {"train_loss": "pérdida (entrenamiento)", "test_accuracy": "aciertos (prueba)"}


@store.measurement
def measure(
    activations=catalog.CANONICAL_ACTIVATIONS,
    initializers=catalog.CANONICAL_INITIALIZERS,
    depth=20,
    width=128,
    seeds=5,
    first_seed=0,
    dataset="digits",
    optimizer="sgd",
    learning_rate=1e-3,
    momentum=0.9,
    epochs=20,
    batch_size=64,
):
    """Return a table with one row per (activation, initializer, seed, epoch 0…epochs).

    Columns of results: ``training.METRICS``, of the training images the means over the steps of
    the epoch; NaN, and ``diverged``, from the epoch on whose loss is no longer a finite number.
    """
    import pandas as pd

    from lab import data

    data.fetch(dataset)
    work = units.product(
        {
            "activation": activations,
            "initializer": initializers,
            "seed": range(first_seed, first_seed + seeds),
        },
        depth=depth,
        width=width,
        dataset=dataset,
        optimizer=optimizer,
        learning_rate=learning_rate,
        momentum=momentum,
        batch_size=batch_size,
        epochs=epochs,
    )
    histories = units.map(train, work, "entrenando", lane=("activation",))
    told = ["activation", "initializer", "depth", "width", "optimizer", "learning_rate", "seed"]
    grid = pd.DataFrame(
        {**{name: network[name] for name in told}, "epoch": epoch, **values}
        for network, history in zip(work, histories, strict=True)
        for epoch, values in enumerate(history)
    )
    return grid.assign(diverged=grid.train_loss.isna())


def train(activation, initializer, seed, epochs, **settings):
    """Train one network; return its ``training.METRICS``, epoch by epoch from 0."""
    from lab import model

    trainer = make_trainer(activation, **settings)
    model.redraw(trainer.model, initializer, seed)
    return list(trainer.epochs(epochs, seed))


@units.kept
def make_trainer(activation, depth, width, dataset, **settings):
    """Return what trains the networks that differ in their weights alone."""
    from lab import data, model, training

    images = data.load(dataset)
    network = model.mlp(
        activation, depth=depth, width=width, inputs=images.inputs, classes=images.classes
    )
    return training.Trainer(network, images, **settings)


def draw(grid):
    """Draw training loss and test accuracy by epoch, one column per activation."""
    from lab import figures, stats

    figure, columns = figures.activation_columns(
        grid.activation, 2, size=(min(6.6 / grid.activation.nunique(), 4.0), 4.8), sharey="row"
    )
    for pair, part in stats.by_pair(grid).items():
        for ax, quantity in zip(columns[pair[0]], CURVES, strict=True):
            spread = stats.over_seeds(part, "epoch", quantity, logarithmic=False)
            figures.measured_line(ax, spread, *pair)
    for loss, accuracy in columns.values():
        figures.log_axis(loss)
        accuracy.set_ylim(0, 1.02)
        figures.epoch_axis(accuracy, int(grid.epoch.max()))
        figures.reference(accuracy, 0.1, "azar")
    first = next(iter(columns.values()))
    for ax, title in zip(first, CURVES.values(), strict=True):
        ax.set_ylabel(title)
    figures.initializer_legend(figure, dict.fromkeys(grid.initializer))
    final = last_epoch(grid).groupby(["activation", "initializer"], sort=False).test_accuracy
    return figures.describe(
        figure,
        f"Pérdida y aciertos durante {grid.epoch.max()} épocas. Aciertos al final: "
        + "; ".join(
            f"{catalog.label(*pair)}, {100 * value:.0f} %" for pair, value in final.mean().items()
        )
        + ".",
    )


def last_epoch(grid):
    """Return the rows of the last epoch, one per trained network."""
    return grid[grid.epoch == grid.epoch.max()]


def summary(grid):
    """Return the numbers that the prose uses, as "relu_he_normal_test_accuracy_mean"."""
    results = last_epoch(grid).groupby(["activation", "initializer"], sort=False)
    results = results[["train_loss", "train_accuracy", "test_accuracy"]].agg(["mean", "min", "max"])
    return {
        "_".join([*pair, *column]): value
        for pair, row in results.iterrows()
        for column, value in row.items()
    }


def table(grid):
    """Return where each combination ends, for the terminal."""
    import pandas as pd

    def write(number, form):
        return "—" if pd.isna(number) else format(number, form)

    return pd.DataFrame(
        {
            "combinación": catalog.label(*pair),
            "pérdida": write(part.train_loss.mean(), ".3g"),
            "aciertos (prueba), %": write(100 * part.test_accuracy.mean(), ".1f"),
            "peor semilla, %": write(100 * part.test_accuracy.min(), ".1f"),
            "mejor semilla, %": write(100 * part.test_accuracy.max(), ".1f"),
            "divergen": f"{part.diverged.sum()} de {len(part)}",
        }
        for pair, part in last_epoch(grid).groupby(["activation", "initializer"], sort=False)
    )


if __name__ == "__main__":
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")  # several networks at a time
    sys.exit(
        cli.main(
            "Entrena la misma red con cada combinación de activación e inicialización.",
            measure,
            draw,
            table,
            workers=True,
        )
    )

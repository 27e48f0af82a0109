"""The canonical experiment at seven learning rates, each pair at the one that suits it.

Chapter 11. ReLU is homogeneous: to train with the weights of L hidden layers times c is to train
with those weights as they were, the output times c^L and the rate of the hidden layers over c².
One rate for all pairs may then suit some of them better than others.
"""

import os
import sys

import training_grid
from lab import arguments, catalog, cli, store, units

RATES = tuple(round(10 ** (exponent / 2), 6) for exponent in range(-8, -1))  # 1e-4 … 1e-1
LEVEL = 0.85  # accuracy on the test images at which a network has learned, as in the verdicts
#: Logits of order 1, each a sum of 128 terms, are no nearer to each other than this in float32:
#: a network whose logits differ by less answers all images alike.
ROUNDING = 1e-6
BOOK = {"sgd": 1e-3, "adam": 1e-3}  # the rate of the canonical experiment
OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}
OPTIONS = {
    "rates": cli.Option(
        "--learning-rate",
        arguments.real("mayor que 0", lambda value: value > 0),
        "tasa de aprendizaje",
        "X",
        many=True,
    ),
    "optimizers": cli.Option(
        "--optimizer",
        arguments.one_of(OPTIMIZERS, "el optimizador"),
        "sgd o adam",
        "NOMBRE",
        many=True,
    ),
}


@store.measurement
def measure(
    activations=catalog.CANONICAL_ACTIVATIONS,
    initializers=catalog.CANONICAL_INITIALIZERS,
    rates=RATES,
    optimizers=tuple(OPTIMIZERS),
    depth=20,
    width=128,
    seeds=3,
    first_seed=0,
    dataset="digits",
    momentum=0.9,
    epochs=20,
    batch_size=64,
):
    """Return a table with one row per (optimizer, activation, initializer, rate, seed).

    A training ends when it gets to ``LEVEL``, when it diverges, when it is ``blind`` (two epochs
    in a row the logits of all the test images are the same but for ``ROUNDING``), or after
    ``epochs``. ``epochs_to_level`` is NaN in all cases but the first, ``trained`` is how many
    epochs it went on, ``test_accuracy`` that of the last one (0 if it ``diverged``).
    """
    import pandas as pd

    from lab import data

    data.fetch(dataset)
    work = units.product(
        {
            "optimizer": optimizers,
            "activation": activations,
            "initializer": initializers,
            "rate": rates,
            "seed": range(first_seed, first_seed + seeds),
        },
        depth=depth,
        width=width,
        dataset=dataset,
        momentum=momentum,
        epochs=epochs,
        batch_size=batch_size,
    )
    return pd.DataFrame(units.map(trained, work, "entrenando", lane=("optimizer", "activation")))


def trained(optimizer, activation, initializer, rate, seed, epochs, **settings):
    """Train one network; return its row."""
    from lab import model

    trainer = training_grid.make_trainer(activation, optimizer=optimizer, **settings)
    model.redraw(trainer.model, initializer, seed)
    trainer.learning_rate = rate
    return {
        "optimizer": optimizer,
        "activation": activation,
        "initializer": initializer,
        "depth": settings["depth"],
        "width": settings["width"],
        "inputs": trainer.dataset.inputs,
        "learning_rate": rate,
        "seed": seed,
        "epochs": epochs,
        **reach_level(trainer, epochs, seed),
    }


def reach_level(trainer, epochs, seed):
    """Train until the level is reached, or for ``epochs``; return how it ends.

    To let those that are blind go on would take twice the time of the whole sweep; of its 336
    trainings, none of those that end so gets to the level in twenty epochs.
    """
    import math

    end = {"epochs_to_level": math.nan, "diverged": False, "blind": False}
    alike = 0
    for epoch, result in enumerate(trainer.epochs(epochs, seed, ["test"])):
        accuracy = result["test_accuracy"]
        if math.isnan(accuracy):
            return {**end, "test_accuracy": 0.0, "trained": epoch, "diverged": True}
        end |= {"test_accuracy": accuracy, "trained": epoch}
        if accuracy >= LEVEL:
            return {**end, "epochs_to_level": epoch}
        alike = alike + 1 if trainer.logit_range < ROUNDING else 0
        if alike == 2:
            return {**end, "blind": True}
    return end


# --- what comes out of it -----------------------------------------------------------------


def best(part):
    """Return the rows of a pair at its best rate.

    That is the one at which most seeds get to the level, the fastest of those; if none does,
    the one with the highest accuracy.
    """

    def merit(rows):
        reached = rows.epochs_to_level.notna()
        return reached.sum(), -rows.epochs_to_level.mean() if reached.any() else 0.0, accuracy(rows)

    by_rate = [rows for _, rows in part.groupby("learning_rate", sort=False)]
    return max(by_rate, key=merit)


def accuracy(rows):
    """Return the mean accuracy of some networks."""
    return rows.test_accuracy.mean()


def window(part):
    """Return the rates at which all the seeds of a pair get to the level, ascending."""
    reached = part.groupby("learning_rate").epochs_to_level.agg(lambda epochs: epochs.notna().all())
    return reached.index[reached].tolist()


def pairs(sweep):
    """Yield ((optimizer, activation, initializer), its rows), in the order of the table."""
    yield from sweep.groupby(["optimizer", "activation", "initializer"], sort=False)


def draw(sweep):
    """Draw accuracy against learning rate: a column per activation, a row per optimizer."""
    from lab import figures, stats

    optimizers = list(dict.fromkeys(sweep.optimizer))
    figure, columns = figures.activation_columns(
        sweep.activation, len(optimizers), size=(1.85, 2.1 * len(optimizers) + 0.7), sharey=True
    )
    for (optimizer, activation, initializer), part in pairs(sweep):
        ax = columns[activation][optimizers.index(optimizer)]
        spread = stats.over_seeds(part, "learning_rate", "test_accuracy", logarithmic=False)
        figures.measured_line(
            ax, spread, activation, initializer, marker=figures.LINES[initializer]["marker"]
        )
    for column in columns.values():
        for ax, optimizer in zip(column, optimizers, strict=True):
            figures.log_axis(ax, "x")
            ax.axvline(BOOK[optimizer], color=figures.INK, linewidth=0.8, alpha=0.7, zorder=0)
            figures.reference(ax, LEVEL)
            ax.set_ylim(-0.02, 1.02)
        column[-1].set_xlabel("tasa")
    first = next(iter(columns.values()))
    for ax, optimizer in zip(first, optimizers, strict=True):
        ax.set_ylabel(f"aciertos ({OPTIMIZERS[optimizer]})")
    figures.initializer_legend(figure, list(dict.fromkeys(sweep.initializer)))
    return figures.describe(
        figure,
        f"Aciertos en la prueba según la tasa de aprendizaje; se deja de entrenar al llegar al "
        f"{100 * LEVEL:.0f} % o si la red ya no distingue las imágenes. Tasas a las que llegan "
        "todas las semillas: "
        + "; ".join(
            f"{OPTIMIZERS[optimizer]}, {catalog.label(*pair)}: {len(window(part))}"
            for (optimizer, *pair), part in pairs(sweep)
        )
        + ".",
    )


def summary(sweep):
    """Return, as "sgd_relu_he_window", the rates of the window and what the best one gives."""
    values = {"rates": sweep.learning_rate.nunique(), "seeds": sweep.seed.nunique(), "level": LEVEL}
    for activation, part in sweep.groupby("activation", sort=False):
        values[f"{activation}_blind"] = int(part.blind.sum())
        values[f"{activation}_blind_by"] = int(part.trained.where(part.blind, 0).max())
    for (optimizer, activation, initializer), part in pairs(sweep):
        name = f"{optimizer}_{activation}_{initializer.partition('_')[0]}"
        top, book = best(part), part[part.learning_rate == BOOK[optimizer]]
        values[f"{name}_window"] = len(window(part))
        values[f"{name}_best_rate"] = float(top.learning_rate.iloc[0])
        values[f"{name}_best_accuracy"] = accuracy(top)
        values[f"{name}_best_epochs"] = top.epochs_to_level.mean()
        values[f"{name}_best_reached"] = int(top.epochs_to_level.notna().sum())
        if len(book):
            values[f"{name}_book_accuracy"] = accuracy(book)
    return values


def table(sweep):
    """Return one line per optimizer and pair: at the book's rate, at the best one, the window."""
    import pandas as pd

    def ends(rows):
        epochs = rows.epochs_to_level.dropna()
        if not len(rows):
            return None
        if rows.blind.all():
            return "no distingue las imágenes"
        if epochs.empty:
            return f"no llega ({100 * accuracy(rows):.0f} %)"
        if len(epochs) < len(rows):
            return f"llegan {len(epochs)} de {len(rows)}"
        span = sorted({f"{epochs.min():.0f}", f"{epochs.max():.0f}"}, key=int)
        return f"{' a '.join(span)} {'época' if span == ['1'] else 'épocas'}"

    return pd.DataFrame(
        {
            "optimizador": OPTIMIZERS[optimizer],
            "combinación": catalog.label(*pair),
            f"con la tasa {BOOK[optimizer]:g}": ends(part[part.learning_rate == BOOK[optimizer]]),
            "mejor tasa": "—" if part.blind.all() else f"{best(part).learning_rate.iloc[0]:.2g}",
            "con ella": "—" if part.blind.all() else ends(best(part)),
            "tasas que valen": f"{len(window(part))} de {part.learning_rate.nunique()}",
        }
        for (optimizer, *pair), part in pairs(sweep)
    )


if __name__ == "__main__":
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")  # several networks at a time
    sys.exit(
        cli.main(
            "Entrena cada combinación con varias tasas de aprendizaje y dice cuáles le valen.",
            measure,
            draw,
            table,
            options=OPTIONS,
            workers=True,
        )
    )

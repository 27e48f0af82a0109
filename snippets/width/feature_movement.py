"""How far the features of a network move while it learns, as the layers get wider.

Chapter 15. With SGD. In the NTK parametrization the wider network learns as well, and its
features stay where they were born (Jacot et al. 2018; Chizat et al. 2019 call it lazy); in μP
they move as much at any width (Yang and Hu 2021).
"""

import sys

from lab import cli, store
from width.coordinate_check import (
    COLORS,
    MARKERS,
    OPTIONS,
    PARAMETRIZATIONS,
    draw_weights,
    factors,
    forward,
    gradients,
    legend,
    width_axis,
)

OPTIONS = {"parametrizations": OPTIONS["parametrizations"]}


@store.measurement
def measure(
    parametrizations=("ntk", "mup"),
    widths=(32, 64, 128, 256, 512),
    depth=3,
    learning_rate=0.05,
    epochs=3,
    batch_size=64,
    seeds=6,
    first_seed=0,
    dataset="digits",
):
    """Return one row per (parametrization, width, seed) after the training.

    ``moved`` is the rms, over the test images and the units of the last hidden layer, of what
    h has changed since birth over that of h at birth; ``train_loss`` the mean over the batches
    of the last epoch, each before its step. Computed in float32.
    """
    import itertools

    import numpy as np
    import pandas as pd

    from lab import data

    images = data.load(dataset)

    def features(weights):
        h, _ = forward(weights, images.x_test)
        return h[-1]

    def rms(array):
        return float(np.sqrt(np.mean(np.square(array, dtype="float64"))))

    rows = []
    networks = itertools.product(parametrizations, widths, range(first_seed, first_seed + seeds))
    total = len(parametrizations) * len(widths) * seeds
    for name, width, seed in cli.progress(networks, "entrenando", total):
        drawn = draw_weights(
            name, width, seed, depth=depth, inputs=images.inputs, classes=images.classes
        )
        weights = [w.astype("float32") for w in drawn]
        rates = [
            np.float32(learning_rate * factor) for factor in factors(name, "sgd", width, depth)
        ]
        born = features(weights)
        rng = np.random.default_rng(seed)
        for _ in range(epochs):
            order, losses = rng.permutation(len(images.x_train)), []
            for batch in np.split(order, range(batch_size, len(order), batch_size)):
                loss, found = gradients(weights, images.x_train[batch], images.y_train[batch])
                losses.append(float(loss))
                for w, gradient, rate in zip(weights, found, rates, strict=True):
                    w -= rate * gradient
        rows.append(
            {
                "parametrization": name,
                "width": width,
                "depth": depth,
                "seed": seed,
                "epochs": epochs,
                "moved": rms(features(weights) - born) / rms(born),
                "train_loss": np.mean(losses),
            }
        )
    return pd.DataFrame(rows)


def predict(parametrization, depth=3):
    """Return the power of the width with which the features of the last hidden layer move."""
    from width import coordinate_check

    _, change = coordinate_check.predict(parametrization, "sgd", depth)
    return change[depth - 1]


def growth(moves):
    """Return the power of the width with which the features move: {name: series by seed}."""
    from lab import stats

    return {
        name: part.groupby("seed")[["width", "moved"]].apply(
            lambda rows: stats.power(rows.width, rows.moved)
        )
        for name, part in moves.groupby("parametrization", sort=False)
    }


def draw(moves):
    """Draw how far the features move, with the predicted slope, and the loss, against width."""
    from lab import figures, stats

    names = list(dict.fromkeys(moves.parametrization))
    figure, axes = figures.subplots(1, 2, size=(7.1, 3.4))
    told = []
    for name in names:
        part = moves[moves.parametrization == name]
        for ax, value in zip(axes[0], ("moved", "train_loss"), strict=True):
            spread = stats.over_seeds(part, "width", value)
            color = COLORS[name]
            drawn = figures.points_of_seeds if value == "moved" else figures.line_of_seeds
            drawn(ax, spread, color=color, marker=MARKERS[name], markersize=4.5)
            if value == "moved":
                power = predict(name, int(part.depth.iloc[0]))
                relative = spread.x / stats.geometric_mean(spread.x)
                middle = stats.geometric_mean(spread.centre)
                ax.plot(spread.x, middle * relative**power, color=color, linewidth=1.0, zorder=1)
                told.append(
                    f"{PARAMETRIZATIONS[name].label}, de {spread.centre[0]:.2f} con "
                    f"{spread.x[0]} unidades a {spread.centre[-1]:.2f} con {spread.x[-1]}"
                )
    moved, loss = axes[0]
    moved.set_yscale("log", base=2)
    moved.set_yticks([0.25, 0.5, 1, 2, 4], ["0.25", "0.5", "1", "2", "4"])
    low, high = moves.moved.min(), moves.moved.max()
    moved.set_ylim(min(0.4, low / 1.2), max(2.5, high * 1.2))
    moved.set_title("cuánto se mueven los rasgos")
    moved.set_ylabel("cambio de h / h al nacer")
    loss.set_ylim(bottom=0)
    loss.set_title(f"pérdida en la época {int(moves.epochs.iloc[0])}")
    for ax in axes[0]:
        width_axis(ax, moves.width.unique())
    legend(figure, names)
    return figures.describe(
        figure,
        "A la izquierda, cuánto cambian los rasgos de la última capa oculta al entrenar con SGD, "
        f"según la anchura: {'; '.join(told)}. A la derecha, la pérdida de entrenamiento.",
    )


def summary(moves):
    """Return, as "ntk_growth", the slopes, and the ends of what moved and of the loss."""
    from lab import stats

    values = {}
    for name, slopes in growth(moves).items():
        part = moves[moves.parametrization == name]
        ends = part.groupby("width")[["moved", "train_loss"]].agg(stats.geometric_mean)
        values |= {f"{name}_growth": slopes.mean(), f"{name}_growth_half": stats.half_width(slopes)}
        for place, row in (("narrowest", ends.iloc[0]), ("widest", ends.iloc[-1])):
            values |= {f"{name}_moved_{place}": row.moved, f"{name}_loss_{place}": row.train_loss}
    return values


def table(moves):
    """Return what moved and the loss of each width, in Spanish."""
    import pandas as pd

    from lab import stats

    return pd.DataFrame(
        {
            "parametrización": PARAMETRIZATIONS[name].label,
            "anchura": width,
            "rasgos: cambio relativo": f"{stats.geometric_mean(part.moved):.2f}",
            "pérdida": f"{stats.geometric_mean(part.train_loss):.3f}",
        }
        for (name, width), part in moves.groupby(["parametrization", "width"], sort=False)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cuánto se mueven los rasgos de una red al entrenarla, según su anchura.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

"""What a network without activations cannot learn, however deep: a 2 × 2 checkerboard.

Chapter 4. XOR, the classic objection to linear classifiers (Minsky and Papert 1969), put to
networks that are trained. No straight line gets more than two thirds of the board right.
"""

import sys

from lab import arguments, catalog, cli, store

#: Half a side of the board: each coordinate has deviation 1.
HALF = 3**0.5
PIXELS = 60


def parse(name):
    """Read "relu:2" as (relu, 2 hidden layers)."""
    activation, _, depth = name.partition(":")
    return catalog.activation(activation), arguments.whole(1)(depth)


def checked(name):
    """Take a name that ``parse`` understands."""
    parse(name)
    return name


NETWORKS = cli.Option(
    "--network",
    checked,
    "activación y capas ocultas, como relu:2",
    "NOMBRE:N",
    many=True,
)


@store.measurement
def measure(
    networks=("linear:1", "linear:20", "relu:1"), width=16, seeds=5, first_seed=0, epochs=60
):
    """Train each network on the board, and look at how it paints it.

    Returns one row per (activation, depth, seed) with accuracy and loss on new points, and
    ``paint``: the probability of class 1 on a grid of points, as nested lists, bottom row
    first.
    """
    import numpy as np
    import pandas as pd

    from lab import model, training

    board = make_board()
    ticks = ((np.arange(PIXELS) + 0.5) / PIXELS * 2 - 1) * HALF
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2).astype("float32")
    rows = []
    for activation, depth in map(parse, cli.progress(networks, "entrenando")):
        net = model.mlp(activation, depth=depth, width=width, inputs=2, classes=2)
        trainer = training.Trainer(net, board, learning_rate=0.03)
        for seed in range(first_seed, first_seed + seeds):
            model.redraw(net, "glorot_uniform", seed)
            last = trainer.train(epochs, seed)
            logits = net(grid).numpy().astype(float)
            paint = 1 / (1 + np.exp(logits[:, 0] - logits[:, 1]))
            rows.append(
                {
                    "activation": activation,
                    "depth": depth,
                    "width": width,
                    "seed": seed,
                    "test_loss": last["test_loss"],
                    "test_accuracy": last["test_accuracy"],
                    "paint": paint.reshape(PIXELS, PIXELS).tolist(),
                }
            )
    return pd.DataFrame(rows)


def make_board(samples=512):
    """Return random points of the board; class 1 where both coordinates have the same sign."""
    import numpy as np

    from lab import data

    x = np.random.default_rng(0).uniform(-HALF, HALF, (2 * samples, 2)).astype("float32")
    y = (x[:, 0] * x[:, 1] > 0).astype("int32")
    return data.Dataset("checkerboard", x[:samples], y[:samples], x[samples:], y[samples:])


def draw(runs):
    """Draw the points, and the board as the first seed of each network paints it."""
    import numpy as np

    from lab import figures

    board = make_board()
    first = runs[runs.seed == runs.seed.min()]
    figure, axes = figures.subplots(
        1, len(first) + 1, size=(1.95 * (len(first) + 1), 2.5), sharex=True, sharey=True
    )
    edges = np.linspace(-HALF, HALF, PIXELS + 1)
    for value, color in enumerate(figures.SEQUENCE[:2]):
        chosen = board.x_train[board.y_train == value]
        axes[0, 0].plot(*chosen.T, ".", color=color, markersize=2.2)
    axes[0, 0].set_title("los puntos")
    cmap = figures.ramp(*figures.SEQUENCE[:2])
    for ax, run in zip(axes[0, 1:], first.itertuples(), strict=True):
        ax.pcolormesh(edges, edges, run.paint, cmap=cmap, vmin=0, vmax=1, rasterized=True)
        accuracy = accuracies(runs)[run.activation, run.depth]
        plural = "capa" if run.depth == 1 else "capas"
        ax.set_title(f"{run.depth} {plural}, {catalog.ACTIVATIONS[run.activation]}")
        ax.set_xlabel(f"aciertos: {100 * accuracy:.0f} %")
    for ax in axes[0]:
        ax.set_aspect("equal")
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(False)
        ax.spines[:].set_visible(False)
    return figures.describe(
        figure,
        "Un tablero de 2 × 2 cuadros de dos colores y cómo lo pinta cada red. Aciertos: "
        + "; ".join(
            f"{catalog.ACTIVATIONS[name]}, {depth} {'capa' if depth == 1 else 'capas'}, "
            f"{100 * accuracy:.0f} %"
            for (name, depth), accuracy in accuracies(runs).items()
        )
        + ". Las redes lineales no separan los cuadros.",
    )


def accuracies(runs):
    """Return the mean accuracy on new points: {(activation, depth): accuracy}."""
    return runs.groupby(["activation", "depth"], sort=False).test_accuracy.mean().to_dict()


def summary(runs):
    """Return the results of each network, named like "linear20_accuracy" or "linear20_best"."""
    numbers = {}
    for (name, depth), part in runs.groupby(["activation", "depth"]):
        numbers |= {
            f"{name}{depth}_accuracy": part.test_accuracy.mean(),
            f"{name}{depth}_best": part.test_accuracy.max(),
            f"{name}{depth}_worst": part.test_accuracy.min(),
            f"{name}{depth}_loss": part.test_loss.mean(),
        }
    return numbers


def table(runs):
    """Return one line per network, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "activación": catalog.ACTIVATIONS[name],
            "capas": depth,
            "aciertos": f"{part.test_accuracy.mean():.1%}",
            "peor semilla": f"{part.test_accuracy.min():.1%}",
            "mejor semilla": f"{part.test_accuracy.max():.1%}",
            "pérdida": f"{part.test_loss.mean():.3f}",
        }
        for (name, depth), part in runs.groupby(["activation", "depth"], sort=False)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Enseña un tablero de 2 × 2 cuadros a redes con y sin activaciones.",
            measure,
            draw,
            table,
            options={"networks": NETWORKS},
        )
    )

"""Equal weights stay equal: symmetry, seen in the weights themselves.

Chapter 6. Units that begin alike get the same gradient (Rumelhart, Hinton and Williams 1986
break this symmetry with small random weights). Here all Dense layers, the head too, begin
with zeros, with a constant, with a constant plus a little noise, or with random numbers.
"""

import itertools
import sys
from dataclasses import dataclass
from typing import Any

from lab import arguments, catalog, cli, store

STARTS = {
    "zeros": "ceros",
    "constant": "constante",
    "almost": "constante + ruido",
    "random": "al azar",
}
CONSTANT, NOISE = 0.1, 1e-3


@dataclass(frozen=True)
class Symmetry:
    """What training does to each start.

    Attributes:
        weights: start → (kernels before, kernels after) of seed 0; lists of (fan_in, fan_out).
        layers: table, one row per (start, seed, layer), the head being the last layer.
            ``distinct`` counts its different units, ``rank`` is that of its kernel after
            training, ``moved`` and ``bias_moved`` are the largest changes.
    """

    weights: dict
    layers: Any


def begin(shape, start, rng):
    """Return the weights with which a layer begins."""
    import numpy as np

    return {
        "zeros": np.zeros(shape),
        "constant": np.full(shape, CONSTANT),
        "almost": CONSTANT + rng.normal(0, NOISE, shape),
        "random": rng.normal(0, CONSTANT, shape),
    }[start]


@store.measurement
def measure(
    starts=tuple(STARTS), activation="relu", width=16, seeds=5, learning_rate=0.1, epochs=20
):
    """Train a network of two hidden layers from each start."""
    import numpy as np
    import pandas as pd

    from lab import data, model, training

    network = model.mlp(activation, depth=2, width=width)
    trainer = training.Trainer(network, data.load(), learning_rate=learning_rate)
    dense = model.dense_layers(network)
    weights, rows = {}, []
    for start, seed in cli.progress(list(itertools.product(starts, range(seeds))), "entrenando"):
        rng = np.random.default_rng(seed)
        for layer in dense:
            layer.kernel.assign(begin(layer.kernel.shape, start, rng))
            layer.bias.assign(np.zeros(layer.bias.shape))
        before = [layer.kernel.numpy() for layer in dense]
        final = trainer.train(epochs, seed)
        after = [layer.kernel.numpy() for layer in dense]
        if seed == 0:
            weights[start] = before, after
        for number, (old, new, layer) in enumerate(zip(before, after, dense, strict=True), 1):
            rows.append(
                {
                    "start": start,
                    "seed": seed,
                    "layer": number,
                    "distinct": distinct_units(new),
                    "rank": int(np.linalg.matrix_rank(new, tol=1e-4)),
                    "moved": float(np.abs(new - old).max()),
                    "bias_moved": float(np.abs(layer.bias.numpy()).max()),
                    "test_accuracy": final["test_accuracy"],
                }
            )
    return Symmetry(weights, pd.DataFrame(rows))


def distinct_units(kernel):
    """Count the different columns, each the weights of one unit, to four decimals."""
    import numpy as np

    return np.unique(kernel.round(4), axis=1).shape[1]


def mosaic(kernel):
    """Lay the columns of a first-layer kernel out as the images that its units look for."""
    import numpy as np

    side, count = round(len(kernel) ** 0.5), kernel.shape[1]
    across = int(np.ceil(count**0.5))
    tiles = np.full((across * across, side, side), np.nan)
    tiles[:count] = kernel.T.reshape(count, side, side)
    tiles = np.pad(tiles, ((0, 0), (0, 1), (0, 1)), constant_values=np.nan)
    rows = tiles.reshape(across, across, side + 1, side + 1).swapaxes(1, 2)
    return rows.reshape(across * (side + 1), -1)[:-1, :-1]


def draw(symmetry):
    """Draw the weights before and after: one column per start."""
    import numpy as np

    from lab import figures

    starts = list(symmetry.weights)
    figure, axes = figures.subplots(3, len(starts), size=(1.9 * len(starts) + 0.2, 5.9))
    summed = summary(symmetry)
    for column, start in zip(axes.T, starts, strict=True):
        before, after = symmetry.weights[start]
        pictures = mosaic(before[0]), mosaic(after[0]), after[1]
        for ax, picture in zip(column, pictures, strict=True):
            limit = max(np.nanmax(np.abs(picture)), 1e-9)
            ax.imshow(picture, cmap="PuOr", vmin=-limit, vmax=limit, interpolation="nearest")
            ax.set(xticks=[], yticks=[])
            ax.grid(False)
            ax.spines[:].set_visible(True)
        count = summed[f"{start}_distinct"]
        column[0].set_title(STARTS[start])
        column[2].set_xlabel(
            f"{count} {'unidad distinta' if count == 1 else 'unidades distintas'}\n"
            f"aciertos: {100 * summed[f'{start}_accuracy']:.0f} %"
        )
    for ax, label in zip(
        axes[:, 0],
        ("primera capa,\nantes", "primera capa,\ndespués", "segunda capa,\ndespués"),
        strict=True,
    ):
        ax.set_ylabel(label)
    return figures.describe(
        figure,
        "Pesos de una red antes y después de entrenar, con cada comienzo. Unidades distintas en "
        "la segunda capa y aciertos: "
        + "; ".join(
            f"{STARTS[start]}, {summed[f'{start}_distinct']} y "
            f"{100 * summed[f'{start}_accuracy']:.0f} %"
            for start in starts
        )
        + ".",
    )


def summary(symmetry):
    """Return, for each start, what its second layer and its accuracy end up as."""
    numbers = {}
    for start, part in symmetry.layers.groupby("start", sort=False):
        second, head = part[part.layer == 2], part[part.layer == 3]
        numbers |= {
            f"{start}_distinct": int(second.distinct.median()),
            f"{start}_rank": int(second["rank"].median()),
            f"{start}_accuracy": float(second.test_accuracy.mean()),
            f"{start}_moved": float(part.moved.max()),
            f"{start}_hidden_bias_moved": float(part[part.layer < 3].bias_moved.max()),
            f"{start}_head_bias_moved": float(head.bias_moved.max()),
        }
    return numbers


def table(symmetry):
    """Return how each start ends, for the terminal."""
    import pandas as pd

    numbers = summary(symmetry)
    return pd.DataFrame(
        {
            "comienzo": STARTS[start],
            "unidades distintas (capa 2)": numbers[f"{start}_distinct"],
            "rango (capa 2)": numbers[f"{start}_rank"],
            "mayor cambio de un peso": f"{numbers[f'{start}_moved']:.2g}",
            "aciertos (prueba)": f"{100 * numbers[f'{start}_accuracy']:.1f} %",
        }
        for start in symmetry.weights
    )


OPTIONS = {
    "starts": cli.Option(
        "--start", arguments.one_of(STARTS, "el comienzo"), ", ".join(STARTS), "NOMBRE", many=True
    ),
    "activation": cli.Option(
        "--activation", catalog.activation, ", ".join(catalog.ACTIVATIONS), "NOMBRE"
    ),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Entrena una red que empieza con pesos iguales y mira si llegan a distinguirse.",
            measure,
            draw,
            table,
            records=lambda symmetry: symmetry.layers,
            options=OPTIONS,
        )
    )

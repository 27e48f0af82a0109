"""Follow single paths through the network and multiply the slopes met on the way.

Chapter 4. A path takes one unit per layer; δ is a sum over all of them. In a ReLU network
the product of slopes along a path is exactly one, or exactly zero (Glorot, Bordes and Bengio
2011 speak of linear computation on a subset of units).
"""

import itertools
import sys

from lab import arguments, catalog, cli, store


@store.measurement
def measure(
    activations=catalog.CANONICAL_ACTIVATIONS, depth=20, width=128, seeds=10, first_seed=0, paths=20
):
    """Draw random paths (one unit per layer, one image each) in networks before training.

    Returns one row per (activation, seed, path, layer): ``product``, of the slopes from layer
    1 to this one; and, over ALL the paths of the network, ``rms`` of that product and
    ``open_share``, how many of them have a product other than zero. The network is
    initialized with Glorot; for relu and leaky_relu any other scale gives the same slopes.
    """
    import numpy as np
    import pandas as pd

    from lab import data, numpy_network, theory

    x = data.load().x_train[:256]
    tables = []
    work = list(itertools.product(activations, range(first_seed, first_seed + seeds)))
    for activation, seed in cli.progress(work, "midiendo"):
        layers = numpy_network.draw_layers(
            "glorot_uniform", [x.shape[1], *[width] * depth, 1], seed
        )
        z, _, _ = numpy_network.forward(layers, x, activation)
        slopes = theory.ACTIVATIONS[activation].slope(np.array(z))  # (layers, images, units)

        random = np.random.default_rng(seed)
        image = random.integers(len(x), size=paths)
        unit = random.integers(width, size=(depth, paths))
        chosen = slopes[np.arange(depth)[:, None], image, unit]
        # The units of a path are chosen apart: over all the paths of one image, the mean of
        # the product is the product of the means.
        squares = (slopes**2).mean(axis=2).cumprod(axis=0).mean(axis=1)
        open_share = (slopes != 0).mean(axis=2).cumprod(axis=0).mean(axis=1)
        layer, path = np.indices(chosen.shape)
        tables.append(
            pd.DataFrame(
                {
                    "activation": activation,
                    "depth": depth,
                    "width": width,
                    "seed": seed,
                    "path": path.ravel(),
                    "layer": layer.ravel() + 1,
                    "product": chosen.cumprod(axis=0).ravel(),
                    "rms": np.sqrt(squares).repeat(paths),
                    "open_share": open_share.repeat(paths),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def draw(walks, shown=60):
    """Draw the product of slopes along some paths, and its rms over all of them."""
    from lab import figures, stats

    activations = list(dict.fromkeys(walks.activation))
    figure, axes = figures.subplots(1, len(activations), size=(7.1, 3.0), sharex=True, sharey=True)
    floor = 1e-14  # where what is zero is drawn
    for ax, activation in zip(axes[0], activations, strict=True):
        part = walks[walks.activation == activation]
        color = figures.COLORS[activation]
        every = part.pivot(index="layer", columns=["seed", "path"], values="product")
        # A path that is cut off falls to the floor of the figure.
        heights = every.iloc[:, :shown].abs().clip(lower=floor)
        ax.plot(heights, color=color, alpha=0.3, linewidth=1.2)
        spread = stats.over_seeds(part, "layer", "rms")
        ax.plot(spread.x, spread.centre, color=figures.INK, linewidth=1.2, linestyle=(0, (4, 2)))
        figures.log_axis(ax)
        figures.layer_axis(ax, int(walks.depth.iloc[0]))
        ax.set_ylim(floor / 3, 30)
        ax.set_yticks([floor, 1e-10, 1e-5, 1], ["0", "10⁻¹⁰", "10⁻⁵", "10⁰"])
        ax.set_title(catalog.ACTIVATIONS[activation], color=color)
    axes[0, 0].set_ylabel("producto de pendientes")
    numbers = summary(walks)
    return figures.describe(
        figure,
        f"{shown} caminos por activación. Tras la última capa, la mediana del producto de "
        "pendientes es: "
        + "; ".join(
            f"{catalog.ACTIVATIONS[name]}, {numbers[f'{name}_median']:.0e}" for name in activations
        )
        + ". Con ReLU cada camino vale uno hasta que una unidad apagada lo corta y vale cero.",
    )


def summary(walks):
    """Return what the last layer shows, named like "relu_median" or "relu_open"."""
    numbers = {}
    last = walks[walks.layer == walks.depth]
    for name, part in last.groupby("activation"):
        numbers |= {
            f"{name}_median": part["product"].median(),
            f"{name}_largest": part["product"].max(),
            f"{name}_rms": part.groupby("seed").rms.first().mean(),
            f"{name}_open": part.groupby("seed").open_share.first().mean(),
        }
    relu = walks[walks.activation == "relu"]
    numbers["relu_values"] = " y ".join(f"{v:g}" for v in sorted(relu["product"].unique()))
    numbers["relu_off"] = 1 - relu[relu.layer == 1].open_share.mean()
    return numbers


def table(walks):
    """Return the product after the last layer, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "activación": catalog.ACTIVATIONS[name],
            "mediana": f"{part['product'].median():.1e}",
            "el mayor": f"{part['product'].max():.1e}",
            "valor eficaz": f"{part.rms.mean():.1e}",
            "caminos abiertos": f"{part.open_share.mean():.1e}",
        }
        for name, part in walks[walks.layer == walks.depth].groupby("activation", sort=False)
    )


OPTIONS = {
    "paths": cli.Option("--paths", arguments.whole(1), "caminos por red", "N"),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Multiplica las pendientes que encuentra cada camino a través de la red.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

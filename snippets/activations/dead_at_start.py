"""How many units are off for every image before training begins, layer by layer.

Chapter 5. Nothing is wrong with any single unit: the deeper the layer, the more alike its
inputs are for all images (Schoenholz et al. 2017), and a unit that is off for one of them is
off for the others. ReLU has no scale, so Glorot and He give the same count.
"""

import sys

from lab import catalog, cli, store


@store.measurement
def measure(
    activations=("relu", "leaky_relu", "elu"),
    initializers=catalog.CANONICAL_INITIALIZERS,
    depth=20,
    width=128,
    seeds=10,
    bias=0.0,
):
    """Return one row per (activation, initializer, seed, layer), over the whole training set.

    ``off``: share of the units that are never positive. ``alike``: mean cosine between the
    activations of two images.
    """
    import numpy as np
    import pandas as pd

    from lab import data, numpy_network

    x = data.load().x_train
    rows = []
    work = [(a, i, seed) for a in activations for i in initializers for seed in range(seeds)]
    for activation, initializer, seed in cli.progress(work, "midiendo"):
        layers = numpy_network.draw_layers(initializer, [x.shape[1], *[width] * depth, 1], seed)
        layers = [
            (kernel.astype(np.float32), (offset + bias).astype(np.float32))
            for kernel, offset in layers
        ]
        z, h, _ = numpy_network.forward(layers, x, activation)
        for layer in range(depth):
            size = np.linalg.norm(h[layer], axis=1, keepdims=True)
            direction = (h[layer] / np.where(size > 0, size, 1)).mean(axis=0)
            rows.append(
                {
                    "activation": activation,
                    "initializer": initializer,
                    "depth": depth,
                    "width": width,
                    "bias": bias,
                    "seed": seed,
                    "layer": layer + 1,
                    "off": np.mean(z[layer].max(axis=0) <= 0),
                    "alike": float(direction @ direction),
                }
            )
    return pd.DataFrame(rows)


def draw(counts):
    """Draw the units that are off, and how alike two images have become, by layer."""
    from lab import figures, stats

    figure, axes = figures.subplots(1, 2, size=(7.4, 3.3), sharex=True)
    titles = {"off": "unidades nunca positivas", "alike": "parecido entre imágenes (coseno)"}
    for ax, (quantity, title) in zip(axes[0], titles.items(), strict=True):
        for pair, part in counts.groupby(["activation", "initializer"], sort=False):
            spread = stats.over_seeds(part, "layer", quantity, logarithmic=False)
            if pair[1] == "he_normal":  # that of the other initializer is much the same
                color = figures.COLORS[pair[0]]
                ax.fill_between(spread.x, spread.low, spread.high, color=color, alpha=0.15, lw=0)
            ax.plot(spread.x, spread.centre, **figures.line_style(*pair))
        figures.layer_axis(ax, int(counts.depth.iloc[0]))
        ax.set_title(title)
        ax.set_ylim(bottom=0)
    last = counts[counts.layer == counts.depth]
    for ax, quantity in zip(axes[0], titles, strict=True):
        ax.set_ylim(ax.get_ylim())
        means = last.groupby("activation", sort=False)[quantity].mean()
        figures.label_ends(
            ax, [(y, catalog.ACTIVATIONS[name], figures.COLORS[name]) for name, y in means.items()]
        )
    axes[0, 0].yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    initializers = dict.fromkeys(counts.initializer)
    figures.initializer_legend(figure, initializers, points=True, note="")
    last = last.groupby(["activation", "initializer"], sort=False)
    return figures.describe(
        figure,
        "Unidades nunca positivas y parecido entre imágenes, capa a capa, antes de entrenar. En "
        "la última capa: "
        + "; ".join(
            f"{catalog.label(*pair)}, {part.off.mean():.0%} de las unidades, coseno "
            f"{part.alike.mean():.2f}"
            for pair, part in last
        )
        + ".",
    )


def summary(counts):
    """Return first and last layer, named like "relu_he_normal_last_off"."""
    numbers = {}
    for pair, part in counts.groupby(["activation", "initializer"]):
        for name, layer in (("first", 1), ("last", part.layer.max())):
            here = part[part.layer == layer]
            numbers |= {
                f"{'_'.join(pair)}_{name}_off": here.off.mean(),
                f"{'_'.join(pair)}_{name}_alike": here.alike.mean(),
            }
    return numbers


def table(counts):
    """Return first, middle and last layer, for the terminal."""
    import pandas as pd

    depth = int(counts.depth.iloc[0])
    return pd.DataFrame(
        {
            "combinación": catalog.label(*pair),
            **{
                f"apagadas, capa {layer}": f"{part[part.layer == layer].off.mean():.1%}"
                for layer in sorted({1, (depth + 1) // 2, depth})
            },
            "coseno, última": f"{part[part.layer == depth].alike.mean():.2f}",
        }
        for pair, part in counts.groupby(["activation", "initializer"], sort=False)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Cuenta, capa a capa, las unidades que ninguna imagen enciende antes de entrenar.",
            measure,
            draw,
            table,
        )
    )

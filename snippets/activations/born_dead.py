"""ReLU networks that are dead before they are trained, against their exact probability.

Chapter 5. After Lu, Shin, Su and Karniadakis (2019). With symmetric weights and no bias, a
unit that gets anything but zeros is off with probability 1/2, so for one input a network of
widths N_l is dead with probability 1 − Π(1 − 2^−N_l). Over many inputs that is a bound.
Thousands of networks at once, in NumPy.
"""

import sys

from lab import arguments, catalog, cli, store


@store.measurement
def measure(
    initializers=catalog.CANONICAL_INITIALIZERS,
    widths=(2, 3, 4, 5, 6, 8),
    depth=40,
    seeds=10_000,
    samples=200,
):
    """Draw networks and see after which layer they are dead.

    Returns one row per (initializer, width, layer 1…depth): ``dead_one``, the share of the
    ``seeds`` networks dead by this layer for one image; ``dead_all``, for all of the first
    ``samples`` images at once (of a tenth of the networks); ``predicted``, theory for one.
    """
    import numpy as np
    import pandas as pd

    from lab import data

    x = data.load().x_train[:samples]
    rows = []
    work = [(initializer, width) for initializer in initializers for width in widths]
    for initializer, width in cli.progress(work, "midiendo"):
        random = np.random.default_rng([width, *initializer.encode()])
        one = first_dead_layer(random, initializer, x[:1], width, depth, seeds)
        every = first_dead_layer(random, initializer, x, width, depth, max(seeds // 10, 1))
        for layer in range(1, depth + 1):
            rows.append(
                {
                    "initializer": initializer,
                    "width": width,
                    "layer": layer,
                    "dead_one": np.mean(one <= layer),
                    "dead_all": np.mean(every <= layer),
                    "predicted": probability([width] * layer),
                }
            )
    return pd.DataFrame(rows)


def probability(widths):
    """Return the probability that a network is dead for one input, by layer widths."""
    import numpy as np

    return 1 - np.prod(1 - 0.5 ** np.array(widths, dtype=float))


def first_dead_layer(random, initializer, x, width, depth, networks):
    """Return for each network the first layer with no unit on for any of x (inf if none)."""
    import numpy as np

    from lab import theory

    h = np.broadcast_to(x, (networks, *x.shape)).astype(np.float32)
    dead = np.full(networks, np.inf)
    for layer in range(1, depth + 1):
        fan_in = h.shape[-1]
        deviation = theory.weight_variance(initializer, fan_in, width) ** 0.5
        shape = (networks, fan_in, width)
        if initializer.endswith("uniform"):
            weights = random.uniform(-(3**0.5), 3**0.5, shape) * deviation
        else:
            weights = random.standard_normal(shape) * deviation
        h = np.maximum(h @ weights.astype(np.float32), 0)
        dead[(h == 0).all(axis=(1, 2)) & (dead > layer)] = layer
    return dead


def draw(rows):
    """Draw the share of dead networks against depth: measured points on the exact line."""
    from lab import figures

    figure, axes = figures.subplots(1, 2, size=(7.6, 3.5), sharex=True, sharey=True)
    titles = ("para una imagen", "para todas las imágenes a la vez")
    widths = list(dict.fromkeys(rows.width))
    for ax, quantity, title in zip(axes[0], ("dead_one", "dead_all"), titles, strict=True):
        for width, color in zip(widths, figures.SEQUENCE * len(widths), strict=False):
            for initializer, part in rows[rows.width == width].groupby("initializer", sort=False):
                style = {**figures.LINES[initializer], "linestyle": "", "color": color}
                shown = part.iloc[:: max(1, len(part) // 13)]
                ax.plot(shown.layer, shown[quantity], markeredgecolor=color, **style)
            ax.plot(part.layer, part.predicted, color=color, linewidth=1, zorder=1)
            end = part.iloc[-1]
            if quantity == "dead_one":
                ax.annotate(
                    f"{width} unidades",
                    (end.layer, end.predicted),
                    xytext=(7, 9 if width == widths[0] else 0),  # else it covers the next
                    textcoords="offset points",
                    va="center",
                    color=color,
                    annotation_clip=False,
                )
        ax.set_title(title)
        figures.layer_axis(ax, int(rows.layer.max()), "capas")
    axes[0, 0].set_ylabel("redes muertas")
    ticks = [0, 0.25, 0.5, 0.75, 1]
    axes[0, 0].set_yticks(ticks, [f"{100 * tick:.0f} %" for tick in ticks])
    note = "línea: teoría, la misma para las dos"
    initializers = dict.fromkeys(rows.initializer)
    figures.initializer_legend(figure, initializers, points=True, lines=False, note=note)
    last = rows[rows.layer == rows.layer.max()]
    return figures.describe(
        figure,
        f"Redes ReLU muertas antes de entrenar, según las capas. Con {rows.layer.max()} capas: "
        + "; ".join(
            f"anchura {width}, {part.dead_one.mean():.0%} para una imagen (teoría "
            f"{part.predicted.mean():.0%}), {part.dead_all.mean():.0%} para todas"
            for width, part in last.groupby("width")
        )
        + ".",
    )


def summary(rows):
    """Return the last layer of each width, named like "width4_one", and the worst errors."""
    numbers = {"error": (rows.dead_one - rows.predicted).abs().max()}
    numbers["above_bound"] = (rows.dead_all - rows.predicted).max()
    pairs = rows.pivot(index=["width", "layer"], columns="initializer", values="dead_one")
    numbers["between_initializers"] = (pairs.max(axis=1) - pairs.min(axis=1)).max()
    for width, part in rows[rows.layer == rows.layer.max()].groupby("width"):
        numbers |= {
            f"width{width}_one": part.dead_one.mean(),
            f"width{width}_all": part.dead_all.mean(),
            f"width{width}_predicted": part.predicted.mean(),
        }
    return numbers


def table(rows):
    """Return the deepest networks, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "inicializador": catalog.initializer_label(row.initializer),
            "anchura": row.width,
            "capas": row.layer,
            "muertas (una imagen)": f"{row.dead_one:.1%}",
            "teoría": f"{row.predicted:.1%}",
            "muertas (todas)": f"{row.dead_all:.1%}",
        }
        for row in rows[rows.layer == rows.layer.max()].itertuples()
    )


SYMMETRIC = ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal")


OPTIONS = {
    "initializers": cli.Option(
        "--initializer",
        arguments.one_of(SYMMETRIC, "el inicializador"),
        f"inicializador ({', '.join(SYMMETRIC)})",
        "NOMBRE",
        many=True,
    ),
    "samples": cli.Option("--samples", arguments.whole(1), "imágenes de «todas a la vez»", "N"),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Cuenta las redes ReLU que nacen muertas y las compara con su probabilidad exacta.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

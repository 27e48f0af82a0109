"""Hanin and Rolnick (2018): the spread of activation lengths grows with Σ 1/n.

Reproductions. With He's weights the mean length is kept, but that of one network strays, and
what decides how far is the sum of the reciprocals of the layers' widths: neither the depth
nor the mean width. Chapter 8 shows it for layers of equal width; here they differ.
"""

import sys

from lab import arguments, cli, store

#: Shape → (Spanish name, units of each of the 20 layers).
SHAPES = {
    "even_50": ("uniforme de 50", [50] * 20),
    "even_32": ("uniforme de 32", [32] * 20),
    "accordion": ("acordeón de 80 y 20", [80, 20] * 10),
    "step": ("escalón de 80 a 20", [80] * 10 + [20] * 10),
    "even_20": ("uniforme de 20", [20] * 20),
}


@store.measurement
def measure(shapes=tuple(SHAPES), networks=500):
    """Return one row per (shape, network): Σ 1/n and ln(‖h‖²/n) of the last layer.

    All inputs have mean square 1; a network whose last layer is dead has no logarithm.
    """
    import numpy as np
    import pandas as pd

    rows = []
    work = [(shape, network) for shape in shapes for network in range(networks)]
    for shape, network in cli.progress(work, "redes"):
        widths = SHAPES[shape][1]
        rng = np.random.default_rng([network, sum(widths), widths[1]])
        h = np.ones(widths[0])
        for width in widths:
            h = np.maximum(rng.standard_normal((width, len(h))) @ h * np.sqrt(2 / len(h)), 0)
        if h.any():
            length = np.log(np.mean(h**2))
            rows.append({"shape": shape, "network": network, "log_length": length})
    return pd.DataFrame(rows)


def predict(shape):
    """Return Σ 1/n and the variance of the logarithm, layer by layer exact (chapter 8)."""
    from initializers.spread_of_networks import law_of_log

    widths = SHAPES[shape][1]
    return sum(1 / n for n in widths), sum(law_of_log(n)[1] for n in widths)


def summary(data):
    """Return, by shape, Σ 1/n, the variance of the logarithm, its 95 % interval, the theory's.

    The interval is that of a normal variable's variance (chi-squared).
    """
    from scipy.stats import chi2

    answer = {"networks": int(data.groupby("shape").size().max())}
    for shape, part in data.groupby("shape", sort=False):
        total, expected = predict(shape)
        variance, freedom = part.log_length.var(), len(part) - 1
        answer |= {
            f"{shape}_sum": total,
            f"{shape}_variance": variance,
            f"{shape}_low": variance * freedom / chi2.ppf(0.975, freedom),
            f"{shape}_high": variance * freedom / chi2.ppf(0.025, freedom),
            f"{shape}_theory": expected,
        }
    return answer


def draw(data):
    """Draw the variance of the logarithm against the mean width and against Σ 1/n."""
    import numpy as np

    from lab import figures

    shapes = list(dict.fromkeys(data["shape"]))
    values = summary(data)
    figure, axes = figures.subplots(1, 2, size=(7.1, 4.0), sharey=True)
    for shape, color, marker in zip(shapes, figures.SEQUENCE, "os^Dv", strict=False):
        low, middle, high = (values[f"{shape}_{end}"] for end in ("low", "variance", "high"))
        look = {"fmt": marker, "color": color, "markersize": 7, "markerfacecolor": "none"}
        places = np.mean(SHAPES[shape][1]), values[f"{shape}_sum"]
        for ax, x in zip(axes[0], places, strict=True):
            name = {"label": SHAPES[shape][0]} if ax is axes[0, 1] else {}
            ax.errorbar(x, middle, [[middle - low], [high - middle]], **look, **name)
            law = values[f"{shape}_theory"]
            ax.plot(x, law, "_", color=figures.INK, markersize=9, zorder=4)
    left, right = axes[0]
    left.set_xlabel("anchura media de las capas")
    left.set_ylabel("varianza del logaritmo")
    right.set_xlabel("Σ 1/n")
    sums = np.array([0, max(values[f"{shape}_sum"] for shape in shapes)])
    right.plot(sums, 5 * sums, ":", color=figures.INK, linewidth=1)
    right.annotate("5 · Σ 1/n", (0.8 * sums[1], 3.6 * sums[1]), va="top")
    right.plot([], [], "_", color=figures.INK, markersize=9, label="ley exacta")
    handles, _ = right.get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    return figures.describe(
        figure,
        "Varianza del logaritmo del tamaño de la activación en cinco redes de 20 capas. Frente a "
        "la anchura media los puntos se desordenan; frente a la suma de 1/n caen casi en la recta. "
        + "; ".join(
            f"{SHAPES[shape][0]}: {values[f'{shape}_variance']:.1f} con suma "
            f"{values[f'{shape}_sum']:.3f}"
            for shape in shapes
        )
        + ".",
    )


def table(data):
    """Return one line per shape, for the terminal."""
    import pandas as pd

    values = summary(data)
    return pd.DataFrame(
        {
            "red": SHAPES[shape][0],
            "Σ 1/n": f"{values[f'{shape}_sum']:.3f}",
            "varianza del log.": f"{values[f'{shape}_variance']:.2f}",
            "intervalo 95 %": f"{values[f'{shape}_low']:.2f} … {values[f'{shape}_high']:.2f}",
            "(ley exacta)": f"{values[f'{shape}_theory']:.2f}",
        }
        for shape in dict.fromkeys(data["shape"])
    )


OPTIONS = {
    "shapes": cli.Option(
        "--shape", arguments.one_of(SHAPES, "la forma"), ", ".join(SHAPES), "NOMBRE", many=True
    ),
    "networks": cli.Option("--networks", arguments.whole(2), "redes de cada forma", "N"),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cuánto varía la activación de una red a otra, según la forma de la red.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

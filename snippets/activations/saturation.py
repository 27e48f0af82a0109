"""More saturation, less gradient? Only if the weights do not pay for it.

Chapter 4. Deep random networks are pushed into saturation in two ways: with larger weights,
and with larger biases. Measured points on the curves of mean-field theory (Poole et al. 2016,
Schoenholz et al. 2017). NumPy is enough: nothing is trained.
"""

import math
import sys

from lab import arguments, cli, store

WEIGHTS = (0.5, 1.0, 2**0.5, 2.0, 3.0, 4.0, 6.0, 9.0, 14.0)
BIASES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0)

#: Each way into saturation: activation, and the (σ_w, σ_b) on it. σ_w² = fan_in · Var(W).
WAYS = {
    "sigmoid": ("sigmoid", [(sigma_w, 0.0) for sigma_w in WEIGHTS]),
    "tanh": ("tanh", [(sigma_w, 0.0) for sigma_w in WEIGHTS[1:-1]]),
    "tanh_bias": ("tanh", [(1.0, sigma_b) for sigma_b in BIASES]),
}
LABELS = {
    "sigmoid": "sigmoid, con pesos cada vez más grandes",
    "tanh": "tanh, con pesos cada vez más grandes",
    "tanh_bias": "tanh, con sesgos cada vez más grandes",
}
#: Beside which point of its line each has its name, to which side of it, and whether above it
NAME_PLACES = {
    "sigmoid": (-3, "left", False),
    "tanh": (-1, "right", True),
    "tanh_bias": (-1, "right", False),
}
#: Beyond ± this z the slope is below a tenth of the steepest: cosh²(z) = 10 for tanh.
EDGES = {"tanh": math.acosh(math.sqrt(10)), "sigmoid": 2 * math.acosh(math.sqrt(10))}


@store.measurement
def measure(depth=20, width=256, seeds=10, samples=16):
    """Return one row per (way, σ_w, σ_b, seed).

    ``saturated_fraction`` is the share of z beyond the edge, and ``factor`` what δ is
    multiplied by in one layer, both over the upper half of the network, where it has
    settled; ``predicted_saturated`` and ``predicted_factor`` are theory's.
    """
    import numpy as np
    import pandas as pd

    from lab import stats, theory

    rows = []
    for seed in cli.progress(range(seeds), "midiendo"):
        random = np.random.default_rng(seed)
        kernels = random.standard_normal((depth, width, width)) / np.sqrt(width)
        offsets = random.standard_normal((depth, width))
        x, top = random.standard_normal((2, samples, width))
        for way, (activation, path) in WAYS.items():
            phi = theory.ACTIVATIONS[activation]
            for sigma_w, sigma_b in path:
                h, z = x, []
                for kernel, offset in zip(kernels, offsets, strict=True):
                    z.append(sigma_w * (h @ kernel) + sigma_b * offset)
                    h = phi.value(z[-1])
                delta, sizes = top * phi.slope(z[-1]), []
                for layer in range(depth - 1, depth // 2 - 1, -1):
                    sizes.append(np.linalg.norm(delta))
                    delta = sigma_w * (delta @ kernels[layer].T) * phi.slope(z[layer - 1])
                q = theory.fixed_point(activation, sigma_w**2, sigma_b**2)
                rows.append(
                    {
                        "way": way,
                        "sigma_w": sigma_w,
                        "sigma_b": sigma_b,
                        "seed": seed,
                        "saturated_fraction": np.mean(np.abs(z[depth // 2 :]) > EDGES[activation]),
                        "factor": stats.factor_per_layer(sizes),
                        "predicted_saturated": math.erfc(EDGES[activation] / math.sqrt(2 * q))
                        if q
                        else 0.0,
                        "predicted_factor": math.sqrt(theory.chi(activation, q, sigma_w**2)),
                    }
                )
    return pd.DataFrame(rows)


def centres(rows):
    """Return the mean over the seeds, one row per (way, σ_w, σ_b)."""
    return rows.groupby(["way", "sigma_w", "sigma_b"], sort=False).mean().reset_index()


def draw(rows):
    """Draw what happens to δ in one layer against the share of saturated values."""
    from lab import figures

    figure, ((ax,),) = figures.subplots(size=(5.2, 3.7))
    for way, part in centres(rows).groupby("way", sort=False):
        # A filled marker says that the weights grow; an open one, the biases.
        line = "glorot_uniform" if way == "tanh_bias" else "he_normal"
        style = figures.line_style(WAYS[way][0], line)
        figures.predicted(ax, part.predicted_saturated, part.predicted_factor, WAYS[way][0], line)
        style |= {"linestyle": "", "markersize": 5}
        ax.plot(part.saturated_fraction, part.factor, **style)
        step, side, above = NAME_PLACES[way]
        named = part.iloc[step]
        ax.annotate(
            f"{LABELS[way].replace(', con', ':').replace('cada vez ', '')} →",
            (named.saturated_fraction, named.factor),
            xytext=(0, 7 if above else -7),
            textcoords="offset points",
            ha=side,
            va="bottom" if above else "top",
            color=style["color"],
        )
    start = centres(rows).query("way == 'sigmoid' and sigma_w == 1").iloc[0]
    ax.annotate(
        "sigmoide con Glorot",
        (start.saturated_fraction, start.factor),
        xytext=(24, -4),
        textcoords="offset points",
        arrowprops={"arrowstyle": "-", "color": figures.INK, "linewidth": 0.8},
    )
    ax.set_yscale("log")
    ticks = (0.1, 0.25, 0.5, 1, 2)
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.set_xticks([0, 0.25, 0.5, 0.75], ["0 %", "25 %", "50 %", "75 %"])
    ax.set_xlabel("valores de z en la zona de saturación")
    ax.set_ylabel("factor de δ por capa")
    figures.reference(ax, 1.0, "δ no cambia")
    ax.set_ylim(top=3.2)
    ends = {way: part.iloc[[0, -1]] for way, part in centres(rows).groupby("way", sort=False)}
    return figures.describe(
        figure,
        "Factor de δ por capa según los valores saturados, medido sobre la teoría. "
        + "; ".join(
            f"{LABELS[way]}: de {end.factor.iloc[0]:.2f} con {end.saturated_fraction.iloc[0]:.0%} "
            f"a {end.factor.iloc[1]:.2f} con {end.saturated_fraction.iloc[1]:.0%}"
            for way, end in ends.items()
        )
        + ".",
    )


def summary(rows):
    """Return start and end of each way, and how far measurement and theory part."""
    numbers = {}
    for way, part in centres(rows).groupby("way"):
        for name, row in (("start", part.iloc[0]), ("end", part.iloc[-1])):
            numbers |= {
                f"{way}_{name}_saturated": row.saturated_fraction,
                f"{way}_{name}_factor": row.factor,
            }
    typical = centres(rows)
    glorot = typical.query("way == 'sigmoid' and sigma_w == 1").iloc[0]
    numbers["sigmoid_glorot_factor"] = glorot.factor
    numbers["sigmoid_glorot_saturated"] = glorot.saturated_fraction
    numbers["theory_error"] = (typical.factor / typical.predicted_factor - 1).abs().max()
    return numbers


def table(rows):
    """Return some points of each way, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "activación": WAYS[row.way][0],
            "σ_w": f"{row.sigma_w:.2f}",
            "σ_b": f"{row.sigma_b:.2f}",
            "saturadas": f"{row.saturated_fraction:.0%}",
            "teoría": f"{row.predicted_saturated:.0%}",
            "factor de δ": f"{row.factor:.3f}",
            "su teoría": f"{row.predicted_factor:.3f}",
        }
        for _, part in centres(rows).groupby("way", sort=False)
        for row in part.iloc[::2].itertuples()
    )


OPTIONS = {"depth": cli.Option("--depth", arguments.whole(4), "capas ocultas", "N")}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Satura redes con pesos o con sesgos grandes y mide qué le pasa al gradiente.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

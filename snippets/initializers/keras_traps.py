"""Two traps of Keras's initializers: a shared instance and a truncated normal.

Chapter 6. Twenty ReLU layers that should all be He (2015): with one initializer per layer,
with one instance for all of them, and with a truncated normal of He's deviation, which
truncation makes smaller (HeNormal corrects for it). Each layer's weights come from a call
of the initializer, as in ``keras.layers.Dense``.
"""

import itertools
import sys

from lab import cli, store

CASES = {
    "own": "HeNormal, una por capa",
    "shared": "HeNormal, una instancia para todas",
    "truncated": "TruncatedNormal con σ = √(2/n)",
}
LOOKS = {"own": ("#0072b2", "o"), "shared": ("#cc79a7", "D"), "truncated": ("#d55e00", "s")}

#: Deviation of a standard normal cut at ±2: √(1 − 4 φ(2) / (2 Φ(2) − 1)).
CUT = 0.87962566


def initializers(case, depth, width, seed):
    """Return one initializer per layer."""
    import keras
    import numpy as np

    seeds = [int(s) for s in np.random.SeedSequence(seed).generate_state(depth) >> 1]
    if case == "own":
        return [keras.initializers.HeNormal(seed=s) for s in seeds]
    if case == "shared":
        return [keras.initializers.HeNormal(seed=seeds[0])] * depth
    sigma = (2 / width) ** 0.5
    return [keras.initializers.TruncatedNormal(stddev=sigma, seed=s) for s in seeds]


@store.measurement
def measure(depth=20, width=128, seeds=10):
    """Return one row per (case, seed, layer).

    ``rms`` is that of h over that of the input; ``deviation`` that of the weights and
    ``largest`` the largest of them, both over √(2/n); ``equal`` says whether the weights are
    those of the layer before.
    """
    import numpy as np
    import pandas as pd

    rows = []
    for case, seed in cli.progress(list(itertools.product(CASES, range(seeds))), "midiendo"):
        h = start = np.random.default_rng(seed).normal(size=(100, width))
        previous = None
        for layer, draw_weights in enumerate(initializers(case, depth, width, seed), start=1):
            weights = np.array(draw_weights((width, width)), dtype=float)
            h = np.maximum(h @ weights, 0)
            sigma = (2 / width) ** 0.5
            rows.append(
                {
                    "case": case,
                    "seed": seed,
                    "layer": layer,
                    "rms": np.sqrt(np.mean(h**2) / np.mean(start**2)),
                    "deviation": weights.std() / sigma,
                    "largest": np.abs(weights).max() / sigma,
                    "equal": np.array_equal(weights, previous),
                }
            )
            previous = weights
    return pd.DataFrame(rows)


def draw(data):
    """Draw what is left of the signal, layer by layer."""
    import numpy as np

    from lab import figures, stats

    figure, axes = figures.subplots(size=(5.2, 3.6))
    ax, depth = axes[0, 0], int(data.layer.max())
    figures.log_axis(ax)
    figures.layer_axis(ax, depth)
    ax.set_ylabel("activación h (entrada = 1)")
    layers = np.arange(1, depth + 1)
    for case, label in CASES.items():
        color, marker = LOOKS[case]
        spread = stats.over_seeds(data[data.case == case], "layer", "rms")
        figures.points_of_seeds(
            ax, spread, color=color, markerfacecolor="none", marker=marker, label=label
        )
        if case != "shared":  # theory takes the layers for independent
            factor = CUT if case == "truncated" else 1.0
            # E[ReLU²] is half of q, and He's variance makes up for it
            ax.plot(layers, factor**layers, color=color, linewidth=1, zorder=1)
    figure.legend(loc="outside upper center", ncols=1)
    ends = summary(data)
    return figures.describe(
        figure,
        f"Activación a lo largo de {depth} capas ReLU. En la última capa: "
        + "; ".join(f"{label}, {ends[case + '_last']:.2g}" for case, label in CASES.items())
        + f". Entre semillas, la instancia compartida varía {ends['shared_spread']:.1f} veces.",
    )


def summary(data):
    """Return the signal at the end, its spread over the seeds, and the weights' own numbers."""
    import numpy as np

    numbers = {}
    for case, part in data.groupby("case", sort=False):
        last = part[part.layer == part.layer.max()].rms
        numbers |= {
            f"{case}_last": np.exp(np.log(last).mean()),
            f"{case}_spread": last.max() / last.min(),
            f"{case}_deviation": part.deviation.mean(),
            f"{case}_largest": part.largest.max(),
            f"{case}_equal": int(part[part.seed == 0].equal.sum()),
        }
    return numbers


def table(data):
    """Return what each case does, for the terminal."""
    import pandas as pd

    ends = summary(data)
    return pd.DataFrame(
        {
            "pesos": label,
            "desviación / √(2/n)": f"{ends[case + '_deviation']:.3f}",
            "mayor peso / √(2/n)": f"{ends[case + '_largest']:.2f}",
            "capas iguales a la anterior": ends[case + "_equal"],
            "h, última capa": f"{ends[case + '_last']:.2g}",
            "máx / mín entre semillas": f"{ends[case + '_spread']:.1f}",
        }
        for case, label in CASES.items()
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide dos trampas de los inicializadores de Keras en una red ReLU.",
            measure,
            draw,
            table,
        )
    )

"""What LayerNorm and RMSNorm of Keras do to a signal and to its gradient, whatever its size.

Chapter 14. With s² = Var(h) + ε over the n numbers of a vector and ĥ = (h − mean)/s, the
Jacobian of LayerNorm is (I − 11ᵀ/n − ĥĥᵀ/n)/s (Ba et al. 2016 have the forward formula, eq. 4
and section 3); that of RMSNorm (Zhang and Sennrich 2019, eq. 4) the same without its 11ᵀ/n, the
mean square in the place of the variance.
"""

import sys

from lab import cli, store

#: Norm → Keras's layer, and how many directions it takes away from a gradient.
NORMS = {"layer": "LayerNormalization", "rms": "RMSNormalization"}
LOST = {"layer": 2, "rms": 1}
#: Keras draws an Embedding from −0.05 to 0.05.
EMBEDDING_RMS = 0.05 / 3**0.5
OPTIONS = {
    "sizes": cli.Option(
        "--size",
        cli.real("mayor que 0", lambda v: v > 0),
        "valor eficaz de lo que entra",
        "X",
        many=True,
    ),
    "mean": cli.Option(
        "--mean",
        cli.real("finito", lambda v: True),
        "media de lo que entra, en valores eficaces",
        "X",
    ),
    "width": cli.Option("--width", cli.whole(3), "números de cada vector", "N"),
}


@store.measurement
def measure(
    sizes=(1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 1.0, 10.0, 100.0),
    mean=0.0,
    width=128,
    vectors=64,
    seeds=5,
    first_seed=0,
):
    """Return one row per (norm, size, seed): rms that leaves, and what is left of a gradient.

    ``output`` is the rms of a layer's answer to ``vectors`` vectors of numbers of deviation
    ``size`` around ``mean`` · ``size``; ``gradient`` the rms of what comes back of a random
    gradient, over its own.
    """
    import keras
    import numpy as np
    import pandas as pd
    import tensorflow as tf

    from lab import probe

    rows = []
    for norm, name in NORMS.items():
        layer = getattr(keras.layers, name)()
        for seed in range(first_seed, first_seed + seeds):
            rng = np.random.default_rng([seed, width])
            h, asked = rng.standard_normal((2, vectors, width)).astype("float32")
            for size in sizes:
                x = tf.constant(np.float32(size) * (h + np.float32(mean)))
                with tf.GradientTape() as tape:
                    tape.watch(x)
                    y = layer(x)
                    total = tf.reduce_sum(y * asked)
                back = tape.gradient(total, x)
                rows.append(
                    {
                        "norm": norm,
                        "size": size,
                        "mean": mean,
                        "width": width,
                        "seed": seed,
                        "output": probe.rms(y),
                        "gradient": probe.rms(back) / probe.rms(asked),
                    }
                )
    return pd.DataFrame(rows)


def epsilon(norm):
    """Return the ε with which Keras's layer comes."""
    import inspect

    import keras

    layer = getattr(keras.layers, NORMS[norm])
    return inspect.signature(layer.__init__).parameters["epsilon"].default


def predict(norm, size, width, mean=0.0):
    """Return (rms that leaves, part of a random gradient that comes back), wide vectors.

    Along ĥ the derivative is ε/s³ and not quite 0, along 1 it is 0, elsewhere 1/s.
    """
    e = epsilon(norm)
    moment = size**2 * (1 if norm == "layer" else 1 + mean**2)
    total = moment + e
    kept = (width - LOST[norm]) / width / total + e**2 / total**3 / width
    return (moment / total) ** 0.5, kept**0.5


def draw(norms):
    """Draw what leaves and what comes back against the size of what enters."""
    import numpy as np

    from lab import figures, stats

    width, mean = int(norms.width.iloc[0]), float(norms["mean"].iloc[0])
    sizes = np.geomspace(norms["size"].min(), norms["size"].max(), 200)
    figure, axes = figures.subplots(1, 2, size=(7.4, 3.4))
    panels = (("output", "lo que sale"), ("gradient", "lo que vuelve del gradiente"))
    for number, (ax, (quantity, title)) in enumerate(zip(axes[0], panels, strict=True)):
        for color, (norm, name) in zip(figures.SEQUENCE, NORMS.items(), strict=False):
            lines = [predict(norm, size, width, mean)[number] for size in sizes]
            ax.plot(sizes, lines, color=color, linewidth=1, zorder=1)
            spread = stats.over_seeds(norms[norms.norm == norm], "size", quantity)
            figures.points_of_seeds(ax, spread, color=color, label=name, markersize=5)
        figures.log_axis(ax, "x")
        figures.log_axis(ax)
        ax.axvline(EMBEDDING_RMS, color=figures.INK, linewidth=0.8, alpha=0.5, zorder=0)
        ax.set_xlabel("valor eficaz de lo que entra")
        ax.set_title(title)
    axes[0, 0].annotate(
        "Embedding\nde Keras",
        (EMBEDDING_RMS, 0.06),
        xycoords=axes[0, 0].get_xaxis_transform(),
        xytext=(4, 0),
        textcoords="offset points",
    )
    handles, _ = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    values, small = summary(norms), norms["size"].min()
    return figures.describe(
        figure,
        "Valor eficaz que sale de LayerNormalization y de RMSNormalization, y parte del gradiente "
        "que vuelve, según lo que entra. Por encima de una décima sale 1 y vuelve la inversa de lo "
        f"que entra; con {small:g} salen {values[f'layer_{small:g}_output']:.2g} y "
        f"{values[f'rms_{small:g}_output']:.2g}.",
    )


def summary(norms):
    """Return the means by name, "layer_0.01_output", for the prose; ``embedding_…`` theory's."""
    from lab import stats

    answer = {}
    groups = norms.groupby(["norm", "size"])[["output", "gradient"]].agg(stats.geometric_mean)
    for (norm, size), row in groups.iterrows():
        for quantity, value in row.items():
            answer[f"{norm}_{size:g}_{quantity}"] = float(value)
    for norm in NORMS:
        answer[f"embedding_{norm}"] = predict(norm, EMBEDDING_RMS, int(norms.width.iloc[0]))[0]
    return answer


def table(norms):
    """Return what leaves and what comes back, for the terminal."""
    import pandas as pd

    values = summary(norms)
    width, mean = int(norms.width.iloc[0]), float(norms["mean"].iloc[0])
    return pd.DataFrame(
        {
            "capa": NORMS[norm],
            "entra": f"{size:g}",
            "sale": f"{values[f'{norm}_{size:g}_output']:.3f}",
            "(teoría)": f"{predict(norm, size, width, mean)[0]:.3f}",
            "vuelve del gradiente": f"{values[f'{norm}_{size:g}_gradient']:.3g}",
            "(teoría) ": f"{predict(norm, size, width, mean)[1]:.3g}",
        }
        for norm in NORMS
        for size in sorted(norms["size"].unique())
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide qué hacen las dos normas de Keras con señales y gradientes de cualquier tamaño.",
            measure,
            draw,
            table,
            options=OPTIONS
            | {"vectors": cli.Option("--vectors", cli.whole(1), "vectores por semilla", "N")},
        )
    )

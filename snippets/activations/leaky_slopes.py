"""What it costs to let negative values through: one network per slope of the negative side.

Chapter 5. From ReLU (slope 0, He et al. 2015) over leaky ReLU (Maas et al. 2013) to no
activation at all (slope 1), and ELU (Clevert et al. 2016) beside them. Only NumPy: random
networks, initialized as HeNormal does, without knowing the slope.
"""

import sys

from lab import arguments, cli, store

SLOPES = cli.Option(
    "--slope",
    arguments.real("entre 0 y 1", lambda v: 0 <= v <= 1),
    "pendiente del lado negativo",
    "X",
    many=True,
)


@store.measurement
def measure(slopes=(0.0, 0.01, 0.1, 0.2, 0.3, 0.5, 1.0), depth=20, width=256, seeds=10):
    """Return one row per (slope, seed), and per seed one for ELU, whose slope is NaN.

    - ``growth``: E[z²] of the last layer over that of the first.
    - ``bend``: share of the variance of h that no straight line through z explains, 1 − r².
    - ``mean``: mean of h over its rms.
    - ``zeros``: share of h that are exactly zero.
    The last three are taken in the first layer, where all networks have the same z.
    """
    import numpy as np
    import pandas as pd

    from lab import theory

    rows = []
    for seed in cli.progress(range(seeds), "midiendo"):
        random = np.random.default_rng(seed)
        kernels = random.standard_normal((depth, width, width)) * np.sqrt(2 / width)
        x = random.standard_normal((64, width)) / np.sqrt(2)  # so that E[z²] = 1
        for slope in (*slopes, np.nan):
            phi = theory.ACTIVATIONS["elu"].value if np.isnan(slope) else leaky(slope)
            first = z = x @ kernels[0]
            for kernel in kernels[1:]:
                z = phi(z) @ kernel
            h = phi(first)
            rows.append(
                {
                    "slope": slope,
                    "depth": depth,
                    "width": width,
                    "seed": seed,
                    "growth": np.mean(z**2) / np.mean(first**2),
                    "bend": 1 - np.corrcoef(first.ravel(), h.ravel())[0, 1] ** 2,
                    "mean": h.mean() / np.sqrt(np.mean(h**2)),
                    "zeros": np.mean(h == 0),
                }
            )
    return pd.DataFrame(rows)


def leaky(slope):
    """Return the leaky ReLU of this slope."""
    import numpy as np

    return lambda z: np.where(z > 0, z, slope * z)


def predict(slope, depth):
    """Return growth, bend and mean of a leaky ReLU for Gaussian z, in closed form.

    φ(z) = (1+a)/2 · z + (1−a)/2 · |z|, whose parts are uncorrelated; E|z| = √(2/π), E[z²] = 1.
    """
    import numpy as np

    straight, bent = (1 + slope) / 2, (1 - slope) / 2
    mean, moment = bent * np.sqrt(2 / np.pi), straight**2 + bent**2
    variance = moment - mean**2
    return {
        "growth": (2 * moment) ** (depth - 1),
        "bend": bent**2 * (1 - 2 / np.pi) / variance,
        "mean": mean / np.sqrt(moment),
    }


PANELS = {
    "bend": "no linealidad (1 − r²)",
    "mean": "media de h / valor eficaz",
    "growth": "crecimiento de E[z²] con He",
}


def draw(rows):
    """Draw what changes with the slope of the negative side; ELU as a level line."""
    import numpy as np

    from lab import figures, stats

    figure, axes = figures.subplots(1, 3, size=(7.8, 3.0), sharex=True)
    fine = np.linspace(0, 1, 101)
    depth = int(rows.depth.iloc[0])
    for ax, (quantity, title) in zip(axes[0], PANELS.items(), strict=True):
        if quantity == "growth":
            figures.log_axis(ax)
        figures.predicted(
            *(ax, fine, [predict(slope, depth)[quantity] for slope in fine]),
            *("leaky_relu", "he_normal"),
        )
        spread = stats.over_seeds(
            rows.dropna(), "slope", quantity, logarithmic=quantity == "growth"
        )
        figures.measured_points(ax, spread, "leaky_relu", "he_normal", markersize=4)
        elu = summary(rows)[f"elu_{quantity}"]
        ax.axhline(elu, color=figures.COLORS["elu"], linewidth=1.4)
        ax.annotate(
            "ELU",
            (1, elu),
            xycoords=ax.get_yaxis_transform(),
            xytext=(0, 3),
            textcoords="offset points",
            ha="right",
            color=figures.COLORS["elu"],
        )
        ax.set_title(title)
        ax.set_xlabel("pendiente a")
        ax.set_xticks([0, 0.2, 0.5, 1], ["0\nReLU", "0.2", "0.5", "1\nlineal"])
    return figures.describe(
        figure,
        "Lo que cambia con la pendiente del lado negativo, de 0 (ReLU) a 1 (lineal), en redes de "
        f"{depth} capas: "
        + "; ".join(
            f"{slope}: no linealidad {bend}, media {mean}, crecimiento con He {growth}"
            for slope, bend, mean, _, growth in table(rows).itertuples(index=False)
        )
        + ".",
    )


def summary(rows):
    """Return the means over the seeds, named like "a02_bend" (slope 0.2) and "elu_bend".

    The growth is averaged in the logarithm.
    """
    import numpy as np

    numbers = {}
    for slope, part in rows.groupby("slope", dropna=False):
        key = "elu" if np.isnan(slope) else f"a{slope:g}".replace(".", "")
        for quantity in ("bend", "mean", "zeros"):
            numbers[f"{key}_{quantity}"] = part[quantity].mean()
        numbers[f"{key}_growth"] = np.exp(np.log(part.growth).mean())
    return numbers


def table(rows):
    """Return the means over the seeds, for the terminal."""
    import numpy as np
    import pandas as pd

    return pd.DataFrame(
        {
            "pendiente": "ELU" if np.isnan(slope) else f"{slope:g}",
            "no linealidad": f"{part.bend.mean():.3f}",
            "media / valor eficaz": f"{part['mean'].mean():.3f}",
            "ceros": f"{part.zeros.mean():.0%}",
            "crecimiento con He": f"{np.exp(np.log(part.growth).mean()):.3g}",
        }
        for slope, part in rows.groupby("slope", dropna=False)
    )


@store.measurement
def keras_slopes():
    """Return the slope of Keras's leaky ReLU by each of its three names, measured at z = −1."""
    import keras
    import numpy as np

    minus_one = np.array([-1.0], "float32")
    ways = {
        "function": keras.activations.leaky_relu,
        "string": keras.layers.Activation("leaky_relu"),
        "layer": keras.layers.LeakyReLU(),
    }
    return {f"slope_{name}": round(-float(way(minus_one)[0]), 6) for name, way in ways.items()}


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide el precio de dejar pasar valores negativos, pendiente a pendiente.",
            measure,
            draw,
            table,
            options={"slopes": SLOPES},
        )
    )

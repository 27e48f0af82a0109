"""Why the variance counts and not the size: the same weights, in layers of other widths.

Chapter 6. One layer first: n weights of equal size add up to something like n if they share
their sign, like √n if they do not. Then twenty linear layers, with one σ for all widths and
with LeCun's 1/√n (LeCun et al. 1998, eq. 16). NumPy alone.
"""

import itertools
import sys

from lab import arguments, cli, store

#: What the weights of the one layer look like. All have size σ.
SUMS = {"constant": "todos σ", "signs": "±σ", "normal": "normal de desviación σ"}
#: The deviation of the deep network's weights.
RULES = {"fixed": "la misma σ", "lecun": "σ = 1/√n"}
LOOKS = {
    "constant": ("#d55e00", "s"),
    "signs": ("#0072b2", "o"),
    "normal": ("#e69f00", "v"),
    "fixed": ("#d55e00", "s"),
    "lecun": ("#0072b2", "o"),
}


@store.measurement
def measure(widths=(16, 32, 64, 128, 256, 512), sigma=0.088, depth=20, seeds=10, first_seed=0):
    """Return one row per (case, width, seed): the rms of z after 1 or ``depth`` layers.

    The one layer sees numbers drawn evenly from (0, 1); the deep network, standard normal ones.
    """
    import numpy as np
    import pandas as pd

    rows = []
    work = list(itertools.product(widths, range(first_seed, first_seed + seeds)))
    for n, seed in cli.progress(work, "midiendo"):
        rng = np.random.default_rng([n, seed])
        h = rng.random((100, n))
        draws = {
            "constant": np.full((n, n), sigma),
            "signs": sigma * rng.choice([-1, 1], (n, n)),
            "normal": rng.normal(0, sigma, (n, n)),
        }
        ends = {case: h @ weights for case, weights in draws.items()}
        z = rng.normal(size=(100, n))
        for _ in range(depth):
            z = z @ rng.normal(0, n**-0.5, (n, n))
        # The same weights, larger by a factor, at each layer: no need to multiply them anew.
        ends |= {"lecun": z, "fixed": z * (sigma * n**0.5) ** depth}
        rows += [
            {
                "case": case,
                "width": n,
                "sigma": sigma,
                "depth": depth,
                "seed": seed,
                "rms": np.sqrt(np.mean(values**2)),
            }
            for case, values in ends.items()
        ]
    return pd.DataFrame(rows)


def predict(case, n, sigma, depth):
    """Return the rms that theory expects; h evenly from (0, 1) has E[h] = 1/2, E[h²] = 1/3."""
    return {
        "constant": sigma * (n**2 / 4 + n / 12) ** 0.5,
        "signs": sigma * (n / 3) ** 0.5,
        "normal": sigma * (n / 3) ** 0.5,
        "fixed": (sigma * n**0.5) ** depth,
        "lecun": 1 + 0 * n,
    }[case]


def lecun_moment(layers):
    """Return E[z²] after so many layers with 1/√n and LeCun's own tanh, starting from 1."""
    import numpy as np

    from lab import theory

    q = 1.0
    for _ in range(layers):
        q = theory.gaussian_mean(lambda z: (1.7159 * np.tanh(2 * z / 3)) ** 2, q)
    return q


def draw(data):
    """Draw one layer on the left and the deep network on the right, against the width."""
    import numpy as np

    from lab import figures, stats

    sigma, depth = data.sigma.iloc[0], int(data.depth.iloc[0])
    figure, axes = figures.subplots(1, 2, size=(7.8, 3.6))
    panels = ((SUMS, "una capa"), (RULES, f"{depth} capas lineales"))
    for ax, (cases, title) in zip(axes[0], panels, strict=True):
        figures.log_axis(ax, "y")
        for case, label in cases.items():
            color, marker = LOOKS[case]
            spread = stats.over_seeds(data[data.case == case], "width", "rms")
            n = np.geomspace(spread.x.min(), spread.x.max(), 50)
            ax.plot(n, predict(case, n, sigma, depth), color=color, linewidth=1, zorder=1)
            figures.points_of_seeds(
                ax,
                spread,
                color=color,
                markerfacecolor="none",
                marker=marker,
                markersize=4,
                label=label,
            )
        ax.set_xscale("log", base=2)
        ax.set_xticks(spread.x, [str(width) for width in spread.x])
        ax.set(title=title, xlabel="anchura n", ylabel="valor eficaz de z")
        ax.minorticks_off()
        ax.legend()
    ends = summary(data)
    return figures.describe(
        figure,
        f"Valor eficaz de la preactivación según la anchura, con σ = {sigma}. De la red más "
        "estrecha a la más ancha: "
        + "; ".join(
            f"{label}, de {ends[case + '_first']:.1e} a {ends[case + '_last']:.1e}"
            for case, label in (SUMS | RULES).items()
        )
        + ".",
    )


def summary(data):
    """Return the geometric means at the smallest and at the largest width, and their ratio."""
    from lab import stats

    numbers = {}
    for case, part in data.groupby("case", sort=False):
        centre = stats.over_seeds(part, "width", "rms").centre
        numbers |= {
            f"{case}_first": centre[0],
            f"{case}_last": centre[-1],
            f"{case}_ratio": centre[-1] / centre[0],
        }
    return numbers


def table(data):
    """Return the rms by width, for the terminal."""
    names = SUMS | RULES
    wide = data.pivot_table(index="case", columns="width", values="rms", sort=False)
    wide = wide.map(lambda value: f"{value:.2g}").rename(index=names, columns=str)
    return wide.rename_axis(index="pesos", columns=None).reset_index()


OPTIONS = {
    "sigma": cli.Option(
        "--sigma",
        arguments.real("mayor que 0", lambda value: value > 0),
        "desviación típica de los pesos",
        "X",
    )
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cómo crece una suma de n términos, en una capa y en muchas.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

"""Through time the layers are one and the same: its largest eigenvalue decides, not the mean.

Chapter 13. A linear recurrent network, h_t = W h_{t−1}. With normal weights of variance 1/n each
new matrix keeps the mean square, and so does one that is used again and again; but then each
network goes its own way at a constant rate, that of its largest eigenvalue. With an orthogonal
matrix all of them stand still. NumPy alone.
"""

import itertools
import sys

from lab import cli, store
from lab.arguments import one_of

#: Which matrix a step takes → title and colour.
KINDS = {
    "new": ("una nueva en cada paso", "#8a8a8a"),
    "same": ("la misma en todos", "#d55e00"),
    "orthogonal": ("la misma, ortogonal", "#0072b2"),
}


def matrices(kind, width, steps, rng):
    """Yield the matrix of each step."""
    import numpy as np

    def gaussian():
        return rng.standard_normal((width, width)) / width**0.5

    if kind == "new":
        for _ in range(steps):
            yield gaussian()
        return
    one = gaussian()
    if kind == "orthogonal":
        q, r = np.linalg.qr(one)
        one = q * np.sign(np.diag(r))
    yield from itertools.repeat(one, steps)


@store.measurement
def measure(kinds=tuple(KINDS), width=64, steps=100, seeds=20, first_seed=0):
    """Return one row per (kind, seed, step): rms of h over that of the first state.

    ``radius`` is the size of the largest eigenvalue of the matrix that is used again; NaN where
    there is none.
    """
    import numpy as np
    import pandas as pd

    rows = []
    for kind, seed in itertools.product(kinds, range(first_seed, first_seed + seeds)):
        rng = np.random.default_rng([seed, list(KINDS).index(kind)])
        h = rng.standard_normal(width)
        size, radius = np.sqrt(np.mean(h**2)), np.nan
        for step, matrix in enumerate(matrices(kind, width, steps, rng), start=1):
            if step == 1 and kind != "new":
                radius = np.abs(np.linalg.eigvals(matrix)).max()
            h = matrix @ h
            rows.append(
                {
                    "kind": kind,
                    "width": width,
                    "seed": seed,
                    "step": step,
                    "size": np.sqrt(np.mean(h**2)) / size,
                    "radius": radius,
                }
            )
    return pd.DataFrame(rows)


def predict(width, step):
    """Return mean and deviation of ln(size) after so many new matrices, of a single state.

    Each step multiplies the square by χ²_n / n, independent of all before.
    """
    import numpy as np
    from scipy.special import digamma, polygamma

    mean = (digamma(width / 2) - np.log(width / 2)) / 2
    return step * mean, (step * polygamma(1, width / 2)) ** 0.5 / 2


def draw(data):
    """Draw each network's size through time, and what its largest eigenvalue foretells."""
    import numpy as np

    from lab import figures

    kinds = list(dict.fromkeys(data.kind))
    figure, axes = figures.subplots(1, len(kinds), size=(2.2 * len(kinds) + 0.6, 3.2), sharey=True)
    steps, width = int(data.step.max()), int(data.width.iloc[0])
    for ax, kind in zip(axes[0], kinds, strict=True):
        title, color = KINDS[kind]
        figures.log_axis(ax)
        figures.layer_axis(ax, steps, "paso t")
        ax.set_title(title)
        for _, part in data[data.kind == kind].groupby("seed"):
            ax.plot(part.step, part["size"], color=color, linewidth=1, alpha=0.7)
            if kind == "same":
                last = part["size"].iloc[-1]
                foretold = last * part.radius ** (part.step - steps)
                ax.plot(part.step, foretold, color=figures.INK, linewidth=0.5, alpha=0.6)
        t = np.arange(1, steps + 1)
        if kind == "new":
            mean, deviation = predict(width, t)
            for end in (mean - 2 * deviation, mean + 2 * deviation):
                ax.plot(t, np.exp(end), color=figures.INK, linewidth=1)
    axes[0, 0].set_ylabel("tamaño del estado (al empezar, 1)")
    ends = summary(data)
    return figures.describe(
        figure,
        f"Tamaño del estado en {steps} pasos de redes recurrentes lineales de {width} unidades. "
        + "; ".join(
            f"{KINDS[kind][0]}: al final, de {ends[kind + '_low']:.2g} a {ends[kind + '_high']:.2g}"
            for kind in kinds
        )
        + ".",
    )


def rates(data, kind="same"):
    """Return each network's (seed) radius and its measured factor per step, in the second half.

    In the first half other eigenvalues still count.
    """
    part = data[data.kind == kind]
    late = part[part.step > part.step.max() // 2]
    by_seed = late.groupby("seed")
    ends = by_seed["size"].agg(["first", "last"])
    measured = (ends["last"] / ends["first"]) ** (1 / (by_seed.size() - 1))
    return by_seed.radius.first(), measured


def summary(data):
    """Return the sizes in the end, and how far each network's rate is from its eigenvalue."""
    numbers = {}
    last = data[data.step == data.step.max()]
    for kind, part in last.groupby("kind", sort=False):
        numbers |= {
            f"{kind}_low": part["size"].min(),
            f"{kind}_high": part["size"].max(),
            f"{kind}_times": part["size"].max() / part["size"].min(),
        }
    if "same" in set(data.kind):
        radius, measured = rates(data)
        numbers |= {
            "radius_low": radius.min(),
            "radius_high": radius.max(),
            "rate_off": float((measured / radius - 1).abs().max()),
        }
    return numbers


def table(data):
    """Return the extremes of the sizes in the end, for the terminal."""
    import pandas as pd

    ends = summary(data)
    return pd.DataFrame(
        {
            "matriz": KINDS[kind][0],
            "menor": f"{ends[f'{kind}_low']:.2g}",
            "mayor": f"{ends[f'{kind}_high']:.2g}",
            "mayor / menor": f"{ends[f'{kind}_times']:.3g}",
        }
        for kind in dict.fromkeys(data.kind)
    )


OPTIONS = {
    "kinds": cli.Option(
        "--matrix",
        one_of(KINDS, "la matriz"),
        f"qué matriz ({', '.join(KINDS)})",
        "NOMBRE",
        many=True,
    ),
    "steps": cli.Option("--steps", cli.whole(4), "pasos en el tiempo", "N"),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cuánto crece el estado de una red recurrente que usa siempre la misma matriz.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

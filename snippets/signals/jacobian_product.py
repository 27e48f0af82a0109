"""What a product of many Jacobians does to a gradient: its singular values.

Chapter 3. A number below, at or above 1 has one fate; a matrix has one per direction.
Gaussian weights keep the mean square and crush half of the directions all the same;
orthogonal ones treat all alike (Saxe et al. 2013). The median of a Gaussian product falls by
1/√2 a layer, which follows from Newman's (1986) exponents.
"""

import sys

from lab import arguments, catalog, cli, store

KINDS = {"gaussian": "gaussiana", "orthogonal": "ortogonal"}


@store.measurement
def measure(
    gains=(0.9, 1.0, 1.1),
    activation="linear",
    depths=(1, 2, 5, 10, 20, 30, 40, 50),
    width=128,
    seeds=10,
    first_seed=0,
):
    """Return a table with one row per (kind, gain, seed, depth).

    The network's weights have σ_w = gain, and it starts from a random z₀ of unit variance.
    ``largest``, ``rms`` and ``median`` sum up the singular values of ∂z_L/∂z₀; ``survivors``
    are those above 0.1.
    """
    import numpy as np
    import pandas as pd

    from lab import theory

    phi = theory.ACTIVATIONS[activation]
    rows = []
    work = [(k, g, s) for k in KINDS for g in gains for s in range(first_seed, first_seed + seeds)]
    for kind, gain, seed in cli.progress(work, "multiplicando"):
        random = np.random.default_rng(seed)
        z = random.standard_normal(width)
        jacobian = np.eye(width)
        for depth in range(1, max(depths) + 1):
            weights = gain * random_matrix(kind, width, random)
            jacobian = weights @ (phi.slope(z)[:, None] * jacobian)
            z = weights @ phi.value(z)
            if depth in depths:
                values = np.linalg.svd(jacobian, compute_uv=False)
                rows.append(
                    {
                        "kind": kind,
                        "gain": gain,
                        "activation": activation,
                        "width": width,
                        "seed": seed,
                        "depth": depth,
                        "largest": values[0],
                        "rms": np.sqrt(np.mean(values**2)),
                        "median": np.median(values),
                        "survivors": np.sum(values > 0.1),
                    }
                )
    return pd.DataFrame(rows)


def random_matrix(kind, width, random):
    """Return a matrix that keeps the mean square of a vector: exactly, if it is orthogonal."""
    import numpy as np

    matrix = random.standard_normal((width, width))
    if kind == "gaussian":
        return matrix / np.sqrt(width)
    q, r = np.linalg.qr(matrix)
    return q * np.sign(np.diag(r))  # or QR's habits would show (Mezzadri 2007)


def predict(product, gain):
    """Return (depths, rms, median) as theory expects them for Gaussian weights.

    The median is known for a linear network only; elsewhere it is NaN.
    """
    import numpy as np

    from lab import theory

    activation = product.activation.iloc[0]
    depths = np.arange(1, product.depth.max() + 1)
    q, square, squares = 1.0, 1.0, []
    for _ in depths:
        square *= theory.chi(activation, q, gain**2)
        q = theory.q_map(activation, q, gain**2)
        squares.append(square)
    median = (gain / np.sqrt(2.0)) ** depths if activation == "linear" else depths * np.nan
    return depths, np.sqrt(squares), median


def draw(product):
    """Draw the singular values against the depth: one column per gain, one fan per kind."""
    import numpy as np
    from matplotlib.lines import Line2D

    from lab import figures, stats

    gains = list(dict.fromkeys(product.gain))
    deep = int(product.depth.max())
    marks = {"largest": ("^", "el mayor"), "rms": ("o", "valor eficaz"), "median": ("v", "mediana")}
    colors = dict(zip(KINDS, figures.SEQUENCE, strict=False))
    figure, axes = figures.subplots(
        1, len(gains), size=(max(1.85 * len(gains) + 1.6, 5.4), 4.0), sharex=True, sharey=True
    )
    for ax, gain in zip(axes[0], gains, strict=True):
        figures.log_axis(ax)
        for kind, color in colors.items():
            here = product[(product.kind == kind) & (product.gain == gain)]
            spread = {name: stats.over_seeds(here, "depth", name) for name in marks}
            ax.fill_between(
                spread["rms"].x,
                spread["median"].centre,
                spread["largest"].centre,
                color=color,
                alpha=0.15,
                linewidth=0,
            )
            for name, (marker, _) in marks.items():
                same = (kind, name) == ("gaussian", "rms")  # for both kinds: a ring
                ring = {"markersize": 7, "markerfacecolor": "none", "zorder": 4} if same else {}
                x, y = spread[name].x, spread[name].centre
                ax.plot(x, y, marker, color=color, **ring)
                ax.vlines(spread[name].x, spread[name].low, spread[name].high, color, linewidth=1)
        depths, rms, median = predict(product, gain)
        for line in (rms, median):
            ax.plot(depths, line, color=figures.SEQUENCE[0], linewidth=1, zorder=1)
        figures.reference(ax, 1.0)
        figures.layer_axis(ax, deep, "matrices multiplicadas")
        ax.set_title(f"factor {gain:.3g}")
    axes[0, 0].set_ylabel("valor singular")
    figure.legend(
        handles=[Line2D([], [], color=c, marker="o", label=KINDS[k]) for k, c in colors.items()],
        loc="outside upper center",
        ncols=len(KINDS),
        handlelength=1,
    )
    last = product[product.depth == deep]
    spread = last[(last.kind == "gaussian") & (last.gain == gains[-1])]
    ends = {name: stats.geometric_mean(spread[name]) for name in marks}
    axes[0, -1].set_ylim(axes[0, -1].get_ylim())
    figures.label_ends(
        axes[0, -1],
        [(ends[name], label, colors["gaussian"]) for name, (_, label) in marks.items()],
    )
    # Between the median and the largest one lie half of them.
    middle = len(gains) // 2
    spread = product[(product.kind == "gaussian") & (product.gain == gains[middle])]
    inner = spread[spread.depth == spread.depth[spread.depth < 0.8 * deep].max()]
    axes[0, middle].annotate(
        "la mitad de\nlas direcciones",
        (inner.depth.iloc[0], np.exp(np.log([inner["median"], inner.rms, inner.rms]).mean())),
        ha="center",
        va="center",
    )
    return figures.describe(
        figure,
        f"Valores singulares del producto de hasta {deep} matrices, en escala logarítmica. "
        + "; ".join(
            f"{KINDS[kind]} con factor {gain:.3g}: el mayor "
            f"{stats.geometric_mean(here.largest):.1e}, la mediana "
            f"{stats.geometric_mean(here['median']):.1e}"
            for (kind, gain), here in last.groupby(["kind", "gain"], sort=False)
        )
        + ".",
    )


def summary(product):
    """Return the numbers of the prose: what is left of each kind in the deepest product."""
    from lab import stats

    deepest = product[product.depth == product.depth.max()]
    values = {}
    for (kind, gain), part in deepest.groupby(["kind", "gain"], sort=False):
        name = f"{kind}_{gain:.1f}".replace(".", "")
        for quantity in ("largest", "rms", "median"):
            values[f"{name}_{quantity}"] = stats.geometric_mean(part[quantity])
        values[f"{name}_survivors"] = part.survivors.mean()
    return values


def table(product):
    """Return what is left of the deepest product, for the terminal."""
    import pandas as pd

    from lab import stats

    deep = product.depth.max()
    return pd.DataFrame(
        {
            "matrices": KINDS[kind],
            "factor": f"{gain:.3g}",
            "el mayor": f"{stats.geometric_mean(part.largest):.2g}",
            "valor eficaz": f"{stats.geometric_mean(part.rms):.2g}",
            "mediana": f"{stats.geometric_mean(part['median']):.2g}",
            "mayores que 0.1": f"{part.survivors.mean():.0f} de {part.width.iloc[0]}",
        }
        for (kind, gain), part in product[product.depth == deep].groupby(
            ["kind", "gain"], sort=False
        )
    )


OPTIONS = {
    "gains": cli.Option(
        "--gain",
        arguments.real("mayor que 0", lambda v: v > 0),
        "σ_w, el factor de cada matriz",
        "X",
        many=True,
    ),
    "activation": cli.Option(
        "--activation",
        catalog.activation,
        f"activación ({', '.join(catalog.ACTIVATIONS)})",
        "NOMBRE",
    ),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide los valores singulares de un producto de jacobianas.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

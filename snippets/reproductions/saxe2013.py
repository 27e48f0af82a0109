"""Saxe, McClelland and Ganguli (2013), section 3: what a product of many matrices keeps.

Reproductions. Weights drawn from N(0, 1/N) keep the length of a typical vector, and yet the
singular values of their product spread without end; those of orthogonal matrices are all
exactly 1 (figure 6B). The eigenvalues gather at the origin: the caption of figure 6 counts
32 % and 94 % of them in the bin there.
"""

import sys

from lab import arguments, cli, store

KINDS = {"gaussian": "gaussiana", "orthogonal": "ortogonal"}
BIN = 0.1  # width of the square bins of figure 6C
#: Matrices multiplied → share of the eigenvalues in the bin at the origin, as published. The
#: caption names no number of matrices; these two are the only ones that theory allows.
PUBLISHED = {5: 0.32, 100: 0.94}


@store.measurement
def measure(kinds=tuple(KINDS), factors=(1, 5, 100), width=100, seeds=10):
    """Return one row per (kind, factors, seed, index): the singular values of a product.

    ``at_origin`` says, for as many eigenvalues, whether each lies in the bin at the origin.
    """
    import numpy as np
    import pandas as pd

    from signals.jacobian_product import random_matrix

    parts = []
    work = [(kind, seed) for kind in kinds for seed in range(seeds)]
    for kind, seed in cli.progress(work, "multiplicando"):
        rng = np.random.default_rng(seed)
        product = np.eye(width)
        for count in range(1, max(factors) + 1):
            product = random_matrix(kind, width, rng) @ product
            if count not in factors:
                continue
            eigenvalues = np.linalg.eigvals(product)
            near = np.maximum(abs(eigenvalues.real), abs(eigenvalues.imag)) < BIN / 2
            columns = {
                "kind": kind,
                "factors": count,
                "width": width,
                "seed": seed,
                "index": range(width),
                "singular": np.linalg.svd(product, compute_uv=False),
                "at_origin": near,
            }
            parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def share_at_origin(factors):
    """Return the expected share of the eigenvalues in the bin at the origin, for N → ∞.

    The eigenvalues of one Gaussian matrix fill the unit disc evenly, so that |λ|² is uniform;
    for a product of m it is |λ|^(2/m) (Burda, Janik and Waclaw 2010). Averaged over the
    directions in which the edge of the square lies.
    """
    import numpy as np

    angle = (np.arange(1000) + 0.5) / 1000 * np.pi / 4
    return np.mean((BIN / 2 / np.cos(angle)) ** (2 / factors))


def singular_law(factors):
    """Return singular values and the share of them below, (points,) each, for N → ∞.

    The squares follow the Fuss–Catalan law, which has this parametric form (Haagerup and
    Möller 2013); with one factor it is Marchenko and Pastur's.
    """
    import numpy as np
    from scipy.integrate import cumulative_trapezoid

    # t runs from 0, the smallest values, to 1, the largest; evenly in its logarithm at first.
    t = np.geomspace(1e-9, 1 - 1e-9, 20_000)
    angle = np.pi * (1 - t) / (factors + 1)
    edge, one, rest = (np.log(np.sin(a)) for a in (np.pi * t, angle, factors * angle))
    log_square = (factors + 1) * edge - one - factors * rest
    log_density = 2 * one + (factors - 1) * rest - factors * edge - np.log(np.pi)
    share = cumulative_trapezoid(np.exp(log_density + log_square), log_square, initial=0)
    return np.exp(log_square / 2), share


def draw(data):
    """Draw the share of singular values below each size, and of eigenvalues at the origin."""
    import numpy as np

    from lab import figures, stats

    figure, axes = figures.subplots(1, 2, size=(7.1, 4.0), gridspec_kw={"width_ratios": (3, 2)})
    left, right = axes[0]
    figures.log_axis(left, "x")
    colors = dict(zip(KINDS, (figures.SEQUENCE[0], figures.SEQUENCE[1]), strict=True))
    styles = ("-", (0, (5, 2)), (0, (1, 1.5)))
    counts = sorted(data.factors.unique())
    for count, style in zip(counts, styles * len(counts), strict=False):
        here = data[data.factors == count]
        for kind, part in here.groupby("kind", sort=False):
            values = np.sort(part.singular)
            name = f"{KINDS[kind]}, {count}" if kind == "gaussian" else None
            left.step(
                values,
                np.linspace(0, 1, len(values)),
                color=colors[kind],
                linestyle=style,
                label=name,
            )
        left.plot(*singular_law(count), color=figures.INK, linewidth=0.8, zorder=1)
    left.plot([], [], color=colors["orthogonal"], label="ortogonal, las que sean")
    left.set_xlim(1e-4, 20)
    left.set_ylim(0, 1.02)
    left.set_xlabel("valor singular")
    left.set_ylabel("parte de ellos por debajo")

    fine = np.geomspace(1, max(counts), 50)
    right.plot(fine, [share_at_origin(m) for m in fine], color=figures.INK, linewidth=0.8)
    for kind, part in data.groupby("kind", sort=False):
        shares = part.groupby(["factors", "seed"], as_index=False).at_origin.mean()
        spread = stats.over_seeds(shares, "factors", "at_origin", logarithmic=False)
        right.plot(spread.x, spread.centre, "o", color=colors[kind], markersize=5)
        right.vlines(spread.x, spread.low, spread.high, colors[kind])
    known = {m: share for m, share in PUBLISHED.items() if m in counts}
    look = {"color": figures.INK, "markersize": 9, "label": "artículo"}
    right.plot(list(known), list(known.values()), "x", **look)
    right.set_xscale("log")
    right.minorticks_off()
    right.set_xticks(counts, [str(count) for count in counts])
    right.set_ylim(-0.04, 1.04)
    right.set_xlabel("matrices multiplicadas")
    right.set_ylabel("valores propios en el origen")
    handles = [handle for ax in (left, right) for handle in ax.get_legend_handles_labels()[0]]
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    rows = table(data).to_dict("split")["data"]
    return figures.describe(
        figure,
        "Valores singulares y propios de un producto de matrices al azar. "
        + " ".join(
            "Clase {}, producto de {}: valores singulares de {} a {}, y {} de los valores "
            "propios en la casilla del origen.".format(*row[:5])
            for row in rows
        ),
    )


def summary(data):
    """Return, by kind and number of factors, the extremes, the small ones and ``origin``.

    ``off``: the largest distance of a singular value from 1; ``small``: share below a tenth;
    ``origin_low`` and ``_high``: extremes of the seeds.
    """
    answer = {}
    for (kind, count), part in data.groupby(["kind", "factors"], sort=False):
        name, by_seed = f"{kind}_{count}", part.groupby("seed").at_origin.mean()
        answer |= {
            f"{name}_smallest": part.singular.min(),
            f"{name}_largest": part.singular.max(),
            f"{name}_off": (part.singular - 1).abs().max(),
            f"{name}_small": (part.singular < 0.1).mean(),
            f"{name}_origin": by_seed.mean(),
            f"{name}_origin_low": by_seed.min(),
            f"{name}_origin_high": by_seed.max(),
            f"{name}_origin_theory": share_at_origin(count) if kind == "gaussian" else 0.0,
        }
    return answer


def table(data):
    """Return what becomes of each product, beside the published numbers, for the terminal."""
    import pandas as pd

    values = summary(data)
    return pd.DataFrame(
        {
            "matrices": KINDS[kind],
            "cuántas": count,
            "menor": f"{values[f'{kind}_{count}_smallest']:.2g}",
            "mayor": f"{values[f'{kind}_{count}_largest']:.2g}",
            "en el origen": f"{100 * values[f'{kind}_{count}_origin']:.0f} %",
            "(teoría)": f"{100 * values[f'{kind}_{count}_origin_theory']:.0f} %",
            "(artículo)": f"{100 * PUBLISHED[count]:.0f} %"
            if kind == "gaussian" and count in PUBLISHED
            else "—",
        }
        for kind, count in data.groupby(["kind", "factors"], sort=False).groups
    )


OPTIONS = {
    "kinds": cli.Option(
        "--kind", arguments.one_of(KINDS, "la clase"), ", ".join(KINDS), "NOMBRE", many=True
    ),
    "factors": cli.Option(
        "--factors", arguments.whole(1), "matrices que se multiplican", "N", many=True
    ),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide los valores singulares y propios de un producto de matrices al azar.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

"""What 1/√d is for: logits that grow with the size of a head leave attention without a slope.

Chapter 14. Queries and keys are independent vectors of d normal numbers, so that a logit q·k has
mean 0 and variance d (Vaswani et al. 2017, footnote 4). The softmax of T normal logits of
variance v is predicted by quadrature (``lab.theory.softmax_of_normals``).
"""

import sys

from lab import cli, store

#: How the logits are made → legend.
SCALES = {"plain": "q·k", "scaled": "q·k / √d"}
OPTIONS = {
    "dims": cli.Option("--dim", cli.whole(1), "números de una consulta, d", "N", many=True),
    "keys": cli.Option("--keys", cli.whole(2), "claves entre las que se reparte", "N"),
    "queries": cli.Option("--queries", cli.whole(1), "consultas por semilla", "N"),
}


@store.measurement
def measure(dims=(4, 16, 64, 256, 1024), keys=64, queries=200, seeds=5, first_seed=0):
    """Return one row per (dim, scale, seed), means over the queries.

    ``deviation``: rms of the logits; ``attended``: e^entropy, how many keys share the attention;
    ``slope``: Σ p(1 − p), the sum of ∂p/∂logit of each key.
    """
    import numpy as np
    import pandas as pd
    from scipy.special import softmax

    rows = []
    for dim in dims:
        for seed in range(first_seed, first_seed + seeds):
            rng = np.random.default_rng([seed, dim])
            q = rng.standard_normal((queries, 1, dim))
            products = (q @ rng.standard_normal((queries, dim, keys)))[:, 0]
            for scale, logits in (("plain", products), ("scaled", products / np.sqrt(dim))):
                p = softmax(logits, axis=-1)
                rows.append(
                    {
                        "dim": dim,
                        "keys": keys,
                        "scale": scale,
                        "seed": seed,
                        "deviation": np.sqrt(np.mean(logits**2)),
                        "attended": np.exp(entropy(p).mean()),
                        "slope": (p * (1 - p)).sum(axis=1).mean(),
                    }
                )
    return pd.DataFrame(rows)


def entropy(p):
    """Return −Σ p ln p over the last axis, with 0 ln 0 = 0."""
    from scipy.special import entr

    return entr(p).sum(axis=-1)


def predict(dim, scale, keys):
    """Return (e^E[entropy], E[Σ p(1 − p)]) of heads whose logits are exactly normal."""
    import numpy as np

    from lab import theory

    mean_entropy, overlap = theory.softmax_of_normals(
        1.0 if scale == "scaled" else float(dim), keys
    )
    return float(np.exp(mean_entropy)), 1 - overlap


def draw(heads):
    """Draw how many keys are attended, and what is left of the slope, against d."""
    from lab import figures, stats

    keys = int(heads["keys"].iloc[0])
    dims = sorted(heads.dim.unique())
    figure, axes = figures.subplots(1, 2, size=(7.4, 3.3))
    panels = (("attended", f"claves atendidas, de {keys}"), ("slope", "pendiente, Σ p(1 − p)"))
    for number, (ax, (quantity, title)) in enumerate(zip(axes[0], panels, strict=True)):
        for color, (scale, label) in zip(figures.SEQUENCE, SCALES.items(), strict=False):
            lines = [predict(dim, scale, keys)[number] for dim in dims]
            ax.plot(dims, lines, color=color, linewidth=1, zorder=1)
            part = heads[heads.scale == scale]
            spread = stats.over_seeds(part, "dim", quantity, logarithmic=False)
            figures.points_of_seeds(ax, spread, color=color, label=label, markersize=5)
        ax.set_xscale("log", base=2)
        ax.minorticks_off()
        ax.set_xticks(dims, [str(dim) for dim in dims])
        ax.set_xlabel("números por consulta, d")
        ax.set_title(title)
        ax.set_ylim(0, None)
    handles, _ = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    values = summary(heads)
    return figures.describe(
        figure,
        "Claves que se reparten la atención y pendiente de la softmax según d. Sin dividir caen: "
        f"con d = {dims[-1]} quedan {values[f'plain_{dims[-1]}_attended']:.1f} claves de {keys} y "
        f"una pendiente de {values[f'plain_{dims[-1]}_slope']:.2f}. Al dividir por √d no cambian: "
        f"{values[f'scaled_{dims[-1]}_attended']:.0f} claves y "
        f"{values[f'scaled_{dims[-1]}_slope']:.2f}.",
    )


def summary(heads):
    """Return the means by name, "plain_64_slope", for the prose."""
    means = heads.groupby(["scale", "dim"])[["deviation", "attended", "slope"]].mean()
    return {
        f"{scale}_{dim}_{quantity}": value
        for (scale, dim), row in means.iterrows()
        for quantity, value in row.items()
    }


def table(heads):
    """Return the means and what was predicted, for the terminal."""
    import pandas as pd

    values, keys = summary(heads), int(heads["keys"].iloc[0])
    return pd.DataFrame(
        {
            "logits": label,
            "d": dim,
            "rms": f"{values[f'{scale}_{dim}_deviation']:.2f}",
            "claves atendidas": f"{values[f'{scale}_{dim}_attended']:.1f}",
            "(teoría)": f"{predict(dim, scale, keys)[0]:.1f}",
            "pendiente": f"{values[f'{scale}_{dim}_slope']:.3f}",
            "(teoría) ": f"{predict(dim, scale, keys)[1]:.3f}",
        }
        for scale, label in SCALES.items()
        for dim in sorted(heads.dim.unique())
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cuánto se concentra la atención si los logits no se dividen por √d.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

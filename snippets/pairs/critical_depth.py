"""How deep a network can be, for every size of its weights: prediction and experiment.

Chapter 12. After Schoenholz et al. (2017, figure 5): with weights of variance σ_w²/n, the
depth that still learns follows 6 ξ, a mountain whose peak is where χ = 1.
"""

import sys

import trainable_depth
from lab import arguments, catalog, cli, store

#: Activation → deviations of the weights, depths, learning rate. Chapter 9's for the sigmoid.
SWEEPS = {
    "sigmoid": ((0.125, 0.35, 0.7, 1.25, 1.75, 2.5), (5, 20), 3e-2),
    "tanh": ((0.09, 0.105, 0.125, 0.18, 0.22, 0.25), (5, 10, 20, 40), 3e-3),
    "relu": ((0.125, 0.15, 0.177, 0.21, 0.25), (5, 10, 20, 40), 3e-3),
}
LEARNS = 0.5  # of the training images, by when a network counts as one that learns
WIDTH = 64  # as many as pixels, so that every layer is square
LOWEST, HIGHEST = 0.3, 700  # σ_w² of the mountains
#: What is drawn: of which mean accuracies, and how.
MARKS = {
    "más de la mitad de aciertos": (lambda means: means > LEARNS, {"marker": "o", "ms": 6}),
    "la mitad o menos": (lambda means: means <= LEARNS, {"marker": "x", "ms": 6, "mew": 1.5}),
}
TICKS = (0.5, 1, 2, 4, 8, 30, 100, 400)  # of σ_w², where the axis reaches that far
OPTIONS = {
    "activations": cli.Option(
        "--activation",
        arguments.one_of(SWEEPS, "la activación"),
        f"activación ({', '.join(SWEEPS)})",
        "NOMBRE",
        many=True,
    ),
}


def measure(activations=tuple(SWEEPS), sigmas=(), depths=(), seeds=3):
    """Return the rows of ``trainable_depth.measure``, with a column ``variance``: σ_w².

    Without ``sigmas`` or ``depths`` each activation has its own, those of ``SWEEPS``.
    """
    import pandas as pd

    tables = []
    for activation in activations:
        own_sigmas, own_depths, rate = SWEEPS[activation]
        names = tuple(f"random_normal:{sigma}" for sigma in sigmas or own_sigmas)
        tables.append(
            trainable_depth.measure(
                (activation,), names, depths or own_depths, WIDTH, seeds, learning_rate=rate
            )
        )
    runs = pd.concat(tables, ignore_index=True)
    sigma = runs.initializer.str.partition(":")[2].astype(float)
    return runs.assign(variance=WIDTH * sigma**2)


def log_chi(activation, variance):
    """Return ln χ at the fixed point of σ_w² = variance."""
    import numpy as np

    from lab import theory

    rest = theory.fixed_point(activation, variance)
    return float(np.log(theory.chi(activation, rest, variance)))


@store.measurement
def mountain(activation, low=LOWEST, high=HIGHEST):
    """Return many σ_w² and the depth predicted, 6 ξ: two arrays."""
    import numpy as np

    coarse = np.geomspace(low, high, 50)
    known = [log_chi(activation, variance) for variance in coarse]
    # ξ has a pole where χ = 1, but ln χ can be interpolated.
    fine = np.geomspace(low, high, 2000)
    return fine, 6 / np.abs(np.interp(np.log(fine), np.log(coarse), known))


def window(activation, depth):
    """Return the lowest and the highest σ_w² that should do for this depth.

    χ grows with σ_w², and depth = 6 ξ where ln χ = ∓6 / depth; an end of the mountain, where
    that lies beyond it.
    """
    import numpy as np
    from scipy.optimize import brentq

    def beyond(variance, border):
        return log_chi(activation, variance) - border

    ends = [log_chi(activation, variance) for variance in (LOWEST, HIGHEST)]
    borders = np.clip([-6 / depth, 6 / depth], *ends)
    return tuple(brentq(beyond, LOWEST, HIGHEST, args=(border,)) for border in borders)


def draw(runs):
    """Draw what learns as a circle and what does not as a cross, over the predicted mountain.

    A factor in the size of the weights is as wide in every panel.
    """
    import numpy as np
    from matplotlib.lines import Line2D

    from lab import figures

    sizes = runs.groupby("activation", sort=False).variance
    spans = np.transpose([sizes.min() / 2, sizes.max() * 2])
    figure, columns = figures.activation_columns(
        runs.activation,
        size=(2.35, 3.9),
        sharex=False,
        sharey=True,
        gridspec_kw={"width_ratios": np.log10(spans[:, 1] / spans[:, 0])},
    )
    low, high = runs.depth.min() / 1.5, runs.depth.max() * 1.6
    for (activation, (ax,)), span in zip(columns.items(), spans, strict=True):
        part = runs[runs.activation == activation]
        color = figures.COLORS[activation]
        variances, limit = mountain(activation)
        ax.fill_between(variances, low, np.minimum(limit, high), color=color, alpha=0.18, lw=0)
        ax.plot(variances, limit, color=color, linewidth=1)
        means = by_depth(part, "variance")
        for chosen, look in MARKS.values():
            places = means.index[chosen(means)].to_frame().to_numpy()
            ax.plot(*places.T, color=figures.INK, linestyle="", **look)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.minorticks_off()
        ticks = [tick for tick in TICKS if span[0] <= tick <= span[1]]
        ax.set_xticks(ticks, ticks)
        ax.set_xlim(*span)
        ax.set_ylim(low, high)
        ax.set_yticks(sorted(runs.depth.unique()), sorted(runs.depth.unique()))
        ax.set_xlabel(r"$\sigma_w^2$", fontsize=13)
    figure.axes[0].set_ylabel("capas ocultas")
    handles = [
        Line2D([], [], color=figures.INK, linestyle="", label=name, **look)
        for name, (_, look) in MARKS.items()
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    learn, inside = hits(runs)
    return figures.describe(
        figure,
        "Redes de distinta profundidad y distinto tamaño de pesos sobre la profundidad prevista, "
        f"6 ξ. De {inside.sum()} puntos dentro de la zona prevista pasan de la mitad de aciertos "
        f"{(learn & inside).sum()}; de {(~inside).sum()} fuera de ella, {(learn & ~inside).sum()}.",
    )


def by_depth(runs, *more):
    """Return the mean accuracy over the seeds; a network that diverged counts as 0."""
    return runs.fillna({"train_accuracy": 0}).groupby([*more, "depth"]).train_accuracy.mean()


def hits(runs):
    """Return of each size and depth whether it learns, and whether it should: two columns."""
    means = predicted_means(runs)
    return means.train_accuracy > LEARNS, means.inside


def predicted_means(runs):
    """Return the mean accuracy of each size and depth, and whether it lies ``inside`` 6 ξ."""
    from lab import theory

    keys = ["activation", "variance"]
    means = by_depth(runs, *keys).reset_index()
    limit = [6 * theory.depth_scale(a, v) for a, v in means[keys].to_numpy()]
    return means.assign(inside=means.depth <= limit)


def summary(runs, depth=20):
    """Return the windows of σ_w² at ``depth``, how wide they are, and hits and misses."""
    values = {"tanh_he_limit": trainable_depth.predicted_depth("tanh", "he_normal")}
    learn, should = hits(runs)
    values |= {
        "inside": int(should.sum()),
        "inside_learn": int((learn & should).sum()),
        "outside": int((~should).sum()),
        "outside_learn": int((learn & ~should).sum()),
    }
    relu = by_depth(runs[runs.activation == "relu"], "variance")
    deepest = runs[runs.activation == "relu"].depth.max()
    values["relu_deepest"] = relu.xs(deepest, level="depth").max()
    for activation in SWEEPS:
        low, high = window(activation, depth)
        values[f"{activation}_low"], values[f"{activation}_high"] = low, high
        values[f"{activation}_ratio"] = high / low
    return values


def table(runs):
    """Return one line per activation and σ, for the terminal."""
    import pandas as pd

    from lab import theory

    rows = []
    depths = sorted(runs.depth.unique())
    for (activation, variance), part in runs.groupby(["activation", "variance"], sort=False):
        found = by_depth(part)
        limit = 6 * theory.depth_scale(activation, variance)
        rows.append(
            {
                "activación": catalog.ACTIVATIONS[activation],
                "σ_w²": f"{variance:.2f}",
                "6 ξ": f"{limit:.0f}" if limit < 1000 else "sin límite",
                **{f"{d} capas": f"{100 * found[d]:.0f} %" if d in found else None for d in depths},
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Compara la profundidad que se puede entrenar con la prevista, 6 ξ.",
            measure,
            draw,
            table,
            options=OPTIONS,
            workers=True,
        )
    )

"""What an activation lets through: half of the signal, if it is ReLU.

Chapter 8. Layer by layer, forwards E[h²]/E[z²] and backwards E[δ²]/E[(Wᵀδ)²], the two factors
that He et al. (2015, eqs. 8 and 13) must make up for. Measured in untrained networks, against
E[φ²]/q and E[φ'²] of the mean-field theory.
"""

import sys

import gradient_flow
from lab import catalog, store

#: Factor → legend and marker: it points where the signal goes.
FACTORS = {
    "forward": ("hacia delante: E[h²] / E[z²]", {"marker": ">", "markerfacecolor": "auto"}),
    "backward": ("hacia atrás: E[δ²] / E[(Wᵀδ)²]", {"marker": "<", "markerfacecolor": "none"}),
}


@store.measurement
def measure(
    activations=catalog.CANONICAL_ACTIVATIONS,
    initializers=catalog.CANONICAL_INITIALIZERS,
    depth=20,
    width=128,
    seeds=10,
    first_seed=0,
    dataset="digits",
):
    """Return one row per (activation, initializer, seed, layer): forward, backward.

    ``backward`` is what is left of the gradient that layer + 1 sends; the last layer, whose
    gradient comes from the head, has none.
    """
    from lab import theory

    flow = gradient_flow.measure(
        activations=activations,
        initializers=initializers,
        depth=depth,
        width=width,
        seeds=seeds,
        first_seed=first_seed,
        dataset=dataset,
    )
    network = ["activation", "initializer", "seed"]
    above = flow.groupby(network, sort=False).delta_rms.shift(-1)
    variance = flow.initializer.map(lambda name: theory.weight_variance(name, width, width))
    return flow[[*network, "depth", "width", "inputs", "layer"]].assign(
        forward=(flow.activation_rms / flow.preactivation_rms) ** 2,
        backward=(flow.delta_rms / above) ** 2 / (width * variance),
    )


def predict(factors):
    """Return theory's answer: {(activation, initializer): {"forward": …, "backward": …}}.

    The arrays are as long as the network is deep.
    """
    import numpy as np

    from lab import theory

    answer = {}
    for (activation, initializer), part in factors.groupby(["activation", "initializer"]):
        widths = [int(part.width.iloc[0])] * part.layer.max()
        inputs = int(part.inputs.iloc[0])
        signals = theory.predict(activation, initializer, widths, inputs)
        moments = signals.preactivation_rms**2
        answer[activation, initializer] = {
            "forward": signals.activation_rms**2 / moments,
            "backward": np.array([theory.slope_moment(activation, q) for q in moments]),
        }
    return answer


def draw(factors):
    """Draw both factors by layer, a row per initializer: ReLU's alone, if it was measured.

    What is said of ReLU is what the figure is for; of the others the table has the means.
    """
    from matplotlib.lines import Line2D

    from lab import figures, stats

    if "relu" in set(factors.activation):
        factors = factors[factors.activation == "relu"]
    initializers = list(dict.fromkeys(factors.initializer))
    depth = int(factors.layer.max())
    theory = predict(factors)
    height = 2.4 * len(initializers) + 0.8
    width = max(1.9, 4.6 / factors.activation.nunique())
    figure, columns = figures.activation_columns(
        factors.activation, len(initializers), size=(width, height), sharey=True
    )
    first = next(iter(columns.values()))
    for pair, part in stats.by_pair(factors).items():
        activation, initializer = pair
        ax = columns[activation][initializers.index(initializer)]
        figures.reference(ax, 0.5, "½" if ax in first else "")
        for factor, (_, marker) in FACTORS.items():
            line = theory[pair][factor]
            ax.plot(range(1, depth + 1), line, color=figures.COLORS[activation], linewidth=1)
            spread = stats.over_seeds(part.dropna(subset=[factor]), "layer", factor)
            figures.measured_points(ax, spread, *pair, markersize=6, **marker)
    for ax, initializer in zip(first, initializers, strict=True):
        ax.set_ylabel(f"parte que pasa\n({catalog.initializer_label(initializer)})")
    first[0].set_ylim(0, 1.5)
    for column in columns.values():
        figures.layer_axis(column[-1], depth)
    figure.legend(
        handles=[
            Line2D([], [], color=figures.INK, linestyle="", markersize=5, label=title, **marker)
            for title, marker in FACTORS.values()
        ]
        + [Line2D([], [], color=figures.INK, linewidth=1, label="teoría")],
        loc="outside upper center",
        ncols=2,
    )
    return figures.describe(
        figure,
        "Parte de la señal que deja pasar cada activación, capa a capa, hacia delante y hacia "
        "atrás. Medias: "
        + "; ".join(
            f"{catalog.label(*pair)}, {row.forward:.2f} y {row.backward:.2f}"
            for pair, row in averages(factors).iterrows()
        )
        + ".",
    )


def averages(factors):
    """Return the geometric mean of each factor over layers and seeds, per combination."""
    from lab import stats

    groups = factors.dropna().groupby(["activation", "initializer"], sort=False)
    return groups[list(FACTORS)].agg(stats.geometric_mean)


def summary(factors):
    """Return the averages by name, "relu_he_normal_forward", for the prose."""
    return {
        f"{activation}_{initializer}_{factor}": value
        for (activation, initializer), row in averages(factors).iterrows()
        for factor, value in row.items()
    }


def table(factors):
    """Return the averages, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "combinación": catalog.label(*pair),
            "hacia delante": f"{row.forward:.3f}",
            "hacia atrás": f"{row.backward:.3f}",
        }
        for pair, row in averages(factors).iterrows()
    )


if __name__ == "__main__":
    from lab import cli

    sys.exit(
        cli.main(
            "Mide qué parte de la señal deja pasar cada activación, en los dos sentidos.",
            measure,
            draw,
            table,
        )
    )

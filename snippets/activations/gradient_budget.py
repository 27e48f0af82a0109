"""What takes the gradient away: the weights, the steepest slope, or the distance to it.

Chapter 4. Over one layer δ changes by σ_w · rms φ'(z) (mean-field theory, Schoenholz et al.
2017). Split in two, rms φ'(z) is the steepest slope of φ, which no initialization changes,
times what is lost because z lies elsewhere: on the bend, in saturation or on the off side.
"""

import sys

import gradient_flow
from activations import operating_point
from lab import arguments, catalog, cli

PARTS = {
    "weights": "los pesos",
    "steepest": "la pendiente más alta de φ",
    "distance": "no estar en esa pendiente",
}


def measure(
    activations=("sigmoid", "tanh", "relu"),
    initializers=catalog.CANONICAL_INITIALIZERS,
    depth=20,
    width=128,
    seeds=10,
):
    """Split the change of δ between the last hidden layer and the first, in powers of ten.

    Returns one row per (activation, initializer): the three ``PARTS`` and their ``sum``, from
    the pre-activations alone, and beside them the ``measured`` change, with its ``low`` and
    ``high`` over the seeds. The parts are averaged over the seeds.
    """
    import numpy as np
    import pandas as pd

    from lab import theory

    network = {"depth": depth, "width": width, "seeds": seeds}
    points = operating_point.measure(activations, initializers, **network)
    # The whole canonical flow is there already when the book is built.
    canonical = (catalog.CANONICAL_ACTIVATIONS, catalog.CANONICAL_INITIALIZERS)
    part_of_it = {*activations} <= {*canonical[0]} and {*initializers} <= {*canonical[1]}
    asked = canonical if part_of_it else (activations, initializers)
    flow = gradient_flow.measure(*asked, **network)
    rows = []
    for (activation, initializer), part in points.groupby(
        ["activation", "initializer"], sort=False
    ):
        steepest = np.log10(theory.steepest(activation))
        slope = np.log10(part[part.layer < depth].slope_rms).mean()
        sigma_w = np.sqrt(width * theory.weight_variance(initializer, width, width))
        chosen = flow.query("activation == @activation and initializer == @initializer")
        delta = np.log10(chosen.pivot(index="seed", columns="layer", values="delta_rms"))
        change = delta[1] - delta[depth]
        parts = np.array([np.log10(sigma_w), steepest, slope - steepest]) * (depth - 1)
        rows.append(
            {
                "activation": activation,
                "initializer": initializer,
                **dict(zip(PARTS, parts, strict=True)),
                "sum": parts.sum(),
                "measured": change.mean(),
                "low": change.min(),
                "high": change.max(),
            }
        )
    return pd.DataFrame(rows)


def draw(budget):
    """Draw what each part gives to δ or takes from it, and the measured total."""
    from lab import figures

    figure, ((ax,),) = figures.subplots(size=(5.2, 0.46 * len(budget) + 1.3))
    rows = range(len(budget))
    losses, gains = 0.0 * budget["sum"], 0.0 * budget["sum"]
    for (part, label), color in zip(PARTS.items(), ("#56b4e9", "#0072b2", "#e69f00"), strict=True):
        value = budget[part]
        ax.barh(rows, value, 0.6, losses.where(value < 0, gains), color=color, label=label)
        losses, gains = losses + value.clip(upper=0), gains + value.clip(lower=0)
    ax.errorbar(
        budget.measured,
        rows,
        xerr=[budget.measured - budget.low, budget.high - budget.measured],
        fmt="D",
        color=figures.INK,
        markersize=4.5,
        elinewidth=1,
        label="total medido",
    )
    ax.axvline(0, color=figures.INK, linewidth=0.8)
    pairs = zip(budget.activation, budget.initializer, strict=True)
    ax.set_yticks(rows, [catalog.label(*pair).replace(" + ", " +\n") for pair in pairs])
    ax.invert_yaxis()
    ax.set_xlabel("potencias de diez que δ pierde (−) o gana (+)")
    ax.set_axisbelow(True)
    ax.use_sticky_edges = False  # else the longest bars would end at the frame
    ax.margins(x=0.03)
    ax.grid(axis="y", visible=False)
    figure.legend(loc="outside upper center", ncols=2)
    return figures.describe(
        figure,
        "Barras con lo que los pesos, la pendiente más alta y la distancia a ella dan a δ o le "
        "quitan, en potencias de diez. Total medido: "
        + "; ".join(
            f"{catalog.label(row.activation, row.initializer)}, {row.measured:.1f}"
            for row in budget.itertuples()
        )
        + ".",
    )


def summary(budget):
    """Return every number of the budget, named like "sigmoid_glorot_uniform_steepest"."""
    numbers = {}
    for row in budget.itertuples():
        name = f"{row.activation}_{row.initializer}"
        numbers |= {f"{name}_{part}": getattr(row, part) for part in (*PARTS, "sum", "measured")}
        losses = sum(min(getattr(row, part), 0.0) for part in PARTS)
        for part in ("steepest", "distance"):
            numbers[f"{name}_{part}_share"] = getattr(row, part) / losses if losses else 0.0
        numbers[f"{name}_lost"] = -row.measured
        numbers[f"{name}_left"] = 10**row.measured
    return numbers


def table(budget):
    """Return the budget, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "combinación": catalog.label(row.activation, row.initializer),
            "pesos": f"{row.weights:+.1f}",
            "pendiente más alta": f"{row.steepest:+.1f}",
            "distancia a ella": f"{row.distance:+.1f}",
            "suma": f"{row.sum:+.1f}",
            "medido": f"{row.measured:+.1f}",
        }
        for row in budget.itertuples()
    )


OPTIONS = {"depth": cli.Option("--depth", arguments.whole(2), "capas ocultas", "N")}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Reparte la caída del gradiente entre pesos, pendiente máxima y saturación.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

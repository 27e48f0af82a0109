"""What a network shows before training, against where it ends up.

Chapter 11. Each point is one trained network: the same seed gives the same initial weights
in ``gradient_flow`` and in ``training_grid``, so both tables speak of the same networks.
"""

import sys

import gradient_flow
import training_grid
from lab import catalog, cli


def measure(
    activations=catalog.CANONICAL_ACTIVATIONS,
    initializers=catalog.CANONICAL_INITIALIZERS,
    depth=20,
    width=128,
    seeds=5,
    first_seed=0,
    dataset="digits",
):
    """Return one row per network: weakest gradient at the start, accuracy at the end.

    ``weakest_gradient`` is the smallest, over the layers, of the rms gradient of the weights.
    """
    network = {
        "activations": activations,
        "initializers": initializers,
        "depth": depth,
        "width": width,
        "first_seed": first_seed,
        "dataset": dataset,
    }
    # Those of chapter 11, whose table is there already when the book is built, or more.
    flow = gradient_flow.measure(**network, seeds=max(seeds, gradient_flow.SEEDS))
    grid = training_grid.measure(**network, seeds=seeds)
    keys = ["activation", "initializer", "seed"]
    start = flow.groupby(keys, sort=False).weight_gradient_rms.min().rename("weakest_gradient")
    end = training_grid.last_epoch(grid).set_index(keys)[["train_accuracy", "test_accuracy"]]
    return end.join(start).reset_index()


def draw(networks):
    """Draw accuracy after training against the weakest gradient before it."""
    from lab import figures

    figure, ((ax,),) = figures.subplots(size=(5.2, 4.2))
    for (activation, initializer), part in networks.groupby(
        ["activation", "initializer"], sort=False
    ):
        style = {**figures.line_style(activation, initializer), "linestyle": "", "markersize": 5}
        ax.plot(
            part.weakest_gradient,
            part.test_accuracy,
            **style,
            label=catalog.label(activation, initializer),
        )
    figures.log_axis(ax, "x")
    ax.set_xlabel("el gradiente ∂L/∂W más débil, antes de entrenar")
    ax.set_ylabel("aciertos tras entrenar (prueba)")
    ax.set_ylim(0, 1.02)
    figures.reference(ax, 0.1, "azar")
    handles, _ = ax.get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    numbers = summary(networks)
    return figures.describe(
        figure,
        f"Un punto por red entrenada. Las {numbers['failed']} redes que se quedan por debajo de "
        f"la mitad de los aciertos tenían, antes de entrenar, gradientes de como mucho "
        f"{numbers['failed_strongest']:.0e}; las {numbers['learned']} que pasan de ahí, de "
        f"{numbers['learned_weakest']:.0e} o más.",
    )


def summary(networks):
    """Count the networks on each side of 50 % accuracy, and the gap between their gradients."""
    learned = networks.test_accuracy > 0.5
    return {
        "learned": int(learned.sum()),
        "failed": int((~learned).sum()),
        "networks": len(networks),
        "learned_weakest": networks.weakest_gradient[learned].min(),
        "failed_strongest": networks.weakest_gradient[~learned].max(),
    }


def table(networks):
    """Return one line per combination, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "combinación": catalog.label(*pair),
            "gradiente más débil al empezar": f"{part.weakest_gradient.median():.1e}",
            "aciertos al terminar": f"{100 * part.test_accuracy.mean():.1f} %",
        }
        for pair, part in networks.groupby(["activation", "initializer"], sort=False)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Compara el gradiente más débil antes de entrenar con los aciertos después.",
            measure,
            draw,
            table,
        )
    )

"""How deep a network can be and still learn, pair by pair, and what its gradients say first.

Chapters 9 and 12. After the experiment of Schoenholz et al. (2017, figure 5): the same short
training at many depths. They find that networks learn down to a depth of some 6 ξ.
"""

import sys

import training_grid
from lab import catalog, cli, store, units

DEPTHS = (2, 4, 7, 10, 20)
ENOUGH = 0.9  # accuracy on the training images at which a run has shown that it learns


@store.measurement
def measure(
    activations=catalog.CANONICAL_ACTIVATIONS,
    initializers=catalog.CANONICAL_INITIALIZERS,
    depths=DEPTHS,
    width=64,
    seeds=3,
    first_seed=0,
    dataset="digits",
    optimizer="sgd",
    learning_rate=3e-3,
    momentum=0.9,
    epochs=10,
):
    """Return a table with one row per (activation, depth, initializer, seed).

    What ``gradients`` finds before the training and ``learn`` after it. With 64 units and
    the 64 pixels of the digits every hidden layer is square.
    """
    import pandas as pd

    from lab import data

    data.fetch(dataset)
    work = units.product(
        {
            "activation": activations,
            "depth": depths,
            "initializer": initializers,
            "seed": range(first_seed, first_seed + seeds),
        },
        width=width,
        dataset=dataset,
        optimizer=optimizer,
        learning_rate=learning_rate,
        momentum=momentum,
        epochs=epochs,
    )
    return pd.DataFrame(units.map(trained, work, "entrenando", lane=("activation", "depth")))


def trained(activation, initializer, depth, seed, epochs, **settings):
    """Train one network; return its row."""
    from lab import model

    trainer = training_grid.make_trainer(activation, depth, **settings)
    model.redraw(trainer.model, initializer, seed)
    return {
        "activation": activation,
        "initializer": initializer,
        "depth": depth,
        "width": settings["width"],
        "inputs": trainer.dataset.inputs,
        "optimizer": settings["optimizer"],
        "learning_rate": settings["learning_rate"],
        "seed": seed,
        **gradients(trainer.model, trainer.dataset, activation),
        **learn(trainer, epochs, seed),
    }


def gradients(network, images, activation):
    """Return what reaches the lower layers of an untrained network.

    ``delta_ratio``: δ at layer 1 over δ at the last; ``weight_gradient``: ∂L/∂W of the layer
    that receives least.
    """
    from lab import numpy_network, probe

    x, y = images.x_train[:256], images.y_train[:256]
    layers = numpy_network.layers_of(network)
    z, h, logits = numpy_network.forward(layers, x, activation)
    deltas = numpy_network.backward(layers, z, logits, y, activation)
    return {
        "delta_ratio": probe.rms(deltas[0]) / probe.rms(deltas[-1]),
        "weight_gradient": min(map(probe.rms, numpy_network.weight_gradients(x, h, deltas))),
    }


def learn(trainer, epochs, seed):
    """Train until an epoch is ``ENOUGH``, or for ``epochs``; return the end."""
    history = []
    for result in trainer.epochs(epochs, seed, ["train"]):
        history.append(result["train_accuracy"])
        if not history[-1] < ENOUGH:  # enough, or no number any more
            break
    end = trainer.evaluate()
    return {
        "epochs": len(history) - 1,
        **{name: end[name] for name in ("train_accuracy", "test_accuracy")},
    }


# --- what comes out of it -----------------------------------------------------------------


def predicted_depth(activation, initializer, width=64):
    """Return 6 ξ: so deep, δ changes by e³ ≈ 20 on its way down."""
    from lab import theory

    sigma_w2 = width * theory.weight_variance(initializer, width, width)
    return 6 * theory.depth_scale(activation, sigma_w2)


def exact_depth(activation, initializer, width=64, inputs=64, deepest=1000):
    """Return the depth at which δ has changed by e³ on its way down, counted layer by layer.

    Where χ nears 1 slowly, 6 ξ is infinite and this is not. Infinity beyond ``deepest``.
    """
    import math

    from lab import theory

    sigma_w2 = width * theory.weight_variance(initializer, width, width)
    q = inputs * theory.weight_variance(initializer, inputs, width)  # they are standardized
    change = 0.0
    for depth in range(2, deepest + 1):
        change += math.log(theory.chi(activation, q, sigma_w2)) / 2
        if abs(change) >= 3:
            return depth
        q = theory.q_map(activation, q, sigma_w2)
    return math.inf


def theory_off(runs):
    """Return by what factor the measured δ₁ / δ_L is off the predicted one, where most."""
    import numpy as np

    from lab import stats, theory

    ratios = []
    keys = ["activation", "initializer", "depth", "width", "inputs"]
    for (*pair, depth, width, inputs), part in runs.groupby(keys):
        delta = theory.predict(*pair, [width] * depth, inputs).delta_rms
        ratios.append(stats.geometric_mean(part.delta_ratio) / (delta[0] / delta[-1]))
    return np.exp(np.abs(np.log(ratios)).max())


def pairs(runs):
    """Return the (activation, initializer) of a table, the least deep first by prediction."""
    found = runs[["activation", "initializer"]].drop_duplicates().itertuples(index=False)
    return sorted(map(tuple, found), key=lambda pair: predicted_depth(*pair, width_of(runs)))


def width_of(runs):
    """Return the units of a layer, the same in all the networks of a table."""
    return int(runs.width.iloc[0])


def by_depth(runs, pair, value, centre="mean"):
    """Return one value of a pair, averaged over the seeds: a series by depth."""
    chosen = runs[(runs.activation == pair[0]) & (runs.initializer == pair[1])]
    return chosen.groupby("depth")[value].agg(centre)


def reached(runs, pair):
    """Return the largest depth of the table where the mean accuracy passes 50 % (or 0)."""
    accuracy = by_depth(runs, pair, "train_accuracy")
    return max(accuracy.index[accuracy > 0.5], default=0)


def draw(runs):
    """Draw three maps, pair by depth: δ and ∂L/∂W before the training, accuracy after it."""
    import numpy as np

    from lab import figures, stats

    rows = pairs(runs)
    depths = sorted(runs.depth.unique())
    figure, axes = figures.subplots(1, 3, size=(7.8, 0.34 * len(rows) + 1.15), sharey=True)
    blue, _, green, *_ = figures.SEQUENCE
    maps = (
        ("antes: δ₁ / δ última", "delta_ratio", blue, (1e-4, 1)),
        ("antes: peor ∂L/∂W", "weight_gradient", blue, (1e-6, 10**-1.5)),
        ("después: aciertos (%)", "train_accuracy", green, None),
    )
    for ax, (title, value, color, limits) in zip(axes[0], maps, strict=True):
        centre = stats.geometric_mean if limits else "mean"
        values = np.array([by_depth(runs, pair, value, centre) for pair in rows])
        shade, texts = values, 100 * values
        if limits:
            texts = np.log10(values)
            shade = np.log(values / limits[0]) / np.log(limits[1] / limits[0])
        texts = [[f"{round(v)}".replace("-", "−") for v in row] for row in texts]
        figures.heat_map(ax, shade, texts, depths, figures.ramp(color))
        ax.set_title(title)
        ax.set_xlabel("capas ocultas")
    for row, pair in enumerate(rows):
        edge = np.searchsorted(depths, predicted_depth(*pair, width_of(runs))) - 0.5
        if edge < len(depths) - 0.5:
            ax.plot([edge, edge], [row - 0.5, row + 0.5], color=figures.INK, linewidth=2.5)
    axes[0, 0].set_yticks(range(len(rows)), [catalog.label(*pair) for pair in rows])
    return figures.describe(
        figure,
        "Tres mapas con las mismas filas (parejas) y columnas (profundidades). Los huecos "
        "coinciden: donde el gradiente no llega, la red no aprende. Última profundidad con más "
        "de la mitad de aciertos: "
        + "; ".join(f"{catalog.label(*pair)}, {reached(runs, pair)} capas" for pair in rows)
        + ".",
    )


def summary(runs):
    """Return, for each pair, the depth reached, the two predicted and the accuracies."""
    values = {"deepest": int(runs.depth.max()), "theory_off": theory_off(runs)}
    sizes = width_of(runs), int(runs.inputs.iloc[0])
    for pair in pairs(runs):
        name = f"{pair[0]}_{pair[1].partition('_')[0]}"
        values[f"{name}_reached"] = int(reached(runs, pair))
        values[f"{name}_predicted"] = predicted_depth(*pair, width_of(runs))
        values[f"{name}_exact"] = exact_depth(*pair, *sizes)
        values[f"{name}_delta"] = by_depth(runs, pair, "delta_ratio").iloc[-1]
        values[f"{name}_weights"] = by_depth(runs, pair, "weight_gradient").iloc[-1]
        for depth, accuracy in by_depth(runs, pair, "train_accuracy").items():
            values[f"{name}_at{depth}"] = accuracy
    return values


def table(runs):
    """Return one line per pair, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "combinación": catalog.label(*pair),
            "6 ξ": f"{limit:.1f}" if limit < 1000 else "sin límite",
            **{
                f"{depth} capas": f"{100 * accuracy:.0f} %"
                for depth, accuracy in by_depth(runs, pair, "train_accuracy").items()
            },
        }
        for pair in pairs(runs)
        for limit in [predicted_depth(*pair, width_of(runs))]
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Entrena cada combinación a varias profundidades y dice hasta dónde aprende.",
            measure,
            draw,
            table,
            workers=True,
        )
    )

"""The formulas of backpropagation against Keras, layer by layer.

Chapter 2. The passes of ``lab.numpy_network`` (NumPy, float64) and ``lab.probe`` (Keras, float32)
over the same batch and the same weights. What is left between them is rounding.
"""

import sys

from lab import catalog, cli, store

SIGNALS = {
    "z": "preactivación z",
    "h": "activación h",
    "delta": "gradiente δ",
    "weight_gradient": "gradiente ∂L/∂W",
}

#: δ and what is made of it lie upon each other.
DASHED = {"delta": {"linestyle": (0, (4, 3)), "zorder": 3}}


@store.measurement
def measure(
    activations=("sigmoid", "tanh", "relu"),
    initializers=("he_normal",),
    depth=20,
    width=128,
    seeds=10,
    first_seed=0,
    samples=64,
    dataset="digits",
):
    """Return a table with one row per (activation, initializer, seed, signal, layer).

    ``difference`` is ‖Keras − NumPy‖ / ‖NumPy‖ over all the values of the layer.
    """
    import pandas as pd

    from lab import data, model, numpy_network, probe

    images = data.load(dataset)
    x, y = images.x_train[:samples], images.y_train[:samples]
    rows = []
    for activation in activations:
        network = model.mlp(
            activation, depth=depth, width=width, inputs=images.inputs, classes=images.classes
        )
        look = probe.Probe(network)
        work = [(i, s) for i in initializers for s in range(first_seed, first_seed + seeds)]
        for initializer, seed in cli.progress(work, activation):
            model.redraw(network, initializer, seed)
            keras_says = look(x, y)
            layers = numpy_network.layers_of(network)
            z, h, logits = numpy_network.forward(layers, x, activation)
            delta = numpy_network.backward(layers, z, logits, y, activation)
            gradient = numpy_network.weight_gradients(x, h, delta)
            numpy_says = dict(zip(SIGNALS, (z, h, delta, gradient), strict=True))
            for signal, exact in numpy_says.items():
                for layer, (ours, theirs) in enumerate(
                    zip(exact, getattr(keras_says, signal), strict=True), start=1
                ):
                    rows.append(
                        {
                            "activation": activation,
                            "initializer": initializer,
                            "seed": seed,
                            "signal": signal,
                            "layer": layer,
                            "difference": probe.rms(theirs - ours) / probe.rms(ours),
                        }
                    )
    return pd.DataFrame(rows)


def draw(check):
    """Draw the difference by layer: one column per network, one colour per signal."""
    import numpy as np

    from lab import figures, stats

    pairs = list(check.groupby(["activation", "initializer"], sort=False).groups)
    depth = int(check.layer.max())
    figure, (axes,) = figures.subplots(
        1, len(pairs), size=(max(2.4 * len(pairs) + 0.6, 6.6), 3.6), sharex=True, sharey=True
    )
    resolution = float(np.finfo(np.float32).eps)
    for ax, (activation, initializer) in zip(axes, pairs, strict=True):
        figures.log_axis(ax)
        part = check.query("activation == @activation and initializer == @initializer")
        for (signal, label), color in zip(SIGNALS.items(), figures.SEQUENCE, strict=False):
            spread = stats.over_seeds(part[part.signal == signal], "layer", "difference")
            ax.plot(spread.x, spread.centre, color=color, label=label, **DASHED.get(signal, {}))
            ax.fill_between(spread.x, spread.low, spread.high, color=color, alpha=0.18, linewidth=0)
        name = "resolución de float32" if ax is axes[-1] else ""
        figures.reference(ax, resolution, name)
        figures.layer_axis(ax, depth)
        ax.set_title(catalog.label(activation, initializer))
    axes[0].set_ylim(bottom=min(axes[0].get_ylim()[0], 0.3 * resolution))  # for its name
    axes[0].set_ylabel("diferencia relativa")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    worst = check.groupby(["activation", "initializer"], sort=False).difference.max()
    return figures.describe(
        figure,
        "Diferencia relativa entre Keras y NumPy en cada capa y cada señal, en escala "
        "logarítmica. La mayor de cada red: "
        + "; ".join(f"{catalog.label(*pair)}, {value:.1e}" for pair, value in worst.items())
        + ".",
    )


def summary(check):
    """Return the numbers of the prose."""
    import numpy as np

    return {
        "worst": check.difference.max(),
        "typical": check.difference.median(),
        "epsilon": float(np.finfo(np.float32).eps),
    }


def table(check):
    """Return the largest difference of each signal, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "red": catalog.label(*pair),
            **{
                label: f"{part.difference[part.signal == signal].max():.1e}"
                for signal, label in SIGNALS.items()
            },
        }
        for pair, part in check.groupby(["activation", "initializer"], sort=False)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Compara la retropropagación escrita a mano con la de Keras.", measure, draw, table
        )
    )

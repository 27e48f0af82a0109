"""Where the pre-activations fall on the curve of the activation, layer by layer.

Chapter 4. Before training, or after some epochs of it. After the histograms of Glorot and
Bengio (2010).
"""

import sys

from lab import arguments, catalog, cli, store

#: Edges of the bins of z; what lies beyond is not drawn.
REACH, BINS = 5.0, 80


@store.measurement
def measure(
    activations=("sigmoid", "tanh", "relu"),
    initializers=catalog.CANONICAL_INITIALIZERS,
    depth=20,
    width=128,
    seeds=10,
    epochs=0,
    optimizer="sgd",
    learning_rate=1e-3,
):
    """Return one row per (activation, initializer, seed, layer), after ``epochs`` of training.

    Columns: ``slope_rms``, the root mean square of φ'(z); ``saturated_fraction``, the share of
    z whose slope is below a tenth of the steepest; ``density``, the histogram of z (a list of
    shares); ``test_accuracy``, NaN before training. The batch is the first 256 images.
    """
    import numpy as np
    import pandas as pd

    from lab import data, model, numpy_network, probe, theory, training

    images = data.load()
    rows = []
    work = [(activation, initializer) for activation in activations for initializer in initializers]
    networks = {}
    for activation, initializer in cli.progress(work, "midiendo"):
        if activation not in networks:
            network = model.mlp(activation, depth=depth, width=width)
            trainer = training.Trainer(network, images, optimizer, learning_rate)
            networks[activation] = network, trainer
        network, trainer = networks[activation]
        slope = theory.ACTIVATIONS[activation].slope
        flat = 0.1 * theory.steepest(activation)
        for seed in range(seeds):
            model.redraw(network, initializer, seed)
            accuracy = np.nan
            if epochs:
                last = trainer.train(epochs, seed)
                accuracy = last["test_accuracy"]
            layers = numpy_network.layers_of(network)
            zs, _, _ = numpy_network.forward(layers, images.x_train[:256], activation)
            for layer, z in enumerate(zs, start=1):
                slopes = slope(z)
                counts, _ = np.histogram(z, BINS, (-REACH, REACH))
                rows.append(
                    {
                        "activation": activation,
                        "initializer": initializer,
                        "depth": depth,
                        "width": width,
                        "epochs": epochs,
                        "seed": seed,
                        "layer": layer,
                        "slope_rms": probe.rms(slopes),
                        "saturated_fraction": float(np.mean(np.abs(slopes) < flat)),
                        "test_accuracy": accuracy,
                        "density": (counts / z.size).tolist(),
                    }
                )
    return pd.DataFrame(rows)


def draw(points):
    """Draw, under the slope of each activation, the histogram of z of every layer."""
    import numpy as np

    from lab import figures, theory

    initializers = list(dict.fromkeys(points.initializer))
    depth = int(points.depth.iloc[0])
    figure, columns = figures.activation_columns(
        points.activation,
        1 + len(initializers),
        size=(min(2.35, 6.6 / points.activation.nunique()), 1.5 + 2.1 * len(initializers)),
        sharey="row",
        gridspec_kw={"height_ratios": [1] + [1.7] * len(initializers)},
    )
    z = np.linspace(-REACH, REACH, 1001)
    for activation, column in columns.items():
        color = figures.COLORS[activation]
        slope = theory.ACTIVATIONS[activation].slope(z)
        column[0].plot(z, slope, color=color, linewidth=2)
        for ax in column:
            figures.shade(ax, z, np.abs(slope) < 0.1 * slope.max())
        for ax, initializer in zip(column[1:], initializers, strict=True):
            chosen = (points.activation == activation) & (points.initializer == initializer)
            part = points[chosen]
            density = np.array(
                part.groupby("layer").density.agg(lambda d: np.mean([*d], axis=0)).tolist()
            )
            ax.pcolormesh(
                np.linspace(-REACH, REACH, BINS + 1),
                np.arange(depth + 1) + 0.5,
                density / density.max(axis=1, keepdims=True),
                cmap=figures.ramp(color),
                rasterized=True,
            )
            beyond = 1 - density.sum(axis=1).mean()
            if beyond > 0.05:
                ax.set_title(f"fuera de la figura: {beyond:.0%}".replace("%", " %"), pad=3)
            ax.set_ylim(depth + 0.5, 0.5)
            ax.set_yticks([1, depth])
            ax.grid(False)
        column[-1].set_xlabel("preactivación z")
    top, *below = next(iter(columns.values()))
    top.set_ylabel("φ'(z)")
    for ax, initializer in zip(below, initializers, strict=True):
        ax.set_ylabel(f"{catalog.initializer_label(initializer)}\ncapa")
    shares = points.groupby(["activation", "initializer"], sort=False).saturated_fraction.mean()
    return figures.describe(
        figure,
        "Histograma de z en cada capa, bajo la pendiente de su activación, con la zona de "
        "saturación sombreada. Valores en esa zona, en el conjunto de las capas: "
        + "; ".join(
            f"{catalog.label(*pair)}, {100 * share:.1f} %" for pair, share in shares.items()
        )
        + ".",
    )


def summary(points):
    """Return shares of saturated values, named like "tanh_he_normal_saturated"."""
    numbers = {}
    for pair, part in points.groupby(["activation", "initializer"]):
        name, share = "_".join(pair), part.saturated_fraction
        numbers |= {
            f"{name}_saturated": share.mean(),
            f"{name}_saturated_first": share[part.layer == 1].mean(),
            f"{name}_saturated_deep": share[part.layer > 1].mean(),
            f"{name}_accuracy": part.test_accuracy.mean(),
        }
    return numbers


def table(points):
    """Return slope and saturation in the first, middle and last layer, for the terminal."""
    import pandas as pd

    depth = int(points.depth.iloc[0])
    rows = []
    for pair, part in points.groupby(["activation", "initializer"], sort=False):
        row = {"combinación": catalog.label(*pair)}
        for layer in sorted({1, (depth + 1) // 2, depth}):
            here = part[part.layer == layer]
            row[f"φ' eficaz, capa {layer}"] = f"{here.slope_rms.mean():.3f}"
            row[f"saturadas, capa {layer}"] = f"{here.saturated_fraction.mean():.1%}"
        rows.append({**row, "aciertos": f"{part.test_accuracy.mean():.1%}"})
    return pd.DataFrame(rows)


OPTIONS = {
    "epochs": cli.Option(
        "--epochs", arguments.whole(0), "épocas de entrenamiento antes de mirar", "N"
    )
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Muestra en qué parte de la curva caen las preactivaciones de cada capa.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

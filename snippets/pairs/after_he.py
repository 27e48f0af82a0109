"""What came after Xavier and He, on the same ReLU network.

Chapter 12. He et al. (2015), orthogonal weights (Saxe et al. 2013), LSUV (Mishkin and Matas
2015), batch normalization (Ioffe and Szegedy 2015), residual connections (He et al. 2016).
"""

import sys
from dataclasses import dataclass

import trainable_depth
from lab import arguments, cli, store


@dataclass(frozen=True)
class Method:
    """A start, and what is changed in the network."""

    label: str
    initializer: str = "glorot_uniform"
    lsuv: bool = False
    normalized: bool = False
    residual: bool = False
    branch: float | None = None  # what a branch is multiplied by; None: 1/√depth


METHODS = {
    "glorot": Method("Glorot, sin nada más"),
    "he": Method("He", "he_normal"),
    "orthogonal": Method("ortogonal × √2", "orthogonal:1.41421356"),
    "lsuv": Method("LSUV", "orthogonal", lsuv=True),
    "batch": Method("Glorot + norm. por lotes", normalized=True),
    "residual": Method("Glorot + residual", residual=True),
    "raw": Method("Glorot + residual, sin dividir", residual=True, branch=1.0),
}
SHOWN = ("glorot", "he", "orthogonal", "lsuv", "batch", "residual")
OPTIONS = {
    "methods": cli.Option(
        "--method",
        arguments.one_of(METHODS, "el método"),
        f"método ({', '.join(METHODS)})",
        "NOMBRE",
        many=True,
    )
}


def build(depth, width, method):
    """Return a ReLU network; ``residual`` adds each layer to what came in."""
    import keras

    h = inputs = keras.Input((width,))
    for _ in range(depth):
        z = keras.layers.Dense(width)(h)
        if method.normalized:
            # The next layer can do the scaling.
            z = keras.layers.BatchNormalization(momentum=0.9, scale=False)(z)
        branch = keras.layers.ReLU()(z)
        if method.residual:
            # Divided by √depth, their sum grows slowly with the depth.
            branch = h + (method.branch or depth**-0.5) * branch
        h = branch
    return keras.Model(inputs, keras.layers.Dense(10)(h))


def lsuv(network, x):
    """Scale each layer so that its z has variance 1 on the batch x."""
    import numpy as np

    signal = x
    for layer in network.layers[1:-1]:  # neither the input nor the head
        if hasattr(layer, "kernel"):
            layer.kernel.assign(layer.kernel / np.std(layer(signal)))
        signal = layer(signal)


def restart(network, method, seed, x):
    """Give the network the weights of this method and seed, as if it were new."""
    import keras
    import numpy as np

    from lab import model

    model.redraw(network, method.initializer, seed)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            for variable, value in zip(layer.weights, (0, 0, 1), strict=True):
                variable.assign(np.full(variable.shape, value))
    if method.lsuv:
        lsuv(network, x)


def growth(network, x, y):
    """Return ∂L/∂W of layer 1 over that of the last hidden layer."""
    import keras
    import tensorflow as tf

    from lab import model, probe

    kernels = [layer.kernel.value for layer in model.dense_layers(network)]
    with tf.GradientTape() as tape:
        logits = network(x, training=True)
        loss = keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)
    *hidden, _head = tape.gradient(loss, kernels)
    return probe.rms(hidden[0].numpy()) / probe.rms(hidden[-1].numpy())


@store.measurement
def measure(methods=SHOWN, depths=(10, 20, 40), seeds=5, learning_rate=3e-3, epochs=10):
    """Return a table with one row per (method, depth, seed): its ``growth`` and how it ends."""
    import pandas as pd

    from lab import data, training

    images = data.load()
    trainers = {}
    rows = []
    work = [(d, m, s) for d in depths for m in methods for s in range(seeds)]
    for depth, name, seed in cli.progress(work, "entrenando"):
        method = METHODS[name]
        kind = depth, method.normalized, method.residual, method.branch
        if kind not in trainers:
            network = build(depth, images.inputs, method)
            trainers[kind] = training.Trainer(network, images, learning_rate=learning_rate)
        network, x, y = trainers[kind].model, images.x_train[:256], images.y_train[:256]
        restart(network, method, seed, x)
        before = {"method": name, "depth": depth, "seed": seed, "growth": growth(network, x, y)}
        rows.append({**before, **trainable_depth.learn(trainers[kind], epochs, seed)})
    return pd.DataFrame(rows)


def draw(runs):
    """Draw accuracy against depth, one line per method."""
    from lab import figures, stats

    figure, axes = figures.subplots(size=(5.2, 3.9))
    ax = axes[0, 0]
    markers = dict(zip(METHODS, "xoDsv^P", strict=True))
    colors = dict(zip(METHODS, (figures.INK, *figures.SEQUENCE), strict=True))
    for place, name in enumerate(dict.fromkeys(runs.method)):
        part = runs[runs.method == name]
        spread = stats.over_seeds(part, "depth", "train_accuracy", logarithmic=False)
        x = spread.x * 1.015 ** (place - 2.5)  # side by side
        ax.plot(
            x,
            spread.centre,
            color=colors[name],
            marker=markers[name],
            markersize=5,
        )
        ax.vlines(x, spread.low, spread.high, color=colors[name], alpha=0.35, linewidth=3)
    figures.accuracy_by_depth(ax, runs.depth.unique(), "aciertos (entrenamiento)")
    deepest = runs.depth.max()
    ends = means(runs)[deepest].fillna(0)
    figures.label_ends(
        ax, [(value, METHODS[name].label, colors[name]) for name, value in ends.items()], gap=0.065
    )
    return figures.describe(
        figure,
        f"Aciertos de redes de ReLU con {deepest} capas: "
        + "; ".join(
            f"{METHODS[name].label}, {100 * value:.0f} %"
            for name, value in means(runs)[deepest].items()
        )
        + ".",
    )


def means(runs, value="train_accuracy", centre="mean"):
    """Return the mean over the seeds: rows are methods, columns depths."""
    return runs.pivot_table(value, "method", "depth", centre, sort=False, dropna=False)


def summary(runs):
    """Return accuracy, epochs and growth of each method and depth, named like "residual_40".

    ``batch_theory``: the growth expected of the deepest normalized network, where each layer
    multiplies δ² by π/(π − 1). ``tanh_lsuv_chi``: factor of δ² where LSUV has set q to 1.
    """
    import math

    from lab import stats, theory

    values = {"batch_theory": (math.pi / (math.pi - 1)) ** ((runs.depth.max() - 1) / 2)}
    for name in ("tanh", "sigmoid"):
        chi = theory.chi(name, q=1, sigma_w2=1 / theory.second_moment(name, q=1))
        values[f"{name}_lsuv_chi"] = chi
    for quantity, ending, centre in (
        ("train_accuracy", "", "mean"),
        ("epochs", "_epochs", "mean"),
        ("growth", "_growth", stats.geometric_mean),
    ):
        for depth, column in means(runs, quantity, centre).items():
            values |= {f"{name}_{depth}{ending}": value for name, value in column.items()}
    return values


def table(runs):
    """Return one line per method, for the terminal."""
    return (
        means(runs)
        .map(lambda value: f"{100 * value:.0f} %" if value == value else "diverge")
        .rename(index={name: method.label for name, method in METHODS.items()})
        .rename(columns=lambda depth: f"{depth} capas")
        .rename_axis(columns=None, index="método")
        .reset_index()
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Entrena redes profundas de ReLU con lo que vino después de He.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

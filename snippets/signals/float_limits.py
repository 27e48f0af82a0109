"""Where float32 ends: signals too large and gradients too small to be written down.

Chapter 3. Keras computes in float32; the same weights in float64 show what should have come
out. Weights of deviation 1 make a ReLU network overflow on the way forwards; a deep sigmoid
network underflows on the way back. The limits are those of IEEE 754 (Goldberg 1991).
"""

import sys

from lab import catalog, cli, store

#: What is followed through the layers, and of which network.
CASES = {
    "h": ("relu", "random_normal:1.0"),
    "∂L/∂W": ("sigmoid", "glorot_uniform"),
}


@store.measurement
def measure(depth=70, width=128, seeds=10, first_seed=0, samples=32, dataset="digits"):
    """Return a table with one row per (signal, seed, layer).

    ``float32`` and ``float64`` are the signal's rms; ``infinite``, ``nan`` and ``zero`` are
    shares of its float32 values, ``gradient_nan`` that of the layer's ∂L/∂W.
    """
    import numpy as np
    import pandas as pd

    from lab import data, model, numpy_network, probe

    images = data.load(dataset)
    x, y = images.x_train[:samples], images.y_train[:samples]
    rows = []
    for signal, (activation, initializer) in CASES.items():
        network = model.mlp(
            activation, depth=depth, width=width, inputs=images.inputs, classes=images.classes
        )
        for seed in cli.progress(range(first_seed, first_seed + seeds), f"midiendo {signal}"):
            model.redraw(network, initializer, seed)
            layers = numpy_network.layers_of(network)
            z, h, logits = numpy_network.forward(layers, x, activation)
            deltas = numpy_network.backward(layers, z, logits, y, activation)
            doubles = {"h": h, "∂L/∂W": numpy_network.weight_gradients(x, h, deltas)}
            singles = in_keras(network, x, y)
            pairs = zip(singles[signal], doubles[signal], singles["∂L/∂W"], strict=True)
            for layer, (single, double, gradient) in enumerate(pairs, start=1):
                rows.append(
                    {
                        "signal": signal,
                        "seed": seed,
                        "layer": layer,
                        "float32": probe.rms(single),
                        "float64": probe.rms(double),
                        "infinite": np.isinf(single).mean(),
                        "nan": np.isnan(single).mean(),
                        "zero": (single == 0).mean(),
                        "gradient_nan": np.isnan(gradient).mean(),
                    }
                )
    return pd.DataFrame(rows)


def in_keras(network, x, y):
    """Return h and ∂L/∂W of the hidden layers as training would compute them, in float32."""
    import keras
    import tensorflow as tf

    from lab import model

    kernels = [layer.kernel.value for layer in model.dense_layers(network)[:-1]]
    h, signal = [], x
    with tf.GradientTape() as tape:
        tape.watch(kernels)
        for layer in network.layers:
            signal = layer(signal)
            if isinstance(layer, keras.layers.Activation):
                h.append(signal.numpy())
        loss = keras.losses.sparse_categorical_crossentropy(y, signal, from_logits=True)
        loss = tf.reduce_mean(loss)
    return {"h": h, "∂L/∂W": [gradient.numpy() for gradient in tape.gradient(loss, kernels)]}


def useless(limits):
    """Return, by signal and seed, where float32 is lost: the first layer h, the last ∂L/∂W.

    h once it holds ∞ or NaN, ∂L/∂W while all of it is exactly 0.
    """
    h = limits.query("signal == 'h' and infinite + nan > 0").groupby("seed").layer.min()
    gradient = limits.query("signal == '∂L/∂W' and zero == 1").groupby("seed").layer.max()
    return {"h": h, "∂L/∂W": gradient}


def draw(limits):
    """Draw both signals by layer: the points of float32 on the line of float64."""
    import numpy as np

    from lab import figures, stats

    single = np.finfo(np.float32)
    depth = int(limits.layer.max())
    figure, axes = figures.subplots(1, 2, size=(7.8, 3.7))
    grows, shrinks = axes[0]
    for ax, (signal, pair) in zip(axes[0], CASES.items(), strict=True):
        part = limits[limits.signal == signal]
        figures.log_axis(ax)
        exact = stats.over_seeds(part, "layer", "float64")
        figures.predicted(ax, exact.x, exact.centre, *pair)
        alive = part.assign(float32=part.float32.where(part.float32 > 0))
        figures.measured_points(ax, stats.over_seeds(alive, "layer", "float32"), *pair)
        figures.layer_axis(ax, depth)
        ax.set_title(f"{signal} · {catalog.label(*pair)}", color=figures.COLORS[pair[0]])
    first, last = (int(layers.median()) for layers in useless(limits).values())
    for ax, limit, name, at, (start, end), text in (
        (grows, single.max, "mayor", ("left", 1, 1e2), (first - 0.5, depth + 2), "∞ y NaN"),
        (shrinks, single.tiny, "menor", ("right", depth, 1e-4), (-1, last + 0.5), "0 exacto"),
    ):
        side, x, shift = at
        figures.reference(ax, float(limit))
        ax.text(x, float(limit) * shift, f"el {name} número de float32", ha=side)
        figures.shade(ax, np.array([start, end]), np.array([True, True]))
        ax.text((start + end) / 2, 0.3, text, transform=ax.get_xaxis_transform(), ha="center")
    return figures.describe(
        figure,
        f"Dos redes de {depth} capas en float32 (puntos) y en float64 (línea). A la izquierda, "
        f"la activación de la red que crece: los puntos acaban en la capa {first}, donde la "
        f"recta cruza {single.max:.1e}; a partir de ahí solo hay infinitos y NaN. A la derecha, "
        f"el gradiente de la red que encoge: entre la capa 1 y la {last} es exactamente cero.",
    )


def summary(limits):
    """Return the numbers of the prose, and how many layers each number format lasts."""
    import numpy as np

    from lab import stats

    where = useless(limits)
    values = {
        "overflow_first": int(where["h"].min()),
        "overflow_last": int(where["h"].max()),
        "zero_first": int(where["∂L/∂W"].min()),
        "zero_last": int(where["∂L/∂W"].max()),
        "gradient_nan": limits.query("signal == 'h'").gradient_nan.min(),
        "all_nan": int(limits.query("signal == 'h' and nan < 1").layer.max()) + 1,
    }
    doubles = limits.pivot(index="seed", columns=["signal", "layer"], values="float64")
    values["growth"] = stats.factor_per_layer(doubles["h"])
    values["decay"] = 1 / stats.factor_per_layer(doubles["∂L/∂W"])  # back from the last layer
    for number in (np.float16, np.float32, np.float64):
        name, limit = number.__name__, np.finfo(number)
        values[f"{name}_max"] = float(limit.max)
        values[f"{name}_tiny"] = float(limit.tiny)
        values[f"{name}_grows"] = int(np.log(limit.max) / np.log(values["growth"]))
        values[f"{name}_shrinks"] = int(np.log(limit.tiny) / np.log(values["decay"]))
    return values


def table(limits):
    """Return what float32 makes of some of the layers, for the terminal."""
    import numpy as np
    import pandas as pd

    from lab import stats

    rows = []
    for signal, pair in CASES.items():
        part = limits[limits.signal == signal]
        for layer in np.unique(np.linspace(1, limits.layer.max(), 6).round()):
            here = part[part.layer == layer]
            rows.append(
                {
                    "red": catalog.label(*pair),
                    "señal": signal,
                    "capa": int(layer),
                    "float32": f"{stats.geometric_mean(here.float32):.1e}",
                    "float64": f"{stats.geometric_mean(here.float64):.1e}",
                    "∞ o NaN": f"{100 * (here.infinite + here.nan).mean():.0f} %",
                    "0 exacto": f"{100 * here.zero.mean():.0f} %",
                }
            )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Lleva dos redes profundas más allá de los límites de float32.", measure, draw, table
        )
    )

"""One batch crosses twenty layers, forwards and backwards: how large its values are in each.

Chapter 2. Three sizes of the same random weights: the signals shrink, keep their size or
grow. After the layer-by-layer histograms of Glorot and Bengio (2010, figures 6 and 7), here
with sizes on a logarithmic axis.
"""

import sys

from lab import catalog, cli, store

SIGNALS = {"h": "activación h", "delta": "gradiente δ"}
PER_DECADE = 8  # bins of a histogram in each power of ten


@store.measurement
def measure(
    activation="relu",
    initializers=("random_normal:0.09", "random_normal:0.125", "random_normal:0.175"),
    depth=20,
    width=128,
    seeds=10,
    first_seed=0,
    samples=256,
    dataset="digits",
):
    """Return a table with one row per (initializer, seed, signal, layer, size).

    ``share`` of the values of a layer have the absolute value ``size``, the middle of a bin;
    a size of 0 means exactly 0. ``rms`` belongs to the layer, ``loss`` to the network.
    """
    import numpy as np
    import pandas as pd

    from lab import data, model, probe

    images = data.load(dataset)
    x, y = images.x_train[:samples], images.y_train[:samples]
    network = model.mlp(
        activation, depth=depth, width=width, inputs=images.inputs, classes=images.classes
    )
    look = probe.Probe(network)
    parts = []
    work = [(i, s) for i in initializers for s in range(first_seed, first_seed + seeds)]
    for initializer, seed in cli.progress(work, "midiendo"):
        model.redraw(network, initializer, seed)
        signals = look(x, y)
        for signal in SIGNALS:
            for layer, values in enumerate(getattr(signals, signal), start=1):
                sizes, shares = histogram(values)
                parts.append(
                    {
                        "activation": activation,
                        "initializer": initializer,
                        "width": width,
                        "inputs": images.inputs,
                        "seed": seed,
                        "loss": float(np.mean(signals.loss)),
                        "signal": signal,
                        "layer": layer,
                        "rms": probe.rms(values),
                        "size": sizes,
                        "share": shares,
                    }
                )
    result = pd.DataFrame(parts).explode(["size", "share"], ignore_index=True)
    return result.astype({"size": float, "share": float})


def histogram(values):
    """Return (sizes, shares): which share of the values has which absolute value."""
    import numpy as np

    values = np.abs(values.astype(np.float64))
    with np.errstate(divide="ignore"):
        bins = np.floor(np.log10(values) * PER_DECADE)
    bins, counts = np.unique(bins, return_counts=True)
    return 10.0 ** ((bins + 0.5) / PER_DECADE), counts / values.size


def by_layer(signals):
    """Return one row per (initializer, seed, signal, layer), without the histograms."""
    keys = ["initializer", "seed", "signal", "layer"]
    return signals.drop_duplicates(keys).drop(columns=["size", "share"])


def predict(signals, initializer):
    """Return the rms that theory expects of each signal, {signal: (layers,)}."""
    from lab import theory

    widths = [int(signals.width.iloc[0])] * int(signals.layer.max())
    inputs = int(signals.inputs.iloc[0])
    expected = theory.predict(signals.activation.iloc[0], initializer, widths, inputs)
    return {"h": expected.activation_rms, "delta": expected.delta_rms}


def picture(signals, low, high):
    """Return the histograms as an image, (bins, layers): the mean share over the seeds.

    From ``low`` to ``high``, exponents of ten; exact zeros are left out.
    """
    import numpy as np

    image = np.zeros(((high - low) * PER_DECADE, signals.layer.max()))
    inside = signals[(signals["size"] > 10.0**low) & (signals["size"] < 10.0**high)]
    bins = np.floor((np.log10(inside["size"]) - low) * PER_DECADE).astype(int)
    np.add.at(image, (bins, inside.layer - 1), inside.share)
    return image / signals.seed.nunique()


def draw(signals):
    """Draw the histograms of each layer as an image: a row per signal, a column per weights."""
    import numpy as np

    from lab import figures, stats

    activation = signals.activation.iloc[0]
    initializers = list(dict.fromkeys(signals.initializer))
    depth = int(signals.layer.max())
    sizes = by_layer(signals)
    figure, axes = figures.subplots(
        2, len(initializers), size=(2.4 * len(initializers) + 0.6, 5.6), sharex=True, sharey="row"
    )
    layers = np.arange(1, depth + 1)
    lines = {initializer: predict(signals, initializer) for initializer in initializers}
    for row, (signal, title) in zip(axes, SIGNALS.items(), strict=True):
        here = signals[(signals.signal == signal) & (signals.share > 0.002)]
        exponents = np.log10(here["size"][here["size"] > 0])
        low, high = int(np.floor(exponents.min())), int(np.ceil(exponents.max()))
        row[0].set_ylabel(title)
        for ax, initializer in zip(row, initializers, strict=True):
            mine = (signals.signal == signal) & (signals.initializer == initializer)
            ax.imshow(
                picture(signals[mine], low, high),
                extent=(0.5, depth + 0.5, low, high),
                origin="lower",
                aspect="auto",
                interpolation="none",
                cmap=figures.ramp(figures.COLORS[activation]),
            )
            part = sizes[(sizes.signal == signal) & (sizes.initializer == initializer)]
            spread = stats.over_seeds(part, "layer", "rms")
            ax.vlines(
                layers, np.log10(spread.low), np.log10(spread.high), figures.INK, linewidth=0.8
            )
            ax.plot(layers, np.log10(spread.centre), "o", color=figures.INK, markersize=2.4)
            ax.plot(layers, np.log10(lines[initializer][signal]), color=figures.INK, linewidth=1)
            ax.yaxis.set_major_formatter(lambda e, _: figures.power_of_ten(10.0**e))
            ax.grid(False)
    for ax, initializer in zip(axes[0], initializers, strict=True):
        ax.set_title(catalog.initializer_label(initializer))
    for ax in axes[1]:
        figures.layer_axis(ax, depth)
    ends = [(signal, layer) for signal in SIGNALS for layer in sorted({1, depth})]
    rms = sizes.groupby(["initializer", "signal", "layer"]).rms.agg(stats.geometric_mean)
    return figures.describe(
        figure,
        f"Histogramas de la activación y del gradiente en las {depth} capas. "
        + "; ".join(
            f"{catalog.initializer_label(initializer)}: "
            + ", ".join(
                f"{SIGNALS[signal]} en la capa {layer}, {rms[initializer, signal, layer]:.1e}"
                for signal, layer in ends
            )
            for initializer in initializers
        )
        + ".",
    )


def summary(signals):
    """Return the numbers of the prose for each initializer, named by its value."""
    import numpy as np

    from lab import stats

    depth = signals.layer.max()
    values = {}
    for initializer, part in by_layer(signals).groupby("initializer", sort=False):
        name = initializer.replace("random_normal:0.", "s")
        for signal, mine in part.groupby("signal"):
            rms = mine.pivot(index="seed", columns="layer", values="rms")
            values[f"{name}_{signal}_first"] = stats.geometric_mean(rms[1])
            values[f"{name}_{signal}_last"] = stats.geometric_mean(rms[depth])
            factor = stats.factor_per_layer(rms)  # to the right; δ travels to the left
            values[f"{name}_{signal}_factor"] = 1 / factor if signal == "delta" else factor
            values[f"{name}_{signal}_off"] = stats.geometric_mean(
                rms[depth] / predict(signals, initializer)[signal][-1]
            )
        values[f"{name}_loss"] = np.mean(part.loss)
    return values


def table(signals):
    """Return both ends of each trip, for the terminal."""
    import pandas as pd

    from lab import stats

    depth = signals.layer.max()
    rows = []
    for initializer, part in by_layer(signals).groupby("initializer", sort=False):
        rms = part.groupby(["signal", "layer"]).rms.agg(stats.geometric_mean)
        rows.append(
            {
                "pesos": catalog.initializer_label(initializer),
                "h, capa 1": f"{rms['h', 1]:.2g}",
                f"h, capa {depth}": f"{rms['h', depth]:.2g}",
                f"δ, capa {depth}": f"{rms['delta', depth]:.2g}",
                "δ, capa 1": f"{rms['delta', 1]:.2g}",
                "pérdida": f"{part.loss.mean():.4g}",
            }
        )
    return pd.DataFrame(rows)


OPTIONS = {
    "activation": cli.Option(
        "--activation",
        catalog.activation,
        f"activación ({', '.join(catalog.ACTIVATIONS)})",
        "NOMBRE",
    )
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cómo de grandes son los valores de un lote en cada capa, ida y vuelta.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

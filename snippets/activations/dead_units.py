"""What kills ReLU units during training, and what becomes of leaky ReLU and ELU there.

Chapter 5. A unit is off when no image of the whole training set turns it on (z ≤ 0 for all).
For ReLU that is death: its weights get no gradient (Lu et al. 2019). For leaky ReLU (Maas et
al. 2013) and ELU (Clevert et al. 2016) it means "never positive", and a gradient is left.
"""

import sys

from lab import arguments, catalog, cli, store


def parse(cause):
    """Read "0.03" or "0.001:-0.5": learning rate of Adam and initial bias."""
    rate, colon, bias = cause.partition(":")
    rate = arguments.real("mayor que 0", lambda v: v > 0)(rate)
    return rate, arguments.real("finito", lambda v: True)(bias) if colon else 0.0


def checked(cause):
    """Take a cause that ``parse`` understands."""
    parse(cause)
    return cause


CAUSE = cli.Option(
    "--cause",
    checked,
    "tasa de aprendizaje de Adam y, si quieres, sesgo inicial: 0.03, 0.001:-0.5",
    "TASA[:SESGO]",
    many=True,
)


@store.measurement
def measure(
    activations=("relu", "leaky_relu", "elu"),
    causes=("0.001", "0.03", "0.1", "0.001:-0.5"),
    depth=5,
    width=128,
    seeds=6,
    first_seed=0,
    epochs=8,
):
    """Train with Adam from HeNormal, and count the units that are off after every epoch.

    Returns one row per (activation, cause, seed, epoch, layer): ``off``, the share of units
    that are off; ``revived``, the share that were off one epoch ago and are not now;
    ``test_accuracy``. After the last epoch also ``off_gradient`` and ``on_gradient``: the rms
    gradient of the weights into the units that are off, and into the others (NaN where there
    are none).
    """
    import numpy as np
    import pandas as pd

    from lab import data, model, numpy_network, probe, training

    images = data.load()
    rows = []
    for activation in cli.progress(activations, "entrenando"):
        network = model.mlp(activation, depth=depth, width=width)
        trainer = training.Trainer(network, images, "adam")
        for cause in causes:
            trainer.learning_rate, bias = parse(cause)
            for seed in range(first_seed, first_seed + seeds):
                model.redraw(network, "he_normal", seed, bias)
                before = np.zeros((depth, width), bool)
                for epoch, values in enumerate(trainer.epochs(epochs, seed, ["test"])):
                    off = never_positive(network, images.x_train)
                    rows += [
                        {
                            "activation": activation,
                            "cause": cause,
                            "seed": seed,
                            "epoch": epoch,
                            "layer": layer + 1,
                            "off": off[layer].mean(),
                            "revived": (before[layer] & ~off[layer]).mean(),
                            "test_accuracy": values["test_accuracy"],
                            "off_gradient": np.nan,
                            "on_gradient": np.nan,
                        }
                        for layer in range(depth)
                    ]
                    before = off
                layers = numpy_network.layers_of(network)
                z, h, logits = numpy_network.forward(layers, images.x_train, activation)
                delta = numpy_network.backward(layers, z, logits, images.y_train, activation)
                gradients = numpy_network.weight_gradients(images.x_train, h, delta)
                for row, mask, gradient in zip(rows[-depth:], before, gradients, strict=True):
                    for name, units in (("off_gradient", mask), ("on_gradient", ~mask)):
                        row[name] = probe.rms(gradient[:, units]) if units.any() else np.nan
    return pd.DataFrame(rows)


def never_positive(network, x):
    """Return which units no sample turns on, as (layers, units)."""
    import keras
    import numpy as np

    off, signal = [], x
    for layer in network.layers:
        if isinstance(layer, keras.layers.Activation):
            off.append(np.max(signal, axis=0) <= 0)
        signal = layer(signal)
    return np.array(off)


def cause_label(cause):
    """Return how a cause is called in a figure."""
    rate, bias = parse(cause)
    return f"tasa {rate:g}" + (f", sesgo {bias:g}".replace("-", "−") if bias else "")


def draw(counts):
    """Draw the share of units that are off and the accuracy, by epoch, for each cause."""
    from lab import figures, stats

    causes = list(dict.fromkeys(counts.cause))
    figure, axes = figures.subplots(
        2, len(causes), size=(1.65 * len(causes) + 0.7, 4.4), sharex=True, sharey="row"
    )
    by_epoch = counts.groupby(["activation", "cause", "seed", "epoch"], sort=False)
    networks = by_epoch[["off", "test_accuracy"]].mean().reset_index()
    for column, cause in zip(axes.T, causes, strict=True):
        column[0].set_title(cause_label(cause).replace(", ", ",\n"))
        for activation, part in networks[networks.cause == cause].groupby("activation", sort=False):
            for ax, quantity in zip(column, ("off", "test_accuracy"), strict=True):
                spread = stats.over_seeds(part, "epoch", quantity, logarithmic=False)
                label = catalog.ACTIVATIONS[activation]
                figures.measured_line(ax, spread, activation, "he_normal", label=label)
        figures.epoch_axis(column[1], int(counts.epoch.max()))
    axes[0, 0].set_ylabel("unidades nunca positivas")
    axes[1, 0].set_ylabel("aciertos (prueba)")
    for ax in axes.flat:
        ax.set_ylim(-0.02, 1.02)
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    final = counts[counts.epoch == counts.epoch.max()].groupby(["cause", "activation"], sort=False)
    return figures.describe(
        figure,
        "Unidades que ninguna imagen enciende y aciertos, época a época, con Adam. Al final: "
        + "; ".join(
            f"{cause_label(cause)}, {catalog.ACTIVATIONS[name]}: {part.off.mean():.0%} y "
            f"{part.test_accuracy.mean():.0%}"
            for (cause, name), part in final
        )
        + ".",
    )


def draw_layers(counts, activation="relu"):
    """Draw where the units of one activation are off: layer by epoch, for each cause."""
    from lab import figures

    counts = counts[counts.activation == activation]
    causes = list(dict.fromkeys(counts.cause))
    figure, axes = figures.subplots(
        1, len(causes), size=(1.65 * len(causes) + 0.6, 2.4), sharex=True, sharey=True
    )
    for ax, cause in zip(axes[0], causes, strict=True):
        share = counts[counts.cause == cause].groupby(["layer", "epoch"]).off.mean().unstack()
        ax.pcolormesh(
            share.columns,
            share.index,
            share,
            cmap=figures.ramp(figures.COLORS[activation]),
            vmin=0,
            vmax=1,
            rasterized=True,
        )
        for layer, end in share.iloc[:, -1].items():
            ax.annotate(
                f"{100 * end:.0f} %",
                (share.columns[-1] + 0.3, layer),
                ha="right",
                va="center_baseline",
                color=figures.ink_on(end),
            )
        ax.set_title(cause_label(cause).replace(", ", ",\n"))
        figures.epoch_axis(ax, int(counts.epoch.max()))
        ax.set_xlim(-0.5, counts.epoch.max() + 0.5)
        ax.set_yticks(share.index)
        ax.grid(False)
    axes[0, 0].invert_yaxis()
    axes[0, 0].set_ylabel("capa")
    last = counts[counts.epoch == counts.epoch.max()]
    return figures.describe(
        figure,
        f"Unidades {catalog.ACTIVATIONS[activation]} apagadas para todas las imágenes, por capa y "
        "época. Al final, de la primera capa a la última: "
        + "; ".join(
            f"{cause_label(cause)}: "
            + ", ".join(f"{share:.0%}" for share in part.groupby("layer").off.mean())
            for cause, part in last.groupby("cause", sort=False)
        )
        + ".",
    )


def summary(counts):
    """Return the results of each pair, named like "relu_003_off" (ReLU, cause 0.03)."""
    import numpy as np

    numbers = {}
    for (name, cause), part in counts.groupby(["activation", "cause"], sort=False):
        key = f"{name}_{cause.replace('.', '').replace(':-', '_bias')}"
        last = part[part.epoch == part.epoch.max()]
        left = (last.off_gradient / last.on_gradient).dropna()
        reached = last.groupby("seed").test_accuracy.mean()
        numbers |= {
            f"{key}_start": part[part.epoch == 0].off.mean(),
            f"{key}_start_last": part[
                (part.epoch == 0) & (part.layer == part.layer.max())
            ].off.mean(),
            f"{key}_first_epoch": part[part.epoch == 1].off.mean(),
            f"{key}_off": last.off.mean(),
            f"{key}_off_last": last[last.layer == last.layer.max()].off.mean(),
            f"{key}_off_worst": last.off.max(),
            f"{key}_accuracy": last.test_accuracy.mean(),
            f"{key}_worst": reached.min(),
            f"{key}_learnt": int((reached > 0.9).sum()),
            f"{key}_networks": len(reached),
            f"{key}_gradient": float(np.median(left)) if len(left) else np.nan,
            f"{key}_gradient_most": float(left.max()) if len(left) else np.nan,
            f"{key}_revived": part.groupby(["seed", "layer"]).revived.sum().mean(),
            f"{key}_revived_first": part[part.layer == 1].groupby("seed").revived.sum().mean(),
        }
    return numbers


def table(counts):
    """Return where each pair ends, for the terminal."""
    import pandas as pd

    numbers = summary(counts)
    rows = []
    for cause, name in counts.groupby(["cause", "activation"], sort=False).groups:
        key = f"{name}_{cause.replace('.', '').replace(':-', '_bias')}"
        rows.append(
            {
                "causa": cause_label(cause),
                "activación": catalog.ACTIVATIONS[name],
                "nunca positivas": f"{numbers[f'{key}_off']:.0%}",
                "su gradiente": f"{numbers[f'{key}_gradient']:.1g}",
                "aciertos": f"{numbers[f'{key}_accuracy']:.0%}",
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Cuenta las unidades muertas mientras la red entrena, capa a capa.",
            measure,
            draw,
            table,
            options={"causes": CAUSE},
        )
    )

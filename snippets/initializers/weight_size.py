"""Too small, too large, just right: one number decides what reaches the last layer.

Chapter 6. The same tanh network, with normal weights of deviation σ: its signals before
training, against mean-field theory, and its accuracy after. The right σ is near 1/√n
(LeCun et al. 1998, eq. 16).
"""

import itertools
import sys

from lab import arguments, catalog, cli, store

QUANTITIES = {"activation_rms": "activación h", "delta_rms": "gradiente δ"}


@store.measurement
def measure(
    sigmas=(0.01, 0.03, 0.06, 0.09, 0.15, 0.3, 1.0),
    activation="tanh",
    depth=10,
    width=128,
    seeds=10,
    first_seed=0,
    trained=5,
    learning_rate=3e-3,
    epochs=10,
):
    """Return one row per (sigma, seed, quantity, at).

    ``at`` is the layer for the signals, and the last epoch for the accuracy, which is
    measured in the first ``trained`` seeds.
    """
    import pandas as pd

    from lab import data, model, probe, training

    images = data.load()
    x, y = images.x_train[:256], images.y_train[:256]
    network = model.mlp(activation, depth=depth, width=width)
    look = probe.Probe(network)
    trainer = training.Trainer(network, images, learning_rate=learning_rate)
    rows = []
    work = list(itertools.product(sigmas, range(first_seed, first_seed + seeds)))
    for sigma, seed in cli.progress(work, "midiendo"):
        row = {
            "sigma": sigma,
            "activation": activation,
            "width": width,
            "inputs": images.inputs,
            "seed": seed,
        }
        model.redraw(network, f"random_normal:{sigma}", seed)
        for layer, values in enumerate(probe.statistics(look(x, y), activation), start=1):
            rows += [
                {**row, "quantity": quantity, "at": layer, "value": values[quantity]}
                for quantity in (*QUANTITIES, "saturated_fraction")
            ]
        if seed < first_seed + trained:
            accuracy = trainer.train(epochs, seed)["test_accuracy"]
            rows.append({**row, "quantity": "test_accuracy", "at": epochs, "value": accuracy})
    return pd.DataFrame(rows)


def draw(sweep):
    """Draw both signals by layer, and the accuracy against σ."""
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap

    from lab import figures, stats, theory

    sigmas = sorted(sweep.sigma.unique())
    activation = sweep.activation.iloc[0]
    width, inputs = int(sweep.width.iloc[0]), int(sweep.inputs.iloc[0])
    depth = int(sweep[sweep.quantity == "delta_rms"]["at"].max())
    shades = LinearSegmentedColormap.from_list(
        "size", ["#0072b2", "#56b4e9", "#8a8a8a", "#e69f00", "#d55e00"]
    )
    # Blue below 1/√n, grey there, orange above.
    apart = {sigma: np.log(sigma * width**0.5) for sigma in sigmas}
    reach = max(map(abs, apart.values())) or 1.0
    colors = {sigma: shades(0.5 + 0.5 * off / reach) for sigma, off in apart.items()}
    figure, axes = figures.subplots(1, 3, size=(7.2, 3.4))
    signals, (ax,) = axes[0, :2], axes[0, 2:]
    for panel, (quantity, title) in zip(signals, QUANTITIES.items(), strict=True):
        figures.log_axis(panel)
        figures.layer_axis(panel, depth)
        panel.set_title(title)
        ends = []
        for sigma in sigmas:
            part = sweep.query("sigma == @sigma and quantity == @quantity")
            spread = stats.over_seeds(part, "at", "value")
            theirs = theory.predict(activation, f"random_normal:{sigma}", [width] * depth, inputs)
            panel.plot(
                spread.x, getattr(theirs, quantity), color=colors[sigma], linewidth=1, zorder=1
            )
            figures.points_of_seeds(panel, spread, color=colors[sigma])
            ends.append((spread.centre[-1], f"σ = {sigma:g}", colors[sigma]))
        if panel is signals[0]:  # those of the gradient end together
            panel.set_ylim(panel.get_ylim())
            figures.label_ends(panel, ends, gap=0.07)
    accuracy = stats.over_seeds(
        sweep[sweep.quantity == "test_accuracy"], "sigma", "value", logarithmic=False
    )
    figures.log_axis(ax, "x")
    if len(sigmas) < 5:
        ax.set_xticks(sigmas, [f"{sigma:g}" for sigma in sigmas])
    figures.reference(ax, 0.1, "azar")
    ax.axvline(width**-0.5, color=figures.INK, linewidth=0.8, linestyle=":", zorder=0)
    ax.annotate(" 1/√n", (width**-0.5, 1.06))
    ax.margins(x=0.12)  # so that neither the line nor its name lies upon the axis
    ax.vlines(accuracy.x, accuracy.low, accuracy.high, colors=list(colors.values()))
    ax.scatter(accuracy.x, accuracy.centre, c=list(colors.values()), s=22, zorder=3)
    ax.set(title="aciertos (prueba)", xlabel="desviación típica σ", ylim=(0, 1.18))
    ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    ends = summary(sweep)
    return figures.describe(
        figure,
        f"Una red de {depth} capas con pesos de desviación σ. Activación en la última capa, "
        "gradiente en la primera y aciertos tras entrenar: "
        + "; ".join(
            f"σ = {sigma:g}, {ends[key(sigma) + '_h']:.1e}, {ends[key(sigma) + '_delta']:.1e} y "
            f"{100 * ends[key(sigma) + '_accuracy']:.0f} %"
            for sigma in sigmas
        )
        + ".",
    )


def key(sigma):
    """Return the name of a σ in ``summary``: 0.03 is "s0_03"."""
    return f"s{sigma:g}".replace(".", "_")


def summary(sweep):
    """Return where the signals end and how much is learnt, for each σ."""
    import numpy as np

    last = sweep[sweep.quantity == "delta_rms"]["at"].max()
    numbers = {}
    for sigma, part in sweep.groupby("sigma"):
        values = part.set_index(["quantity", "at"]).value
        numbers |= {
            f"{key(sigma)}_h": np.exp(np.log(values["activation_rms", last]).mean()),
            f"{key(sigma)}_delta": np.exp(np.log(values["delta_rms", 1]).mean()),
            f"{key(sigma)}_saturated": values["saturated_fraction", last].mean(),
            f"{key(sigma)}_accuracy": values["test_accuracy"].mean(),
        }
    return numbers


def table(sweep):
    """Return where each σ ends, for the terminal."""
    import pandas as pd

    ends = summary(sweep)
    return pd.DataFrame(
        {
            "σ": f"{sigma:g}",
            "σ √n": f"{sigma * sweep.width.iloc[0] ** 0.5:.2f}",
            "h, última capa": f"{ends[key(sigma) + '_h']:.2g}",
            "saturadas, última capa": f"{100 * ends[key(sigma) + '_saturated']:.0f} %",
            "δ, primera capa": f"{ends[key(sigma) + '_delta']:.2g}",
            "aciertos (prueba)": f"{100 * ends[key(sigma) + '_accuracy']:.1f} %",
        }
        for sigma in sorted(sweep.sigma.unique())
    )


OPTIONS = {
    "activation": cli.Option(
        "--activation", catalog.activation, ", ".join(catalog.ACTIVATIONS), "NOMBRE"
    ),
    "trained": cli.Option("--trained", arguments.whole(1), "semillas que se entrenan", "N"),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide y entrena la misma red con pesos de distinto tamaño.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

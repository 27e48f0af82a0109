"""What Glorot takes for granted, given to the sigmoid: slope 1 at the origin and mean 0.

Chapter 7. Glorot and Bengio (2010, section 4.2.1) assume a symmetric φ with φ'(0) = 1. The
sigmoid has slope 1/4 and mean 1/2. Both can be mended in the weights and biases alone,
since tanh(z) = 2 σ(2z) − 1: at initialization the last start IS a tanh network.
"""

import itertools
import sys

from lab import arguments, cli, store

STARTS = {"glorot": "Glorot", "gain": "Glorot × 4", "centred": "Glorot × 4, centrada"}
STYLES = {
    start: {"color": color, "markeredgecolor": color, "markerfacecolor": "none", "marker": marker}
    for start, color, marker in (
        ("glorot", "#1c1c21", "s"),  # the ink of lab.figures
        ("gain", "#e69f00", "v"),
        ("centred", "#0072b2", "o"),
    )
}


@store.measurement
def measure(starts=tuple(STARTS), depth=20, width=128, seeds=10):
    """Return a table with one row per (start, seed, layer).

    ``across_input`` is the deviation of a unit's activation over the images; ``backward``
    the rms of δ over that of the last layer.
    """
    import pandas as pd

    from lab import data, model, probe

    images = data.load()
    network = model.mlp("sigmoid", depth=depth, width=width)
    look = probe.Probe(network)
    rows = []
    for start, seed in cli.progress(list(itertools.product(starts, range(seeds))), "midiendo"):
        redraw(network, start, seed)
        layers = probe.statistics(look(images.x_train[:256], images.y_train[:256]), "sigmoid")
        for layer, values in enumerate(layers, start=1):
            rows.append(
                {
                    "start": start,
                    "width": width,
                    "seed": seed,
                    "layer": layer,
                    "activation_rms": values["activation_rms"],
                    "across_input": values["across_input_variance"] ** 0.5,
                    "backward": values["delta_rms"] / layers[-1]["delta_rms"],
                }
            )
    return pd.DataFrame(rows)


def redraw(network, start, seed):
    """Draw Glorot weights and correct them for what a sigmoid is."""
    from lab import model

    model.redraw(network, "glorot_uniform", seed)
    if start == "glorot":
        return
    first, *inner, head = model.dense_layers(network)
    # A sigmoid wants twice what goes into a tanh, and gives half of
    # what comes out: 2 × 2 for the layers between two sigmoids.
    for layer in (first, *inner, head):
        factor = 4 if layer in inner else 2
        layer.kernel.assign(factor * layer.kernel)
    if start == "centred":
        for layer in (*inner, head):  # W (h − 1/2) = W h + b
            layer.bias.assign(-layer.kernel.numpy().sum(axis=0) / 2)


def predict(start, depth, width, inputs=64):
    """Return what theory expects of ``backward``, (depth,)."""
    import numpy as np

    from lab import theory

    # Centred, it is a tanh network with plain Glorot.
    activation = "tanh" if start == "centred" else "sigmoid"
    first, sigma_w2 = (4, 16) if start == "gain" else (1, 1)
    q = first * inputs * theory.weight_variance("glorot_uniform", inputs, width)
    chis = []
    for _ in range(depth - 1):
        chis.append(theory.chi(activation, q, sigma_w2))
        q = theory.q_map(activation, q, sigma_w2)
    return np.sqrt(np.cumprod([1.0, *chis[::-1]]))[::-1]


def draw(data):
    """Draw what is left of the images forwards, and of the gradient backwards."""
    from lab import figures, stats

    starts, depth = list(dict.fromkeys(data.start)), int(data.layer.max())
    figure, axes = figures.subplots(1, 2, size=(7.1, 3.4))
    for ax, quantity, title in zip(
        axes[0],
        ("across_input", "backward"),
        ("diferencia entre imágenes\n(desviación de h)", "gradiente δ\n(última capa = 1)"),
        strict=True,
    ):
        figures.log_axis(ax)
        figures.layer_axis(ax, depth)
        ax.set_ylabel(title)
        for start in starts:
            spread = stats.over_seeds(data[data.start == start], "layer", quantity)
            figures.measured_points(ax, spread, "sigmoid", "glorot_uniform", **STYLES[start])
    for start in starts:
        line = predict(start, depth, int(data.width.iloc[0]))
        color = STYLES[start]["color"]
        axes[0, 1].plot(range(1, depth + 1), line, color=color, linewidth=1.0, zorder=1)
    axes[0, 1].set_title("puntos: medido · línea: teoría", fontsize=figures.SMALL)
    legend(figure, starts)
    ends = summary(data)
    return figures.describe(
        figure,
        f"Red de {depth} capas de sigmoides sin entrenar, con tres comienzos. Diferencia entre "
        "imágenes en la última capa; gradiente que llega a la primera: "
        + "; ".join(
            f"{STARTS[start]}, {ends[start + '_across']:.1e}; {ends[start + '_delta']:.1e}"
            for start in starts
        )
        + ".",
    )


def legend(figure, starts):
    """Name the starts, above the figure."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], label=STARTS[start], **STYLES[start]) for start in starts]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))


def summary(data):
    """Return where the signals end, and δ's factor per layer (geometric means)."""
    import numpy as np

    def at(layer, quantity):
        part = data[data.layer == layer].assign(log=lambda frame: np.log(frame[quantity]))
        return np.exp(part.groupby("start", sort=False).log.mean())

    last = data.layer.max()
    return {
        **at(last, "across_input").add_suffix("_across").to_dict(),
        **at(last, "activation_rms").add_suffix("_rms").to_dict(),
        **at(1, "backward").add_suffix("_delta").to_dict(),
        **(at(1, "backward") ** (1 / max(last - 1, 1))).add_suffix("_factor").to_dict(),
    }


def table(data):
    """Return where the signals end, for the terminal."""
    import pandas as pd

    ends = summary(data)
    return pd.DataFrame(
        {
            "comienzo": STARTS[start],
            "valor eficaz de h, última capa": f"{ends[start + '_rms']:.2g}",
            "diferencia entre imágenes, última capa": f"{ends[start + '_across']:.2g}",
            "δ, primera capa / última": f"{ends[start + '_delta']:.2g}",
        }
        for start in dict.fromkeys(data.start)
    )


OPTIONS = {
    "starts": cli.Option(
        "--start",
        arguments.one_of(STARTS, "el comienzo"),
        f"comienzo ({', '.join(STARTS)})",
        "NOMBRE",
        many=True,
    ),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide una red de sigmoid con Glorot, y con lo que a Glorot le falta.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

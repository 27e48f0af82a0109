"""Can the variance be kept in both directions? Three rules on three shapes of network.

Chapter 7. The two conditions of Glorot and Bengio (2010, eqs. 10 and 11) and their compromise
(eq. 12), on a square network, a funnel and an accordion. Linear by default, as in their
derivation: what one layer does to the variance is then exact.
"""

import itertools
import sys

from lab import arguments, catalog, cli, store

SHAPES = {"square": "cuadrada", "funnel": "embudo", "accordion": "acordeón"}

#: Rule → variance of one weight of a layer with that many inputs and outputs.
RULES = {
    "fan_in": lambda n_in, n_out: 1 / n_in,
    "fan_out": lambda n_in, n_out: 1 / n_out,
    "glorot": lambda n_in, n_out: 2 / (n_in + n_out),
    "geometric": lambda n_in, n_out: 1 / (n_in * n_out) ** 0.5,
}
#: Rule → its Spanish name, colour (#1c1c21 is the ink of lab.figures) and marker.
LOOKS = {
    "fan_in": ("1 / entradas", "#56b4e9", "^"),
    "fan_out": ("1 / salidas", "#e69f00", "v"),
    "glorot": ("2 / (entradas + salidas)", "#1c1c21", "s"),
    "geometric": ("1 / √(entradas × salidas)", "#cc79a7", "D"),
}


def widths_of(shape, depth):
    """Return the units of each hidden layer."""
    if shape == "square":
        return [128] * depth
    if shape == "funnel":  # from 512 down to 16, by the same factor at each step
        return [round(512 * 32 ** (-layer / max(depth - 1, 1))) for layer in range(depth)]
    return [(256, 32)[layer % 2] for layer in range(depth)]


def redraw(network, rule, seed):
    """Draw uniform weights with the variance that the rule asks for."""
    import numpy as np

    from lab import model

    rng = np.random.default_rng(seed)
    for layer in model.dense_layers(network)[:-1]:
        n_in, n_out = layer.kernel.shape
        limit = (3 * RULES[rule](n_in, n_out)) ** 0.5
        layer.kernel.assign(rng.uniform(-limit, limit, (n_in, n_out)))


@store.measurement
def measure(
    shapes=tuple(SHAPES),
    rules=("fan_in", "fan_out", "glorot"),
    activation="linear",
    depth=20,
    seeds=10,
    first_seed=0,
):
    """Return a table with one row per (shape, rule, seed, layer).

    ``forward`` is the rms of z over that of layer 1, ``backward`` the rms of δ over that of
    the last layer: 1 where the signal is kept.
    """
    import pandas as pd

    from lab import data, model, probe

    images = data.load()
    x, y = images.x_train[:256], images.y_train[:256]
    networks, rows = {}, []
    work = list(itertools.product(shapes, rules, range(first_seed, first_seed + seeds)))
    for shape, rule, seed in cli.progress(work, "midiendo"):
        widths = widths_of(shape, depth)
        if shape not in networks:
            network = model.mlp(activation, depth=depth, width=widths)
            networks[shape] = network, probe.Probe(network)
        network, look = networks[shape]
        redraw(network, rule, seed)
        layers = probe.statistics(look(x, y), activation)
        for layer, values in enumerate(layers, start=1):
            rows.append(
                {
                    "shape": shape,
                    "rule": rule,
                    "activation": activation,
                    "seed": seed,
                    "layer": layer,
                    "width": widths[layer - 1],
                    "forward": values["preactivation_rms"] / layers[0]["preactivation_rms"],
                    "backward": values["delta_rms"] / layers[-1]["delta_rms"],
                }
            )
    return pd.DataFrame(rows)


def predict(widths, rule, activation="linear", inputs=64):
    """Return what theory expects of ``forward`` and ``backward``, two arrays (layers,)."""
    import numpy as np

    from lab import theory

    fans = list(itertools.pairwise([inputs, *widths]))
    q, chis = [inputs * RULES[rule](*fans[0])], []
    for n_in, n_out in fans[1:]:
        variance = RULES[rule](n_in, n_out)
        chis.append(theory.chi(activation, q[-1], n_out * variance))
        q.append(theory.q_map(activation, q[-1], n_in * variance))
    return np.sqrt(np.array(q) / q[0]), np.sqrt(np.cumprod([1.0, *chis[::-1]]))[::-1]


def draw(data):
    """Draw both directions by layer, one column per shape, under the shape itself.

    With an activation that bends the signal falls like a power of the layer: both axes are
    logarithmic, so that it does so along a straight line.
    """
    from matplotlib.lines import Line2D

    from lab import figures, stats

    shapes, rules = list(dict.fromkeys(data["shape"])), list(dict.fromkeys(data["rule"]))
    activation = data.activation.iloc[0]
    styles = {
        rule: {"color": color, "markeredgecolor": color, "markerfacecolor": "none", "marker": mark}
        for rule, (_, color, mark) in LOOKS.items()
    }
    figure, axes = figures.subplots(
        3,
        len(shapes),
        size=(max(2.1 * len(shapes) + 0.8, 5.2), 5.4),
        sharex=True,
        sharey="row",
        gridspec_kw={"height_ratios": (0.8, 2, 2)},
    )
    for (outline, *panels), shape in zip(axes.T, shapes, strict=True):
        part = data[data["shape"] == shape]
        widths = part.groupby("layer").width.first()
        # As wide as each other on either axis: on a logarithmic one, in proportion to the layer.
        thick = 0.55 if activation == "linear" else 0.02 * widths.index
        outline.bar(widths.index, widths, bottom=-widths / 2, width=thick, color="#8a8a8a")
        outline.set_title(SHAPES[shape])
        outline.set_axis_off()
        for rule in rules:
            lines = predict(list(widths), rule, activation)
            for ax, quantity, line in zip(panels, ("forward", "backward"), lines, strict=True):
                ax.plot(widths.index, line, color=styles[rule]["color"], linewidth=1.0, zorder=1)
                spread = stats.over_seeds(part[part["rule"] == rule], "layer", quantity)
                figures.measured_points(ax, spread, activation, "glorot_uniform", **styles[rule])
        figures.layer_axis(panels[-1], len(widths))
        if activation != "linear":
            ticks = [layer for layer in (1, 2, 5, 10, 20, 50, 100) if layer <= len(widths)]
            for ax in (outline, *panels):
                ax.set_xscale("log")
                ax.minorticks_off()
                ax.set_xlim(0.9, 1.1 * len(widths))
                ax.set_xticks(ticks, ticks)
        for ax in panels:
            figures.log_axis(ax)
            figures.reference(ax, 1)
    for ax in axes[1:, 0]:
        low, high = ax.get_ylim()
        ax.set_ylim(min(low, 0.09), max(high, 1.5))  # a decade at least, so that ticks show
    axes[1, 0].set_ylabel("señal z\n(capa 1 = 1)")
    axes[2, 0].set_ylabel("gradiente δ\n(última capa = 1)")
    handles = [Line2D([], [], label=LOOKS[rule][0], **styles[rule]) for rule in rules]
    handles.append(Line2D([], [], linestyle="", label="(puntos: medido · línea: teoría)"))
    columns = 2 if len(rules) < 3 or len(shapes) < 3 else 3
    figure.legend(handles=handles, loc="outside upper center", ncols=columns)
    rows = table(data).to_dict("split")["data"]
    return figures.describe(
        figure,
        "Señal hacia delante y gradiente hacia atrás, capa a capa, según la forma de la red y la "
        "varianza de los pesos. Al final de la ida y de la vuelta: "
        + "; ".join("red {}, {}, {} y {}".format(*row) for row in rows)
        + ".",
    )


def summary(data):
    """Return where each journey ends: the last layer forwards, layer 1 backwards."""
    import numpy as np

    ends = {"forward": data[data.layer == data.layer.max()], "backward": data[data.layer == 1]}
    return {
        f"{shape}_{rule}_{direction}": np.exp(np.log(part[direction]).mean())
        for direction, end in ends.items()
        for (shape, rule), part in end.groupby(["shape", "rule"], sort=False)
    }


def table(data):
    """Return the ends of both journeys, for the terminal."""
    import pandas as pd

    ends = summary(data)
    return pd.DataFrame(
        {
            "red": SHAPES[shape],
            "varianza de los pesos": LOOKS[rule][0],
            "z, última capa / primera": f"{ends[f'{shape}_{rule}_forward']:.2g}",
            "δ, primera capa / última": f"{ends[f'{shape}_{rule}_backward']:.2g}",
        }
        for shape, rule in data.groupby(["shape", "rule"], sort=False).groups
    )


def option(flag, names, what, many=False):
    """Return an option that takes one of some names."""
    return cli.Option(flag, arguments.one_of(names, what), ", ".join(names), "NOMBRE", many)


OPTIONS = {
    "shapes": option("--shape", SHAPES, "la forma", many=True),
    "rules": option("--rule", RULES, "la regla", many=True),
    "activation": option("--activation", catalog.ACTIVATIONS, "la activación"),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide si la varianza se mantiene a la ida y a la vuelta, según la forma de la red.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

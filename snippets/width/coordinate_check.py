"""What one step of training changes in each layer, as the layers get wider.

Chapter 15. A layer computes z = hW. Weights that have moved from W₀ to W change it by
h(W − W₀), which is the layer's own doing, and by (h − h₀)W₀, which comes from the layers before.
How each grows with the width n follows from counting what is summed; nothing of it should grow
in the maximal update parametrization, μP (Yang and Hu 2021; Yang et al. 2022, Table 3).
"""

import sys
from dataclasses import dataclass

from lab import arguments, cli, store

BASE = 64  # the width at which all parametrizations are the same network
OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}


@dataclass(frozen=True)
class Parametrization:
    """How a network is drawn and trained when its width is r times ``BASE``.

    Attributes:
        label: its name on a page.
        output: power of r that multiplies the deviation of the last layer's weights.
        rates: optimizer → powers of r that multiply the rate of the first layer's weights, of
            those between two hidden layers, and of the last layer's.
    """

    label: str
    output: float
    rates: dict[str, tuple[float, float, float]]


#: What changes with r; the rest is He's, with 1/n in the last layer.
PARAMETRIZATIONS = {
    "standard": Parametrization(
        "estándar",
        output=0,
        rates={"sgd": (0, 0, 0), "adam": (0, 0, 0)},
    ),
    "mup": Parametrization(
        "μP",
        output=-1 / 2,
        rates={"sgd": (1, 0, -1), "adam": (0, -1, -1)},
    ),
    "ntk": Parametrization(
        "NTK",
        output=0,
        rates={"sgd": (0, -1, -1), "adam": (0, -1 / 2, -1 / 2)},
    ),
}
COLORS = {"standard": "#d55e00", "mup": "#0072b2", "ntk": "#009e73"}
MARKERS = {"standard": "o", "mup": "s", "ntk": "^"}

#: A step so short that the network stays where its derivative describes it.
RATES = {"sgd": 1e-3, "adam": 1e-5}
#: Adam's ε, so small that the size of a gradient does not matter; a gradient of 0 moves nothing.
EPSILON = 1e-14
OPTIONS = {
    "parametrizations": cli.Option(
        "--parametrization",
        arguments.one_of(PARAMETRIZATIONS, "la parametrización"),
        f"parametrización ({', '.join(PARAMETRIZATIONS)})",
        "NOMBRE",
        many=True,
    ),
    "optimizers": cli.Option(
        "--optimizer",
        arguments.one_of(OPTIMIZERS, "el optimizador"),
        "sgd o adam",
        "NOMBRE",
        many=True,
    ),
    "steps": cli.Option("--steps", arguments.whole(1), "pasos de entrenamiento", "N"),
}


# --- the network --------------------------------------------------------------------------


def draw_weights(parametrization, width, seed, *, depth=3, inputs=64, classes=10):
    """Return the initial weights, (fan_in, fan_out) each, in float64; there are no biases."""
    import itertools

    import numpy as np

    rng = np.random.default_rng([seed, width])
    sizes = [inputs, *[width] * depth, classes]
    weights = [
        rng.standard_normal(shape) * np.sqrt(2 / shape[0]) for shape in itertools.pairwise(sizes)
    ]
    weights[-1] *= np.sqrt(1 / 2) * (width / BASE) ** PARAMETRIZATIONS[parametrization].output
    return weights


def factors(parametrization, optimizer, width, depth=3):
    """Return what multiplies the learning rate of each of the depth + 1 layers."""
    first, between, last = PARAMETRIZATIONS[parametrization].rates[optimizer]
    return [(width / BASE) ** power for power in (first, *[between] * (depth - 1), last)]


def forward(weights, x):
    """Return the inputs of each layer and what it computes with them, z.

    Args:
        weights: (…, fan_in, fan_out) each: many networks may be stacked.
        x: (samples, inputs).
    """
    import numpy as np

    h, z = [x], []
    for w in weights:
        z.append(h[-1] @ w)
        h.append(np.maximum(z[-1], 0))
    return h[:-1], z


def gradients(weights, x, labels):
    """Return the mean loss of the samples, (…), and its gradient in each layer's weights."""
    import numpy as np

    h, z = forward(weights, x)
    samples = np.arange(len(x))
    logits = z[-1] - z[-1].max(axis=-1, keepdims=True)
    p = np.exp(logits)
    total = p.sum(axis=-1, keepdims=True)
    loss = (np.log(total[..., 0]) - logits[..., samples, labels]).mean(axis=-1)
    delta = p / total
    delta[..., samples, labels] -= 1
    delta /= len(x)
    found = []
    for layer in reversed(range(len(weights))):
        found.append(np.swapaxes(h[layer], -1, -2) @ delta)
        if layer:
            delta = (delta @ np.swapaxes(weights[layer], -1, -2)) * (h[layer] > 0)
    return loss, found[::-1]


class Adam:
    """Adam as Keras computes it, on arrays that it changes in place."""

    def __init__(self, weights, epsilon=1e-7):
        import numpy as np

        self.m, self.v = ([np.zeros_like(w) for w in weights] for _ in range(2))
        self.epsilon, self.steps = epsilon, 0

    def step(self, weights, gradients, rates):
        """Move the weights of each layer; ``gradients`` are overwritten.

        Args:
            weights, gradients: (fan_in, fan_out) each, or stacked (networks, fan_in, fan_out).
            rates: of each layer, a number or one for each network, (networks,).
        """
        import numpy as np

        self.steps += 1
        correction = np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        for *layer, rate in zip(weights, gradients, self.m, self.v, rates, strict=True):
            if layer[0].ndim == 2:
                layer = [array[None] for array in layer]
            sizes = np.broadcast_to(np.asarray(rate) * correction, len(layer[0]))
            # One network at a time: its four arrays stay in the cache (1.5 times as fast).
            for w, g, m, v, size in zip(*layer, sizes, strict=True):
                m += 0.1 * (g - m)
                np.multiply(g, g, out=g)
                g -= v
                g *= 0.001
                v += g
                np.sqrt(v, out=g)
                g += self.epsilon
                np.divide(m, g, out=g)
                g *= size
                w -= g


# --- measured -----------------------------------------------------------------------------


@store.measurement
def measure(
    parametrizations=("standard", "mup"),
    optimizers=tuple(OPTIMIZERS),
    widths=(32, 64, 128, 256, 512),
    depth=3,
    steps=4,
    seeds=12,
    first_seed=0,
    samples=64,
    dataset="digits",
):
    """Return one row per (parametrization, optimizer, width, seed, step, layer).

    ``change`` is the rms of z − z₀ over the batch that trains and the layer's units, ``own`` that
    of h(W − W₀); layer depth + 1 is the last, that of the logits.
    """
    import itertools

    import pandas as pd

    from lab import data

    images = data.load(dataset)
    x = images.x_train[:samples].astype("float64")
    labels = images.y_train[:samples]
    networks = itertools.product(
        parametrizations, optimizers, widths, range(first_seed, first_seed + seeds)
    )
    total = len(parametrizations) * len(optimizers) * len(widths) * seeds
    rows = []
    for name, optimizer, width, seed in cli.progress(networks, "redes", total):
        weights = draw_weights(
            name, width, seed, depth=depth, inputs=images.inputs, classes=images.classes
        )
        rates = [RATES[optimizer] * factor for factor in factors(name, optimizer, width, depth)]
        for step, changes in enumerate(moved(weights, optimizer, rates, x, labels, steps), 1):
            rows += [
                {
                    "parametrization": name,
                    "optimizer": optimizer,
                    "width": width,
                    "depth": depth,
                    "seed": seed,
                    "step": step,
                    "layer": layer,
                    "change": change,
                    "own": own,
                }
                for layer, (change, own) in enumerate(changes, 1)
            ]
    return pd.DataFrame(rows)


def moved(weights, optimizer, rates, x, labels, steps):
    """Train, and yield after each step the rms of (z − z₀, h(W − W₀)) of every layer."""
    import numpy as np

    def rms(array):
        return np.sqrt(np.mean(array**2))

    born = [w.copy() for w in weights]
    _, z_born = forward(born, x)
    adam = Adam(weights, EPSILON)
    for _ in range(steps):
        _, found = gradients(weights, x, labels)
        if optimizer == "adam":
            adam.step(weights, found, rates)
        else:
            for w, gradient, rate in zip(weights, found, rates, strict=True):
                w -= rate * gradient
        h, z = forward(weights, x)
        yield [
            (rms(now - before), rms(inputs @ (w - old)))
            for now, before, inputs, w, old in zip(z, z_born, h, weights, born, strict=True)
        ]


def predict(parametrization, optimizer, depth=3):
    """Return the powers of the width with which ``own`` and ``change`` grow, layer by layer.

    Both of shape (depth + 1,). With SGD a layer moves by rate · δ · (h·h): δ in a hidden layer
    is a sum over the last layer's weights, of order n^(−1/2) and the ``output`` power more, and
    h·h sums n terms, or the inputs, whose number stays. With Adam every weight moves by the
    rate, and its layer by the rate times the n terms of Σ|h|. What the layers before have changed
    passes on as large as it was; to the logits it is a sum of n terms of one sign.
    """
    import numpy as np

    rule = PARAMETRIZATIONS[parametrization]
    first, between, last = rule.rates[optimizer]
    delta = rule.output - 1 / 2 if optimizer == "sgd" else 0
    own = np.array([first + delta, *[between + delta + 1] * (depth - 1), last + 1], dtype=float)
    change = np.maximum.accumulate(own)
    change[-1] = max(own[-1], change[-2] + 1 / 2 + rule.output)
    return own, change


def half_width(values):
    """Return half of Student's 95 % interval of the mean; NaN for a single value."""
    import numpy as np
    from scipy import stats

    n = len(values)
    return stats.sem(values) * stats.t.ppf(0.975, n - 1) if n > 1 else np.nan


def growth(check, value, step=1):
    """Return the power of the width with which ``own`` or ``change`` grows, one row per seed.

    Columns: parametrization, optimizer, layer, seed, power.
    """
    from lab import stats

    keys = ["parametrization", "optimizer", "layer", "seed"]
    part = check[check.step == step]
    return (
        part.groupby(keys, sort=False)[["width", value]]
        .apply(lambda rows: stats.power(rows.width, rows[value]))
        .rename("power")
        .reset_index()
    )


def powers(check, step=1):
    """Return predicted and measured powers, one row per (parametrization, optimizer, layer).

    ``own`` and ``change`` with the half-width of their 95 % interval over the seeds.
    """
    import pandas as pd

    depth = int(check.depth.iloc[0])
    slopes = {value: growth(check, value, step) for value in ("own", "change")}
    rows = []
    keys = ["parametrization", "optimizer", "layer"]
    for (name, optimizer, layer), part in slopes["own"].groupby(keys, sort=False):
        row = {"parametrization": name, "optimizer": optimizer, "layer": layer}
        predicted = predict(name, optimizer, depth)
        for value, expected in zip(("own", "change"), predicted, strict=True):
            found = slopes[value].merge(part[[*keys, "seed"]]).power
            row |= {
                value: found.mean(),
                f"{value}_half": half_width(found),
                f"{value}_predicted": expected[layer - 1],
            }
        rows.append(row)
    return pd.DataFrame(rows)


# --- shown --------------------------------------------------------------------------------


def layer_name(layer, depth):
    """Return what a layer is called."""
    return "logits" if layer == depth + 1 else f"capa {layer}"


def width_axis(ax, widths):
    """Set up a logarithmic axis of widths, with a tick at each."""
    ax.set_xscale("log")
    ax.minorticks_off()
    ticks = sorted(widths)
    ax.set_xticks(ticks, [str(width) for width in ticks])
    ax.set_xlabel("anchura")


def legend(figure, names, *, theory=True):
    """Say once, above the figure, how each parametrization is drawn."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            color=COLORS[name],
            marker=MARKERS[name],
            markersize=5,
            linewidth=1.0,
            label=PARAMETRIZATIONS[name].label,
        )
        for name in names
    ]
    if theory:
        handles.append(Line2D([], [], linestyle="", label="(puntos: medido · línea: teoría)"))
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))


def draw(check):
    """Draw what the weights of a layer add to it after one step, with the predicted slope."""
    import numpy as np

    from lab import figures, stats

    depth = int(check.depth.iloc[0])
    optimizers = list(dict.fromkeys(check.optimizer))
    names = list(dict.fromkeys(check.parametrization))
    layers = sorted({1, depth, depth + 1})
    figure, axes = figures.subplots(
        len(optimizers),
        len(layers),
        size=(7.1, 2.2 * len(optimizers) + 0.8),
        sharex=True,
        sharey=True,
    )
    part = check[check.step == 1].copy()
    at_base = part.width == (BASE if BASE in set(part.width) else part.width.min())
    keys = ["parametrization", "optimizer", "layer"]
    start = part[at_base].groupby(keys).own.agg(stats.geometric_mean)
    for (row, optimizer), (column, layer) in (
        (row, column) for row in enumerate(optimizers) for column in enumerate(layers)
    ):
        ax = axes[row, column]
        for name in names:
            rows = part.query(
                "parametrization == @name and optimizer == @optimizer and layer == @layer"
            )
            spread = stats.over_seeds(rows, "width", "own")
            scale = start[name, optimizer, layer]
            color = COLORS[name]
            middle = stats.geometric_mean(spread.centre) / scale
            x = spread.x / stats.geometric_mean(spread.x)
            power = predict(name, optimizer, depth)[0][layer - 1]
            ax.plot(spread.x, middle * x**power, color=color, linewidth=1.0, zorder=1)
            ax.fill_between(
                spread.x, spread.low / scale, spread.high / scale, color=color, alpha=0.18, lw=0
            )
            ax.plot(
                spread.x,
                spread.centre / scale,
                linestyle="",
                marker=MARKERS[name],
                markersize=4.5,
                color=color,
                zorder=3,
            )
        ax.set_yscale("log", base=2)
        ax.set_ylim(2.0**-2.6, 2.0**4.1)
        ticks = [0.25, 0.5, 1, 2, 4, 8, 16]
        ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        if row == 0:
            ax.set_title(layer_name(layer, depth))
        width_axis(ax, spread.x)
        if row < len(optimizers) - 1:
            ax.set_xlabel("")
    for row, optimizer in enumerate(optimizers):
        axes[row, 0].set_ylabel(f"cambio propio ({OPTIMIZERS[optimizer]})")
    legend(figure, names)
    found = powers(check)
    told = "; ".join(
        f"{OPTIMIZERS[row.optimizer]}, {PARAMETRIZATIONS[row.parametrization].label}, "
        f"{layer_name(row.layer, depth)}: {np.round(row.own, 2) + 0:g} "
        f"(teoría {row.own_predicted:g})"
        for row in found[found.layer.isin(layers)].itertuples()
    )
    return figures.describe(
        figure,
        "Lo que un paso de entrenamiento cambia en una capa, según la anchura, en escala "
        f"logarítmica, dividido por lo que cambia con {BASE} unidades. Pendientes: {told}.",
    )


def summary(check):
    """Return measured powers after the first step, as "standard_adam_3_own", for the prose.

    With them the lowest and the highest of each parametrization and optimizer.
    """
    found = powers(check)
    values = {}
    for (name, optimizer), part in found.groupby(["parametrization", "optimizer"]):
        values[f"{name}_{optimizer}_lowest"] = part.own.min()
        values[f"{name}_{optimizer}_highest"] = part.own.max()
    for row in found.itertuples():
        name = f"{row.parametrization}_{row.optimizer}_{row.layer}"
        values |= {f"{name}_own": row.own, f"{name}_change": row.change}
    return values


def span(check, parametrization):
    """Return the lowest and the highest point that ``draw`` draws of a parametrization."""
    from lab import stats

    drawn = check[(check.step == 1) & (check.parametrization == parametrization)]
    drawn = drawn[drawn.layer.isin({1, int(check.depth.iloc[0]), int(check.depth.iloc[0]) + 1})]
    own = drawn.pivot_table(
        index=["optimizer", "layer"], columns="width", values="own", aggfunc=stats.geometric_mean
    )
    relative = own.div(own[BASE], axis=0).to_numpy()
    return relative.min(), relative.max()


def table(check):
    """Return predicted and measured powers of the first and the last step, in Spanish.

    What is predicted of the whole change stands in brackets.
    """
    import pandas as pd

    depth, last = int(check.depth.iloc[0]), int(check.step.max())
    found = powers(check)
    later = powers(check, last)

    def measured(row, value):
        half = getattr(row, f"{value}_half")
        span = "" if pd.isna(half) else f"\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}{half:.2f}"
        return f"{getattr(row, value) + 0:.2f}{span}"

    return pd.DataFrame(
        {
            "red": f"{PARAMETRIZATIONS[row.parametrization].label}, {OPTIMIZERS[row.optimizer]}",
            "capa": layer_name(row.layer, depth).removeprefix("capa "),
            "cuenta": f"{row.own_predicted:g}",
            "propio, paso 1": measured(row, "own"),
            f"propio, paso {last}": measured(end, "own"),
            "total, paso 1": f"{measured(row, 'change')} ({row.change_predicted:g})",
        }
        for row, end in zip(found.itertuples(), later.itertuples(), strict=True)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cuánto cambia cada capa en los primeros pasos, según la anchura.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

"""Lu, Shin, Su and Karniadakis (2019): networks that are dead before they have learned.

Reproductions. Ten-layer ReLU networks of two units per layer, which could represent |x|
exactly, learn a constant in more than 90 % of 1000 runs. The reason is in the draw: with a
symmetric initialization a deep and narrow network is likely to be constant from the start.
"""

import itertools
import sys

from lab import arguments, cli, store

#: Width → what the paper says of networks of ten layers (nine of them hidden).
PUBLISHED = {2: "> 90 % (entrenadas)", 3: "≈ 60 %", 5: "> 10 %", 10: "< 1 %"}
REACH = 3**0.5  # the inputs are uniform in (−√3, √3), whose variance is 1


@store.measurement
def measure(widths=(2, 3, 5, 10), deepest=20, networks=1000, seeds=10):
    """Return one row per (width, seed, layers): the share of networks that are constant.

    ``layers`` counts the output layer, as the paper does: ReLU acts in one less.
    """
    import numpy as np
    import pandas as pd

    rows = []
    work = [(width, seed) for width in widths for seed in range(seeds)]
    for width, seed in cli.progress(work, "sorteando"):
        rng = np.random.default_rng([seed, width])
        # Without biases the output is a straight line on each side of 0: two inputs tell all.
        h = np.broadcast_to([[1.0], [-1.0]], (networks, 2, 1))
        for layers in range(2, deepest + 1):
            h = np.maximum(h @ rng.standard_normal((networks, h.shape[2], width)), 0)
            h /= np.maximum(h.max(axis=(1, 2), keepdims=True), 1e-300)  # size plays no part
            dead = np.mean(~(h > 0).any(axis=(1, 2)))
            rows.append({"width": width, "seed": seed, "layers": layers, "dead": dead})
    return pd.DataFrame(rows)


def one_input(width, layers):
    """Return the probability that one given input dies: a bound for that of all of them."""
    from activations import born_dead

    return born_dead.probability([width] * (layers - 1))


@store.measurement
def train(width=2, layers=10, networks=1000, steps=400, learning_rate=1e-3, batch_size=64):
    """Teach |x| to networks with He's weights; return the shares that are constant.

    (before, after): of all networks, at birth and after ``steps`` of Adam. All are trained at
    once, in arrays (networks, inputs, outputs); the dead ones have no gradient and are left out.
    """
    import numpy as np

    rng = np.random.default_rng(0)
    fans = [1] + [width] * (layers - 1) + [1]
    weights = [
        rng.standard_normal((networks, a, b)) * np.sqrt(2 / a) for a, b in itertools.pairwise(fans)
    ]
    biases = [np.zeros((networks, 1, b)) for b in fans[1:]]
    born = constant(weights, biases)
    weights, biases = ([array[~born] for array in arrays] for arrays in (weights, biases))
    parameters = weights + biases
    first, second = ([np.zeros_like(p) for p in parameters] for _ in range(2))
    for step in range(1, steps + 1):
        of_all = gradients(weights, biases, rng.uniform(-REACH, REACH, (batch_size, 1)))
        for p, gradient, m, v in zip(parameters, of_all, first, second, strict=True):
            m += 0.1 * (gradient - m)  # Adam (Kingma and Ba 2015), with its usual constants
            v += 0.001 * (gradient**2 - v)
            p -= learning_rate * m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return born.mean(), born.mean() + constant(weights, biases).sum() / networks


def forward(weights, biases, x):
    """Return the inputs of each layer (a list) and the output, (networks, inputs, outputs)."""
    import numpy as np

    h = [np.broadcast_to(x, (len(weights[0]), *x.shape))]
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        h.append(np.maximum(h[-1] @ w + b, 0))
    return h, h[-1] @ weights[-1] + biases[-1]


def gradients(weights, biases, x):
    """Return the gradient of the mean of (output − |x|)² for each of weights + biases."""
    h, output = forward(weights, biases, x)
    delta = 2 * (output - abs(x)) / len(x)
    of_weights, of_biases = [], []
    for layer in reversed(range(len(weights))):
        of_weights.insert(0, h[layer].swapaxes(1, 2) @ delta)
        of_biases.insert(0, delta.sum(axis=1, keepdims=True))
        delta = (delta @ weights[layer].swapaxes(1, 2)) * (h[layer] > 0)
    return of_weights + of_biases


def constant(weights, biases):
    """Say of each network whether its output is the same for all inputs."""
    import numpy as np

    _, output = forward(weights, biases, np.linspace(-REACH, REACH, 101)[:, None])
    return (np.ptp(output, axis=1) < 1e-6).ravel()


def draw(data):
    """Draw the probability of being born dead against the depth, one line per width."""
    from lab import figures, stats

    figure, axes = figures.subplots(size=(5.2, 3.9))
    ax = axes[0, 0]
    widths = sorted(data.width.unique())
    for width, color in zip(widths, figures.SEQUENCE * len(widths), strict=False):
        spread = stats.over_seeds(data[data.width == width], "layers", "dead", logarithmic=False)
        ax.fill_between(spread.x, spread.low, spread.high, color=color, alpha=0.25, linewidth=0)
        ax.plot(spread.x, spread.centre, "o", color=color, markersize=3.5, label=f"{width}")
        ax.plot(spread.x, [one_input(width, n) for n in spread.x], color=color, linewidth=1)
    ax.axvline(10, color=figures.INK, linewidth=0.8, linestyle=(0, (2, 2)), alpha=0.7)
    ax.set_xlabel("capas, contando la de salida")
    ax.set_ylabel("redes nacidas muertas")
    ax.set_ylim(-0.02, 1)
    ax.xaxis.get_major_locator().set_params(integer=True)
    handles, _ = ax.get_legend_handles_labels()
    figure.legend(
        handles=handles,
        loc="outside upper center",
        ncols=len(handles),
        title="unidades por capa\n(puntos: medido · línea: una sola entrada, exacto)",
    )
    values = summary(data)
    return figures.describe(
        figure,
        "Probabilidad de que una red ReLU nazca muerta según el número de capas: crece con "
        "ellas y baja con la anchura. Con diez capas: "
        + "; ".join(f"{width} unidades, {values[f'dead_{width}']:.1%}" for width in widths)
        + ". Los puntos quedan por debajo de la probabilidad de que muera una sola entrada.",
    )


def summary(data):
    """Return the share of dead networks of ten layers (or of the deepest), by width.

    With its extremes over the seeds and the probability for one input.
    """
    layers = min(10, data.layers.max())
    answer = {"layers": int(layers)}
    for width, part in data[data.layers == layers].groupby("width"):
        answer |= {
            f"dead_{width}": part.dead.mean(),
            f"low_{width}": part.dead.min(),
            f"high_{width}": part.dead.max(),
            f"bound_{width}": one_input(width, layers),
        }
    return answer


def table(data):
    """Return one line per width, beside the published numbers, for the terminal."""
    import pandas as pd

    values = summary(data)
    layers = values["layers"]
    return pd.DataFrame(
        {
            "unidades por capa": width,
            f"nacidas muertas ({layers} capas)": f"{100 * values[f'dead_{width}']:.2f} %",
            "(una entrada)": f"{100 * values[f'bound_{width}']:.2f} %",
            "(artículo)": PUBLISHED.get(width, "—") if layers == 10 else "—",
        }
        for width in sorted(data.width.unique())
    )


OPTIONS = {
    "deepest": cli.Option("--layers", arguments.whole(2), "capas, contando la de salida", "N"),
    "networks": cli.Option("--networks", arguments.whole(1), "redes por semilla", "N"),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Cuenta cuántas redes ReLU nacen muertas, según su profundidad y su anchura.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

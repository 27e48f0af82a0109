"""Where the signal of a deep network goes: GELU and SiLU beside tanh and ReLU.

Chapter 9. What decides is how the share of the signal that an activation lets through,
E[φ²]/q, changes with its size q: it falls (tanh: q settles), stays (ReLU: any q is kept) or
rises (GELU, Hendrycks and Gimpel 2016; SiLU, Elfwing et al. 2018: q runs away from its fixed
point). The predicted lines are mean-field theory; nothing in them is fitted.
"""

import sys

from lab import arguments, catalog, cli, store

STARTS = cli.Option(
    "--start",
    arguments.real("mayor que 0", lambda v: v > 0),
    "E[z²] de la primera capa",
    "X",
    many=True,
)
SHAPES = ("tanh", "relu", "gelu", "silu")  # drawn whatever is measured


@store.measurement
def measure(
    activations=("tanh", "relu", "gelu"),
    # With 128 units the last one is σ_w² = 2.35: for GELU, the one that keeps q = 1.
    initializers=("glorot_uniform", "he_normal", "random_normal:0.1355"),
    starts=(0.25, 4.0),
    depth=20,
    width=128,
    seeds=10,
    samples=64,
):
    """Return one row per (activation, initializer, start, seed, layer).

    ``q`` is E[z²], ``share`` E[h²]/E[z²] and ``delta_rms`` the size of δ. Every image is scaled
    so that its own E[z²] in layer 1 is ``start``, but for the chance of the weights.
    """
    import itertools

    import numpy as np
    import pandas as pd

    from lab import data, numpy_network, probe, theory

    images = data.load()
    x, y = images.x_train[:samples].astype(float), images.y_train[:samples]
    x /= np.sqrt(np.mean(x**2, axis=1, keepdims=True))
    sizes = [images.inputs, *[width] * depth, images.classes]
    rows = []
    work = [*itertools.product(initializers, range(seeds))]
    for initializer, seed in cli.progress(work, "midiendo"):
        layers = numpy_network.draw_layers(initializer, sizes, seed)
        first = images.inputs * theory.weight_variance(initializer, images.inputs, width)
        if not first:
            raise ValueError(f"«{initializer}» no sortea los pesos: su varianza es 0")
        for activation, start in itertools.product(activations, starts):
            z, h, logits = numpy_network.forward(layers, np.sqrt(start / first) * x, activation)
            delta = numpy_network.backward(layers, z, logits, y, activation)
            for layer in range(depth):
                q = probe.rms(z[layer]) ** 2
                rows.append(
                    {
                        "activation": activation,
                        "initializer": initializer,
                        "start": start,
                        "depth": depth,
                        "width": width,
                        "seed": seed,
                        "layer": layer + 1,
                        "q": q,
                        "share": probe.rms(h[layer]) ** 2 / q,
                        "delta_rms": probe.rms(delta[layer]),
                    }
                )
    return pd.DataFrame(rows)


def predict(activation, sigma_w2, start, depth):
    """Return the q of each layer, and by how much δ grows from the last layer to the first."""
    import numpy as np

    from lab import theory

    q = [start]
    while len(q) < depth:
        q.append(theory.q_map(activation, q[-1], sigma_w2))
    return np.array(q), np.sqrt(np.prod([theory.chi(activation, v, sigma_w2) for v in q[:-1]]))


def square(initializer, width):
    """Return the σ_w² of layers with as many inputs as units."""
    from lab import theory

    return width * theory.weight_variance(initializer, width, width)


def share(activation, q):
    """Return the expected E[h²]/E[z²]; a layer of σ_w² = 1/share keeps this q."""
    from lab import theory

    return theory.second_moment(activation, q) / q


def by_case(rows):
    """Return the rows of each (activation, initializer, start), in the order of the measurement."""
    return rows.groupby(["activation", "initializer", "start"], sort=False)


def draw(rows):
    """Draw the share that gets through against q; then q by layer, a panel per activation.

    Of those that were measured, GELU and ReLU have one: SiLU's is much like that of GELU.
    """
    import numpy as np

    from lab import figures, stats

    activations = list(dict.fromkeys(rows.activation))
    shown = [name for name in activations if name in ("gelu", "relu")] or activations[:2]
    initializers = list(dict.fromkeys(rows.initializer))
    depth, width = int(rows.depth.iloc[0]), int(rows.width.iloc[0])
    figure, axes = figures.subplots(1, 1 + len(shown), size=(7.2, 3.4))
    shape, *panels = axes.flat

    figures.log_axis(shape, "x")
    moments = np.geomspace(1e-3, 1e3, 200)
    for activation in dict.fromkeys((*SHAPES, *activations)):
        color = figures.COLORS[activation]
        shares = [share(activation, q) for q in moments]
        label = catalog.ACTIVATIONS[activation]
        shape.plot(moments, shares, color=color, linewidth=1.3, label=label)
        layers = rows[rows.activation == activation].groupby(["initializer", "start", "layer"])
        seen = layers[["q", "share"]].agg(stats.geometric_mean)
        seen = seen[seen.q.between(moments[0], moments[-1])]
        shape.plot(seen.q, seen.share, "o", color=color, markersize=2.4, alpha=0.5, mew=0)
    shape.set_xlabel("q = E[z²]")
    shape.set_ylabel("E[h²] / E[z²]")
    shape.set_title("la parte de q que pasa")
    shape.set_ylim(0, 1.5)
    shape.legend(loc="upper right", handlelength=1.2, ncols=2, columnspacing=0.8)

    for ax, activation in zip(panels, shown, strict=True):
        figures.log_axis(ax)
        figures.layer_axis(ax, depth)
        ax.set_title(catalog.ACTIVATIONS[activation], color=figures.COLORS[activation])
        ax.set_ylabel("q")
    for (activation, initializer, start), part in by_case(rows[rows.activation.isin(shown)]):
        ax, pair = panels[shown.index(activation)], (activation, initializer)
        q, _ = predict(activation, square(initializer, width), start, depth)
        figures.predicted(ax, np.arange(1, depth + 1), q, *pair)
        figures.measured_points(ax, stats.over_seeds(part, "layer", "q"), *pair)
    legend = figures.initializer_legend(figure, initializers, points=True, note="")
    for text, initializer in zip(legend.get_texts(), initializers, strict=True):
        name = catalog.initializer_label(initializer).partition(" (")[0]
        text.set_text(rf"{name}, $\sigma_w^2$ = {square(initializer, width):.3g}")
    return figures.describe(
        figure,
        "A la izquierda, la parte del segundo momento q que deja pasar cada activación: "
        "con tanh baja al crecer q, con ReLU no cambia y con GELU y SiLU sube de un cuarto a la "
        f"mitad. En los demás paneles, q capa a capa. En la capa {depth}: "
        + "; ".join(
            f"{catalog.label(case.activation, case.initializer)} desde q = {case.start:g}, "
            f"{case.last:.2g}"
            for case in ends(rows[rows.activation.isin(shown)]).itertuples()
        )
        + ".",
    )


def ends(rows):
    """Return one line per case: what is left of q and of δ, measured and predicted.

    - ``last``: q of the last layer.
    - ``delta``: δ of the first layer over that of the last.
    """
    import pandas as pd

    from lab import stats

    lines = []
    for (activation, initializer, start), part in by_case(rows):
        depth, width = int(part.depth.iloc[0]), int(part.width.iloc[0])
        by_layer = part.pivot(index="seed", columns="layer", values=["q", "delta_rms"])
        q, delta = predict(activation, square(initializer, width), start, depth)
        lines.append(
            {
                "activation": activation,
                "initializer": initializer,
                "start": start,
                "depth": depth,
                "last": stats.geometric_mean(by_layer.q[depth]),
                "delta": stats.geometric_mean(by_layer.delta_rms[1] / by_layer.delta_rms[depth]),
                "predicted_last": q[-1],
                "predicted_delta": delta,
            }
        )
    return pd.DataFrame(lines)


def summary(rows):
    """Return the ``last`` and ``delta`` of each case, named like "gelu_glorot_from4_delta".

    ``factor`` is what one layer multiplies δ by, and ``worst``, by what factor a ``delta`` is
    off the predicted one, where most. From theory alone: ``gelu_keeps``, the σ_w² that keeps
    q = 1, with its ``gelu_chi``, and ``gelu_share_at_2``; the same for silu.
    """
    import numpy as np

    from lab import theory

    found = ends(rows)
    values = {"worst": np.exp(np.abs(np.log(found.delta / found.predicted_delta)).max())}
    for case in found.itertuples():
        initializer, start = case.initializer.partition("_")[0], f"{case.start:g}".replace(".", "")
        name = f"{case.activation}_{initializer}_from{start}"
        values[f"{name}_last"] = case.last
        values[f"{name}_delta"] = case.delta
        values[f"{name}_factor"] = case.delta ** (1 / max(case.depth - 1, 1))
    for activation in ("gelu", "silu"):
        keeps = 1 / share(activation, 1.0)
        values[f"{activation}_keeps"] = keeps
        values[f"{activation}_chi"] = theory.chi(activation, 1.0, keeps)
        values[f"{activation}_share_at_2"] = share(activation, 2.0)  # He, standardized inputs
    return values


def table(rows):
    """Return one line per case, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "combinación": catalog.label(case.activation, case.initializer),
            "q en la capa 1": f"{case.start:g}",
            "q en la última (previsto)": f"{case.last:.1e} ({case.predicted_last:.1e})",
            "δ₁ / δ última (previsto)": f"{case.delta:.1e} ({case.predicted_delta:.1e})",
        }
        for case in ends(rows).itertuples()
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Sigue la señal capa a capa desde varios tamaños: si se juntan, si se separan.",
            measure,
            draw,
            table,
            options={"starts": STARTS},
        )
    )

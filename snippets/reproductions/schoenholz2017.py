"""Schoenholz et al. (2017): the depth over which a tanh network's gradient changes by e.

Reproductions. At the fixed point of the signal the square of the gradient is multiplied by χ
in each layer, and so changes by e over ξ = 1/|ln χ| layers: it vanishes in the ordered phase
(small weights), explodes in the chaotic one, and ξ diverges between them. Their other result
(figure 5) is that networks can be trained down to some 6 ξ, whatever the weights.
"""

import sys

from lab import arguments, cli, store

BIAS_VARIANCE = 0.05  # that of their experiments
SETTLING = 20  # layers that the signal is given to reach its fixed point


@store.measurement
def measure(
    weight_variances=(0.4, 0.7, 1.0, 1.3, 1.7, 2.2, 3.0, 4.0),
    width=300,
    depth=60,
    seeds=10,
):
    """Return one row per (σ_w², seed): the ln χ measured in the layers after ``SETTLING``.

    The same Gaussian weights, to scale, serve all variances. A random direction is let in at
    the top, and the logarithm of its square followed down.
    """
    import numpy as np
    import pandas as pd

    if depth < SETTLING + 2:
        raise ValueError(f"hacen falta {SETTLING + 2} capas o más; recibidas: {depth}")
    rows = []
    for seed in cli.progress(range(seeds), "midiendo"):
        rng = np.random.default_rng(seed)
        weights = rng.standard_normal((depth, width, width), dtype=np.float32) / width**0.5
        biases = rng.standard_normal((depth, width, 1)) * BIAS_VARIANCE**0.5
        start, top = rng.standard_normal((2, width, 1))
        # Side by side, one column per variance: a matrix product for all of them.
        gain = np.sqrt(weight_variances)
        h, slopes = np.tile(start, len(gain)), []
        for w, b in zip(weights, biases, strict=True):
            h = np.tanh(gain * (w @ h) + b)
            slopes.append(1 - h**2)
        delta, logs = np.tile(top, len(gain)) * slopes[-1], []
        for w, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
            delta /= np.sqrt(np.mean(delta**2, axis=0))  # the product of all would overflow
            delta = gain * (w.T @ delta) * slope
            logs.append(np.log(np.mean(delta**2, axis=0)))
        log_chi = np.mean(logs[: depth - SETTLING], axis=0)
        rows += [
            {"weight_variance": variance, "width": width, "seed": seed, "log_chi": value}
            for variance, value in zip(weight_variances, log_chi, strict=True)
        ]
    return pd.DataFrame(rows)


def train(weight_variances=(0.25, 0.5, 0.7), depths=(4, 8, 14, 24), width=64, seeds=2):
    """Train in the ordered phase, without biases; return one row per (σ_w², depth, seed).

    ``multiple``: the depth in units of ξ.
    """
    import trainable_depth
    from lab import theory

    names = {f"random_normal:{(v / width) ** 0.5}": v for v in weight_variances}
    runs = trainable_depth.measure(("tanh",), tuple(names), depths, width, seeds)
    runs["weight_variance"] = runs.initializer.map(names)
    scales = {v: theory.depth_scale("tanh", v) for v in weight_variances}
    runs["multiple"] = runs.depth / runs.weight_variance.map(scales)
    return runs


def predict(weight_variance):
    """Return the ln χ that theory expects at the fixed point."""
    import numpy as np

    from lab import theory

    q = theory.fixed_point("tanh", weight_variance, BIAS_VARIANCE)
    return float(np.log(theory.chi("tanh", q, weight_variance)))


def summary(data):
    """Return, by σ_w²: ln χ and ξ, measured (mean, extremes) and predicted; and the edge.

    ``below``: how far the measured ln χ lie below the predicted ones, on average.
    """
    import numpy as np
    from scipy.optimize import brentq

    answer = {"edge": brentq(predict, 1.0, 4.0, xtol=1e-6)}
    gaps = []
    for variance, part in data.groupby("weight_variance"):
        name, mean, theory = (
            f"{variance:g}".replace(".", ""),
            part.log_chi.mean(),
            predict(variance),
        )
        gaps.append(theory - mean)
        answer |= {
            f"log_chi_{name}": mean,
            f"log_chi_theory_{name}": theory,
            f"scale_{name}": 1 / abs(mean),
            f"scale_theory_{name}": 1 / abs(theory),
        }
    return answer | {"below": float(np.mean(gaps))}


def draw(data):
    """Draw ln χ and the depth scale ξ against σ_w², points on the predicted lines."""
    import numpy as np

    from lab import figures, stats

    values = summary(data)
    fine = np.linspace(data.weight_variance.min(), data.weight_variance.max(), 80)
    expected = np.array([predict(variance) for variance in fine])
    figure, axes = figures.subplots(1, 2, size=(7.1, 3.5))
    left, right = axes[0]
    figures.predicted(left, fine, expected, "tanh", "he_normal")
    figures.predicted(right, fine, 1 / abs(expected), "tanh", "he_normal")
    spread = stats.over_seeds(data, "weight_variance", "log_chi", logarithmic=False)
    figures.measured_points(left, spread, "tanh", "he_normal", markersize=5)
    scales = data.assign(scale=1 / data.log_chi.abs())
    spread = stats.over_seeds(scales, "weight_variance", "scale")
    figures.measured_points(right, spread, "tanh", "he_normal", markersize=5)
    for ax in (left, right):
        ax.set_xlabel(r"$\sigma_w^2$")
        ax.axvline(values["edge"], color=figures.INK, linewidth=0.8, linestyle=(0, (2, 2)))
    figures.reference(left, 0)
    left.set_ylabel("ln χ: cambio de δ² por capa")
    figures.log_axis(right)
    right.set_ylim(1, 200)
    right.set_ylabel("ξ, en capas")
    return figures.describe(
        figure,
        "A la izquierda, cuánto cambia por capa el logaritmo del cuadrado del gradiente de una "
        "red tanh según la varianza de los pesos: negativo, luego positivo; los puntos medidos "
        f"siguen la línea de la teoría, que cruza el cero en {values['edge']:.2f}. A la derecha, "
        "la escala de profundidad, que crece sin límite al acercarse a ese valor.",
    )


def draw_trained(runs):
    """Draw the accuracy after training against the depth and against the depth in ξ."""
    from lab import figures, stats

    figure, axes = figures.subplots(1, 2, size=(7.1, 3.5), sharey=True)
    for (variance, part), color in zip(
        runs.groupby("weight_variance"), figures.SEQUENCE, strict=False
    ):
        for ax, x in zip(axes[0], ("depth", "multiple"), strict=True):
            spread = stats.over_seeds(part, x, "train_accuracy", logarithmic=False)
            ax.fill_between(spread.x, spread.low, spread.high, color=color, alpha=0.2, lw=0)
            ax.plot(spread.x, spread.centre, "o-", color=color, markersize=5, label=f"{variance:g}")
    left, right = axes[0]
    for ax in (left, right):
        figures.reference(ax, 0.1, "azar")
        ax.set_ylim(0, 1)
    right.axvline(6, color=figures.INK, linewidth=0.8, linestyle=(0, (2, 2)))
    left.set_ylabel("aciertos (entrenamiento)")
    left.set_xlabel("capas ocultas")
    right.set_xlabel("capas ocultas / ξ")
    left.xaxis.get_major_locator().set_params(integer=True)
    right.set_xlim(0, 20)
    left.legend(title=r"$\sigma_w^2$")
    values = summary_trained(runs)
    return figures.describe(
        figure,
        "Aciertos tras el entrenamiento de redes tanh de la fase ordenada. Frente a la "
        "profundidad, cada varianza de los pesos cae en un sitio; frente a la profundidad medida "
        "en escalas ξ, las tres caen casi juntas. Mitad de aciertos: "
        + "; ".join(
            f"a {values[f'half_{v:g}'.replace('.', '')]:.1f} ξ con varianza {v:g}"
            for v in sorted(runs.weight_variance.unique())
        )
        + ".",
    )


def summary_trained(runs):
    """Return, by σ_w², ξ and the depth, in layers and in ξ, at which half the answers are right.

    Interpolated between the depths that were trained; NaN if none of them falls so low.
    ``half_apart`` and ``layers_apart``: the largest of them over the smallest.
    """
    import numpy as np

    answer = {}
    for variance, part in runs.groupby("weight_variance"):
        mean = part.groupby("multiple").train_accuracy.mean()
        below = int(np.argmax(mean < 0.5))  # the first; 0 if there is none
        half = np.nan
        if below:
            x, y = mean.index[below - 1 : below + 1], mean.iloc[below - 1 : below + 1]
            half = float(np.interp(0.5, y[::-1], x[::-1]))
        name, scale = f"{variance:g}".replace(".", ""), (part.depth / part.multiple).mean()
        answer |= {f"scale_{name}": scale, f"half_{name}": half, f"layers_{name}": half * scale}
    for unit in ("half", "layers"):
        crossings = [value for key, value in answer.items() if key.startswith(unit)]
        answer[f"{unit}_apart"] = max(crossings) / min(crossings)
    return answer


def table(data):
    """Return one line per σ_w², for the terminal."""
    import pandas as pd

    rows = []
    for variance, part in data.groupby("weight_variance"):
        mean, theory = part.log_chi.mean(), predict(variance)
        rows.append(
            {
                "σ_w²": f"{variance:g}",
                "ln χ": f"{mean:+.3f}",
                "(semillas)": f"{part.log_chi.min():+.3f} … {part.log_chi.max():+.3f}",
                "(teoría)": f"{theory:+.3f}",
                "ξ": f"{1 / abs(mean):.1f}",
                "(ξ, teoría)": f"{1 / abs(theory):.1f}",
            }
        )
    return pd.DataFrame(rows)


OPTIONS = {
    "weight_variances": cli.Option(
        "--weight-variance",
        arguments.real("mayor que 0", lambda v: v > 0),
        "σ_w², varianza de los pesos por el número de entradas",
        "X",
        many=True,
    )
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide en cuántas capas cambia por e el gradiente de una red tanh.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

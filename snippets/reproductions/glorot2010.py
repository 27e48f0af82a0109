"""Glorot and Bengio (2010), section 4.2: what their initialization changes, layer by layer.

Reproductions. Figures 6, 7 and 8 show, for a tanh network just drawn, that with the weights
of the time (eq. 1) activations shrink on the way up and back-propagated gradients on the way
down, while weight gradients stay level; with theirs (eq. 16) nothing shrinks. Section 4.2.2
gives one number for each: the mean singular value of a layer's Jacobian, 0.5 and 0.8.
"""

import itertools
import sys

from lab import arguments, cli, store

#: Rule → (Spanish name, limit a of the uniform weights in (−a, a), colour, marker, published).
RULES = {
    "standard": ("estándar (ec. 1)", lambda n_in, n_out: n_in**-0.5, "#8a8a8a", "s", 0.5),
    "normalized": (
        "normalizada (ec. 16)",
        lambda n_in, n_out: (6 / (n_in + n_out)) ** 0.5,
        "#009e73",
        "o",
        0.8,
    ),
}
SIGNALS = {
    "activation": "activación h",
    "delta": "gradiente δ",
    "weight_gradient": "gradiente ∂L/∂W",
    "singular": "valor singular medio de la jacobiana",
}
SIDE, CLASSES = 32, 10  # the paper's images have 32×32 pixels


@store.measurement
def measure(rules=tuple(RULES), depth=5, width=1000, input_rms=1.0, samples=100, seeds=3):
    """Return one row per (rule, seed, layer): rms of h, δ and ∂L/∂W, and the Jacobian's values.

    ``singular`` and ``singular_rms`` are the mean and the root mean square of the singular
    values of ∂h_l/∂h_{l−1} at one image; layer 1, which is not square, has none.
    """
    import numpy as np
    import pandas as pd

    from lab import numpy_network, probe, theory

    x, y = enlarged_digits(samples, input_rms)
    sizes = [x.shape[1], *[width] * depth, CLASSES]
    rows = []
    work = [(rule, seed) for rule in rules for seed in range(seeds)]
    for rule, seed in cli.progress(work, "midiendo"):
        layers = draw_layers(rule, sizes, np.random.default_rng(seed))
        z, h, logits = numpy_network.forward(layers, x, "tanh")
        deltas = numpy_network.backward(layers, z, logits, y, "tanh")
        gradients = numpy_network.weight_gradients(x, h, deltas)
        for layer in range(1, depth + 1):
            slopes = theory.ACTIVATIONS["tanh"].slope(z[layer - 1][seed % samples])
            values = singular_values(layers[layer - 1][0] * slopes) if layer > 1 else np.nan
            rows.append(
                {
                    "rule": rule,
                    "width": width,
                    "input_rms": input_rms,
                    "seed": seed,
                    "layer": layer,
                    "activation": probe.rms(h[layer - 1]),
                    "delta": probe.rms(deltas[layer - 1]),
                    "weight_gradient": probe.rms(gradients[layer - 1]),
                    "singular": np.mean(values),
                    "singular_rms": probe.rms(values),
                }
            )
    return pd.DataFrame(rows)


def enlarged_digits(samples, input_rms):
    """Return (x, y): digits with each pixel repeated 4×4, and the mean square asked for."""
    import numpy as np

    from lab import data, probe

    digits = data.load()
    small = digits.x_train[:samples].astype(float).reshape(-1, 8, 8)
    x = np.kron(small, np.ones((1, SIDE // 8, SIDE // 8))).reshape(len(small), -1)
    return x * (input_rms / probe.rms(x)), digits.y_train[:samples]


def draw_layers(rule, sizes, rng):
    """Return (weights, bias) of each layer, the head's too: uniform, as the rule says."""
    import numpy as np

    limit = RULES[rule][1]
    return [
        (rng.uniform(-limit(*fans), limit(*fans), fans), np.zeros(fans[1]))
        for fans in itertools.pairwise(sizes)
    ]


def singular_values(matrix):
    """Return the singular values of a square matrix, as the roots of the eigenvalues of MᵀM."""
    import numpy as np

    # Twice as fast as an SVD; only values that hardly weigh in the mean lose digits.
    return np.sqrt(np.maximum(np.linalg.eigvalsh(matrix.T @ matrix), 0))


def predict(rule, depth, width, input_rms):
    """Return what theory expects of h, δ and the singular values, three arrays (depth,).

    A matrix of independent entries has its singular values on a quarter circle, whose mean is
    8/3π ≈ 0.85 of its root mean square (Marchenko and Pastur 1967); φ' enters through its root
    mean square, as if it were the same for all units.
    """
    import numpy as np

    from lab import theory

    fans = [SIDE**2, *[width] * depth, CLASSES]
    variance = [RULES[rule][1](*pair) ** 2 / 3 for pair in itertools.pairwise(fans)]
    moment, q, moments = input_rms**2, [], []
    for fan_in, here in zip(fans[:-2], variance[:-1], strict=True):
        q.append(fan_in * here * moment)
        moment = theory.second_moment("tanh", q[-1])
        moments.append(moment)
    slopes = np.array([theory.slope_moment("tanh", value) for value in q])
    # A head that answers all classes alike returns ‖p − y‖² = 1 − 1/classes.
    deltas = [variance[-1] * (1 - 1 / CLASSES) * slopes[-1]]
    for layer in reversed(range(depth - 1)):
        deltas.append(width * variance[layer + 1] * slopes[layer] * deltas[-1])
    jacobian = np.sqrt(width * np.array(variance[:-1]) * slopes) * 8 / (3 * np.pi)
    jacobian[0] = np.nan
    return np.sqrt(moments), np.sqrt(deltas[::-1]), jacobian


def draw(data):
    """Draw the three signals and the mean singular value, layer by layer."""
    import numpy as np

    from lab import figures, stats

    figure, axes = figures.subplots(2, 2, size=(7.1, 5.4))
    depth, width = int(data.layer.max()), int(data.width.iloc[0])
    for rule, part in data.groupby("rule", sort=False):
        name, _, color, marker, published = RULES[rule]
        style = {"color": color, "marker": marker, "markersize": 4}
        h, delta, singular = predict(rule, depth, width, data.input_rms.iloc[0])
        lines = {"activation": h, "delta": delta, "singular": singular}
        for ax, quantity in zip(axes.flat, SIGNALS, strict=True):
            spread = stats.over_seeds(part.dropna(subset=quantity), "layer", quantity)
            figures.points_of_seeds(ax, spread, **style, label=name)
            if quantity in lines:
                ax.plot(range(1, depth + 1), lines[quantity], color=color, linewidth=1, zorder=1)
        figures.reference(axes[1, 1], published)
        axes[1, 1].text(0.6, published + 0.015, f"artículo: ≈ {published}")
    for ax, title in zip(axes.flat, SIGNALS.values(), strict=True):
        ax.set_title(title)
        figures.layer_axis(ax, depth)
    for ax in axes.flat[:3]:
        figures.log_axis(ax)
        low, high = np.log10(ax.get_ylim())
        ax.set_ylim(10 ** np.floor(low), 10 ** np.ceil(high))
    axes[1, 1].set_ylim(0, 1)
    handles, _ = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    values = summary(data)
    return figures.describe(
        figure,
        f"Red tanh de {depth} capas de {width} unidades recién sorteada. "
        + " ".join(
            f"Con la inicialización {RULES[rule][0]}, de la primera capa a la última la activación "
            f"se multiplica por {values[f'{rule}_activation']:.2f}; el δ, de la última a la "
            f"primera, por {values[f'{rule}_delta']:.2f}; el gradiente de los pesos varía en "
            f"un factor {values[f'{rule}_weight_gradient']:.1f}, y el valor singular medio es "
            f"{values[f'{rule}_singular']:.2f}."
            for rule in dict.fromkeys(data.rule)
        ),
    )


def summary(data):
    """Return, by rule, what the journey does to each signal, and the Jacobian's mean values.

    ``activation``: last layer over first; ``delta``: first over last; ``weight_gradient``: the
    largest layer over the smallest; ``singular_low`` and ``_high``: extremes of the seeds.
    """
    from lab import stats

    answer = {}
    for rule, part in data.groupby("rule", sort=False):
        means = part.groupby("layer")[["activation", "delta", "weight_gradient"]].agg(
            stats.geometric_mean
        )
        by_seed = part.groupby("seed")[["singular", "singular_rms"]].mean()
        answer |= {
            f"{rule}_activation": means.activation.iloc[-1] / means.activation.iloc[0],
            f"{rule}_delta": means.delta.iloc[0] / means.delta.iloc[-1],
            f"{rule}_weight_gradient": means.weight_gradient.max() / means.weight_gradient.min(),
            f"{rule}_singular": by_seed.singular.mean(),
            f"{rule}_singular_low": by_seed.singular.min(),
            f"{rule}_singular_high": by_seed.singular.max(),
            f"{rule}_singular_rms": by_seed.singular_rms.mean(),
            f"{rule}_singular_first": part[part.layer == 2].singular.mean(),
            f"{rule}_singular_last": part[part.layer == part.layer.max()].singular.mean(),
        }
    return answer


def table(data):
    """Return what each rule does, beside the published numbers, for the terminal."""
    import pandas as pd

    values = summary(data)
    return pd.DataFrame(
        {
            "inicialización": RULES[rule][0],
            "h, última/primera": f"{values[f'{rule}_activation']:.2f}",
            "δ, primera/última": f"{values[f'{rule}_delta']:.3f}",
            "∂L/∂W, mayor/menor": f"{values[f'{rule}_weight_gradient']:.2f}",
            "valor singular medio": f"{values[f'{rule}_singular']:.3f}",
            "(artículo)": f"≈ {RULES[rule][4]}",
        }
        for rule in dict.fromkeys(data.rule)
    )


OPTIONS = {
    "rules": cli.Option(
        "--rule", arguments.one_of(RULES, "la regla"), ", ".join(RULES), "NOMBRE", many=True
    ),
    "input_rms": cli.Option(
        "--input-rms",
        arguments.real("mayor que 0", lambda v: v > 0),
        "valor eficaz de los píxeles",
        "X",
    ),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Repite las figuras 6, 7 y 8 de Glorot y Bengio (2010) con una red tanh.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

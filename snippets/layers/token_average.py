"""What attention sums: all the tokens, with weights that come from the signal itself.

Chapter 13. Keras's MultiHeadAttention on independent normal tokens, before training. Its kernels
keep the size of each token, but the output is an average of T of them, and an average of
independent numbers is small. And a trap: with an initializer that has a seed, Keras draws the
same matrix for queries, keys and values.
"""

import itertools
import sys

from lab import cli, store
from lab.arguments import one_of

#: How the kernels are drawn → name, colour, marker and σ_w² of each.
STARTS = {
    "default": ("por defecto", "#0072b2", "o", 1.0),
    "he": ("he_normal", "#d55e00", "v", 2.0),
    "seeded": ("GlorotUniform(seed=…)", "#cc79a7", "D", 1.0),
}


@store.measurement
def measure(
    tokens=(2, 8, 32, 128),
    starts=tuple(STARTS),
    width=256,
    heads=4,
    seeds=5,
    first_seed=0,
):
    """Return one row per (start, tokens, seed).

    ``square`` is the mean square that comes out over that of the tokens, ``own`` the share of
    its attention that a token gives to itself, and ``alike`` whether the kernels of queries,
    keys and values are one and the same.
    """
    import keras
    import numpy as np
    import pandas as pd

    if heads > width:
        raise ValueError(
            f"{heads} cabezas no caben en una anchura de {width}; pide {width} como mucho"
        )
    rows = []
    work = list(itertools.product(starts, range(first_seed, first_seed + seeds)))
    for start, seed in cli.progress(work, "midiendo"):
        keras.utils.set_random_seed(seed)
        initializer = {
            "default": "glorot_uniform",
            "he": "he_normal",
            "seeded": keras.initializers.GlorotUniform(seed=seed),
        }[start]
        layer = keras.layers.MultiHeadAttention(
            heads, width // heads, kernel_initializer=initializer
        )
        layer.build((None, None, width), (None, None, width))
        query, key, value = (
            weights.numpy()
            for role in ("query", "key", "value")
            for weights in layer.weights
            if weights.path.endswith(f"{role}/kernel")
        )
        alike = np.array_equal(query, key) and np.array_equal(query, value)
        rng = np.random.default_rng(seed)
        for count in tokens:
            x = rng.standard_normal((max(1, 128 // count), count, width), "float32")
            y, attention = layer(x, x, return_attention_scores=True)
            own = np.diagonal(np.array(attention), axis1=-2, axis2=-1).mean()
            square = np.mean(np.array(y, float) ** 2) / np.mean(x.astype(float) ** 2)
            rows.append(
                {
                    **{"start": start, "tokens": count, "width": width, "seed": seed},
                    **{"square": square, "own": float(own), "alike": alike},
                }
            )
    return pd.DataFrame(rows)


def kept(tokens, spread):
    """Return E[Σ a²]: what an average with softmax's weights keeps of independent squares.

    The logits are normal of variance ``spread``. With S = Σ exp(z) it is T E[exp(2z)/S²], and
    1/S² = ∫ r exp(−r S) dr makes a product of means out of it. For many tokens: exp(spread)/T.
    """
    import numpy as np

    from lab import theory

    logs = np.linspace(-30, 20, 201)
    r = np.exp(logs)  # r dr = r² d(ln r)

    def mean(power, rate):
        return theory.gaussian_mean(lambda z: np.exp(power * z - rate * np.exp(z)), spread)

    integrand = [rate**2 * mean(2, rate) * mean(0, rate) ** (tokens - 1) for rate in r]
    return float(tokens * np.trapezoid(integrand, logs))


def predict(start, tokens, width):
    """Return the ``square`` that theory expects; NaN if the kernels are not independent.

    Logits have the variance σ_w² σ_w². To what the average keeps comes a shift: it prefers the
    tokens that look where the query looks, and their mean has the square ``spread`` over width.
    All queries are taken to be of one size; the larger ones look at fewer tokens, which adds
    a hundredth to the square with 128 of them. One network's square is some 6 % away.
    """
    *_, sigma_w2 = STARTS[start]
    if start == "seeded":
        return float("nan")
    spread = sigma_w2**2
    share = kept(tokens, spread)
    shift = (1 - share) * spread / width
    return sigma_w2**2 * (share + shift)


def predict_own(tokens, key_dim, width):
    """Return the attention that a token gives to itself where queries and keys are the same.

    With W of d rows of n, W Wᵀ has eigenvalues of mean 1 and mean square 1 + d/n. A token's own
    logit is ‖W x‖²/√d, of mean √d and twice that variance; another one's has it once.
    """
    import numpy as np

    from lab import theory

    spread = 1 + key_dim / width
    others = (tokens - 1) * np.exp(spread / 2 - key_dim**0.5)
    return theory.gaussian_mean(lambda z: 1 / (1 + others * np.exp(-z)), 2 * spread)


def draw(data):
    """Draw the size of what comes out, against the number of tokens."""
    import numpy as np

    from lab import figures, stats

    figure, ((ax,),) = figures.subplots(size=(5.2, 3.6))
    figures.log_axis(ax)
    figures.reference(ax, 1)
    sizes = data.assign(size=np.sqrt(data["square"]))
    for start, part in sizes.groupby("start", sort=False):
        label, color, marker, _ = STARTS[start]
        spread = stats.over_seeds(part, "tokens", "size")
        width = int(part.width.iloc[0])
        counts = np.unique(np.geomspace(spread.x[0], spread.x[-1], 13).round().astype(int))
        line = [predict(start, count, width) ** 0.5 for count in counts]
        ax.plot(counts, line, color=color, linewidth=1, zorder=1)
        style = {"color": color, "markeredgecolor": color, "markerfacecolor": "none"}
        style |= {"marker": marker, "markersize": 5, "label": label}
        figures.measured_points(ax, spread, "relu", "he_normal", **style)
    ax.set_xscale("log", base=2)
    ticks = sorted(set(data.tokens))
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.minorticks_off()
    ax.set_xlabel("elementos de la secuencia, T")
    ax.set_ylabel("valor eficaz que sale, si entra 1")
    figure.legend(loc="outside upper center", ncols=3)
    ends = summary(data)
    return figures.describe(
        figure,
        "Valor eficaz de lo que sale de una capa de atención según el número de elementos. De "
        f"{ticks[0]} a {ticks[-1]}: "
        + "; ".join(
            f"{STARTS[start][0]}, de {ends[start + '_first']:.2f} a {ends[start + '_last']:.2f}"
            for start in dict.fromkeys(data.start)
        )
        + ".",
    )


def summary(data):
    """Return sizes and own attention with the fewest and the most tokens."""
    import numpy as np

    numbers = {}
    for start, part in data.groupby("start", sort=False):
        for end, at in (("first", part.tokens.min()), ("last", part.tokens.max())):
            rows = part[part.tokens == at]
            numbers[f"{start}_{end}"] = float(np.sqrt(rows["square"].mean()))
            numbers[f"{start}_{end}_own"] = rows.own.mean()
            numbers[f"{start}_{end}_expected"] = (
                predict(start, int(at), int(rows.width.iloc[0])) ** 0.5
            )
        numbers[f"{start}_alike"] = int(part.groupby("seed").alike.first().sum())
    return numbers


def table(data):
    """Return the sizes by number of tokens, for the terminal."""
    import numpy as np

    sizes = data.assign(size=np.sqrt(data["square"]))
    wide = sizes.pivot_table(index="start", columns="tokens", values="size", sort=False)
    wide = wide.map(lambda value: f"{value:.2f}").rename(columns=str)
    wide = wide.rename(index={start: label for start, (label, *_) in STARTS.items()})
    return wide.rename_axis(index="pesos", columns=None).reset_index()


OPTIONS = {
    "tokens": cli.Option("--tokens", cli.whole(2), "elementos de la secuencia", "N", many=True),
    "heads": cli.Option("--heads", cli.whole(1), "cabezas", "N"),
    "starts": cli.Option(
        "--start",
        one_of(STARTS, "el sorteo"),
        f"cómo se sortean los pesos ({', '.join(STARTS)})",
        "NOMBRE",
        many=True,
    ),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide lo que sale de una capa de atención según cuántos elementos promedia.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

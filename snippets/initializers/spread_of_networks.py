"""He keeps the size of a signal on average; a single network can be far from the average.

Chapter 8. ReLU networks with He's Gaussian weights, many of each width, in plain NumPy. In
every layer, and independently, the squared size of the signal is multiplied by
X = (2/n) Σᵢ max(gᵢ, 0)², gᵢ ~ N(0, 1), whose mean is 1 and whose variance is 5/n. Backwards
the same (Hanin and Rolnick 2018; Hanin and Nica 2020).
"""

import sys

from lab import cli, store

SHOWN = 32  # networks that the figure draws, of each width


@store.measurement
def measure(widths=(16, 32, 64, 128, 256, 512), depth=30, seeds=48, first_seed=0):
    """Return one row per (width, seed, layer) with the sizes of both signals.

    ``forward`` is the mean square of h in that layer, that of the input being 1; ``backward``
    is the mean square of δ, that of the last layer being 1. ``seeds`` networks of the largest
    width; of the others, which cost less and vary more, as many more as they are narrower.
    """
    import numpy as np
    import pandas as pd

    counts = {width: seeds * max(widths) // width for width in widths}
    networks = [
        (width, seed)
        for width, count in counts.items()
        for seed in range(first_seed, first_seed + count)
    ]
    signals = [
        sizes(width, depth, np.random.default_rng([seed, width]))
        for width, seed in cli.progress(networks, "redes")
    ]
    rows = np.repeat(networks, depth, axis=0)
    forward, backward = np.concatenate(signals, axis=1)
    return pd.DataFrame(
        {
            "width": rows[:, 0],
            "depth": depth,
            "seed": rows[:, 1],
            "layer": np.tile(np.arange(1, depth + 1), len(networks)),
            "forward": forward,
            "backward": backward,
        }
    )


def sizes(width, depth, rng):
    """Return the mean squares of h and δ, layer by layer, of one network."""
    import numpy as np

    weights = rng.standard_normal((depth, width, width))
    weights *= np.sqrt(2 / width)
    h, active, forward = np.ones(width), [], []
    for w in weights:
        z = w @ h
        h = np.maximum(z, 0)
        active.append(z > 0)
        forward.append(np.mean(h**2))

    delta = rng.standard_normal(width) * active[-1]
    delta /= np.sqrt(np.mean(delta**2)) or 1.0  # in a dead layer all are 0
    backward = [np.mean(delta**2)]
    for w, on in zip(weights[:0:-1], active[-2::-1], strict=True):
        delta = on * (w.T @ delta)
        backward.append(np.mean(delta**2))
    return forward, backward[::-1]


def law_of_log(width):
    """Return mean and variance of ln X, exactly, given that the layer is not dead.

    k of the n units are active with probability C(n, k)/2ⁿ, and nX/2 is then a chi-squared
    variable of k degrees of freedom, whose logarithm has mean ψ(k/2) + ln 2 and variance
    ψ'(k/2). To first order in 1/n they are −5/(2n) and 5/n.
    """
    import numpy as np
    from scipy.special import digamma, gammaln, polygamma

    k = np.arange(1, width + 1)
    share = np.exp(gammaln(width + 1) - gammaln(k + 1) - gammaln(width - k + 1) - width * np.log(2))
    share /= share.sum()
    means = digamma(k / 2) + np.log(4 / width)
    mean = share @ means
    return mean, share @ (polygamma(1, k / 2) + (means - mean) ** 2)


def predict(spread, width):
    """Return by what factor the rms of h in the last layer typically misses its median."""
    import numpy as np

    _, variance = law_of_log(width)
    return np.exp(np.sqrt(spread.depth.iloc[0] * variance) / 2)


def logarithms(spread):
    """Return, by width, what the logarithms do over the whole depth.

    Mean and variance of ln(size) over the networks that are not dead, forwards and backwards,
    with the predicted ones. Backwards there is one layer less to cross.
    """
    import numpy as np
    import pandas as pd

    rows = []
    for width, part in spread.groupby("width"):
        depth = int(part.depth.iloc[0])
        mean, variance = law_of_log(width)
        for way, end, layers in (("forward", depth, depth), ("backward", 1, depth - 1)):
            values = part.loc[part.layer == end, way]
            logs = np.log(values[values > 0])
            rows.append(
                {
                    "width": width,
                    "way": way,
                    "layers": layers,
                    "networks": len(logs),
                    "mean": logs.mean(),
                    "variance": logs.var(),
                    "predicted_mean": layers * mean,
                    "predicted_variance": layers * variance,
                }
            )
    return pd.DataFrame(rows)


def draw(spread):
    """Draw every network as a line: the narrowest, one in between and the widest."""
    import numpy as np

    from lab import figures

    widths = sorted(spread.width.unique())
    shown = list(dict.fromkeys([widths[0], widths[len(widths) // 2], widths[-1]]))
    layers = np.arange(1, int(spread.depth.max()) + 1)
    figure, axes = figures.subplots(1, len(shown), size=(7.1, 3.4), sharey=True)
    ends = []
    for ax, width in zip(axes[0], shown, strict=True):
        figures.log_axis(ax)
        figures.layer_axis(ax, len(layers))
        figures.reference(ax, 1.0)
        ax.set_title(f"{width} unidades por capa")
        networks = spread[spread.width == width].pivot(
            index="layer", columns="seed", values="forward"
        )
        some = networks.iloc[:, :SHOWN]
        ax.plot(layers, some, color=figures.COLORS["relu"], linewidth=0.6, alpha=0.5)
        mean, variance = law_of_log(width)
        for deviations in (-1.96, 0, 1.96):
            line = np.exp(layers * mean + deviations * np.sqrt(layers * variance))
            ax.plot(layers, line, color=figures.INK, linewidth=1.6 if deviations == 0 else 1.0)
        low, high = np.percentile(networks.iloc[-1], [2.5, 97.5])
        ends.append(f"con {width} unidades, de {low:.2g} a {high:.2g}")
    axes[0, 0].set_ylabel("tamaño de la señal, E[h²]")
    return figures.describe(
        figure,
        f"Cada línea es una red ReLU con He. Tras {len(layers)} capas, el 95 % de las redes "
        "está en un abanico que se cierra al ensancharlas: " + "; ".join(ends) + ".",
    )


def draw_law(spread):
    """Draw mean and variance of the logarithm against Σ 1/n, with the exact law."""
    import numpy as np

    from lab import figures

    logs = logarithms(spread)
    forward = logs[logs.way == "forward"]
    ratio = forward.layers / forward.width
    figure, axes = figures.subplots(1, 2, size=(7.1, 3.6))
    for ax, moment, title, slope in (
        (axes[0, 0], "mean", "media del logaritmo", -5 / 2),
        (axes[0, 1], "variance", "varianza del logaritmo", 5),
    ):
        ax.set_xlabel("Σ 1/n, suma sobre las capas")
        ax.set_title(title)
        ax.plot(
            [0, ratio.max()],
            [0, slope * ratio.max()],
            color=figures.INK,
            linestyle=":",
            label="primer orden: 5 · Σ 1/n, y −5/2 · Σ 1/n",
        )
        ax.plot(
            ratio,
            forward[f"predicted_{moment}"],
            color=figures.INK,
            linewidth=1,
            label="ley exacta",
        )
        for way, label, marker, face in (
            ("forward", "h, medido", ">", "auto"),
            ("backward", "δ, medido", "<", "none"),
        ):
            part = logs[logs.way == way]
            # Standard errors of a mean and of a variance; normal logarithms, near enough.
            error = {
                "mean": np.sqrt(part.variance / part.networks),
                "variance": part.variance * np.sqrt(2 / (part.networks - 1)),
            }[moment]
            ax.errorbar(
                part.layers / part.width,
                part[moment],
                1.96 * error,
                linestyle="",
                marker=marker,
                markersize=5,
                elinewidth=0.9,
                markerfacecolor=face,
                color=figures.COLORS["relu"],
                label=label,
            )
        for row in forward[ratio > ratio.max() / 5].itertuples():  # the others are crowded
            ax.annotate(
                f"n = {row.width}",
                (row.layers / row.width, getattr(row, moment)),
                xytext=(7, -4),
                textcoords="offset points",
                va="top" if moment == "variance" else "bottom",
                annotation_clip=False,
            )
        ax.margins(x=0.12)
    handles, _ = axes[0, 1].get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    first = forward.iloc[0]
    return figures.describe(
        figure,
        f"Media y varianza del logaritmo del tamaño de la señal tras {first.layers} capas, frente "
        "a la suma de 1/n. Los puntos caen sobre la ley exacta, casi una recta. "
        f"Con {first.width} unidades: media {first['mean']:.1f} y varianza {first.variance:.1f}; "
        f"ley exacta, {first.predicted_mean:.1f} y {first.predicted_variance:.1f}.",
    )


def summary(spread):
    """Return the numbers that the prose uses, by width."""
    answer = {}
    for row in logarithms(spread).query("way == 'forward'").itertuples():
        last = spread.query("width == @row.width and layer == @row.layers").forward
        answer |= {
            f"median_{row.width}": last.median(),
            f"low_{row.width}": last.quantile(0.025),
            f"high_{row.width}": last.quantile(0.975),
            f"mean_{row.width}": last.mean(),
            f"variance_{row.width}": row.variance,
            f"predicted_variance_{row.width}": row.predicted_variance,
            # networks whose average has a standard error of a tenth: E[size²] = Π (1 + 5/n)
            f"needed_{row.width}": ((1 + 5 / row.width) ** row.layers - 1) / 0.1**2,
        }
    return answer


def table(spread):
    """Return the spread of each width, for the terminal."""
    import pandas as pd

    values = summary(spread)
    return pd.DataFrame(
        {
            "unidades": width,
            "media": f"{values[f'mean_{width}']:.3g}",
            "mediana": f"{values[f'median_{width}']:.3g}",
            "95 % de las redes": f"{values[f'low_{width}']:.2g} … {values[f'high_{width}']:.2g}",
            "varianza del log.": f"{values[f'variance_{width}']:.2f}",
            "(ley exacta)": f"{values[f'predicted_variance_{width}']:.2f}",
        }
        for width in sorted(spread.width.unique())
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cuánto se aparta cada red de la media que He conserva.", measure, draw, table
        )
    )

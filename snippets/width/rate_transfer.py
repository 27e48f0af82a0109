"""Where the best learning rate of Adam lies at each width, and what a rate taken along costs.

Chapter 15. The same short training at every width and rate, with the standard parametrization
and with μP, which at width 64 are the same network (Yang et al. 2022, Figure 1, for networks of
another kind and size).
"""

import sys

from lab import arguments, cli, store
from width.coordinate_check import (
    BASE,
    COLORS,
    MARKERS,
    OPTIONS,
    PARAMETRIZATIONS,
    Adam,
    draw_weights,
    factors,
    gradients,
    half_width,
    legend,
    width_axis,
)

RATES = tuple(0.0005 * 2**power for power in range(7))
OPTIONS = {
    "parametrizations": OPTIONS["parametrizations"],
    "rates": cli.Option(
        "--learning-rate",
        arguments.real("mayor que 0", lambda value: value > 0),
        "tasa de aprendizaje",
        "X",
        many=True,
    ),
}


@store.measurement
def measure(
    parametrizations=("standard", "mup"),
    widths=(32, 64, 128, 256, 512),
    rates=RATES,
    depth=3,
    epochs=2,
    batch_size=64,
    seeds=4,
    first_seed=0,
    dataset="digits",
):
    """Return one row per (parametrization, width, rate, seed).

    ``train_loss`` is the mean over the batches of the last epoch, each before its step, as
    Keras reports it; what does not fill a batch is left out of the epoch. Computed in float32.
    """
    import itertools

    import numpy as np
    import pandas as pd

    from lab import data

    images = data.load(dataset)
    batches = len(images.x_train) // batch_size
    if not batches:
        raise ValueError(
            f"el lote es de {batch_size} imágenes y solo hay {len(images.x_train)}; redúcelo"
        )

    def last_loss(name, width, seed):
        """Train a network once with each rate; return the loss of each, (rates,)."""
        weights = [
            np.repeat(w[None].astype("float32"), len(rates), axis=0)
            for w in draw_weights(
                name, width, seed, depth=depth, inputs=images.inputs, classes=images.classes
            )
        ]
        adam = Adam(weights)
        each = [np.asarray(rates) * factor for factor in factors(name, "adam", width, depth)]
        rng = np.random.default_rng(seed)
        for _ in range(epochs):
            order = rng.permutation(len(images.x_train))[: batches * batch_size]
            losses = []
            for batch in order.reshape(batches, batch_size):
                loss, found = gradients(weights, images.x_train[batch], images.y_train[batch])
                losses.append(loss)
                adam.step(weights, found, each)
        return np.mean(losses, axis=0, dtype="float64")

    networks = itertools.product(parametrizations, widths, range(first_seed, first_seed + seeds))
    total = len(parametrizations) * len(widths) * seeds
    return pd.DataFrame(
        {
            "parametrization": name,
            "width": width,
            "depth": depth,
            "seed": seed,
            "epochs": epochs,
            "learning_rate": rate,
            "train_loss": loss,
        }
        for name, width, seed in cli.progress(networks, "anchuras", total)
        for rate, loss in zip(rates, last_loss(name, width, seed), strict=True)
    )


def predict(parametrization):
    """Return the power of the width with which the rate that suits a network goes.

    So that no layer changes by more the wider it is: 1 over the growth of what a step changes
    in a hidden layer by its own weights.
    """
    from width import coordinate_check

    own, _ = coordinate_check.predict(parametrization, "adam")
    return 0.0 - own[1]  # and not −0


# --- what comes out of it -----------------------------------------------------------------


def best_rates(sweep):
    """Return a table of the best rate, one row per (parametrization, width, seed).

    Raises:
        ValueError: there are fewer than five rates.
    """
    from lab import stats

    if (rates := sweep.learning_rate.nunique()) < 5:
        raise ValueError(
            f"hay {rates} tasas; para situar la mejor hacen falta 5 o más: repite --learning-rate"
        )
    keys = ["parametrization", "width", "seed"]
    return (
        sweep.sort_values("learning_rate")
        .groupby(keys, sort=False)[["learning_rate", "train_loss"]]
        .apply(lambda rows: stats.valley(rows.learning_rate, rows.train_loss))
        .rename("best_rate")
        .reset_index()
    )


def drift(sweep):
    """Return the power of the width with which the best rate goes: {name: series by seed}."""
    from lab import stats

    return {
        name: part.groupby("seed")[["width", "best_rate"]].apply(
            lambda rows: stats.power(rows.width, rows.best_rate)
        )
        for name, part in best_rates(sweep).groupby("parametrization", sort=False)
    }


def curve(sweep, parametrization, width):
    """Return the geometric mean over the seeds of the loss at each rate, as a series."""
    from lab import stats

    part = sweep[(sweep.parametrization == parametrization) & (sweep.width == width)]
    return part.groupby("learning_rate").train_loss.agg(stats.geometric_mean)


def carried(sweep, parametrization, start=BASE):
    """Return the rate that is best at width ``start`` and the one that is at the widest.

    Both of those tried, by the mean over the seeds.
    """
    ends = (start, int(sweep.width.max()))
    return tuple(float(curve(sweep, parametrization, width).idxmin()) for width in ends)


def carried_quotient(sweep):
    """Return the 95 % interval, (low, high), of the loss with μP over that of the standard.

    Of the widest networks, each at the rate carried from the base width; paired by seed.
    """
    import numpy as np

    widest = sweep[sweep.width == sweep.width.max()]

    def losses(name):
        rate, _ = carried(sweep, name)
        part = widest[(widest.parametrization == name) & (widest.learning_rate == rate)]
        return np.log(part.set_index("seed").train_loss)

    logs = losses("mup") - losses("standard")
    half = half_width(logs)
    return np.exp(logs.mean() - half), np.exp(logs.mean() + half)


# --- shown --------------------------------------------------------------------------------


def draw(sweep):
    """Draw the loss against the rate, a line per width, with a ring at the lowest point."""
    from matplotlib.lines import Line2D

    from lab import figures

    names = list(dict.fromkeys(sweep.parametrization))
    widths = sorted(sweep.width.unique())
    rates = sorted(sweep.learning_rate.unique())
    ramp = figures.ramp("#e69f00", "#009e73", "#0072b2")
    color = {w: ramp(place / max(len(widths) - 1, 1)) for place, w in enumerate(widths)}
    figure, axes = figures.subplots(1, len(names), size=(7.1, 3.6), sharey=True)
    lowest = []
    for ax, name in zip(axes[0], names, strict=True):
        for width in widths:
            line = curve(sweep, name, width)
            lowest.append(line.min())
            ax.plot(line.index, line, color=color[width], marker="o", markersize=2.5, zorder=2)
            ring = {"markerfacecolor": "none", "markeredgecolor": color[width]}
            ax.plot(line.idxmin(), line.min(), marker="o", markersize=9, zorder=3, **ring)
        ax.set_xscale("log", base=2)
        ax.set_yscale("log")
        ax.minorticks_off()
        ax.set_xticks(rates[::2], [f"{rate:g}" for rate in rates[::2]])
        ax.set_xlabel("tasa de aprendizaje")
        ax.set_title(PARAMETRIZATIONS[name].label)
    first = axes[0, 0]
    first.set_ylim(min(lowest) / 1.25, 3)
    ticks = [tick for tick in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2) if tick > min(lowest) / 1.25]
    first.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    first.set_ylabel(f"pérdida en la época {int(sweep.epochs.iloc[0])}")
    handles = [Line2D([], [], color=color[width], label=str(width)) for width in widths]
    handles.insert(0, Line2D([], [], linestyle="", label="anchura:"))
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), handlelength=1.2)
    told = "; ".join(
        f"{PARAMETRIZATIONS[name].label}: "
        + ", ".join(f"{width} → {curve(sweep, name, width).idxmin():g}" for width in widths)
        for name in names
    )
    return figures.describe(
        figure,
        "Pérdida al final de un entrenamiento corto según la tasa de Adam, una curva por "
        f"anchura, con un círculo en el punto más bajo. Tasa del punto más bajo: {told}.",
    )


def draw_minimum(sweep):
    """Draw the best rate against the width, with its 95 % interval and the predicted slope."""
    import numpy as np

    from lab import figures

    figure, ((ax,),) = figures.subplots(size=(5.2, 3.4))
    best = best_rates(sweep)
    names = list(dict.fromkeys(sweep.parametrization))
    told = []
    for place, name in enumerate(names):
        logs = np.log(
            best[best.parametrization == name].pivot(
                index="seed", columns="width", values="best_rate"
            )
        )
        widths, centre = logs.columns.to_numpy(), logs.mean().to_numpy()
        half = np.array([half_width(logs[width]) for width in widths])
        shift = 1.03 ** (place - (len(names) - 1) / 2)  # the bars of two do not hide each other
        low, middle, high = np.exp([centre - half, centre, centre + half])
        ax.errorbar(
            widths * shift,
            middle,
            [middle - low, high - middle],
            linestyle="",
            marker=MARKERS[name],
            markersize=5,
            elinewidth=1.0,
            color=COLORS[name],
            zorder=3,
        )
        relative = widths / np.exp(np.log(widths).mean())
        ax.plot(
            widths,
            np.exp(centre.mean()) * relative ** predict(name),
            color=COLORS[name],
            linewidth=1.0,
            zorder=1,
        )
        ends = ", ".join(f"{w} → {r:.2g}" for w, r in zip(widths, middle, strict=True))
        told.append(f"{PARAMETRIZATIONS[name].label}: {ends}")
    width_axis(ax, widths)
    rates = np.sort(sweep.learning_rate.unique())
    ax.set_yscale("log", base=2)
    ax.set_yticks(rates, [f"{rate:g}" for rate in rates])
    ax.set_ylabel("tasa de la menor pérdida")
    legend(figure, names)
    return figures.describe(
        figure,
        "Tasa de aprendizaje a la que la pérdida es menor, según la anchura, con su intervalo y "
        f"la pendiente que dice la teoría. {'; '.join(told)}.",
    )


def summary(sweep):
    """Return what the prose says of each parametrization, as "standard_drift"."""
    from lab import stats

    slopes, best, widest = drift(sweep), best_rates(sweep), int(sweep.width.max())
    values = {"seeds": sweep.seed.nunique()}
    for name in dict.fromkeys(sweep.parametrization):
        by_width = best[best.parametrization == name].groupby("width").best_rate
        rates = by_width.agg(stats.geometric_mean)
        losses = curve(sweep, name, widest)
        here, there = carried(sweep, name)
        values |= {
            f"{name}_drift": slopes[name].mean(),
            f"{name}_drift_half": half_width(slopes[name]),
            f"{name}_best_base": rates[BASE],
            f"{name}_best_widest": rates.iloc[-1],
            f"{name}_rate_base": here,
            f"{name}_rate_widest": there,
            f"{name}_loss_base": curve(sweep, name, BASE).min(),
            f"{name}_loss_widest": losses.min(),
            f"{name}_loss_carried": losses[here],
            f"{name}_cost": losses[here] / losses.min(),
        }
    return values


def table(sweep):
    """Return, for each width, its best rate and what that of the base width gives there."""
    import pandas as pd

    start = BASE if BASE in set(sweep.width) else int(sweep.width.min())
    rows = []
    for (name, width), _ in sweep.groupby(["parametrization", "width"], sort=False):
        losses = curve(sweep, name, width)
        here, _ = carried(sweep, name, start)
        rows.append(
            {
                "parametrización": PARAMETRIZATIONS[name].label,
                "anchura": width,
                "mejor tasa": f"{losses.idxmin():g}",
                "pérdida": f"{losses.min():.3f}",
                f"con la mejor de {start}": f"{losses[here]:.3f}",
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Busca la mejor tasa de Adam en cada anchura, y mide si la de una vale en otra.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

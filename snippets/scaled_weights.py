"""The same random weights, multiplied by one number: one network learns, the others don't.

Front page and chapter 1. On square layers, Glorot's weights times √2 have the variance of
He et al. (2015); nothing else is changed, not even the random draw.
"""

import sys
from typing import NamedTuple

from lab import arguments, cli, store


class Runs(NamedTuple):
    """What was measured, two pandas tables.

    signals: one row per (factor, seed, layer), with ``probe.statistics``, before training.
    training: one row per (factor, seed, epoch), with ``training.METRICS``.
    """

    signals: object
    training: object


@store.measurement
def measure(factors=(1.0, 1.41, 2.0), depth=20, width=128, seeds=5, first_seed=0, epochs=20):
    """Multiply one and the same draw of Glorot's weights by each factor; probe, then train."""
    import pandas as pd

    from lab import data, model, probe, training

    images = data.load()
    batch = images.x_train[:256], images.y_train[:256]
    network = model.mlp("relu", depth=depth, width=width)
    look, trainer = probe.Probe(network), training.Trainer(network, images)
    signals, curves = [], []
    work = [(factor, seed) for factor in factors for seed in range(first_seed, first_seed + seeds)]
    for factor, seed in cli.progress(work, "entrenando"):
        model.redraw(network, "glorot_uniform", seed)
        for layer in model.dense_layers(network)[:-1]:
            layer.kernel.assign(factor * layer.kernel)
        case = {"factor": factor, "width": width, "seed": seed}
        for layer, values in enumerate(probe.statistics(look(*batch), "relu"), start=1):
            signals.append({**case, "layer": layer, **values})
        for epoch, values in enumerate(trainer.epochs(epochs, seed)):
            curves.append({**case, "epoch": epoch, **values})
    return Runs(pd.DataFrame(signals), pd.DataFrame(curves))


def predict(runs):
    """Return δ by layer for each factor: on the way back, each layer multiplies it once more.

    ReLU's slopes do not change when its input is multiplied, so theory's line for Glorot
    (He et al. 2015, eq. 14) needs only one factor per layer that δ has crossed.
    """
    import numpy as np

    from lab import theory

    depth = int(runs.signals.layer.max())
    width = int(runs.signals.width.iloc[0])
    crossed = np.arange(depth - 1, -1, -1.0)
    pixels = 64  # of the digits, which are all that ``measure`` takes
    glorot = theory.predict("relu", "glorot_uniform", [width] * depth, pixels).delta_rms
    return {factor: glorot * factor**crossed for factor in runs.signals.factor.unique()}


def draw(runs):
    """Draw δ by layer before training, and accuracy while training, one colour per factor."""
    from matplotlib.lines import Line2D

    from lab import figures

    figure, ((signals, curves),) = figures.subplots(1, 2, size=(7.8, 3.8))
    words = ("puntos: medido", "línea: teoría", "banda: de la red que menos a la que más")
    handles = [Line2D([], [], linestyle="", label=word) for word in words]
    figure.legend(handles=handles, loc="outside upper center", ncols=3, handlelength=0)
    _draw_signals(signals, runs)
    _draw_accuracy(curves, runs)
    signals.set_title("antes de entrenar")
    curves.set_title("durante el entrenamiento")
    return figures.describe(
        figure,
        "Las mismas redes ReLU con los mismos pesos multiplicados por un número. Para cada uno, "
        "el gradiente δ que llega a la capa 1 antes de entrenar y los aciertos al final: "
        + "; ".join(f"por {by}, {delta} y {right}" for by, delta, right in table(runs).to_numpy())
        + ".",
    )


def draw_question(runs):
    """Draw the training of two networks, without what makes the difference and how large it is.

    That is asked. Hence no factor, none of the colours of the factors, and no number.
    """
    from lab import figures

    figure, ((ax,),) = figures.subplots(size=(5.2, 3.1))
    for name, factor in (("A", 1.0), ("B", 1.41)):
        curves = runs.training[runs.training.factor == factor].pivot(
            index="epoch", columns="seed", values="test_accuracy"
        )
        ax.plot(curves, color=figures.INK, linewidth=1.2, alpha=0.75)
        ax.annotate(
            name,
            (curves.index[-1], curves.iloc[-1].mean()),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=14,
        )
    ax.set_ylim(0, 1.02)
    ax.set_yticks([0.1, 1], ["por azar", "todos"])
    figures.epoch_axis(ax, int(runs.training.epoch.max()))
    ax.set_ylabel("aciertos")
    figures.reference(ax, 0.1)
    return figures.describe(
        figure,
        "Aciertos por época de dos redes, A y B, varias veces cada una. Las curvas de B suben "
        "hasta acertar casi siempre; las de A se quedan un poco por encima del azar.",
    )


def _colors(runs):
    """Return the colour of each factor; those of the text keep theirs in every figure."""
    from lab import figures

    known = dict(zip((1.0, 1.41, 2.0), figures.SEQUENCE, strict=False))
    others = [factor for factor in sorted(runs.signals.factor.unique()) if factor not in known]
    return known | dict(zip(others, figures.SEQUENCE[len(known) :], strict=False))


def _draw_signals(ax, runs):
    from lab import figures, stats

    colors = _colors(runs)
    for factor, line in predict(runs).items():
        spread = stats.over_seeds(runs.signals[runs.signals.factor == factor], "layer", "delta_rms")
        ax.plot(spread.x, line, color=colors[factor], linewidth=1.0)
        ax.plot(spread.x, spread.centre, "o", color=colors[factor])
        ax.fill_between(spread.x, spread.low, spread.high, color=colors[factor], alpha=0.18)
        rises, i = spread.centre[0] < spread.centre[-1], len(line) // 5
        ax.annotate(  # on the side that the points leave free
            f"× {factor:g}",
            (spread.x[i], min(spread.low[i], line[i]) if rises else max(spread.high[i], line[i])),
            xytext=(0, -5 if rises else 4),
            textcoords="offset points",
            va="top" if rises else "bottom",
            color=colors[factor],
        )
    figures.log_axis(ax)
    figures.layer_axis(ax, len(line))
    ax.set_ylabel("gradiente δ que llega a la capa")


def _draw_accuracy(ax, runs):
    import numpy as np

    from lab import figures

    colors = _colors(runs)
    epochs = int(runs.training.epoch.max())
    final = runs.training[runs.training.epoch == epochs].groupby("factor").test_accuracy.mean()
    free = 1.02  # labels under the curves go below this
    for factor in final.sort_values(ascending=False).index:
        curves = runs.training[runs.training.factor == factor].pivot_table(
            index="epoch", columns="seed", values="test_accuracy", dropna=False
        )
        ax.plot(curves, color=colors[factor], linewidth=1.3, alpha=0.75)
        last, tail = final[factor], curves.iloc[epochs // 2 :].to_numpy()
        diverged = np.isnan(last)
        if diverged:
            text, x, y = f"× {factor:g}: diverge", 0, curves.iloc[0].mean()
            ax.plot(x, y, "X", color=colors[factor], markersize=9)
        else:  # the label goes into the empty middle of the figure
            text = f"× {factor:g}: {100 * last:.0f} %"
            x, y = epochs, min(tail.min(), free) if last > 0.5 else tail.max()
            free = y - 0.08
        below = diverged or last > 0.5
        ax.annotate(
            text,
            (x, y),
            xytext=(6 if diverged else 0, -6 if below else 6),
            textcoords="offset points",
            ha="left" if diverged else "right",
            va="top" if below else "bottom",
            color=colors[factor],
        )
    ax.set_ylim(0, 1.02)
    figures.epoch_axis(ax, epochs)
    ax.set_ylabel("aciertos (prueba)")
    figures.reference(ax, 0.1, "azar")


def outcomes(runs):
    """Return, for each factor, δ in layer 1 before training and the accuracy after it."""
    import pandas as pd

    first_layer = runs.signals[runs.signals.layer == 1].groupby("factor").delta_rms
    last = runs.training[runs.training.epoch == runs.training.epoch.max()].groupby("factor")
    return pd.DataFrame({"delta": first_layer.mean(), "accuracy": last.test_accuracy.mean()})


def summary(runs):
    """Return the numbers that the prose uses; names end in the factor, as "accuracy_1_41"."""
    last = runs.training[runs.training.epoch == runs.training.epoch.max()]
    start = runs.training[runs.training.epoch == 0].pivot(
        index="seed", columns="factor", values="test_accuracy"
    )
    numbers = {
        "seeds": int(last.seed.nunique()),
        # Multiplying ReLU's weights changes no answer: all start from the same accuracy.
        "start_difference": float((start.max(axis=1) - start.min(axis=1)).max()),
    }
    for factor, (delta, accuracy) in outcomes(runs).iterrows():
        name = f"{factor:g}".replace(".", "_")
        numbers[f"delta_{name}"] = float(delta)
        numbers[f"accuracy_{name}"] = float(accuracy)
        numbers[f"diverged_{name}"] = int(last.train_loss[last.factor == factor].isna().sum())
    return numbers


def table(runs):
    """Return one line per factor, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "pesos de Glorot por": f"{factor:g}",
            "δ en la capa 1": f"{delta:.1e}",
            "aciertos (prueba)": "diverge" if pd.isna(right) else f"{100 * right:.1f} %",
        }
        for factor, (delta, right) in outcomes(runs).iterrows()
    )


OPTIONS = {
    "factors": cli.Option(
        "--factor",
        arguments.real("mayor que 0", lambda value: value > 0),
        "por cuánto se multiplican los pesos",
        "X",
        many=True,
    )
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Multiplica los mismos pesos iniciales por varios números y entrena cada red.",
            measure,
            draw,
            table,
            records=lambda runs: runs.training,
            options=OPTIONS,
        )
    )

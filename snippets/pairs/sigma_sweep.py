"""A deep sigmoid under weights of every size.

Chapter 9. "Arbitrary" made precise: weights from N(0, σ²), σ from Glorot's to twenty times
as large. Theory has one candidate, the σ where χ = 1 (Schoenholz et al. 2017); it keeps the
gradient's size, not its shape (Pennington et al. 2017).
"""

import sys

import trainable_depth
from lab import cli


def measure(
    sigmas=(0.125, 0.35, 0.7, 1.25, 1.75, 2.5),
    depths=(5, 20),
    width=64,
    seeds=3,
    first_seed=0,
    learning_rate=3e-2,
    epochs=10,
):
    """Return the rows of ``trainable_depth.measure``, with a column ``sigma``.

    The learning rate is ten times that of the other pairs: the sigmoid's flat slope asks for it.
    """
    initializers = tuple(f"random_normal:{sigma}" for sigma in sigmas)
    runs = trainable_depth.measure(
        ("sigmoid",),
        initializers,
        depths,
        width,
        seeds,
        first_seed,
        learning_rate=learning_rate,
        epochs=epochs,
    )
    return runs.assign(sigma=runs.initializer.str.partition(":")[2].astype(float))


def predict(sigma, depth, width, inputs):
    """Return the δ₁ / δ_L that theory expects."""
    from lab import theory

    delta = theory.predict("sigmoid", f"random_normal:{sigma}", [width] * depth, inputs).delta_rms
    return delta[0] / delta[-1]


def critical(width):
    """Return the σ at which a layer keeps the size of δ: χ = 1."""
    from scipy.optimize import brentq

    from lab import theory

    def excess(sigma):
        sigma_w2 = width * sigma**2
        q = theory.fixed_point("sigmoid", sigma_w2)
        return theory.chi("sigmoid", q, sigma_w2) - 1

    return brentq(excess, 1 / width**0.5, 50 / width**0.5, xtol=1e-6)


def draw(runs):
    """Draw, against σ, the gradient before the training and the accuracy after it."""
    import numpy as np

    from lab import figures, stats

    width, inputs = int(runs.width.iloc[0]), int(runs.inputs.iloc[0])
    named = {
        "Glorot": width**-0.5,
        "He": (2 / width) ** 0.5,
        "χ = 1": critical(width),
    }
    fine = np.geomspace(runs.sigma.min(), runs.sigma.max(), 60)
    figure, axes = figures.subplots(2, 1, size=(5.2, 5.0), sharex=True)
    top, bottom = axes[:, 0]
    figures.log_axis(top)
    for ax in (top, bottom):
        ax.set_xscale("log")
        ax.minorticks_off()
        for sigma in named.values():
            ax.axvline(sigma, color=figures.INK, linewidth=0.8, linestyle=(0, (2, 2)), alpha=0.7)
    looks = ({"markerfacecolor": "none", "marker": "s"}, {"marker": "o"}, {"marker": "^"})
    for (depth, part), look in zip(runs.groupby("depth"), looks, strict=False):
        expected = [predict(sigma, depth, width, inputs) for sigma in fine]
        figures.predicted(top, fine, expected, "sigmoid", "he_normal")
        for ax, value in ((top, "delta_ratio"), (bottom, "train_accuracy")):
            spread = stats.over_seeds(part, "sigma", value, logarithmic=ax is top)
            line = {"linestyle": "" if ax is top else "-", "label": f"{depth} capas"}
            figures.measured_points(
                ax, spread, "sigmoid", "he_normal", markersize=5, **look, **line
            )
    figures.reference(top, 1)
    figures.reference(bottom, 0.1, "azar")
    top.set_ylabel("antes: δ₁ / δ última")
    bottom.set_ylabel("después: aciertos")
    bottom.set_ylim(0, 1)
    bottom.set_xlabel("σ: desviación típica de los pesos")
    bottom.set_xticks(sorted(runs.sigma.unique()), [f"{s:g}" for s in sorted(runs.sigma.unique())])
    for name, sigma in named.items():
        top.annotate(
            name,
            (sigma, 1),
            xycoords=top.get_xaxis_transform(),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
        )
    handles, _ = bottom.get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    values = summary(runs)
    return figures.describe(
        figure,
        "Gradiente antes de entrenar y aciertos después, según la desviación típica σ de los "
        "pesos de una red de sigmoides. El gradiente se conserva en un solo punto, "
        f"σ = {values['critical']:.2f}, y allí está el máximo de la red más profunda: "
        f"{100 * values['best']:.0f} % de aciertos.",
    )


def summary(runs):
    """Return the critical σ, the best σ of the deepest network and what it reaches.

    ``best_shallow``: the best accuracy of the shallowest one; ``good_shallow``: how many of
    its σ pass 50 %; ``times_glorot``: the critical σ, in units of Glorot's.
    """
    width = int(runs.width.iloc[0])
    means = runs.groupby(["depth", "sigma"])[["train_accuracy", "test_accuracy"]].mean()
    deep, shallow = means.loc[runs.depth.max()], means.loc[runs.depth.min()]
    return {
        "critical": critical(width),
        "times_glorot": critical(width) * width**0.5,
        "best_sigma": deep.train_accuracy.idxmax(),
        "best": deep.train_accuracy.max(),
        "best_test": deep.test_accuracy.max(),
        "best_shallow": shallow.train_accuracy.max(),
        "good_shallow": int((shallow.train_accuracy > 0.5).sum()),
        "good_deep": int((deep.train_accuracy > 0.25).sum()),
        "count": len(deep),
    }


def table(runs):
    """Return one line per σ, for the terminal."""
    import pandas as pd

    from lab import stats

    rows = []
    for sigma, part in runs.groupby("sigma"):
        row = {"σ": f"{sigma:g}", "σ√n": f"{sigma * part.width.iloc[0] ** 0.5:.1f}"}
        for depth, cell in part.groupby("depth"):
            row[f"δ₁/δ_L ({depth})"] = f"{stats.geometric_mean(cell.delta_ratio):.1e}"
            row[f"aciertos ({depth})"] = f"{100 * cell.train_accuracy.mean():.0f} %"
        rows.append(row)
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Prueba todos los tamaños de pesos en una red de sigmoides profunda.",
            measure,
            draw,
            table,
            workers=True,
        )
    )

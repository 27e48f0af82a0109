"""The loss before the first step: what the inputs and the output layer do to it.

Chapter 10. Without biases a ReLU network multiplies its logits by what multiplies its inputs,
or the weights of its last layer: one curve holds for both. After the diagnosis that Karpathy
(2022) makes of a network whose loss begins far above ln k.
"""

import sys
from dataclasses import dataclass, replace

from lab import arguments, cli, store


@dataclass(frozen=True)
class Case:
    """What the network is given, and what the weights of its head are multiplied by."""

    label: str
    pixels: str = "standardized"
    head: float = 1.0


CASES = {
    "raw": Case("píxeles de 0 a 255", "0–255"),
    "standard": Case("píxeles estandarizados"),
    "unit": Case("píxeles de 0 a 1", "0–1"),
    "tenth": Case("salida × 0.1", head=0.1),
    "hundredth": Case("salida × 0.01", head=0.01),
}
OPTIONS = {
    "cases": cli.Option(
        "--case",
        arguments.one_of(CASES, "el caso"),
        f"caso ({', '.join(CASES)})",
        "NOMBRE",
        many=True,
    )
}


def rescaled(images, pixels):
    """Return the dataset with its pixels in another range; they are standardized as it comes."""
    if pixels == "standardized":
        return images
    low, high = images.x_train.min(), images.x_train.max()
    scale = {"0–1": 1, "0–255": 255}[pixels]
    return replace(
        images,
        x_train=scale * (images.x_train - low) / (high - low),
        x_test=scale * (images.x_test - low) / (high - low),
    )


@store.measurement
def measure(cases=tuple(CASES), depth=20, width=64, seeds=5, first_seed=0, epochs=10):
    """Return one row per (case, seed): the loss before training, and how the training ends.

    ``logit_rms`` is the root mean square of the logits over images and classes; ``first`` the
    mean loss of the training images before the first step; ``accuracy`` that of the test
    images after ``epochs`` of SGD, NaN if it has diverged.
    """
    import pandas as pd

    from lab import data, model, probe, training

    images = data.load()
    network = model.mlp("relu", depth=depth, width=width)
    trainer = training.Trainer(network, images)
    rows = []
    work = [(name, seed) for name in cases for seed in range(first_seed, first_seed + seeds)]
    for name, seed in cli.progress(work, "entrenando"):
        case = CASES[name]
        model.redraw(network, "he_normal", seed)
        network.layers[-1].kernel.assign(case.head * network.layers[-1].kernel)
        trainer.dataset = rescaled(images, case.pixels)
        logits = network(trainer.dataset.x_train).numpy()
        first = trainer.evaluate(["train"])["train_loss"]
        last = trainer.train(epochs, seed)
        rows.append(
            {
                "case": name,
                "seed": seed,
                "logit_rms": probe.rms(logits),
                "first": first,
                "accuracy": last["test_accuracy"],
            }
        )
    return pd.DataFrame(rows)


def predict(logit_rms, classes=10, draws=100_000):
    """Return the mean loss of logits drawn from N(0, logit_rms²), and of labels that ignore them.

    The head's weights are drawn apart from everything before them, so that for each image its
    logits are independent and Gaussian.
    """
    import numpy as np

    logits = np.random.default_rng(0).standard_normal((draws, classes))
    # ln Σ exp(s u) is s max(u) and a rest that does not overflow.
    largest = logits.max(axis=1, keepdims=True)
    rest = [np.log(np.exp(s * (logits - largest)).sum(axis=1)) for s in np.atleast_1d(logit_rms)]
    return np.multiply(logit_rms, largest.mean()) + np.mean(rest, axis=1)


def draw(losses):
    """Draw the loss before training, and the accuracy after it, against the size of the logits."""
    import numpy as np

    from lab import figures

    figure, ((start, end),) = figures.subplots(1, 2, size=(7.1, 3.8), sharex=True)
    x = np.geomspace(losses.logit_rms.min() / 2, losses.logit_rms.max() * 2, 60)
    start.plot(x, predict(x), color=figures.INK, linewidth=1.0)
    for (name, part), color in zip(
        losses.groupby("case", sort=False), figures.SEQUENCE, strict=False
    ):
        style = {"color": color, "markersize": 5, "label": CASES[name].label}
        start.plot(part.logit_rms, part["first"], "o", **style)
        end.plot(part.logit_rms, part.accuracy, "o", **style)
        diverged = part[part.accuracy.isna()]
        end.plot(diverged.logit_rms, np.zeros(len(diverged)), "X", color=color, markersize=8)
    figures.log_axis(start, "x")
    figures.log_axis(start)
    for ax in (start, end):
        ax.set_xlabel("tamaño de los logits")
    start.set_ylim(1, None)
    start.set_title("pérdida antes de entrenar")
    figures.reference(start, np.log(10), "ln 10")
    end.set_ylim(-0.05, 1)
    end.set_title("aciertos (prueba) después")
    figures.reference(end, 0.1, "azar")
    handles, _ = end.get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside upper center", ncols=3, handlelength=1)
    values = losses.groupby("case", sort=False)[["first", "accuracy"]].mean()
    return figures.describe(
        figure,
        "Pérdida antes de entrenar y aciertos después: "
        + "; ".join(
            f"{CASES[name].label}, {row['first']:.3g} y {row.accuracy:.0%}"
            for name, row in values.iterrows()
        )
        + ".",
    )


def summary(losses):
    """Return means over the seeds, named like "tenth_loss", and how many trainings diverged."""
    numbers = {"off": float(abs(losses["first"] / predict(losses.logit_rms) - 1).max())}
    for name, part in losses.groupby("case"):
        numbers[f"{name}_loss"] = part["first"].mean()
        numbers[f"{name}_logits"] = part.logit_rms.mean()
        numbers[f"{name}_accuracy"] = part.accuracy.mean()
        numbers[f"{name}_diverged"] = int(part.accuracy.isna().sum())
    return numbers


def table(losses):
    """Return one line per case, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "caso": CASES[name].label,
            "logits": f"{part.logit_rms.mean():.2g}",
            "pérdida inicial": f"{part['first'].mean():.4g}",
            "aciertos (prueba)": f"{100 * part.accuracy.mean():.0f} %",
            "divergen": f"{part.accuracy.isna().sum()} de {len(part)}",
        }
        for name, part in losses.groupby("case", sort=False)
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide la pérdida antes de entrenar según la escala de los datos y de la salida.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

"""He et al. (2015), figures 2 and 3: with 22 layers Xavier is late, with 30 it stalls.

Reproductions. There two convolutional networks on ImageNet, trained for weeks; here two
stacks of dense layers on digits, with the paper's momentum and its first learning rate.
"""

import sys

from lab import catalog, cli, store

LEARNED = 0.5  # accuracy on the training images at which a run has left the plateau
SILENT = 1e-3  # below this spread over the images, the logits are the same for all


@store.measurement
def measure(
    depths=(22, 30),
    initializers=catalog.CANONICAL_INITIALIZERS,
    width=64,
    seeds=3,
    learning_rate=1e-2,
    momentum=0.9,
    epochs=40,
    dataset="digits",
):
    """Return one row per (depth, initializer, seed, epoch) until the run has learned.

    ``logit_spread``, the same in all rows of a run: how far the logits vary from one training
    image to another when it ends.
    """
    import numpy as np
    import pandas as pd

    from lab import data, model, training

    images = data.load(dataset)
    rows, trainers = [], {}
    work = [(d, i, s) for d in depths for i in initializers for s in range(seeds)]
    for depth, initializer, seed in cli.progress(work, "entrenando"):
        if depth not in trainers:
            network = model.mlp("relu", depth=depth, width=width, inputs=images.inputs)
            trainers[depth] = training.Trainer(
                network, images, "sgd", learning_rate, momentum, jit=False
            )
        trainer = trainers[depth]
        model.redraw(trainer.model, initializer, seed)
        run = []
        for epoch, result in enumerate(trainer.epochs(epochs, seed)):
            run.append({"epoch": epoch, **result})
            if not result["train_accuracy"] < LEARNED:  # learned, or not a number any more
                break
        spread = float(np.std(trainer.model(images.x_train[:256]), axis=0).mean())
        labels = {"depth": depth, "initializer": initializer, "seed": seed}
        rows += [{**labels, **row, "logit_spread": spread} for row in run]
    return pd.DataFrame(rows)


def ends(runs):
    """Return one row per run: its last epoch, whether it learned, whether it fell silent."""
    last = runs.groupby(["depth", "initializer", "seed"], sort=False).tail(1)
    learned = last.train_accuracy >= LEARNED
    return last.assign(learned=learned, silent=~learned & (last.logit_spread < SILENT))


def draw(runs):
    """Draw the training loss of every run, one panel per depth."""
    from lab import figures

    depths = list(dict.fromkeys(runs.depth))
    figure, axes = figures.subplots(1, len(depths), size=(7.6, 3.6), sharey=True)
    for ax, depth in zip(axes[0], depths, strict=True):
        for (initializer, _), run in runs[runs.depth == depth].groupby(["initializer", "seed"]):
            style = {**figures.line_style("relu", initializer), "marker": ""}
            ax.plot(run.epoch, run.train_loss, **{**style, "linewidth": 1.2})
            if run.train_accuracy.iloc[-1] >= LEARNED:
                ax.plot(run.epoch.iloc[-1], run.train_loss.iloc[-1], "o", color=style["color"])
        figures.epoch_axis(ax, int(runs.epoch.max()))
        ax.set_title(f"{depth} capas")
    axes[0, 0].set_ylabel("pérdida (entrenamiento)")
    figures.initializer_legend(figure, dict.fromkeys(runs.initializer))
    rows = table(runs).to_dict("split")["data"]
    return figures.describe(
        figure,
        "Pérdida de cada entrenamiento de una red ReLU, hasta que aprende. "
        + " ".join("Con {} capas y {}, aprenden {}; épocas: {}.".format(*row[:4]) for row in rows),
    )


def summary(runs):
    """Return, by depth and initializer: runs, learned, silent, first and last epoch of success."""
    answer = {"epochs": int(runs.epoch.max())}
    for (depth, initializer), part in ends(runs).groupby(["depth", "initializer"], sort=False):
        name, epochs = f"{initializer}_{depth}", part.epoch[part.learned]
        answer |= {
            f"{name}_runs": len(part),
            f"{name}_learned": int(part.learned.sum()),
            f"{name}_silent": int(part.silent.sum()),
            f"{name}_soonest": int(epochs.min()) if len(epochs) else "—",
            f"{name}_latest": int(epochs.max()) if len(epochs) else "—",
        }
    return answer


def table(runs):
    """Return what becomes of each group of runs, beside the paper, for the terminal."""
    import pandas as pd

    said = {
        (22, "he_normal"): "converge antes",
        (22, "glorot_uniform"): "converge",
        (30, "he_normal"): "converge",
        (30, "glorot_uniform"): "se estanca",
    }
    values = summary(runs)
    return pd.DataFrame(
        {
            "capas": depth,
            "inicializador": catalog.initializer_label(initializer),
            "aprenden": f"{values[f'{initializer}_{depth}_learned']} de "
            f"{values[f'{initializer}_{depth}_runs']}",
            "tras (épocas)": f"{values[f'{initializer}_{depth}_soonest']} … "
            f"{values[f'{initializer}_{depth}_latest']}",
            "mudas": values[f"{initializer}_{depth}_silent"],
            "(artículo)": said.get((depth, initializer), "—"),
        }
        for depth, initializer in runs.groupby(["depth", "initializer"], sort=False).groups
    )


if __name__ == "__main__":
    sys.exit(
        cli.main("Entrena redes ReLU de 22 y 30 capas con Xavier y con He.", measure, draw, table)
    )

"""He et al. (2015), figures 2 and 3: with 22 layers Xavier is late, with 30 it stalls.

Reproductions. There two convolutional networks on ImageNet, trained for weeks; here two
stacks of dense layers on digits, with the paper's momentum and its first learning rate.
"""

import sys

from lab import catalog, cli, store

LEARNED = 0.5  # accuracy on the training images at which a run has left the plateau


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

    The other columns, the same in all rows of a run, are about its last hidden layer:
    ``units_before`` and ``units_after``, how many of its units any image turns on, at the start
    and at the end; ``bias_moved`` and ``weights_moved``, the rms of what was learned there.
    """
    import pandas as pd

    from lab import data, model, probe, training

    images = data.load(dataset)
    rows, trainers = [], {}
    work = [(d, i, s) for d in depths for i in initializers for s in range(seeds)]
    for depth, initializer, seed in cli.progress(work, "entrenando"):
        if depth not in trainers:
            network = model.mlp("relu", depth=depth, width=width, inputs=images.inputs)
            trainers[depth] = training.Trainer(network, images, "sgd", learning_rate, momentum)
        trainer = trainers[depth]
        model.redraw(trainer.model, initializer, seed)
        weights, bias, units = last_layer(trainer.model, images)
        run = []
        for epoch, result in enumerate(trainer.epochs(epochs, seed, ["train"])):
            run.append({"epoch": epoch, **result})
            if not result["train_accuracy"] < LEARNED:  # learned, or not a number any more
                break
        weights_after, bias_after, units_after = last_layer(trainer.model, images)
        about = {
            "depth": depth,
            "initializer": initializer,
            "seed": seed,
            "units_before": units,
            "units_after": units_after,
            "bias_moved": probe.rms(bias_after - bias),
            "weights_moved": probe.rms(weights_after - weights),
        }
        rows += [{**about, **row} for row in run]
    return pd.DataFrame(rows)


def last_layer(network, images):
    """Return weights and bias of the last hidden layer, and its units that any image turns on."""
    from lab import numpy_network

    layers = numpy_network.layers_of(network)
    _, h, _ = numpy_network.forward(layers, images.x_train[:256], "relu")
    return *layers[-2], int((h[-1] > 0).any(axis=0).sum())


def ends(runs):
    """Return the last row of each run, with a column ``learned``."""
    last = runs.groupby(["depth", "initializer", "seed"], sort=False).tail(1)
    return last.assign(learned=last.train_accuracy >= LEARNED)


def draw(runs):
    """Draw the training loss of every run, one panel per depth."""
    from lab import figures

    depths = list(dict.fromkeys(runs.depth))
    figure, axes = figures.subplots(1, len(depths), size=(7.1, 3.6), sharey=True)
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
    """Return, by depth and initializer, how many runs learn, and between which epochs.

    For the groups with runs that do not: the units of the last layer, before (mean) and after
    (fewest, most), and how many times as far as the weights the biases moved there.
    """
    from lab import stats

    answer = {"epochs": int(runs.epoch.max())}
    for (depth, initializer), part in ends(runs).groupby(["depth", "initializer"], sort=False):
        name, learned, stuck = f"{initializer}_{depth}", part[part.learned], part[~part.learned]
        answer |= {f"{name}_runs": len(part), f"{name}_learned": len(learned)}
        if len(learned):
            answer |= {
                f"{name}_soonest": int(learned.epoch.min()),
                f"{name}_latest": int(learned.epoch.max()),
            }
        if len(stuck):
            answer |= {
                f"{name}_stuck": len(stuck),
                f"{name}_units_before": stuck.units_before.mean(),
                f"{name}_units_fewest": int(stuck.units_after.min()),
                f"{name}_units_most": int(stuck.units_after.max()),
                f"{name}_bias_over_weights": float(
                    stats.geometric_mean(stuck.bias_moved / stuck.weights_moved)
                ),
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
    rows = []
    for (depth, initializer), part in ends(runs).groupby(["depth", "initializer"], sort=False):
        epochs = part.epoch[part.learned]
        rows.append(
            {
                "capas": depth,
                "inicializador": catalog.initializer_label(initializer),
                "aprenden": f"{len(epochs)} de {len(part)}",
                "tras (épocas)": f"{epochs.min()} … {epochs.max()}" if len(epochs) else "—",
                "(artículo)": said.get((depth, initializer), "—"),
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(
        cli.main("Entrena redes ReLU de 22 y 30 capas con Xavier y con He.", measure, draw, table)
    )

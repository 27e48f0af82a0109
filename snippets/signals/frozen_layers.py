"""Which layers learn, when the gradient vanishes on its way back.

Chapter 3. The canonical training, watched from inside: how far each layer's weights have
moved from where they started. After Glorot and Bengio (2010), who saw the lower layers of
deep sigmoid networks stand still.
"""

import sys

from lab import catalog, cli, store


@store.measurement
def measure(
    activations=("sigmoid", "tanh"),
    initializers=("glorot_uniform",),
    depth=20,
    width=128,
    seeds=5,
    first_seed=0,
    epochs=6,
    learning_rate=1e-3,
    dataset="digits",
):
    """Return a table with one row per (activation, initializer, seed, epoch, layer).

    ``movement`` is ‖W − W₀‖ / ‖W₀‖; ``untouched``, the share of weights that are still
    those of the start, bit by bit; ``train_loss`` belongs to the whole network.
    """
    import numpy as np
    import pandas as pd

    from lab import data, model, training

    images = data.load(dataset)
    trainers = {}
    rows = []
    chosen = range(first_seed, first_seed + seeds)
    work = [(a, i, s) for a in activations for i in initializers for s in chosen]
    for activation, initializer, seed in cli.progress(work, "entrenando"):
        if activation not in trainers:
            network = model.mlp(
                activation, depth=depth, width=width, inputs=images.inputs, classes=images.classes
            )
            trainers[activation] = training.Trainer(network, images, learning_rate=learning_rate)
        trainer = trainers[activation]
        model.redraw(trainer.model, initializer, seed)
        hidden = model.dense_layers(trainer.model)[:-1]
        start = [layer.kernel.numpy() for layer in hidden]
        for epoch, metrics in enumerate(trainer.epochs(epochs, seed, ["train"])):
            for number, (layer, old) in enumerate(zip(hidden, start, strict=True), start=1):
                new = layer.kernel.numpy()
                rows.append(
                    {
                        "activation": activation,
                        "initializer": initializer,
                        "seed": seed,
                        "epoch": epoch,
                        "layer": number,
                        "movement": np.linalg.norm(new - old) / np.linalg.norm(old),
                        "untouched": np.mean(new == old),
                        "train_loss": metrics["train_loss"],
                    }
                )
    return pd.DataFrame(rows)


def draw(frozen):
    """Draw the loss by epoch and, at the end, the movement of each layer."""
    import numpy as np

    from lab import figures, stats

    epochs, depth = int(frozen.epoch.max()), int(frozen.layer.max())
    figure, (axes,) = figures.subplots(1, 2, size=(7.8, 3.6))
    loss, movement = axes
    still = 0
    texts = []
    for pair, part in frozen.groupby(["activation", "initializer"], sort=False):
        top = part[part.layer == depth]
        spread = stats.over_seeds(top, "epoch", "train_loss", logarithmic=False)
        figures.measured_line(loss, spread, *pair, label=catalog.label(*pair))
        last = part[part.epoch == epochs]
        moved = last.assign(movement=last.movement.where(last.movement > 0))
        moved = stats.over_seeds(moved, "layer", "movement")
        figures.measured_points(movement, moved, *pair)
        first = last[last.layer == 1].movement.median()
        texts.append(f"{catalog.label(*pair)}: pérdida {spread.centre[-1]:.2f}, capa 1 {first:.1e}")
        still = max(still, untouched_layers(last))
    figures.reference(loss, np.log(10), "ln 10: decir a todo lo mismo")
    loss.set_ylim(bottom=0)
    loss.set_ylabel("pérdida (entrenamiento)")
    loss.legend()
    figures.epoch_axis(loss, epochs)
    figures.log_axis(movement)
    figures.layer_axis(movement, depth)
    movement.set_ylabel("cuánto se mueven los pesos")
    if still:
        figures.shade(movement, np.array([0, still + 0.5]), np.array([True, True]))
        movement.text(
            (still + 1) / 2,
            0.5,
            "ni un bit",
            transform=movement.get_xaxis_transform(),
            ha="center",
        )
    return figures.describe(
        figure,
        f"Pérdida durante {epochs} épocas y, al final, cuánto se ha movido cada capa. "
        + "; ".join(texts)
        + f". Capas que no han cambiado ni un bit: {still}.",
    )


def untouched_layers(part):
    """Return how many layers, from the first on, kept every bit in every seed."""
    moved = part[part.movement > 0].layer
    return int(moved.min()) - 1 if len(moved) else int(part.layer.max())


def summary(frozen):
    """Return the numbers of the prose."""
    from lab import stats

    last = frozen[frozen.epoch == frozen.epoch.max()]
    values = {"epochs": int(frozen.epoch.max())}
    for activation, part in last.groupby("activation", sort=False):
        by_layer = part.groupby("layer")[["movement", "untouched", "train_loss"]].mean()
        values |= {
            f"{activation}_loss": by_layer.train_loss.iloc[-1],
            f"{activation}_first": by_layer.movement.iloc[0],
            f"{activation}_last": by_layer.movement.iloc[-1],
            f"{activation}_still": untouched_layers(part),
            f"{activation}_still_share": (part.untouched == 1).groupby(part.seed).mean().mean(),
            f"{activation}_half": int((by_layer.untouched > 0.5).sum()),
        }
    sigmoid = last[(last.activation == "sigmoid") & (last.layer > last.layer.max() - 6)]
    moved = sigmoid.pivot(index="seed", columns="layer", values="movement")
    values["sigmoid_step"] = stats.factor_per_layer(moved)
    return values


def table(frozen):
    """Return how far some of the layers went, for the terminal."""
    import numpy as np
    import pandas as pd

    last = frozen[frozen.epoch == frozen.epoch.max()]
    layers = np.unique(np.linspace(1, last.layer.max(), 5).round().astype(int))
    rows = []
    for pair, part in last.groupby(["activation", "initializer"], sort=False):
        by_layer = part.groupby("layer")[["movement", "untouched"]].mean()
        for layer in layers:
            rows.append(
                {
                    "red": catalog.label(*pair),
                    "capa": layer,
                    "movimiento": f"{by_layer.movement[layer]:.1e}",
                    "pesos intactos": f"{100 * by_layer.untouched[layer]:.0f} %",
                    "pérdida": f"{part.train_loss.mean():.3f}",
                }
            )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Entrena la red y mide cuánto se mueven los pesos de cada capa.", measure, draw, table
        )
    )

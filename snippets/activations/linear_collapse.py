"""A deep network without activations is one matrix: multiply them, and nothing is lost.

Chapter 4. What depth still changes is the path of the training, not what can be reached
(Saxe et al. 2013).
"""

import sys

from lab import cli, store

LINEAR = "linear"
SHOWN = (0, 1, 4)  # of the ten classes; the digit beside them is of the first


@store.measurement
def measure(depth=20, width=128, seeds=5, first_seed=0, epochs=10, dataset="digits"):
    """Train linear networks, then replace each one by a single layer.

    Returns one row per seed: weights before and after, the largest difference between both
    outputs (over all images and classes, relative to the largest output), how many images
    change their class, the accuracy, and ``templates``, the one matrix, as nested lists
    (classes, features).
    """
    import numpy as np
    import pandas as pd

    from lab import data, model, training

    images = data.load(dataset)
    x = np.concatenate([images.x_train, images.x_test])
    network = model.mlp(LINEAR, depth=depth, width=width, inputs=images.inputs)
    trainer = training.Trainer(network, images)
    rows = []
    for seed in cli.progress(range(first_seed, first_seed + seeds), "entrenando"):
        model.redraw(network, "glorot_uniform", seed)
        last = trainer.train(epochs, seed)
        weights, bias = collapse(network)
        deep, flat = network(x).numpy(), x @ weights + bias
        rows.append(
            {
                "depth": depth,
                "width": width,
                "seed": seed,
                "parameters": network.count_params(),
                "parameters_collapsed": weights.size + bias.size,
                "largest_difference": np.abs(deep - flat).max() / np.abs(flat).max(),
                "changed_predictions": int((deep.argmax(1) != flat.argmax(1)).sum()),
                "images": len(x),
                "test_accuracy": last["test_accuracy"],
                "templates": weights.T.tolist(),
            }
        )
    return pd.DataFrame(rows)


def collapse(network):
    """Return the (weights, bias) of one layer equal to the network."""
    import numpy as np

    from lab import model

    inputs = network.input_shape[1]
    weights, bias = np.eye(inputs), np.zeros(inputs)
    for layer in model.dense_layers(network):
        kernel = layer.kernel.numpy().astype(np.float64)
        weights, bias = weights @ kernel, bias @ kernel + layer.bias.numpy()
    return weights, bias


def draw(networks):
    """Draw a digit, and what is left of the first network for the classes of `SHOWN`."""
    import numpy as np

    from lab import data, figures

    templates = np.array(networks.templates.iloc[0])
    side = round(templates.shape[1] ** 0.5)
    limit = np.abs(templates).max()
    images = data.load()
    digit = images.x_test[np.flatnonzero(images.y_test == SHOWN[0])[0]]
    pictures = {f"un {SHOWN[0]}": digit} | {f"pesos del {one}": templates[one] for one in SHOWN}
    figure, axes = figures.subplots(1, len(pictures), size=(7.0, 2.2))
    for ax, (title, picture) in zip(axes[0], pictures.items(), strict=True):
        weights = title != f"un {SHOWN[0]}"
        look = {"cmap": "PuOr", "vmin": -limit, "vmax": limit} if weights else {"cmap": "Greys"}
        mesh = ax.pcolormesh(picture.reshape(side, side), rasterized=True, **look)
        ax.set_aspect("equal")
        ax.invert_yaxis()
        ax.set_axis_off()
        ax.set_title(title)
    bar = figure.colorbar(mesh, ax=axes, shrink=0.8, ticks=[-limit, 0, limit])
    bar.ax.set_yticklabels(["resta", "0", "suma"])
    bar.outline.set_visible(False)
    numbers = summary(networks)
    return figures.describe(
        figure,
        f"Un dígito y tres dibujos de {side} × {side} píxeles, los pesos de tres clases en la "
        f"matriz a la que se reduce una red lineal de {networks.depth.iloc[0]} capas ocultas. La "
        f"matriz y la red contestan lo mismo en las {numbers['images']} imágenes, con diferencias "
        f"de como mucho {numbers['largest_difference']:.0e} del valor más grande.",
    )


def summary(networks):
    """Return the worst case over the seeds of each thing compared."""
    from lab.spanish_numbers import grouped

    first = networks.iloc[0]
    return {
        "parameters": grouped(first.parameters),
        "parameters_collapsed": int(first.parameters_collapsed),
        "images": int(first.images),
        "networks": len(networks),
        "largest_difference": networks.largest_difference.max(),
        "changed_predictions": int(networks.changed_predictions.sum()),
        "accuracy": networks.test_accuracy.mean(),
    }


def table(networks):
    """Return one line per network, for the terminal."""
    import pandas as pd

    return pd.DataFrame(
        {
            "semilla": networks.seed,
            "parámetros": networks.parameters,
            "en una capa": networks.parameters_collapsed,
            "mayor diferencia": networks.largest_difference.map("{:.1e}".format),
            "predicciones distintas": networks.changed_predictions,
            "aciertos (prueba)": networks.test_accuracy.map("{:.1%}".format),
        }
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Reduce una red lineal profunda a una sola matriz y compara sus respuestas.",
            measure,
            draw,
            table,
        )
    )

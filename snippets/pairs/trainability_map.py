"""A map of the networks that learn: the size of the weights by the depth, at any width.

Chapter 12. Figure 5 of Schoenholz et al. (2017), with their biases, for any activation. Each
cell is a few networks, each network a unit of work: a small map takes seconds, and one of wide
and deep networks on Fashion-MNIST what many machines can give.
"""

import sys

import trainable_depth
import training_grid
from lab import arguments, catalog, cli, store, units
from lab.spanish_numbers import grouped

LEARNS = 0.5  # of the training images, by when a network counts as one that learns
MANY = 80  # cells, too small then to write into them
OPTIONS = {
    "weight_variances": cli.Option(
        "--weight-variance",
        arguments.real("mayor que 0", lambda v: v > 0),
        "σ_w², varianza de los pesos por el número de entradas",
        "X",
        many=True,
    ),
    "bias_variance": cli.Option(
        "--bias-variance",
        arguments.real("mayor o igual que 0", lambda v: v >= 0),
        "σ_b², varianza de los sesgos",
        "X",
    ),
}
#: One that takes a cluster: the size at which the theory was tried, and beyond.
LARGE = {
    "networks": 2 * 20 * 20,  # activations, σ_w², seeds: of each depth
    "depths": tuple(range(10, 201, 10)),
    "width": 2048,
    "inputs": 784,
    "samples": 60_000,
    "epochs": 1,
}


@store.measurement
def measure(
    activations=("tanh",),
    weight_variances=(0.4, 0.8, 1.2, 1.8, 2.6, 3.6),
    bias_variance=0.05,
    depths=(4, 8, 16, 32),
    width=64,
    seeds=1,
    first_seed=0,
    dataset="digits",
    optimizer="sgd",
    learning_rate=3e-3,
    momentum=0.9,
    epochs=10,
    batch_size=64,
):
    """Return a table with one row per (activation, depth, σ_w², seed).

    Where training stopped and how it ended, as ``trainable_depth.learn`` says; NaN of a network
    that diverged.
    """
    import pandas as pd

    from lab import data

    data.fetch(dataset)
    work = units.product(
        {
            "activation": activations,
            "depth": depths,
            "weight_variance": weight_variances,
            "seed": range(first_seed, first_seed + seeds),
        },
        bias_variance=bias_variance,
        width=width,
        dataset=dataset,
        optimizer=optimizer,
        learning_rate=learning_rate,
        momentum=momentum,
        epochs=epochs,
        batch_size=batch_size,
    )
    return pd.DataFrame(units.map(trained, work, "entrenando", lane=("activation", "depth")))


def trained(activation, depth, weight_variance, bias_variance, seed, epochs, **settings):
    """Train one network; return its row."""
    trainer = training_grid.make_trainer(activation, depth, **settings)
    draw_weights(trainer.model, weight_variance, bias_variance, seed)
    return {
        "activation": activation,
        "depth": depth,
        "weight_variance": weight_variance,
        "bias_variance": bias_variance,
        "width": settings["width"],
        "inputs": trainer.dataset.inputs,
        "samples": len(trainer.dataset.x_train),
        "seed": seed,
        **trainable_depth.learn(trainer, epochs, seed),
    }


def draw_weights(network, weight_variance, bias_variance, seed):
    """Draw the hidden layers from N(0, σ_w²/fan_in), and their biases from N(0, σ_b²)."""
    import numpy as np

    from lab import model

    first, *_ = hidden = model.dense_layers(network)[:-1]
    inputs, width = first.kernel.shape
    model.redraw(network, f"random_normal:{(weight_variance / width) ** 0.5}", seed)
    if inputs != width:
        first.kernel.assign(first.kernel * (width / inputs) ** 0.5)
    if bias_variance:
        drawn = np.random.default_rng([seed, 1])
        for layer in hidden:
            layer.bias.assign(drawn.normal(0, bias_variance**0.5, width))


# --- what comes out of it -----------------------------------------------------------------


def predict(activation, weight_variance, bias_variance):
    """Return 6 ξ: how deep theory expects a network to learn; infinite where χ = 1."""
    from lab import theory

    return 6 * theory.depth_scale(activation, weight_variance, bias_variance)


def accuracies(runs):
    """Return the mean accuracy over the seeds, and whether it lies ``inside`` 6 ξ, by cell."""
    cells = ["activation", "weight_variance", "bias_variance", "depth"]
    means = runs.fillna({"train_accuracy": 0}).groupby(cells, sort=False).train_accuracy.mean()
    means = means.reset_index()
    limits = {key: predict(*key) for key, _ in means.groupby(cells[:-1])}
    limit = [limits[tuple(row)] for row in means[cells[:-1]].to_numpy()]
    return means.assign(inside=means.depth <= limit)


def operations(networks, depths, width, inputs, samples, epochs):
    """Return the floating-point operations of training, in products of matrices.

    A sample takes two for each weight on its way forward, and four on the way back.

    Args:
        networks: of each depth.
        depths, width, inputs: of the networks.
        samples, epochs: that each of them sees.
    """
    weights = sum(inputs * width + (depth - 1) * width**2 for depth in depths)
    return 6 * networks * weights * samples * epochs


def draw(runs):
    """Draw the accuracy as a colour, σ_w² by depth, and theory's border over it.

    In per cent in the cells, too, if they are few.
    """
    import numpy as np

    from lab import figures

    figure, columns = figures.activation_columns(
        runs.activation, size=(min(6.6 / runs.activation.nunique(), 4.6), 3.9), sharey=True
    )
    means = accuracies(runs)
    bias_variance = runs.bias_variance.iloc[0]
    *_, green = figures.SEQUENCE[:3]
    for activation, (ax,) in columns.items():
        part = means[means.activation == activation]
        cells = part.pivot(index="depth", columns="weight_variance", values="train_accuracy")
        x, y = cells.columns.to_numpy(), cells.index.to_numpy()
        ax.set_yscale("log")
        mesh = ax.pcolormesh(
            edges(x), np.exp(edges(np.log(y))), cells, vmin=0, vmax=1, cmap=figures.ramp(green)
        )
        few = cells.to_numpy() if len(means) <= MANY else np.empty((0, 0))
        for (row, column), value in np.ndenumerate(few):
            ax.text(
                x[column],
                y[row],
                f"{100 * value:.0f}",
                ha="center",
                va="center_baseline",
                color=figures.ink_on(value),
            )
        fine = np.linspace(*edges(x)[[0, -1]].clip(0.01), 400)
        limit = np.array([predict(activation, variance, bias_variance) for variance in fine])
        span = np.exp(edges(np.log(y)))[[0, -1]]
        ax.plot(fine, np.minimum(limit, 2 * span[1]), color=figures.INK, linewidth=1.5)
        ax.grid(False)
        ax.set_ylim(*span)
        ax.set_xlim(*edges(x)[[0, -1]])
        ax.minorticks_off()
        ax.set_yticks(y, y)
        ax.set_xlabel(r"$\sigma_w^2$", fontsize=13)
    figure.axes[0].set_ylabel("capas ocultas")
    if len(means) > MANY:
        figure.colorbar(mesh, ax=figure.axes, label="aciertos (entrenamiento)", ticks=[0, 0.5, 1])
    values = summary(runs)
    return figures.describe(
        figure,
        "Mapa de aciertos según la varianza de los pesos y la profundidad, con el límite "
        f"previsto, 6 ξ. Pasan de la mitad de aciertos {values['inside_learn']} de las "
        f"{values['inside']} casillas de dentro del límite y {values['outside_learn']} de las "
        f"{values['outside']} de fuera.",
    )


def edges(centres):
    """Return the borders between places, (n,) → (n + 1,); half as far outside as inside."""
    import numpy as np

    if len(centres) == 1:
        return centres[0] + np.array([-0.5, 0.5])
    middle = (centres[1:] + centres[:-1]) / 2
    return np.array([2 * centres[0] - middle[0], *middle, 2 * centres[-1] - middle[-1]])


def summary(runs):
    """Return how many cells learn inside and outside of the border, and what a large map takes."""
    means = accuracies(runs)
    learn = means.train_accuracy > LEARNS
    own = sum(
        operations(1, (run.depth,), run.width, run.inputs, run.samples, run.epochs)
        for run in runs.itertuples()
    )
    return {
        "networks": len(runs),
        "inside": int(means.inside.sum()),
        "inside_learn": int((learn & means.inside).sum()),
        "outside": int((~means.inside).sum()),
        "outside_learn": int((learn & ~means.inside).sum()),
        "large_networks": grouped(LARGE["networks"] * len(LARGE["depths"])),
        "large_operations": operations(**LARGE),
        "operations": own,
    }


def table(runs):
    """Return one line per activation and σ_w², for the terminal."""
    import pandas as pd

    rows = []
    groups = accuracies(runs).groupby(
        ["activation", "weight_variance", "bias_variance"], sort=False
    )
    for key, part in groups:
        limit = predict(*key)
        rows.append(
            {
                "activación": catalog.ACTIVATIONS[key[0]],
                "σ_w²": f"{key[1]:g}",
                "6 ξ": f"{limit:.0f}" if limit < 1000 else "sin límite",
                **{
                    f"{depth} capas": f"{100 * value:.0f} %"
                    for depth, value in zip(part.depth, part.train_accuracy, strict=True)
                },
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Dibuja qué redes aprenden según el tamaño de sus pesos y su profundidad.",
            measure,
            draw,
            table,
            options=OPTIONS,
            workers=True,
        )
    )

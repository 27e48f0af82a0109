"""A check-up of a Keras classifier: what to look at, in order, before the first epoch.

Chapter 10. Each look is a few lines of plain Keras, to be copied; for sequential and
functional models. So contrast and diversity stand here once more, though ``patients`` has them.
``measure`` tries the looks on one of the patients.
"""

import sys

from clinic import patients as clinic
from lab import cli, store

OPTIONS = {"patient": cli.Option("--patient", clinic.PATIENT.check, clinic.PATIENT.help, "LETRA")}
FLOOR = 1e-30  # in the figure, for what is zero


def initial_loss(model, x, y):
    """Return the loss before training, and that of a guess at random."""
    import numpy as np

    loss = model.evaluate(x, y, verbose=0, return_dict=True)["loss"]
    classes = max(2, model.output_shape[-1])
    return loss, np.log(classes)


def layer_outputs(model, x):
    """Return the output of every layer, in one forward pass."""
    import keras

    outputs = [layer.output for layer in model.layers]
    every = keras.Model(model.inputs, outputs)
    # Squares of tiny numbers do not fit in float32.
    return [h.numpy().astype(float) for h in every([x], training=True)]


def size(h):
    """Return the typical size of a layer's output."""
    return (h**2).mean() ** 0.5


def contrast(h):
    """Return the share that depends on the image; 0: all look alike."""
    return h.var(axis=0).mean() / (h**2).mean()


def diversity(h):
    """Return the share that depends on the unit; 0: all are twins."""
    return h.var(axis=-1).mean() / (h**2).mean()


def dead(h):
    """Return the share of units that no image turns on (ReLU)."""
    all_but_units = tuple(range(h.ndim - 1))
    return (h <= 0).all(axis=all_but_units).mean()


def gradients(model, x, y):
    """Return ∂L/∂W and ∂L/∂b of every layer, in one backward pass."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = model.compute_loss(x, y, model(x, training=True))
    values = tape.gradient(loss, model.trainable_weights)
    # An Embedding answers with rows and indices.
    values = [tf.convert_to_tensor(g) for g in values]
    return [g.numpy().astype(float) for g in values]


def steps(model, x, y):
    """Take one training step; return ‖ΔW‖ / ‖W‖ of every layer."""
    import numpy as np

    before = model.get_weights()
    model.train_on_batch(x, y)
    after = model.get_weights()
    norm = np.linalg.norm
    pairs = zip(before, after, strict=True)
    return [norm(a - b) / norm(b) for b, a in pairs if b.ndim > 1]


@store.measurement
def measure(patient="C", depth=20, width=64, dataset="digits"):
    """Return one row per hidden layer with every look at an untrained patient."""
    import keras
    import pandas as pd

    from lab import data, model

    images = data.load(dataset)
    x, y = images.x_train[:256], images.y_train[:256]
    p = clinic.PATIENTS[patient]
    network = model.mlp(p.activation, p.initializer, depth, width, inputs=images.inputs)
    optimizers = {
        "sgd": keras.optimizers.SGD(p.learning_rate, momentum=0.9),
        "adam": keras.optimizers.Adam(p.learning_rate),
    }
    network.compile(
        optimizers[p.optimizer],
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        run_eagerly=True,  # no compilation for so few passes
    )
    loss, chance = initial_loss(network, x, y)
    hidden = layer_outputs(network, x)[1:-1:2]
    of_weights, of_biases = (gradients(network, x, y)[start:-2:2] for start in (0, 1))
    return pd.DataFrame(
        {
            "layer": range(1, depth + 1),
            "loss": loss,
            "chance": chance,
            "size": [size(h) for h in hidden],
            "contrast": [contrast(h) for h in hidden],
            "diversity": [diversity(h) for h in hidden],
            "dead": [dead(h) for h in hidden],
            "weight_gradient": [size(g) for g in of_weights],
            "bias_gradient": [size(g) for g in of_biases],
            "step": steps(network, x[:64], y[:64])[:-1],
        }
    )


def draw(looks):
    """Draw by layer what a forward pass, a backward pass and one step show."""
    from lab import figures

    figure, axes = figures.subplots(1, 4, size=(7.6, 2.6))
    titles = {
        "size": "tamaño de h",
        "contrast": "contraste",
        "weight_gradient": "∂L/∂W",
        "step": "paso / peso",
    }
    for ax, (column, title) in zip(axes[0], titles.items(), strict=True):
        figures.log_axis(ax)
        figures.layer_axis(ax, len(looks))
        ax.set_title(title)
        ax.plot(looks.layer, looks[column].clip(lower=FLOOR), "o-", color=figures.SEQUENCE[0])
        low, high = ax.get_ylim()
        ax.set_ylim(min(low, high / 1e4), high * 2)
    figures.reference(axes[0, 3], 1e-3)
    first, last = looks.iloc[0], looks.iloc[-1]
    return figures.describe(
        figure,
        f"Cuatro miradas a una red sin entrenar, capa a capa. De la primera a la última: tamaño de "
        f"h, de {first['size']:.0e} a {last['size']:.0e}; contraste, de {first.contrast:.0e} a "
        f"{last.contrast:.0e}; ∂L/∂W, de {first.weight_gradient:.0e} a "
        f"{last.weight_gradient:.0e}; paso, de {first.step:.0e} a {last.step:.0e} veces el peso.",
    )


def table(looks):
    """Return five of the layers, for the terminal."""
    import numpy as np

    shown = looks.iloc[np.unique(np.linspace(0, len(looks) - 1, 5).round().astype(int))]
    columns = {
        "layer": "capa",
        "size": "tamaño de h",
        "contrast": "contraste",
        "diversity": "diversidad",
        "weight_gradient": "∂L/∂W",
        "bias_gradient": "∂L/∂b",
        "step": "paso / peso",
    }
    form = {"layer": "{:.0f}", "size": "{:.2g}", "contrast": "{:.2g}", "diversity": "{:.2f}"}
    texts = {
        title: shown[name].map(form.get(name, "{:.0e}").format) for name, title in columns.items()
    }
    return shown.assign(**texts)[[*texts]]


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Reconoce a un paciente como lo harías con tu propia red: seis miradas y un paso.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

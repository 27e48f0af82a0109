"""Two ways of training a network in μP with Keras, and whether they are one.

Chapter 15. By multipliers, with one Adam; and by rates: plain Dense layers of the same weights
and an Adam for each, with its own rate. But for Adam's ε, which the multiplier makes larger in
comparison with the gradient, they are the same.
"""

import sys

from lab import arguments, cli, store

OPTIONS = {
    "epsilons": cli.Option(
        "--epsilon",
        arguments.real("mayor que 0", lambda value: value > 0),
        "ε de Adam",
        "X",
        many=True,
    ),
    "steps": cli.Option("--steps", arguments.whole(1), "pasos de entrenamiento", "N"),
    "base": cli.Option("--base", arguments.whole(1), "anchura en la que nada se escala", "N"),
}


@store.measurement
def measure(
    epsilons=(1e-7, 1e-12),
    width=512,
    base=64,
    depth=3,
    learning_rate=0.008,
    steps=4,
    seeds=2,
    first_seed=0,
    samples=64,
    dataset="digits",
):
    """Return one row per (epsilon, seed, step).

    ``difference`` is the rms, over samples and classes, of what the logits of both networks
    differ in, over that of what they have changed since birth.
    """
    import numpy as np
    import pandas as pd

    from lab import data

    images = data.load(dataset)
    x, y = images.x_train[:samples], images.y_train[:samples]
    shape = {"depth": depth, "inputs": images.inputs, "classes": images.classes}
    rows = []
    for epsilon in epsilons:
        for seed in range(first_seed, first_seed + seeds):
            networks = make(width, base, seed, shape, learning_rate, epsilon)
            born = networks[0][0](x).numpy()
            for step in range(1, steps + 1):
                one, other = (advance(*network, x, y) for network in networks)
                rows.append(
                    {
                        "epsilon": epsilon,
                        "width": width,
                        "seed": seed,
                        "step": step,
                        "difference": np.sqrt(
                            np.mean((one - other) ** 2) / np.mean((one - born) ** 2)
                        ),
                    }
                )
    return pd.DataFrame(rows)


def make(width, base, seed, shape, learning_rate, epsilon):
    """Return, of both ways, (network, [(optimizer, the variables that it moves)])."""
    import keras

    from width.scaled_dense import mup_network

    scaled = mup_network(width, base, seed=seed, **shape)
    plain = keras.Sequential([keras.Input((shape["inputs"],))])
    parts = []
    for layer in scaled.layers:
        plain.add(keras.layers.Dense(layer.units, activation=layer.activation))
        twin, m = plain.layers[-1], layer.multiplier
        twin.set_weights([m * layer.kernel.numpy(), layer.bias.numpy()])
        # A bias is scaled in neither way.
        for variable, factor in ((twin.kernel, m), (twin.bias, 1.0)):
            adam = keras.optimizers.Adam(factor * learning_rate, epsilon=epsilon)
            parts.append((adam, [variable]))
    adam = keras.optimizers.Adam(learning_rate, epsilon=epsilon)
    return (scaled, [(adam, scaled.trainable_variables)]), (plain, parts)


def advance(network, parts, x, y):
    """Train a network by one step; return its logits afterwards, (samples, classes)."""
    import keras
    import tensorflow as tf

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    variables = [variable for _, moved in parts for variable in moved]
    with tf.GradientTape() as tape:
        value = loss(y, network(x))
    found = iter(tape.gradient(value, [variable.value for variable in variables]))
    for optimizer, moved in parts:
        optimizer.apply([next(found) for _ in moved], moved)
    return network(x).numpy()


def last(forms):
    """Return the geometric mean over the seeds of the difference after the last step, by ε."""
    from lab import stats

    part = forms[forms.step == forms.step.max()]
    return part.groupby("epsilon", sort=False).difference.agg(stats.geometric_mean)


def draw(forms):
    """Draw the difference of both networks, step by step, a line for each ε."""
    from lab import figures, spanish_numbers, stats

    figure, ((ax,),) = figures.subplots(size=(5.2, 3.3))
    for color, (epsilon, part) in zip(
        figures.SEQUENCE * 5, forms.groupby("epsilon", sort=False), strict=False
    ):
        spread = stats.over_seeds(part, "step", "difference")
        label = f"ε = {spanish_numbers.scientific(epsilon)}"
        figures.line_of_seeds(ax, spread, color=color, marker="o", label=label)
    figures.log_axis(ax)
    ax.set_xlabel("paso")
    ax.set_ylabel("diferencia / cambio de los logits")
    figure.legend(loc="outside upper center", ncols=2)
    told = ", ".join(f"{value:.1e} con ε = {epsilon:g}" for epsilon, value in last(forms).items())
    return figures.describe(
        figure,
        "Diferencia entre los logits de dos redes en μP, una con multiplicadores y otra con una "
        f"tasa por capa, dividida por lo que han cambiado al entrenar. Al final: {told}.",
    )


def summary(forms):
    """Return the differences after the last step, of the largest and of the smallest ε."""
    found = last(forms).sort_index()
    return {"exact_difference": found.iloc[0], "keras_difference": found.iloc[-1]}


def table(forms):
    """Return the difference after the last step for each ε, in Spanish."""
    import pandas as pd

    return pd.DataFrame(
        {"ε": f"{epsilon:g}", "pasos": int(forms.step.max()), "diferencia": f"{value:.1e}"}
        for epsilon, value in last(forms).items()
    )


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Compara dos formas de entrenar en μP con Keras: multiplicadores y tasas por capa.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

"""What an LSTM still remembers after t steps: its forget gate, to the power t.

Chapter 13. Keras's LSTM with normal inputs, before training: how much a change of the first cell
state changes that of step t. The bias of the forget gate is 0, 1 (Keras's own) or ln T. The theory
follows the gate alone; the state has a second way, through h, that it leaves out.
"""

import itertools
import sys

from lab import cli, store
from lab.arguments import real

COLORS = ("#8a8a8a", "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00")


@store.measurement
def measure(biases=(0.0, 1.0, 3.9), width=64, steps=50, seeds=3, first_seed=0, by_h=True):
    """Return one row per (bias, seed, step): what is left of a change of the first cell state.

    ``left`` is the rms of ∂c_t/∂c_0 · v over that of v, for a normal v. Without ``by_h`` the
    state h is not read (its kernel is 0), and only the gate hands c on.
    """
    import keras
    import numpy as np
    import pandas as pd
    import tensorflow as tf

    rows = []
    cell = keras.layers.LSTMCell(width)
    cell.build((None, width))

    @tf.function
    def advance(x, h, c, dh, dc):
        with tf.autodiff.ForwardAccumulator([h, c], [dh, dc]) as follow:
            _, (h, c) = cell(x, [h, c])
            return h, c, follow.jvp(h), follow.jvp(c)

    work = list(itertools.product(biases, range(first_seed, first_seed + seeds)))
    for bias, seed in cli.progress(work, "midiendo"):
        rng = np.random.default_rng(seed)
        keras.utils.set_random_seed(seed)
        drawn = keras.layers.LSTMCell(width)
        drawn.build((None, width))
        kernel, recurrent, biases_drawn = drawn.get_weights()
        biases_drawn[width : 2 * width] = bias  # input, forget, cell, output
        cell.set_weights([kernel, recurrent * by_h, biases_drawn])
        x = rng.standard_normal((steps, 32, width), "float32")
        c, v = rng.standard_normal((2, 32, width), "float32")
        h = dh = tf.zeros_like(c)
        c, dc = tf.constant(c), tf.constant(v)
        for step in range(1, steps + 1):
            h, c, dh, dc = advance(tf.constant(x[step - 1]), h, c, dh, dc)
            left = np.sqrt(np.mean(dc.numpy().astype(float) ** 2) / np.mean(v.astype(float) ** 2))
            rows.append({"bias": bias, "width": width, "seed": seed, "step": step, "left": left})
    return pd.DataFrame(rows)


def predict(bias, steps):
    """Return what the gate alone leaves after steps 1…``steps``, (steps,).

    It lets σ(b + z) through, and z is normal: Keras draws the kernel for the outputs of four
    gates, with σ_w² = 2/5.
    """
    import numpy as np
    from scipy.special import expit

    from lab import theory

    square = theory.gaussian_mean(lambda z: expit(bias + z) ** 2, 2 / 5)
    return square ** (np.arange(1, steps + 1) / 2)


def predict_rate(bias):
    """Return the factor per step in the long run, both ways together.

    On average a step is E[f] I + α U, where U is the kernel that reads h for the candidate, and α
    what its way lets through: input gate, slope of the candidate, output gate and slope of tanh(c).
    U is a block of an orthogonal matrix four times as wide, whose eigenvalues reach √(1/4). As it
    is one and the same at each step, the largest eigenvalue of the sum is what is left.
    """
    import numpy as np
    from scipy.special import expit

    from lab.theory import gaussian_mean

    z2 = 2 / 5
    forget = gaussian_mean(lambda z: expit(bias + z), z2)
    forgotten = 1 - gaussian_mean(lambda z: expit(bias + z) ** 2, z2)
    written = gaussian_mean(lambda z: expit(z) ** 2, z2) * gaussian_mean(
        lambda z: np.tanh(z) ** 2, z2
    )
    open_gate = gaussian_mean(expit, z2)
    slope = gaussian_mean(lambda z: 1 - np.tanh(z) ** 2, z2)
    read = gaussian_mean(lambda c: 1 - np.tanh(c) ** 2, written / forgotten)
    return forget + open_gate * slope * open_gate * read / 2


def draw(data):
    """Draw what is left by step: by the gate alone, and dashed at the rate of both ways."""
    from lab import figures, stats

    figure, ((ax,),) = figures.subplots(size=(5.0, 3.5))
    figures.log_axis(ax)
    steps = int(data.step.max())
    ends = []
    for (bias, part), color in zip(data.groupby("bias"), itertools.cycle(COLORS), strict=False):
        spread = stats.over_seeds(part, "step", "left")
        ax.plot(spread.x, predict(bias, steps), color=color, linewidth=1, zorder=1)
        style = {"color": color, "markeredgecolor": color, "markerfacecolor": "none"}
        figures.measured_points(ax, spread, "relu", "he_normal", **style)
        late = spread.x[steps // 2 :]
        line = spread.centre[-1] * predict_rate(bias) ** (late - steps)
        ax.plot(late, line, color=color, linewidth=1, linestyle=(0, (4, 2)), zorder=4)
        ends.append((spread.centre[-1], f"sesgo {bias:g}", color))
    figures.layer_axis(ax, steps, "paso t")
    ax.set_ylabel("lo que queda de un cambio")
    figures.label_ends(ax, ends)
    numbers = summary(data)
    biases = sorted(set(data.bias))
    return figures.describe(
        figure,
        f"Lo que queda de un cambio del estado de una LSTM tras {steps} pasos, según el sesgo de "
        "su puerta de olvido: "
        + "; ".join(f"con {b:g}, {numbers[f'{name(b)}_last']:.1e}" for b in biases)
        + ".",
    )


def name(bias):
    """Return the name of a bias in the prose: 3.9 is "b3_9"."""
    return f"b{bias:g}".replace(".", "_").replace("-", "m")


def summary(data):
    """Return what is left after ten steps and in the end, and the factor per step; with theory."""
    from lab import stats

    numbers, steps = {}, int(data.step.max())
    for bias, part in data.groupby("bias"):
        centre = stats.over_seeds(part, "step", "left").centre
        ten = min(10, steps) - 1
        numbers |= {
            f"{name(bias)}_ten": centre[ten],
            f"{name(bias)}_last": centre[-1],
            f"{name(bias)}_ten_gate": predict(bias, steps)[ten],
            f"{name(bias)}_last_gate": predict(bias, steps)[-1],
            f"{name(bias)}_rate_gate": predict(bias, 1)[0],
            f"{name(bias)}_rate": (centre[-1] / centre[steps // 2])
            ** (1 / (steps - 1 - steps // 2)),
            f"{name(bias)}_rate_expected": predict_rate(bias),
        }
    return numbers


def table(data):
    """Return what is left in the end, for the terminal."""
    import pandas as pd

    ends = summary(data)
    return pd.DataFrame(
        {
            "sesgo": f"{bias:g}",
            "tras 10 pasos": f"{ends[name(bias) + '_ten']:.2g}",
            "al final": f"{ends[name(bias) + '_last']:.2g}",
            "al final, solo la puerta": f"{ends[name(bias) + '_last_gate']:.2g}",
            "factor por paso": f"{ends[name(bias) + '_rate']:.3f}",
            "según la teoría": f"{ends[name(bias) + '_rate_expected']:.3f}",
        }
        for bias in sorted(set(data.bias))
    )


OPTIONS = {
    "biases": cli.Option(
        "--bias", real("finito", lambda v: True), "sesgo de la puerta de olvido", "X", many=True
    ),
    "steps": cli.Option("--steps", cli.whole(4), "pasos en el tiempo", "N"),
    "by_h": cli.Option(
        "--by-h", lambda text: bool(cli.whole(0)(text)), "1: el estado h se lee; 0: no", "N"
    ),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide cuánto recuerda una LSTM según el sesgo de su puerta de olvido.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

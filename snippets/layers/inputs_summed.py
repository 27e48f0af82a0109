"""How many inputs one output sums, what Keras takes it for, and what comes out of the layer.

Chapter 13. A layer whose weights are all 1 adds up what it is given: fed with ones, each output
is the number of its inputs. Then the same layer with the weights that Keras draws if nothing is
said, with "he_normal", and with a variance that divides by the inputs counted.
"""

import math
import sys
from dataclasses import dataclass

from lab import cli, store
from lab.arguments import one_of

#: How the weights are drawn → its name, colour and marker.
STARTS = {
    "default": ("por defecto", "#8a8a8a", "s"),
    "he": ("he_normal", "#d55e00", "v"),
    "counted": ("contado", "#0072b2", "o"),
}


@dataclass(frozen=True)
class Kernel:
    """Weights that the signal crosses.

    Attributes:
        argument: of the layer, which says how they are drawn.
        summed: how many of its inputs an output sums, away from the border.
        fans: what Keras's initializers take for its inputs and its outputs.
        counted: scale and mode of the VarianceScaling that divides by ``summed``.
    """

    argument: str
    summed: float
    fans: tuple[int, int]
    counted: tuple[float, str]


@dataclass(frozen=True)
class Kind:
    """A layer: its name, how Keras builds it, the shape of its input, the kernels in a row.

    ReLU follows, or nothing. ``tokens``: the input are numbers below that one.
    """

    name: str
    layer: str
    arguments: dict
    inputs: tuple[int, ...]
    kernels: tuple[Kernel, ...]
    relu: bool = True
    tokens: int = 0


IMAGE = (12, 12, 32)  # its border is left out: three pixels on each side
HE = (2.0, "fan_in")


def _kernel(summed, fans, counted=HE, argument="kernel_initializer"):
    return Kernel(argument, summed, fans, counted)


def depthwise(channels, scale):
    """Return the kernel of 3 × 3 that acts on each channel apart."""
    return _kernel(9, (9 * channels, 9), (scale, "fan_out"), "depthwise_initializer")


#: Kind of layer → all that is known of it.
#:
#: :meta hide-value:
KINDS = {
    "dense": Kind("densa", "Dense", {"units": 256}, (256,), (_kernel(256, (256, 256)),)),
    "conv": Kind(
        "convolución",
        "Conv2D",
        {"filters": 32, "kernel_size": 3},
        IMAGE,
        (_kernel(9 * 32, (9 * 32, 9 * 32)),),
    ),
    "grouped": Kind(
        "en 8 grupos",
        "Conv2D",
        {"filters": 32, "kernel_size": 3, "groups": 8},
        IMAGE,
        (_kernel(9 * 4, (9 * 4, 9 * 32)),),
    ),
    "depthwise": Kind(
        "por canal",
        "DepthwiseConv2D",
        {"kernel_size": 3},
        (*IMAGE[:2], 128),  # it has so few weights that of fewer the mean would be uncertain
        (depthwise(128, 2.0),),
    ),
    "separable": Kind(
        "separable",
        "SeparableConv2D",
        {"filters": 32, "kernel_size": 3},
        IMAGE,
        (depthwise(32, 1.0), _kernel(32, (32, 32), argument="pointwise_initializer")),
    ),
    "transposed": Kind(
        "transpuesta",
        "Conv2DTranspose",
        {"filters": 16, "kernel_size": 4, "strides": 2},
        IMAGE,
        (_kernel(16 * 32 / 4, (16 * 16, 16 * 32), (8.0, "fan_out")),),
    ),
    "recurrent": Kind(
        "recurrente",
        "SimpleRNN",
        {"units": 256},
        (1, 256),
        (_kernel(256, (256, 256)),),
    ),
    "embedding": Kind(
        "embedding",
        "Embedding",
        {"input_dim": 1000, "output_dim": 128},
        (64,),
        (_kernel(1, (1000, 128), (128.0, "fan_out"), "embeddings_initializer"),),
        relu=False,
        tokens=1000,
    ),
    "attention": Kind(
        "atención",
        "MultiHeadAttention",
        {"num_heads": 8, "key_dim": 32},
        (1, 256),
        (_kernel(256, (256, 256), (1.0, "fan_in")),) * 2,
        relu=False,
    ),
}


def build(kind, start, seed=0):
    """Return a layer of Keras, its weights drawn.

    Keras's own generator, and no seed of their own, draws them: with one MultiHeadAttention
    would give the same weights to three of its kernels.
    """
    import keras

    known = KINDS[kind]
    named = {"he": "he_normal", "ones": "ones"}
    chosen = {}
    for kernel in known.kernels:
        if start == "counted":
            scale, mode = kernel.counted
            chosen[kernel.argument] = keras.initializers.VarianceScaling(scale, mode)
        elif start in named:
            chosen[kernel.argument] = named[start]
    relu = {"activation": "relu"} if known.relu else {}
    keras.utils.set_random_seed(seed)
    layer = getattr(keras.layers, known.layer)(**known.arguments, **relu, **chosen)
    layer.build(*[(None, *known.inputs)] * (2 if kind == "attention" else 1))
    return layer


def answers(kind):
    """Return the function from (layer, batch) to what that layer makes of it, without borders.

    One layer takes the weights of all: Keras compiles a convolution in groups at each call.
    """
    import numpy as np
    import tensorflow as tf

    one = build(kind, "ones")

    def program(x):
        return one(x, x) if kind == "attention" else one(x)

    if "groups" in KINDS[kind].arguments:
        program = tf.function(program)

    def answer(layer, x):
        one.set_weights(layer.get_weights())
        y = np.array(program(tf.constant(x)), dtype=float)
        return y[:, 3:-3, 3:-3] if y.ndim == 4 else y

    return answer


def ones(kind):
    """Return an input of ones; of numbers that are looked up, the first one."""
    import numpy as np

    known = KINDS[kind]
    shape = (8, *known.inputs)
    return np.zeros(shape, int) if known.tokens else np.ones(shape, "float32")


@store.measurement
def measure(kinds=tuple(KINDS), starts=tuple(STARTS), seeds=5, first_seed=0):
    """Return one row per (kind, start, seed).

    ``summed`` is the count of inputs, of two kernels in a row the product of both: what a layer
    whose weights are all 1 makes of ones. ``square`` is the mean square of what comes out
    of the layer over that of what enters, its ReLU included where it has one.
    """
    import numpy as np
    import pandas as pd

    rows = []
    for kind in cli.progress(kinds, "midiendo"):
        known, answer = KINDS[kind], answers(kind)
        summed = answer(build(kind, "ones"), ones(kind)).mean()
        for start in starts:
            for seed in range(first_seed, first_seed + seeds):
                rng = np.random.default_rng(seed)
                if known.tokens:  # as if of a 1 among zeros
                    x, size = rng.integers(known.tokens, size=(8, *known.inputs)), 1.0
                else:
                    x = rng.standard_normal((8, *known.inputs), "float32")
                    size = np.mean(x.astype(float) ** 2)
                square = np.mean(answer(build(kind, start, seed), x) ** 2) / size
                rows.append(
                    {"kind": kind, "start": start, "seed": seed, "summed": summed, "square": square}
                )
    return pd.DataFrame(rows)


def variance(kernel, start):
    """Return the variance of the weights of a kernel, from what Keras takes for its fans."""
    fan_in, fan_out = kernel.fans
    if kernel.argument == "embeddings_initializer" and start == "default":
        return 0.05**2 / 3  # evenly from −0.05 to 0.05
    if start == "counted":
        scale, mode = kernel.counted
        return scale / {"fan_in": fan_in, "fan_out": fan_out}[mode]
    return {"default": 2 / (fan_in + fan_out), "he": 2 / fan_in}[start]


def predict(kind, start):
    """Return the ``square`` that theory expects: σ_w² of each kernel, and half for ReLU."""
    known = KINDS[kind]
    product = math.prod(kernel.summed * variance(kernel, start) for kernel in known.kernels)
    return product / 2 if known.relu else product


def typed(kind):
    """Write the layer with the initializers that keep the signal, as it is typed."""
    known = KINDS[kind]
    names = {"units": "", "filters": "", "kernel_size": "", "input_dim": "", "num_heads": ""}
    parts = [
        f"{value}" if name in names or name in ("output_dim", "key_dim") else f"{name}={value}"
        for name, value in known.arguments.items()
    ]
    for kernel in dict.fromkeys(known.kernels):
        scale, mode = kernel.counted
        made = '"he_normal"' if kernel.counted == HE else f'VarianceScaling({scale}, "{mode}")'
        parts.append(f"{kernel.argument}={made}")
    return f"{known.layer}({', '.join(parts)})"


def draw(data):
    """Draw the size of what comes out of each layer, for each way to draw its weights."""
    import numpy as np

    from lab import figures, stats

    kinds = list(dict.fromkeys(data.kind))
    figure, ((ax,),) = figures.subplots(size=(5.2, 0.36 * len(kinds) + 1.5))
    figures.log_axis(ax, "x")
    ax.axvline(1, color=figures.INK, linewidth=0.8, linestyle=(0, (2, 2)), alpha=0.7, zorder=0)
    sizes = data.assign(size=np.sqrt(data["square"]))
    for start, part in sizes.groupby("start", sort=False):
        label, color, marker = STARTS[start]
        spread = part.groupby("kind")["size"]
        centre = spread.agg(stats.geometric_mean)
        low, high = spread.min(), spread.max()
        for row, kind in enumerate(kinds):
            expected = predict(kind, start) ** 0.5
            ax.plot([expected] * 2, [row - 0.32, row + 0.32], color=color, linewidth=1, zorder=1)
            ax.plot([low[kind], high[kind]], [row] * 2, color=color, alpha=0.4, linewidth=3)
        filled = "none" if start == "counted" else color
        ax.plot(
            *(centre[kinds], range(len(kinds))),
            *(marker,),
            color=color,
            markerfacecolor=filled,
            markersize=7 if start == "counted" else 4,
            label=label,
            zorder=3,
        )
    ax.set_yticks(range(len(kinds)), [KINDS[kind].name for kind in kinds])
    ax.set_ylim(len(kinds) - 0.4, -0.6)
    ax.set_xlabel("valor eficaz que sale, si entra 1")
    figure.legend(loc="outside upper center", ncols=len(STARTS), handletextpad=0.3)
    ends = summary(data)
    return figures.describe(
        figure,
        "Valor eficaz de lo que sale de cada capa, si entra 1. "
        + "; ".join(
            f"{KINDS[kind].name}: "
            + ", ".join(
                f"{STARTS[start][0]}, {ends[f'{kind}_{start}']:.2g}"
                for start in dict.fromkeys(data.start)
            )
            for kind in kinds
        )
        + ".",
    )


def summary(data):
    """Return the size that comes out, "depthwise_he", its square over what theory says, counts."""
    import numpy as np

    numbers = {}
    for (kind, start), part in data.groupby(["kind", "start"], sort=False):
        square = part["square"].mean()
        numbers[f"{kind}_{start}"] = float(np.sqrt(square))
        numbers[f"{kind}_{start}_expected"] = predict(kind, start) ** 0.5
        numbers[f"{kind}_summed"] = round(part.summed.iloc[0])
    return numbers


def table(data):
    """Return counts and sizes, layer by layer, for the terminal and the page."""
    import pandas as pd

    ends = summary(data)
    rows = []
    for kind, part in data.groupby("kind", sort=False):
        known = KINDS[kind]
        rows.append(
            {
                "capa": known.name,
                "una salida suma": " · ".join(f"{kernel.summed:g}" for kernel in known.kernels),
                "Keras cuenta": " · ".join(f"{kernel.fans[0]}" for kernel in known.kernels),
                **{
                    f"sale ({STARTS[start][0]})": (f"{ends[f'{kind}_{start}']:.2f}")
                    for start in dict.fromkeys(part.start)
                },
            }
        )
    return pd.DataFrame(rows)


OPTIONS = {
    "kinds": cli.Option(
        "--layer", one_of(KINDS, "la capa"), f"capa ({', '.join(KINDS)})", "NOMBRE", many=True
    ),
    "starts": cli.Option(
        "--start",
        one_of(STARTS, "el sorteo"),
        f"cómo se sortean los pesos ({', '.join(STARTS)})",
        "NOMBRE",
        many=True,
    ),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Cuenta las entradas que suma cada salida y mide lo que sale de cada capa.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

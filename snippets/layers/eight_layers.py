"""Eight layers one after another, before training: convolutions, separable ones, up and down.

Chapter 13. What Keras draws if nothing is said, "he_normal", and weights whose variance divides
by the inputs that an output sums. Signals and gradients of ReLU networks on the digits, 8 × 8,
against a theory that follows the mean square of each pixel, borders included.
"""

import itertools
import sys
from functools import reduce

from lab import cli, store
from lab.arguments import one_of

#: Kind → its name.
KINDS = {
    "conv": "convolución 3 × 3",
    "separable": "separable 3 × 3",
    "hourglass": "paso 2, abajo y arriba",
}
#: How the weights are drawn → its name, colour and marker.
STARTS = {
    "default": ("por defecto", "#8a8a8a", "s"),
    "he": ("he_normal", "#d55e00", "v"),
    "counted": ("contado", "#0072b2", "o"),
}
SIDE = 8
DEPTH = 8
NORMAL = "truncated_normal"
#: Glorot's and He's, as VarianceScaling.
GLOROT, HE = (1.0, "fan_avg", "uniform"), (2.0, "fan_in", NORMAL)


def parts(kind, layer, width):
    """Return what a layer of a stack is made of: the first layer is number 1.

    Returns:
        layer: its class in Keras.
        arguments: of that class.
        kernels: for each one its argument, channels that enter and leave it, and whether it
            acts on each channel apart.
    """
    window = {"kernel_size": 3, "padding": "same"}
    if kind == "conv":
        return "Conv2D", {"filters": width, **window}, [("kernel", width, width, False)]
    if kind == "separable":
        kernels = [("depthwise", width, width, True), ("pointwise", width, width, False)]
        return "SeparableConv2D", {"filters": width, **window}, kernels
    window = {"kernel_size": 4, "strides": 2, "padding": "same"}
    if layer % 2:  # down: half the side, twice the channels
        kernels = [("kernel", width, 2 * width, False)]
        return "Conv2D", {"filters": 2 * width, **window}, kernels
    return "Conv2DTranspose", {"filters": width, **window}, [("kernel", 2 * width, width, False)]


def scaling(kind, start, layer, kernel):
    """Return scale, mode and distribution of the VarianceScaling that draws a kernel."""
    if start == "default":
        return GLOROT
    if start == "counted" and kind == "hourglass" and layer % 2 == 0:
        return 2.0 * 2**2, "fan_out", NORMAL  # the stride; Keras takes outputs for inputs
    if start == "counted" and kernel == "depthwise":
        return 1.0, "fan_out", NORMAL  # no activation follows
    return HE


def network(kind, width=16):
    """Return the stack: a convolution that makes the channels, eight layers, logits.

    Each layer's z is apart from its activation, so that ``lab.probe`` can look at both.
    """
    import keras

    layers = keras.layers
    model = keras.Sequential([keras.Input((SIDE**2,))])
    model.add(layers.Reshape((SIDE, SIDE, 1)), rebuild=False)
    model.add(layers.Conv2D(width, 3, padding="same", name="stem"), rebuild=False)
    model.add(layers.ReLU(name="h0"), rebuild=False)
    for layer in range(1, DEPTH + 1):
        made, arguments, _ = parts(kind, layer, width)
        model.add(getattr(layers, made)(**arguments, name=f"z{layer}"), rebuild=False)
        model.add(layers.Activation("relu", name=f"h{layer}"), rebuild=False)
    model.add(layers.Flatten(), rebuild=False)
    model.add(layers.Dense(10, name="logits"))
    return model


def redraw(model, kind, start, seed, width=16):
    """Draw the weights of a stack anew; those of stem and logits are always He's and Glorot's."""
    import keras
    import numpy as np

    seeds = iter(np.random.SeedSequence(seed).generate_state(2 * DEPTH + 2) >> 1)

    def draw_kernel(variable, scheme):
        made = keras.initializers.VarianceScaling(*scheme, seed=int(next(seeds)))
        variable.assign(made(tuple(variable.shape)))

    draw_kernel(model.get_layer("stem").kernel, HE)
    draw_kernel(model.get_layer("logits").kernel, GLOROT)
    for layer in range(1, DEPTH + 1):
        made = model.get_layer(f"z{layer}")
        for name, *_ in parts(kind, layer, width)[2]:
            kernel = made.kernel if name == "kernel" else getattr(made, f"{name}_kernel")
            draw_kernel(kernel, scaling(kind, start, layer, name))
    for variable in model.trainable_variables:
        if variable.name == "bias":
            variable.assign(np.zeros(variable.shape))


@store.measurement
def measure(kinds=tuple(KINDS), starts=tuple(STARTS), width=64, seeds=5, first_seed=0, samples=32):
    """Return one row per (kind, start, seed, layer): rms of the activation and of δ.

    ``inputs`` is the mean square of the images, of which the theory takes each pixel's.
    """
    import pandas as pd

    from lab import data, probe

    images = data.load()
    x, y = images.x_train[:samples], images.y_train[:samples]
    rows = []
    for kind in cli.progress(kinds, "midiendo"):
        model = network(kind, width)
        look = probe.Probe(model)
        for start, seed in itertools.product(starts, range(first_seed, first_seed + seeds)):
            redraw(model, kind, start, seed, width)
            signals = look(x, y)
            rows += [
                {
                    "kind": kind,
                    "start": start,
                    "width": width,
                    "samples": samples,
                    "seed": seed,
                    "layer": layer,
                    "activation_rms": probe.rms(h),
                    "delta_rms": probe.rms(delta),
                }
                for layer, (h, delta) in enumerate(
                    zip(signals.h, signals.delta, strict=True), start=1
                )
            ]
    return pd.DataFrame(rows)


# --- theory -------------------------------------------------------------------------------


def window_map(window, stride, side):
    """Return which inputs each output of a convolution sums, 0 or 1: (outputs, inputs) pixels.

    With padding "same": zeros around the image.
    """
    import numpy as np

    before = (window - stride) // 2
    first = stride * np.arange(side // stride)[:, None] - before
    at = np.arange(side)[None, :]
    along = ((first <= at) & (at < first + window)) * 1.0
    return np.kron(along, along)


def maps(kind, start, layer, width):
    """Return (forward, backward) matrices of the mean squares of the pixels across a layer.

    E[z²] of a pixel is the variance of the weights times the sum of E[h²] over what it sums;
    backwards the same sum over what a pixel feeds.
    """
    import numpy as np

    made, arguments, kernels = parts(kind, layer, width)
    size, transposed = arguments["kernel_size"], made == "Conv2DTranspose"
    taps = window_map(size, arguments.get("strides", 1), SIDE)
    forward, backward = [], []
    for name, entering, leaving, apart in kernels:
        through = np.eye(SIDE**2) if name == "pointwise" else taps.T if transposed else taps
        area = 1 if name == "pointwise" else size**2
        fans = area * entering, area * (1 if apart else leaving)
        fan_in, fan_out = reversed(fans) if transposed else fans  # as Keras takes them
        scale, mode, _ = scaling(kind, start, layer, name)
        by = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        variance = scale / by[mode]
        forward.append(variance * (1 if apart else entering) * through)
        backward.append(variance * (1 if apart else leaving) * through.T)
    return reduce(np.matmul, reversed(forward)), reduce(np.matmul, backward)


def predict(kind, start, width, samples):
    """Return (activation_rms, delta_rms) of layers 1…8, each (8,), from the images alone.

    ReLU lets half of each square through. The logits answer all classes alike, and their
    weights are Glorot's.
    """
    import numpy as np

    from lab import data

    moment = np.mean(data.load().x_train[:samples].astype(float) ** 2, axis=0)
    h = [2 / 9 * window_map(3, 1, SIDE) @ moment / 2]
    pairs = [maps(kind, start, layer, width) for layer in range(1, DEPTH + 1)]
    for forward, _ in pairs:
        h.append(forward @ h[-1] / 2)
    last = parts(kind, DEPTH, width)[1]["filters"] * len(h[-1])
    delta = [np.full(len(h[-1]), (1 - 1 / 10) * 2 / (last + 10) / 2)]
    for _, backward in reversed(pairs[1:]):
        delta.insert(0, backward @ delta[0] / 2)
    return tuple(np.array([square.mean() ** 0.5 for square in way]) for way in (h[1:], delta))


# --- what is shown ------------------------------------------------------------------------


def draw(data):
    """Draw the activation and δ by layer, a column for each kind of layer."""
    from lab import figures, stats

    kinds = list(dict.fromkeys(data.kind))
    figure, axes = figures.subplots(
        2, len(kinds), size=(2.2 * len(kinds) + 0.6, 4.6), sharey="row", sharex=True
    )
    names = {"activation_rms": "activación h", "delta_rms": "gradiente δ"}
    for column, kind in zip(axes.T, kinds, strict=True):
        column[0].set_title(KINDS[kind])
        for start, part in data[data.kind == kind].groupby("start", sort=False):
            _, color, marker = STARTS[start]
            theory = predict(kind, start, int(part.width.iloc[0]), int(part.samples.iloc[0]))
            for ax, quantity, line in zip(column, names, theory, strict=True):
                figures.log_axis(ax)
                spread = stats.over_seeds(part, "layer", quantity)
                ax.plot(spread.x, line, color=color, linewidth=1, zorder=1)
                style = {"color": color, "markeredgecolor": color, "marker": marker}
                style |= {"markersize": 4, "markerfacecolor": "none"}
                figures.measured_points(ax, spread, "relu", "he_normal", **style)
        figures.layer_axis(column[1], DEPTH)
    for ax, name in zip(axes[:, 0], names.values(), strict=True):
        ax.set_ylabel(name)
    shown = dict.fromkeys(data.start)
    legend(figure, shown)
    ends = summary(data)
    return figures.describe(
        figure,
        "Activación de la capa 8 y gradiente de la capa 1 de una pila de ocho. "
        + "; ".join(
            f"{KINDS[kind]}, {STARTS[start][0]}: {ends[f'{kind}_{start}_h']:.1e} y "
            f"{ends[f'{kind}_{start}_delta']:.1e}"
            for kind in kinds
            for start in shown
        )
        + ".",
    )


def legend(figure, starts):
    """Say once, above the figure, how each start is drawn."""
    from matplotlib.lines import Line2D

    handles = []
    for start in dict.fromkeys(starts):
        label, color, marker = STARTS[start]
        line = Line2D([], [], color=color, marker=marker, markersize=5, linewidth=1, label=label)
        line.set_markerfacecolor("none")
        handles.append(line)
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))


def summary(data):
    """Return h in the last layer, δ in the first, and the factor per layer of h.

    ``_back`` is δ in the first layer over δ in the last; ``_expected``, what theory says.
    """
    from lab import stats

    numbers = {}
    for (kind, start), part in data.groupby(["kind", "start"], sort=False):
        h = stats.over_seeds(part, "layer", "activation_rms").centre
        delta = stats.over_seeds(part, "layer", "delta_rms").centre
        line, way_back = predict(kind, start, int(part.width.iloc[0]), int(part.samples.iloc[0]))
        numbers |= {
            f"{kind}_{start}_h": h[-1],
            f"{kind}_{start}_h_expected": line[-1],
            f"{kind}_{start}_delta": delta[0],
            f"{kind}_{start}_back": delta[0] / delta[-1],
            f"{kind}_{start}_back_expected": way_back[0] / way_back[-1],
            f"{kind}_{start}_factor": (h[-1] / h[0]) ** (1 / (DEPTH - 1)),
        }
    return numbers


def table(data):
    """Return the signals of the last and of the first layer, for the terminal."""
    import pandas as pd

    ends = summary(data)
    return pd.DataFrame(
        {
            "capas": KINDS[kind],
            "pesos": STARTS[start][0],
            "h, capa 8": f"{ends[f'{kind}_{start}_h']:.2g}",
            "δ, capa 1": f"{ends[f'{kind}_{start}_delta']:.2g}",
            "factor por capa": f"{ends[f'{kind}_{start}_factor']:.2f}",
        }
        for kind, start in data.groupby(["kind", "start"], sort=False).groups
    )


OPTIONS = {
    "kinds": cli.Option(
        "--layer", one_of(KINDS, "la capa"), f"capas ({', '.join(KINDS)})", "NOMBRE", many=True
    ),
    "starts": cli.Option(
        "--start",
        one_of(STARTS, "el sorteo"),
        f"cómo se sortean los pesos ({', '.join(STARTS)})",
        "NOMBRE",
        many=True,
    ),
    "width": cli.Option("--width", cli.whole(1), "canales", "N"),
}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide la señal y el gradiente a través de ocho capas, contadas y sin contar.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

"""What a pixel sums depends on where it lies: borders, and the checkerboard of a transposed one.

Chapter 13. The number of inputs of each of 8 × 8 pixels, with zeros around the image, and the
mean square that comes out of weights with one variance for all. A transposed convolution whose
window is no multiple of its stride gives neighbouring pixels different counts (Odena et al. 2016).
"""

import sys

from lab import cli, store

#: Case → title, layer, window, stride, pixels on a side of the input.
CASES = {
    "conv": ("convolución 3 × 3", "Conv2D", 3, 1, 8),
    "transposed4": ("transpuesta 4 × 4, paso 2", "Conv2DTranspose", 4, 2, 4),
    "transposed3": ("transpuesta 3 × 3, paso 2", "Conv2DTranspose", 3, 2, 4),
}
SIDE = 8
CHANNELS = 16


@store.measurement
def measure(seeds=1000, first_seed=0):
    """Return one row per (case, row, column) of the 8 × 8 pixels that come out.

    ``summed`` is how many inputs that pixel sums, for each channel that enters; ``square`` the
    mean of its squares, over as many filters as ``seeds``, with the variance that would keep it
    at 1 if each pixel summed the average without borders. Each filter has weights of its own;
    what enters is 1 or −1.
    """
    import keras
    import numpy as np
    import pandas as pd

    rows = []
    for case, (_, layer, window, stride, side) in CASES.items():
        make = getattr(keras.layers, layer)
        same = {"strides": stride, "padding": "same"}
        ones = make(1, window, kernel_initializer="ones", **same)
        summed = np.array(ones(np.ones((1, side, side, 1), "float32")))[0, ..., 0]
        sigma = (CHANNELS * window**2 / predict_stride(layer, stride)) ** -0.5
        normal = keras.initializers.RandomNormal(stddev=sigma, seed=first_seed)
        rng = np.random.default_rng(first_seed)
        x = rng.choice(np.array([-1, 1], "float32"), (8, side, side, CHANNELS))
        z = np.array(make(seeds, window, kernel_initializer=normal, **same)(x), dtype=float)
        square = (z**2).mean(axis=(0, 3))
        rows += [
            {"case": case, "row": r, "column": c, "summed": summed[r, c], "square": square[r, c]}
            for r, c in np.ndindex(SIDE, SIDE)
        ]
    return pd.DataFrame(rows)


def predict_stride(layer, stride):
    """Return by what the window is divided: a transposed one skips what lies between strides."""
    return stride**2 if layer == "Conv2DTranspose" else 1


def one_way(window, stride, side):
    """Return how many inputs each of 8 outputs sums along one axis, counted one by one.

    An output sums the inputs whose window covers it; Keras cuts half of what is too much off
    the beginning.
    """
    if stride == 1:
        return [sum(abs(i - j) <= window // 2 for j in range(side)) for i in range(SIDE)]
    cut = (window - stride) // 2
    return [sum(0 <= i + cut - stride * j < window for j in range(side)) for i in range(SIDE)]


def predict(case):
    """Return (summed, square), both (8, 8), without any layer."""
    import numpy as np

    _, layer, window, stride, side = CASES[case]
    along = np.array(one_way(window, stride, side))
    summed = np.outer(along, along)
    return summed, summed * predict_stride(layer, stride) / window**2


def draw(data):
    """Draw the mean square of each pixel as a shade, with the number of its inputs in it."""
    from lab import figures

    figure, axes = figures.subplots(1, len(CASES), size=(7.2, 2.7))
    shades = figures.ramp("#0072b2")
    for ax, (case, part) in zip(axes[0], data.groupby("case", sort=False), strict=True):
        square = part.pivot(index="row", columns="column", values="square").to_numpy()
        summed = part.pivot(index="row", columns="column", values="summed").to_numpy()
        texts = [[f"{count:.0f}" for count in row] for row in summed]
        figures.heat_map(ax, square / data["square"].max(), texts, [""] * SIDE, shades)
        ax.set_yticks([])
        ax.set_aspect("equal")
        ax.set_title(CASES[case][0])
    ends = summary(data)
    return figures.describe(
        figure,
        "Cuántas entradas suma cada píxel de 8 × 8 (el número) y cuánto mide el cuadrado de lo "
        "que sale (el tono). "
        + "; ".join(
            f"{CASES[case][0]}, de {ends[case + '_fewest']} a {ends[case + '_most']} entradas, y "
            f"el cuadrado de {ends[case + '_lowest']:.2f} a {ends[case + '_highest']:.2f}"
            for case in CASES
        )
        + ".",
    )


def summary(data):
    """Return the extremes of each case, and how far the squares are from what is counted."""
    import numpy as np

    numbers = {}
    for case, part in data.groupby("case", sort=False):
        _, expected = predict(case)
        square = part.pivot(index="row", columns="column", values="square").to_numpy()
        numbers |= {
            f"{case}_fewest": int(part.summed.min()),
            f"{case}_most": int(part.summed.max()),
            f"{case}_lowest": part["square"].min(),
            f"{case}_highest": part["square"].max(),
            f"{case}_mean": part["square"].mean(),
            f"{case}_off": float(np.abs(square / expected - 1).max()),
        }
    return numbers


def table(data):
    """Return the extremes of each case, for the terminal."""
    import pandas as pd

    ends = summary(data)
    return pd.DataFrame(
        {
            "capa": title,
            "entradas por canal": f"de {ends[case + '_fewest']} a {ends[case + '_most']}",
            "cuadrado": f"de {ends[case + '_lowest']:.2f} a {ends[case + '_highest']:.2f}",
            "media": f"{ends[case + '_mean']:.2f}",
            "lejos de la cuenta": f"{ends[case + '_off']:.1%}",
        }
        for case, (title, *_) in CASES.items()
    )


OPTIONS = {"seeds": cli.Option("--seeds", cli.whole(1), "filtros que se promedian", "N")}

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Cuenta las entradas de cada píxel y mide el damero de una convolución transpuesta.",
            measure,
            draw,
            table,
            options=OPTIONS,
        )
    )

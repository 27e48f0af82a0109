"""What a layer sums, counted by ones, by formula and by the diagnosis; what Keras draws."""

import csv
import math

import keras
import numpy as np
import pytest
from conftest import ROOT

from latido.initializers import kernels_of
from layers import inputs_summed
from layers.inputs_summed import KINDS

ALL = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def sizes():
    return inputs_summed.measure()


@ALL
def test_a_layer_of_ones_counts_what_the_formula_says(sizes, kind):
    (summed,) = set(sizes[sizes.kind == kind].summed)
    assert summed == math.prod(kernel.summed for kernel in KINDS[kind].kernels)


@ALL
def test_keras_takes_for_fans_what_the_table_says(kind):
    # One seed: the two draw the same normal numbers, and differ by the deviation alone.
    known = KINDS[kind]
    for place, fan in enumerate(("fan_in", "fan_out")):
        drawn = []
        for initializer in (
            keras.initializers.VarianceScaling(1.0, fan, "untruncated_normal", seed=3),
            keras.initializers.RandomNormal(0.0, 1.0, seed=3),
        ):
            chosen = {kernel.argument: initializer for kernel in known.kernels}
            layer = getattr(keras.layers, known.layer)(**known.arguments, **chosen)
            layer.build(*[(None, *known.inputs)] * (2 if kind == "attention" else 1))
            drawn.append([w.numpy() for w in layer.weights if w.name != "bias"])
        found = [
            round(float(np.median((one / scaled) ** 2))) for scaled, one in zip(*drawn, strict=True)
        ]
        if kind == "recurrent":
            del found[1]  # of the state
        if kind == "attention":
            found = found[2:]  # the values' and the output's
        assert found == [kernel.fans[place] for kernel in known.kernels]


@ALL
def test_what_comes_out_is_what_theory_says(sizes, kind):
    for start, part in sizes[sizes.kind == kind].groupby("start"):
        # separable: 5 × 288 weights, each of whose squares weighs alike: √(2/1440) = 4 %
        expected = inputs_summed.predict(kind, start)
        assert part["square"].mean() == pytest.approx(expected, rel=0.12)


@ALL
def test_the_line_to_type_keeps_the_signal(kind):
    names = vars(keras.layers) | {"VarianceScaling": keras.initializers.VarianceScaling}
    line = inputs_summed.typed(kind)
    if KINDS[kind].relu:
        line = line[:-1] + ', activation="relu")'
    rng = np.random.default_rng(1)
    squares = []
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        layer = eval(line, dict(names))
        if KINDS[kind].tokens:
            x, size = rng.integers(1000, size=(4, 64)), 1.0
        else:
            x, size = rng.standard_normal((4, *KINDS[kind].inputs)).astype("float32"), 1.0
        y = np.array((layer(x, x) if kind == "attention" else layer(x)).numpy(), float)
        inside = y[:, 3:-3, 3:-3] if y.ndim == 4 else y
        squares.append(np.mean(inside**2) / size)
    assert np.mean(squares) == pytest.approx(1, rel=0.15)


@pytest.mark.parametrize(
    "kind", ["dense", "conv", "grouped", "depthwise", "separable", "transposed"]
)
def test_the_diagnosis_counts_the_same(kind):
    counts = [kernel.summed for kernel in kernels_of(inputs_summed.build(kind, "ones"))]
    assert counts == [kernel.summed for kernel in KINDS[kind].kernels]


@pytest.mark.parametrize("kind", ["conv", "grouped", "depthwise", "transposed"])
def test_the_table_of_the_libraries_says_the_same(kind):
    with (ROOT / "findings" / "libraries" / "measured.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["script"] == "keras-3.15"]
    stated = {(row["layer"], row["role"]): row["stated"] for row in rows}
    (kernel,) = KINDS[kind].kernels
    if kind == "depthwise":
        kernel = inputs_summed.depthwise(32, 2.0)
    for start in ("default", "he"):
        drawn = kernel.summed * inputs_summed.variance(kernel, start)
        assert drawn == pytest.approx(float(stated[kind, start]), rel=1e-3)


def test_the_figure_tells_its_numbers(sizes):
    figure = inputs_summed.draw(sizes)
    assert "por canal" in figure.get_label() and len(inputs_summed.table(sizes)) == len(KINDS)

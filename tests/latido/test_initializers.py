"""The initializer that is advised, typed as it stands into that very layer, gives what it says."""

import keras
import numpy as np
import pytest

from latido.initializers import kernels_of, lines_for

L = keras.layers
RNG = np.random.default_rng(0)


def einsum(equation, shape):
    return lambda **how: L.EinsumDense(equation, shape, **how)


#: Layer → (how it is made, its input). Wide enough in space that edges weigh little: an edge
#: sums fewer products, in "same" a share of 2/size in each direction for a window of three.
LAYERS = {
    "Dense": (lambda **how: L.Dense(64, **how), (48,)),
    "Dense, wider": (lambda **how: L.Dense(200, **how), (32,)),
    "Conv1D": (lambda **how: L.Conv1D(32, 5, **how), (60, 12)),
    "Conv2D": (lambda **how: L.Conv2D(32, 3, **how), (20, 20, 8)),
    "Conv2D, strides": (lambda **how: L.Conv2D(32, 3, 2, **how), (20, 20, 8)),
    "Conv3D": (lambda **how: L.Conv3D(16, 3, **how), (8, 8, 8, 4)),
    "grouped": (lambda **how: L.Conv2D(64, 3, groups=16, **how), (16, 16, 64)),
    "DepthwiseConv1D": (lambda **how: L.DepthwiseConv1D(5, **how), (40, 64)),
    "DepthwiseConv2D": (lambda **how: L.DepthwiseConv2D(3, **how), (14, 14, 64)),
    "depthwise, multiplier": (
        lambda **how: L.DepthwiseConv2D(3, depth_multiplier=3, **how),
        (14, 14, 64),
    ),
    "SeparableConv1D": (lambda **how: L.SeparableConv1D(64, 5, **how), (40, 256)),
    "SeparableConv2D": (lambda **how: L.SeparableConv2D(64, 3, **how), (14, 14, 64)),
    "separable, multiplier": (
        lambda **how: L.SeparableConv2D(64, 3, depth_multiplier=2, **how),
        (14, 14, 32),
    ),
    "Conv1DTranspose": (lambda **how: L.Conv1DTranspose(32, 4, strides=2, **how), (60, 16)),
    "Conv2DTranspose": (lambda **how: L.Conv2DTranspose(24, 4, strides=2, **how), (20, 20, 16)),
    "transposed, window of 3": (
        lambda **how: L.Conv2DTranspose(24, 3, strides=2, **how),
        (20, 20, 16),
    ),
    "transposed, no strides": (lambda **how: L.Conv2DTranspose(24, 3, **how), (40, 40, 8)),
    "transposed, apart": (
        lambda **how: L.Conv2DTranspose(24, 2, strides=3, **how),
        (20, 20, 16),
    ),
    "Conv3DTranspose": (
        lambda **how: L.Conv3DTranspose(8, 2, strides=2, **how),
        (6, 6, 6, 8),
    ),
    "EinsumDense": (einsum("btd,de->bte", (None, 48)), (9, 32)),
    "einsum into heads": (einsum("btd,dnh->btnh", (None, 8, 12)), (9, 48)),
    "einsum out of heads": (einsum("btnh,nhd->btd", (None, 40)), (9, 8, 12)),
    "LSTM": (lambda **how: L.LSTM(48, **how), (9, 32)),
    "GRU": (lambda **how: L.GRU(48, **how), (9, 32)),
    "SimpleRNN": (lambda **how: L.SimpleRNN(48, **how), (9, 32)),
}
NEEDED = {"relu": (2.0, "he_normal"), "tanh": (1.0, "glorot_uniform")}


def gain(layer, x) -> float:
    """Mean square out, by mean square in. A recurrent layer is asked for its first product."""
    if isinstance(layer, L.RNN):
        z = x @ layer.cell.kernel.numpy()
    else:
        z = keras.ops.convert_to_numpy(layer(x))
    if "Transpose" in type(layer).__name__:  # at the edges fewer windows meet
        cut = tuple(slice(4, n - 4) for n in z.shape[1:-1]) if min(z.shape[1:-1]) > 12 else ()
        z = z[(slice(None), *cut)]
    return float(np.square(z).mean() / np.square(x).mean())


def weights_of(layer):
    names = ("depthwise_kernel", "pointwise_kernel", "kernel")
    return [getattr(layer, name) for name in names if hasattr(layer, name)][:2]


@pytest.mark.parametrize("activation", NEEDED)
@pytest.mark.parametrize("name", LAYERS)
def test_each_initializer_gives_the_gain_that_it_promises(name, activation):
    make, shape = LAYERS[name]
    needed, usual = NEEDED[activation]
    sick = make()
    x = RNG.normal(size=(16, *shape)).astype("float32")
    sick.build((None, *shape))
    of = sick.cell if isinstance(sick, L.RNN) else sick
    line = lines_for(kernels_of(of), needed, usual)
    keras.utils.set_random_seed(1)
    healed = eval(f"make({line})", {"make": make, "keras": keras})
    healed.build((None, *shape))
    of = healed.cell if isinstance(healed, L.RNN) else healed
    drawn = [np.var(weights) for weights in weights_of(of)]
    promised = np.prod([k.summed * v for k, v in zip(kernels_of(of), drawn, strict=True)])
    if usual == "glorot_uniform" and usual in line:  # it keeps the middle of both ways
        fan_in, fan_out = kernels_of(of)[-1].fans
        needed = 2 * fan_in / (fan_in + fan_out)
        assert 0.75 <= needed <= 1.34
    # A few thousand weights: their own variance is a sample, by a few hundredths off; a depthwise
    # window of 9 or 5 weights for each channel, by a tenth.
    assert promised == pytest.approx(needed, rel=0.15), line
    measured = gain(healed, x)
    assert measured == pytest.approx(needed, rel=0.2), line


def test_what_is_usual_is_called_by_its_name():
    def line(make, shape):
        layer = make()
        layer.build((None, *shape))
        return lines_for(kernels_of(layer), 2.0, "he_normal")

    he = 'keras.initializers.VarianceScaling(2.0, mode="fan_out")'
    assert line(*LAYERS["Dense"]) == 'kernel_initializer="he_normal"'
    assert line(*LAYERS["grouped"]) == 'kernel_initializer="he_normal"'
    assert line(*LAYERS["DepthwiseConv2D"]) == f"depthwise_initializer={he}"
    assert 'pointwise_initializer="he_normal"' in line(*LAYERS["SeparableConv2D"])
    assert '(8.0, mode="fan_out")' in line(*LAYERS["Conv2DTranspose"])


def test_the_kernels_of_attention_are_named_by_what_they_sum():
    attention = L.MultiHeadAttention(4, 8)
    attention.build((None, 5, 32), (None, 5, 32))
    summed = [
        kernels_of(part)[0].summed for part in (attention.query_dense, attention.output_dense)
    ]
    assert summed == [32, 32]
    assert kernels_of(attention.query_dense)[0].fans == (32, 32)

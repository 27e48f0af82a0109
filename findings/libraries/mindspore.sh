#!/usr/bin/env bash
# What MindSpore 2.10.0 draws.
#
# Measured 2026-11-30 with mindspore 2.10.0, Python 3.11, Linux x86_64.
#
# Guess: normal, of deviation 0.01 or 0.02, as its older documentation says.
# Seen: PyTorch's U(±1/√n), mistakes in the transposed one and all, without a bias in convolutions.
# Of the older rule an embedding is left, normal of deviation 0.01, where PyTorch has 1.
# A GRU, guessed and seen: as the LSTM, 1/3 and 1/3, biases too.
source "$(dirname "$0")/room.sh"
numpy=numpy==1.26.4
python_packages mindspore==2.10.0 setuptools==80.9.0

"$python" - <<'PYTHON'
import measure
import mindspore
from mindspore import Tensor, nn

library = measure.Library("MindSpore", mindspore.__version__, "from mindspore import nn")
n, c = measure.N, measure.C
mindspore.set_seed(0)


def of(layer):
    bias = layer.bias.asnumpy() if layer.has_bias else None
    return layer.weight.asnumpy(), bias, lambda x: layer(Tensor(x)).asnumpy()


he = ', weight_init="he_normal"'
zero = ', bias_init="zeros"'
code = "layer = nn.Dense(n, m"
glorot = ', weight_init="xavier_uniform"'
library.layer("dense", "default", f"{code})", of, (n,), 1 / 3, "uniform")
library.layer("dense", "he", f"{code}{he})", of, (n,), 2, "normal")
library.layer("dense", "relu", f"{code}{he}{zero})", of, (n,), 2, "normal")
library.layer("dense", "tanh", f"{code}{glorot}{zero})", of, (n,), 1, "uniform")
for layer, code, share in (
    ("conv", "layer = nn.Conv2d(c, c, 3", 1),
    ("grouped", "layer = nn.Conv2d(c, c, 3, group=8", 1),
    ("depthwise", "layer = nn.Conv2d(c, c, 3, group=c", 1),
    # (c, c/2, 4, 4): 16 c/2 are counted, 4 c summed.
    ("transposed", "layer = nn.Conv2dTranspose(c, c // 2, 4, stride=2", 4 / 8),
):
    library.layer(layer, "default", f"{code})", of, (c, 5, 5), share / 3, "uniform")
    library.layer(layer, "he", f"{code}{he})", of, (c, 5, 5), 2 * share, "normal")


def cell(layer):
    def step(x, h, c):
        return layer(Tensor(x), (Tensor(h), Tensor(c)))[1].asnumpy()

    return layer.weight_ih.asnumpy(), layer.weight_hh.asnumpy(), step


code = "layer = nn.LSTMCell(n, n)"
library.lstm("default", code, cell, (1 / 3, 1 / 3), ("uniform", "uniform"), 0.5)


def gru_cell(layer):
    step = lambda x, h: layer(Tensor(x), Tensor(h)).asnumpy()  # noqa: E731
    parts = (layer.weight_ih, layer.weight_hh, layer.bias_ih, layer.bias_hh)
    kernel, recurrent, *biases = (part.asnumpy() for part in parts)
    return kernel, recurrent, biases, step


code = "layer = nn.GRUCell(n, n)"
library.gru("default", code, gru_cell, (1 / 3, 1 / 3), ("uniform", "uniform"))


def table(layer):
    run = lambda words: layer(Tensor(words.astype("int32"))).asnumpy()  # noqa: E731
    return layer.embedding_table.asnumpy(), run


library.embedding("default", "layer = nn.Embedding(v, d)", table, 0.01**2, "normal")
slope = -float(nn.LeakyReLU()(Tensor([-1.0])).asnumpy()[0])
library.slope("layer = nn.LeakyReLU()", slope, 0.2)
library.done()
PYTHON

#!/usr/bin/env bash
# What MXNet 1.9.1 draws in Gluon.
#
# Measured 2026-11-30 with mxnet 1.9.1 on NumPy 1.23.5, its last, Python 3.11, Linux x86_64.
#
# Guess: Xavier; it is what its examples ask for.
# Seen: U(±0.07) in every layer, embeddings too, whatever its size: 0.42 at 256 inputs, 1.67 at
# 1024. Its He is called MSRAPrelu: the slope is 0.25 and the fans are averaged, unless one says.
# A GRU, guessed and seen: U(±0.07) like the rest.
source "$(dirname "$0")/room.sh"
numpy=numpy==1.23.5
python_packages mxnet==1.9.1

"$python" - <<'PYTHON'
import measure
import mxnet as mx
import numpy as np
from mxnet import nd

imports = "from mxnet import init; from mxnet.gluon import nn, rnn"
library = measure.Library("MXNet (Gluon)", mx.__version__, imports)
n, c, d = measure.N, measure.C, measure.D
mx.random.seed(0)


def of(*shape):
    def parts(layer):
        run = lambda x: layer(nd.array(x)).asnumpy()  # noqa: E731
        run(np.zeros((1, *shape)))  # the layer counts its inputs when it sees some
        return layer.weight.data().asnumpy(), layer.bias.data().asnumpy(), run

    return parts


def row(layer, role, code, shape, stated, distribution, drawn_by=""):
    code = f"layer = {code}; layer.initialize({drawn_by})"
    library.layer(layer, role, code, of(*shape), shape, stated, distribution)


default = 0.07**2 / 3
row("dense", "default", "nn.Dense(m)", (n,), n * default, "uniform")
row("dense", "he", "nn.Dense(m)", (n,), 2 / (1 + 0.25**2), "normal", "init.MSRAPrelu()")
row("dense", "relu", "nn.Dense(m)", (n,), 2, "normal", 'init.MSRAPrelu("in", slope=0)')
row("dense", "tanh", "nn.Dense(m)", (n,), 1, "uniform", "init.Xavier()")
he = 'init.MSRAPrelu("in", slope=0)'
for layer, code, fan_in, stated in (
    ("conv", "nn.Conv2D(c, 3)", 9 * c, 2),
    ("grouped", "nn.Conv2D(c, 3, groups=8)", 9 * c / 8, 2),
    ("depthwise", "nn.Conv2D(c, 3, groups=c)", 9, 2),
    # (c, c/2, 4, 4): 16 c/2 are counted, 4 c summed.
    ("transposed", "nn.Conv2DTranspose(c // 2, 4, strides=2)", 4 * c, 1),
):
    row(layer, "default", code, (c, 5, 5), fan_in * default, "uniform")
    row(layer, "he", code, (c, 5, 5), stated, "normal", he)


def cell(layer):
    def step(x, h, c):
        return layer(nd.array(x), [nd.array(h), nd.array(c)])[1][1].asnumpy()

    step(*np.zeros((3, 1, n)))
    return layer.i2h_weight.data().asnumpy(), layer.h2h_weight.data().asnumpy(), step


stated = (n * default, n * default)
code = "layer = rnn.LSTMCell(n); layer.initialize()"
library.lstm("default", code, cell, stated, ("uniform", "uniform"), 0.5)


def gru_cell(layer):
    step = lambda x, h: layer(nd.array(x), [nd.array(h)])[0].asnumpy()  # noqa: E731
    step(*np.zeros((2, 1, n)))
    parts = (layer.i2h_weight, layer.h2h_weight, layer.i2h_bias, layer.h2h_bias)
    kernel, recurrent, *biases = (part.data().asnumpy() for part in parts)
    return kernel, recurrent, biases, step


code = "layer = rnn.GRUCell(n); layer.initialize()"
library.gru("default", code, gru_cell, stated, ("uniform", "uniform"))
table = lambda layer: (layer.weight.data().asnumpy(), lambda i: layer(nd.array(i)).asnumpy())  # noqa: E731
code = "layer = nn.Embedding(v, d); layer.initialize()"
library.embedding("default", code, table, default, "uniform")
slope = -nd.LeakyReLU(nd.array([-1])).asscalar()
library.slope('layer = nd.LeakyReLU', slope, 0.25)
library.done()
PYTHON

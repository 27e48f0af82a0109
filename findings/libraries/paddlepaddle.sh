#!/usr/bin/env bash
# What PaddlePaddle 3.3.1 draws.
#
# Measured 2026-11-30 with paddlepaddle 3.3.1, Python 3.11, Linux x86_64.
#
# Guess: Glorot's 1 by default (its documentation says Xavier), He's 2 from KaimingNormal.
# Seen: Glorot's in Linear; convolutions have a rule of their own, normal with 2 over the kernel's
# size. That is 2 where the size is what an output sums, and 2/c depthwise. An embedding has
# Glorot's of its whole table: the larger the vocabulary, the shorter its words.
# A GRU, guessed and seen: PyTorch's 1/3 and 1/3, as its LSTM.
source "$(dirname "$0")/room.sh"
python_packages paddlepaddle==3.3.1 setuptools==80.9.0

"$python" - <<'PYTHON'
import measure
import numpy as np
import paddle

imports = "from paddle import nn; from paddle.nn import initializer"
library = measure.Library("PaddlePaddle", paddle.__version__, imports)
n, c = measure.N, measure.C
paddle.seed(0)
paddle.set_grad_enabled(False)


def of(layer):
    return layer.weight, layer.bias, lambda x: layer(paddle.to_tensor(x)).numpy()


code = "layer = nn.Linear(n, m"
he = ", weight_attr=initializer.KaimingNormal())"
glorot = ", weight_attr=initializer.XavierUniform())"
library.layer("dense", "default", f"{code})", of, (n,), 1, "uniform")
library.layer("dense", "he", code + he, of, (n,), 2, "normal")
library.layer("dense", "relu", code + he, of, (n,), 2, "normal")
library.layer("dense", "tanh", code + glorot, of, (n,), 1, "uniform")
image = (c, 5, 5)
for layer, code, default, share, shape in (
    ("conv", "layer = nn.Conv2D(c, c, 3", 2, 2, "normal"),
    ("grouped", "layer = nn.Conv2D(c, c, 3, groups=8", 2 / 8, 2, "normal"),
    ("depthwise", "layer = nn.Conv2D(c, c, 3, groups=c", 2 / c, 2, "normal"),
    ("transposed", "layer = nn.Conv2DTranspose(c, c // 2, 4, stride=2", 1 / 3, 1, "uniform"),
):
    library.layer(layer, "default", f"{code})", of, image, default, shape)
    library.layer(layer, "he", code + he, of, image, share, "normal")


def cell(layer):
    def step(x, h, c):
        states = paddle.to_tensor(h), paddle.to_tensor(c)
        return layer(paddle.to_tensor(x), states)[1][1].numpy()

    return layer.weight_ih, layer.weight_hh, step


code = "layer = nn.LSTMCell(n, n)"
library.lstm("default", code, cell, (1 / 3, 1 / 3), ("uniform", "uniform"), 0.5)


def gru_cell(layer):
    step = lambda x, h: layer(paddle.to_tensor(x), paddle.to_tensor(h))[1].numpy()  # noqa: E731
    return layer.weight_ih, layer.weight_hh, (layer.bias_ih, layer.bias_hh), step


code = "layer = nn.GRUCell(n, n)"
library.gru("default", code, gru_cell, (1 / 3, 1 / 3), ("uniform", "uniform"))


def heads(layer):
    inside = [layer.q_proj.weight, layer.k_proj.weight, layer.v_proj.weight]
    run = lambda x: layer(paddle.to_tensor(x)).numpy()  # noqa: E731
    return np.stack([part.numpy() for part in inside]), layer.out_proj.weight, run


code = "layer = nn.MultiHeadAttention(d, h)"
library.attention("default", code, heads, (1, 1), ("uniform", "uniform"))
code = "layer = nn.Embedding(v, d)"
table = lambda layer: (layer.weight, lambda words: layer(paddle.to_tensor(words)).numpy())  # noqa: E731
library.embedding("default", code, table, 2 / (measure.V + measure.D), "uniform")
library.slope("layer = nn.LeakyReLU()", -paddle.nn.LeakyReLU()(paddle.to_tensor([-1.0])).item(), 0.01)
library.done()
PYTHON

#!/usr/bin/env bash
# What MLX 0.32.4 draws.
#
# Measured 2026-11-30 with mlx 0.32.4 on its CPU backend, Python 3.11, Linux x86_64.
#
# Guess: PyTorch's U(±1/√n), 1/3; he_normal 2.
# Seen: he_normal() draws 1, for its gain is an argument, and 1 by default: who asks for He's by
# its name gets LeCun's. Layers draw as PyTorch's, but transposed, where the stride alone is not
# counted, and embeddings, whose words have length 1.
# A GRU, guessed and seen: as the LSTM, 1/3 and 1/3, biases too.
source "$(dirname "$0")/room.sh"
python_packages mlx==0.32.4 mlx-cpu==0.32.4

"$python" - <<'PYTHON'
from importlib.metadata import version

import measure
import mlx.core as mx
import numpy as np
from mlx import nn

library = measure.Library("MLX", version("mlx"), "from mlx import nn")
n, c = measure.N, measure.C
mx.random.seed(0)


def of(layer):
    return layer.weight, layer.bias, lambda x: np.array(layer(mx.array(x)))


code = "layer = nn.Linear(n, m)"
he = "; layer.weight = nn.init.he_normal()(layer.weight)"
relu = "; layer.weight = nn.init.he_normal()(layer.weight, gain=2**0.5); layer.bias *= 0"
tanh = "; layer.weight = nn.init.glorot_uniform()(layer.weight); layer.bias *= 0"
library.layer("dense", "default", code, of, (n,), 1 / 3, "uniform")
library.layer("dense", "he", code + he, of, (n,), 1, "normal")
library.layer("dense", "relu", code + relu, of, (n,), 2, "normal")
library.layer("dense", "tanh", code + tanh, of, (n,), 1, "uniform")
image = (5, 5, c)
for layer, code, share, he_share in (
    ("conv", "layer = nn.Conv2d(c, c, 3)", 1, 1),
    ("grouped", "layer = nn.Conv2d(c, c, 3, groups=8)", 1, 1),
    ("depthwise", "layer = nn.Conv2d(c, c, 3, groups=c)", 1, 1),
    ("transposed", "layer = nn.ConvTranspose2d(c, c // 2, 4, stride=2)", 1 / 4, 1 / 4),
):
    library.layer(layer, "default", code, of, image, share / 3, "uniform")
    library.layer(layer, "he", code + he, of, image, he_share, "normal")


def cell(layer):
    def step(x, h, c):
        return np.array(layer(mx.array(x)[:, None], mx.array(h), mx.array(c))[1][:, 0])

    return layer.Wx, layer.Wh, step


code = "layer = nn.LSTM(n, n)"
library.lstm("default", code, cell, (1 / 3, 1 / 3), ("uniform", "uniform"), 0.5)


def gru_cell(layer):
    step = lambda x, h: np.array(layer(mx.array(x)[:, None], mx.array(h))[:, 0])  # noqa: E731
    return layer.Wx, layer.Wh, (layer.b, layer.bhn), step


code = "layer = nn.GRU(n, n)"
library.gru("default", code, gru_cell, (1 / 3, 1 / 3), ("uniform", "uniform"))


def heads(layer):
    inside = [layer.query_proj.weight, layer.key_proj.weight, layer.value_proj.weight]
    run = lambda x: np.array(layer(*3 * [mx.array(x)]))  # noqa: E731
    return np.stack([np.array(part) for part in inside]), layer.out_proj.weight, run


code = "layer = nn.MultiHeadAttention(d, h)"
library.attention("default", code, heads, (1 / 3, 1 / 3), ("uniform", "uniform"))
code = "layer = nn.Embedding(v, d)"
table = lambda layer: (layer.weight, lambda words: np.array(layer(mx.array(words))))  # noqa: E731
library.embedding("default", code, table, 1 / measure.D, "normal")
library.slope("layer = nn.LeakyReLU()", -nn.LeakyReLU()(mx.array(-1.0)).item(), 0.01)
library.done()
PYTHON

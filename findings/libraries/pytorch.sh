#!/usr/bin/env bash
# What PyTorch 2.13.0 draws.
#
# Measured 2026-11-30 with torch 2.13.0 (CPU), Python 3.11, Linux x86_64. PyPI's wheel for Linux
# brings CUDA along; PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu has a smaller one.
#
# Guess: reset_parameters calls kaiming_uniform_, so a layer has He's 2; bias 0.
# Seen: kaiming_uniform_ with a=√5 is U(±1/√n): 1/3 everywhere, a sixth of He's, and the bias is
# drawn, too. Depthwise and grouped the count is right. Transposed it is not: the axis of the
# outputs is taken for the inputs and the stride is not counted, in the default (1/6) and in
# kaiming_normal_ (1). Attention: Glorot's over (3 d, d), 1/2, into a layer of 1/3.
# A GRU, guessed and seen: as the LSTM, 1/3 and 1/3, and two biases drawn.
source "$(dirname "$0")/room.sh"
python_packages torch==2.13.0

"$python" - <<'PYTHON'
import measure
import torch
from torch import nn

library = measure.Library("PyTorch", torch.__version__.split("+")[0], "from torch import nn")
n, c = measure.N, measure.C
torch.manual_seed(0)
torch.set_grad_enabled(False)


def of(layer):
    return layer.weight, layer.bias, lambda x: layer(torch.as_tensor(x))


he = "; nn.init.kaiming_normal_(layer.weight)"
relu = '; nn.init.kaiming_normal_(layer.weight, nonlinearity="relu"); nn.init.zeros_(layer.bias)'
tanh = "; nn.init.xavier_uniform_(layer.weight); nn.init.zeros_(layer.bias)"
code = "layer = nn.Linear(n, m)"
library.layer("dense", "default", code, of, (n,), 1 / 3, "uniform")
library.layer("dense", "he", code + he, of, (n,), 2, "normal")
library.layer("dense", "relu", code + relu, of, (n,), 2, "normal")
library.layer("dense", "tanh", code + tanh, of, (n,), 1, "uniform")
image = (c, 5, 5)
for layer, code, share in (
    ("conv", "layer = nn.Conv2d(c, c, 3)", 1),
    ("grouped", "layer = nn.Conv2d(c, c, 3, groups=8)", 1),
    ("depthwise", "layer = nn.Conv2d(c, c, 3, groups=c)", 1),
    # (c, c/2, 4, 4): 16 c/2 are counted, 4 c summed.
    ("transposed", "layer = nn.ConvTranspose2d(c, c // 2, 4, stride=2)", 4 / 8),
):
    library.layer(layer, "default", code, of, image, share / 3, "uniform")
    library.layer(layer, "he", code + he, of, image, 2 * share, "normal")


def cell(layer):
    def step(x, h, c):
        return layer(torch.as_tensor(x), (torch.as_tensor(h), torch.as_tensor(c)))[1]

    return layer.weight_ih, layer.weight_hh, step


code = "layer = nn.LSTMCell(n, n)"
library.lstm("default", code, cell, (1 / 3, 1 / 3), ("uniform", "uniform"), 0.5)


def gru_cell(layer):
    step = lambda x, h: layer(torch.as_tensor(x), torch.as_tensor(h))  # noqa: E731
    return layer.weight_ih, layer.weight_hh, (layer.bias_ih, layer.bias_hh), step


code = "layer = nn.GRUCell(n, n)"
library.gru("default", code, gru_cell, (1 / 3, 1 / 3), ("uniform", "uniform"))


def heads(layer):
    def run(x):
        token = torch.as_tensor(x)
        return layer(token, token, token)[0]

    return layer.in_proj_weight, layer.out_proj.weight, run


code = "layer = nn.MultiheadAttention(d, h, batch_first=True)"
library.attention("default", code, heads, (1 / 2, 1 / 3), ("uniform", "uniform"))
code = "layer = nn.Embedding(v, d)"
table = lambda layer: (layer.weight, lambda words: layer(torch.as_tensor(words)))  # noqa: E731
library.embedding("default", code, table, 1, "normal")
library.slope("layer = nn.LeakyReLU()", -nn.LeakyReLU()(torch.tensor(-1.0)).item(), 0.01)
library.done()
PYTHON

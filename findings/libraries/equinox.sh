#!/usr/bin/env bash
# What Equinox 0.13.8 draws.
#
# Measured 2026-11-30 with equinox 0.13.8 on jax 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: PyTorch's U(±1/√n), 1/3, with PyTorch's counts.
# Seen: PyTorch's, but transposed, where it counts the inputs and not the stride: 1/12. Its weights have shape (outputs, inputs), and
# he_normal() of jax.nn.initializers takes the last axis but one for the inputs: without
# in_axis=1, out_axis=0 it draws He's of the outputs, which in a square layer nobody sees.
# A GRU, guessed and seen: as the LSTM, 1/3 and 1/3, biases too.
source "$(dirname "$0")/room.sh"
python_packages equinox==0.13.8 jax==0.10.2 jaxlib==0.10.2

"$python" - <<'PYTHON'
import equinox as eqx
import jax
import measure
import numpy as np

imports = "import equinox as eqx, jax; key = jax.random.key(0)"
library = measure.Library("Equinox", eqx.__version__, imports)
n, c = measure.N, measure.C
seeds = iter(range(10**6))
make = library.make
library.make = lambda code, **sizes: make(f"key = jax.random.key({next(seeds)}); {code}", **sizes)


def of(layer):
    return layer.weight, layer.bias, jax.vmap(layer)


def drawn_by(name):
    return (
        f"; draw = jax.nn.initializers.{name}(in_axis=1, out_axis=0)"
        "; new = draw(key, layer.weight.shape)"
        "; layer = eqx.tree_at(lambda old: old.weight, layer, new)"
    )


code = "layer = eqx.nn.Linear(n, m, key=key)"
he = drawn_by("he_normal")
library.layer("dense", "default", code, of, (n,), 1 / 3, "uniform")
library.layer("dense", "he", code + he, of, (n,), 2, "truncated")
library.layer("dense", "relu", code + he, of, (n,), 2, "truncated")
library.layer("dense", "tanh", code + drawn_by("glorot_uniform"), of, (n,), 1, "uniform")
image = (c, 5, 5)
for layer, code, share in (
    ("conv", "layer = eqx.nn.Conv2d(c, c, 3, key=key)", 1),
    ("grouped", "layer = eqx.nn.Conv2d(c, c, 3, groups=8, key=key)", 1),
    ("depthwise", "layer = eqx.nn.Conv2d(c, c, 3, groups=c, key=key)", 1),
    ("transposed", "layer = eqx.nn.ConvTranspose2d(c, c // 2, 4, stride=2, key=key)", 1 / 4),
):
    library.layer(layer, "default", code, of, image, share / 3, "uniform")
    library.layer(layer, "he", code + he, of, image, 2 * share, "truncated")


def cell(layer):
    return layer.weight_ih, layer.weight_hh, jax.vmap(lambda x, h, c: layer(x, (h, c))[1])


code = "layer = eqx.nn.LSTMCell(n, n, key=key)"
library.lstm("default", code, cell, (1 / 3, 1 / 3), ("uniform", "uniform"), 0.5)


def gru_cell(layer):
    return layer.weight_ih, layer.weight_hh, (layer.bias, layer.bias_n), jax.vmap(layer)


code = "layer = eqx.nn.GRUCell(n, n, key=key)"
library.gru("default", code, gru_cell, (1 / 3, 1 / 3), ("uniform", "uniform"))


def heads(layer):
    inside = [layer.query_proj.weight, layer.key_proj.weight, layer.value_proj.weight]
    run = jax.vmap(lambda x: layer(x, x, x))
    return np.stack(inside), layer.output_proj.weight, run


code = "layer = eqx.nn.MultiheadAttention(h, d, key=key)"
library.attention("default", code, heads, (1 / 3, 1 / 3), ("uniform", "uniform"))
code = "layer = eqx.nn.Embedding(v, d, key=key)"
table = lambda layer: (layer.weight, jax.vmap(layer))  # noqa: E731
library.embedding("default", code, table, 1, "normal")
library.done()
PYTHON

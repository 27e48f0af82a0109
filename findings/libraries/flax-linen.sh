#!/usr/bin/env bash
# What Flax 0.12.8 draws in its older interface, linen.
#
# Measured 2026-11-30 with flax 0.12.8 on jax 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: LeCun's 1 everywhere, he_normal 2; a forget gate with a bias of 1, as Keras has it.
# Seen: LeCun's 1, in grouped, depthwise and attention too, for a kernel holds what an output sums.
# Transposed not: the stride is not counted, 1/4 and 1/2. The forget gate begins half open.
# A GRU, guessed and seen: 1 and 1, for each gate has an orthogonal matrix of its own.
source "$(dirname "$0")/room.sh"
python_packages flax==0.12.8 jax==0.10.2 jaxlib==0.10.2

"$python" - <<'PYTHON'
from itertools import count

import flax
import jax
import jax.numpy as jnp
import measure
import numpy as np

imports = "from flax import linen as nn"
library = measure.Library("Flax linen", flax.__version__, imports)
n, c = measure.N, measure.C
seeds = count()


def init(layer, *inputs):
    return layer.init(jax.random.key(next(seeds)), *inputs)


def of(shape):
    def parts(layer):
        variables = init(layer, jnp.zeros((1, *shape)))
        params = variables["params"]
        return params["kernel"], params["bias"], lambda x: layer.apply(variables, x)

    return parts


dense = (of((n,)), (n,))
he = "kernel_init=nn.initializers.he_normal()"
glorot = "kernel_init=nn.initializers.glorot_uniform()"
library.layer("dense", "default", "layer = nn.Dense(m)", *dense, 1, "truncated")
library.layer("dense", "he", f"layer = nn.Dense(m, {he})", *dense, 2, "truncated")
library.layer("dense", "relu", f"layer = nn.Dense(m, {he})", *dense, 2, "truncated")
library.layer("dense", "tanh", f"layer = nn.Dense(m, {glorot})", *dense, 1, "uniform")
image = (5, 5, c)
conv = (of(image), image)
for layer, code, share in (
    ("conv", "layer = nn.Conv(c, (3, 3)", 1),
    ("grouped", "layer = nn.Conv(c, (3, 3), feature_group_count=8", 1),
    ("depthwise", "layer = nn.Conv(c, (3, 3), feature_group_count=c", 1),
    ("transposed", "layer = nn.ConvTranspose(c // 2, (4, 4), strides=(2, 2)", 1 / 4),
):
    library.layer(layer, "default", f"{code})", *conv, share, "truncated")
    library.layer(layer, "he", f"{code}, {he})", *conv, 2 * share, "truncated")


def cell(layer):
    zero = jnp.zeros((1, n))
    variables = init(layer, (zero, zero), zero)
    params = variables["params"]
    kernels = (np.concatenate([params[k + g]["kernel"] for g in "ifgo"], 1) for k in "ih")
    return *kernels, lambda x, h, c: layer.apply(variables, (c, h), x)[0][0]


# Each gate has a square orthogonal matrix of its own; four of them, side by side, are one, too.
code = "layer = nn.LSTMCell(n)"
library.lstm("default", code, cell, (1, 1), ("truncated", "orthogonal"), 0.5)


def gru_cell(layer):
    zero = jnp.zeros((1, n))
    variables = init(layer, zero, zero)
    params = variables["params"]
    kernels = (np.concatenate([params[k + g]["kernel"] for g in "rzn"], 1) for k in "ih")
    biases = np.concatenate([params[f"i{g}"]["bias"] for g in "rzn"]), params["hn"]["bias"]
    return *kernels, biases, lambda x, h: layer.apply(variables, h, x)[0]


code = "layer = nn.GRUCell(n)"
library.gru("default", code, gru_cell, (1, 1), ("truncated", "orthogonal"))


def heads(layer):
    variables = init(layer, jnp.zeros((1, 1, measure.D)))
    params = variables["params"]
    inside = np.stack([params[name]["kernel"] for name in ("query", "key", "value")])
    return inside, params["out"]["kernel"], lambda x: layer.apply(variables, x)


code = "layer = nn.MultiHeadDotProductAttention(h)"
library.attention("default", code, heads, (1, 1), ("truncated", "truncated"))


def table(layer):
    variables = init(layer, jnp.zeros(1, int))
    return variables["params"]["embedding"], lambda words: layer.apply(variables, words)


# Of variance 1/d: a row has length 1.
library.embedding("default", "layer = nn.Embed(v, d)", table, 1 / measure.D, "normal")
library.slope("layer = nn.leaky_relu", -flax.linen.leaky_relu(-1.0).item(), 0.01)
library.done()
PYTHON

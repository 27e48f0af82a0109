#!/usr/bin/env bash
# What Flax 0.12.8 draws in its newer interface, nnx.
#
# Measured 2026-11-30 with flax 0.12.8 on jax 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: as linen does, but for the GRU: one layer makes all three gates' kernels, so that they
# share one orthogonal matrix, 1/3.
# Seen: so it is. The LSTM has four matrices, as linen's has, and 1.
source "$(dirname "$0")/room.sh"
python_packages flax==0.12.8 jax==0.10.2 jaxlib==0.10.2

"$python" - <<'PYTHON'
import flax
import jax
import measure
import numpy as np
from flax import nnx

imports = "from flax import nnx; rngs = nnx.Rngs(0)"
library = measure.Library("Flax nnx", flax.__version__, imports)
n, c = measure.N, measure.C

# Each draw is to be another one.
seeds = iter(range(10**6))
make = library.make
library.make = lambda code, **sizes: make(f"rngs = nnx.Rngs({next(seeds)}); {code}", **sizes)


def of(layer):
    return layer.kernel[...], layer.bias[...], layer


he = "kernel_init=nnx.initializers.he_normal()"
glorot = "kernel_init=nnx.initializers.glorot_uniform()"
code = "layer = nnx.Linear(n, m, rngs=rngs"
library.layer("dense", "default", f"{code})", of, (n,), 1, "truncated")
library.layer("dense", "he", f"{code}, {he})", of, (n,), 2, "truncated")
library.layer("dense", "relu", f"{code}, {he})", of, (n,), 2, "truncated")
library.layer("dense", "tanh", f"{code}, {glorot})", of, (n,), 1, "uniform")
image = (5, 5, c)
for layer, code, share in (
    ("conv", "layer = nnx.Conv(c, c, (3, 3), rngs=rngs", 1),
    ("grouped", "layer = nnx.Conv(c, c, (3, 3), feature_group_count=8, rngs=rngs", 1),
    ("depthwise", "layer = nnx.Conv(c, c, (3, 3), feature_group_count=c, rngs=rngs", 1),
    ("transposed", "layer = nnx.ConvTranspose(c, c // 2, (4, 4), strides=(2, 2), rngs=rngs", 1 / 4),
):
    library.layer(layer, "default", f"{code})", of, image, share, "truncated")
    library.layer(layer, "he", f"{code}, {he})", of, image, 2 * share, "truncated")


def cell(layer):
    kernels = []
    for k in "ih":
        gates = [getattr(layer, f"{k}{gate}_" if k + gate == "if" else k + gate).kernel[...] for gate in "ifgo"]
        kernels.append(np.concatenate(gates, 1))
    return *kernels, lambda x, h, c: layer((c, h), x)[0][0]


code = "layer = nnx.LSTMCell(n, n, rngs=rngs)"
library.lstm("default", code, cell, (1, 1), ("truncated", "orthogonal"), 0.5)


def gru_cell(layer):
    inputs, states = layer.dense_i, layer.dense_h
    biases = inputs.bias[...], None
    return inputs.kernel[...], states.kernel[...], biases, lambda x, h: layer(h, x)[0]


# One orthogonal matrix for three gates.
code = "layer = nnx.GRUCell(n, n, rngs=rngs)"
library.gru("default", code, gru_cell, (1, 1 / 3), ("truncated", "orthogonal"))


def heads(layer):
    inside = np.stack([part.kernel[...] for part in (layer.query, layer.key, layer.value)])
    return inside, layer.out.kernel[...], layer


code = "layer = nnx.MultiHeadAttention(h, d, decode=False, rngs=rngs)"
library.attention("default", code, heads, (1, 1), ("truncated", "truncated"))
code = "layer = nnx.Embed(v, d, rngs=rngs)"
table = lambda layer: (layer.embedding[...], layer)  # noqa: E731
library.embedding("default", code, table, 1 / measure.D, "normal")
library.slope("layer = nnx.leaky_relu", -nnx.leaky_relu(-1.0).item(), 0.01)
library.done()
PYTHON

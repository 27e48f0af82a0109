#!/usr/bin/env bash
# What JAX 0.10.2 itself draws: jax.nn.initializers, in the layers of its example library stax.
#
# Measured 2026-11-30 with jax 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: Glorot's 1 in stax, and he_normal's 2 where inputs are the last axis but one.
# Seen: so it is, truncated with the deviation made good. A transposed convolution has its axes
# right (window, in, out) and the stride is not counted: a quarter of what is due. Biases are not
# zero: normal, of deviation 0.01 in Dense and 10⁻⁶ in Conv, so small that no signal shows them.
source "$(dirname "$0")/room.sh"
python_packages jax==0.10.2 jaxlib==0.10.2

"$python" - <<'PYTHON'
from itertools import count

import jax
import measure

imports = "from jax.example_libraries import stax; from jax.nn import initializers"
library = measure.Library("JAX (stax)", jax.__version__, imports)
n, c = measure.N, measure.C
seeds = count()


def of(shape):
    def parts(layer):
        init, apply = layer
        _, (weights, bias) = init(jax.random.key(next(seeds)), (-1, *shape))
        return weights, bias, lambda x: apply((weights, bias), x)

    return parts


dense = (of((n,)), (n,))
he, glorot = "initializers.he_normal()", "initializers.glorot_uniform()"
library.layer("dense", "default", "layer = stax.Dense(m)", *dense, 1, "truncated")
library.layer("dense", "he", f"layer = stax.Dense(m, {he})", *dense, 2, "truncated")
library.layer("dense", "relu", f"layer = stax.Dense(m, {he})", *dense, 2, "truncated")
library.layer("dense", "tanh", f"layer = stax.Dense(m, {glorot})", *dense, 1, "uniform")
image = (5, 5, c)
conv = (of(image), image)
library.layer("conv", "default", "layer = stax.Conv(c, (3, 3))", *conv, 1, "truncated")
code = f"layer = stax.Conv(c, (3, 3), W_init={he})"
library.layer("conv", "he", code, *conv, 2, "truncated")
# (4, 4, c, c/2): Glorot's fans are 16 c and 8 c; an output sums 4 c.
code = "layer = stax.ConvTranspose(c // 2, (4, 4), (2, 2)"
library.layer("transposed", "default", f"{code})", *conv, 2 * 4 / 24, "truncated")
library.layer("transposed", "he", f"{code}, W_init={he})", *conv, 2 / 4, "truncated")
library.slope("layer = jax.nn.leaky_relu", -jax.nn.leaky_relu(-1.0).item(), 0.01)
library.done()
PYTHON

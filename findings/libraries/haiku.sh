#!/usr/bin/env bash
# What Haiku 0.0.17 draws.
#
# Measured 2026-11-30 with dm-haiku 0.0.17 on jax 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: LeCun's 1, as its documentation says (a truncated normal of deviation 1/√n).
# Seen: the deviation is 1/√n before truncation: 0.77, a loss of 12 % a layer. VarianceScaling, in
# the same module, makes it good. An LSTM's one matrix takes input and state together: half of
# that each, and a forget gate with 1 added, whatever its bias. Transposed, the layer's default
# and VarianceScaling count differently, both without the stride: 0.19 and 1.
# A GRU, guessed: VarianceScaling's 1, for input and state apart. Seen: so it is, 2.6 times what
# the LSTM beside it draws.
source "$(dirname "$0")/room.sh"
python_packages dm-haiku==0.0.17 jax==0.10.2 jaxlib==0.10.2

"$python" - <<'PYTHON'
from itertools import count

import haiku as hk
import jax
import jax.numpy as jnp
import measure
import numpy as np

library = measure.Library("Haiku", hk.__version__, "import haiku as hk")
n, c = measure.N, measure.C
seeds = count()
LEFT = 0.87962566**2  # what truncation at two deviations leaves of a variance


make = library.make


def remember(code, m=measure.M):
    """Return how to make the layer: outside of hk.transform it can not be made."""
    return lambda: make(code, m=m)


library.make = remember


def of(shape):
    def parts(layer):
        pure = hk.without_apply_rng(hk.transform(lambda x: layer()(x)))
        params = pure.init(jax.random.key(next(seeds)), jnp.zeros((1, *shape)))
        (values,) = params.values()
        return values["w"], values["b"], lambda x: pure.apply(params, x)

    return parts


dense = (of((n,)), (n,))
he, lecun = "hk.initializers.VarianceScaling(2.0)", "hk.initializers.VarianceScaling()"
library.layer("dense", "default", "layer = hk.Linear(m)", *dense, LEFT, "truncated")
library.layer("dense", "he", f"layer = hk.Linear(m, w_init={he})", *dense, 2, "truncated")
library.layer("dense", "relu", f"layer = hk.Linear(m, w_init={he})", *dense, 2, "truncated")
library.layer("dense", "tanh", f"layer = hk.Linear(m, w_init={lecun})", *dense, 1, "truncated")
image = (5, 5, c)
conv = (of(image), image)
# Transposed, the kernel has shape (4, 4, c/2, c): the layer itself counts 16 c inputs, and
# VarianceScaling the 16 c/2 that it finds in the last axis but one. An output sums 4 c.
for layer, code, default, he_share in (
    ("conv", "layer = hk.Conv2D(c, 3", LEFT, 2),
    ("grouped", "layer = hk.Conv2D(c, 3, feature_group_count=8", LEFT, 2),
    ("depthwise", "layer = hk.DepthwiseConv2D(1, 3", LEFT, 2),
    ("transposed", "layer = hk.Conv2DTranspose(c // 2, 4, stride=2", LEFT / 4, 1),
):
    library.layer(layer, "default", f"{code})", *conv, default, "truncated")
    library.layer(layer, "he", f"{code}, w_init={he})", *conv, he_share, "truncated")


def cell(layer):
    pure = hk.without_apply_rng(hk.transform(lambda x, h, c: layer()(x, hk.LSTMState(h, c))[1][1]))
    zero = jnp.zeros((1, n))
    params = pure.init(jax.random.key(next(seeds)), zero, zero, zero)
    (values,) = params.values()
    return values["w"][:n], values["w"][n:], lambda x, h, c: pure.apply(params, x, h, c)


names = ("truncated", "truncated")
library.lstm("default", "layer = hk.LSTM(n)", cell, (LEFT / 2, LEFT / 2), names, 1 / (1 + np.exp(-1)))


def gru_cell(layer):
    pure = hk.without_apply_rng(hk.transform(lambda x, h: layer()(x, h)[0]))
    zero = jnp.zeros((1, n))
    params = pure.init(jax.random.key(next(seeds)), zero, zero)
    (values,) = params.values()
    step = lambda x, h: pure.apply(params, x, h)  # noqa: E731
    return values["w_i"], values["w_h"], (values["b"], None), step


library.gru("default", "layer = hk.GRU(n)", gru_cell, (1, 1), names)


def table(layer):
    pure = hk.without_apply_rng(hk.transform(lambda words: layer()(words)))
    params = pure.init(jax.random.key(0), jnp.zeros(1, int))
    return params["embed"]["embeddings"], lambda words: pure.apply(params, words)


library.embedding("default", "layer = hk.Embed(v, d)", table, LEFT, "truncated")
library.done()
PYTHON

#!/usr/bin/env bash
# What Thinc 9.1.1, the layers of spaCy, draws.
#
# Measured 2026-11-30 with thinc 9.1.1, Python 3.11, Linux x86_64.
#
# Guess: an activation in the layer's name means that the layer draws what the activation needs:
# Relu and Mish He's, Linear Glorot's.
# Seen: Relu and Mish draw Glorot's 1; Gelu and Swish, in the same package, draw He's 2.
source "$(dirname "$0")/room.sh"
python_packages thinc==9.1.1

"$python" - <<'PYTHON'
import measure
import numpy as np
import thinc
from thinc.api import Gelu, Mish, Swish

imports = "from thinc.api import Linear, Relu; from thinc.initializers import he_normal_init"
library = measure.Library("Thinc", thinc.__version__, imports)
n, m = measure.N, measure.M
np.random.seed(0)


def linear(layer):
    layer.initialize()
    return layer.get_param("W"), layer.get_param("b"), layer.predict


def relu(layer):
    # Of what ReLU has cut off, −x gives the rest: relu(z) − relu(−z) = z.
    weights, bias, run = linear(layer)
    return weights, bias, lambda x: run(x) - run(-x)


he = "layer = Relu(m, n, init_W=he_normal_init)"
library.layer("dense", "default", "layer = Relu(m, n)", relu, (n,), 1, "uniform")
library.layer("dense", "he", he, relu, (n,), 2, "normal")
library.layer("dense", "relu", he, relu, (n,), 2, "normal")
library.layer("dense", "tanh", "layer = Linear(m, n)", linear, (n,), 1, "uniform")
for layer, stated in ((Mish, 1), (Gelu, 2), (Swish, 2)):
    weights, _, _ = linear(layer(m, n))
    library.near(f"σ_w² of {layer.__name__}", n * measure.square(weights), stated, 0.03)
library.done()
PYTHON

#!/usr/bin/env bash
# What Chainer 7.8.1 draws.
#
# Measured 2026-11-30 with chainer 7.8.1 on NumPy 1.23.5, Python 3.11, Linux x86_64.
#
# Guess: LeCun's 1, normal, and He's 2 from HeNormal, in all layers.
# Seen: so it is where a kernel's second axis holds what an output sums. Transposed, that axis holds
# the outputs, and the stride is not counted: 1/2 and 1. An embedding is normal, of deviation 1.
# A GRU and an LSTM, guessed and seen: LeCun's 1 for input and state; a forget gate open at σ(1).
source "$(dirname "$0")/room.sh"
numpy=numpy==1.23.5
export SETUPTOOLS_USE_DISTUTILS=stdlib # it asks NumPy's distutils, which wants Python's own
python_packages setuptools==65.0.0 wheel==0.48.0 six filelock typing_extensions protobuf==3.20.3
HOME=$home "${PYTHON:-python3}" -m pip --python "$python" install -qq --no-compile --no-deps \
  --no-build-isolation chainer==7.8.1 >&2

"$python" - <<'PYTHON'
import chainer
import measure
import numpy as np

imports = "from chainer import initializers; from chainer import links as L"
library = measure.Library("Chainer", chainer.__version__, imports)
n, c, d = measure.N, measure.C, measure.D
np.random.seed(0)


def of(layer):
    return layer.W.array, layer.b.array, lambda x: layer(np.asarray(x, "float32")).array


he = ", initialW=initializers.HeNormal())"
glorot = ", initialW=initializers.GlorotUniform())"
code = "layer = L.Linear(n, m"
library.layer("dense", "default", f"{code})", of, (n,), 1, "normal")
library.layer("dense", "he", code + he, of, (n,), 2, "normal")
library.layer("dense", "relu", code + he, of, (n,), 2, "normal")
library.layer("dense", "tanh", code + glorot, of, (n,), 1, "uniform")
for layer, code, share in (
    ("conv", "layer = L.Convolution2D(c, c, 3", 1),
    ("grouped", "layer = L.Convolution2D(c, c, 3, groups=8", 1),
    ("depthwise", "layer = L.DepthwiseConvolution2D(c, 1, 3", 1 / c),
    ("transposed", "layer = L.Deconvolution2D(c, c // 2, 4, stride=2", 1 / 2),
):
    library.layer(layer, "default", f"{code})", of, (c, 5, 5), share, "normal")
    library.layer(layer, "he", code + he, of, (c, 5, 5), 2 * share, "normal")


def cell(layer):
    variables = lambda *arrays: map(chainer.as_variable, arrays)  # noqa: E731
    step = lambda x, h, c: layer(*variables(c, h, x))[0].array  # noqa: E731
    return layer.upward.W.array, layer.lateral.W.array, step


def gru_cell(layer):
    inputs = layer.W_r, layer.W_z, layer.W
    states = layer.U_r, layer.U_z, layer.U
    kernels = (np.concatenate([part.W.array for part in parts]) for parts in (inputs, states))
    biases = (np.concatenate([part.b.array for part in parts]) for parts in (inputs, states))
    return *kernels, tuple(biases), lambda x, h: layer(h, x).array


names = ("normal", "normal")
code = "layer = L.StatelessLSTM(n, n)"
library.lstm("default", code, cell, (1, 1), names, 1 / (1 + np.exp(-1)))
library.gru("default", "layer = L.StatelessGRU(n, n)", gru_cell, (1, 1), names)
table = lambda layer: (layer.W.array, lambda i: layer(i.astype("int32")).array)  # noqa: E731
library.embedding("default", "layer = L.EmbedID(v, d)", table, 1, "normal")
slope = -chainer.functions.leaky_relu(np.array([-1], "float32")).array.item()
library.slope("layer = chainer.functions.leaky_relu", slope, 0.2)
library.done()
PYTHON

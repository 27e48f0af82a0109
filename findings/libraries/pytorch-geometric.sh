#!/usr/bin/env bash
# What PyTorch Geometric 2.8.1 draws.
#
# Measured 2026-11-30 with torch-geometric 2.8.1 on torch 2.13.0 (CPU), Python 3.11, Linux x86_64.
#
# Guess: its own Linear is Glorot's, as in the papers on graphs.
# Seen: its Linear is PyTorch's 1/3, and a convolution of a graph hands it what it likes: GCNConv
# Glorot's. Its "kaiming_uniform" is PyTorch's default again, 1/3 and not 2: the slope √5 is in it.
source "$(dirname "$0")/room.sh"
python_packages torch-geometric==2.8.1 torch==2.13.0

"$python" - <<'PYTHON'
import measure
import torch
import torch_geometric

imports = "import torch; from torch_geometric import nn"
library = measure.Library("PyTorch Geometric", torch_geometric.__version__, imports)
n = measure.N
torch.manual_seed(0)
torch.set_grad_enabled(False)


def of(layer):
    return layer.weight, layer.bias, lambda x: layer(torch.as_tensor(x))


code = "layer = nn.Linear(n, m)"
he = 'layer = nn.Linear(n, m, weight_initializer="kaiming_uniform", bias_initializer="zeros")'
glorot = he.replace("kaiming_uniform", "glorot")
library.layer("dense", "default", code, of, (n,), 1 / 3, "uniform")
library.layer("dense", "he", he, of, (n,), 2 / 6, "uniform")
relu = "layer = nn.Linear(n, m); torch.nn.init.kaiming_normal_(layer.weight); layer.bias.data.zero_()"
library.layer("dense", "relu", relu, of, (n,), 2, "normal")
library.layer("dense", "tanh", glorot, of, (n,), 1, "uniform")


def lonely(linear):
    """Return the parts of a convolution in a graph without edges, where a node has itself alone."""
    def parts(layer):
        edges = torch.empty((2, 0), dtype=torch.long)
        return linear(layer).weight, layer.bias, lambda x: layer(torch.as_tensor(x), edges)
    return parts


library.layer("graph", "default", "layer = nn.GCNConv(n, m)", lonely(lambda l: l.lin), (n,), 1, "uniform")
library.done()
PYTHON

#!/usr/bin/env bash
# What tinygrad 0.14.0 draws.
#
# Measured 2026-11-30 with tinygrad 0.14.0, Python 3.11, Linux x86_64.
#
# Guess: PyTorch's U(±1/√n), 1/3.
# Seen: so in Linear and in a plain Conv2d. With groups it still counts all channels: a grouped
# convolution has 1/24 for 8 groups, a depthwise one 1/(3 c), where PyTorch has 1/3. An embedding
# has Glorot's of its whole table.
source "$(dirname "$0")/room.sh"
python_packages tinygrad==0.14.0
# It writes its kernels itself, if told so, and hands clang a few helpers; gcc does for those.
if [ "$(uname -m)" = x86_64 ] && ! command -v clang >/dev/null; then
  export DEV=CPU:X86 CC="$folder/cc"
  cat > "$CC" <<'SH'
#!/usr/bin/env bash
set -e
object=$(mktemp)
given=()
for word; do case $word in --target=* | -o | -) ;; *) given+=("$word") ;; esac; done
gcc "${given[@]}" - -o "$object"
cat "$object"
rm "$object"
SH
  chmod +x "$CC"
fi

"$python" - <<'PYTHON'
from importlib.metadata import version

import measure
from tinygrad import Tensor, nn

imports = "from tinygrad import Tensor, nn"
library = measure.Library("tinygrad", version("tinygrad"), imports)
n, c = measure.N, measure.C
Tensor.manual_seed(0)


def of(layer):
    return layer.weight, layer.bias, lambda x: layer(Tensor(x)).numpy()


code = "layer = nn.Linear(n, m)"
he = "; layer.weight = Tensor.kaiming_normal(*layer.weight.shape)"
relu = "; layer.weight = Tensor.kaiming_normal(m, n, a=0); layer.bias = Tensor.zeros(m)"
tanh = "; layer.weight = Tensor.glorot_uniform(m, n); layer.bias = Tensor.zeros(m)"
library.layer("dense", "default", code, of, (n,), 1 / 3, "uniform")
library.layer("dense", "he", code + he, of, (n,), 2, "normal")
library.layer("dense", "relu", code + relu, of, (n,), 2, "normal")
library.layer("dense", "tanh", code + tanh, of, (n,), 1, "uniform")
image = (c, 5, 5)
for layer, code, share, he_share in (
    ("conv", "layer = nn.Conv2d(c, c, 3)", 1, 1),
    ("grouped", "layer = nn.Conv2d(c, c, 3, groups=8)", 1 / 8, 1),
    ("depthwise", "layer = nn.Conv2d(c, c, 3, groups=c)", 1 / c, 1),
    ("transposed", "layer = nn.ConvTranspose2d(c, c // 2, 4, stride=2)", 1 / 4, 1 / 2),
):
    library.layer(layer, "default", code, of, image, share / 3, "uniform")
    library.layer(layer, "he", code + he, of, image, 2 * he_share, "normal")


def cell(layer):
    def step(x, h, c):
        return layer(Tensor(x), (Tensor(h), Tensor(c)))[1].numpy()

    return layer.weight_ih, layer.weight_hh, step


code = "layer = nn.LSTMCell(n, n)"
library.lstm("default", code, cell, (1 / 3, 1 / 3), ("uniform", "uniform"), 0.5)
code = "layer = nn.Embedding(v, d)"
table = lambda layer: (layer.weight, lambda words: layer(Tensor(words)).numpy())  # noqa: E731
library.embedding("default", code, table, 2 * 1 / (1000 + 512), "uniform")
library.slope("layer = Tensor.leaky_relu", -Tensor([-1.0]).leaky_relu().item(), 0.01)
library.done()
PYTHON

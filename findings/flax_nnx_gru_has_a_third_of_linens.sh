#!/usr/bin/env bash
# Two GRU cells of one Flax, with one initializer: nnx gives each gate a third of what linen gives.
#
# Seen 2026-11-30 with Flax 0.12.8 on jax 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: the same weights; nnx is linen's successor, and both call orthogonal() for the state.
# Seen: linen draws a square orthogonal matrix for each gate: n times the mean square is 1. nnx
# draws one of n × 3n for all three, with rows of length 1: a third is left to each gate. nnx's
# LSTM draws four square ones. No gate of nnx's GRU keeps lengths, which orthogonal is there for.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip=("$folder/venv/bin/pip" install --quiet --disable-pip-version-check)
cat > "$folder/draws.py" <<'PYTHON'
import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx

n = 64
zero = jnp.zeros((1, n))


def size(name, kernels):
    print(name, " ".join(f"{n * np.mean(np.square(kernel)):.2f}" for kernel in kernels))


cell = linen.GRUCell(n).init(jax.random.key(0), zero, zero)["params"]
size("linen GRU", [cell[gate]["kernel"] for gate in ("hr", "hz", "hn")])
kernel = nnx.GRUCell(n, n, rngs=nnx.Rngs(0)).dense_h.kernel[...]
size("nnx GRU, together", [kernel])
lstm = nnx.LSTMCell(n, n, rngs=nnx.Rngs(0))
size("nnx LSTM", [getattr(lstm, gate).kernel[...] for gate in ("hi", "hf", "hg", "ho")])
PYTHON

"${pip[@]}" flax==0.12.8 jax==0.10.2 jaxlib==0.10.2 2>/dev/null
draws=$("$folder/venv/bin/python" "$folder/draws.py" 2>/dev/null)
echo "$draws"
test "$draws" = "linen GRU 1.00 1.00 1.00
nnx GRU, together 0.33
nnx LSTM 1.00 1.00 1.00 1.00"

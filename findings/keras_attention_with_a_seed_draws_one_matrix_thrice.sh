#!/usr/bin/env bash
# Keras's MultiHeadAttention with a seeded initializer: queries, keys and values begin equal.
#
# Seen 2026-11-30 with Keras 3.15.1 on TensorFlow 2.21.0, Python 3.11, Linux x86_64.
#
# Guess: the layer has one kernel_initializer for its four matrices, and makes a clone of it for
# each, so that they do not share an instance; with kernel_initializer=GlorotUniform(seed=0) their
# weights differ, as they do with "glorot_uniform".
# Seen: a clone is made from the configuration, and that has the seed. Three matrices of one shape
# are one and the same, bit by bit. The logit of a token with itself is then |q|²/√d, about √d, and
# in a sequence of 128 tokens each gives most of its attention to itself. No warning.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  keras==3.15.1 numpy==2.4.6 tensorflow-cpu==2.21.0 2>/dev/null
export KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 KERAS_HOME="$folder/home"
"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON'
import keras
import numpy as np

x = np.random.default_rng(0).standard_normal((4, 128, 256), "float32")
found = {}
for name, initializer in (
    ("by name", "glorot_uniform"),
    ("no seed", keras.initializers.GlorotUniform()),
    ("a seed", keras.initializers.GlorotUniform(seed=0)),
):
    layer = keras.layers.MultiHeadAttention(4, 64, kernel_initializer=initializer)
    _, attention = layer(x, x, return_attention_scores=True)
    query, key, value, _ = (w.numpy() for w in layer.weights if "kernel" in w.path)
    alike = np.array_equal(query, key) and np.array_equal(query, value)
    own = np.diagonal(attention.numpy(), axis1=-2, axis2=-1).mean()
    print(f"{name}: alike {alike}, attention to itself {own:.3f}")
    found[name] = alike, own
assert not found["by name"][0] and not found["no seed"][0]
assert found["by name"][1] < 0.05
assert found["a seed"][0] and found["a seed"][1] > 0.7
PYTHON
echo "as found: with a seed the three matrices are one, and a token looks at itself"

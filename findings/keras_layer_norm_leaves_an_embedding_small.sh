#!/usr/bin/env bash
# LayerNormalization right after an Embedding, both with Keras's defaults: rms 0.67, and not 1.
#
# Seen 2026-11-30 with Keras 3.15.1 on TensorFlow 2.21.0, Python 3.11, Linux x86_64.
#
# Guess: a layer norm gives vectors of rms 1, whatever comes in; its epsilon is there for zeros.
# Seen: epsilon is 0.001, a thousand times RMSNormalization's, and Embedding draws from -0.05 to
# 0.05: a variance of 0.00083, less than epsilon. What leaves has an rms of
# sqrt(0.00083 / (0.00083 + 0.001)) = 0.67. RMSNormalization in its place gives 1.00.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip=("$folder/venv/bin/pip" install --quiet --disable-pip-version-check)
export KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 KERAS_HOME="$folder/home"
cat > "$folder/leaves.py" <<'PYTHON'
import keras
import numpy as np

keras.utils.set_random_seed(0)
h = keras.layers.Embedding(1000, 256)(np.arange(1000))
for name in ("LayerNormalization", "RMSNormalization"):
    y = getattr(keras.layers, name)()(h)
    print(name, f"{np.sqrt(np.mean(np.square(y))):.2f}")
PYTHON

"${pip[@]}" keras==3.15.1 numpy==2.4.6 tensorflow-cpu==2.21.0 2>/dev/null
leaves=$("$folder/venv/bin/python" "$folder/leaves.py" 2>/dev/null)
echo "$leaves"
test "$leaves" = "LayerNormalization 0.67
RMSNormalization 1.00"
echo "as found: the epsilon of LayerNormalization outweighs an Embedding"

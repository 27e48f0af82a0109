#!/usr/bin/env bash
# keras.ops.mean and var of numbers in float64 are computed in float32 on JAX, and on PyTorch.
#
# Seen 2026-11-30 with Keras 3.15.1 on TensorFlow 2.21.0, JAX 0.10.2 and PyTorch 2.13.0, Python
# 3.11, Linux x86_64; here on JAX, with its float64 enabled, and on TensorFlow.
#
# Guess: the mean of a float64 tensor is computed in float64, as its dtype says.
# Seen: on TensorFlow it is. Elsewhere Keras casts it to float32 first (backend.result_type makes
# 32 bits of 64 for every backend but TensorFlow) and the result back: a float64 that says inf.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip=("$folder/venv/bin/pip" install --quiet --disable-pip-version-check)
export TF_CPP_MIN_LOG_LEVEL=3 KERAS_HOME="$folder/home" JAX_ENABLE_X64=1
cat > "$folder/mean.py" <<'PYTHON'
import keras
import numpy as np

x = keras.ops.convert_to_tensor(np.array([1e100, 3e100]))
mean = keras.ops.mean(x)
kinds = [keras.backend.standardize_dtype(t.dtype) for t in (x, mean)]
print(*kinds, float(mean))
PYTHON

"${pip[@]}" keras==3.15.1 numpy==2.4.6 tensorflow-cpu==2.21.0 jax==0.10.2 2>/dev/null
on_jax=$(KERAS_BACKEND=jax "$folder/venv/bin/python" "$folder/mean.py" 2>/dev/null)
on_tensorflow=$(KERAS_BACKEND=tensorflow "$folder/venv/bin/python" "$folder/mean.py" 2>/dev/null)
echo "JAX:        $on_jax"
echo "TensorFlow: $on_tensorflow"
test "$on_jax" = "float64 float64 inf"
test "$on_tensorflow" = "float64 float64 2e+100"
echo "as found: of float64, mean is float64 on TensorFlow and float32 on JAX"

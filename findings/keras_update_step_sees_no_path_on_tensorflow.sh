#!/usr/bin/env bash
# A Keras optimizer that gives each layer its own rate by variable.path works on JAX, and stops on
# TensorFlow.
#
# Seen 2026-11-30 with Keras 3.15.1 on TensorFlow 2.21.0 and JAX 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: update_step(gradient, variable, learning_rate), which an optimizer overrides, is handed
# the Keras variable on every backend, so that its path tells the layer.
# Seen: on TensorFlow it is handed the tf.Variable inside, which has no path; its name is
# another one ("sequential/one/kernel:0"). So there is no rate per layer that runs on all backends;
# a layer that multiplies its kernel does the same for Adam (chapter 15).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip=("$folder/venv/bin/pip" install --quiet --disable-pip-version-check)
export TF_CPP_MIN_LOG_LEVEL=3 KERAS_HOME="$folder/home"
cat > "$folder/rates.py" <<'PYTHON'
import keras
import numpy as np


class RatePerLayer(keras.optimizers.SGD):
    def update_step(self, gradient, variable, learning_rate):
        seen.append(getattr(variable, "path", "no path"))
        super().update_step(gradient, variable, learning_rate)


seen = []
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False, name="one")])
model.compile(RatePerLayer(0.1), "mse")
model.fit(np.ones((1, 2)), np.ones((1, 1)), verbose=0)
print(seen[-1])
PYTHON

"${pip[@]}" keras==3.15.1 numpy==2.4.6 tensorflow-cpu==2.21.0 jax==0.10.2 2>/dev/null
on_jax=$(KERAS_BACKEND=jax "$folder/venv/bin/python" "$folder/rates.py" 2>/dev/null)
on_tensorflow=$(KERAS_BACKEND=tensorflow "$folder/venv/bin/python" "$folder/rates.py" 2>/dev/null)
echo "JAX:        $on_jax"
echo "TensorFlow: $on_tensorflow"
test "$on_jax" = "sequential/one/kernel"
test "$on_tensorflow" = "no path"
echo "as found: update_step knows the layer on JAX and not on TensorFlow"

#!/usr/bin/env bash
# A ReLU network whose weights are NaN: evaluate() says ln 10, predict() a tenth for each class.
#
# Seen 2026-11-30 with Keras 3.15.1 on TensorFlow 2.21.0, Python 3.11, Linux x86_64.
#
# Guess: NaN goes through a layer and its ReLU to the loss, whoever computes it.
# Seen: it does where the model is called. In a compiled graph TensorFlow fuses product, bias and
# ReLU into one operation, for which the larger of NaN and 0 is 0: fit, evaluate and predict then
# go on with a hidden layer of zeros, and the loss of a dead network is a plain number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip=("$folder/venv/bin/pip" install --quiet --disable-pip-version-check)
export KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 KERAS_HOME="$folder/home"
cat > "$folder/hidden.py" <<'PYTHON'
import keras
import numpy as np

L = keras.layers
model = keras.Sequential([keras.Input((64,)), L.Dense(64, "relu"), L.Dense(10, "softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")
model.layers[0].kernel.assign(np.full((64, 64), np.nan))
x, y = np.ones((64, 64)), np.zeros(64)
print("called", model(x).numpy()[0, 0])
print("predict", model.predict(x, verbose=0)[0, 0])
print("evaluate", f"{model.evaluate(x, y, verbose=0):.4f}")
PYTHON

"${pip[@]}" keras==3.15.1 numpy==2.4.6 tensorflow-cpu==2.21.0 2>/dev/null
hidden=$("$folder/venv/bin/python" "$folder/hidden.py" 2>/dev/null)
echo "$hidden"
test "$hidden" = "called nan
predict 0.1
evaluate 2.3026"
echo "as found: a fused ReLU makes zeros out of NaN"

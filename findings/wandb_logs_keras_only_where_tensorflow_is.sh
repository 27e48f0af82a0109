#!/usr/bin/env bash
# wandb.integration.keras does not import where Keras trains on JAX and TensorFlow is not installed.
#
# Seen 2026-11-30 with wandb 0.31.0, Keras 3.15.1 on JAX 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: WandbMetricsLogger is a callback of Keras 3 that reads logs, and needs no backend.
# Seen: the module imports TensorFlow in its first lines, to tell a tf.Variable from a number:
# ModuleNotFoundError: No module named 'tensorflow'. What wandb.log needs is three lines:
# LambdaCallback(on_epoch_end=lambda epoch, logs: wandb.log({"epoch": epoch, **logs})).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check wandb==0.31.0 keras==3.15.1 \
  jax==0.10.2 2>/dev/null
cat > "$folder/fit.py" <<'PYTHON'
import keras
import numpy as np
import wandb

try:
    from wandb.integration.keras import WandbMetricsLogger
except ModuleNotFoundError as error:
    print(error.name)
x = np.ones((8, 2), "float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
with wandb.init(project="p") as run:
    tell = lambda epoch, logs: wandb.log({"epoch": epoch, **logs})
    model.fit(x, x[:, :1], verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=tell)])
    print("loss" in dict(run.summary))
PYTHON
cd "$folder"
seen=$(KERAS_BACKEND=jax KERAS_HOME="$folder/home" WANDB_MODE=offline WANDB_SILENT=true \
  "$folder/venv/bin/python" fit.py 2>/dev/null)
echo "$seen"
test "$seen" = "$(printf 'tensorflow\nTrue')"
echo "as found: the integration wants TensorFlow, the logging does not"

#!/usr/bin/env bash
# keras.callbacks.CSVLogger makes a val_ column for every number of a fit without validation.
#
# Seen 2026-11-30 with Keras 3.15.1 on JAX 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: the columns are the keys of the logs of the first epoch, and so twice as many only if there
# is a validation.
# Seen: without a key that begins with val_, one is added for each key, and holds NA in every row;
# whoever puts twenty numbers into the logs gets twenty columns of NA. (They are there for a first
# epoch without validation, with validation_freq; later keys of any other name are left out.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check keras==3.15.1 jax==0.10.2 \
  2>/dev/null
cat > "$folder/fit.py" <<'PYTHON'
import keras
import numpy as np


class Late(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        logs.update({"mine": 1.0} if epoch == 0 else {"mine": 2.0, "later": 3.0})


x = np.ones((8, 2), "float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(x, x[:, :1], epochs=2, verbose=0, callbacks=[Late(), keras.callbacks.CSVLogger("c.csv")])
PYTHON
cd "$folder"
KERAS_BACKEND=jax KERAS_HOME="$folder/home" "$folder/venv/bin/python" fit.py 2>/dev/null
cat c.csv
test "$(head -1 c.csv | tr -d '\r')" = "epoch,loss,mine,val_loss,val_mine"
test "$(grep -c 'NA,NA' c.csv)" = 2
test "$(grep -c later c.csv)" = 0
echo "as found: two columns of NA, and a number that came late is in none"

#!/usr/bin/env bash
# mlflow.keras.autolog() logs nothing of a fit whose callbacks are None or a tuple, and leaves its
# own callback in your list, so that the next fit with that list is logged into the wrong run or not.
#
# Seen 2026-11-30 with MLflow 3.17.2, Keras 3.15.1 on TensorFlow 2.21.0, Python 3.11, Linux x86_64.
#
# Guess: callbacks may be what they may be for fit, and the list that one gives stays as it was.
# Seen: autologging does callbacks.append(…) on what it is given. With callbacks=None it warns
# «'NoneType' object is not iterable», with a tuple «'tuple' object has no attribute 'append'», and
# no metric is logged; fit goes on. A list has one element more after fit; a second fit with the same
# list is refused by autologging with «MLflow autologging must be turned off if an `MlflowCallback`
# is explicitly added», which nobody did. Cure: callbacks=[*callbacks] at each call of fit.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mlflow==3.17.2 keras==3.15.1 \
  tensorflow-cpu==2.21.0 2>/dev/null
cat > "$folder/fits.py" <<'PYTHON'
import keras
import mlflow
import numpy as np

mlflow.keras.autolog(log_models=False, log_datasets=False)
x = np.ones((8, 2), "float32")


def logged(callbacks):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with mlflow.start_run() as run:
        model.fit(x, x[:, :1], verbose=0, callbacks=callbacks)
    mlflow.flush_async_logging()
    metrics = mlflow.MlflowClient().get_run(run.info.run_id).data.metrics
    return "loss" in metrics


mine = [keras.callbacks.TerminateOnNaN()]
print("none", logged(None))
print("tuple", logged(tuple(mine)))
print("list", logged(mine), len(mine))
PYTHON
cat >> "$folder/fits.py" <<'PYTHON'
logged(mine)  # a callback of mine is no MlflowCallback
PYTHON
cd "$folder"
KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 KERAS_HOME="$folder/home" \
  MLFLOW_TRACKING_URI="sqlite:///$folder/runs.db" "$folder/venv/bin/python" fits.py >seen 2>said
cat seen
test "$(cat seen)" = "$(printf 'none False\ntuple False\nlist True 2')"
grep -q "'NoneType' object is not iterable" said
grep -q "'tuple' object has no attribute 'append'" said
grep -q "explicitly added to the callback list" said
echo "as found: only a list that is used once is logged as it should be"

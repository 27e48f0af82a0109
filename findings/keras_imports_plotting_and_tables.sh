#!/usr/bin/env bash
# import keras loads Matplotlib, pandas and scikit-learn, if they are installed.
#
# Seen 2026-11-30 with Keras 3.15.1 on TensorFlow 2.21.0, Python 3.11, Linux x86_64.
#
# Guess: they are optional, and loaded when a gallery is drawn, a DataFrame is handed to fit, or
# SKLearnClassifier is used. `import keras` takes as long with them as without.
# Seen: keras.visualization imports matplotlib, the data adapters import pandas and
# keras.wrappers imports sklearn, each inside try/except, while keras is imported. So a package
# that imports Keras cannot keep them for later, and the first line of a script pays for all three.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip=("$folder/venv/bin/pip" install --quiet --disable-pip-version-check)
export KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 KERAS_HOME="$folder/home"
cat > "$folder/loaded.py" <<'PYTHON'
import sys

import keras

optional = ("matplotlib", "pandas", "sklearn")
print(keras.__version__, *(name for name in optional if name in sys.modules))
PYTHON

"${pip[@]}" keras==3.15.1 numpy==2.4.6 tensorflow-cpu==2.21.0 2>/dev/null
alone=$("$folder/venv/bin/python" "$folder/loaded.py" 2>/dev/null)
"${pip[@]}" matplotlib==3.11.2 pandas==3.1.1 scikit-learn==1.9.1 2>/dev/null
beside=$("$folder/venv/bin/python" "$folder/loaded.py" 2>/dev/null)
echo "without them: $alone"
echo "with them:    $beside"
test "$alone" = "3.15.1"
test "$beside" = "3.15.1 matplotlib pandas sklearn"
echo "as found: importing Keras imports whichever of the three is installed"

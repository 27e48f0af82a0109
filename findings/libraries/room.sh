# Sourced by the scripts beside it: a temporary folder, gone at the end, and in it a library alone.
#
#   python_packages keras==3.15.1 jax==0.10.2    pip, and NumPy for measure.py
#   node_packages synaptic@1.1.4                 npm; NumPy for measure.py all the same
#
# "$python" then finds measure.py, and node measure.js. What pip and npm download they keep, so
# that a second run asks the network for little.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python="$folder/venv/bin/python"
SCRIPT=$(basename "$0" .sh)
export SCRIPT

python_packages() {
  "${PYTHON:-python3}" -m venv --without-pip "$folder/venv"
  # Not compiled: of what is unpacked a script imports a part, once.
  "${PYTHON:-python3}" -m pip --python "$python" install -qq --no-compile \
    --disable-pip-version-check "${numpy-numpy==2.4.6}" "$@" >&2
  alone
}

node_packages() {
  python_packages
  HOME=$home npm install --silent --no-fund --no-audit --prefix "$folder" "$@" >&2
  export NODE_PATH="$folder/node_modules:$here"
}

# From here on the reader's own settings are out of reach, and a library has one thread.
home=$HOME
alone() {
  mkdir "$folder/home"
  export HOME="$folder/home" PYTHONPATH="$here" PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore
  export OMP_NUM_THREADS=1 TF_CPP_MIN_LOG_LEVEL=3
}

#!/usr/bin/env bash
# What scikit-learn 1.9.1 draws in MLPRegressor and MLPClassifier.
#
# Measured 2026-11-30 with scikit-learn 1.9.1, Python 3.11, Linux x86_64.
#
# Guess: Glorot's 1, whatever the activation, bias 0, and no way to choose.
# Seen: Glorot's, √(6/(n + m)), for relu (its default) and tanh, and √(2/(n + m)), 1/3, for
# "logistic"; the bias is drawn from the same range. One can't choose, but write over coefs_ after
# a first partial_fit whose step is as good as none.
source "$(dirname "$0")/room.sh"
python_packages scikit-learn==1.9.1

"$python" - <<'PYTHON'
import measure
import numpy as np
import sklearn

imports = "import numpy as np; from sklearn.neural_network import MLPRegressor"
library = measure.Library("scikit-learn", sklearn.__version__, imports)
n = measure.N
make = library.make
no_data = "x, y = np.zeros((1, n)), np.zeros(1); "
library.make = lambda code, **sizes: make(no_data + code, **sizes)


def of(layer):
    weights, bias = layer.coefs_[0], layer.intercepts_[0]
    return weights, bias, lambda x: x.reshape(len(x), -1) @ weights + bias


model = 'layer = MLPRegressor(hidden_layer_sizes=(m,), solver="sgd", learning_rate_init=1e-9).partial_fit(x, y)'
logistic = model.replace("(m,)", '(m,), activation="logistic"')
he = "; layer.coefs_[0] = np.random.normal(0, np.sqrt(2 / n), (n, m))"
library.layer("dense", "default", model, of, (n,), 1, "uniform")
library.layer("dense", "glorot", logistic, of, (n,), 1 / 3, "uniform")
library.layer("dense", "relu", model + he, of, (n,), 2, "normal")
tanh = model.replace("(m,)", '(m,), activation="tanh"')
library.layer("dense", "tanh", tanh, of, (n,), 1, "uniform")
library.done()
PYTHON

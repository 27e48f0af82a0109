#!/usr/bin/env bash
# What OpenCV 4.13.0 draws in its own network, cv2.ml.ANN_MLP.
#
# Measured 2026-11-30 with opencv-python-headless 4.13.0.92, Python 3.11, Linux x86_64. In 5.0 the
# plain package has no cv2.ml any more.
#
# Guess: something of the nineties: U(±0.5), or Nguyen and Widrow's.
# Seen: near Nguyen and Widrow's: uniform, but each unit's weights are divided by the sum of their
# absolute values, not by the root of that of their squares. That is 4/(3 n): 0.005 at 256 inputs,
# and less the wider the layer. There is no option.
source "$(dirname "$0")/room.sh"
python_packages opencv-python-headless==4.13.0.92

"$python" - <<'PYTHON'
import cv2
import measure
import numpy as np

imports = "import cv2, numpy as np"
library = measure.Library("OpenCV", cv2.__version__, imports)
n, m = measure.N, measure.M
cv2.setRNGSeed(1)
make = library.make
# It draws when it begins to train; of inputs of zero these weights learn nothing.
names = "x, y = np.zeros((1, n), 'float32'), np.zeros((1, m), 'float32'); "
library.make = lambda code, **sizes: make(names + code, **sizes)


def of(layer):
    """Return the first layer; what lies behind it, all linear, is taken back."""
    weights, second = layer.getWeights(1), layer.getWeights(2)
    (into, shift), out = layer.getWeights(0).reshape(n, 2).T, layer.getWeights(3).reshape(m, 2).T

    def run(x):
        behind = (layer.predict((x - shift) / into)[1] - out[1]) / out[0]
        return np.linalg.solve(second[:-1].T, (behind - second[-1]).T).T

    return weights[:-1], weights[-1], run


code = (
    "layer = cv2.ml.ANN_MLP_create(); layer.setLayerSizes(np.array([n, m, m]))"
    "; layer.setActivationFunction(cv2.ml.ANN_MLP_IDENTITY)"
    "; layer.setTrainMethod(cv2.ml.ANN_MLP_BACKPROP, 1e-6, 0)"
    "; layer.setTermCriteria((cv2.TERM_CRITERIA_MAX_ITER, 1, 1))"
    "; layer.train(x, cv2.ml.ROW_SAMPLE, y)"
)
library.layer("dense", "default", code, of, (n,), 4 / (3 * n), "uniform")
library.done()
PYTHON

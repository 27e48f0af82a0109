"""Small networks and data that the tests of latido share."""

import keras

from lab import data

FROM_LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
_images = data.load()
DIGITS = _images.x_train[:200], _images.y_train[:200]


def compiled(network, loss=FROM_LOGITS, optimizer="sgd"):
    network.compile(optimizer, loss)
    return network


def mlp(*parts, inputs=(64,)):
    return keras.Sequential([keras.Input(inputs), *parts])

"""The canonical training as most would write it in Keras: a model, `compile`, `fit`."""

import keras
import tensorflow as tf

from lab import catalog, data, model


def train(threads: int) -> None:
    """Train one fresh network for each combination of `training_grid`."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    images = data.load()
    for activation in catalog.CANONICAL_ACTIVATIONS:
        for initializer in catalog.CANONICAL_INITIALIZERS:
            fit(images, activation, initializer, [Evaluation(images)])


class Evaluation(keras.callbacks.Callback):
    """Evaluates what `fit` does not: both parts before the first epoch."""

    def __init__(self, images: data.Dataset):
        super().__init__()
        self.train = (images.x_train, images.y_train)
        self.test = (images.x_test, images.y_test)

    def on_train_begin(self, logs=None):
        self.evaluate(*self.train)
        self.evaluate(*self.test)

    def evaluate(self, x, y):
        self.model.evaluate(x, y, batch_size=len(x), verbose=0)


def fit(images: data.Dataset, activation: str, initializer: str, callbacks=()) -> None:
    """Train one fresh network."""
    network = model.mlp(activation, initializer)
    network.compile(
        keras.optimizers.SGD(1e-3, momentum=0.9),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    network.fit(
        images.x_train,
        images.y_train,
        batch_size=64,
        epochs=20,
        validation_data=(images.x_test, images.y_test),
        validation_batch_size=len(images.x_test),
        callbacks=list(callbacks),
        verbose=0,
    )

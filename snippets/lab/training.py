"""Train the same network many times, fast.

One epoch is one call of one compiled function: ``model.fit`` spends most of its time
between the small steps of a network like ours. Layers and loss are Keras's own; its
optimizers, which go through the weights several times in a step, do so once here.
"""

import functools
from collections.abc import Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf

from lab.data import Dataset
from lab.model import dense_layers


class SGD:
    """Gradient descent with momentum, one operation for each variable and step.

    Keras's takes five, which go through the weights as often: an epoch of 20 layers of 128 takes
    33 ms instead of 40. The formulas are the same, and so are the bits.
    """

    def __init__(self, variables: Sequence[tf.Variable], momentum: float):
        self.variables, self.momentum = variables, momentum
        self.state = [tf.Variable(tf.zeros(variable.shape)) for variable in variables]

    def apply(self, gradients: Sequence[tf.Tensor], rate: tf.Tensor) -> None:
        """Take a step."""
        slots = zip(self.variables, self.state, gradients, strict=True)
        for variable, velocity, gradient in slots:
            tf.raw_ops.ResourceApplyKerasMomentum(
                var=variable.handle,
                accum=velocity.handle,
                lr=rate,
                grad=gradient,
                momentum=self.momentum,
            )


class Adam:
    """Adam (Kingma and Ba 2015), one operation for each variable and step; momentum is β₁."""

    def __init__(self, variables: Sequence[tf.Variable], momentum: float):
        self.variables, self.momentum = variables, momentum
        self.means = [tf.Variable(tf.zeros(variable.shape)) for variable in variables]
        self.squares = [tf.Variable(tf.zeros(variable.shape)) for variable in variables]
        self.steps = tf.Variable(0.0)
        self.state = [*self.means, *self.squares, self.steps]

    def apply(self, gradients: Sequence[tf.Tensor], rate: tf.Tensor) -> None:
        """Take a step."""
        steps = self.steps.assign_add(1.0, read_value=True)
        shared = {
            "beta1": self.momentum,
            "beta2": 0.999,  # this and ε as in Keras
            "epsilon": 1e-7,
            "beta1_power": self.momentum**steps,
            "beta2_power": 0.999**steps,
            "lr": rate,
        }
        slots = zip(self.variables, self.means, self.squares, gradients, strict=True)
        for variable, mean, square, gradient in slots:
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle, m=mean.handle, v=square.handle, grad=gradient, **shared
            )


OPTIMIZERS = {"sgd": SGD, "adam": Adam}
PARTS = ("train", "test")
#: Images that go through the network at a time, at most: all of the digits, and of MNIST as many
#: as leave a run below 2 GiB.
PIECE = 8192
METRICS = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")


class Trainer:
    """Trains one model as often as wanted; compiled once, at the first epoch.

    Args:
        model: its output are logits. Its weights are trained in place.
        dataset: where both parts come from.
        optimizer: "sgd" or "adam".
        learning_rate: step size; an attribute, read when a training begins.
        momentum: of SGD; for Adam, its β₁.
        batch_size: samples of a step. The few that do not fill the last step of an epoch
            wait for the next one.
        note_updates: after each epoch, ``update_ratios`` holds ‖ΔW‖/‖W‖ of every step and
            Dense layer, float32 (steps, layers). Without it, (steps, 0).

    Attributes:
        logit_range: of the part that was evaluated last, the largest difference between the
            logits of one class in two samples: 0 if the model answers all of them alike.
    """

    def __init__(
        self,
        model: keras.Model,
        dataset: Dataset,
        optimizer: str = "sgd",
        learning_rate: float = 1e-3,
        momentum: float = 0.9,
        batch_size: int = 64,
        note_updates: bool = False,
    ):
        # Before the first run of a graph TensorFlow looks for ways to speed it up. Graphs of
        # networks this small come out as fast as they went in, a tenth of a second later.
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
        self.model = model
        self.dataset = dataset
        self.batch_size = min(batch_size, len(dataset.x_train))
        self.learning_rate = learning_rate
        self._trained = [variable.value for variable in model.trainable_variables]
        self.optimizer = OPTIMIZERS[optimizer](self._trained, momentum)
        self._fresh = [(slot, tf.zeros(slot.shape)) for slot in self.optimizer.state]
        layers = dense_layers(model) if note_updates else []
        self._noted = [layer.kernel.value for layer in layers]
        self.update_ratios = None
        self.logit_range = None
        # One program for an epoch, and one for both parts, whatever their size.
        parts = [dataset.x_train, dataset.y_train]
        whole = [tf.TensorSpec([None, *part.shape[1:]], part.dtype) for part in parts]
        steps = [
            tf.TensorSpec([None, self.batch_size, *part.shape[1:]], part.dtype) for part in parts
        ]
        self._epoch = _program(self._train_epoch, [*steps, tf.TensorSpec([], tf.float32)])
        self._measure = _program(self._loss_and_accuracy, whole)

    def epochs(
        self, count: int, seed: int = 0, parts: Sequence[str] = PARTS
    ) -> Iterator[dict[str, float]]:
        """Train for ``count`` epochs, pausing before the first and after each.

        Yields METRICS of the parts, ``count`` + 1 times; between two of them the model can be
        examined as it stands. Before the first epoch they are what ``evaluate`` returns. After an
        epoch those of "train" are the means over its steps, each before the weights change, as
        Keras reports them: a second pass through the training set would take a fifth of all the
        time. Those of "test" are of the model as it stands. All are NaN once one of them is not
        finite. ``seed`` decides the order of the samples.
        """
        yield self.evaluate(parts)
        others = [part for part in parts if part != "train"]
        for means in self._trained_epochs(count, seed):
            epoch = means if "train" in parts else {}
            yield _finite({**epoch, **self.evaluate(others)})

    def train(self, count: int, seed: int = 0) -> dict[str, float]:
        """Train for ``count`` epochs; return what ``evaluate`` says in the end."""
        for _ in self._trained_epochs(count, seed):
            pass
        return self.evaluate()

    def _trained_epochs(self, count, seed):
        """Yield the means of each epoch of a training that starts afresh."""
        for slot, zeros in self._fresh:
            slot.assign(zeros)
        rate = tf.constant(self.learning_rate, tf.float32)
        order = np.random.default_rng(seed)
        steps = len(self.dataset.x_train) // self.batch_size
        for _ in range(count):
            chosen = order.permutation(len(self.dataset.x_train))[: steps * self.batch_size]
            chosen = chosen.reshape(steps, self.batch_size)
            ratios, means = [], []
            for some in _pieces(chosen, max(1, PIECE // self.batch_size)):
                moved, mean = self._epoch()(
                    self.dataset.x_train[some], self.dataset.y_train[some], rate
                )
                ratios.append(moved.numpy())
                means.append((len(some), mean.numpy()))
            self.update_ratios = np.concatenate(ratios)
            yield dict(zip(METRICS, _mean(means), strict=False))

    def evaluate(self, parts: Sequence[str] = PARTS) -> dict[str, float]:
        """Return loss and accuracy over the whole of each part ("train", "test"): its METRICS.

        All are NaN once the training has diverged (a loss that is not a number, or infinite).
        """
        d = self.dataset
        data = {"train": (d.x_train, d.y_train), "test": (d.x_test, d.y_test)}
        values = {}
        for part in parts:
            means, highest, lowest = [], [], []
            for some in zip(*(_pieces(array, PIECE) for array in data[part]), strict=True):
                mean, high, low = (tensor.numpy() for tensor in self._measure()(*some))
                means.append((len(some[0]), mean))
                highest.append(high)
                lowest.append(low)
            loss, accuracy = _mean(means)
            self.logit_range = float(np.max(np.max(highest, axis=0) - np.min(lowest, axis=0)))
            values |= {f"{part}_loss": loss, f"{part}_accuracy": accuracy}
        return _finite(values)

    def _losses(self, logits, y):
        return keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)

    def _train_epoch(self, x, y, rate):
        steps = tf.shape(x)[0]
        ratios = tf.TensorArray(x.dtype, steps)
        means = tf.zeros(2, x.dtype)
        for step in tf.range(steps):
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(self._trained)
                logits = self.model(x[step], training=True)
                loss = tf.reduce_mean(self._losses(logits, y[step]))
            means += tf.stack([loss, _accuracy(logits, y[step])])
            before = [kernel.read_value() for kernel in self._noted]
            self.optimizer.apply(tape.gradient(loss, self._trained), rate)
            ratios = ratios.write(step, self._moved(before))
        return ratios.stack(), means / tf.cast(steps, x.dtype)

    def _moved(self, before):
        """Return ‖ΔW‖/‖W‖ of the layers that are noted."""
        pairs = zip(self._noted, before, strict=True)
        moved = [tf.norm(new - old) / tf.norm(old) for new, old in pairs]
        return tf.stack(moved) if moved else []

    def _loss_and_accuracy(self, x, y):
        logits = self.model(x, training=False)
        loss = tf.reduce_mean(self._losses(logits, y))
        means = tf.stack([loss, _accuracy(logits, y)])
        return means, tf.reduce_max(logits, axis=0), tf.reduce_min(logits, axis=0)


def _pieces(array: np.ndarray, count: int) -> list[np.ndarray]:
    """Return an array in pieces of so many rows, the last one of what is left."""
    return [array[start : start + count] for start in range(0, len(array), count)]


def _mean(parts: list[tuple[int, np.ndarray]]) -> list[float]:
    """Return the mean of what each part is the mean of; of a single one, itself."""
    counts, means = zip(*parts, strict=True)
    return (means[0] if len(means) == 1 else np.average(means, 0, counts)).tolist()


def _program(function, signature):
    """Return a function that compiles another one, when it is called first, and returns it.

    Called as a tf.function, it would warn whoever trains five networks in a row.
    """
    return functools.cache(lambda: tf.function(function).get_concrete_function(*signature))


def _accuracy(logits, y):
    """Return the share of samples whose largest logit is that of their class."""
    hits = tf.equal(tf.argmax(logits, axis=1, output_type=y.dtype), y)
    return tf.reduce_mean(tf.cast(hits, logits.dtype))


def _finite(values: dict[str, float]) -> dict[str, float]:
    """Return the values, or only NaN if one of them is no finite number."""
    if np.isfinite(list(values.values())).all():
        return values
    return dict.fromkeys(values, np.nan)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

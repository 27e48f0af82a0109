"""One run of a ``train_step`` that the author of a model has written, on TensorFlow."""

import contextlib

import keras
import tensorflow as tf

from latido.on_tensorflow import Tape
from latido.tracing import Recorder, replace
from latido.ways import Pass, nothing, optimizers_of, without_metrics
from latido.words import Text


def rehearsed(observer, x, y, tape) -> Pass:
    """Run the step up to where weights would move."""
    data = keras.utils.pack_x_y_sample_weight(x, y)
    tape = Tape(observer.model, persistent=True)
    with (
        tape.scope(),
        tape,
        Recorder(observer.model, observer.weighted, observer.frozen, tape) as recorder,
        _Rehearsal(observer.model, tape.own) as rehearsal,
    ):
        # One that was made a graph is not traced here, before its first call: fit will do that.
        step = observer.model.train_step
        getattr(step, "python_function", step)(data)
    losses = rehearsal.losses
    if not losses:
        raise ValueError(Text("train_step no calcula ningún gradiente con tf.GradientTape"))
    samples = tf.cast(tf.shape(tf.nest.flatten(x)[0])[0], tf.float64)

    def differentiate(sites):
        deltas = tape.own.gradient(losses, [site.source for site in sites])
        for site, delta in zip(sites, deltas, strict=True):
            site.delta = None if delta is None else samples * _float64(delta)
            gradient = rehearsal.gradients.get(id(observer.kernel_of(site.layer)))
            site.gradient = None if gradient is None else _float64(gradient)

    loss = tf.add_n([tf.cast(tf.reduce_mean(loss), tf.float32) for loss in losses])
    return Pass(recorder, loss, losses, tape, [], own=differentiate)


def _float64(gradient):
    """Return a gradient as a tensor: an Embedding's comes as rows and indices."""
    return tf.cast(tf.convert_to_tensor(gradient), tf.float64)


class _Rehearsal:
    """Lets a train_step compute all it wants and change nothing, until the block ends.

    Attributes:
        losses: what it has differentiated by trained weights.
        gradients: id of the variable → its gradient.
    """

    def __init__(self, model, tape):
        self.losses, self.gradients = [], {}
        self._model, self._tape = model, tape

    def __enter__(self):
        original, own = tf.GradientTape.gradient, self._tape
        trained = {}
        for variable in self._model.trainable_variables:
            trained |= {id(variable): variable, id(variable.value): variable}

        def gradient(tape, target, sources, *args, **kwargs):
            result = original(tape, target, sources, *args, **kwargs)
            if tape is not own:
                pairs = zip(tf.nest.flatten(sources), tf.nest.flatten(result), strict=True)
                known = [(trained[id(s)], g) for s, g in pairs if id(s) in trained]
                if known:
                    self.losses += [t for t in tf.nest.flatten(target) if tf.is_tensor(t)]
                for variable, value in known:
                    self._add(variable, value)
            return result

        with contextlib.ExitStack() as undo:
            tf.GradientTape.gradient = gradient
            undo.callback(setattr, tf.GradientTape, "gradient", original)
            for optimizer in [*optimizers_of(self._model), self._model.optimizer]:
                for name in ("apply", "apply_gradients"):
                    if optimizer is not None:
                        replace(undo, optimizer, name, nothing)
            undo.enter_context(without_metrics(self._model))
            self._undo = undo.pop_all()
        return self

    def _add(self, variable, value):
        if value is not None:
            value = tf.convert_to_tensor(value)
            before = self.gradients.get(id(variable))
            self.gradients[id(variable)] = value if before is None else before + value

    def __exit__(self, *failure):
        self._undo.close()


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

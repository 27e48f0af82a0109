"""The ways in which a model is trained, and how one pass of each is made without training.

``fit`` calls a model and then its loss. Its author may have written another loss
(``compute_loss``), or the whole step (``train_step``): then that is what is run, and looked at.
"""

import contextlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from latido.contract import pairings, refuse
from latido.losses import chosen, labels_of, per_sample
from latido.tracing import Recorder, replace
from latido.words import Text


@dataclass
class Pass:
    """What a model left behind when it was run once.

    Attributes:
        recorder: with the sites.
        loss: mean over the batch, a scalar.
        losses: of each sample, (samples,); None if it is not known.
        outputs: what the model returns, if its losses are those of its outputs; else None.
        ends: the tensors that layers without anything behind them lead to.
        differentiate: sites → sets their ``delta``, of each sample, and ``gradient``, of the
            mean; both float64, or None where there is none.
        trained: the outputs that have a loss of their own, as ``latido.losses.Trained``.
        notes: what to know about the loss.
    """

    recorder: Recorder
    loss: Any
    ends: list
    differentiate: Callable
    trained: list
    notes: tuple[str, ...] = ()
    losses: Any = None
    outputs: Any = None


def ways_of(model, loss_is_given: bool) -> list[Callable]:
    """Return the ways to run a model, the most faithful first."""
    if loss_is_given:
        return [by_its_outputs]
    own = {"train_step": by_its_own_step, "compute_loss": by_its_own_loss}
    found = [way for name, way in own.items() if overridden(model, name)]
    return [*found, by_its_outputs]


def overridden(model, name: str) -> bool:
    """Tell whether the author of a model has written a method that Keras has for it."""
    method = getattr(model, name, None)
    return getattr(method, "__func__", method) is not getattr(keras.Model, name)


def by_its_outputs(observer, x, y) -> Pass:
    """Call the model, and its loss for each sample; what layers add to it counts as well."""
    labels = labels_of(observer.loss, observer.model, y)
    # No seed advances and no moving average moves in a StatelessScope.
    with keras.StatelessScope(collect_losses=True) as scope, tf.GradientTape() as tape:
        with Recorder(observer.model, observer.weighted, observer.frozen, tape) as recorder:
            outputs = observer.model(x, training=True)
        samples = tf.shape(tf.nest.flatten(x)[0])[0]
        losses, trained, ends = tf.zeros([samples]), [], tf.nest.flatten(outputs)
        if not (labels or scope.losses):
            raise ValueError(Text("falta y: el modelo no trae una pérdida que no pida etiquetas"))
        if labels:
            model, arrays = (
                observer.model,
                labels_of(observer.loss, observer.model, observer.labels),
            )
            specs = chosen(observer.loss, model, outputs, arrays)
            refuse(pairings(model, None, observer.labels, specs, outputs))
            losses, trained, ends = per_sample(specs, observer.loss_weights, model, outputs, labels)
        for added in scope.losses:
            losses += tf.cast(tf.reduce_mean(added), losses.dtype)
        total, differentiate = _sum_of_each(observer, tape, losses, samples)
    guessed = observer.loss is None and trained
    notes = [
        Text("El modelo no dice su pérdida; se ha supuesto {loss}.", loss=type(one.loss).__name__)
        for one in trained
        if guessed
    ]
    loss, differentiated = tf.reduce_mean(losses), differentiate(total)
    each = losses if trained else None
    return Pass(recorder, loss, ends, differentiated, trained, tuple(notes), each, outputs)


def by_its_own_loss(observer, x, y) -> Pass:
    """Call the model, and the loss that its author has written for the whole batch."""
    model = observer.model
    with keras.StatelessScope(collect_losses=True), tf.GradientTape() as tape:
        with Recorder(model, observer.weighted, observer.frozen, tape) as recorder:
            outputs = model(x, training=True)
        options = {"training": True} if _takes(model.compute_loss, "training") else {}
        with _without_metrics(model):
            loss = model.compute_loss(x, y, outputs, None, **options)
        samples = tf.shape(tf.nest.flatten(x)[0])[0]
        losses = tf.fill([samples], tf.reduce_mean(loss))
        total, differentiate = _sum_of_each(observer, tape, losses, samples)
    ends = tf.nest.flatten(outputs)
    return Pass(recorder, tf.reduce_mean(losses), ends, differentiate(total), [])


def by_its_own_step(observer, x, y) -> Pass:
    """Run the step that the author of the model has written, up to where weights would move.

    What it differentiates is what is trained: several losses, if it has several optimizers.
    """
    data = keras.utils.pack_x_y_sample_weight(x, y)
    with (
        keras.StatelessScope(collect_losses=True),
        tf.GradientTape(persistent=True) as tape,
        Recorder(observer.model, observer.weighted, observer.frozen, tape) as recorder,
        _Rehearsal(observer.model, tape) as rehearsal,
    ):
        # One that was made a graph is not traced here, before its first call: fit will do that.
        step = observer.model.train_step
        getattr(step, "python_function", step)(data)
    losses = rehearsal.losses
    if not losses:
        raise ValueError(Text("train_step no calcula ningún gradiente con tf.GradientTape"))
    samples = tf.cast(tf.shape(tf.nest.flatten(x)[0])[0], tf.float64)

    def differentiate(sites):
        deltas = tape.gradient(losses, [site.source for site in sites])
        for site, delta in zip(sites, deltas, strict=True):
            site.delta = None if delta is None else samples * _float64(delta)
            gradient = rehearsal.gradients.get(id(observer.kernel_of(site.layer)))
            site.gradient = None if gradient is None else _float64(gradient)

    loss = tf.add_n([tf.cast(tf.reduce_mean(loss), tf.float32) for loss in losses])
    return Pass(recorder, loss, losses, differentiate, [])


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
                        replace(undo, optimizer, name, _nothing)
            undo.enter_context(_without_metrics(self._model))
            self._undo = undo.pop_all()
        return self

    def _add(self, variable, value):
        if value is not None:
            value = tf.convert_to_tensor(value)
            before = self.gradients.get(id(variable))
            self.gradients[id(variable)] = value if before is None else before + value

    def __exit__(self, *failure):
        self._undo.close()


def _nothing(*args, **kwargs):
    """Take the place of what would change something."""


@contextlib.contextmanager
def _without_metrics(model):
    """Let a model's metrics stand as they are, built or not, until the end of the block."""
    with contextlib.ExitStack() as undo:
        for metric in model.metrics:
            replace(undo, metric, "update_state", _nothing)
        yield


def _sum_of_each(observer, tape, losses, samples):
    """Return the SUM of the losses, and what differentiates it.

    Differentiating the sum leaves in each row of z the δ of its own sample. Half precision
    needs its gradients away from its smallest number, 6e-8, and from its largest, 6e4.
    """
    scale = 1.0
    if any(layer.compute_dtype == "float16" for layer in observer.weighted):
        scale = 256.0 / tf.maximum(tf.stop_gradient(tf.reduce_mean(losses)), 1.0)
    total = scale * tf.reduce_sum(losses)

    def of(total):
        def differentiate(sites):
            trained = [site for site in sites if not site.frozen]
            sources = [site.source for site in sites], [site.kernel for site in trained]
            deltas, gradients = tape.gradient(total, sources)
            size = tf.cast(scale, tf.float64)
            count = tf.cast(samples, tf.float64)
            for site, delta in zip(sites, deltas, strict=True):
                site.delta = None if delta is None else _float64(delta) / size
            for site, gradient in zip(trained, gradients, strict=True):
                site.gradient = None if gradient is None else _float64(gradient) / (size * count)

        return differentiate

    return total, of


def _float64(gradient):
    """Return a gradient as a tensor: an Embedding's comes as rows and indices."""
    return tf.cast(tf.convert_to_tensor(gradient), tf.float64)


def _takes(function, name: str) -> bool:
    parameters = inspect.signature(function).parameters.values()
    return any(p.name == name or p.kind is p.VAR_KEYWORD for p in parameters)


def optimizers_of(model) -> list:
    """Return the optimizers that train a model: its author's own, or else the compiled one."""
    compiled = getattr(model, "optimizer", None)
    own = [
        part
        for value in vars(model).values()
        for part in (value if isinstance(value, list | tuple) else [value])
        if isinstance(part, keras.optimizers.Optimizer) and part is not compiled
    ]
    if own and overridden(model, "train_step"):
        return own
    return [compiled] if compiled else []


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

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

from latido import engine
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
        tape: it was made on.
        total: what is differentiated: the sum of the losses, times ``scale``.
        own: what differentiates it instead, where its author has written that.
        trained: the outputs that have a loss of their own, as ``latido.losses.Trained``.
        notes: what to know about the loss.
    """

    recorder: Recorder
    loss: Any
    ends: list
    tape: Any
    trained: list
    notes: tuple[str, ...] = ()
    losses: Any = None
    outputs: Any = None
    total: Any = None
    scale: Any = 1.0
    own: Callable | None = None

    def differentiate(self, sites: list, kernel_of: Callable, samples: int) -> None:
        """Set the ``delta`` of sites, of each sample, and ``gradient``, of the mean.

        Both None where there is none. Differentiating the sum of the losses leaves in each row of
        z the δ of its own sample.
        """
        if self.own:
            self.own(sites)
            return
        trained = [site for site in sites if not site.frozen]
        kernels = [kernel_of(site.layer) for site in trained]
        sources = [site.source for site in sites]
        deltas, gradients = self.tape.gradients(self.total, sources, kernels)
        size = self.tape.value(self.scale)
        for site, delta in zip(sites, deltas, strict=True):
            site.delta = _over(delta, size)
        for site, gradient in zip(trained, gradients, strict=True):
            site.gradient = _over(gradient, size * float(samples))


def _over(gradient, size):
    """Return what was scaled as it would be without; None of nothing."""
    if gradient is None or (isinstance(size, float) and size == 1):
        return gradient
    if isinstance(size, float) and keras.backend.standardize_dtype(gradient.dtype) == "float32":
        return gradient / size  # no need of numbers twice as long
    return engine.double(gradient) / engine.double(size)


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


def by_its_outputs(observer, x, y, tape) -> Pass:
    """Call the model, and its loss for each sample; what layers add to it counts as well."""
    labels = labels_of(observer.loss, observer.model, y)
    # No seed advances and no moving average moves in a StatelessScope.
    with tape.scope() as scope, tape:
        with Recorder(observer.model, observer.weighted, observer.frozen, tape) as recorder:
            outputs = observer.model(x, training=True)
        samples = keras.tree.flatten(x)[0].shape[0]
        losses, trained, ends = keras.ops.zeros([samples]), [], keras.tree.flatten(outputs)
        if not (labels or scope.losses):
            raise ValueError(Text("falta y: el modelo no trae una pérdida que no pida etiquetas"))
        if labels:
            model, arrays = (
                observer.model,
                labels_of(observer.loss, observer.model, observer.labels),
            )
            specs = chosen(observer.loss, model, outputs, arrays, tape.kinds(outputs))
            refuse(pairings(model, None, observer.labels, specs, outputs))
            losses, trained, ends = per_sample(specs, observer.loss_weights, model, outputs, labels)
        for added in scope.losses:
            losses = losses + keras.ops.cast(keras.ops.mean(added), losses.dtype)
        total, scale = _sum_of_each(observer, tape, losses)
        loss = keras.ops.mean(losses)
    guessed = observer.loss is None and trained
    notes = [
        Text("El modelo no dice su pérdida; se ha supuesto {loss}.", loss=type(one.loss).__name__)
        for one in trained
        if guessed
    ]
    each = losses if trained else None
    parts = recorder, loss, ends, tape, trained, tuple(notes), each, outputs, total, scale
    return Pass(*parts)


def by_its_own_loss(observer, x, y, tape) -> Pass:
    """Call the model, and the loss that its author has written for the whole batch."""
    model = observer.model
    with tape.scope(), tape:
        with Recorder(model, observer.weighted, observer.frozen, tape) as recorder:
            outputs = model(x, training=True)
        options = {"training": True} if _takes(model.compute_loss, "training") else {}
        with without_metrics(model):
            loss = model.compute_loss(x, y, outputs, None, **options)
        losses = keras.ops.broadcast_to(keras.ops.mean(loss), [keras.tree.flatten(x)[0].shape[0]])
        total, scale = _sum_of_each(observer, tape, losses)
        loss = keras.ops.mean(losses)
    ends = keras.tree.flatten(outputs)
    return Pass(recorder, loss, ends, tape, [], total=total, scale=scale)


def by_its_own_step(observer, x, y, tape) -> Pass:
    """Run the step that the author of the model has written, up to where weights would move.

    What it differentiates is what is trained: several losses, if it has several optimizers.
    """
    if keras.backend.backend() != "tensorflow":
        name = engine.BACKENDS[keras.backend.backend()]
        raise NotImplementedError(
            Text("con {name} no se mira dentro de un train_step propio", name=name)
        )
    from latido.rehearsal import rehearsed

    return rehearsed(observer, x, y, tape)


def nothing(*args, **kwargs):
    """Take the place of what would change something."""


@contextlib.contextmanager
def without_metrics(model):
    """Let a model's metrics stand as they are, built or not, until the end of the block."""
    with contextlib.ExitStack() as undo:
        for metric in model.metrics:
            replace(undo, metric, "update_state", nothing)
        yield


def _sum_of_each(observer, tape, losses):
    """Return the SUM of the losses, scaled, and its scale.

    Half precision needs its gradients away from its smallest number, 6e-8, and from its largest,
    6e4.
    """
    scale = 1.0
    if any(layer.compute_dtype == "float16" for layer in observer.weighted):
        scale = tape.scale(losses)
    return scale * keras.ops.sum(losses), scale


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

"""Find z, h and the activation of every layer with weights, while a model's pass is traced.

Nothing is rebuilt: while it is traced, and only then, the ``call`` of the model's own layers
also notes down what comes in and out.
"""

import contextlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import tensorflow as tf

from latido.layers import draws, flatten, function_name, is_activation, layers_with_weights


@dataclass(eq=False)
class Site:
    """A call of a layer with weights, with the symbolic tensors of its signals."""

    layer: keras.layers.Layer
    output: Any
    z: Any
    h: Any
    function: Callable | None = None
    kernel: Any = None
    delta: Any = None  # ∂(sum of the losses)/∂z; None where the loss does not depend on z
    gradient: Any = None  # and with respect to the kernel
    head: bool = False
    loose: bool = False  # its activation is an operation between layers
    owner: Any = None  # the layer that its activation is, if it is another one
    wall: bool = False  # its weights are frozen: it is only where other layers end


class Recorder:
    """Makes the layers of a model note what crosses them, until the end of a ``with`` block.

    Each method below takes the place of one kind of ``call``.

    Args:
        model: a built Keras model, to be called inside the block.
        weighted: its layers with trainable weights, as from ``layers_with_weights``.
        tape: gets to watch every z, so that there is a δ for it.

    Attributes:
        sites: the calls of those layers, in order, and where frozen ones begin and end.
    """

    def __init__(self, model: keras.Model, weighted: dict, tape: tf.GradientTape):
        self.sites: list[Site] = []
        self._model, self._layers, self._tape = model, weighted, tape
        self._inner = defaultdict(list)  # layer → (z, h, function) of its own activation

    def __enter__(self) -> "Recorder":
        layers = flatten(self._model)
        frozen = layers_with_weights(self._model, "non_trainable_weights")
        inside = [layer.__dict__.get("activation") for layer in self._layers]
        inside += [getattr(layer, "_softmax", None) for layer in layers]  # of attention
        with contextlib.ExitStack() as undo:
            for layer in layers:
                call = layer.__dict__.get("call", getattr(layer, "call", None))
                if layer in self._layers:
                    function = layer.__dict__.get("activation")
                    if callable(function) and function_name(function) != "linear":
                        own = partial(self._activate, layer, function)
                        _replace(undo, layer, "activation", own)
                    call = partial(self._weighted, layer, call)
                elif layer in frozen:
                    call = partial(self._frozen, layer, call)
                elif is_activation(layer) and not any(layer is one for one in inside):
                    function = layer.__dict__.get("activation", call)
                    call = partial(self._activation, layer, function, call)
                if draws(layer):
                    call = partial(self._without_chance, call)
                if call != getattr(layer, "call", None):
                    _replace(undo, layer, "call", call)
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *failure) -> None:
        self._undo.close()

    def _weighted(self, layer, call, *args, **kwargs):
        """Call a layer with weights; what it gives is z and h, but for an activation of its own."""
        inner = self._inner[layer]
        inner.clear()
        output = call(*args, **kwargs)
        # A recurrent layer returns its states too; the first is its output.
        first = tf.nest.flatten(output)[0]
        site = Site(layer, first, first, first)
        if len(inner) == 1:
            site.z, site.h, site.function = inner[0]
        self._tape.watch([site.z])
        self.sites.append(site)
        return output

    def _activate(self, layer, function, z, *args, **kwargs):
        """Call the activation function that is an argument of a layer with weights."""
        self._tape.watch(z)
        h = function(z, *args, **kwargs)
        self._inner[layer].append((z, h, function))
        return h

    def _activation(self, layer, function, call, *args, **kwargs):
        """Call an activation that is a layer, or an operation: of the last layer without one."""
        z = args[0] if args else next(iter(kwargs.values()))
        self._tape.watch(z)
        h = call(*args, **kwargs)
        free = [site for site in feeding(z, self.sites) if site.function is None]
        if free:
            site = free[-1]
            site.z, site.h, site.function = z, h, function
            site.loose = not isinstance(layer, keras.layers.Layer)
            site.owner = None if site.loose else layer
        return h

    def _frozen(self, layer, call, *args, **kwargs):
        """Call a layer whose weights stay: what comes before it does not reach behind it."""
        args, kwargs = tf.nest.map_structure(_begun_anew, (args, kwargs))
        output = call(*args, **kwargs)
        ends = [t for t in tf.nest.flatten([args, kwargs, output]) if tf.is_tensor(t)]
        self.sites.extend(Site(layer, end, end, end, wall=True) for end in ends)
        return output

    def _without_chance(self, call, *args, **kwargs):
        """Call a layer that draws at random as if nobody trained."""
        if "training" in kwargs:
            kwargs["training"] = False
        return call(*args, **kwargs)


def _replace(undo: contextlib.ExitStack, owner, name: str, new) -> None:
    """Give an object another attribute until ``undo`` is closed.

    Straight into the instance: Keras's own setattr would start to track it.
    """
    kept = owner.__dict__.get(name)
    owner.__dict__[name] = new
    if kept is None:
        undo.callback(owner.__dict__.pop, name)
    else:
        undo.callback(owner.__dict__.__setitem__, name, kept)


def feeding(tensor, sites: list[Site]) -> list[Site]:
    """Return the sites that reach ``tensor`` without crossing another one, oldest first."""
    ends = {}
    for number, site in enumerate(sites):
        for end in (site.output, site.z, site.h):
            ends.setdefault(_key(end), set()).add(number)
    reached, seen, pending = set(), set(), [tensor]
    while pending:
        current = pending.pop()
        key = _key(current)
        if key in seen:
            continue
        seen.add(key)
        if key in ends:
            reached |= ends[key]
        elif hasattr(current, "op"):
            pending.extend(current.op.inputs)
    return [sites[number] for number in sorted(reached) if not sites[number].wall]


def find_bare_activations(sites: list[Site], outputs) -> None:
    """Give to sites without an activation the bare TensorFlow one that follows them, if any.

    And take from sites a loose one that is only a part of their activation.
    """
    for site in sites:
        if site.loose and _part_of_a_larger_one(site.h.op, site, sites):
            site.z = site.h = site.output
            site.function = None
    known = {_key(site.h) for site in sites if site.function}
    alive = ancestors(tf.nest.flatten(outputs))
    for op in tf.compat.v1.get_default_graph().get_operations():
        if op.type in BARE_ACTIVATIONS and op.name in alive and _key(op.outputs[0]) not in known:
            free = [s for s in feeding(op.inputs[0], sites) if s.function is None]
            if free and not _part_of_a_larger_one(op, free[-1], sites):
                free[-1].z, free[-1].h = op.inputs[0], op.outputs[0]
                free[-1].function = BARE_ACTIVATIONS[op.type]


def ancestors(tensors) -> set[str]:
    """Return the names of the operations that these tensors depend on."""
    found, pending = set(), [t.op for t in tensors if hasattr(t, "op")]
    while pending:
        op = pending.pop()
        if op.name not in found:
            found.add(op.name)
            pending += [t.op for t in op.inputs]
    return found


def _part_of_a_larger_one(op, site: Site, sites: list[Site]) -> bool:
    """Tell whether what goes around ``op`` meets its result again: x·sigmoid(x) is no sigmoid."""
    others = {_key(other.output) for other in sites if other is not site}

    def reached(tensors, without=None):
        found, pending = set(), list(tensors)
        while pending:
            tensor = pending.pop()
            for user in tensor.consumers():
                if user.name != without and user.name not in found:
                    found.add(user.name)
                    pending += [t for t in user.outputs if _key(t) not in others]
        return found

    return not reached(op.outputs).isdisjoint(reached([site.output], without=op.name))


#: TensorFlow operation → function, for models that call it outside of any layer.
BARE_ACTIVATIONS = {
    "Relu": tf.nn.relu,
    "Relu6": tf.nn.relu6,
    "Elu": tf.nn.elu,
    "Selu": tf.nn.selu,
    "Sigmoid": tf.nn.sigmoid,
    "Tanh": tf.nn.tanh,
    "Softplus": tf.nn.softplus,
    "Softsign": tf.nn.softsign,
}


def returnable(sites: list[Site], samples: int) -> list[Site]:
    """Keep the sites whose tensors belong to this pass, and not to a loop inside it.

    Their first axis counts samples, or positions in samples; that of an embedded position
    counts neither.
    """
    graph = tf.compat.v1.get_default_graph()
    return [
        site
        for site in sites
        if not site.wall
        and site.z.graph is graph
        and site.z.dtype.is_floating
        and (site.z.shape[0] or samples) % samples == 0
    ]


def connected(sites: list[Site], outputs) -> list[Site]:
    """Drop the sites that the loss does not depend on; mark the heads among the others.

    Raises:
        ValueError: none is left.
    """
    sites = [site for site in sites if site.delta is not None and site.gradient is not None]
    if not sites:
        raise ValueError("no se puede mirar dentro de ninguna capa de este modelo")
    for output in tf.nest.flatten(outputs):
        for site in feeding(output, sites):
            site.head = True
    return sites


def _begun_anew(tensor):
    """Return a tensor of its own with the same values; anything else as it is."""
    if not tf.is_tensor(tensor):
        return tensor
    new = tf.identity(tensor)
    if (mask := getattr(tensor, "_keras_mask", None)) is not None:
        new._keras_mask = mask
    return new


def _key(tensor) -> tuple:
    op = getattr(tensor, "op", None)
    return (id(tensor),) if op is None else (id(tensor.graph), op.name, tensor.value_index)


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

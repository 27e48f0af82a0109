"""Find z, h and the activation of every layer with weights, while a model's pass is traced.

Nothing is rebuilt: while it is traced, and only then, the ``call`` of the model's own layers
also notes down what comes in and out.
"""

import contextlib
import re
from collections import defaultdict
from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras

from latido import engine
from latido.flow import Flow, key
from latido.layers import draws, flatten, function_name, is_activation, recurrences


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
    met: int | None = None  # which call of an activation gave it its own
    bare: bool = False  # its activation is an operation that only the graph shows
    wall: bool = False  # it is only where the calls of layers with weights begin
    frozen: bool = False
    entries: tuple = ()  # what comes in
    exits: tuple = ()  # what comes out beside ``output``
    probe: Any = None  # zeros that were added to h, if δ is to be had there
    recurrent: bool = False
    backwards: bool = False  # it reads its sequence from the end
    several: bool = False  # it has called its activation more than once
    side_by_side: bool = False  # its tensors hold several calls, along their second axis

    @property
    def ends(self) -> tuple:
        """The tensors at which a walk from later layers arrives here."""
        return (self.output, self.z, self.h, *self.exits)

    @property
    def source(self):
        """What the loss is differentiated by to get δ."""
        return self.z if self.probe is None else self.probe


class Recorder:
    """Makes the layers of a model note what crosses them, until the end of a ``with`` block.

    Each method below takes the place of one kind of ``call``.

    Args:
        model: a built Keras model, to be called inside the block.
        weighted: its layers with trainable weights, as from ``layers_with_weights``.
        frozen: its layers with weights that are not trained.
        tape: gets to watch every z, so that there is a δ for it (``latido.engine``).

    Attributes:
        sites: the calls of those layers, in order, and where they begin.
        later: what is to be ``settled`` once the graph can be read.
    """

    def __init__(self, model: keras.Model, weighted: dict, frozen: dict, tape):
        self.sites: list[Site] = []
        self.later: list[Meeting] = []
        self._met = 0
        self._model, self._layers, self._still, self._tape = model, weighted, frozen, tape
        # Layer → (z, h, function) of its own activation
        self._inner: defaultdict = defaultdict(list)

    def __enter__(self) -> "Recorder":
        layers = flatten(self._model)
        loops = {id(rnn.cell): rnn for rnn in recurrences(layers)}
        inside = [_activation_of(layer) for layer in (*self._layers, *self._still)]
        inside += [getattr(layer, "_softmax", None) for layer in layers]  # of attention
        with contextlib.ExitStack() as undo:
            for layer in layers:
                call = layer.__dict__.get("call", getattr(layer, "call", None))
                if draws(layer):
                    call = partial(self._without_chance, call)
                if id(layer) in loops and (layer in self._layers or layer in self._still):
                    rnn = loops[id(layer)]
                    replace(undo, rnn, "inner_loop", partial(self._loop, rnn, rnn.inner_loop))
                elif layer in self._layers or layer in self._still:
                    function = _activation_of(layer)
                    if callable(function) and function_name(function) != "linear":
                        own = partial(self._activate, layer, function)
                        replace(undo, layer, "activation", own)
                    call = partial(self._weighted, layer, call)
                elif is_activation(layer) and not any(layer is one for one in inside):
                    function = layer.__dict__.get("activation", call)
                    call = partial(self._activation, layer, function, call)
                if call != getattr(layer, "call", None):
                    replace(undo, layer, "call", call)
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *failure) -> None:
        self._undo.close()

    def _weighted(self, layer, call, *args, **kwargs):
        """Call a layer with weights; what it gives is z and h, but for an activation of its own."""
        inner = self._inner[layer]
        inner.clear()
        entries = self._tensors([args, kwargs])
        args, kwargs = keras.tree.map_structure(_begun_anew, (args, kwargs))
        for begin in self._tensors([args, kwargs]):
            # What is inside does not belong to what comes before.
            self.sites.append(Site(layer, begin, begin, begin, wall=True))
        output = call(*args, **kwargs)
        # A recurrent layer returns its states too; the first is its output.
        first, *others = keras.tree.flatten(output)
        watched, node = first, self._tape.node(first)
        site = Site(layer, node, node, node, frozen=layer in self._still)
        site.entries, site.exits = entries, self._tensors(others)
        if len(inner) == 1:
            watched, h, site.function = inner[0]
            site.z, site.h = self._tape.node(watched), self._tape.node(h)
        site.several = len(inner) > 1
        if not inner and self._tape.live:
            _ending_in_an_activation(site)
            watched = watched if site.function is None else self._tape.value(site.z)
        # At a frozen one there is a δ only if something before it is trained.
        if not site.frozen and keras.ops.is_tensor(watched):
            self._tape.watch(watched)
        self.sites.append(site)
        return output

    def _tensors(self, part) -> tuple:
        return tuple(self._tape.node(t) for t in keras.tree.flatten(part) if keras.ops.is_tensor(t))

    def _activate(self, layer, function, z, *args, **kwargs):
        """Call the activation function that is an argument of a layer with weights."""
        if layer not in self._still:
            self._tape.watch(z)
        h = function(z, *args, **kwargs)
        self._inner[layer].append((z, h, function))
        return h

    def _activation(self, layer, function, call, *args, **kwargs):
        """Call an activation that is a layer, or an operation: of the last layer without one."""
        z = args[0] if args else next(iter(kwargs.values()))
        node = self._tape.node
        met = Meeting(layer, function, node(z), z, len(self.sites), self._met)
        self._met += 1
        free = self._free(met) if self._tape.live else []
        if not (free and free[-1].frozen):
            self._tape.watch(z)
        h = call(*args, **kwargs)
        met.h = node(h)
        if self._tape.live:
            _settle(met, free)
        else:
            self.later.append(met)
        return h

    def _free(self, met: "Meeting") -> list[Site]:
        before = self.sites[: met.before]
        return [site for site in feeding(met.z, before) if site.function is None]

    def settle(self) -> None:
        """Give to the sites the activations that could not be told while the pass was made."""
        if self._tape.live:
            return
        later = iter([*self.later, Meeting(None, None, None, None, len(self.sites), self._met)])
        met = next(later)
        for number in range(len(self.sites) + 1):
            while met.layer is not None and met.before <= number:
                _settle(met, self._free(met))
                met = next(later)
            site = self.sites[number] if number < len(self.sites) else None
            if site and not (site.wall or site.recurrent or site.function or site.several):
                _ending_in_an_activation(site)

    def _loop(self, rnn, call, sequences, initial_state, mask, training=False):
        """Run a recurrent layer so that every step of its loop is seen.

        Its sequence carries zeros along, which each step adds to its output: their gradient is
        the δ of that step. And what a step gives out is its h beside its z.
        """
        cell, steps = rnn.cell, []
        frozen = cell in self._still
        shape, units = keras.ops.shape(sequences), cell.output_size
        zeros = keras.ops.zeros([shape[0], shape[1], units], sequences.dtype)
        if not frozen:
            self._tape.watch(zeros)
        with contextlib.ExitStack() as undo:
            function = _activation_of(cell)
            # Keras on JAX repeats the first state where the output is masked: it must be as wide.
            like_state = mask is not None and keras.backend.backend() == "jax"
            own = type(cell).__module__.startswith("keras.")
            wide = units if like_state and own and callable(function) else 0
            if callable(function) and (wide or not like_state):
                noted = partial(_note, steps, function)
                replace(undo, cell, "activation", noted)
            begun = partial(_moment, steps, sequences.shape[-1], wide, cell.call)
            replace(undo, cell, "call", begun)
            for name in ("return_sequences", "use_cudnn"):
                if hasattr(rnn, name):
                    replace(undo, rnn, name, name == "return_sequences")
            if wide:
                first, *others = initial_state
                initial_state = [keras.ops.concatenate([first, first], axis=-1), *others]
            joined = keras.ops.concatenate([sequences, zeros], axis=-1)
            undo.enter_context(self._tape.loop())
            last, seen, states = call(joined, initial_state, mask, training=training)
        last, outputs = last[..., :units], seen[..., :units]
        if wide:
            states = [states[0][..., :units], *states[1:]]
        z = seen[..., units:] if seen.shape[-1] > units else outputs
        node = self._tape.node
        site = Site(cell, node(outputs), node(z), node(outputs), frozen=frozen, recurrent=True)
        site.function = function if seen.shape[-1] > units else None
        site.probe, site.exits = node(zeros), self._tensors((last, states))
        site.entries, site.backwards = (node(sequences),), rnn.go_backwards
        self.sites.append(site)
        return last, outputs, states

    def _without_chance(self, call, *args, **kwargs):
        """Call a layer that draws at random as if nobody trained."""
        if "training" in kwargs:
            kwargs["training"] = False
        return call(*args, **kwargs)


def _activation_of(layer):
    """Return the activation that is an argument of a layer; None if there is none."""
    # One that is a layer, too, PyTorch keeps apart.
    apart = layer.__dict__.get("_modules")
    found = layer.__dict__.get("activation")
    return apart.get("activation") if found is None and isinstance(apart, dict) else found


def _note(steps: list, function, z):
    """Note what enters the activation of a recurrent cell, at its first use in a step."""
    steps.append(z)
    return function(z)


def _moment(steps: list, width: int, wide: int, call, inputs, states, *args, **kwargs):
    """Make one step of a recurrent cell, with the zeros that its inputs carry along.

    ``wide``: the units of its first state, if that is as wide as what is given out; or else 0.
    """
    steps.clear()
    if wide:
        states = [states[0][..., :wide], *states[1:]]
    h, states = call(inputs[..., :width], states, *args, **kwargs)
    moved = h + inputs[..., width:]
    states = keras.tree.map_structure(lambda state: moved if state is h else state, states)
    given = keras.ops.concatenate([moved, *steps[:1]], axis=-1)
    return given, [given, *states[1:]] if wide else states


def _ending_in_an_activation(site: Site) -> None:
    """Find the activation with which a layer of one's own ends, if that is one operation."""
    op = getattr(site.output, "op", None)
    while op is not None and op.type in ("Identity", "Cast") and op.inputs:
        op = op.inputs[0].op
    endings = engine.ENDINGS
    if op is not None and op.type in endings and op.outputs[0].shape == site.output.shape:
        site.z, site.h, site.function = op.inputs[0], site.output, endings[op.type]
        site.bare = True


@dataclass(eq=False)
class Meeting:
    """A call of an activation that is a layer, or an operation, of one's own.

    ``before``: how many sites there were; ``number``: how many such calls.
    """

    layer: Any
    function: Callable | None
    z: Any
    h: Any
    before: int
    number: int


def _settle(met: Meeting, free: list[Site]) -> None:
    """Give an activation to the last of the sites that lead to it without one."""
    if free:
        site = free[-1]
        site.z, site.h, site.function, site.met = met.z, met.h, met.function, met.number
        site.loose = not isinstance(met.layer, keras.layers.Layer)
        site.owner = None if site.loose else met.layer


def replace(undo: contextlib.ExitStack, owner, name: str, new) -> None:
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
    ends: dict = {}
    for number, site in enumerate(sites):
        for end in site.ends:
            ends.setdefault(key(end), set()).add(number)
    reached, seen, pending = set(), set(), [tensor]
    while pending:
        current = pending.pop()
        here = key(current)
        if here in seen:
            continue
        seen.add(here)
        if here in ends:
            reached |= ends[here]
        elif hasattr(current, "op"):
            pending.extend(current.op.inputs)
    return [sites[number] for number in sorted(reached) if not sites[number].wall]


def find_bare_activations(sites: list[Site], outputs, graph) -> None:
    """Give to sites without an activation the bare one of the backend that follows, if any.

    And take from sites a loose one that is only a part of their activation.
    """
    for site in sites:
        if site.loose and _part_of_a_larger_one(site.h.op, site, sites):
            site.z = site.h = site.output
            site.function = site.met = None
    known = {key(site.h) for site in sites if site.function}
    # Outside of any layer a softmax is a part of attention.
    bare = {kind: function for kind, function in engine.ENDINGS.items() if kind != "Softmax"}
    alive = ancestors(keras.tree.flatten(outputs))
    for op in graph.get_operations():
        if op.type in bare and op.name in alive and key(op.outputs[0]) not in known:
            free = [s for s in feeding(op.inputs[0], sites) if s.function is None]
            if free and not _part_of_a_larger_one(op, free[-1], sites):
                free[-1].z, free[-1].h = op.inputs[0], op.outputs[0]
                free[-1].function, free[-1].bare = bare[op.type], True


def scope_of(operation: str, names: Container[str]) -> str:
    """Return the innermost layer in whose scope an operation lies, of these; "" if in none.

    Args:
        operation: its full name, "body/dense_1/Relu".
        names: of the layers.
    """
    for part in reversed(operation.split("/")[:-1]):
        # Keras opens the scope of a layer twice in a call, and TensorFlow numbers the second: what
        # happens in "dense" lies in "dense_1", and in "dense_1_1" if the layer is called "dense_1".
        for name in (re.sub(r"_\d+$", "", part), part):
            if name in names:
                return name
    return ""


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
    others = {key(other.output) for other in sites if other is not site}

    def reached(tensors, without=None):
        found, pending = set(), list(tensors)
        while pending:
            tensor = pending.pop()
            for user in tensor.consumers():
                if user.name != without and user.name not in found:
                    found.add(user.name)
                    pending += [t for t in user.outputs if key(t) not in others]
        return found

    return not reached(op.outputs).isdisjoint(reached([site.output], without=op.name))


def why_not(site: Site, flow: Flow) -> str:
    """Return why the signals of a site can't be had (a key of SKIPPED); "" if they can."""
    if not (hasattr(site.z, "graph") and site.z.dtype.is_floating and len(site.z.shape) > 1):
        return "odd"
    if site.z.graph is not flow.graph:
        return "loop"
    if not flow.sees_the_input(site.output):
        return "blind"
    return "" if flow.influences(site) else "idle"


def mark_places(sites: list[Site], outputs) -> None:
    """Mark the heads: the sites from which an output comes without crossing another one."""
    for output in keras.tree.flatten(outputs):
        for site in feeding(output, sites):
            site.head = True


def joined(sites: list[Site], flow: Flow, tape) -> list[Site]:
    """Make one of the calls of a layer that stand side by side (in time, or for two inputs).

    And of those that follow one another, if they are many: a loop that someone wrote out.
    """
    calls = defaultdict(list)
    for site in sites:
        shape = tuple(site.z.shape), tuple(site.h.shape), site.delta is None
        calls[id(site.layer), id(site.function), str(shape)].append(site)
    kept: dict = {}
    for several in calls.values():
        apart = len(several) <= MANY and any(
            flow.depends(tensor, several[0]) for site in several[1:] for tensor in site.entries
        )
        if len(several) == 1 or apart:
            kept |= {id(site): site for site in several}
            continue
        one = several[0]
        kept[id(one)] = one
        one.head = any(site.head for site in several)
        one.entries = sum((site.entries for site in several), ())
        one.exits = sum((site.ends for site in several), ())
        for name in ("z", "h", "delta"):
            values = [tape.value(getattr(site, name)) for site in several]
            if values[0] is not None:
                setattr(one, name, keras.ops.stack(values, axis=1))
        one.side_by_side = True
    return [kept[id(site)] for site in sites if id(site) in kept]


#: So many calls of one layer are looked at one by one, if each feeds the next.
MANY = 8


def _begun_anew(tensor):
    """Return a tensor of its own with the same values; anything else as it is."""
    if not keras.ops.is_tensor(tensor):
        return tensor
    new = engine.identity(tensor)
    if (mask := engine.mask_of(tensor)) is not None:
        engine.set_mask(new, mask)
    return new


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

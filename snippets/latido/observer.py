"""See inside ANY Keras model: z, h and δ of every layer with weights, in one pass.

Two things make it work. ``latido.tracing`` finds the signals while the pass is traced. And
everything runs inside ``keras.StatelessScope``, so that no seed advances and no moving average
moves: the training goes on as if nobody had looked. The pass is that of a training, with batch
statistics wherever the model would take them; only layers that draw at random (Dropout) are off.
"""

import dataclasses
import functools
import math
from collections import Counter, defaultdict
from collections.abc import Callable

import keras
import numpy as np

from latido import engine
from latido.batch import fixed_size
from latido.chance import constant_losses
from latido.contract import Breach, checked, pairings, refuse
from latido.dangers import dangers, written_by
from latido.engine import check_backend, check_model
from latido.flow import Flow
from latido.heads import multiplies
from latido.initializers import kernels_of
from latido.layers import (
    RESCALING,
    channels,
    fans,
    flatten,
    frozen_layers,
    function_name,
    kind_of,
    layers_with_weights,
    recurrences,
    unique_names,
)
from latido.losses import check_labels, fits, labels_of, weights_of
from latido.measures import OnDevice, OnHost, duplicates, input_rms, numbers_of, rms
from latido.saved import reason
from latido.snapshot import SKIPPED, STATISTICS, LayerSignals, Snapshot
from latido.tracing import (
    feeding,
    find_bare_activations,
    joined,
    mark_places,
    scope_of,
    why_not,
)
from latido.ways import by_its_outputs, optimizers_of, ways_of
from latido.words import Text, chained

#: A look may take so many bytes; it takes fewer samples if it would be more. Measured on images
#: of 224 × 224, it takes 0.4 to 0.9 of what all operations of the forward pass give out.
MEMORY = 4 * 2**30
#: More than the batch of ``fit`` only while that asks for so few: a look holds of each layer what a
#: training step lets go. ResNet50 at 64 × 64 took 2.1 GiB with 64 samples, and a step 1.4.
LIGHT, BATCH = 2**29, 32

#: So many looks are made before the pass is compiled, where it can be made at once. Of the book's
#: network such a look takes 0.034 s of processor, one compiled 0.007, and to compile it 0.35.
AT_ONCE = 12

#: Layers of a kind are measured together while so many numbers of each signal are; larger ones
#: one by one, or they would be copied for nothing. An early look at the book's network takes 35 ms
#: of processor, and 42 with 2**20: what is larger than a cache is slow.
TOGETHER = 2**16
#: A layer with signals of more numbers is not measured on the host, where others are at once.
ON_HOST = 2**20


class Observer:
    """Looks at one model as often as wanted; compiled once, if that is often.

    Args:
        model: any built Keras model.
        loss: a Keras loss, its name, or a list or dict of them for several outputs. By
            default, that of the compiled model, or else the one that fits head and labels.
        values: whether to also return every z, h, δ and ∂L/∂W.

    Attributes:
        given: the loss, if one was.
        trained: the outputs that have a loss, after the first look.
        kinds: the operation that makes each output, after the first look; None before it.
        weighted, frozen: layer → its matrix of weights, if it is trained, and if not.

    Raises:
        ValueError: the model has no weights yet, or none that can be trained. A look raises
            it for data that do not fit the model. In one line.
    """

    def __init__(self, model: keras.Model, loss=None, *, values: bool = False):
        check_backend()
        check_model(model)
        if not (model.built or model.weights):
            raise ValueError(
                Text("el modelo aún no tiene pesos: llámalo una vez con datos, o dale un Input")
            )
        if not model.trainable_weights:
            raise ValueError(
                Text("el modelo no tiene pesos entrenables: no hay nada que diagnosticar")
            )
        self.model = model
        self.given = loss
        own = loss is None
        self.loss = getattr(model, "loss", None) if own else loss
        self.loss_weights = weights_of(model) if own else None
        self.values = values
        self._breaches: tuple[Breach, ...] = ()
        self.weighted = layers_with_weights(model)
        if not self.weighted:
            raise ValueError(Text("ninguna capa entrenable tiene una matriz de pesos"))
        self.frozen = frozen_layers(model, self.weighted)
        layers = flatten(model)
        # A cell is known by the name of the layer that repeats it.
        owners = {rnn.cell: rnn for rnn in recurrences(layers)}
        named = {layer: owners.get(layer, layer) for layer in (*self.weighted, *self.frozen)}
        names = unique_names([*named.values()])
        self._names = {layer: names[owner] for layer, owner in named.items()}
        self._rescaled = any(isinstance(layer, RESCALING) for layer in layers)
        self._tokens = any(isinstance(layer, keras.layers.Embedding) for layer in layers)
        self._ways = ways_of(model, not own)
        self._traced: dict[str, Callable] = {}
        self._most: int | None = None
        self._sample_bytes = bytes_of_a_sample(model)
        self._at_once = engine.at_once(model) if self._ways == [by_its_outputs] else None
        self._plan: list[tuple] | None = None
        self._looks = 0
        self._born = functools.cache(kernels_of)
        self._numbers: dict[tuple, Callable] = {}
        self.kinds: list | None = None

    def __call__(self, x, y, step: int = 0) -> Snapshot:
        """Return what the batch leaves behind in the model as it stands.

        Args:
            x, y: as ``model.fit`` takes them: arrays (samples, …), or lists or dicts of them.
            step: training steps taken so far, to be noted in the result.
        """
        _check_inputs(self.model, x)
        if not self._traced and self._ways == [by_its_outputs]:
            self._breaches = checked(self.model, x, y, self.loss)
        given = len(keras.tree.flatten(x)[0])
        fitting = self._fitting(given, given * self._sample_bytes)
        if self._most is None and fitting < given:
            self._most = fitting
        x, y = first_of(self._most, x, y)
        parts: list = []  # in the order in which they are put back: on PyTorch flatten has another
        keras.tree.map_structure(parts.append, (x, y))
        parts = [part for part in parts if part is not None]
        tensors = [keras.ops.convert_to_tensor(part) for part in parts]
        key = str([(tensor.shape, tensor.dtype) for tensor in tensors])
        with engine.looking(self.model):
            found = self._without_a_graph(x, y, tensors)
            if found is None and key not in self._traced:
                self._traced[key] = self._trace(x, y, tensors)
                fitting = self._fitting(len(tensors[0]), self._bytes)
                if fitting < len(tensors[0]) and self._most is None:
                    self._most = fitting
                    return self._noting_what_fits(self(x, y, step), given)
            if self._outputs is not None and not self._looks:
                self._breaches = checked(self.model, x, y, *self._promised())
            self._looks += 1
            self.check_labels(y)
            if found is None:
                found = self._traced[key](*tensors)
        result = keras.tree.map_structure(keras.ops.convert_to_numpy, found)
        rows: dict[int, list] = {}
        same: dict[int, float] = {}
        for i, row, marks in zip(*map(result.get, ("members", "rows", "marks")), strict=True):
            rows |= dict(zip(i.tolist(), row.tolist(), strict=True))
            same |= dict(zip(i.tolist(), duplicates(marks), strict=True))
        layers = []
        for i, fixed in enumerate(self._fixed):
            numbers: dict = dict(zip(STATISTICS, rows[i], strict=True))
            numbers["finite"] = bool(numbers["finite"])
            numbers["duplicate_fraction"] = float(same[i])
            numbers |= dict.fromkeys(self._unknown[i], float("nan"))
            values = {k: v[i] for k, v in result["values"].items()}
            layers.append(LayerSignals(**fixed, **numbers, values=values))
        optimizer = next(iter(optimizers_of(self.model)), None)
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # inside a loss scale
        answers = labels_of(self.loss, self.model, y) if self.trained else []
        constants = [
            one.constant(labels) for one, labels in zip(self.trained, answers, strict=True)
        ]
        seen = Snapshot(
            step,
            tuple(layers),
            float(result["loss"]),
            sum(constants) if constants else float("nan"),
            0.0 if self._rescaled else input_rms(x, self._tokens),
            optimizer=type(optimizer).__name__ if optimizer else "",
            learning_rate=number(optimizer.learning_rate) if optimizer else float("nan"),
            normalized=self._normalized,
            skipped=dict(self.skipped),
            breaches=self._breaches,
            dangers=self._dangers,
            label_rms=max(
                (
                    rms(labels) if one.quantities else 0.0
                    for one, labels in zip(self.trained, answers, strict=True)
                ),
                default=0.0,
            ),
            cuts=dict(self._cuts),
            samples=len(keras.tree.flatten(x)[0]),
            notes=self._notes,
            losses=result.get("losses"),
            constant_losses=constant_losses(self.trained, answers),
            settings=settings_of(optimizer),
        )
        return self._noting_what_fits(seen, given)

    def check_labels(self, y) -> None:
        """Raise ValueError if labels (any number of them) have values that the loss can't take.

        Possible after the first look, which chooses the loss.
        """
        if self._outputs is not None:
            refuse(pairings(self.model, None, y, *self._promised()))
        if self.trained:
            answers = labels_of(self.loss, self.model, y)
            for one, labels in zip(self.trained, answers, strict=True):
                check_labels(one.loss, one.classes, np.asarray(labels))

    def _promised(self) -> tuple:
        """Return the losses, also those that were chosen, and the outputs, as they were traced."""
        losses = self.loss
        return ([one.loss for one in self.trained] if losses is None else losses), self._outputs

    def kernels(self) -> list[np.ndarray | None]:
        """Return a copy of the weights of each layer, in the order of ``Snapshot.layers``.

        None for those that are frozen.
        """
        with engine.looking(self.model):
            return [
                None if site.frozen else np.array(self.weighted[site.layer].numpy())
                for site in self._sites
            ]

    def kernel_of(self, layer):
        """Return the matrix of weights of a layer, trained or frozen."""
        return self.weighted.get(layer, self.frozen.get(layer))

    # --- the traced pass ------------------------------------------------------------------

    def _without_a_graph(self, x, y, tensors: list) -> dict | None:
        """Return what a pass leaves behind that is made at once; None if it must be compiled."""
        if self._at_once is None or self._looks >= AT_ONCE:
            return None
        self.labels = y
        x, y = _packed(x, y, tensors)
        try:
            if self._plan:
                signals = self._again(self._at_once.again, self._plan, x, y)
            else:
                signals = self._pass(by_its_outputs, x, y, self._at_once)
            with np.errstate(all="ignore"):
                return self._measured(signals, len(tensors[0]))
        except Exception:  # compiled, it may work, or fail for the same reason
            self._at_once = None
            return None

    def _trace(self, x, y, tensors: list):
        """Return the compiled pass, by the first way of running the model that works."""
        self.labels = y
        errors, samples = [], len(tensors[0])
        for way in self._ways:

            def signals(*parts, way=way):
                return self._pass(way, *_packed(x, y, parts), engine.Tape)

            def measured(found):
                return self._measured(found, samples, engine.program)

            try:
                traced = engine.compiled(self, signals, measured, tensors)
            except Exception as error:  # of the author's code, with data that are not his
                errors.append(error)
                continue
            self._notes += tuple(
                Text(
                    "Lo que este modelo hace para entrenarse no se puede repetir ({reason}); se "
                    "mira con la pérdida de compile, o con la que encaja.",
                    reason=reason(error),
                )
                for error in errors[:1]
            )
            return traced
        raise errors[0 if len(errors) > 1 and isinstance(errors[-1], NotImplementedError) else -1]

    def _pass(self, way, x, y, tape):
        tape = tape(self.model)
        run = tape.run(way, self, x, y)
        tape = run.tape
        run.recorder.settle()
        sites = [site for site in run.recorder.sites if not site.wall]
        find_bare_activations(run.recorder.sites, run.ends, tape.graph)
        flow = Flow(sites, x, run.loss, tape)
        mark_places(run.recorder.sites, run.ends)
        why = {site: why_not(site, flow) or self._unread(site, tape) for site in sites}
        sites = [site for site in sites if not why[site]]
        for site in sites:
            site.kernel = tape.weights(self.kernel_of(site.layer))
        learning = [site for site in sites if flow.learns(site)]
        tape.keep([run.loss, run.losses, run.total, run.scale, *_needed(sites)])
        run.differentiate(learning, self.kernel_of, keras.tree.flatten(x)[0].shape[0])
        self._bytes, self.trained, self._notes = flow.size, run.trained, run.notes
        self._outputs = run.outputs if run.trained else None
        ends = [] if run.outputs is None else keras.tree.flatten(run.outputs)
        self.kinds = [end.op.type if hasattr(end, "op") else "" for end in ends]
        self._dangers = dangers([run.loss], *written_by(self.model, run.trained))
        self._cuts = {self._names[s.layer]: cut for s in sites if (cut := self._cut(flow, s))}
        sites = joined(sites, flow, tape)
        self._sites = [
            site for site in sites if site.frozen or site.delta is not None or flow.cut(site)
        ]
        seen = {site.layer for site in self._sites}
        reasons = {site.layer: reason or "lost" for site, reason in why.items()}
        self.skipped = {
            self._names[layer]: SKIPPED[reasons.get(layer, "uncalled")]
            for layer in self.weighted
            if layer not in seen
        }
        if not self._sites:
            raise ValueError(
                Text(
                    "no se puede mirar dentro de ninguna capa de este modelo: {layers}",
                    layers=chained(
                        "; ",
                        [
                            Text("«{name}» {why}", name=name, why=why)
                            for name, why in self.skipped.items()
                        ],
                    ),
                )
            )
        self._normalized = flow.normalizes()
        self._unknown = [_fill(site) for site in self._sites]
        self._fixed = self._describe(flow, run.recorder.sites)
        found = self._left_behind(run, self._sites, tape)
        self._plan = self._planned(run, tape, learning)
        # What is known of a site stays; its tensors go as soon as they are measured.
        self._sites = [dataclasses.replace(site, **NO_TENSORS) for site in self._sites]
        tape.keep([])
        return found

    def _planned(self, run, tape, learning: list) -> list[tuple] | None:
        """Return where a pass has the tensors of each site, and whether it has a δ: for the next.

        None if only the notes of a pass tell.
        """
        if not tape.repeatable or any(site.bare or site.side_by_side for site in self._sites):
            return None
        places = {id(site): i for i, site in enumerate(run.recorder.sites)}
        learns = {id(site) for site in learning}
        return [(places[id(site)], site.met, id(site) in learns) for site in self._sites]

    def _again(self, tape, plan: list[tuple], x, y) -> dict:
        """Make a pass as the one before, of which it is known who is who."""
        tape = tape(self.model, self.kinds)
        run = tape.run(by_its_outputs, self, x, y)
        sites, learning = [], []
        for place, met, learns in plan:
            site = run.recorder.sites[place]
            if met is not None:
                site.z, site.h = run.recorder.later[met].z, run.recorder.later[met].h
            site.kernel = tape.weights(self.kernel_of(site.layer))
            sites.append(site)
            learning += [site] * learns
        run.differentiate(learning, self.kernel_of, keras.tree.flatten(x)[0].shape[0])
        for site in sites:
            _fill(site)
        return self._left_behind(run, sites, tape)

    def _left_behind(self, run, sites: list, tape) -> dict:
        """Return what is measured of a pass: the tensors of its sites, its loss and its losses."""
        losses = {} if run.losses is None else {"losses": tape.value(run.losses)}
        layers = [self._tensors_of(site, tape) for site in sites]
        return {"layers": layers, "loss": tape.value(run.loss), **losses}

    def _tensors_of(self, site, tape) -> list:
        """Return z, h, kernel, δ, ∂L/∂W and, if there is one, the bias of a site."""
        bias = getattr(site.layer, "bias", None)
        tensors = [tape.value(t) for t in (site.z, site.h, site.kernel, site.delta, site.gradient)]
        return tensors + ([tape.weights(bias)] if hasattr(bias, "value") else [])

    def _unread(self, site, tape) -> str:
        """Return why a site is left out (a key of SKIPPED) if its layer has no use for its weights.

        No gradient reaches them, and there is nothing to mend.
        """
        return "" if tape.reads(self.kernel_of(site.layer)) else "unread"

    def _cut(self, flow, site) -> Text | str:
        """Say which operation takes the gradient from a site; "" if none does."""
        if site.frozen:
            return ""
        found = flow.cut(site)
        if not found:
            own = site.gradient is None and site.delta is not None
            name = self._names[site.layer]
            within = Text("una operación sin derivada dentro de «{layer}»", layer=name)
            return within if own else ""
        operation, scope = Text(found[0]), found[1]
        names = {layer.name for layer in flatten(self.model)} - {self.model.name}
        where = scope_of(scope, names)
        inside = Text("{operation}, en «{where}»", operation=operation, where=where)
        return inside if where else operation

    def _describe(self, flow, sites) -> list[dict]:
        """Return what does not change from look to look: names, activations, sizes, places."""
        last = {
            id(before)
            for site in self._sites
            if site.head
            for begin in site.entries
            for before in feeding(begin, sites)
        }
        calls: Counter = Counter()
        found: list[dict] = []
        for site in self._sites:
            calls[site.layer] += 1
            again = calls[site.layer]
            suffix = f" ({again})" if again > 1 else ""  # a layer that the model calls twice
            found.append(
                {
                    "name": self._names[site.layer] + suffix,
                    "activation": function_name(site.function),
                    "head": site.head,
                    "frozen": site.frozen,
                    "normalized": flow.normalized(site),
                    "gate": flow.is_gate(site),
                    "first": flow.is_first(site),
                    "last": id(site) in last,
                    "size": int(np.prod(site.kernel.shape)),
                    **fans(site.layer, site.kernel.shape),
                    "kind": kind_of(site.layer),
                    "kernels": self._born(site.layer),
                    "owner": getattr(site.owner, "name", ""),
                    "factor": multiplies(site.h, function_name(site.function)),
                }
            )
        return found

    def _measured(self, found: dict, samples: int, program=None) -> dict:
        """Return the numbers of a look, from the tensors of its pass.

        ``program`` compiles a function; without one, small layers are measured on the host.

        Kind by kind, ``members``: which layers they are; ``rows``: the STATISTICS of each,
        (layers, statistics); ``marks``: of their units.
        """
        layers = found.pop("layers")
        values = self._all_values(layers) if self.values else {}
        kinds = defaultdict(list)
        for i, (site, tensors) in enumerate(zip(self._sites, layers, strict=True)):
            shapes = str([(tensor.shape, tensor.dtype) for tensor in tensors])
            kind = site.recurrent, site.backwards, site.side_by_side
            key = id(site.function), type(site.layer), channels(site.layer), kind, shapes
            kinds[key].append(i)
        measured, rows, marks = [], [], []
        for key, members in kinds.items():
            site = self._sites[members[0]]
            size = max(math.prod(n or 1 for n in t.shape) for t in layers[members[0]])
            many, host = max(1, TOGETHER // size), program is None and size <= ON_HOST
            known = key, samples, program
            if known not in self._numbers:
                numbers = numbers_of(site, samples, OnHost() if host else OnDevice())
                self._numbers[known] = program(numbers) if program else numbers
            for start in range(0, len(members), many):
                some = members[start : start + many]
                parts = zip(*[layers[i] for i in some], strict=True)
                stacked = [_stacked(part, host) for part in parts]
                for i in some:
                    layers[i] = None
                row, mark = self._numbers[known](*stacked)
                rows.append(row)
                marks.append(mark)
                measured.append(np.array(some))
        return {"members": measured, "rows": rows, "marks": marks, **found, "values": values}

    def _all_values(self, layers) -> dict[str, list]:
        """Return every z, h, δ and ∂L/∂W, flat, layer by layer."""
        places = {"z": 0, "h": 1, "delta": 3, "weight_gradient": 4}
        return {
            name: [keras.ops.reshape(keras.ops.cast(t[i], "float32"), [-1]) for t in layers]
            for name, i in places.items()
        }

    # --- what fits in memory --------------------------------------------------------------

    def _fitting(self, samples: int, size: float) -> int:
        """Return how many of samples of so many bytes may be looked at at a time, two or more."""
        if fixed_size(self.model):
            return samples
        each = max(size, 1) / samples
        return max(2, min(samples, int(MEMORY / each), int(max(LIGHT / each, BATCH))))

    def _noting_what_fits(self, seen: Snapshot, given: int) -> Snapshot:
        if seen.samples == given:
            return seen
        note = Text(
            "Se han mirado {seen} de {given} ejemplos: con más, una mirada pediría mucha más "
            "memoria que un paso de entrenamiento.",
            seen=seen.samples,
            given=given,
        )
        kept = [text for text in seen.notes if getattr(text, "template", "") != note.template]
        return dataclasses.replace(seen, notes=(*kept, note))


#: What the operations of a pass give out, beside what its layers do: measured, 2.1 to 3.1 times.
INSIDE = 2.5


def bytes_of_a_sample(model) -> float:
    """Return about how many bytes a forward pass gives out for a sample; 0 if that is not known."""
    shapes = [
        tensor.shape[1:]
        for layer in flatten(model)
        for node in getattr(layer, "_inbound_nodes", [])
        for tensor in node.output_tensors
        if "float" in tensor.dtype
    ]
    return 4 * INSIDE * sum(math.prod(size or 1 for size in shape) for shape in shapes)


def _packed(x, y, parts) -> tuple:
    """Return tensors in the order and the structure of x and y."""
    left = iter(parts)
    return keras.tree.map_structure(lambda a: None if a is None else next(left), (x, y))


def _stacked(tensors, host: bool):
    """Return tensors of several layers as one, along a first axis; of NumPy, on the host."""
    if host:
        return np.stack([keras.ops.convert_to_numpy(tensor) for tensor in tensors])
    if len(tensors) == 1:
        return keras.ops.expand_dims(tensors[0], 0)
    return keras.ops.stack(tensors)


#: What a site has of one pass alone.
NO_TENSORS = dict.fromkeys(("output", "z", "h", "kernel", "delta", "gradient", "probe"))
NO_TENSORS |= {"entries": (), "exits": ()}


def _needed(sites: list) -> list:
    """Return the tensors of sites that are measured, or differentiated by."""
    return [part for site in sites for part in (site.z, site.h, site.probe)]


def _fill(site) -> tuple[str, ...]:
    """Put zeros where a site has no gradient; return the numbers that are then not known."""
    unknown: tuple[str, ...] = ()
    if site.delta is None:
        site.delta = engine.double(keras.ops.zeros([1] * len(site.h.shape)))
        unknown += ("delta_norm", "delta_reach") if site.frozen else ()
    if site.gradient is None or site.frozen:
        site.gradient = engine.double(keras.ops.zeros(site.kernel.shape))
        unknown += ("weight_gradient_rms", "duplicate_fraction") if site.frozen else ()
    return unknown


def first_of(most: int | None, x, y):
    """Return at most so many samples, spread over those that are given."""
    samples = len(keras.tree.flatten(x)[0])
    if most is None or samples <= most:
        return x, y
    chosen = np.unique(np.linspace(0, samples - 1, most).astype(int))
    return keras.tree.map_structure(lambda a: None if a is None else np.asarray(a)[chosen], (x, y))


def number(variable) -> float:
    """Return the value of a variable, or of a rate that follows a schedule, as a number."""
    value = getattr(variable, "value", variable)
    copies = getattr(value, "values", None)  # one on each device
    return float(np.asarray(copies[0] if isinstance(copies, tuple | list) else value))


def settings_of(optimizer) -> dict[str, float]:
    """Return the numbers among the settings of an optimizer, without its rate."""
    try:
        config = optimizer.get_config()
    except Exception:  # none, or somebody's own that can't be written down
        return {}
    return {
        name: float(value)
        for name, value in config.items()
        if isinstance(value, int | float) and name not in ("name", "learning_rate")
    }


def _check_inputs(model, x) -> None:
    """Raise ValueError, in one line, if the data have not the model's input shape."""
    expected, given = getattr(model, "inputs", None) or [], keras.tree.flatten(x)
    if not expected:  # a subclassed model takes what it takes
        return
    if isinstance(x, dict) and all(tensor.name in x for tensor in expected):
        given = [x[tensor.name] for tensor in expected]
    if len(expected) != len(given):
        raise ValueError(
            Text(
                "entradas del modelo: {expected}; las que se han dado: {given}",
                expected=len(expected),
                given=len(given),
            )
        )
    for tensor, array in zip(expected, given, strict=True):
        shape, got = tuple(tensor.shape[1:]), tuple(np.shape(array)[1:])
        if not fits(got, shape):
            raise ValueError(
                Text(
                    "cada ejemplo de x tiene forma {got} y el modelo espera {shape}",
                    got=got,
                    shape=shape,
                )
            )


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

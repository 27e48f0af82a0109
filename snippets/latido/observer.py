"""See inside ANY Keras model: z, h and δ of every layer with weights, in one compiled pass.

``probe`` knows the book's own network and gives back whole arrays. Here the model is the
reader's, whatever it is made of, and what comes back are a few numbers per layer.

Three things make it work. While the pass is traced, and only then, the ``call`` of the
model's own layers also notes down what comes in and out: nothing is rebuilt. Everything runs
inside ``keras.StatelessScope``, so that no seed advances and no moving average moves: the
training goes on as if nobody had looked. The pass is that of a training, with batch statistics
wherever the model would take them; only layers that draw at random (Dropout) are off.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from latido.losses import check_labels, fits, labels_of, per_sample, weights_of

#: Layers that are nothing but an activation function.
ACTIVATION_LAYERS = (
    keras.layers.Activation,
    keras.layers.ReLU,
    keras.layers.LeakyReLU,
    keras.layers.PReLU,
    keras.layers.ELU,
    keras.layers.Softmax,
)

#: Layers that bring the inputs to size, with numbers that are fixed before the training.
RESCALING = (keras.layers.Normalization, keras.layers.Rescaling)

#: What the compiled pass computes of each layer, in this order.
STATISTICS = (
    "preactivation_rms",
    "activation_rms",
    "contrast",
    "delta_norm",
    "weight_gradient_rms",
    "weight_rms",
    "weight_deviation",
    "bias_mean",
    "dead_fraction",
    "saturated_fraction",
    "finite",
)


@dataclass(frozen=True)
class LayerSignals:
    """What one batch leaves behind in one layer with weights.

    z is what enters the layer's activation function, whether that is its own argument or a
    later layer's (behind a normalization or a sum, too); without one, z = h = its output.

    Attributes:
        name: of the Keras layer, with its path if two layers share the name.
        activation: name of its activation; "linear" if none was seen.
        head: whether its output is an output of the model.
        fan_in, units: inputs of one unit (0 if it is not known), and how many units.
        preactivation_rms, activation_rms: of z and h, over samples and units.
        contrast: share of E[h²] that depends on the input, E_units[Var_samples(h)]/E[h²];
            at zero the layer answers every input alike.
        delta_norm: root mean square over samples of ‖∂(loss of one sample)/∂z‖₂, the norm
            over all the units (and positions) of the layer.
        weight_gradient_rms, weight_rms: of ∂(mean loss)/∂W and of W, over all weights.
        weight_deviation: standard deviation of W.
        bias_mean: mean of the bias, 0 without one.
        dead_fraction: units whose slope φ'(z) is below a hundredth of the steepest for all
            samples (and positions), if φ is flat on one side only (relu, elu, gelu …).
        saturated_fraction: values of z whose slope is below a tenth of the steepest, if φ is
            flat on both sides (sigmoid, tanh …). NaN where it does not apply, as above.
        finite: whether z, h, δ, W and ∂L/∂W are all finite numbers.
        duplicate_fraction: units whose weights AND weight gradients equal those of another
            unit of the layer: after one step they still will.
        update_ratio: rms(ΔW)/rms(W) of one training step; NaN before it was taken.
        values: z, h, δ and ∂L/∂W as flat arrays, if they were asked for.
    """

    name: str
    activation: str
    head: bool
    fan_in: int
    units: int
    preactivation_rms: float
    activation_rms: float
    contrast: float
    delta_norm: float
    weight_gradient_rms: float
    weight_rms: float
    weight_deviation: float
    bias_mean: float
    dead_fraction: float
    saturated_fraction: float
    finite: bool
    duplicate_fraction: float
    update_ratio: float = float("nan")
    values: dict[str, np.ndarray] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Snapshot:
    """One look at a network.

    Attributes:
        step: training steps taken before it.
        layers: in the order in which the signal crosses them.
        loss: mean loss of the batch, without regularization.
        constant_loss: loss of the best answer that does not look at the input; NaN if the
            loss function is none of those for which it is known.
        input_rms: largest root mean square among the inputs of the model; 0 if they are not
            measures (tokens, text) or the model begins by rescaling them.
        label_rms: the same of the labels of a regression; 0 if they are classes.
        earlier_loss: the loss that a monitor saw ``symptoms.PATIENCE`` or more steps before;
            NaN without such a look.
        optimizer, learning_rate: of the compiled model; "" and NaN if it is not compiled.
        normalized: whether the model has normalization layers.
        skipped: layer → why it could not be looked into, in Spanish.
    """

    step: int
    layers: tuple[LayerSignals, ...]
    loss: float
    constant_loss: float
    input_rms: float
    optimizer: str = ""
    learning_rate: float = float("nan")
    normalized: bool = False
    skipped: dict[str, str] = field(default_factory=dict)
    label_rms: float = 0.0
    earlier_loss: float = float("nan")

    @property
    def hidden(self) -> tuple[LayerSignals, ...]:
        """The layers that are not the head."""
        return tuple(layer for layer in self.layers if not layer.head)


#: Why a layer with weights is not in a snapshot.
SKIPPED = (
    "no se ve desde fuera: trabaja dentro de un bucle, no mira los ejemplos o no influye en la "
    "pérdida"
)


@dataclass(eq=False)
class _Site:
    """A call of a layer with weights, with the symbolic tensors of its signals."""

    layer: keras.layers.Layer
    output: Any
    z: Any = None
    h: Any = None
    function: Callable | None = None
    head: bool = False
    loose: bool = False  # its activation is an operation between layers
    wall: bool = False  # its weights are frozen: it is only where other layers end


class Observer:
    """Looks at one model as often as wanted; compiled once, at the first look.

    Args:
        model: any built Keras model (TensorFlow backend).
        loss: a Keras loss, its name, or a list or dict of them for several outputs. By
            default, that of the compiled model, or else the one that fits head and labels.
        values: whether to also return every z, h, δ and ∂L/∂W.

    Attributes:
        trained: the outputs that have a loss, after the first look.

    Raises:
        ValueError: the model has no weights yet, or none that can be trained. A look raises
            it for data that do not fit the model. In one Spanish line.
    """

    def __init__(self, model: keras.Model, loss=None, *, values: bool = False):
        if not model.built:
            raise ValueError(
                "el modelo aún no tiene pesos: llámalo una vez con datos, o dale un Input"
            )
        if not model.trainable_weights:
            raise ValueError("el modelo no tiene pesos entrenables: no hay nada que diagnosticar")
        self.model = model
        own = loss is None
        self.loss = getattr(model, "loss", None) if own else loss
        self._loss_weights = weights_of(model) if own else None
        self.values = values
        self._weighted = _layers_with_weights(model)
        if not self._weighted:
            raise ValueError("ninguna capa entrenable tiene una matriz de pesos")
        self._names = _unique_names([*self._weighted])
        layers = _flatten(model)
        self._normalized = any(map(_normalizes, layers))
        self._rescaled = any(isinstance(layer, RESCALING) for layer in layers)
        self._tokens = any(isinstance(layer, keras.layers.Embedding) for layer in layers)
        self._traced = {}

    def __call__(self, x, y, step: int = 0) -> Snapshot:
        """Return what the batch leaves behind in the model as it stands.

        Args:
            x, y: as ``model.fit`` takes them: arrays (samples, …), or lists or dicts of them.
            step: training steps taken so far, to be noted in the result.
        """
        _check_inputs(self.model, x)
        y = labels_of(self.loss, self.model, y)
        tensors = tf.nest.map_structure(tf.convert_to_tensor, (x, y))
        # Not left to tf.function itself, which warns when many models are looked at in a row.
        key = str(tf.nest.map_structure(lambda tensor: (tensor.shape, tensor.dtype), tensors))
        with _as_traced():
            if key not in self._traced:
                self._labels = y
                function = tf.function(self._pass, autograph=False)
                self._traced[key] = function.get_concrete_function(*tensors)
            self.check_labels(y)
            tensors = self._traced[key](*tensors)
        result = tf.nest.map_structure(lambda tensor: tensor.numpy(), tensors)
        layers = []
        for i, (fixed, row) in enumerate(zip(self._fixed, result["rows"], strict=True)):
            numbers = dict(zip(STATISTICS, row.tolist(), strict=True))
            numbers["finite"] = bool(numbers["finite"])
            layers.append(
                LayerSignals(
                    **fixed,
                    **numbers,
                    duplicate_fraction=duplicates(result["marks"][i]),
                    values={k: v[i] for k, v in result["values"].items()},
                )
            )
        optimizer = getattr(self.model, "optimizer", None)
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # inside a loss scale
        return Snapshot(
            step,
            tuple(layers),
            float(result["loss"]),
            sum(one.constant(labels) for one, labels in zip(self.trained, y, strict=True)),
            0.0 if self._rescaled else _input_rms(x, self._tokens),
            optimizer=type(optimizer).__name__ if optimizer else "",
            learning_rate=float(optimizer.learning_rate) if optimizer else float("nan"),
            normalized=self._normalized,
            skipped=dict(self.skipped),
            label_rms=max(
                rms(labels) if one.quantities else 0.0
                for one, labels in zip(self.trained, y, strict=True)
            ),
        )

    def check_labels(self, y) -> None:
        """Raise ValueError if labels (any number of them) have values that the loss can't take.

        Possible after the first look, which chooses the loss.
        """
        for one, labels in zip(self.trained, labels_of(self.loss, self.model, y), strict=True):
            check_labels(one.loss, one.classes, np.asarray(labels))

    def kernels(self) -> list[np.ndarray]:
        """Return a copy of the weights of each layer, in the order of ``Snapshot.layers``."""
        return [self._weighted[site.layer].numpy() for site in self._sites]

    # --- the traced pass ------------------------------------------------------------------

    def _pass(self, x, y):
        sites, self.skipped = [], {}
        with keras.StatelessScope(), tf.GradientTape() as tape:
            with self._recording(sites, tape):
                outputs = self.model(x, training=True)
            _find_bare_activations(sites, outputs)
            losses, self.trained, outputs = per_sample(
                self.loss, self._loss_weights, self.model, outputs, y, self._labels
            )
            # Differentiating the SUM leaves in each row of z the δ of its own sample. Half
            # precision needs its gradients away from its smallest number, 6e-8, and from its
            # largest, 6e4.
            half = any(layer.compute_dtype == "float16" for layer in self._weighted)
            scale = 1.0
            if half:
                scale = 256.0 / tf.maximum(tf.stop_gradient(tf.reduce_mean(losses)), 1.0)
            total = scale * tf.reduce_sum(losses)
            scale = tf.cast(scale, tf.float64)
            sites = _returnable(sites, tf.nest.flatten(x)[0].shape[0])
            kernels = [self._weighted[site.layer].value for site in sites]
        gradients = tape.gradient(total, ([site.z for site in sites], kernels))
        sites = self._keep_connected(sites, kernels, gradients, outputs)
        samples = tf.cast(tf.shape(losses)[0], tf.float64)
        rows, marks, values = [], [], {"z": [], "h": [], "delta": [], "weight_gradient": []}
        self._fixed = []
        calls, programs = [], {}
        for site, kernel, delta, gradient in zip(sites, kernels, *gradients, strict=True):
            calls.append(site.layer)
            again = calls.count(site.layer)
            suffix = f" ({again})" if again > 1 else ""  # a layer that the model calls twice
            delta = tf.cast(delta, tf.float64) / scale
            # An Embedding's gradient comes as rows and indices.
            gradient = tf.cast(tf.convert_to_tensor(gradient), tf.float64) / (scale * samples)
            bias = getattr(site.layer, "bias", None)
            tensors = [site.z, site.h, kernel, delta, gradient]
            tensors += [] if bias is None else [bias.value]
            # Most networks repeat a layer: one program for all of a kind is traced once.
            shapes = str([(tensor.shape, tensor.dtype) for tensor in tensors])
            key = id(site.function), type(site.layer), _channels(site.layer), shapes
            if key not in programs:
                programs[key] = tf.function(_numbers_of(site), autograph=False)
            row, unit_marks = programs[key](*tensors)
            rows.append(row)
            marks.append(unit_marks)
            self._fixed.append(
                {
                    "name": self._names[site.layer] + suffix,
                    "activation": _function_name(site.function),
                    "head": site.head,
                    **_fans(site.layer, kernel.shape),
                }
            )
            if self.values:
                for key, tensor in zip(values, (site.z, site.h, delta, gradient), strict=True):
                    values[key].append(tf.reshape(tf.cast(tensor, tf.float32), [-1]))
        return {
            "rows": tf.stack(rows),
            "marks": marks,
            "loss": tf.reduce_mean(losses),
            "values": values if self.values else {},
        }

    @contextlib.contextmanager
    def _recording(self, sites: list[_Site], tape: tf.GradientTape) -> Iterator[None]:
        """Make the model's layers note what crosses them, until the end of the block."""
        undo = contextlib.ExitStack()

        def replace(owner, name, new):
            # Straight into the instance: Keras's own setattr would start to track it.
            kept = owner.__dict__.get(name)
            owner.__dict__[name] = new
            if kept is None:
                undo.callback(owner.__dict__.pop, name)
            else:
                undo.callback(owner.__dict__.__setitem__, name, kept)

        def weighted(layer, call):
            inner = []

            def recorded(*args, **kwargs):
                inner.clear()
                output = call(*args, **kwargs)
                # A recurrent layer returns its states too; the first is its output.
                site = _Site(layer, tf.nest.flatten(output)[0])
                site.z = site.h = site.output
                if len(inner) == 1:
                    site.z, site.h, site.function = inner[0]
                tape.watch([site.z])
                sites.append(site)
                return output

            function = layer.__dict__.get("activation")
            if callable(function) and _function_name(function) != "linear":

                def activated(z, *args, **kwargs):
                    tape.watch(z)
                    h = function(z, *args, **kwargs)
                    inner.append((z, h, function))
                    return h

                replace(layer, "activation", activated)
            return recorded

        def activating(layer, call):
            function = layer.__dict__.get("activation", call)

            def recorded(*args, **kwargs):
                z = args[0] if args else next(iter(kwargs.values()))
                tape.watch(z)
                h = call(*args, **kwargs)
                free = [s for s in _feeding(z, sites) if s.function is None]
                if free:
                    site = free[-1]
                    site.z, site.h, site.function = z, h, function
                    site.loose = not isinstance(layer, keras.layers.Layer)
                return h

            return recorded

        def walled(layer, call):
            def recorded(*args, **kwargs):
                args, kwargs = tf.nest.map_structure(_begun_anew, (args, kwargs))
                output = call(*args, **kwargs)
                ends = [t for t in tf.nest.flatten([args, kwargs, output]) if tf.is_tensor(t)]
                sites.extend(_Site(layer, end, end, end, wall=True) for end in ends)
                return output

            return recorded

        def without_chance(layer, call):
            def calm(*args, **kwargs):
                if "training" in kwargs:
                    kwargs["training"] = False
                return call(*args, **kwargs)

            return calm

        with undo:
            layers = _flatten(self.model)
            frozen = _layers_with_weights(self.model, "non_trainable_weights")
            inside = [layer.__dict__.get("activation") for layer in self._weighted]
            inside += [getattr(layer, "_softmax", None) for layer in layers]  # of attention
            for layer in layers:
                call = layer.__dict__.get("call", getattr(layer, "call", None))
                if layer in self._weighted:
                    call = weighted(layer, call)
                elif layer in frozen:
                    call = walled(layer, call)
                elif _is_activation(layer) and not any(layer is one for one in inside):
                    call = activating(layer, call)
                if _draws(layer):
                    call = without_chance(layer, call)
                if call != getattr(layer, "call", None):
                    replace(layer, "call", call)
            yield

    def _keep_connected(self, sites, kernels, gradients, outputs) -> list[_Site]:
        """Drop what the loss does not depend on, in all three lists; mark the heads."""
        kept = [
            parts
            for parts in zip(sites, kernels, *gradients, strict=True)
            if parts[2] is not None and parts[3] is not None
        ]
        if not kept:
            raise ValueError("no se puede mirar dentro de ninguna capa de este modelo")
        sites, kernels[:], gradients[0][:], gradients[1][:] = map(list, zip(*kept, strict=True))
        for layer, name in self._names.items():
            if not any(site.layer is layer for site in sites):
                self.skipped[name] = SKIPPED
        for output in tf.nest.flatten(outputs):
            for site in _feeding(output, sites):
                site.head = True
        self._sites = sites
        return sites


@contextlib.contextmanager
def _as_traced() -> Iterator[None]:
    """Let TensorFlow run graphs as they were traced, until the end of the block.

    It would look for faster ones before the first run, for a third of the time of a first look.
    """
    name, options = "disable_meta_optimizer", tf.config.optimizer
    before = options.get_experimental_options().get(name, False)
    options.set_experimental_options({name: True})
    try:
        yield
    finally:
        options.set_experimental_options({name: before})


# --- the parts of a model -----------------------------------------------------------------


def _flatten(model: keras.Model) -> list:
    """Return all layers of a model, however nested, and the loose operations between them."""
    found, pending = {}, [model]
    while pending:
        layer = pending.pop()
        if id(layer) not in found:
            found[id(layer)] = layer
            pending += getattr(layer, "_layers", [])
            pending += getattr(layer, "operations", [])
    return list(found.values())


def _layers_with_weights(model: keras.Model, which: str = "trainable_weights") -> dict:
    """Map each innermost layer that has a (trainable) matrix of weights to that matrix."""
    found = {}
    for layer in _flatten(model):
        if not isinstance(layer, keras.layers.Layer) or isinstance(layer, ACTIVATION_LAYERS):
            continue
        below = {id(w) for part in getattr(layer, "_layers", []) for w in part.weights}
        own = [w for w in getattr(layer, which) if id(w) not in below and len(w.shape) >= 2]
        if own:
            # Of the two of a separable convolution, the one that makes its units.
            kernel = getattr(layer, "pointwise_kernel", getattr(layer, "kernel", None))
            found[layer] = next((w for w in own if w is kernel), own[0])
    return found


def _unique_names(layers: list) -> dict:
    names = [layer.name for layer in layers]
    return {
        layer: layer.name if names.count(layer.name) == 1 else layer.path or layer.name
        for layer in layers
    }


def _fans(layer, shape) -> dict[str, int]:
    """Return how many inputs a unit has and how many units there are, from the kernel's shape."""
    kind = type(layer).__name__
    if getattr(layer, "lora_enabled", False):  # what is trained are two narrow factors of it
        shape = (layer.embeddings if kind == "Embedding" else layer.kernel).shape
    if "Depthwise" in kind:
        *window, channels, copies = shape
        return {"fan_in": int(np.prod(window)), "units": channels * copies}
    if "Transpose" in kind:
        *window, units, channels = shape
        return {"fan_in": int(np.prod(window)) * channels, "units": units}
    known = kind == "Dense" or "Conv" in kind
    return {"fan_in": int(np.prod(shape[:-1])) if known else 0, "units": int(shape[-1])}


def _normalizes(layer) -> bool:
    """Tell whether a layer normalizes the signal, anew with each batch."""
    if isinstance(layer, keras.layers.BatchNormalization):
        return layer.trainable  # frozen, it uses what it saw before
    others = (*RESCALING, keras.layers.SpectralNormalization)  # the inputs, the weights
    return "Normalization" in type(layer).__name__ and not isinstance(layer, others)


def _draws(layer) -> bool:
    """Tell whether a layer draws random numbers while it trains (Dropout, noise, flips).

    Of one that has layers inside it is not known what else it does while it trains.
    """
    return bool(getattr(layer, "_seed_generators", None)) and not getattr(layer, "_layers", None)


def _is_activation(operation) -> bool:
    """Tell whether a layer, or a loose operation of a functional model, is an activation."""
    if isinstance(operation, keras.layers.Layer):
        return isinstance(operation, ACTIVATION_LAYERS)
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in type(operation).__name__)
    return hasattr(keras.activations, name.lstrip("_"))


def _function_name(function: Callable | None) -> str:
    if function is None:
        return "linear"
    if isinstance(function, keras.layers.Layer):  # given as another layer's activation
        return type(function).__name__.lower()
    owner = getattr(function, "__self__", None)  # an activation layer's own call
    return getattr(function, "__name__", "") if owner is None else type(owner).__name__.lower()


def _feeding(tensor, sites: list[_Site]) -> list[_Site]:
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


def _find_bare_activations(sites: list[_Site], outputs) -> None:
    """Give to sites without an activation the bare TensorFlow one that follows them, if any.

    And take from sites a loose one that is only a part of their activation.
    """
    for site in sites:
        if site.loose and _part_of_a_larger_one(site.h.op, site, sites):
            site.z = site.h = site.output
            site.function = None
    known = {_key(site.h) for site in sites if site.function}
    alive = _ancestors(tf.nest.flatten(outputs))
    for op in tf.compat.v1.get_default_graph().get_operations():
        if op.type in BARE_ACTIVATIONS and op.name in alive and _key(op.outputs[0]) not in known:
            free = [s for s in _feeding(op.inputs[0], sites) if s.function is None]
            if free and not _part_of_a_larger_one(op, free[-1], sites):
                free[-1].z, free[-1].h = op.inputs[0], op.outputs[0]
                free[-1].function = BARE_ACTIVATIONS[op.type]


def _ancestors(tensors) -> set[str]:
    """Return the names of the operations that these tensors depend on."""
    found, pending = set(), [t.op for t in tensors if hasattr(t, "op")]
    while pending:
        op = pending.pop()
        if op.name not in found:
            found.add(op.name)
            pending += [t.op for t in op.inputs]
    return found


def _part_of_a_larger_one(op, site: _Site, sites: list[_Site]) -> bool:
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


def _returnable(sites: list[_Site], samples: int) -> list[_Site]:
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


def _check_inputs(model, x) -> None:
    """Raise ValueError, in one Spanish line, if the data have not the model's input shape."""
    expected, given = getattr(model, "inputs", None) or [], tf.nest.flatten(x)
    if not expected:  # a subclassed model takes what it takes
        return
    if isinstance(x, dict) and all(tensor.name in x for tensor in expected):
        given = [x[tensor.name] for tensor in expected]
    if len(expected) != len(given):
        raise ValueError(f"entradas del modelo: {len(expected)}; las que se han dado: {len(given)}")
    for tensor, array in zip(expected, given, strict=True):
        shape, got = tuple(tensor.shape[1:]), tuple(np.shape(array)[1:])
        if not fits(got, shape):
            raise ValueError(f"cada ejemplo de x tiene forma {got} y el modelo espera {shape}")


# --- the numbers --------------------------------------------------------------------------


def _numbers_of(site: _Site) -> Callable:
    """Return what computes the numbers of a site, and of all others of its kind.

    It takes z, h, kernel, δ, ∂L/∂W and, if there is one, the bias; it returns the vector of
    STATISTICS and the ``_unit_marks``, float64.
    """
    channels, kind = _channels(site.layer), type(site.layer).__name__
    shape, steepest = activation_kind(site.function)

    def numbers(z, h, kernel, delta, gradient, bias=None):
        kernel = tf.cast(kernel, tf.float64)
        bias = None if bias is None else tf.cast(bias, tf.float64)
        dead = saturated = np.nan
        if shape in ("one-sided", "bounded"):
            slope = _slope(site.function, z) / steepest
            if shape == "bounded":
                saturated = tf.reduce_mean(tf.cast(slope < 0.1, tf.float64))
            else:
                axes = [axis for axis in range(len(z.shape)) if axis != channels % len(z.shape)]
                off = tf.reduce_max(slope, axis=axes) < 0.01
                dead = tf.reduce_mean(tf.cast(off, tf.float64))
        z, h = tf.cast(z, tf.float64), tf.cast(h, tf.float64)
        squares = [tf.reduce_mean(tf.square(t)) for t in (z, h, delta, gradient, kernel)]
        of_z, of_h, of_delta, of_gradient, of_kernel = squares
        variance = tf.reduce_mean(tf.math.reduce_variance(h, axis=0))
        values = (
            tf.sqrt(of_z),
            tf.sqrt(of_h),
            tf.math.divide_no_nan(variance, of_h),
            tf.sqrt(of_delta * tf.cast(tf.size(delta[0]), tf.float64)),
            tf.sqrt(of_gradient),
            tf.sqrt(of_kernel),
            tf.math.reduce_std(kernel),
            0.0 if bias is None else tf.reduce_mean(bias),
            dead,
            saturated,
            # A single value that is not finite makes its mean square so.
            tf.reduce_all(tf.math.is_finite(squares)),
        )
        row = tf.stack([tf.cast(value, tf.float64) for value in values])
        return row, _unit_marks(kind, kernel, gradient, bias)

    return numbers


def _channels(layer) -> int:
    """Return the axis of a layer's output that counts its units."""
    return 1 if getattr(layer, "data_format", "") == "channels_first" else -1


def _slope(function: Callable, z):
    """Return |φ'(z)|, float32."""
    with tf.GradientTape() as tape:
        z = tf.cast(z, tf.float32)
        tape.watch(z)
        h = function(z)
    return tf.abs(tape.gradient(h, z))


def activation_kind(function: Callable | None) -> tuple[str, float]:
    """Say where an activation function is flat, and how steep it is at its steepest.

    Returns ("one-sided" | "bounded" | "open" | "unknown", steepest slope). One-sided: flat
    for negative z only, or from zero on (relu, elu, gelu, relu6). Unknown: not a function
    of one number (softmax), or one with weights of its own shape (PReLU).
    """
    if function is None:
        return "open", 1.0
    grid = np.linspace(-40.0, 40.0, 8001)
    with tf.init_scope():  # now, outside the graph that is being traced
        try:
            h = keras.ops.convert_to_numpy(function(tf.constant(grid)))
            apart = [float(function(tf.constant(grid[i : i + 2]))[0]) for i in (3500, 4500)]
        except Exception:  # whatever the function of a stranger raises
            return "unknown", 1.0
    if h.shape != grid.shape or not np.allclose(apart, h[[3500, 4500]], atol=1e-5):
        return "unknown", 1.0
    slope, grid = np.abs(np.diff(h) / np.diff(grid)), grid[1:]
    if slope[-1] > 1.01 * slope[grid > 5][0]:  # steeper and steeper: exponential, squared ReLU
        return "open", 1.0
    steepest = float(slope.max())
    flat = slope < 1e-3 * steepest
    left, right = bool(flat[grid < -35].all()), bool(flat[grid > 35].all())
    off = bool(flat[(grid > -0.9) & (grid < -0.1)].all())
    if left and (off or not right):
        return "one-sided", steepest
    return ("bounded" if left and right else "open"), steepest


def _unit_marks(kind: str, kernel, gradient, bias):
    """Return four numbers per unit, (units, 4): equal units have equal marks.

    Projections of its weights (and bias) and of its weight gradients on two fixed
    directions. Dense, Conv and Einsum kernels keep their units on the last axis; depthwise
    ones on the last two, and transposed ones on the one before the last.
    """
    columns = []
    for values in (kernel, gradient):
        if "Transpose" in kind:
            values = tf.linalg.matrix_transpose(values)
        units = values.shape[-1] * (values.shape[-2] if "Depthwise" in kind else 1)
        values = tf.reshape(values, [-1, units])
        angle = tf.range(1, tf.shape(values)[0] + 1, dtype=tf.float64)
        columns += [tf.linalg.matvec(values, wave(angle), transpose_a=True) for wave in WAVES]
    if bias is not None and bias.shape == columns[0].shape:
        columns[0] += bias
    return tf.stack(columns, axis=1)


WAVES = (tf.cos, tf.sin)


def duplicates(marks: np.ndarray, tolerance: float = 1e-4) -> float:
    """Return the fraction of units whose marks equal another's, up to rounding.

    Args:
        marks: (units, 4), as ``_unit_marks`` makes them.
        tolerance: relative to the two marks of the weights, or of the gradients, of each unit.
    """
    if len(marks) < 2 or not np.isfinite(marks).all():
        return 0.0
    marks = marks[np.lexsort(marks.T[::-1])].reshape(len(marks), 2, 2)
    sizes = np.linalg.norm(marks, axis=2)
    apart = np.linalg.norm(np.diff(marks, axis=0), axis=2)
    same = (apart <= tolerance * np.minimum(sizes[1:], sizes[:-1])).all(axis=1)
    return float(np.mean(np.append(same, False) | np.insert(same, 0, False)))


def _input_rms(x, tokens: bool) -> float:
    """Return the largest rms among the inputs; 0 for text and, if there are any, for tokens."""
    sizes = [0.0]
    for values in map(np.asarray, tf.nest.flatten(x)):
        if not np.issubdtype(values.dtype, np.number):
            continue
        if not (tokens and (values == np.round(values)).all()):
            sizes.append(rms(values))
    return max(sizes)


def rms(values) -> float:
    """Return the root of the mean square, in float64."""
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))

"""A pass in TensorFlow: traced into a graph once, measured inside it, and run as it is.

To trace takes as long as a hundred steps, so the first passes are made at once, operation by
operation (``AtOnce``), and only a model that is looked at often is traced.
"""

import contextlib
from collections.abc import Callable, Iterator

import keras
import tensorflow as tf
from keras import ops

try:
    from tensorflow.python.framework import op_callbacks
except ImportError:  # it has no public name: without it, everything is traced
    op_callbacks = None
try:
    from keras.src.backend.common.name_scope import current_path
except ImportError:  # it has no public name: without it, a cut is told without its layer

    def current_path() -> str:
        """Return no scope."""
        return ""


from latido.graph import Graph, Value
from latido.layers import OF_OPERATION, flatten
from latido.scope import Scoped

#: TensorFlow operation → function, for the end of a layer.
ENDINGS = {operation: getattr(tf.nn, name) for operation, name in OF_OPERATION.items()}


class Tape(Scoped):
    """Notes what is done, to differentiate it; its tensors are those of the graph.

    Args:
        model: any Keras model.
        persistent: whether it is differentiated more than once.
    """

    live = True

    def __init__(self, model, persistent: bool = False):
        self._tape = tf.GradientTape(persistent=persistent)

    def __enter__(self):
        self._tape.__enter__()
        return self

    def __exit__(self, *failure):
        self._tape.__exit__(*failure)

    @property
    def graph(self):
        """The operations of the pass."""
        return tf.compat.v1.get_default_graph()

    @property
    def own(self) -> tf.GradientTape:
        """TensorFlow's own."""
        return self._tape

    def loop(self):
        """Return a block in which a loop is made."""
        return contextlib.nullcontext()

    def watch(self, tensor) -> None:
        """Let the pass be differentiated by a tensor."""
        self._tape.watch([tensor])

    def run(self, way: Callable, observer, x, y):
        """Make a pass: (observer, x, y, tape) → it."""
        return way(observer, x, y, self)

    def node(self, tensor):
        """Return a tensor as the graph knows it."""
        return tensor

    def kinds(self, outputs) -> list[str]:
        """Return the operation that made each output."""
        return [t.op.type if hasattr(t, "op") else "" for t in keras.tree.flatten(outputs)]

    def value(self, node):
        """Return the numbers of a tensor of the graph."""
        return node

    def weights(self, variable):
        """Return the numbers of a variable."""
        return variable.value

    def gradients(self, total, sources: list, kernels: list) -> tuple[list, list]:
        """Return ∂total by tensors and by variables, None where there is none."""
        with_rows = self._tape.gradient(total, (sources, [k.value for k in kernels]))
        # An Embedding's comes as rows and indices.
        return tuple([None if g is None else tf.convert_to_tensor(g) for g in p] for p in with_rows)

    def scale(self, losses):
        """Return what keeps half-precision gradients away from its smallest and largest numbers."""
        return 256.0 / tf.maximum(tf.stop_gradient(tf.reduce_mean(losses)), 1.0)


class Again(Tape):
    """Makes a pass at once, as it was made before: nothing has to be noted.

    Args:
        model: any Keras model.
        kinds: what made each of its outputs then.
    """

    live = False

    def __init__(self, model, kinds: list[str]):
        super().__init__(model)
        self._kinds = kinds

    def kinds(self, outputs) -> list[str]:
        """Return the operation that made each output."""
        return self._kinds


class AtOnce(Tape):
    """Makes a pass at once, noting its operations; its tensors are ``latido.graph.Value``.

    Of what they hold only what is to be measured is kept, so that a pass takes no more memory
    than a training step. ``repeatable``: whether ``again`` makes the same one.
    """

    again, repeatable = Again, True

    def __init__(self, model, persistent: bool = False):
        super().__init__(model, persistent)
        self._graph, self._known, self._held = Graph(), {}, []

    def __enter__(self):
        op_callbacks.add_op_callback(self._note)
        return super().__enter__()

    def __exit__(self, *failure):
        super().__exit__(*failure)
        op_callbacks.remove_op_callback(self._note)

    def _note(self, kind, inputs, attributes, outputs, name=None, graph=None) -> None:
        """Note an operation that was done; inside of a function that is traced, none."""
        if graph is not None:
            return
        kind = kind.decode() if isinstance(kind, bytes) else kind
        kind = "PartitionedCall" if kind.startswith("__") else kind
        # TensorFlow numbers the scopes of Keras's layers, and it is its names that are read.
        scope = "/".join(f"{part}_1" for part in current_path().split("/") if part)
        trains = {}
        if kind.startswith("FusedBatchNorm"):
            named = dict(zip(attributes[::2], attributes[1::2], strict=True))
            trains = {"is_training": named.get("is_training", True)}
        taken = [self._found(tensor) for tensor in inputs]
        operation = self._graph.add(kind, scope, taken, **trains)
        for tensor in outputs:
            value = self._graph.give(operation, tuple(tensor.shape), tensor.dtype.name)
            self._known[tensor._id] = value
        if kind in ENDINGS:
            for tensor in (inputs[0], outputs[0]):
                self.node(tensor)

    def _found(self, tensor, kind: str = "Const") -> Value:
        if tensor._id not in self._known:  # which no other tensor ever has
            operation, shape = self._graph.add(kind, "", []), tensor.shape
            sizes = () if shape.rank is None else tuple(shape)
            value = self._graph.give(operation, sizes, tensor.dtype.name)
            self._known[tensor._id] = value
        return self._known[tensor._id]

    @property
    def graph(self) -> Graph:
        """The operations of the pass."""
        return self._graph

    def run(self, way: Callable, observer, x, y):
        """Make a pass: (observer, x, y, tape) → it."""
        for tensor in keras.tree.flatten((x, y)):
            if tensor is not None:
                self._found(tensor, "Placeholder")
        run = way(observer, x, y, self)
        for name in ("loss", "losses", "outputs", "ends", "total", "scale"):
            held = getattr(run, name, None)
            if held is not None:
                setattr(run, name, keras.tree.map_structure(self.node, held))
        return run

    def node(self, tensor):
        """Return a tensor as the notes know it, with its numbers."""
        if not tf.is_tensor(tensor):
            return tensor
        value = self._found(tensor)
        if value.tensor is None:
            value.tensor = tensor
            self._held.append(value)
        return value

    def keep(self, nodes: list) -> None:
        """Let go of the numbers of all tensors but these."""
        kept = {id(node) for node in nodes}
        for value in self._held:
            if id(value) not in kept:
                value.tensor = None
        self._held = [value for value in self._held if value.tensor is not None]

    def kinds(self, outputs) -> list[str]:
        """Return the operation that made each output."""
        kinds = []
        for tensor in keras.tree.flatten(outputs):
            made = self._found(tensor).op
            kinds.append(made.type)
            # In a graph, Keras's cross-entropies look behind these.
            if made.type in ("Softmax", "Sigmoid") and not hasattr(tensor, "_keras_logits"):
                tensor._keras_logits, self.repeatable = made.inputs[0].tensor, False
        return kinds

    def value(self, node):
        """Return the numbers of a tensor of the graph."""
        return node.tensor if isinstance(node, Value) else node

    def gradients(self, total, sources: list, kernels: list) -> tuple[list, list]:
        """Return ∂total by tensors and by variables, None where there is none."""
        tensors = [self.value(source) for source in sources]
        return super().gradients(self.value(total), tensors, kernels)


#: Layers of Keras that make loops, or may hold anything: in a graph they are one operation.
LOOPS = (keras.layers.RNN, keras.layers.TimeDistributed, keras.layers.Lambda)


def at_once(model) -> type[Tape] | None:
    """Return what makes a pass of a model that is not traced; None where only a graph tells all.

    What others have written may hold loops, which are unrolled where nothing is traced.
    """
    if op_callbacks is None or isinstance(model.weights[0].value, tf.distribute.DistributedValues):
        return None
    parts = [part for part in flatten(model) if isinstance(part, keras.layers.Layer)]
    known = all(
        type(part).__module__.startswith("keras.src.")
        and not isinstance(part, LOOPS)
        and "preprocessing" not in type(part).__module__
        for part in parts
        if not isinstance(part, (keras.layers.Rescaling, keras.layers.Normalization))
    )
    return AtOnce if known else None


def compiled(observer, signals: Callable, measured: Callable, tensors: list) -> Callable:
    """Return tensors → what ``measured`` makes of the signals of a pass."""
    # Not left to tf.function itself, which warns when many models are looked at in a row.
    function = tf.function(lambda *t: measured(signals(*t)), autograph=False)
    traced = function.get_concrete_function(*tensors)

    def look(*tensors):
        with _as_traced():
            return traced(*tensors)

    return look


def program(function: Callable) -> Callable:
    """Return a function that is traced once for all layers of a kind."""
    return tf.function(function, autograph=False)


def now(double: bool = False):
    """Return a block that is carried out at once, outside the graph that is being traced."""
    return tf.init_scope()


def slope(function: Callable, z):
    """Return |φ'(z)|, float32."""
    with tf.GradientTape() as tape:
        z = tf.cast(z, tf.float32)
        tape.watch(z)
        h = function(z)
    return tf.abs(tape.gradient(h, z))


def double(tensor):
    """Return numbers in float64."""
    return tf.cast(tensor, tf.float64)


identity = tf.identity
mean, var, matmul = ops.mean, ops.var, ops.matmul
maximum, divide_no_nan = ops.maximum, ops.divide_no_nan


def brought_back(model) -> None:
    """Do nothing: ``fit`` keeps nothing for itself."""


def train(loss_of: Callable, others: list, weights: list, optimizer, steps: int):
    """Train weights with what ``loss_of`` (values, others) returns: (total, (mean, others))."""

    def step(i, curve, others):
        with tf.GradientTape() as tape:
            total, (mean, others) = loss_of([weight.value for weight in weights], others)
        gradients = tape.gradient(total, [weight.value for weight in weights])
        moved = [(g, weight) for g, weight in zip(gradients, weights, strict=True) if g is not None]
        optimizer.apply(*zip(*moved, strict=True))
        return i + 1, curve.write(i, tf.cast(mean, tf.float32)), others

    @tf.function(autograph=False)
    def training(others):
        start = 0, tf.TensorArray(tf.float32, steps), others
        _, curve, _ = tf.while_loop(lambda i, *_: i < steps, step, start)
        return curve.stack()

    # Not left to tf.function itself, which warns when many models are tried in a row.
    return training.get_concrete_function(others)(others)


@contextlib.contextmanager
def looking(model) -> Iterator[None]:
    """Work with the weights of the first device, if a strategy keeps a copy on several."""
    if isinstance(model.weights[0].value, tf.distribute.DistributedValues):
        with tf.distribute.ReplicaContext(model.distribute_strategy, 0):
            yield
    else:
        yield


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


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

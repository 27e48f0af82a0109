"""A pass in TensorFlow: it is traced into a graph once, measured inside it, and run as it is."""

import contextlib
from collections.abc import Callable, Iterator

import keras
import tensorflow as tf
from keras import ops

from latido.layers import OF_OPERATION, Scope

#: TensorFlow operation → function, for the end of a layer.
ENDINGS = {operation: getattr(tf.nn, name) for operation, name in OF_OPERATION.items()}


class Tape:
    """Notes what is done, to differentiate it; its tensors are those of the graph.

    Args:
        model: any Keras model.
        persistent: whether it is differentiated more than once.
    """

    live = True

    def __init__(self, model, persistent: bool = False):
        self._tape = tf.GradientTape(persistent=persistent)
        self._used: set[int] = set()

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

    def scope(self) -> Scope:
        """Return a block in which no seed advances and no moving average moves."""
        scope = Scope(collect_losses=True)
        self._used = scope.read
        return scope

    def reads(self, variable) -> bool:
        """Tell whether the pass has read a variable, as far as that is known."""
        return not self._used or id(variable) in self._used

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


def compiled(observer, signals: Callable, measured: Callable, tensors: list) -> Callable:
    """Return tensors → what ``measured`` makes of the signals of a pass."""
    # Not left to tf.function itself, which warns when many models are looked at in a row.
    function = tf.function(lambda *t: measured(signals(*t)), autograph=False)
    return function.get_concrete_function(*tensors)


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
mean, var, std, matmul = ops.mean, ops.var, ops.std, ops.matmul
maximum, divide_no_nan, cos, sin = ops.maximum, ops.divide_no_nan, ops.cos, ops.sin


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
    """Let graphs run as they were traced, on one device, until the end of the block."""
    with _as_traced(), _on_one_device(model):
        yield


@contextlib.contextmanager
def _on_one_device(model) -> Iterator[None]:
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

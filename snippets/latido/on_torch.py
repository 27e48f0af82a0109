"""A pass in PyTorch: every operation is noted while it is done, and autograd differentiates it."""

import contextlib
from collections.abc import Callable

import keras
import torch
from torch.overrides import TorchFunctionMode

from latido.graph import NAMES, Graph, Value
from latido.layers import OF_OPERATION
from latido.scope import Scoped

try:
    from keras.src.backend.common.name_scope import current_path
except ImportError:  # it has no public name: without it, a cut is told without its layer

    def current_path() -> str:
        """Return no scope."""
        return ""


#: Operation → function, for the end of a layer.
ENDINGS = {operation: keras.activations.get(name) for operation, name in OF_OPERATION.items()}


class Tape(Scoped, TorchFunctionMode):
    """Makes a pass, noting it, and differentiates it; its tensors are ``latido.graph.Value``.

    Args:
        model: any Keras model.
        persistent: not used.
    """

    live = True

    def __init__(self, model, persistent: bool = False):
        super().__init__()
        self.graph, self._known, self._loops = Graph(), {}, False

    def __enter__(self):
        self._undo = contextlib.ExitStack()
        self._undo.enter_context(torch.enable_grad())
        self._undo.enter_context(_without_drawing())
        return super().__enter__()

    def __exit__(self, *failure):
        super().__exit__(*failure)
        self._undo.close()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        """Do an operation, and note it if it makes a tensor."""
        result = function(*args, **(kwargs or {}))
        results = _tensors(result)
        if results:
            taken = _tensors((args, kwargs))
            name = getattr(function, "__name__", "")
            inside = any(one is other for one in results for other in taken)
            if not inside or (name.endswith("_") and name != "requires_grad_"):
                self._note(name, function, args, kwargs or {}, taken, results)
        return result

    def _note(self, name, function, args, kwargs, taken, results) -> None:
        if name == "__get__":  # x.T, x.data
            name = getattr(getattr(function, "__self__", None), "__name__", "")
            name = "detach" if name == "data" else "clone"
        twice = any(isinstance(a, int | float) and a == 2 for a in args[1:])
        if twice and name.strip("_") in ("pow", "ipow"):
            name = "square"
        kind = f"Loop{name}" if self._loops else NAMES.get(name, name)
        inputs = [self._taken(tensor) for tensor in taken]
        if kind in WITH_NUMBERS and name not in ("max", "min"):
            inputs += [self._constant(a) for a in args if isinstance(a, int | float)]
        if kind == "ClipByValue" and len(inputs) > 1:
            inputs = inputs[:1]
        # TensorFlow numbers the scopes of Keras's layers, and it is its names that are read.
        scope = "/".join(f"{part}_1" for part in current_path().split("/") if part)
        trains = {"is_training": _trains(name, args, kwargs)} if kind == "FusedBatchNorm" else {}
        if name in ROOTED:
            inside = self.graph.add(ROOTED[name], scope, inputs)
            tensor = results[0]
            kind, inputs = "Sqrt", [self.graph.give(inside, tensor.shape, _dtype(tensor))]
        operation = self.graph.add(kind, scope, inputs, **trains)
        for tensor in results:
            value = self.graph.give(operation, tensor.shape, _dtype(tensor), tensor)
            self._known[id(tensor)] = value

    def _taken(self, tensor) -> Value:
        value = self.node(tensor)
        if type(tensor.grad_fn).__name__ == "CustomGradientFunctionBackward":
            value.op.type = "CustomGradient"  # whatever it was that was done there
        return value

    def _constant(self, number) -> Value:
        return self.graph.give(self.graph.add("Const", "", []), (), type(number).__name__)

    @contextlib.contextmanager
    def loop(self):
        """Return a block in which a loop is made: other backends do not show what is inside."""
        self._loops = True
        yield
        self._loops = False

    def watch(self, tensor) -> None:
        """Let the pass be differentiated by a tensor."""
        if not tensor.requires_grad and tensor.is_floating_point():
            tensor.requires_grad_()

    def run(self, way: Callable, observer, x, y):
        """Make a pass: (observer, x, y, tape) → it."""
        run = way(observer, x, y, self)
        for name in ("loss", "losses", "outputs", "ends", "total", "scale"):
            held = getattr(run, name, None)
            if held is not None:
                setattr(run, name, keras.tree.map_structure(self.node, held))
        return run

    def node(self, tensor):
        """Return a tensor as the graph knows it."""
        if not isinstance(tensor, torch.Tensor):
            return tensor
        if id(tensor) not in self._known:
            operation = self.graph.add("Placeholder", "", [])
            value = self.graph.give(operation, tensor.shape, _dtype(tensor), tensor)
            self._known[id(tensor)] = value
        return self._known[id(tensor)]

    def kinds(self, outputs) -> list[str]:
        """Return the operation that made each output."""
        return [self.node(tensor).op.type for tensor in keras.tree.flatten(outputs)]

    def value(self, node):
        """Return the numbers of a tensor of the graph."""
        tensor = node.tensor if isinstance(node, Value) else node
        return tensor.detach() if isinstance(tensor, torch.Tensor) else tensor

    def weights(self, variable):
        """Return the numbers of a variable."""
        return variable.value.detach()

    def gradients(self, total, sources: list, kernels: list) -> tuple[list, list]:
        """Return ∂total by tensors and by variables, None where there is none."""
        from latido.flow import feels

        weights = [kernel.value for kernel in kernels]
        tensors = [*(value.tensor for value in sources), *weights]
        known = [t for t in tensors if t.requires_grad]
        found = {}
        if known and total.tensor.requires_grad:
            given = torch.autograd.grad(total.tensor, known, allow_unused=True)
            found = {id(t): g for t, g in zip(known, given, strict=True)}
        # Rounding and its like have a gradient here: zeros.
        felt = feels(self.graph, [*sources, *(self.node(w) for w in weights)], total)
        result = [
            gradient if gradient is not None and (felt[i] or bool(gradient.any())) else None
            for i, gradient in enumerate(found.get(id(t)) for t in tensors)
        ]
        return result[: len(sources)], result[len(sources) :]

    def scale(self, losses):
        """Return what keeps half-precision gradients away from its smallest and largest numbers."""
        return 256.0 / torch.clamp(losses.mean().detach(), min=1.0)


#: Function → of what it is the root.
ROOTED = {"std": "Variance"} | dict.fromkeys(
    ("norm", "linalg_norm", "linalg_vector_norm"), "EuclideanNorm"
)
#: Operations of which a number may be one of the two parts.
WITH_NUMBERS = ("AddV2", "Sub", "Mul", "RealDiv", "Maximum", "Minimum")


def _without_drawing():
    """Return a block that leaves the generator of all as it was: Keras's Dropout draws from it."""
    return torch.random.fork_rng(range(torch.cuda.device_count()))


def _tensors(part) -> list:
    """Return the tensors of nested arguments or results."""
    if isinstance(part, torch.Tensor):
        return [part]
    if isinstance(part, keras.Variable):  # which unpacks itself, further in
        return [part.value]
    if isinstance(part, dict):
        part = part.values()
    elif not isinstance(part, list | tuple):
        return []
    return [tensor for one in part for tensor in _tensors(one)]


def _dtype(tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _trains(name: str, args: tuple, kwargs: dict) -> bool:
    """Tell whether a normalization measures its batch, or each sample."""
    if name != "batch_norm":
        return True
    return bool(kwargs.get("training", args[5] if len(args) > 5 else False))


# --- functions ------------------------------------------------------------------------------


def at_once(model) -> None:
    """Return nothing: ``compiled`` makes a pass at once, as everything is."""


def compiled(observer, signals: Callable, measured: Callable, tensors: list) -> Callable:
    """Return tensors → what ``measured`` makes of the signals of a pass; nothing is compiled."""
    first = [measured(signals(*tensors))]

    def look(*tensors):
        return first.pop() if first else measured(signals(*tensors))

    return look


def program(function: Callable) -> Callable:
    """Return a function as it is."""
    return function


def now(double: bool = False):
    """Return a block that is carried out at once, as everything is."""
    return contextlib.nullcontext()


def slope(function: Callable, z):
    """Return |φ'(z)|, float32."""
    with torch.enable_grad():
        z = z.detach().to(torch.float32).requires_grad_()
        h = function(z)
        return torch.autograd.grad(h.sum(), z)[0].abs()


def double(tensor):
    """Return numbers in float64."""
    return torch.as_tensor(tensor, dtype=torch.float64)


def identity(tensor):
    """Return a tensor of its own with the same values."""
    return tensor.view_as(tensor)


def mean(x, axis=None):
    """Return the mean of numbers."""
    return torch.mean(x, axis)


def var(x, axis=None):
    """Return the mean square of the distance of numbers from their mean."""
    return torch.var(x, axis, correction=0)


matmul, maximum = torch.matmul, torch.maximum


def divide_no_nan(above, below):
    """Return a quotient, 0 where it would be one by 0."""
    return torch.where(below == 0, 0, above / torch.where(below == 0, 1, below))


def brought_back(model) -> None:
    """Do nothing: ``fit`` keeps nothing for itself."""


def train(loss_of: Callable, others: list, weights: list, optimizer, steps: int):
    """Train weights with what ``loss_of`` (values, others) returns: (total, (mean, others))."""
    values, curve = [weight.value for weight in weights], []
    with _without_drawing():
        for _ in range(steps):
            with torch.enable_grad():
                total, (mean, others) = loss_of(values, others)
                gradients = torch.autograd.grad(total, values, allow_unused=True)
            pairs = [(g, w) for g, w in zip(gradients, weights, strict=True) if g is not None]
            others = [other.detach() for other in others]
            with torch.no_grad():
                optimizer.apply(*zip(*pairs, strict=True))
            curve.append(mean.detach())
    return torch.stack(curve)


def looking(model):
    """Return a block in which nothing has to be done."""
    return contextlib.nullcontext()


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

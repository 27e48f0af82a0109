"""A pass in JAX: noted as a jaxpr, which is then done again with a zero added to each z.

Nothing of JAX can be read while it traces. So the pass is noted first (``make_jaxpr``), its
operations become a ``latido.graph.Graph``, and the same operations are then repeated one by one,
inside the function that is compiled: what is differentiated are the zeros.
"""

import contextlib
from collections.abc import Callable

import jax
import jax.numpy as jnp
import keras

from latido.graph import NAMES, Graph, Value
from latido.layers import OF_OPERATION
from latido.scope import Scope, Scoped

#: Operation → function, for the end of a layer.
ENDINGS = {operation: keras.activations.get(name) for operation, name in OF_OPERATION.items()}

#: Functions of JAX that are one operation here, though many lie inside.
WHOLE = {"relu", "relu6", "elu", "selu", "softplus", "soft_sign", "sigmoid", "silu", "clip"}
WHOLE |= {"round", "_one_hot", "_var", "softmax"}


class Tape(Scoped):
    """Makes a pass and differentiates it; its tensors are ``latido.graph.Value`` afterwards.

    Args:
        model: any Keras model.
        persistent: not used: a pass can be differentiated as often as wanted.
    """

    live = False

    def __init__(self, model, persistent: bool = False):
        self._variables = variables_of(model)
        self.graph = None
        self._known, self._inputs, self._numbers, self._scope = {}, [], [], None
        self._kinds: list[str] = []

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        """Leave it as it is."""

    def scope(self) -> Scope:
        """Return a block in which the variables are those of the pass, and none moves."""
        pairs = list(zip(self._variables, self._scope, strict=True))
        return super().scope(state_mapping=pairs)

    def loop(self):
        """Return a block in which a loop is made."""
        return contextlib.nullcontext()

    def watch(self, tensor) -> None:
        """Do nothing: any tensor of the pass can be differentiated by."""

    def run(self, way: Callable, observer, x, y):
        """Make a pass: (observer, x, y, tape) → it."""
        given = [variable.value for variable in self._variables], x, y
        if observer.loss is None:  # which one fits depends on how the outputs are made
            self._kinds = self._ends_of(observer.model, given)
        found = []

        def forward(values, x, y):
            self._scope, self._trace = values, _trace_of(values[0])
            run = way(observer, x, y, self)
            found[:] = [run, _tensors_of(run, self._is_outside)]
            return found[1]

        closed = jax.make_jaxpr(forward)(*given)
        run, tensors = found
        self._numbers = [*jax.tree.leaves(given), *closed.consts]
        outputs = self._note(closed.jaxpr)
        self._known = {id(t): v for t, v in zip(tensors, outputs, strict=True)}
        self._kept = tensors  # or another might get the id of one of them
        leaves = jax.tree.leaves(given[1:])
        for tensor, value in zip(leaves, self._inputs[len(given[0]) :], strict=False):
            self._known[id(tensor)] = value
        _replace_tensors(run, self.node)
        return run

    def _ends_of(self, model, given) -> list[str]:
        """Return the operations that make the outputs of a model."""

        def forward(values, x, y):
            self._scope = values
            with self.scope():
                return keras.tree.flatten(model(x, training=True))

        closed = jax.make_jaxpr(forward)(*given)
        ends = [value.op.type for value in self._note(closed.jaxpr)]
        self._inputs, self.graph = [], None
        return ends

    def _is_outside(self, tensor) -> bool:
        """Tell whether a tensor belongs to the pass itself, and not to a loop inside it."""
        return _trace_of(tensor) in (None, self._trace)

    def node(self, tensor):
        """Return a tensor as the graph knows it; as it is, while there is no graph yet."""
        if self.graph is None or isinstance(tensor, Value) or not keras.ops.is_tensor(tensor):
            return tensor
        if id(tensor) in self._known:
            return self._known[id(tensor)]
        graph = self.graph if self._is_outside(tensor) else Graph()  # of a loop
        return graph.give(graph.add("Const", "", []), tensor.shape, str(tensor.dtype), tensor)

    def kinds(self, outputs) -> list[str]:
        """Return the operation that made each output."""
        return self._kinds

    def value(self, node):
        """Return the numbers of a tensor of the graph."""
        if not isinstance(node, Value):
            return node
        return self._values.get(id(node), node.tensor)

    def weights(self, variable):
        """Return the numbers of a variable."""
        return variable.value

    def gradients(self, total, sources: list, kernels: list) -> tuple[list, list]:
        """Return ∂total by tensors and by variables, None where there is none."""
        from latido.flow import feels

        places = {id(variable): i for i, variable in enumerate(self._variables)}
        places = [places[id(kernel)] for kernel in kernels]

        def repeated(probes, weights):
            numbers = [weights.get(i, number) for i, number in enumerate(self._numbers)]
            values = self._repeat(numbers, probes)
            return values[id(total)], values

        # Each once, however often it is asked for: a layer that is called again has its weights.
        probes = {id(value): jnp.zeros(value.shape, value.dtype.name) for value in sources}
        weights = {place: self._numbers[place] for place in places}
        found, self._values = jax.grad(repeated, (0, 1), has_aux=True)(probes, weights)
        starts = [*sources, *(self._inputs[place] for place in places)]
        felt = iter(feels(self.graph, starts, total))
        asked = [id(value) for value in sources], places
        return tuple(
            [gradients[one] if next(felt) else None for one in part]
            for gradients, part in zip(found, asked, strict=True)
        )

    def scale(self, losses):
        """Return what keeps half-precision gradients away from its smallest and largest numbers."""
        return 256.0 / jnp.maximum(jax.lax.stop_gradient(jnp.mean(losses)), 1.0)

    # --- a jaxpr as a graph ---------------------------------------------------------------

    def _note(self, jaxpr) -> list[Value]:
        """Make the graph; return the values of the results."""
        self.graph, values = Graph(), {}
        for var in (*jaxpr.invars, *jaxpr.constvars):
            placeholder = self.graph.add("Placeholder", "", [])
            values[var] = self.graph.give(placeholder, var.aval.shape, str(var.aval.dtype))
            self._inputs.append(values[var])
        self._note_all(jaxpr, values, "")
        _name_softmaxes(self.graph)
        return [self._read(var, values) for var in jaxpr.outvars]

    def _note_all(self, jaxpr, values: dict, outer: str) -> None:
        for eqn in jaxpr.eqns:
            kind, scope = eqn.primitive.name, f"{outer}/{eqn.source_info.name_stack}".strip("/")
            inputs = [self._read(var, values) for var in eqn.invars]
            inner = eqn.params.get("jaxpr")
            if kind in ("jit", "pjit"):
                kind = eqn.params["name"]
                if kind not in WHOLE:  # its operations, as if they stood here
                    closed = dict(zip(inner.jaxpr.invars, inputs, strict=True))
                    for var, number in zip(inner.jaxpr.constvars, inner.consts, strict=True):
                        closed[var] = self._constant(number)
                    self._note_all(inner.jaxpr, closed, scope)
                    for var, inside in zip(eqn.outvars, inner.jaxpr.outvars, strict=True):
                        values[var] = self._read(inside, closed)
                    continue
            elif kind.startswith("custom_"):
                kind = _name_of(eqn) or kind
            elif kind == "integer_pow":
                kind = "square" if eqn.params["y"] == 2 else "pow"
            # TensorFlow numbers the scopes of Keras's layers, and it is its names that are read.
            scope = "".join(f"{part}_1/" for part in scope.split("/") if part)
            own = eqn, inputs
            operation = self.graph.add(NAMES.get(kind, kind), scope.rstrip("/"), inputs, own)
            for var in eqn.outvars:
                shape, dtype = getattr(var.aval, "shape", ()), getattr(var.aval, "dtype", "")
                values[var] = self.graph.give(operation, shape, str(dtype))

    def _read(self, var, values: dict) -> Value:
        return self._constant(var.val, var.aval) if hasattr(var, "val") else values[var]

    def _constant(self, number, aval=None) -> Value:
        aval = jnp.asarray(number) if aval is None else aval
        operation = self.graph.add("Const", "", [])
        return self.graph.give(operation, aval.shape, str(aval.dtype), number)

    def _repeat(self, numbers: list, probes: dict) -> dict:
        """Do all operations again; return id of the value → its numbers."""
        found = {id(value): number for value, number in zip(self._inputs, numbers, strict=True)}
        for operation in self.graph.get_operations():
            if operation.own is None:
                continue
            eqn, inputs = operation.own
            settings, functions = eqn.primitive.get_bind_params(eqn.params), ()
            if isinstance(settings, tuple):  # before JAX 0.10
                functions, settings = settings
            given = [found.get(id(v), v.tensor) for v in inputs]
            with getattr(eqn.ctx, "manager", contextlib.nullcontext()):
                results = eqn.primitive.bind(*functions, *given, **settings)
            results = results if eqn.primitive.multiple_results else [results]
            for value, result in zip(operation.outputs, results, strict=True):
                probe = probes.get(id(value))
                found[id(value)] = result if probe is None else result + probe
        return found


def variables_of(model) -> list:
    """Return the variables that a pass may read: the model's, and those of its metrics."""
    found = [*model.variables]
    for metric in getattr(model, "metrics", []):
        found += metric.variables
    return list({id(variable): variable for variable in found}.values())


def _name_of(eqn) -> str:
    """Return the name of the function that has a derivative of its own; "" if it is not told."""
    inner = eqn.params.get("call_jaxpr")
    return getattr(getattr(inner, "jaxpr", inner).debug_info, "func_name", "") if inner else ""


def _trace_of(tensor):
    return getattr(tensor, "_trace", None)


def _fields(run):
    """Return (object, attribute) of all that holds tensors in a pass."""
    for site in run.recorder.sites:
        yield from ((site, n) for n in ("output", "z", "h", "entries", "exits", "probe"))
    for meeting in run.recorder.later:
        yield from ((meeting, name) for name in ("z", "h"))
    yield from ((run, name) for name in ("loss", "losses", "outputs", "ends", "total", "scale"))


def _tensors_of(run, belongs: Callable) -> list:
    found = {}
    for owner, name in _fields(run):
        for tensor in keras.tree.flatten(getattr(owner, name, None)):
            if keras.ops.is_tensor(tensor) and belongs(tensor):
                found[id(tensor)] = tensor
    return list(found.values())


def _replace_tensors(run, node: Callable) -> None:
    for owner, name in _fields(run):
        held = getattr(owner, name, None)
        if held is not None:
            setattr(owner, name, keras.tree.map_structure(node, held))


def _name_softmaxes(graph: Graph) -> None:
    """Find what JAX writes out: exp(z − max z) over its sum. The maximum takes no gradient away."""
    for operation in graph.get_operations():
        if operation.type == "StopGradient" and _comes_from(operation.inputs[0], "reduce_max"):
            operation.type = "Identity"
        if operation.type == "RealDiv":
            above, below = operation.inputs
            total = _comes_from(below, "Sum")
            if above.op.type == "Exp" and total is not None and total.inputs[0] is above:
                shifted = above.op.inputs[0].op
                if shifted.type == "Sub":
                    operation.type, operation.inputs = "Softmax", [shifted.inputs[0]]
                    shifted.inputs[0].users.append(operation)


def _comes_from(value: Value, kind: str):
    """Return the operation of a kind that made a value, but for what moves and bounds numbers."""
    for _ in range(6):
        if value.op.type == kind:
            return value.op
        passing = [v for v in value.op.inputs if v.op.type != "Const"]
        if value.op.type not in PASSING or not passing:
            return None
        value = passing[-1]
    return None


PASSING = ("BroadcastTo", "Reshape", "ExpandDims", "Squeeze", "Maximum", "select_n", "Identity")


# --- functions ------------------------------------------------------------------------------


def at_once(model) -> None:
    """Return nothing: a pass has to be noted before it can be made."""


def compiled(observer, signals: Callable, measured: Callable, tensors: list) -> Callable:
    """Return tensors → what ``measured`` makes of the signals of a pass."""
    variables = variables_of(observer.model)

    def pure(values, *tensors):
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
            return signals(*tensors)

    given = [variable.value for variable in variables]
    run = jax.jit(pure).lower(given, *tensors).compile()

    def look(*tensors):
        found = run([variable.value for variable in variables], *tensors)
        with now(double=True):
            return measured(found)

    return look


program = jax.jit


@contextlib.contextmanager
def now(double: bool = False):
    """Return a block that is carried out at once, in float64 if asked to.

    Variables have their own numbers there, and not those of the pass.
    """
    with (
        jax.ensure_compile_time_eval(),
        keras.StatelessScope(),
        jax.enable_x64(True) if double else _nothing(),
    ):
        yield


_nothing = contextlib.nullcontext


def slope(function: Callable, z):
    """Return |φ'(z)|, float32."""
    z = jnp.asarray(z, jnp.float32)
    return jnp.abs(jax.grad(lambda z: jnp.sum(function(z)))(z))


def double(tensor):
    """Return numbers as they are: what measures them casts them, outside of the pass."""
    return jnp.asarray(tensor)


def identity(tensor):
    """Return a tensor of its own with the same values."""
    return jnp.array(tensor, copy=True)


mean, var, matmul, maximum = jnp.mean, jnp.var, jnp.matmul, jnp.maximum


def divide_no_nan(above, below):
    """Return a quotient, 0 where it would be one by 0."""
    return jnp.where(below == 0, 0, above / jnp.where(below == 0, 1, below))


def looking(model):
    """Return a block; first, the weights that ``fit`` keeps for itself come back to the model."""
    brought_back(model)
    return contextlib.nullcontext()


def brought_back(model) -> None:
    """Bring back to a model, and its optimizer, what ``fit`` keeps for itself."""
    if getattr(model, "_jax_state", None) is not None:
        model.jax_state_sync()


def train(loss_of: Callable, others: list, weights: list, optimizer, steps: int):
    """Train weights with what ``loss_of`` (values, others) returns: (total, (mean, others))."""

    @jax.jit
    def step(values, others, state):
        differentiate = jax.value_and_grad(loss_of, has_aux=True)
        (_, (mean, others)), gradients = differentiate(values, others)
        values, state = optimizer.stateless_apply(state, gradients, values)
        return values, others, state, mean

    values, curve = [weight.value for weight in weights], []
    state = [variable.value for variable in optimizer.variables]
    for _ in range(steps):
        values, others, state, mean = step(values, others, state)
        curve.append(mean)
    for weight, value in zip(weights, values, strict=True):
        weight.assign(value)
    return jnp.stack(curve)


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

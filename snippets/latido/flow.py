"""What depends on what in a traced pass, found in one walk over its operations.

Of each operation it is known which sites it depends on, as the bits of a whole number, and on
which of them it would still depend if only paths counted along which there is a gradient.
"""

import functools
import operator

import keras

from latido.graph import elements

#: Operations through which values pass and no gradient → how they are called in Python.
CUTS = {
    **{"Round": "round", "Rint": "round", "Floor": "floor", "Ceil": "ceil", "Sign": "sign"},
    **{"ArgMax": "argmax", "ArgMin": "argmin", "StopGradient": "stop_gradient"},
    **{"Greater": "comparación >", "GreaterEqual": "comparación >=", "Less": "comparación <"},
    **{"LessEqual": "comparación <=", "Equal": "comparación ==", "NotEqual": "comparación !="},
    **{"Cast": "cast a enteros", "OneHot": "one_hot", "Bucketize": "bucketize"},
    **{"PreventGradient": "stop_gradient", "FloorDiv": "división entera", "PyFunc": "py_function"},
    **{"NumpyFunction": "numpy_function", "EagerPyFunc": "", "TopKV2": ""},
}
#: Of these, the ones whose result is a number as any other: their type alone tells.
SILENT = {"Round", "Rint", "Floor", "Ceil", "Sign", "StopGradient", "PreventGradient", "FloorDiv"}
SILENT |= {"PyFunc", "NumpyFunction", "OneHot"}

#: Operations that look at the shape alone.
SHAPES = {"Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike"}

#: What draws at random.
DRAWN = ("Random", "StatelessRandom", "StatelessTruncated", "TruncatedNormal")

SQUARES = {"Square", "SquaredDifference", "Pow", "Mul"}
ROOTS = {"Rsqrt", "Sqrt", "Pow"}
#: What may lie between a mean of squares and its root.
BETWEEN = {
    *("AddV2", "Add", "Maximum", "Identity", "Cast", "Reshape", "Squeeze", "ExpandDims", "Mul"),
    *("RealDiv", "BroadcastTo", "Sub", "Pack", "Sqrt"),
}
BOUNDED = {"Sigmoid", "Softmax", "Tanh", "Relu6", "ClipByValue"}
DIVISIONS = {"RealDiv", "DivNoNan", "Div", "Reciprocal", "Pow", "Xdivy"}


class Flow:
    """Which sites lie before each operation of the graph that is being traced.

    Args:
        sites: those of the pass, with their outputs.
        inputs: the tensors of the examples.
        losses: what the pass ends in.
        tape: which knows the operations of the pass.
    """

    def __init__(self, sites: list, inputs, losses, tape):
        self._bits = {id(site): 1 << (i + 1) for i, site in enumerate(sites)}
        self._trained = sum(self._bits[id(site)] for site in sites if not site.frozen)
        self.graph = tape.graph
        own: dict[str, int] = {}
        for site in sites:
            for end in site.ends:
                if hasattr(end, "op") and end.graph is self.graph:
                    name = end.op.name
                    own[name] = own.get(name, 0) | self._bits[id(site)]
        for tensor in map(tape.node, keras.tree.flatten(inputs)):
            own[tensor.op.name] = own.get(tensor.op.name, 0) | 1
        self._before: dict = {}
        self._felt: dict = {}
        self._direct: set = set()
        self.cutting: list = []
        self.roots: list = []
        self.products: list = []
        self.size = 0
        for op in self.graph.get_operations():
            self._add(op, own.get(op.name, 0))
        self._loss, self._felt_loss = self.of(losses), self._of(losses, self._felt)
        self._normalized = self._before_a_normalization()
        self._gates = self._only_scaling()

    def _add(self, op, own: int) -> None:
        kind, outputs = op.type, op.outputs
        before = felt = int(kind.startswith(DRAWN))  # noise is what a generator looks at
        if kind not in SHAPES:
            for tensor in op.inputs:
                name = tensor.op.name
                before |= self._before.get(name, 0)
                felt |= self._felt.get(name, 0)
        if felt and (kind in SILENT or not any(map(_is_real, outputs))):
            self.cutting.append((op, felt))
            felt = 0
        # What the examples reach without crossing a site; noise and shapes are no examples.
        if own & 1 or (own == 0 and any(t.op.name in self._direct for t in op.inputs)):
            self._direct.add(op.name)
        self._before[op.name], self._felt[op.name] = before | own, felt | own
        if before and (kind in ROOTS or kind.startswith("FusedBatchNorm")):
            self.roots.append(op)
        elif before and kind == "Mul":
            self.products.append(op)
        for tensor in outputs:
            if tensor.dtype.is_floating:
                self.size += tensor.dtype.size * elements(tensor)

    # --- questions ------------------------------------------------------------------------

    def of(self, tensors) -> int:
        """Return the bits of what tensors depend on, bit 0 for the examples."""
        return self._of(tensors, self._before)

    def _of(self, tensors, table) -> int:
        found = [table.get(t.op.name, 0) for t in keras.tree.flatten(tensors) if hasattr(t, "op")]
        return functools.reduce(operator.or_, found, 0)

    def sees_the_input(self, tensor) -> bool:
        """Tell whether a tensor depends on the examples."""
        return bool(self.of(tensor) & 1)

    def depends(self, tensor, site) -> bool:
        """Tell whether a tensor depends on what a site gives out."""
        return bool(self.of(tensor) & self._bits[id(site)])

    def influences(self, site) -> bool:
        """Tell whether the loss depends on a site, with a gradient or without."""
        return bool(self._loss & self._bits[id(site)])

    def is_first(self, site) -> bool:
        """Tell whether the examples arrive here without crossing another site, or nothing does."""
        entries = [t for t in site.entries if hasattr(t, "op")]
        before = self.of(site.output) & ~1 & ~self._bits[id(site)]
        return not before or any(t.op.name in self._direct for t in entries)

    def learns(self, site) -> bool:
        """Tell whether this site or one before it is trained, and a gradient of any use there."""
        return bool(self.of(site.output) & self._trained)

    def normalized(self, site) -> bool:
        """Tell whether what this site gives out is brought to size somewhere behind it."""
        return bool(self._normalized & self._bits[id(site)])

    def normalizes(self) -> bool:
        """Tell whether anything is brought to size, sites before it or none."""
        return bool(self._normalized)

    def is_gate(self, site) -> bool:
        """Tell whether a site only scales a signal that goes on without it (as in SE blocks)."""
        return bool(self._gates & self._bits[id(site)])

    def cut(self, site) -> tuple[str, str] | None:
        """Return the operation and the scope where the gradient of a site ends; None if it arrives.

        Of several, the last: ``argmax`` compares before it chooses.
        """
        bit = self._bits[id(site)]
        if not self._loss & bit or self._felt_loss & bit:
            return None
        for op, felt in reversed(self.cutting):
            if felt & bit:
                return CUTS.get(op.type) or op.type, op.name
        return "una operación sin derivada", ""

    # --- what the operations do, whatever their layer is called ---------------------------

    def _before_a_normalization(self) -> int:
        """Return the bits of what is divided by its own size: the root of a mean of squares."""
        found = 0
        for op in self.roots:
            if op.type.startswith("FusedBatchNorm"):
                found |= self.of(op.inputs[0]) if op.get_attr("is_training") else 0
            elif op.type == "Rsqrt" or _divides(op):
                found |= self.of(_squared(op.inputs[0]))
        return found if found & 1 else 0

    def _only_scaling(self) -> int:
        """Return the bits of the sites in side branches that a signal is multiplied with.

        The side branch has fewer values, or comes out of a function with bounds: of a modulation
        by a condition, which looks the same otherwise, the modulated signal is the larger one.
        """
        found = 0
        for op in self.products:
            a, b = op.inputs
            for side, through in ((a, b), (b, a)):
                before, around = self.of(side), self.of(through)
                beside = around & 1 and not around & ~before and before & ~around
                if beside and (elements(side) < elements(through) or _bounded(side)):
                    found |= before & ~around
        return found & ~1


def _bounded(tensor) -> bool:
    """Tell whether a tensor comes out of a function with bounds, but for a shift and a scale."""
    for _ in range(5):
        if tensor.op.type in BOUNDED:
            return True
        inputs = [t for t in tensor.op.inputs if len(t.shape)]  # not the number of a scale
        if tensor.op.type not in BETWEEN or not inputs:
            return False
        tensor = inputs[0]
    return False


def _is_real(tensor) -> bool:
    kind = tensor.dtype
    return kind.is_floating or kind.is_complex or kind.name in ("resource", "variant")


def _divides(op) -> bool:
    """Tell whether a root is divided by, perhaps after a small number was added to it."""
    if op.type == "Pow":
        return True
    pending = list(op.outputs)
    for _ in range(6):
        users = [(t, user) for t in pending for user in t.consumers()]
        if any(
            user.type in DIVISIONS and (len(user.inputs) < 2 or user.inputs[1].op.name == t.op.name)
            for t, user in users
        ):
            return True
        pending = [t for _, user in users if user.type in BETWEEN for t in user.outputs]
    return False


def _squared(tensor) -> list:
    """Return what was squared and averaged to make a tensor; [] if that is not how it was made."""
    pending = [tensor]
    for _ in range(8):
        further = []
        for op in (t.op for t in pending):
            if op.type in ("EuclideanNorm", "Variance"):
                return [op.inputs[0]]
            if op.type in ("Mean", "Sum"):
                inside = op.inputs[0].op
                while inside.type in ("Cast", "Identity", "Abs"):
                    inside = inside.inputs[0].op
                same = inside.type != "Mul" or inside.inputs[0].op is inside.inputs[1].op
                if inside.type in SQUARES and same:
                    return [inside.inputs[0]]
            elif op.type in BETWEEN:
                further += op.inputs
        pending = further
    return []


def feels(graph, starts: list, end) -> list[bool]:
    """Tell of each tensor whether a gradient reaches it from the end of a pass."""
    felt: dict = {}
    for i, tensor in enumerate(starts):
        felt[key(tensor)] = felt.get(key(tensor), 0) | 1 << i
    for op in graph.get_operations():
        bits = 0
        if op.type not in SHAPES | SILENT and any(map(_is_real, op.outputs)):
            bits = functools.reduce(operator.or_, (felt.get(key(t), 0) for t in op.inputs), 0)
        if bits:
            for tensor in op.outputs:
                felt[key(tensor)] = felt.get(key(tensor), 0) | bits
    return [bool(felt.get(key(end), 0) >> i & 1) for i in range(len(starts))]


def key(tensor) -> tuple:
    """Return what tells a tensor from all others, for as long as its graph is there."""
    op = getattr(tensor, "op", None)
    return (id(tensor),) if op is None else (id(tensor.graph), op.name, tensor.value_index)


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

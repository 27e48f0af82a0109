"""The operations of a pass on a backend that keeps no graph of its own, as TensorFlow would tell.

``latido.flow`` and its neighbours read a graph: which operation made a tensor, and what takes it.
Here are its two parts, with the names of TensorFlow's, and the words of JAX and PyTorch for them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Kind:
    """The type of the numbers of a tensor.

    Attributes:
        name: "float32".
        size: bytes of each.
    """

    name: str
    size: int

    @property
    def is_floating(self) -> bool:
        """Whether they are numbers with a fraction."""
        return "float" in self.name

    @property
    def is_complex(self) -> bool:
        """Whether they have an imaginary part."""
        return "complex" in self.name


@dataclass(eq=False)
class Value:
    """What an operation gave out.

    Attributes:
        op: which one.
        value_index: which of its results.
        tensor: the backend's own, if it is kept.
    """

    graph: "Graph" = field(repr=False)
    op: "Operation" = field(repr=False)
    value_index: int
    shape: tuple[int, ...]
    dtype: Kind
    tensor: Any = field(default=None, repr=False)
    users: list = field(default_factory=list, repr=False)

    def consumers(self) -> list["Operation"]:
        """Return the operations that take it."""
        return self.users


@dataclass(eq=False)
class Operation:
    """A step of a pass.

    Attributes:
        type: by TensorFlow's name, where it has one for it.
        name: unique, with the scopes of the layers before it: "body/dense/Relu:7".
        own: what the backend needs to repeat it.
    """

    type: str
    name: str
    inputs: list[Value] = field(repr=False)
    outputs: list[Value] = field(default_factory=list, repr=False)
    attributes: dict = field(default_factory=dict, repr=False)
    own: Any = field(default=None, repr=False)

    def get_attr(self, name: str):
        """Return one of its settings."""
        return self.attributes[name]


class Graph:
    """Operations in the order in which they were done."""

    def __init__(self):
        self._operations: list[Operation] = []

    def get_operations(self) -> list[Operation]:
        """Return all of them."""
        return self._operations

    def add(self, kind: str, scope: str, inputs: Iterable[Value], own=None, **attributes):
        """Add an operation without results yet, and return it."""
        name = f"{scope}/{kind}:{len(self._operations)}".lstrip("/")
        operation = Operation(kind, name, list(inputs), attributes=attributes, own=own)
        for value in operation.inputs:
            value.users.append(operation)
        self._operations.append(operation)
        return operation

    def give(self, operation: Operation, shape, dtype: str, tensor=None) -> Value:
        """Add a result to an operation, and return it."""
        digits = "".join(c for c in dtype.rpartition("float")[2] if c.isdigit())
        kind = Kind(dtype, int(digits or 32) // 8)
        value = Value(self, operation, len(operation.outputs), tuple(shape), kind, tensor)
        operation.outputs.append(value)
        return value


def elements(tensor) -> int:
    """Return how many numbers a tensor has; 0 if that is not known."""
    shape = tensor.shape
    return shape.num_elements() or 0 if hasattr(shape, "num_elements") else math.prod(shape)


#: Operation → its name in JAX, and in PyTorch. Of what neither has, the name stays as it is.
WORDS = {
    "Abs": "abs",
    "AddV2": "add add_any __add__ __radd__ add_ __iadd__",
    "ArgMax": "argmax",
    "ArgMin": "argmin",
    "Bucketize": "bucketize",
    "BroadcastTo": "broadcast_in_dim broadcast_to expand",
    "Cast": "convert_element_type to type float int long bool double half",
    "Ceil": "ceil",
    "ClipByValue": "clip clamp clamp_ hardtanh hardsigmoid clamp_min clamp_max",
    "Elu": "elu",
    "Equal": "eq __eq__ equal",
    "Exp": "exp",
    "ExpandDims": "expand_dims unsqueeze",
    "Floor": "floor",
    "FloorDiv": "floor_divide __floordiv__",
    "FusedBatchNorm": "batch_norm layer_norm group_norm rms_norm instance_norm",
    "Greater": "gt __gt__ greater",
    "GreaterEqual": "ge __ge__ greater_equal",
    "Identity": "copy clone contiguous view_as permute transpose optimization_barrier",
    "MatMul": "matmul dot_general linear",
    "Less": "lt __lt__ less",
    "LessEqual": "le __le__ less_equal",
    "Log": "log",
    "Maximum": "max maximum",
    "Mean": "mean",
    "Minimum": "min minimum",
    "Mul": "mul multiply __mul__ __rmul__ mul_ __imul__",
    "NotEqual": "ne __ne__ not_equal",
    "OneHot": "_one_hot one_hot",
    "Pow": "pow __pow__ float_power",
    "RandomUniform": "random_bits threefry2x32 random_wrap bernoulli rand randn normal_ uniform_ "
    "dropout",
    "RealDiv": "div divide true_divide __truediv__ div_",
    "Reciprocal": "reciprocal",
    "Relu": "relu",
    "Relu6": "relu6",
    "Reshape": "reshape view flatten",
    "Round": "round",
    "Rsqrt": "rsqrt rsqrt_",
    "Selu": "selu",
    "Sigmoid": "sigmoid logistic",
    "Sign": "sign",
    "Softmax": "softmax",
    "Softplus": "softplus",
    "Softsign": "softsign soft_sign",
    "Sqrt": "sqrt sqrt_",
    "Square": "square",
    "Squeeze": "squeeze",
    "StopGradient": "stop_gradient detach",
    "Sub": "sub subtract __sub__ __rsub__ rsub sub_",
    "Sum": "reduce_sum sum",
    "Tanh": "tanh",
    "TopKV2": "top_k topk",
    "Variance": "var _var var_mean",
}
NAMES = {word: name for name, words in WORDS.items() for word in words.split()}


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

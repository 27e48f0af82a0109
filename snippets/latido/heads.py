"""What a network can answer: the function at the end of each output, and its range."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from latido.layers import OF_OPERATION, function_name, is_activation

#: Activation → the ends of its range.
RANGES = {
    "linear": (-math.inf, math.inf),
    "leaky_relu": (-math.inf, math.inf),
    "log_sigmoid": (-math.inf, 0.0),
    "log_softmax": (-math.inf, 0.0),
    **dict.fromkeys(("softmax", "sparsemax", "sigmoid", "hard_sigmoid"), (0.0, 1.0)),
    **dict.fromkeys(("tanh", "softsign", "hard_tanh"), (-1.0, 1.0)),
    **dict.fromkeys(("relu", "softplus", "exponential", "squareplus"), (0.0, math.inf)),
    "relu6": (0.0, 6.0),
    **dict.fromkeys(("elu", "celu"), (-1.0, math.inf)),
    "selu": (-1.7581, math.inf),
    "gelu": (-0.17, math.inf),
    **dict.fromkeys(("silu", "swish", "hard_silu", "hard_swish"), (-0.375, math.inf)),
    "mish": (-0.309, math.inf),
}
#: Those whose answers add up to one over the last axis.
SHARES = ("softmax", "sparsemax")
#: TensorFlow operation → what a model ends in, where it shows no layers.
OPERATIONS = {
    **OF_OPERATION,
    "LeakyRelu": "leaky_relu",  # its slope is an attribute of the operation
    **dict.fromkeys(("MatMul", "BatchMatMulV2", "BiasAdd", "Conv2D", "Conv3D"), "linear"),
    **dict.fromkeys(("AddV2", "Sub", "Einsum", "DepthwiseConv2dNative", "Mean"), "linear"),
}
#: TensorFlow operations that leave the numbers as they are.
SAME = ("Identity", "Reshape", "Squeeze", "ExpandDims", "Cast", "Transpose", "StridedSlice")
#: Layers that do.
UNCHANGING = (
    *(keras.layers.Reshape, keras.layers.Flatten, keras.layers.Permute, keras.layers.Identity),
    *(keras.layers.Dropout, keras.layers.Cropping1D, keras.layers.Cropping2D),
)


@dataclass(frozen=True)
class Head:
    """The end of one output.

    Attributes:
        name: of the layer that the function belongs to.
        function: its name; "" if it is not known.
        shape: of one sample's answer; None where it is free.
        low, high: the ends of its range.
        shares: whether its answers add up to one over the last axis.
        constant: whether it answers the same to whatever comes in, as a softmax of one unit.
        seen_through: whether Keras's cross-entropies find what comes before the function, and
            take that, as they do on TensorFlow if it is the last operation and a softmax or a
            sigmoid.
        layer: the Keras layer; None if the model shows none.
        weights: the layer that makes what the function takes, often the same one.
    """

    name: str
    function: str
    shape: tuple[int | None, ...]
    low: float = -math.inf
    high: float = math.inf
    shares: bool = False
    constant: bool = False
    seen_through: bool = False
    layer: "keras.layers.Layer | None" = None  # the reference page imports no Keras: quoted
    weights: "keras.layers.Layer | None" = None

    @property
    def units(self) -> int:
        """How many numbers it answers at each position."""
        return self.shape[-1] or 0 if self.shape else 1

    @property
    def one_sided(self) -> bool:
        """Whether it is flat on one side, where it learns nothing: relu."""
        return self.function in ("relu", "relu6")


def heads_of(model: keras.Model) -> list[Head] | None:
    """Return the heads of a model of layers, in the order of its outputs; None for another."""
    outputs = getattr(model, "outputs", None)
    return [_head(tensor) for tensor in outputs] if outputs else None


def traced_head(name: str, tensor) -> Head:
    """Return the head of an output as its TensorFlow graph shows it."""
    shape, op, last = tuple(tensor.shape[1:]), getattr(tensor, "op", None), True
    while op is not None and op.type in SAME:
        op, last = op.inputs[0].op, False
    function = OPERATIONS.get(op.type, "") if op is not None else ""
    seen_through = last and _looked_behind(function)
    return Head(name, function, shape, **_range(function, shape), seen_through=seen_through)


def multiplies(tensor, function: str) -> bool:
    """Tell whether what an activation gives, a symbolic tensor, is a factor of another signal."""
    if function not in ("sigmoid", "hard_sigmoid") or not hasattr(tensor, "consumers"):
        return False
    pending, seen = [tensor], set()
    while pending:
        for user in pending.pop().consumers():
            if user.name.startswith("gradient_tape") or user.name in seen:
                continue
            seen.add(user.name)
            if user.type == "Mul":
                return True
            if user.type in SAME:
                pending += user.outputs
    return False


def _head(tensor) -> Head:
    shape, last = tuple(tensor.shape[1:]), True
    while True:
        history = tensor._keras_history
        operation = history.operation
        if isinstance(operation, keras.Model) and getattr(operation, "outputs", None):
            tensor = operation.outputs[history.tensor_index]
        elif isinstance(operation, UNCHANGING):
            before = operation._inbound_nodes[history.node_index].input_tensors
            if len(before) != 1:
                break
            tensor, last = before[0], False
        else:
            break
    layer = operation
    if isinstance(layer, keras.layers.TimeDistributed):
        layer = layer.layer
    before = operation._inbound_nodes[history.node_index].input_tensors
    function = _function(layer)
    weights = layer if getattr(layer, "weights", None) else _maker(before)
    name = getattr(layer, "name", "")
    if function is None:
        return Head(name, "", shape, layer=layer, weights=weights)
    known = function_name(function)
    single = last and _own(function) and getattr(layer, "compute_dtype", "float32") == "float32"
    return Head(
        name,
        known,
        shape,
        **(_range(known, shape) if _own(function) else _tried(function, shape)),
        seen_through=single and _looked_behind(known),
        layer=layer,
        weights=weights,
    )


def _function(layer) -> Callable | None:
    """Return what a layer or a loose operation does last, if it is a function of numbers."""
    if not isinstance(layer, keras.layers.Layer):
        name = type(layer).__name__.lower()
        if is_activation(layer):
            return getattr(keras.activations, name, None) or layer
        return keras.activations.linear if name in ("add", "subtract", "multiply") else None
    if isinstance(layer, keras.layers.PReLU):
        return keras.activations.leaky_relu
    if isinstance(layer, keras.layers.Softmax) and layer.axis == -1:
        return keras.activations.softmax
    if isinstance(layer, keras.layers.ReLU) and not layer.negative_slope and not layer.threshold:
        return keras.activations.relu if layer.max_value is None else layer
    if "activation" in vars(layer) and not isinstance(layer, keras.layers.RNN):
        return layer.activation or keras.activations.linear
    if is_activation(layer):
        return layer
    if type(layer).__module__.startswith("keras.") and not isinstance(layer, keras.layers.Lambda):
        ending = ("Pooling", "Upsampling", "Concatenate", "Add", "Normalization", "Rescaling")
        if any(word in type(layer).__name__ for word in ending):
            return keras.activations.linear
    return None


def _maker(tensors):
    """Return the last layer with weights before these tensors, along their first inputs."""
    while tensors:
        history = tensors[0]._keras_history
        operation = history.operation
        if isinstance(operation, keras.layers.Layer) and operation.weights:
            return operation
        tensors = operation._inbound_nodes[history.node_index].input_tensors
    return None


def _own(function) -> bool:
    """Tell whether a function is Keras's, and so what its name says."""
    return getattr(keras.activations, function_name(function), None) is function


def _looked_behind(name: str) -> bool:
    """Tell whether Keras's cross-entropies look behind a function: on one backend they do."""
    return name in ("softmax", "sigmoid") and keras.backend.backend() == "tensorflow"


def _range(name: str, shape: tuple) -> dict:
    low, high = RANGES.get(name, (-math.inf, math.inf))
    shares = name in SHARES
    constant = shares and shape[-1:] == (1,)
    return {"low": low, "high": high, "shares": shares, "constant": constant}


def _tried(function: Callable, shape: tuple) -> dict:
    """Return the same of a function that is not known, by trying it."""
    sizes = tuple(min(size or 2, 3) for size in shape)
    return _tried_at(function, sizes)


@functools.lru_cache(maxsize=64)
def _tried_at(function: Callable, sizes: tuple) -> dict:
    grid = np.array([-1e5, -1e3, -10, -1, -0.1, 0, 0.1, 1, 10, 1e3, 1e5], "float32")
    mixed = np.random.default_rng(0).choice(grid, (64, *sizes)).astype("float32")
    try:
        answers = keras.ops.convert_to_numpy(function(keras.ops.convert_to_tensor(mixed)))
    except Exception:  # whatever the function of a stranger raises
        return {}
    if answers.shape != mixed.shape or not np.isfinite(answers[np.abs(mixed) < 1e3]).all():
        return {}
    low, high = float(answers.min()), float(answers.max())
    return {
        "low": low if low > -100 else -math.inf,  # a slope of a thousandth gets as far
        "high": high if high < 100 else math.inf,
        "shares": bool(low >= 0 and np.allclose(answers.sum(axis=-1), 1, atol=1e-4)),
        "constant": bool(np.ptp(answers, axis=0).max() == 0),
    }


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

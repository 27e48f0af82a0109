"""What a Keras model is made of: its layers, their weights, their activation functions."""

from collections.abc import Callable

import keras
import numpy as np

#: Layers that are nothing but an activation function.
ACTIVATION_LAYERS = (
    keras.layers.Activation,
    keras.layers.ReLU,
    keras.layers.LeakyReLU,
    keras.layers.PReLU,
    keras.layers.ELU,
    keras.layers.Softmax,
)


#: TensorFlow operation → the activation that it is, by the name that Keras and TensorFlow give it.
OF_OPERATION = {
    name.capitalize(): name
    for name in (
        "softmax",
        "sigmoid",
        "tanh",
        "relu",
        "relu6",
        "elu",
        "selu",
        "softplus",
        "softsign",
    )
}

#: Layers that bring the inputs to size, with numbers that are fixed before the training.
RESCALING = (keras.layers.Normalization, keras.layers.Rescaling)


def flatten(model: keras.Model) -> list:
    """Return all layers of a model, however nested, and the loose operations between them."""
    found, pending = {}, [model]
    while pending:
        layer = pending.pop()
        if id(layer) not in found:
            found[id(layer)] = layer
            pending += getattr(layer, "_layers", [])
            pending += getattr(layer, "operations", [])
    return list(found.values())


def layers_with_weights(model: keras.Model, which: str = "trainable_weights") -> dict:
    """Map each innermost layer that has a (trainable) matrix of weights to that matrix."""
    found = {}
    for layer in flatten(model):
        if not isinstance(layer, keras.layers.Layer) or isinstance(layer, ACTIVATION_LAYERS):
            continue
        below = {id(w) for part in getattr(layer, "_layers", []) for w in part.weights}
        own = [w for w in getattr(layer, which) if id(w) not in below and len(w.shape) >= 2]
        if own:
            # Of the two of a separable convolution, the one that makes its units.
            kernel = getattr(layer, "pointwise_kernel", getattr(layer, "kernel", None))
            # And of LoRA's two factors, the second, which learns first: no gradient crosses it yet.
            other = own[-1] if kind_of(layer) == "LoRA" else own[0]
            found[layer] = next((w for w in own if w is kernel), other)
    return found


def unique_names(layers: list) -> dict:
    """Map each layer to its name, or to its path if another one has that name."""
    names = [layer.name for layer in layers]
    return {
        layer: layer.name if names.count(layer.name) == 1 else layer.path or layer.name
        for layer in layers
    }


def kind_of(layer) -> str:
    """Return the class of a layer; "LoRA" if what is trained are two narrow factors."""
    return "LoRA" if getattr(layer, "lora_enabled", False) else type(layer).__name__


def fans(layer, shape) -> dict[str, int]:
    """Return how many inputs a unit has and how many units there are, from the kernel's shape."""
    kind = type(layer).__name__
    if kind_of(layer) == "LoRA":
        shape = (layer.embeddings if kind == "Embedding" else layer.kernel).shape
    if "Depthwise" in kind:
        *window, channels, copies = shape
        return {"fan_in": int(np.prod(window)), "units": channels * copies}
    if "Transpose" in kind:
        *window, units, channels = shape
        return {"fan_in": int(np.prod(window)) * channels, "units": units}
    known = kind == "Dense" or "Conv" in kind
    return {"fan_in": int(np.prod(shape[:-1])) if known else 0, "units": int(shape[-1])}


def frozen_layers(model: keras.Model, trained: dict) -> dict:
    """Map each layer that has a matrix of weights, but none that is trained, to that matrix.

    What a layer with others inside keeps for itself (the state of a recurrence, a vector that a
    wrapper goes on improving) is no matrix that a signal crosses.
    """
    found = layers_with_weights(model, "non_trainable_weights")
    return {
        layer: kernel
        for layer, kernel in found.items()
        if layer not in trained and not getattr(layer, "_layers", None)
    }


def recurrences(layers: list) -> list:
    """Return the recurrent layers whose loop can be seen from outside, by what it hands on."""
    return [
        layer
        for layer in layers
        if isinstance(layer, keras.layers.RNN)
        and isinstance(getattr(layer, "cell", None), keras.layers.Layer)
        and isinstance(getattr(layer.cell, "output_size", None), int)
        and hasattr(layer, "inner_loop")
    ]


def draws(layer) -> bool:
    """Tell whether a layer draws random numbers while it trains (Dropout, noise, flips).

    Of one that has layers inside it is not known what else it does while it trains.
    """
    return bool(getattr(layer, "_seed_generators", None)) and not getattr(layer, "_layers", None)


def is_activation(operation) -> bool:
    """Tell whether a layer, or a loose operation of a functional model, is an activation."""
    if isinstance(operation, keras.layers.Layer):
        return isinstance(operation, ACTIVATION_LAYERS)
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in type(operation).__name__)
    return hasattr(keras.activations, name.lstrip("_"))


def function_name(function: Callable | None) -> str:
    """Return the name of an activation, whether function or layer; "linear" for None."""
    if function is None:
        return "linear"
    if isinstance(function, keras.layers.Layer):  # given as another layer's activation
        return type(function).__name__.lower()
    owner = getattr(function, "__self__", None)  # an activation layer's own call
    return getattr(function, "__name__", "") if owner is None else type(owner).__name__.lower()


def channels(layer) -> int:
    """Return the axis of a layer's output that counts its units."""
    return 1 if getattr(layer, "data_format", "") == "channels_first" else -1


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

"""THE network of the book: a plain multilayer perceptron whose initialization can be chosen."""

import functools
from collections.abc import Sequence

import keras
import numpy as np

from lab import catalog


def make_initializer(name: str, seed: int) -> keras.initializers.Initializer:
    """Return a fresh Keras initializer.

    Every layer needs one of its own: two layers of equal shape that share a seeded
    instance get equal weights.

    Args:
        name: a name of ``catalog.INITIALIZERS``, with its value if it takes one
            ("random_normal:0.1").
        seed: ignored by the initializers that draw nothing.

    Raises:
        ValueError: unknown name, or a value that it does not take.
    """
    entry, arguments = catalog.initializer(name)
    if entry.random:
        arguments["seed"] = seed
    return getattr(keras.initializers, entry.keras)(**arguments)


def per_layer(initializer: str, depth: int, seed: int) -> list[tuple[str, int]]:
    """Return (initializer, seed) of each Dense layer; the head's is always GlorotUniform.

    The first layers of a deep network have those of a shallower one.
    """
    seeds = np.random.SeedSequence(seed).generate_state(depth + 1) >> 1
    names = [initializer] * depth + ["glorot_uniform"]
    return list(zip(names, seeds.tolist(), strict=True))


def draw_kernel(initializer: str, seed: int, shape: tuple[int, int]):
    """Return the weights of one layer, a tensor.

    The last ones of a common size are kept, 32 MiB at most: an experiment gives the same to each
    of its activations. A thousand of 2,048 × 2,048 would be 16 GB.
    """
    common = shape[0] * shape[1] <= 128 * 128
    return (_last_kernels if common else _draw)(initializer, seed, shape)


def _draw(initializer, seed, shape):
    return make_initializer(initializer, seed)(shape)


_last_kernels = functools.lru_cache(maxsize=512)(_draw)


def mlp(
    activation: str = "relu",
    initializer: str = "glorot_uniform",
    depth: int = 20,
    width: int | Sequence[int] = 128,
    *,
    inputs: int = 64,
    classes: int = 10,
    bias: float = 0.0,
    seed: int = 0,
) -> keras.Sequential:
    """Build the network: ``depth`` hidden layers and a softmax head (its logits).

    Dense and Activation are separate layers, so that the pre-activation z of layer l is
    the output of "z{l}" and the activation h that of "h{l}".

    Args:
        activation: a name of ``catalog.ACTIVATIONS``.
        initializer: a name of ``catalog.INITIALIZERS``, for the hidden layers.
        depth: number of hidden layers.
        width: units of each hidden layer, one number or one per layer.
        inputs: features of the data.
        classes: classes of the data.
        bias: initial bias of the hidden layers.
        seed: the same seed gives the same weights, bit by bit.

    Raises:
        ValueError: unknown name, or sizes below 1.
    """
    catalog.activation(activation)
    widths = [width] * depth if isinstance(width, int) else list(width)
    if depth < 1 or len(widths) != depth or min(widths) < 1:
        raise ValueError(f"hacen falta {depth} anchuras de 1 o más; recibidas: {widths}")
    *hidden, head = (make_initializer(*layer) for layer in per_layer(initializer, depth, seed))

    # Keras rebuilds the whole network at every add that does not forbid it.
    model = keras.Sequential([keras.Input((inputs,))])
    for layer, (units, kernel) in enumerate(zip(widths, hidden, strict=True), start=1):
        model.add(
            keras.layers.Dense(
                units,
                kernel_initializer=kernel,
                bias_initializer=keras.initializers.Constant(bias),
                name=f"z{layer}",
            ),
            rebuild=False,
        )
        model.add(keras.layers.Activation(activation, name=f"h{layer}"), rebuild=False)
    model.add(keras.layers.Dense(classes, kernel_initializer=head, name="logits"))
    return model


def redraw(model: keras.Model, initializer: str, seed: int, bias: float = 0.0) -> None:
    """Give an ``mlp`` the weights that a new one with this initializer and seed would have.

    Far cheaper than a new model, and what was compiled for the old weights stays compiled.
    """
    layers = dense_layers(model)
    for layer, drawn in zip(layers, per_layer(initializer, len(layers) - 1, seed), strict=True):
        layer.kernel.assign(draw_kernel(*drawn, tuple(layer.kernel.shape)))
        layer.bias.assign(np.full(layer.bias.shape, 0.0 if layer is layers[-1] else bias))


def dense_layers(model: keras.Model) -> list[keras.layers.Dense]:
    """Return the Dense layers, in order; the last one is the head."""
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

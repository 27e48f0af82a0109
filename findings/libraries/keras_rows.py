"""The rows of Keras, for the versions that are measured; they differ in attention."""

import keras
import measure
import numpy as np

n, c = measure.N, measure.C


def rows(attention_in: float, attention_out: float) -> None:
    """Write them; σ_w² of an attention's kernels is stated by the script of the version."""
    keras.utils.set_random_seed(0)
    imports = "from keras.layers import *"
    library = measure.Library("Keras", keras.__version__, imports)

    def of(shape):
        def parts(layer):
            layer.build((None, *shape))
            layer.activation = keras.activations.linear
            return layer.kernel, layer.bias, layer

        return parts

    he = 'kernel_initializer="he_normal"'
    inputs = (n,)
    dense = (of(inputs), inputs)
    library.layer("dense", "default", "layer = Dense(m)", *dense, 1, "uniform")
    library.layer("dense", "he", f"layer = Dense(m, {he})", *dense, 2, "truncated")
    library.layer("dense", "relu", f'layer = Dense(m, "relu", {he})', *dense, 2, "truncated")
    library.layer("dense", "tanh", 'layer = Dense(m, "tanh")', *dense, 1, "uniform")

    image = (5, 5, c)
    conv = (of(image), image)
    # Keras's fans of a kernel (3, 3, a, b): 9 a and 9 b.
    library.layer("conv", "default", "layer = Conv2D(c, 3)", *conv, 1, "uniform")
    library.layer("conv", "he", f"layer = Conv2D(c, 3, {he})", *conv, 2, "truncated")
    grouped = 2 * (c // 8) / (c // 8 + c)
    code = "layer = Conv2D(c, 3, groups=8)"
    library.layer("grouped", "default", code, *conv, grouped, "uniform")
    code = f"layer = Conv2D(c, 3, groups=8, {he})"
    library.layer("grouped", "he", code, *conv, 2, "truncated")
    # (3, 3, c, 1), of whose c inputs an output sums one
    code = "layer = DepthwiseConv2D(3)"
    library.layer("depthwise", "default", code, *conv, 2 / (c + 1), "uniform")
    code = f"layer = DepthwiseConv2D(3, depthwise_{he.removeprefix('kernel_')})"
    library.layer("depthwise", "he", code, *conv, 2 / c, "truncated")
    # (4, 4, c/2, c): the outputs are taken for inputs, and of 16 pixels an output sees 4.
    code = "layer = Conv2DTranspose(c // 2, 4, strides=2)"
    library.layer("transposed", "default", code, *conv, 2 / 4 / 1.5, "uniform")
    library.layer("transposed", "he", f"{code[:-1]}, {he})", *conv, 2 / 4 / 0.5, "truncated")

    def cell(layer):
        layer.build((None, n))
        step = lambda x, h, c: layer(x, [h, c])[1][1]  # noqa: E731
        return layer.kernel, layer.recurrent_kernel, step

    # (n, 4 n): four gates' outputs count, and the orthogonal rows are spread over four gates.
    names = ("uniform", "orthogonal")
    opened = 1 / (1 + np.exp(-1))
    library.lstm("default", "layer = LSTMCell(n)", cell, (2 / 5, 1 / 4), names, opened)

    def gru_cell(layer):
        layer.build((None, n))
        kernels = layer.kernel, layer.recurrent_kernel
        # A row of biases for the input, and one for the state.
        return *kernels, np.asarray(layer.bias), lambda x, h: layer(x, [h])[0]

    library.gru("default", "layer = GRUCell(n)", gru_cell, (2 / 4, 1 / 3), names)

    def heads(layer):
        layer.build((None, 1, measure.D), (None, 1, measure.D))
        inside = [layer.query_dense, layer.key_dense, layer.value_dense]
        kernels = np.stack([np.asarray(part.kernel) for part in inside])
        return kernels, layer.output_dense.kernel, lambda x: layer(x, x)

    stated = attention_in, attention_out
    code = "layer = MultiHeadAttention(h, d // h)"
    library.attention("default", code, heads, stated, ("uniform", "uniform"))

    def table(layer):
        layer.build()
        return layer.embeddings, layer

    code = "layer = Embedding(v, d)"
    library.embedding("default", code, table, 0.05**2 / 3, "uniform")
    slope = -float(keras.layers.LeakyReLU()(-np.ones((1, 1))).item())
    library.slope("layer = LeakyReLU()", slope, 0.3)
    library.done()

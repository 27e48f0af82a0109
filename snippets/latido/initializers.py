"""Which initializer gives a layer the weights it needs, as it is typed into that very layer.

What keeps a signal is how many products an output sums, times the variance of its weights. Keras's
initializers count inputs from the shape of the kernel alone, which for depthwise and transposed
kernels is another number: "he_normal" may then be what a layer has already.
"""

import math
from dataclasses import dataclass

import numpy as np

from latido import engine
from latido.changes import call
from latido.layers import kind_of

#: Initializer → Var(W), from the inputs and outputs that Keras counts.
NAMED = {
    "he_normal": lambda fan_in, fan_out: 2 / fan_in,
    "glorot_uniform": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "lecun_normal": lambda fan_in, fan_out: 1 / fan_in,
}


@dataclass(frozen=True)
class Kernel:
    """A matrix of weights that the signal crosses.

    Attributes:
        argument: of the layer, which says how it is drawn.
        fans: inputs and outputs, as Keras's initializers count them.
        summed: how many products an output sums, on average.
        deviation: standard deviation of its weights, when the layer was first looked at; NaN for
            the last one.
    """

    argument: str
    fans: tuple[int, int]
    summed: float
    deviation: float

    @property
    def drawn(self) -> float:
        """What it multiplies the mean square of the signal by."""
        return self.summed * self.deviation**2


def kernels_of(layer) -> tuple[Kernel, ...]:
    """Return the matrices of a layer that the signal crosses one after another; () if unknown."""
    kind = kind_of(layer)
    if kind == "LoRA":  # the kernel is not drawn any more
        return ()
    parts = {
        "depthwise_kernel": ("depthwise_initializer", lambda s: math.prod(s[:-2])),
        "pointwise_kernel": ("pointwise_initializer", lambda s: s[-2]),
    }
    if "Depthwise" in kind:
        parts = {"kernel": ("depthwise_initializer", lambda s: math.prod(s[:-2]))}
    elif "Separable" not in kind:
        count = _summed(kind, layer)
        parts = {"kernel": ("kernel_initializer", count)} if count else {}
    found: list[Kernel] = []
    for name, (argument, count) in parts.items():
        if (weights := getattr(layer, name, None)) is None:
            return ()
        shape = tuple(weights.shape)
        last = len(found) == len(parts) - 1  # a look measures that one by itself
        with engine.now():  # now, outside a graph that is being traced
            deviation = math.nan if last else float(np.std(weights))
        summed = count(shape)
        window = math.prod(shape[:-2])
        fans = window * shape[-2], window * shape[-1]
        if kind == "EinsumDense":  # Keras reads its equation
            fans = summed, math.prod(shape) // summed
        found.append(Kernel(argument, fans, float(summed), deviation))
    return tuple(found)


def _summed(kind: str, layer):
    """Return the function from a kernel's shape to how many products an output sums."""
    if "Transpose" in kind:  # of the positions that a window covers, one in `strides` has a value
        strides = math.prod(layer.strides)
        return lambda s: math.prod(s[:-2]) * s[-1] / strides
    if kind == "EinsumDense":
        weights, output = layer.equation.replace("...", "").split(",")[1].split("->")
        return lambda s: math.prod(n for n, c in zip(s, weights, strict=True) if c not in output)
    if kind == "Dense" or "Conv" in kind:
        return lambda s: math.prod(s[:-1])
    if any(kind.startswith(name) for name in ("LSTM", "GRU", "SimpleRNN")):
        return lambda s: s[0]
    return None


def typed(kernel: Kernel, needed: float, usual: str) -> str:
    """Write the argument with which a kernel multiplies the signal's mean square by ``needed``.

    By the usual name if that gives it here, within a twentieth; the glorot of a layer that does
    not keep its width counts as giving it.
    """
    fan_in, fan_out = kernel.fans

    def gives(name):
        return kernel.summed * NAMED[name](fan_in, fan_out)

    loose = usual == "glorot_uniform" and fan_in == kernel.summed
    if math.isclose(gives(usual), needed, rel_tol=0.25 if loose else 0.05):
        return call_argument(kernel.argument, usual)
    for name in NAMED:
        if math.isclose(gives(name), needed, rel_tol=0.01):
            return call_argument(kernel.argument, name)
    for mode, fan in sorted((("fan_in", fan_in), ("fan_out", fan_out)), key=lambda way: way[1]):
        scale = needed * fan / kernel.summed  # the smaller one does not grow with the channels
        if math.isclose(scale * 2, round(scale * 2), rel_tol=1e-6):
            made = call("keras.initializers.VarianceScaling", scale, mode=mode)
            return f"{kernel.argument}={made}"
    deviation = float(f"{math.sqrt(needed / kernel.summed):.3g}")
    return f"{kernel.argument}={call('keras.initializers.RandomNormal', stddev=deviation)}"


def call_argument(argument: str, name: str) -> str:
    """Write an argument with the name of an initializer."""
    return f'{argument}="{name}"'


def lines_for(kernels: tuple[Kernel, ...], needed: float, usual: str) -> str:
    """Write the arguments that a layer needs: its last kernel makes the gain."""
    *before, last = kernels
    parts = [typed(kernel, 1.0, "lecun_normal") for kernel in before]
    return ", ".join([*parts, typed(last, needed, usual)])


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

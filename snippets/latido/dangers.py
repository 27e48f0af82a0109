"""Operations that turn a number into NaN: a root or a logarithm of zero, as its author wrote it."""

import keras

from latido.contract import TAKES
from latido.layers import flatten
from latido.losses import loss_name
from latido.tracing import ancestors, scope_of
from latido.words import Text

#: TensorFlow operation → how it reads, what it lacks at 0, and how it is written safely.
DANGERS = {
    "Sqrt": (
        Text("una raíz cuadrada"),
        Text("su pendiente en 0 es infinita"),
        "keras.ops.sqrt(keras.ops.maximum(v, 1e-7))",
    ),
    "Log": (
        Text("un logaritmo"),
        Text("en 0 no es un número finito"),
        "keras.ops.log(keras.ops.maximum(v, 1e-7))",
    ),
}
#: Operations after which a number is not 0, if they have a constant beside it.
FLOORS = ("Maximum", "AddV2", "Add")
LOSS = Text("la pérdida")


def dangers(tensors, layers: list[str], own: set[str]) -> tuple[tuple[str, str], ...]:
    """Return (operation, layer or "la pérdida") for what nobody keeps away from 0.

    Args:
        tensors: symbolic TensorFlow tensors: the loss of each sample.
        layers: the names of the layers.
        own: of these, those whose code is the author's. And the loss is, if it holds ``LOSS``.
    """
    names = ancestors(tensors)
    found = []
    for op in tensors[0].graph.get_operations():
        if op.type not in DANGERS or op.name not in names or _kept_from_zero(op.inputs[0].op):
            continue
        where = scope_of(op.name, layers) or LOSS
        if where in own:
            found.append((op.type, where))
    return tuple(dict.fromkeys(found))


def written_by(model, trained) -> tuple[list[str], set[str]]:
    """Return the names of all layers, and where the code is not Keras's: layers and losses."""
    layers = [a for a in flatten(model) if isinstance(a, keras.layers.Layer)]
    own = {
        layer.name
        for layer in layers
        if isinstance(layer, keras.layers.Lambda)
        or not type(layer).__module__.startswith(("keras.", "keras_hub."))
    }
    known = bool(trained) and all(loss_name(one.loss) in TAKES for one in trained)
    return [layer.name for layer in layers], own | (set() if known else {LOSS})


def _kept_from_zero(op) -> bool:
    if op.type in ("ClipByValue", "Softmax", "Exp"):
        return True
    if op.type == "Minimum":
        return any(_kept_from_zero(tensor.op) for tensor in op.inputs)
    return op.type in FLOORS and any(tensor.op.type == "Const" for tensor in op.inputs)


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

"""The names that experiments take, and how they read in Spanish.

Nothing heavy is imported here, so that a command line can check its arguments at once.
"""

import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass

#: Activation → label, as the prose calls it. The keys are Keras's own names; "leaky_relu" has
#: slope 0.2.
ACTIVATIONS = {
    "linear": "lineal",
    "sigmoid": "sigmoide",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
}


@dataclass(frozen=True)
class Initializer:
    """How one initializer is called here, in the text and in Keras.

    ``parameter`` is the one argument that its name may carry ("random_normal:0.05"),
    with its value when the name carries none.
    """

    label: str
    keras: str
    parameter: str | None = None
    value: float | None = None
    random: bool = True


INITIALIZERS = {
    "zeros": Initializer("ceros", "Zeros", random=False),
    "constant": Initializer("constante", "Constant", "value", 0.05, random=False),
    "random_normal": Initializer("normal", "RandomNormal", "stddev", 0.05),
    "glorot_uniform": Initializer("Glorot uniforme", "GlorotUniform"),
    "glorot_normal": Initializer("Glorot normal", "GlorotNormal"),
    "he_normal": Initializer("He normal", "HeNormal"),
    "he_uniform": Initializer("He uniforme", "HeUniform"),
    "lecun_normal": Initializer("LeCun normal", "LecunNormal"),
    "orthogonal": Initializer("ortogonal", "Orthogonal", "gain", 1.0),
}

DATASETS = {"digits": "Digits", "fashion_mnist": "Fashion-MNIST", "mnist": "MNIST"}

#: The comparison that runs through the book.
CANONICAL_ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu")
CANONICAL_INITIALIZERS = ("glorot_uniform", "he_normal")


def find(name: str, names: Iterable[str], what: str) -> str:
    """Return ``name`` if it is one of ``names``.

    Raises ValueError, in one Spanish line, with the names taken and the nearest one.
    """
    names = list(names)
    if name in names:
        return name
    near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    hint = f" ¿Querías decir «{near[0]}»?" if near else ""
    raise ValueError(f"{what} «{name}» no existe; nombres válidos: {', '.join(names)}.{hint}")


def activation(name: str) -> str:
    """Check the name of an activation."""
    return find(name, ACTIVATIONS, "la activación")


def initializer(name: str) -> tuple[Initializer, dict[str, float]]:
    """Return an initializer and its Keras arguments from "name" or "name:value".

    Raises ValueError if the name is unknown, or if it takes no value or not that one.
    """
    base, colon, text = name.partition(":")
    entry = INITIALIZERS[find(base, INITIALIZERS, "el inicializador")]
    if not entry.parameter:
        if colon:
            raise ValueError(f"el inicializador «{base}» no lleva valor: escribe «{base}»")
        return entry, {}
    if not colon:
        return entry, {entry.parameter: entry.value}
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    # A deviation or a gain is a size; only a constant may be negative.
    if not math.isfinite(value) or (entry.random and value < 0):
        raise ValueError(
            f"el valor «{text}» de «{base}» no sirve: hace falta un número, como en "
            f"«{base}:{entry.value}»"
        )
    return entry, {entry.parameter: value}


def dataset(name: str) -> str:
    """Check the name of a dataset."""
    return find(name, DATASETS, "el conjunto de datos")


def initializer_label(name: str) -> str:
    """Return the Spanish label of "name" or "name:value"."""
    entry, _ = initializer(name)
    _, colon, value = name.partition(":")
    return f"{entry.label} ({value})" if colon else entry.label


def label(activation: str, initializer: str) -> str:
    """Return the label of a combination, as legends and tables print it."""
    return f"{ACTIVATIONS[activation]} + {initializer_label(initializer)}"


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

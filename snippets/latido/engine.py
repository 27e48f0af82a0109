"""What differs from backend to backend, behind one interface; the rest of the package has none.

``latido.on_tensorflow``, ``latido.on_jax`` and ``latido.on_torch`` each have these names:

``Tape``
    A ``with`` block in which a pass is made and differentiated. ``scope(...)`` runs the model
    without moving its state; ``watch(tensor)``; ``run(way, …)``; ``node(tensor)`` is the tensor
    as an operation of the graph knows it, ``graph`` its operations, ``value(node)`` the numbers;
    ``live`` tells whether the graph can be read while the pass is made, ``repeatable`` whether
    ``again(model, kinds)`` is a tape of one that needs none, and ``reads(variable)`` afterwards
    whether it had a use for a variable. ``keep(nodes)`` lets the numbers of all others go.
``at_once(model)``
    The ``Tape`` of a pass that is made without being compiled; None if there is none.
``compiled(observer, signals, measured, tensors)``
    tensors → what ``measured`` makes of the signals of a pass.
``looking(model)``
    A block in which the model's weights are at hand.
``brought_back(model)``
    The weights are in the model, and not in what ``fit`` keeps for itself.
``train(loss_of, others, weights, optimizer, steps)``
    The loss before each step of a training.
``program``, ``now``, ``slope``, ``double``, ``identity``, ``ENDINGS``
    A function made fast; a block that is carried out at once, in float64 if asked to; |φ'(z)|;
    numbers in float64, where a pass can have them; a tensor of its own with the same values;
    operation → activation function.
``mean``, ``var``, ``matmul``, ``maximum``, ``divide_no_nan``
    As in ``keras.ops``, whose own compute in float32 everywhere but on TensorFlow, even what they
    are given in float64, so that the square of 1e20 is infinite and that of 1e-23 is 0.
"""

import importlib

import keras

from latido.words import Text

try:
    from keras.src.backend.common.masking import get_keras_mask as mask_of
    from keras.src.backend.common.masking import set_keras_mask as set_mask
except ImportError:  # they have no public name: without them, on JAX masked positions count

    def mask_of(tensor):
        """Return which positions of a tensor count, as Keras knows; None if all do."""
        return getattr(tensor, "_keras_mask", None)

    def set_mask(tensor, mask) -> None:
        """Let Keras know which positions of a tensor count."""
        tensor._keras_mask = mask


#: Backends of Keras that can be differentiated.
BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
#: The oldest Keras of which the tests are run. Of those before, on TensorFlow 2.21: 3.14.0 passed
#: the tests of ten files (227); from 3.7 to 3.13 it is not known; 3.0.0, 3.3.3 and 3.6.0 have no
#: RMSNormalization, which ``latido.contract`` names.
OLDEST = (3, 15)


def check_backend() -> None:
    """Raise ValueError, in one line, if this Keras or its backend can't be looked at."""
    backend = keras.backend.backend()
    if backend not in BACKENDS:
        raise ValueError(
            Text(
                "Keras trabaja aquí con {backend}, que no deriva; hace falta TensorFlow, JAX o "
                "PyTorch: pon la variable de entorno KERAS_BACKEND=tensorflow (o jax, o torch) "
                "antes de importar keras",
                backend=backend,
            )
        )
    check_version()


def check_version() -> None:
    """Raise ValueError, in one line, if this Keras is too old for the package to be imported."""
    version = keras.__version__
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < OLDEST:
        raise ValueError(
            Text(
                "esta versión de Keras es {version} y hace falta {oldest} o una posterior: pip "
                "install --upgrade keras",
                version=version,
                oldest=".".join(map(str, OLDEST)),
            )
        )


def check_model(model) -> None:
    """Raise ValueError, in one line, if something is no model of this Keras."""
    if not isinstance(model, keras.Model):
        kind, home = type(model).__name__, type(model).__module__.partition(".")[0]
        raise ValueError(
            Text(
                "el modelo es un {kind} de {home}; hace falta un keras.Model, de Keras 3",
                kind=kind,
                home=home,
            )
        )


def __getattr__(name: str):
    """Return what the backend in use has by this name."""
    if name.startswith("__"):
        raise AttributeError(name)
    check_backend()
    return getattr(importlib.import_module(f"latido.on_{keras.backend.backend()}"), name)


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

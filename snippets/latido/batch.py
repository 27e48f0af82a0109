"""The samples that a look takes, from whatever arrays ``fit`` takes."""

import keras
import numpy as np
import tensorflow as tf

#: A look takes at most so many samples: more would only cost memory.
SAMPLES = 256


def checked(x, y):
    """Return x and y as arrays that can be used; outputs without a loss may have None for y.

    Raises:
        ValueError: no arrays, different numbers of samples, fewer than two, or values not
            finite.
    """
    x, y = (_each(_as_array, part) for part in (x, y))
    labels = [a for a in tf.nest.flatten(y) if a is not None]
    if any(a.dtype.kind in "OSU" for a in labels):
        raise ValueError("y tiene textos; las etiquetas deben ser números")
    if not labels or any(a is None for a in tf.nest.flatten(x)):
        raise ValueError("hacen falta x e y: los ejemplos y sus etiquetas, como matrices de NumPy")
    sizes = {len(a) if a.ndim else 0 for a in tf.nest.flatten(x) + labels}
    if len(sizes) > 1 or min(sizes) < 2:
        raise ValueError(
            "x e y deben tener los mismos ejemplos, dos o más; recibidos: "
            + ", ".join(map(str, sorted(sizes)))
        )
    check_finite(x, y)
    return x, y


def sample(x, y, model=None):
    """Return at most 256 samples of checked x and y, evenly spread.

    As many as the model takes, if it takes a fixed number.

    Raises:
        ValueError: the model takes one sample at a time, or more than there are.
    """
    size = len(tf.nest.flatten(x)[0])
    inputs = getattr(model, "inputs", None) or []
    fixed = next((tensor.shape[0] for tensor in inputs if tensor.shape[0]), None)
    if fixed == 1:
        raise ValueError("el modelo toma los ejemplos de uno en uno; hay que comparar dos o más")
    if fixed and fixed > size:
        raise ValueError(f"el modelo toma lotes de {fixed} ejemplos y se han dado {size}")
    chosen = np.unique(np.linspace(0, size - 1, fixed or min(size, SAMPLES)).astype(int))
    return tuple(_each(lambda a: _for_keras(a[chosen]), part) for part in (x, y))


def _each(function, part):
    """Apply a function to every array of a structure, and leave None as it is."""
    return tf.nest.map_structure(lambda a: None if a is None else function(a), part)


def _as_array(values) -> np.ndarray:
    if isinstance(values, tf.data.Dataset):
        raise ValueError("x es un tf.data.Dataset; toma de él un lote: x, y = next(iter(datos))")
    return np.asarray(values)


def check_finite(x, y) -> None:
    """Raise ValueError, with the rows, if there are values that are not finite."""
    for name, part in (("x", x), ("y", y)):
        for array in (a for a in tf.nest.flatten(part) if a is not None):
            bad = bad_rows(array)
            if len(bad):
                more = "…" if len(bad) > 5 else ""
                rows = "1 fila" if len(bad) == 1 else f"{len(bad)} filas"
                raise ValueError(
                    f"{name} tiene valores no finitos en {rows}: "
                    f"{', '.join(map(str, bad[:5]))}{more}"
                )


def bad_rows(array: np.ndarray) -> np.ndarray:
    """Return the numbers of the rows with NaN or infinity."""
    if not np.issubdtype(array.dtype, np.inexact) or not array.size:
        return np.array([], dtype=int)
    return np.flatnonzero(~np.isfinite(array.reshape(len(array), -1)).all(axis=1))


def _for_keras(array: np.ndarray) -> np.ndarray:
    """Give numbers the type that ``fit`` would give them."""
    return array.astype(keras.backend.floatx()) if array.dtype == np.float64 else array


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

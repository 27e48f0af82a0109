"""The samples that a look takes, from whatever ``fit`` takes.

``WAYS`` says of each kind of data how it is read, or why it can't be. Nothing is read whole that
does not lie in memory already.
"""

import inspect
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from latido.words import Text, why

#: A look takes at most so many samples: more would only cost memory.
SAMPLES = 256

PADDED = Text("rellénalos a la misma longitud: keras.utils.pad_sequences(x), o x.to_tensor()")


@dataclass(frozen=True)
class Sparse:
    """Rows of which only the numbers that are not zero are kept; a choice of them is dense.

    Attributes:
        indices: (numbers, axes), where each one lies.
        values: (numbers,).
        shape: of the whole.
    """

    indices: np.ndarray
    values: np.ndarray
    shape: tuple[int, ...]

    @property
    def dtype(self) -> np.dtype:
        """That of the values."""
        return self.values.dtype

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, chosen: np.ndarray) -> np.ndarray:
        """Return some rows, given by their numbers in rising order, as an array."""
        kept = np.isin(self.indices[:, 0], chosen)
        rows = np.searchsorted(chosen, self.indices[kept, 0])
        dense = np.zeros((len(chosen), *self.shape[1:]), self.dtype)
        dense[(rows, *self.indices[kept, 1:].T)] = self.values[kept]
        return dense


def checked(x, y=None, *, unlabeled: bool = False) -> tuple[Any, Any]:
    """Return x and y as arrays that can be used; outputs without a loss may have None for y.

    Args:
        x, y: as ``model.fit`` takes them: arrays, tensors, tables or sparse matrices, or lists
            or dicts of them; or both together in a ``tf.data.Dataset`` or a
            ``keras.utils.PyDataset``, of which as many batches are read as a look needs.
        unlabeled: whether y may be left out.

    Raises:
        ValueError: no arrays, different numbers of samples, fewer than two, or values not
            finite.
    """
    way = next((way for way in WHOLE if way.fits(x)), None)
    if way:
        if y is not None:
            raise ValueError(
                Text("x es {what}, que ya trae las etiquetas: y no hace falta", what=way.what)
            )
        x, y = way.read(x)
    x, y = _each("x", x), _each("y", y)
    labels = [a for a in keras.tree.flatten(y) if a is not None]
    if any(a.dtype.kind in "OSU" for a in labels):
        raise ValueError(Text("y tiene textos; las etiquetas deben ser números"))
    if not (labels or unlabeled) or any(a is None for a in keras.tree.flatten(x)):
        raise ValueError(
            Text("hacen falta x e y: los ejemplos y sus etiquetas, como matrices de NumPy")
        )
    sizes = {len(a) if a.ndim else 0 for a in keras.tree.flatten(x) + labels}
    if len(sizes) != 1 or min(sizes) < 2:
        raise ValueError(
            Text(
                "x e y deben tener los mismos ejemplos, dos o más; recibidos: {sizes}",
                sizes=", ".join(map(str, sorted(sizes))) or Text("ninguno"),
            )
        )
    check_finite(x, y)
    return x, y


def sample(x, y, model=None, most: int = SAMPLES) -> tuple[Any, Any]:
    """Return at most ``most`` samples of checked x and y, evenly spread.

    As many as the model takes, if it takes a fixed number.

    Raises:
        ValueError: the model takes one sample at a time, or more than there are.
    """
    size = len(keras.tree.flatten(x)[0])
    fixed = fixed_size(model)
    if fixed == 1:
        raise ValueError(
            Text("el modelo toma los ejemplos de uno en uno; hay que comparar dos o más")
        )
    if fixed and fixed > size:
        raise ValueError(
            Text(
                "el modelo toma lotes de {fixed} ejemplos y se han dado {size}",
                fixed=fixed,
                size=size,
            )
        )
    chosen = np.unique(np.linspace(0, size - 1, fixed or min(size, most)).astype(int))
    return tuple(_map(lambda a: _for_keras(a[chosen]), part) for part in (x, y))


def fixed_size(model) -> int | None:
    """Return how many samples a model takes, if that is fixed."""
    inputs = getattr(model, "inputs", None) or []
    return next((tensor.shape[0] for tensor in inputs if tensor.shape[0]), None)


def _map(function, part):
    """Apply a function to every array of a structure, and leave None as it is."""
    return keras.tree.map_structure(lambda a: None if a is None else function(a), part)


# --- the ways that data come --------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A kind of data: how to know it, and how to read it.

    Attributes:
        what: its name in a sentence.
        fits: whether something is of this kind.
        read: it → arrays; (x, y) if both come together. Raises ValueError if that can't be.
    """

    what: Text
    fits: Callable[[Any], bool]
    read: Callable[[Any], Any]


def _each(name: str, part):
    """Read every array of a structure; lists of numbers are arrays, and of arrays are several."""
    if isinstance(part, list | tuple) and not any(
        isinstance(a, dict | list | tuple) or a is None or hasattr(a, "shape") for a in part
    ):
        part = np.asarray(part)
    elif isinstance(part, list) and part and all(isinstance(a, list | tuple) for a in part):
        part = _rows(name, part)
    try:
        if isinstance(part, dict):
            return {key: _each(name, value) for key, value in part.items()}
        if isinstance(part, list | tuple):
            return type(part)([_each(name, value) for value in part])
        if part is None:
            return None
        return next(way for way in ARRAYS if way.fits(part)).read(part)
    except _UnreadableError as error:
        raise ValueError(Text("{name} {why}", name=name, why=why(error))) from None


class _UnreadableError(Exception):
    """Why something can't be read: the end of a sentence that begins with its name."""


def _rows(name: str, part: list) -> np.ndarray:
    try:
        return np.asarray(part)
    except ValueError:
        raise ValueError(
            Text(
                "los ejemplos de {name} tienen longitudes distintas; {padded}",
                name=name,
                padded=PADDED,
            )
        ) from None


def _refuse(reason: Text) -> Callable:
    def read(values):
        raise _UnreadableError(reason)

    return read


def _type_begins(*names: str) -> Callable[[Any], bool]:
    """Tell a kind by the package that its class comes from, which need not be installed."""
    return lambda values: any(
        f"{one.__module__}.{one.__name__}".startswith(names) for one in type(values).__mro__
    )


def _of_tf(*names: str) -> Callable[[Any], bool]:
    """Tell a kind by its class in TensorFlow, if that has been imported at all."""

    def fits(values) -> bool:
        kind: Any = sys.modules.get("tensorflow")
        for name in names:
            kind = getattr(kind, name, None)
        return kind is not None and isinstance(values, kind)

    return fits


def _table(values) -> np.ndarray:
    array = values.to_numpy()
    if array.dtype.kind not in "OMm":
        return array
    columns = values.columns if values.ndim == 2 else [values.name]
    odd = [c for c in columns if _numbers(values[c] if values.ndim == 2 else values) is None]
    if not odd:
        return values.astype("float64").to_numpy()
    if values.ndim == 1:
        return _objects(array)
    raise _UnreadableError(
        Text(
            "tiene columnas que no son números ({columns}): conviértelas o quítalas",
            columns=", ".join(map(str, odd[:5])),
        )
    )


def _numbers(column):
    try:
        return None if column.dtype.kind in "Mm" else column.astype("float64")
    except (TypeError, ValueError):
        return None


def _objects(values) -> np.ndarray:
    """Take an array whose elements may be anything: texts, or numbers of one kind."""
    array = np.asarray(values)
    if array.dtype.kind in "cMm":
        raise _UnreadableError(
            Text("es de tipo {kind}; hacen falta números reales", kind=array.dtype)
        )
    if array.dtype != object or all(isinstance(one, str | bytes) for one in array.flat):
        return array
    try:
        return array.astype("float64")
    except (TypeError, ValueError):
        kinds = {type(one).__name__ for one in array.flat}
        if kinds <= {"list", "ndarray", "tuple"}:
            raise _UnreadableError(
                Text("tiene ejemplos de longitudes distintas; {padded}", padded=PADDED)
            ) from None
        raise _UnreadableError(
            Text("mezcla cosas que no son números ({kinds})", kinds=", ".join(sorted(kinds)[:4]))
        ) from None


def _of_scipy(values) -> Sparse:
    values = values.tocoo()
    return Sparse(np.stack([values.row, values.col], 1), values.data, values.shape)


def _of_tensorflow(values) -> Sparse:
    return Sparse(values.indices.numpy(), values.values.numpy(), tuple(values.shape))


def _of_torch(values) -> np.ndarray:
    return values.detach().cpu().numpy()


def _by_rows(values) -> bool:
    """Tell whether something on disk gives rows when asked for them (h5py, zarr)."""
    return all(hasattr(values, name) for name in ("shape", "dtype", "ndim", "__getitem__"))


#: What one part of x or y may be; the first that fits.
#:
#: :meta hide-value:
ARRAYS = (
    Way(Text("una matriz"), lambda v: type(v) is np.ndarray, _objects),
    Way(
        Text("un tf.RaggedTensor"),
        _of_tf("RaggedTensor"),
        _refuse(
            Text(
                "es un tf.RaggedTensor, de ejemplos de longitudes distintas; {padded}",
                padded=PADDED,
            )
        ),
    ),
    Way(Text("un tf.SparseTensor"), _of_tf("SparseTensor"), _of_tensorflow),
    Way(Text("una matriz de SciPy"), _type_begins("scipy.sparse."), _of_scipy),
    Way(Text("una tabla de pandas"), _type_begins("pandas."), _table),
    Way(Text("un tensor de PyTorch"), _type_begins("torch.Tensor"), _of_torch),
    Way(
        Text("una función"),
        lambda v: callable(v) and not hasattr(v, "__array__") and not hasattr(v, "shape"),
        _refuse(Text("es una función o una clase; hacen falta los ejemplos")),
    ),
    Way(
        Text("un conjunto que ya trae etiquetas"),
        lambda v: any(way.fits(v) for way in WHOLE),
        _refuse(Text("es un conjunto que trae x e y juntas: dáselo solo, como x")),
    ),
    Way(Text("un tensor"), lambda v: hasattr(v, "__array__"), _objects),
    Way(Text("un archivo de matrices"), _by_rows, lambda v: v),
    Way(Text("un número"), np.isscalar, _objects),
    Way(
        Text("otra cosa"),
        lambda v: True,
        lambda v: _refuse(
            Text("es de tipo {kind}; dáselo como matriz de NumPy", kind=type(v).__name__)
        )(v),
    ),
)


def _of_batches(what: Text, batches: Iterator) -> tuple:
    """Join batches until there are samples for a look; sample weights are not looked at."""
    taken, samples = [], 0
    for batch in batches:
        part = keras.utils.unpack_x_y_sample_weight(batch)[:2]
        try:
            part = [_each(name, one) for name, one in zip("xy", part, strict=True)]
            sizes = {len(a) for a in keras.tree.flatten(part) if a is not None}
        except TypeError:
            sizes = set()
        if len(sizes) != 1:
            raise ValueError(
                Text(
                    "los elementos de {what} no son lotes de ejemplos con sus etiquetas; en un "
                    "tf.data.Dataset los hace datos.batch(32)",
                    what=what,
                )
            )
        taken.append(part)
        samples += sizes.pop()
        if samples >= SAMPLES:
            break
    if not taken:
        raise ValueError(Text("x es {what} y no trae ningún lote", what=what))

    def joined(*parts):
        if parts[0] is None:
            return None
        parts = [part[np.arange(len(part))] for part in parts]
        return np.concatenate(parts)[: max(SAMPLES, len(parts[0]))]

    try:
        x = keras.tree.map_structure(joined, *[x for x, _ in taken])
        y = keras.tree.map_structure(joined, *[y for _, y in taken])
    except ValueError:
        raise ValueError(
            Text(
                "los lotes de {what} tienen formas distintas; rellénalos a la misma longitud",
                what=what,
            )
        ) from None
    return x, y


def _of_dataset(dataset) -> tuple:
    return _of_batches(Text("un tf.data.Dataset"), iter(dataset))


def _of_pydataset(dataset) -> tuple:
    """Take batches spread over the whole: classes may come in order."""
    count = dataset.num_batches if hasattr(dataset, "num_batches") else len(dataset)
    if count is None or math.isinf(count):
        count = 16
    first = len(keras.tree.flatten(keras.utils.unpack_x_y_sample_weight(dataset[0])[0])[0])
    wanted = min(count, -(-SAMPLES // max(first, 1)))
    order = np.unique(np.linspace(0, count - 1, int(wanted)).astype(int))
    return _of_batches(Text("un PyDataset"), (dataset[int(i)] for i in order))


def _used_up(values) -> tuple:
    raise ValueError(
        Text(
            "x es un generador, que se gasta al leerlo y es lo que fit entrena; dale al "
            "diagnóstico un lote suyo: x, y = next(generador)"
        )
    )


#: What brings x and y together; the first that fits.
#:
#: :meta hide-value:
WHOLE: tuple[Way, ...] = (
    Way(Text("un tf.data.Dataset"), _of_tf("data", "Dataset"), _of_dataset),
    Way(Text("un PyDataset"), lambda v: isinstance(v, keras.utils.PyDataset), _of_pydataset),
    Way(
        Text("un DataLoader"),
        _type_begins("torch.utils.data."),
        lambda v: _of_batches(Text("un DataLoader"), iter(v)),
    ),
    Way(
        Text("un generador"),
        lambda v: inspect.isgenerator(v) or (hasattr(v, "__next__") and not hasattr(v, "shape")),
        _used_up,
    ),
    Way(
        Text("un tf.distribute.DistributedDataset"),
        _of_tf("distribute", "DistributedDataset"),
        lambda v: _of_batches(Text("un conjunto repartido"), iter(())),
    ),
)


# --- values -------------------------------------------------------------------------------


def check_finite(x, y) -> None:
    """Raise ValueError, with the rows, if there are values that are not finite."""
    for name, part in (("x", x), ("y", y)):
        for array in (a for a in keras.tree.flatten(part) if a is not None):
            bad = bad_rows(array)
            if len(bad):
                rows = Text("1 fila") if len(bad) == 1 else Text("{count} filas", count=len(bad))
                raise ValueError(
                    Text(
                        "{name} tiene valores no finitos en {rows}: {which}",
                        name=name,
                        rows=rows,
                        which=", ".join(map(str, bad[:5])) + "…" * (len(bad) > 5),
                    )
                )


def bad_rows(array) -> np.ndarray:
    """Return the numbers of the rows with NaN or infinity; none of what lies on disk."""
    if isinstance(array, Sparse):
        rows = array.indices[:, 0]
        return np.unique(rows[bad_rows(array.values)])
    if not isinstance(array, np.ndarray):
        return np.array([], dtype=int)
    if not np.issubdtype(array.dtype, np.inexact) or not array.size:
        return np.array([], dtype=int)
    return np.flatnonzero(~np.isfinite(array.reshape(len(array), -1)).all(axis=1))


def _for_keras(array) -> np.ndarray:
    """Give numbers the type that ``fit`` would give them."""
    array = np.asarray(array)
    return array.astype(keras.backend.floatx()) if array.dtype == np.float64 else array


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

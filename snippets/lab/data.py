"""THE dataset of the book, and two larger ones for whoever has a network."""

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lab import catalog


@dataclass(frozen=True)
class Dataset:
    """Images as standardized rows.

    Attributes:
        name: its name in ``catalog.DATASETS``.
        x_train: float32, (samples, features); mean 0 and deviation 1 over ALL its pixels.
        y_train: int32, (samples,), the class of each image.
        x_test: as x_train, moved and scaled by the numbers that x_train needed.
        y_test: as y_train.
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray

    @property
    def inputs(self) -> int:
        """Features of one image."""
        return self.x_train.shape[1]

    @property
    def classes(self) -> int:
        """Number of classes."""
        return int(self.y_train.max()) + 1


def load(name: str = "digits") -> Dataset:
    """Load a dataset, ready for the network.

    "digits" (scikit-learn's 1797 images of 8×8) comes with its package. "mnist" and
    "fashion_mnist" are downloaded once by Keras.

    Raises:
        ValueError: unknown name.
        OSError: the files are neither there nor to be had; says which and where to put them.
    """
    (x_train, y_train), (x_test, y_test) = _READERS[catalog.dataset(name)]()
    x_train, x_test = (x.reshape(len(x), -1) for x in (x_train, x_test))
    # One mean and one deviation for all pixels: scaling each pixel by its own would blow
    # up those that are almost always black.
    mean = x_train.mean(dtype="float64")
    squares = sum(float(np.square(part - mean).sum()) for part in _parts(x_train))
    deviation = np.sqrt(squares / x_train.size)
    return Dataset(
        name,
        *(_standardized(x_train, mean, deviation), y_train.astype("int32")),
        *(_standardized(x_test, mean, deviation), y_test.astype("int32")),
    )


def _parts(x: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the images in parts, in float64: all of MNIST would take 376 MB."""
    for start in range(0, len(x), 8192):
        yield x[start : start + 8192].astype("float32").astype("float64")


def _standardized(x: np.ndarray, mean: float, deviation: float) -> np.ndarray:
    """Return the images moved and scaled, in float32."""
    return np.concatenate([((part - mean) / deviation).astype("float32") for part in _parts(x)])


def fetch(name: str) -> None:
    """Have the files of a dataset on this machine, before many networks ask for them at once.

    Raises as ``load`` does.
    """
    if missing(name):
        load(name)


def missing(name: str) -> list[Path]:
    """Return the files of a dataset that are not on this machine yet."""
    return [
        path for path in map(folder().joinpath, _FILES[catalog.dataset(name)]) if not path.exists()
    ]


def folder() -> Path:
    """Return where Keras keeps downloaded datasets."""
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets"


def _digits():
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    x, y = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(
        x, y, test_size=0.25, stratify=y, random_state=0
    )
    return (x_train, y_train), (x_test, y_test)


def _keras(name: str):
    import keras

    # Keras announces a download on stdout, where only results belong.
    chatter = sys.stderr if sys.stderr.isatty() else io.StringIO()
    try:
        with contextlib.redirect_stdout(chatter):
            return getattr(keras.datasets, name).load_data()
    except Exception as error:  # Keras wraps network faults in a bare Exception
        files = ", ".join(str(path) for path in missing(name)) or f"los de {folder()}"
        raise OSError(
            f"no se pudo descargar {catalog.DATASETS[name]} ({error}); "
            f"sin red, copia a mano estos archivos: {files}"
        ) from error


_READERS = {
    "digits": _digits,
    "mnist": lambda: _keras("mnist"),
    "fashion_mnist": lambda: _keras("fashion_mnist"),
}
_FILES = {
    "digits": [],
    "mnist": ["mnist.npz"],
    "fashion_mnist": [
        f"fashion-mnist/{part}-{kind}-ubyte.gz"
        for part in ("train", "t10k")
        for kind in ("labels-idx1", "images-idx3")
    ],
}


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

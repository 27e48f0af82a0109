"""The datasets: the one that comes with its package, and Keras's, with and without network."""

import gzip
from urllib.error import URLError

import numpy as np
import pytest
from sklearn.datasets import load_digits

from lab import data


@pytest.fixture(scope="module")
def digits():
    return data.load()


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    """An empty folder in the place of ~/.keras, and no network."""

    def offline(*_):
        raise URLError("sin red")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    # Keras reads the variable only when it is imported.
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path))
    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", offline)
    return tmp_path


def test_digits_are_split_three_to_one(digits):
    assert (digits.inputs, digits.classes) == (64, 10)
    assert digits.x_train.shape == (1347, 64) and digits.x_test.shape == (450, 64)
    assert digits.x_train.dtype == digits.x_test.dtype == np.float32
    assert digits.y_train.dtype == digits.y_test.dtype == np.int32


def test_every_class_is_in_both_parts_alike(digits):
    train, test = np.bincount(digits.y_train), np.bincount(digits.y_test)
    # A quarter of each class goes to the test part, but for one image that can't be cut.
    assert (np.abs(test - (train + test) / 4) < 1).all()


def test_digits_are_standardized_by_the_training_part(digits):
    # 86,208 numbers in float32: their mean and deviation are right to 1e-6.
    assert abs(digits.x_train.mean(dtype=float)) < 1e-6
    assert digits.x_train.std(dtype=float) == pytest.approx(1, abs=1e-6)


def test_one_mean_and_one_deviation_for_all_pixels(digits):
    raw = load_digits().data
    whole = np.concatenate([digits.x_train, digits.x_test])
    # Grey runs from 0 to 16 in both; so the darkest and the brightest give the scale.
    grey = 16 * (whole - whole.min()) / (whole.max() - whole.min())
    np.testing.assert_allclose(grey, grey.round(), atol=1e-4)
    # No image is lost, repeated or taken from its class.
    y = np.concatenate([digits.y_train, digits.y_test])
    after = sorted(map(tuple, np.column_stack([grey.round(), y])))
    assert after == sorted(map(tuple, np.column_stack([raw, load_digits().target])))


def test_the_same_split_every_time(digits):
    again = data.load()
    np.testing.assert_array_equal(digits.x_train, again.x_train)
    np.testing.assert_array_equal(digits.y_test, again.y_test)


def images(count, seed):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, 28, 28), "uint8"), np.arange(count, dtype="uint8") % 10


def write_mnist(folder, train, test):
    folder.mkdir()
    arrays = zip(("x_train", "y_train", "x_test", "y_test"), train + test, strict=True)
    np.savez(folder / "mnist.npz", **dict(arrays))


def write_fashion_mnist(folder, train, test):
    """LeCun's format: a header of 16 bytes before images, of 8 before labels."""
    (folder / "fashion-mnist").mkdir(parents=True)
    for part, (x, y) in (("train", train), ("t10k", test)):
        for name, header, array in (("images-idx3", 16, x), ("labels-idx1", 8, y)):
            with gzip.open(folder / "fashion-mnist" / f"{part}-{name}-ubyte.gz", "wb") as file:
                file.write(bytes(header) + array.tobytes())


@pytest.mark.parametrize(
    ("name", "write"), [("mnist", write_mnist), ("fashion_mnist", write_fashion_mnist)]
)
def test_files_in_place_need_no_network(name, write, keras_home, monkeypatch, capsys):
    # Our mnist.npz can't have the checksum of the real one.
    monkeypatch.setattr("keras.src.utils.file_utils.validate_file", lambda *_, **__: True)
    train, test = images(40, seed=1), images(20, seed=2)
    write(keras_home / "datasets", train, test)
    assert data.missing(name) == []
    loaded = data.load(name)
    assert (loaded.name, loaded.inputs, loaded.classes) == (name, 784, 10)
    grey = train[0].astype(float)
    for measured, (x, y), classes in (
        (loaded.x_train, train, loaded.y_train),
        (loaded.x_test, test, loaded.y_test),
    ):
        exact = (x.reshape(-1, 784) - grey.mean()) / grey.std()
        np.testing.assert_allclose(measured, exact, atol=1e-6)
        np.testing.assert_array_equal(classes, y)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("name", "count"), [("mnist", 1), ("fashion_mnist", 4)])
def test_without_network_the_message_names_the_files(name, count, keras_home, capsys):
    files = data.missing(name)
    assert len(files) == count
    with pytest.raises(OSError) as error:
        data.load(name)
    for file in files:
        assert str(keras_home / "datasets") in str(file) and str(file) in str(error.value)
    assert capsys.readouterr().out == ""


def test_a_damaged_file_is_an_error_too(keras_home):
    write_fashion_mnist(keras_home / "datasets", images(40, 1), images(20, 2))
    (keras_home / "datasets/fashion-mnist/train-images-idx3-ubyte.gz").write_bytes(b"half a down")
    with pytest.raises(OSError, match="Fashion-MNIST"):
        data.load("fashion_mnist")


def test_unknown_dataset():
    with pytest.raises(ValueError, match="¿Querías decir «fashion_mnist»"):
        data.load("fashion-mnist")

"""MNIST at its full size: it trains, and takes no more memory than it may."""

import os
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT
from peak import PEAK

from lab import data, training

TRAIN = """
import keras.src.utils.file_utils as files

files.validate_file = lambda *_, **__: True  # ours cannot have the checksum of the real one
import training_grid

pair = ("relu",), ("he_normal",)
grid = training_grid.measure(*pair, dataset="mnist", seeds=1, epochs=1)
assert grid.train_loss.notna().all() and len(grid) == 2
"""


@pytest.mark.skipif(sys.platform != "linux", reason="la memoria se mide en unidades de Linux")
def test_it_trains_in_less_than_2_gib(tmp_path):
    """The canonical network, in a process of its own, on noise of MNIST's size and format."""
    rng = np.random.default_rng(0)
    parts = {}
    for part, count in (("train", 60_000), ("test", 10_000)):
        parts[f"x_{part}"] = rng.integers(0, 256, (count, 28, 28), "uint8")
        parts[f"y_{part}"] = np.arange(count, dtype="uint8") % 10
    (tmp_path / "datasets").mkdir()
    np.savez(tmp_path / "datasets" / "mnist.npz", **parts)
    # make has the C library keep what it has had, which is faster and takes more.
    own = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    environment = {"KERAS_HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "snippets")}
    done = subprocess.run(
        [sys.executable, "-c", TRAIN + PEAK], env=own | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 2


def test_in_pieces_the_network_sees_the_same(monkeypatch):
    """All the same but for rounding, whatever the pieces; the order of the images included."""

    def history(piece):
        monkeypatch.setattr(training, "PIECE", piece)
        from lab import model

        network = model.mlp("tanh", "glorot_uniform", depth=2, width=16)
        trainer = training.Trainer(network, data.load(), learning_rate=1e-2, note_updates=True)
        values = [list(epoch.values()) for epoch in trainer.epochs(2)]
        return values, trainer.update_ratios, trainer.logit_range

    whole = history(10_000)
    for piece in (64, 500):
        for found, expected in zip(history(piece), whole, strict=True):
            np.testing.assert_allclose(found, expected, rtol=2e-5)


def test_images_are_standardized_in_parts_as_at_once(monkeypatch):
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 256, (20_000, 4, 4), "uint8"), np.arange(20_000) % 10
    monkeypatch.setitem(data._READERS, "mnist", lambda: ((x, y), (x[:9000], y[:9000])))
    loaded, grey = data.load("mnist"), x.reshape(20_000, 16).astype(float)
    exact = (grey - grey.mean()) / grey.std()
    np.testing.assert_allclose(loaded.x_train, exact, atol=1e-6)
    np.testing.assert_array_equal(loaded.x_test, loaded.x_train[:9000])

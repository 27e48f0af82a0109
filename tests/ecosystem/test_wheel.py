"""pip install latido with extras, in an empty environment: what it brings, and that it works."""

import subprocess
import sys

import pytest
from conftest import wheel
from environments import pip, run

NETWORK = """
import keras, numpy as np

keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(64, 8)).astype("float32")
y = (x[:, 0] > 0).astype(int)
deep = [keras.layers.Dense(8, "sigmoid") for _ in range(8)]
model = keras.Sequential([keras.Input((8,)), *deep, keras.layers.Dense(2)])
model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """Return the Python of an environment into which pip has put the wheel, with two extras."""
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "venv", place / "home"], check=True)
    python = place / "home" / "bin" / "python"
    pip(python, f"{wheel(place)}[jax,plots]")
    return python


def test_extras_bring_what_they_name_and_nothing_else(empty, tmp_path):
    names = ("keras", "numpy", "pandas", "jax", "matplotlib", "tensorflow", "torch", "scipy")
    program = f"import importlib.util as u; print(*[n for n in {names} if u.find_spec(n)])"
    # SciPy comes with jax.
    done = run(empty, "-c", program, place=tmp_path)
    assert done.stdout.split() == ["keras", "numpy", "pandas", "jax", "matplotlib", "scipy"]


def test_it_has_its_types_its_version_and_its_command(empty, tmp_path):
    program = """
from importlib.metadata import metadata, version
from importlib.resources import files
import latido
assert version("latido") == latido.__version__ and latido.__version__.count(".") == 2
print(files("latido").joinpath("py.typed").is_file(), metadata("latido").get_all("Provides-Extra"))
"""
    done = run(empty, "-c", program, place=tmp_path)
    assert done.stdout == "True ['plots', 'tensorflow', 'jax', 'torch']\n", done.stderr
    done = run(empty.with_name("latido"), "--help", place=tmp_path, LATIDO_LANG="en")
    assert done.returncode == 0 and done.stdout.startswith("usage: latido")


def test_it_examines_watches_and_draws(empty, tmp_path):
    program = (
        NETWORK
        + """
from latido import SignalMonitor, examine
print([finding.symptom for finding in examine(model, x, y).findings])
monitor = SignalMonitor(x, y, csv="looks.csv", logs=True)
model.fit(x, y, verbose=0, callbacks=[monitor])
monitor.draw().savefig("looks.png")
model.save("model.keras")
np.savez("data.npz", x=x, y=y)
"""
    )
    done = run(empty, "-c", program, place=tmp_path, KERAS_BACKEND="jax", MPLBACKEND="agg")
    assert "vanishing_signal" in done.stdout, done.stderr
    assert (tmp_path / "looks.png").stat().st_size > 10_000
    line = ("model.keras", "data.npz", "--output", "report.html")
    done = run(empty.with_name("latido"), *line, place=tmp_path, KERAS_BACKEND="jax")
    assert done.returncode == 1, done.stderr
    assert "<html" in (tmp_path / "report.html").read_text()


def test_the_backend_that_is_not_there_is_told_in_one_line(empty, tmp_path):
    done = run(empty, "-c", "import latido; latido.examine", place=tmp_path, LATIDO_LANG="en")
    assert done.stderr.splitlines()[-1] == (
        "ImportError: KERAS_BACKEND=tensorflow, which is not installed: pip install tensorflow, "
        "or set another one (tensorflow, jax, torch)"
    )

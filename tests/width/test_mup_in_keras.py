"""μP in Keras: born as it should be, saved and loaded, the same by rates as by multipliers."""

import json

import keras
import numpy as np
import pytest

from lab import cli, data
from width import mup_in_keras
from width.scaled_dense import ScaledDense, mup_network


def kernels(network):
    """Return what each layer computes with."""
    return [layer.multiplier * layer.kernel.numpy() for layer in network.layers]


def test_a_multiplier_multiplies_the_kernel_and_not_the_bias():
    layer = ScaledDense(3, 0.25, activation="tanh", bias_initializer="ones")
    x = np.random.default_rng(0).normal(size=(4, 5)).astype("float32")
    found = layer(x)
    expected = np.tanh(0.25 * x @ layer.kernel.numpy() + 1)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("width", [64, 256])
def test_a_network_is_born_with_the_variances_of_mup(width):
    # Yang et al. 2022, Table 3: 1/fan_in, and 1/fan_in² in the last layer; He's 2, base 64.
    *hidden, last = kernels(mup_network(width))
    for kernel in hidden:
        assert kernel.var() == pytest.approx(2 / kernel.shape[0], rel=0.06)
    assert last.var() == pytest.approx(64 / width**2, rel=0.12)


def test_a_saved_network_comes_back(tmp_path):
    network = mup_network(96, depth=2)
    network.save(tmp_path / "mup.keras")
    back = keras.saving.load_model(tmp_path / "mup.keras")
    x = np.random.default_rng(0).normal(size=(2, 64)).astype("float32")
    np.testing.assert_array_equal(network(x), back(x))
    assert [layer.multiplier for layer in back.layers] == [1, 64 / 96, 64 / 96]


def test_multipliers_are_rates_but_for_epsilon():
    forms = mup_in_keras.measure(width=128, depth=2, steps=3, seeds=1)
    exact, keras_default = (
        mup_in_keras.summary(forms)[f"{n}_difference"] for n in ("exact", "keras")
    )
    assert exact < 1e-5 < keras_default < 0.05


def test_a_step_changes_the_logits_as_much_at_any_width():
    images = data.load()
    x, y = images.x_train[:64], images.y_train[:64]
    shape = {"depth": 3, "inputs": 64, "classes": 10}
    changes = {}
    for width in (64, 512):
        way, _ = mup_in_keras.make(width, 64, 0, shape, 1e-4, 1e-12)
        born = way[0](x).numpy()
        np.testing.assert_array_equal(born, mup_network(width)(x))  # the same seed
        logits = mup_in_keras.advance(*way, x, y)
        changes[width] = np.sqrt(np.mean((logits - born) ** 2))
    # With the standard parametrization they change some ten times as much.
    assert 0.3 < changes[512] / changes[64] < 2


def test_the_command_writes_records_and_a_figure(tmp_path, capsys):
    k = mup_in_keras
    files = [tmp_path / "x.json", tmp_path / "x.svg"]
    argv = ["--width", "8", "--base", "4", "--depth", "1", "--seeds", "1", "--steps", "2"]
    argv += [part for file in files for part in ("--output", str(file))]
    assert cli.main("", k.measure, k.draw, k.table, options=k.OPTIONS, argv=argv) == 0
    assert len(json.loads(files[0].read_text())) == 2 * 2
    assert "diferencia" in capsys.readouterr().out

"""The laboratory's lines are those of lab.theory."""

import numpy as np
import pytest
from node import ask

from lab import catalog, theory

NAMES = [*catalog.INITIALIZERS, "random_normal:0.2", "orthogonal:1.4", "constant:0"]
SIZES = [(20, 128), (60, 256), (1, 8)]


@pytest.mark.parametrize("activation", catalog.ACTIVATIONS)
def test_predictions_are_those_of_the_book(activation, tmp_path):
    networks = [
        {"activation": activation, "initializer": name, "depth": depth, "width": width, "bias": 0}
        for name in NAMES
        for depth, width in SIZES
    ]
    for network, told in zip(networks, ask("theory.mjs", networks, tmp_path), strict=True):
        widths = [network["width"]] * network["depth"]
        ours = theory.predict(activation, network["initializer"], widths, inputs=64)
        for name, line in (("h", ours.activation_rms), ("delta", ours.delta_rms)):
            theirs = np.array(told[name], float)
            np.testing.assert_allclose(theirs, line, rtol=1e-9, atol=1e-300, err_msg=f"{network}")


@pytest.mark.parametrize("activation", catalog.ACTIVATIONS)
def test_a_bias_moves_the_mean_of_z(activation, tmp_path):
    network = {"activation": activation, "initializer": "he_normal", "depth": 1, "width": 128}
    (told,) = ask("theory.mjs", [network | {"bias": -0.5}], tmp_path)
    z = np.random.default_rng(0).normal(-0.5, np.sqrt(2), 4_000_000)
    function = theory.ACTIVATIONS[activation]
    drawn = np.sqrt(np.mean(function.value(z) ** 2))
    assert told["h"][0] == pytest.approx(drawn, rel=2e-3)
    slope = np.sqrt(np.mean(function.slope(z) ** 2) * 2 / 138 * 0.9)
    assert told["delta"][0] == pytest.approx(slope, rel=2e-3)

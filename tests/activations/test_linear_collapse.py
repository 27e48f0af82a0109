"""A linear network and the single layer that it is."""

import numpy as np

from activations import linear_collapse
from lab import model


def test_the_collapsed_layer_is_the_network_seen_from_outside():
    network = model.mlp("linear", depth=4, width=7, inputs=5, classes=3, bias=0.5)
    weights, bias = linear_collapse.collapse(network)
    # An affine map is known by its answers to zero and to the unit vectors.
    at_zero = network(np.zeros((1, 5), "float32")).numpy()[0]
    at_unit = network(np.eye(5, dtype="float32")).numpy()
    np.testing.assert_allclose(bias, at_zero, atol=1e-6)  # float32 rounding
    np.testing.assert_allclose(weights, at_unit - at_zero, atol=1e-6)


def test_collapsing_changes_no_answer_and_learns():
    runs = linear_collapse.measure(depth=3, width=32, seeds=2, epochs=8)
    assert (runs.changed_predictions == 0).all()
    assert (runs.largest_difference < 1e-5).all()
    assert (runs.test_accuracy > 0.7).all()  # guessing gets 10 %
    assert (runs.parameters_collapsed == 64 * 10 + 10).all()

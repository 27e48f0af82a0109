"""Products of slopes along paths."""

import numpy as np
import pytest

from activations import (
    path_slopes,
)


def test_paths_multiply_the_slopes_of_their_activation():
    walks = path_slopes.measure(("relu", "leaky_relu"), depth=4, width=16, seeds=2, paths=400)
    relu = walks[walks.activation == "relu"]
    assert set(relu["product"]) == {0.0, 1.0}
    leaky = np.log(walks[walks.activation == "leaky_relu"]["product"]) / np.log(0.2)
    np.testing.assert_allclose(leaky, leaky.round(), atol=1e-9)
    # rms and open_share are over all paths: the sampled ones estimate them.
    for _, part in walks.groupby(["activation", "layer"]):
        sampled = np.mean(part["product"] ** 2)
        assert np.mean(part.rms**2) == pytest.approx(sampled, abs=4 * 0.5 / np.sqrt(len(part)))
    np.testing.assert_allclose(relu.rms**2, relu.open_share)

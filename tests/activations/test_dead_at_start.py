"""Units that are off before training: the scale turns none off, the depth does."""

import numpy as np

from activations import dead_at_start


def test_off_units_do_not_depend_on_the_scale_and_grow_with_depth():
    table = dead_at_start.measure(("relu",), ("lecun_normal", "he_normal"), depth=12, width=64)
    mean = table.groupby(["initializer", "layer"]).off.mean().unstack("initializer")
    # The same seed draws the same directions, only √2 longer.
    np.testing.assert_allclose(mean.lecun_normal, mean.he_normal)
    assert mean.he_normal[12] > mean.he_normal[1] + 0.05

"""Where units work, against the histogram that is drawn of it."""

import numpy as np
import pytest

from activations import (
    operating_point,
    saturation,
)


def test_operating_point_agrees_with_its_own_histogram():
    points = operating_point.measure(("tanh", "relu"), ("he_normal",), depth=3, width=64, seeds=2)
    edges = np.linspace(-operating_point.REACH, operating_point.REACH, operating_point.BINS + 1)
    centres = (edges[1:] + edges[:-1]) / 2
    for row in points.itertuples():
        inside = 0 if row.activation == "relu" else -saturation.EDGES["tanh"]
        upper = np.inf if row.activation == "relu" else saturation.EDGES["tanh"]
        steep = np.sum(np.array(row.density)[(centres > inside) & (centres < upper)])
        # one bin at each edge may fall on the wrong side; relu's z > 5 are not in the bins
        assert 1 - row.saturated_fraction == pytest.approx(steep, abs=0.04)
    relu = points[points.activation == "relu"]
    np.testing.assert_allclose(relu.slope_rms**2, 1 - relu.saturated_fraction, atol=1e-9)

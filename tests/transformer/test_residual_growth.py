"""Growth of the residual stream: measured, predicted, and between exact bounds."""

import pytest

from transformer import residual_growth


def test_growth_lies_between_exact_bounds():
    blocks, tokens = 24, 16
    ends = {
        kind: residual_growth.predict(kind, blocks, tokens)[-1]
        for kind in ("bare", "pre", "scaled", "layerscale")
    }
    # An MLP adds exactly 1 times its scale, attention something between 0 and that.
    assert 2**blocks < ends["bare"] < 4**blocks
    assert 1 + blocks < ends["pre"] < 1 + 2 * blocks
    assert 1.5 < ends["scaled"] < 2
    assert 1 + blocks / 100 < ends["layerscale"] < 1 + 2 * blocks / 100


def test_it_is_measured_as_predicted():
    blocks = residual_growth.measure(depths=(6,), width=256, seeds=4)
    values = residual_growth.summary(blocks)
    for kind in ("pre", "scaled", "layerscale"):
        assert values[f"{kind}_size"] == pytest.approx(values[f"{kind}_size_theory"], rel=0.06)
    # Saturated attention is predicted more roughly.
    assert values["bare_size"] == pytest.approx(values["bare_size_theory"], rel=0.5)


@pytest.mark.parametrize("kinds", [("bare",), ("pre",), ("pre", "bare")])
def test_it_draws_the_panels_that_it_has(kinds):
    blocks = residual_growth.measure(kinds, depths=(2,), width=8, seeds=2)
    figure = residual_growth.draw(blocks)
    assert len(figure.axes) == len(kinds) and len(figure.get_label()) > 60

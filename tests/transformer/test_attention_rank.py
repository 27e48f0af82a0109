"""How alike tokens become, against the theory of wide blocks and singular values."""

import numpy as np
import pytest

from transformer import attention_rank, norm_place


def test_tokens_become_alike_as_predicted():
    blocks = attention_rank.measure(("pre", "scaled"), depth=8, width=256, seeds=4)
    for kind, part in blocks.groupby("kind"):
        apart, attended = attention_rank.predict(kind, 8, 16)
        means = part.groupby("block")
        np.testing.assert_allclose(1 - means.alike.mean(), apart, atol=0.07)
        np.testing.assert_allclose(means.attended.mean()[1:], attended[1:], rtol=0.07)


def test_tokens_that_are_alike_have_rank_one():
    x, _, weights = norm_place.draw_weights([0], 4, 64, 16)
    kind, ranks = norm_place.KINDS["attention"], []
    for w in weights:
        x, _ = norm_place.block(x, w, kind, 1.0)
        x = x.numpy()
        values = np.linalg.svd(x[0], compute_uv=False)
        own, shared = norm_place._moments(x)
        ranks.append(values[1] / values[0])
        # |X|² = Σ s², and of T tokens of equal length the mean alone has s₁² ≤ that
        assert values[0] ** 2 / (values**2).sum() >= shared[0] / own[0] - 1e-9
    assert ranks[0] > 0.3 and ranks[2] < 1e-2 and ranks[3] < 1e-6


def test_what_floats_cannot_tell_apart_is_left_out():
    blocks = attention_rank.measure(("attention",), depth=8, width=16, seeds=2)
    figure = attention_rank.draw(blocks)
    heights = np.concatenate([line.get_ydata() for line in figure.axes[0].lines])
    assert (heights > attention_rank.FLOOR).all()
    assert attention_rank.summary(blocks)["attention_alike"] == pytest.approx(1)

"""What attention averages, against draws of softmax, and the three kernels that are one."""

import numpy as np
import pytest

from layers import token_average


@pytest.mark.parametrize("spread", [1.0, 4.0])
@pytest.mark.parametrize("tokens", [2, 32])
def test_what_an_average_keeps_is_what_draws_of_softmax_show(tokens, spread):
    z = np.random.default_rng(0).normal(0, spread**0.5, (40_000, tokens))
    a = np.exp(z)
    squares = (a**2).sum(axis=1) / a.sum(axis=1) ** 2
    error = squares.std() / len(squares) ** 0.5
    assert token_average.kept(tokens, spread) == pytest.approx(squares.mean(), abs=4 * error)


def test_of_many_tokens_it_keeps_e_over_their_number():
    assert token_average.kept(10_000, 1.0) * 10_000 == pytest.approx(np.e, rel=0.01)


def test_the_layer_is_what_theory_says():
    sizes = token_average.measure((4, 32), ("default", "he"), seeds=4)
    for (start, tokens), part in sizes.groupby(["start", "tokens"]):
        expected = token_average.predict(start, tokens, 256)
        assert part["square"].mean() == pytest.approx(expected, rel=0.1)
        assert not part.alike.any()


def test_with_a_seed_the_three_kernels_are_one_and_a_token_looks_at_itself():
    sizes = token_average.measure((64,), ("seeded",), width=256, heads=4, seeds=3)
    assert sizes.alike.all()
    assert sizes.own.mean() == pytest.approx(token_average.predict_own(64, 64, 256), abs=0.02)


def test_the_figure_tells_its_numbers():
    sizes = token_average.measure((2, 4), width=16, heads=2, seeds=2)
    assert "he_normal" in token_average.draw(sizes).get_label()
    assert len(token_average.table(sizes)) == 3

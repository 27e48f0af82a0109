"""Products of matrices: new ones, one and the same, an orthogonal one."""

import numpy as np
import pandas as pd
import pytest

from layers import through_time
from verdicts import effects


def test_the_law_of_new_matrices_is_that_of_a_chi_square():
    # One unit: ln(χ²₁) has the mean −γ − ln 2 and the variance π²/2; half of it for the size.
    mean, deviation = through_time.predict(1, 1)
    assert mean == pytest.approx((-np.euler_gamma - np.log(2)) / 2)
    assert deviation == pytest.approx(np.pi / 8**0.5)


def test_new_matrices_follow_it():
    states = through_time.measure(("new",), width=8, steps=10, seeds=2000)
    logs = np.log(states[states.step == 10]["size"])
    mean, deviation = through_time.predict(8, 10)
    # the input, too, is normalised: what is left over is its own size, which is divided out
    assert logs.mean() == pytest.approx(mean, abs=4 * deviation / 2000**0.5)
    assert logs.std() == pytest.approx(deviation, rel=4 / 4000**0.5)


def test_one_matrix_goes_at_the_rate_of_its_largest_eigenvalue():
    states = through_time.measure(("same",), width=32, steps=400, seeds=6)
    radius, measured = through_time.rates(states)
    assert measured.to_numpy() == pytest.approx(radius.to_numpy(), rel=0.01)


def test_an_orthogonal_one_keeps_every_size():
    states = through_time.measure(("orthogonal",), width=16, steps=50, seeds=3)
    assert states["size"].to_numpy() == pytest.approx(1, abs=1e-12)
    assert states.radius.to_numpy() == pytest.approx(1)


def test_the_figure_tells_its_numbers():
    states = through_time.measure(width=8, steps=10, seeds=3)
    assert "ortogonal" in through_time.draw(states).get_label()
    assert len(through_time.table(states)) == 3


def test_to_grow_fourfold_and_to_shrink_fourfold_is_to_be_as_far_apart():
    rows = [
        {"kind": "same", "seed": seed, "step": step, "size": size}
        for seed, end in enumerate((4.0, 0.25))
        for step, size in ((1, 1.0), (2, end))
    ]
    found = effects.apart_in_time(pd.DataFrame(rows), "same")
    assert found.tolist() == pytest.approx([4.0, 4.0])

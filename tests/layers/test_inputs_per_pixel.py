"""What a pixel sums, counted by a layer of ones and without any."""

import numpy as np
import pytest

from layers import inputs_per_pixel


@pytest.fixture(scope="module")
def pixels():
    return inputs_per_pixel.measure()


@pytest.mark.parametrize("case", inputs_per_pixel.CASES)
def test_counts_and_squares_are_those_foreseen(pixels, case):
    part = pixels[pixels.case == case]
    summed, square = (
        part.pivot(index="row", columns="column", values=name).to_numpy()
        for name in ("summed", "square")
    )
    expected = inputs_per_pixel.predict(case)
    assert np.array_equal(summed, expected[0])
    # 1000 filters, and what enters is ±1: √(2/1000) = 4.5 %, four of them
    assert square == pytest.approx(expected[1], rel=0.18)


def test_a_window_that_is_a_multiple_of_the_stride_makes_no_checkerboard():
    inside = {
        case: inputs_per_pixel.predict(case)[0][1:-1, 1:-1] for case in inputs_per_pixel.CASES
    }
    assert len(np.unique(inside["transposed4"])) == 1
    assert set(np.unique(inside["transposed3"])) == {1, 2, 4}


def test_the_figure_tells_its_numbers(pixels):
    assert "de 1 a 4 entradas" in inputs_per_pixel.draw(pixels).get_label()
    assert len(inputs_per_pixel.table(pixels)) == 3

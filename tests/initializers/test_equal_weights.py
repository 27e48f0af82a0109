"""Symmetric starts of chapter 6."""

import json

import numpy as np
import pytest

from initializers import equal_weights
from lab import cli


@pytest.fixture(scope="module")
def symmetry():
    return equal_weights.measure(width=9, seeds=1, epochs=5)


def test_with_zeros_only_the_bias_of_the_head_moves(symmetry):
    before, after = symmetry.weights["zeros"]
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old, 0)
        np.testing.assert_array_equal(new, 0)
    zeros = symmetry.layers.query("start == 'zeros'")
    assert zeros.bias_moved.tolist()[:2] == [0, 0]
    assert zeros.bias_moved.iloc[2] > 0


def test_a_constant_learns_but_its_units_stay_alike(symmetry):
    before, after = symmetry.weights["constant"]
    assert np.abs(after[0] - before[0]).max() > 0.01
    for kernel in after[:2]:  # those of the head belong to different classes
        # Equal up to the order in which another processor may add
        np.testing.assert_allclose(kernel, kernel[:, :1] @ np.ones((1, 9)), atol=1e-5)
    hidden = symmetry.layers.query("start == 'constant' and layer < 3")
    assert hidden["rank"].tolist() == hidden.distinct.tolist() == [1, 1]


def test_noise_breaks_the_symmetry(symmetry):
    hidden = symmetry.layers.query("start in ('almost', 'random') and layer == 2")
    assert hidden.distinct.tolist() == [9, 9]


def test_each_tile_of_the_mosaic_is_one_unit():
    kernel = np.arange(16 * 3.0).reshape(16, 3)
    picture = equal_weights.mosaic(kernel)
    assert picture.shape == (9, 9)  # 2 × 2 tiles of 4 × 4 with a gap between
    np.testing.assert_array_equal(picture[:4, 5:], kernel[:, 1].reshape(4, 4))
    np.testing.assert_array_equal(picture[5:, :4], kernel[:, 2].reshape(4, 4))
    assert np.isnan(picture[4]).all() and np.isnan(picture[5:, 5:]).all()


def test_the_command_writes_records(tmp_path):
    file = tmp_path / "x.json"
    argv = ["--start", "zeros", "--width", "2", "--seeds", "1", "--epochs", "1"]
    outputs = ["--output", str(file), "--output", str(tmp_path / "x.png")]
    ended = cli.main(
        "",
        equal_weights.measure,
        equal_weights.draw,
        equal_weights.table,
        records=lambda symmetry: symmetry.layers,
        options=equal_weights.OPTIONS,
        argv=argv + outputs,
    )
    rows = json.loads(file.read_text())
    assert ended == 0 and [row["layer"] for row in rows] == [1, 2, 3]

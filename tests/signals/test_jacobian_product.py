"""Singular values of a product of matrices: against closed forms."""

import json

import numpy as np
import pytest

from lab import cli, theory
from signals import jacobian_product


@pytest.fixture(scope="module")
def product():
    return jacobian_product.measure(gains=(0.8, 1.0), depths=(1, 20), width=128, seeds=4)


def test_orthogonal_matrices_keep_every_direction(product):
    orthogonal = product[product.kind == "orthogonal"]
    expected = orthogonal.gain**orthogonal.depth
    for quantity in ("largest", "rms", "median"):
        np.testing.assert_allclose(orthogonal[quantity], expected, rtol=1e-12)


def test_random_matrices_are_what_they_are_called():
    random = np.random.default_rng(0)
    q = jacobian_product.random_matrix("orthogonal", 32, random)
    np.testing.assert_allclose(q @ q.T, np.eye(32), atol=1e-13)
    # Mean square 1/n: of 300² normal numbers, known to 0.5 %.
    gaussian = jacobian_product.random_matrix("gaussian", 300, random)
    assert np.mean(gaussian**2) * 300 == pytest.approx(1, rel=0.02)


def test_one_gaussian_matrix_reaches_twice_its_deviation(product):
    # The quarter-circle law ends at 2 σ_w; at n = 128 the edge is blurred by n^(-2/3) = 4 %.
    one = product.query("kind == 'gaussian' and depth == 1")
    np.testing.assert_allclose(one.largest / one.gain, 2, rtol=0.1)


def test_the_median_falls_by_the_root_of_two(product):
    # 1/√2 a layer (Newman 1986), against 2^(-1/2 · 20); a seed scatters by about 10 %.
    deep = product.query("kind == 'gaussian' and depth == 20")
    for gain, part in deep.groupby("gain"):
        median = np.exp(np.log(part["median"]).mean())
        assert median ** (1 / 20) == pytest.approx(gain / np.sqrt(2), rel=0.02)
        assert jacobian_product.predict(deep, gain)[2][-1] == pytest.approx(2.0**-10 * gain**20)


def test_gaussian_matrices_keep_the_mean_square(product):
    deep = product.query("kind == 'gaussian' and depth == 20")
    np.testing.assert_allclose(deep.rms / deep.gain**20, 1, rtol=0.3)
    assert (deep.survivors < 128).all()


def test_the_activation_takes_part():
    # With σ_w² = 2 ReLU keeps the mean square, and half of its slopes are 0.
    relu = jacobian_product.measure((2**0.5,), "relu", (1, 10), width=128, seeds=4)
    for kind, part in relu[relu.depth == 10].groupby("kind"):
        # Half the units off, another half each layer: a wide scatter over 4 seeds.
        assert np.exp(np.log(part.rms).mean()) == pytest.approx(1, rel=0.3), kind
    assert (relu[relu.depth == 10]["median"] < 1e-12).all()
    depths, rms, median = jacobian_product.predict(relu, 2**0.5)
    assert list(depths) == list(range(1, 11)) and np.isnan(median).all()
    np.testing.assert_allclose(rms, 1, rtol=1e-9)


def test_the_prediction_follows_a_signal_that_shrinks():
    tanh = jacobian_product.measure((1.0,), "tanh", (1, 2), width=16, seeds=1)
    _, rms, _ = jacobian_product.predict(tanh, 1.0)
    first = theory.slope_moment("tanh", 1.0)
    second = theory.slope_moment("tanh", theory.second_moment("tanh", 1.0))
    np.testing.assert_allclose(rms, [first**0.5, (first * second) ** 0.5])


def test_the_figure_has_a_column_for_each_gain(product):
    figure = jacobian_product.draw(product)
    assert [ax.get_title() for ax in figure.axes] == ["factor 0.8", "factor 1"]
    assert len(figure.get_label()) > 60
    assert {"gaussian_08_median", "orthogonal_10_survivors"} <= set(
        jacobian_product.summary(product)
    )


def test_the_command_line_writes_records(tmp_path, capsys):
    file = tmp_path / "x.json"
    options = ["--gain", "2", "--activation", "tanh", "--depth", "3", "--width", "8"]
    options += ["--seeds", "1", "--output", str(file)]
    modules = jacobian_product.measure, jacobian_product.draw, jacobian_product.table
    assert cli.main("", *modules, options=jacobian_product.OPTIONS, argv=options) == 0
    assert "ortogonal" in capsys.readouterr().out
    assert [row["kind"] for row in json.loads(file.read_text())] == ["gaussian", "orthogonal"]

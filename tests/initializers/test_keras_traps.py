"""Traps of Keras's initializers: shared instances and truncation."""

import json

import pytest
from scipy.stats import truncnorm

from initializers import keras_traps
from lab import cli


def run(snippet, argv, options=None):
    return cli.main("", snippet.measure, snippet.draw, snippet.table, options=options, argv=argv)


@pytest.fixture(scope="module")
def traps():
    return keras_traps.measure(depth=4, width=64, seeds=4)


def test_a_shared_instance_repeats_its_weights(traps):
    repeated = traps.groupby("case").equal.sum()
    assert repeated.to_dict() == {"own": 0, "shared": 3 * 4, "truncated": 0}


def test_truncation_makes_the_deviation_smaller_and_he_normal_corrects_it(traps):
    assert pytest.approx(truncnorm.std(-2, 2), rel=1e-6) == keras_traps.CUT
    deviation = traps.groupby("case").deviation.mean()
    # 16 matrices of 64 × 64: a relative error of 1/√(2 · 65 536) = 0.3 %, four of them
    assert deviation["own"] == pytest.approx(1, rel=0.012)
    assert deviation["truncated"] == pytest.approx(keras_traps.CUT, rel=0.012)
    largest = traps.groupby("case").largest.max()
    assert largest["truncated"] <= 2 < largest["own"] <= 2 / keras_traps.CUT + 1e-6


def test_the_command_of_the_traps(tmp_path):
    file = tmp_path / "x.json"
    argv = ["--depth", "2", "--width", "8", "--seeds", "2", "--output", str(file)]
    assert run(keras_traps, argv) == 0
    assert len(json.loads(file.read_text())) == 3 * 2 * 2

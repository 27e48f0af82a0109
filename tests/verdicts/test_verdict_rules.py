"""The rule that turns effects into verdicts."""

import numpy as np
import pytest
from scipy import stats

from verdicts import rules
from verdicts.rules import FAILS, HOLDS, NUANCED, UNDECIDED, Interval, Rule


def test_interval_is_students():
    effects = np.random.default_rng(0).normal(3.0, 2.0, size=7)
    low, high = stats.ttest_1samp(effects, 0.0).confidence_interval(0.95)
    found = rules.interval(effects, ratio=False)
    assert (found.centre, found.low, found.high) == pytest.approx((effects.mean(), low, high))


def test_interval_of_a_ratio_is_that_of_its_logarithm():
    effects = np.array([0.5, 2.0, 1.0, 4.0])
    inside = rules.interval(np.log(effects), ratio=False)
    found = rules.interval(effects, ratio=True)
    assert found.centre == pytest.approx(stats.gmean(effects))
    assert np.log([found.low, found.high]) == pytest.approx([inside.low, inside.high])


def test_interval_covers_the_truth_as_often_as_it_says():
    draws = np.random.default_rng(1).normal(1.0, 1.0, size=(4000, 5))
    found = [rules.interval(sample, ratio=False) for sample in draws]
    share = np.mean([i.low <= 1.0 <= i.high for i in found])
    # 4000 draws of a 95 % event: its share has a deviation of 0.0034.
    assert share == pytest.approx(0.95, abs=0.015)


def test_equal_effects_are_a_point():
    assert rules.interval(np.full(5, 2.0), ratio=False) == Interval(2.0, 2.0, 2.0)


@pytest.mark.parametrize(
    ("effects", "ratio"),
    [([1.0], False), ([1.0, np.nan], False), ([1.0, 0.0], True), ([[1.0, 2.0]], False)],
)
def test_effects_that_have_no_interval(effects, ratio):
    with pytest.raises(ValueError, match=r"hacen falta|mayor que cero"):
        rules.interval(effects, ratio=ratio)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.6, 0.9, HOLDS),
        (0.5, 1.0, HOLDS),
        (0.2, 0.4, NUANCED),
        (0.01, 0.05, FAILS),
        (1.1, 1.2, FAILS),
        (0.4, 0.6, UNDECIDED),
        (0.05, 0.2, UNDECIDED),
        (0.9, 1.1, UNDECIDED),
    ],
)
def test_only_an_interval_inside_a_zone_decides(low, high, expected):
    rule = Rule(holds=(0.5, 1.0), nuanced=(0.1, 0.49))
    assert rule.verdict(Interval((low + high) / 2, low, high)) == expected

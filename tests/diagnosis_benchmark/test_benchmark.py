"""The collection of networks, what was measured in them, and how often the diagnosis is right."""

import numpy as np
import pandas as pd
import pytest

from diagnosis_benchmark import report, score
from diagnosis_benchmark.collection import cases
from diagnosis_benchmark.trainings import load, measurements, watch
from latido.rules import RULES, SYMPTOMS


@pytest.fixture(scope="module")
def stored():
    return load()


def test_the_thresholds_are_those_of_the_first_half(stored):
    limits, _ = score.result(stored)
    assert {name: rule.threshold for name, rule in RULES.items()} == limits


def test_the_collection_is_what_the_page_says(stored):
    built = cases()
    assert [case.number for case in built] == sorted(set(stored.number))
    states = {case.state: set() for case in built}
    for case in built:
        states[case.state].add(case.mechanism)
    assert set(states) == {"healthy", *SYMPTOMS} - {"no_gradient"}  # known for certain
    assert sum(len(mechanisms) for mechanisms in states.values()) > 20
    first, second = score.halves(score.confirmed(stored))
    assert not set(first.number) & set(second.number)
    assert len(set(first.number)) + len(set(second.number)) >= 200
    assert set(first.state) == set(second.state) == set(states)


def test_the_second_half_meets_the_goals(stored):
    numbers = report.summary(score.result(stored)[1])
    assert numbers["lowest_recall"] >= 0.95
    assert numbers["false_alarms"] <= 0.03


@pytest.mark.parametrize("mechanism", ["sigmoid poco profunda", "tasa demasiado alta"])
def test_stored_results_are_those_of_the_tool_as_it_is(stored, mechanism):
    """A network of the collection, trained again: same measurements, same findings."""
    case = next(c for c in cases() if c.mechanism == mechanism and c.depth < 3)
    seen = watch(case)
    rows = pd.DataFrame(measurements(case, seen))
    kept = stored[stored.number == case.number].reset_index(drop=True)
    numbers = [*(name for name in RULES if name in stored), "loss"]
    # Four digits are stored; at the start the last one alone depends on the machine.
    np.testing.assert_allclose(
        rows.loc[0, numbers].astype(float), kept.loc[0, numbers].astype(float), rtol=2e-3
    )
    limits = {name: rule.threshold for name, rule in RULES.items()}
    first = score.alarms(rows, limits).loc[case.number].dropna()
    assert first.to_dict() == {f.symptom: f.step for f in seen.findings}
    assert bool(len(first)) == (case.state != "healthy")


def test_the_command_reports_without_training_anything(capsys):
    assert report.main([]) == 0
    out = capsys.readouterr().out
    assert "gradiente que se desvanece" in out and "Falsas alarmas: " in out


def test_every_network_that_learns_counts_whatever_it_was_built_as(stored):
    numbers = report.summary(score.result(stored)[1])
    last = stored.groupby("number").learned.last()
    assert numbers["learners"] == last.sum() > numbers["all_healthy"]
    assert numbers["learners_alarmed"] >= numbers["false_count"]
    assert numbers["learners_low"] < numbers["learners_share"] < numbers["learners_high"]


@pytest.mark.parametrize("total", [1, 72, 500])
def test_the_interval_of_none_and_of_all_in_closed_form(total):
    # No event in n tries: the upper end is where (1 − p)^n has come down to 2.5 %.
    assert score.share(0, total) == pytest.approx((0, 1 - 0.025 ** (1 / total)))
    assert score.share(total, total) == pytest.approx((0.025 ** (1 / total), 1))

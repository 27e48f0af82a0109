"""The collection of networks, what was measured in them, and how often the diagnosis is right."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression

from diagnosis_benchmark import calibration, collection, report, score, tasks, trainings
from latido.calibrated import CALIBRATED
from latido.likelihood import probability
from latido.monitor import SCHEDULE
from latido.report import judge
from latido.rules import RULES


@pytest.fixture(scope="module")
def stored():
    return trainings.load()


@pytest.fixture(scope="module")
def reported(stored):
    return score.result(stored)


# --- the collection -----------------------------------------------------------------------


def test_every_network_of_the_collection_is_stored(stored):
    built = collection.cases()
    assert [case.number for case in built] == sorted(set(stored.number))
    assert len(built) >= 400
    assert {"densa", "residual", "convolucional", "LSTM", "GRU", "atención", "embedding"} == {
        case.body.kind for case in built
    }
    assert {case.optimizer for case in built} == set(collection.OPTIMIZERS)
    assert {fault for case in built for fault in case.faults} == set(collection.FAULTS)


def test_no_task_is_in_both_halves_and_none_is_lost(stored):
    halves = stored.groupby("task").half.unique()
    assert all(len(half) == 1 for half in halves)
    assert set(halves.index) == {task.name for task in tasks.TASKS}
    assert {half[0] for half in halves} == {"setting", "report"}


@pytest.mark.parametrize("task", tasks.TASKS, ids=lambda task: task.name)
def test_a_task_is_always_the_same_and_finite(task):
    x, y = task.data()
    again, _ = task.data()
    np.testing.assert_array_equal(x, again)
    assert len(x) == len(y) == tasks.SAMPLES and np.isfinite(x).all() and np.isfinite(y).all()
    if task.tokens:
        assert x.min() >= 0 and x.max() < task.tokens
    if task.loss.startswith("sparse"):
        assert set(np.unique(y)) == set(range(task.units))


def test_stored_results_are_those_of_the_tool_as_it_is(stored):
    """A body of the collection, trained again: same measurements, same likelihood, same alarms."""
    group = next(
        g for g in trainings.bodies() if g[0].body.kind == "densa" and g[0].body.depth == 1
    )
    group = [case for case in group if case.optimizer == group[0].optimizer]
    judged = score.judged(stored).set_index(["number", "step"])
    for case, seen in zip(group, trainings.watch(group), strict=True):
        rows = pd.DataFrame(trainings.measurements(case, seen))
        kept = stored[stored.number == case.number].reset_index(drop=True)
        assert rows.fails[0] == kept.fails[0]
        numbers = [name for name in rows if name.startswith(("rule_", "sign_"))]
        np.testing.assert_allclose(
            rows.loc[0, numbers].astype(float),
            kept.loc[0, numbers].astype(float),
            rtol=5e-3,
            atol=1e-6,
        )
        said = judged.loc[case.number, 0]
        assert probability(seen[0], seen[0]) == pytest.approx(said.chance, abs=0.01)
        found = judge(seen[0])
        assert any(finding.level == "va a fallar" for finding in found) == said.alarm


# --- the calibration ----------------------------------------------------------------------


def test_what_the_tool_knows_is_what_the_setting_half_says(stored):
    made = calibration.calibrate(stored)
    for phase in ("start", "training"):
        fitted = {name.removeprefix("sign_"): value for name, value in made[phase].items()}
        for name in set(fitted) | set(CALIBRATED[phase]):
            kept = CALIBRATED[phase].get(name, 0.0)
            assert kept == pytest.approx(fitted.get(name, 0.0), rel=0.02, abs=0.02), name
    for name in ("broken", "learned", "silence"):
        assert CALIBRATED[name] == pytest.approx(made[name], rel=0.01)
    assert CALIBRATED["alarm"] == pytest.approx(made["alarm"], abs=0.02)


def test_the_reported_half_has_no_say(stored):
    other = stored.copy()
    other.loc[other.half == "report", "fails"] ^= True
    a, b = (calibration.settings(rows[rows.half == "setting"]) for rows in (stored, other))
    assert a == b


def test_the_weights_are_those_of_a_logistic_regression_where_none_is_negative():
    rng = np.random.default_rng(0)
    x = rng.exponential(size=(400, 2))
    fails = rng.uniform(size=400) < 1 / (1 + np.exp(3 - x @ [1.5, 2.0]))
    looks = pd.DataFrame(
        {
            **{"number": range(400), "task": "una", "step": 0, "fails": fails},
            **{"learned": False, "broken": False, "sign_a": x[:, 0], "sign_b": x[:, 1]},
        }
    )
    fitted = calibration.fit(looks, "start")
    known = LogisticRegression(C=1 / calibration.PENALTY, tol=1e-8).fit(x, fails)
    assert fitted["intercept"] == pytest.approx(known.intercept_[0], abs=1e-3)
    assert [fitted["sign_a"], fitted["sign_b"]] == pytest.approx(list(known.coef_[0]), abs=1e-3)
    looks["sign_c"] = -3.0 * fails
    assert calibration.fit(looks, "start")["sign_c"] == 0  # it would speak for a network


def test_no_weight_speaks_for_a_network():
    for phase in ("start", "training"):
        weights = dict(CALIBRATED[phase])
        assert weights.pop("intercept") < 0
        assert all(weight >= 0 for weight in weights.values())


def test_the_monitor_looks_when_the_setting_half_says(stored):
    looks = score.with_alarms(stored)
    setting, other = (looks[looks.half == half] for half in ("setting", "report"))
    assert score.schedule(setting) == SCHEDULE
    ours, all_of_them = (score.watched(other, steps) for steps in (SCHEDULE, trainings.LOOKS))
    assert ours["found"] >= all_of_them["found"] and ours["false"] <= all_of_them["false"]


def test_a_schedule_misses_nothing_and_is_short():
    rows = [(1, 0, True, True), (2, 50, True, True), (2, 100, True, True), (3, 100, False, True)]
    looks = pd.DataFrame(rows, columns=["number", "step", "fails", "alarm"])
    assert score.schedule(looks) == (0, 50, 1000)
    assert score.watched(looks, (0, 100)) == {"found": 2, "false": 1, "late": 50.0}


# --- the report ---------------------------------------------------------------------------


def test_the_reported_half_meets_the_goals(reported):
    numbers = report.summary(*reported)
    assert numbers["start_alarms"] <= 0.05 and numbers["state_alarms"] <= 0.05
    assert numbers["either_recall"] >= 0.9
    assert numbers["trial_recall"] >= 0.93 and numbers["trial_alarms"] <= 0.05
    assert numbers["calibration_error"] < 0.12


def test_what_counts_as_an_alarm():
    looks = pd.DataFrame(
        {
            **{"number": [1, 1, 2, 2, 3, 2], "step": [0, 200, 0, 200, 0, 400]},
            "fails": [True, True, False, False, True, False],
            "chance": [0.05, 0.9, 0.3, 0.0, 0.9, 0.8],
            "alarm": [False, True, False, False, True, True],
            "learned": [False] * 3 + [True, False, False],
            "loss": [1.0, 1.0, 1.0, 0.1, np.nan, 1.0],
            **{"task": "una", "kind": "densa"},
            "faults": ["a y b"] * 2 + [None] * 2 + ["a", None],
        }
    )
    table = score.networks(looks)
    rates = score.rates(table)
    assert rates.loc["start", ["found", "failing", "false", "learning"]].tolist() == [1, 2, 0, 1]
    assert rates.loc["state", "found"] == rates.loc["either", "found"] == 2
    # What a trial says is how it stands at its end, which no other moment counts.
    assert table.trial.tolist() == [True, True, True] and rates.loc["ever", "false"] == 0
    assert table.watched.tolist() == [False, True, True]
    assert table.lead.tolist()[0] == 0 and table.lead.tolist()[2] == 0
    counts = score.faults(table)
    assert counts.failing.to_dict() == {"a": 2, "b": 1, "ninguno puesto": 0}


def test_reliability_counts_each_network_once_a_phase(reported):
    looks, table = reported
    curve = score.reliability(looks)
    assert curve.groupby("phase").networks.sum().tolist() == [len(table)] * 2
    for row in curve.itertuples():
        assert row.low <= row.seen <= row.high


@pytest.mark.parametrize(("count", "total"), [(0, 72), (5, 138), (500, 500)])
def test_the_interval_is_wilsons(count, total):
    z = stats.norm.ppf(0.975)
    p, n = count / total, total
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert score.share(count, total) == pytest.approx((middle - half, middle + half), abs=1e-9)


def test_the_command_reports_without_training_anything(capsys):
    assert report.main([]) == 0
    out = capsys.readouterr().out
    assert "tasa baja" in out and "Falsas alarmas antes de entrenar: " in out


def test_signs_and_rules_are_the_stored_columns(stored):
    assert {name[5:] for name in stored if name.startswith("rule_")} == set(RULES)
    stored_signs = {name[5:] for name in stored if name.startswith("sign_")}
    assert stored_signs >= {*CALIBRATED["start"], *CALIBRATED["training"]} - {"intercept"}

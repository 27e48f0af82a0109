"""From the data of an experiment to effects, and from those to a judgement."""

from dataclasses import replace
from math import inf
from types import ModuleType, SimpleNamespace

import pandas as pd
import pytest

from verdicts import effects
from verdicts.judge import judge, judge_each
from verdicts.rules import HOLDS, UNDECIDED, Interval, Rule
from verdicts.statement import RELU, pair
from verdicts.statements import he
from verdicts.statements.introduction import STATEMENTS

GRID = ModuleType("training_grid")  # an experiment without theory
STATEMENT = replace(
    STATEMENTS[0],
    experiment="training_grid",
    effect=effects.accuracy,
    of=RELU,
    rule=Rule(holds=(0.85, inf)),
)


def grid_of(*accuracies):
    """Return a table as training_grid's, one seed per accuracy, of the pair ReLU and Glorot."""
    rows = [
        {**RELU, "seed": seed, "epoch": epoch, "train_loss": 1.0, "test_accuracy": value}
        for seed, value in enumerate(accuracies)
        for epoch in (0, 1)
    ]
    return pd.DataFrame(rows)


# --- effects --------------------------------------------------------------------------------


def test_a_network_that_diverged_gets_nothing_right():
    assert effects.accuracy(grid_of(0.5, float("nan")), **RELU).tolist() == [0.5, 0.0]


def test_journeys_follow_the_signal():
    flow = pd.DataFrame({"seed": 0, "layer": [1, 2, 3], "delta_rms": [2.0, 4.0, 8.0]})
    assert effects.journey(flow, "delta_rms").tolist() == [4.0]
    assert effects.journey(flow, "delta_rms", back=True).tolist() == [0.25]


def test_gains_are_paired_by_seed():
    one = grid_of(0.9, 0.5)
    other = grid_of(0.8, 0.4).assign(**pair("tanh", "glorot_uniform"))
    both = pd.concat([one, other.iloc[::-1]])  # whatever the order of the rows
    gain = effects.accuracy_gain(both, RELU, pair("tanh", "glorot_uniform"))
    assert gain.tolist() == pytest.approx([0.1, 0.1])


def test_steadiness_counts_the_epochs_in_which_the_loss_rises():
    steady = pd.DataFrame({"seed": 0, "train_loss": [2.0, 1.0, 0.5, 0.4], **RELU})
    restless = steady.assign(train_loss=[2.0, 1.0, 1.5, 1.6], activation="tanh")
    both = pd.concat([steady, restless])
    gain = effects.steadiness_gain(both, RELU, {**RELU, "activation": "tanh"})
    assert gain.tolist() == pytest.approx([2 / 3])


def test_epochs_to_a_level_are_a_lower_bound_where_it_is_not_reached():
    rows = [
        {**p, "seed": seed, "epoch": epoch, "train_accuracy": value}
        for p, values in ((RELU, (0.1, 0.9, 0.95)), (pair("tanh", "he_normal"), (0.1, 0.2, 0.3)))
        for seed in (0, 1)
        for epoch, value in enumerate(values)
    ]
    slow = pair("tanh", "he_normal")
    assert effects.epochs_ratio(pd.DataFrame(rows), slow, RELU).tolist() == [2.0, 2.0]


def test_the_lower_half_is_compared_with_the_last_layer():
    moved = [0.0, 0.2, 0.5, 1.0]
    frozen = pd.DataFrame({"seed": 0, "epoch": 6, "layer": [1, 2, 3, 4], "movement": moved, **RELU})
    before = frozen.assign(epoch=0, movement=9.0)
    both = pd.concat([before, frozen])
    assert effects.lower_half_movement(both, **RELU).tolist() == pytest.approx([0.1])


def test_saturated_networks_are_counted_among_all_that_are_ill():
    charts = pd.DataFrame(
        {
            "seed": 0,
            "epoch": [0, 0, 0, 0, 1, 0],
            "patient": ["C", "C", "E", "E", "C", "A"],
            "off_fraction": [0.0, 0.1, 0.9, 0.4, 1.0, 1.0],  # A's are dead, not saturated
        }
    )
    found = effects.share_saturated(charts, ("A", "C", "E", "G"), ("C", "E"))
    assert found.tolist() == [0.25]


# --- intervals ------------------------------------------------------------------------------


def test_a_ratio_is_averaged_in_the_logarithm_and_a_share_is_not():
    data = pd.Series([1.0, 4.0])
    ratio, seeds = effects.statistic("×")(lambda data: data).interval(data, {})
    assert (ratio.centre, seeds) == (pytest.approx(2.0), 2)
    share, _ = effects.statistic("%")(lambda data: data).interval(data, {})
    assert share.centre == pytest.approx(2.5)


def test_an_exact_effect_is_a_point_of_no_seed():
    exact = effects.statistic("×", exact=True)(lambda data, k: data * k)
    assert exact.interval(3.0, {"k": 2}) == (Interval(6.0, 6.0, 6.0), 0)


def test_a_statistic_knows_the_name_of_its_function():
    # By which the digest of a verdict finds what it depends on
    assert (effects.way.__module__, effects.way.__qualname__) == ("verdicts.effects", "way")


# --- judgements -----------------------------------------------------------------------------


def test_an_interval_that_straddles_is_no_yes():
    assert judge(STATEMENT, GRID, grid_of(0.9, 0.91, 0.92)).verdict == HOLDS
    assert judge(STATEMENT, GRID, grid_of(0.8, 0.9, 0.95)).verdict == UNDECIDED


def test_theory_is_the_experiments_own():
    assert judge(STATEMENT, GRID, grid_of(0.9, 0.9)).theory is None
    flow = pd.DataFrame({"seed": [0, 0, 1, 1], "layer": [1, 2, 1, 2], "delta_rms": 1.0, **RELU})
    line = SimpleNamespace(delta_rms=[3.0, 6.0])
    experiment = SimpleNamespace(predict=lambda flow: {tuple(RELU.values()): line})
    found = judge(replace(STATEMENT, effect=effects.delta_journey), experiment, flow)
    assert found.theory == 0.5


def test_one_seed_gives_no_verdict():
    with pytest.raises(ValueError, match="afirmación «s1-1»: hacen falta dos"):
        judge(STATEMENT, GRID, grid_of(0.9))


def test_a_chapter_that_lacks_data():
    with pytest.raises(ValueError, match="faltan los datos") as caught:
        judge_each(he.STATEMENTS, {ModuleType("gradient_flow"): None})
    assert str(caught.value) == (
        "a los veredictos les faltan los datos de initializers.share_let_through, "
        "initializers.spread_of_networks; están los de: gradient_flow"
    )

"""Symptoms, rules and causes fit together, and thresholds can be moved."""

import pytest
from networks import DIGITS, compiled

from lab import model
from latido import examine, judge
from latido.advice import CAUSES, advise
from latido.rules import RULES, SYMPTOMS
from latido.snapshot import LayerSignals, Snapshot


def test_thresholds_can_be_overridden():
    network = compiled(model.mlp("relu", "he_normal", depth=3, width=32))
    assert examine(network, *DIGITS).healthy
    strict = examine(network, *DIGITS, thresholds={"contrast": 0.9})
    (finding,) = strict.findings
    assert (finding.symptom, finding.threshold) == ("vanishing_signal", 0.9)
    assert finding.value < 0.9
    with pytest.raises(ValueError, match=r"regla «contraste».*contrast"):
        examine(network, *DIGITS, thresholds={"contraste": 0.9})


def test_every_symptom_has_rules_and_causes():
    assert {rule.symptom for rule in RULES.values()} == set(SYMPTOMS)
    assert set(SYMPTOMS) < set(CAUSES) <= {*SYMPTOMS, *RULES}


def layer(name, **numbers):
    """A layer in perfect health, but for the numbers that are given."""
    sizes = {"fan_in": 32, "units": 32, "weight_deviation": 0.25, "weight_rms": 0.25}
    health = {
        **{"preactivation_rms": 1.0, "activation_rms": 1.0, "contrast": 0.5, "delta_norm": 1.0},
        **{"weight_gradient_rms": 1.0, "bias_mean": 0.0, "finite": True},
        **{"dead_fraction": 0.0, "saturated_fraction": 0.0, "duplicate_fraction": 0.0},
    }
    return LayerSignals(name, "relu", False, **{**sizes, **health, **numbers})


def look(step, loss, earlier=float("nan"), layers=()):
    return Snapshot(step, layers or (layer("a"),), loss, 1.0, 1.0, earlier_loss=earlier)


@pytest.mark.parametrize(
    ("threshold", "earlier", "stuck"),
    [
        (None, 1.0, False),  # 0.95 of what it was: it falls
        (None, 0.96, False),  # 0.99 of what it was, and 0.95 of a constant answer's
        (0.9, 1.0, True),  # whoever asks for a tenth does not call that falling
        (0.9, 1.1, False),
        (0.94, 1.0, True),
        (0.96, 0.96, False),
    ],
)
def test_a_threshold_moves_both_halves_of_a_stuck_loss(threshold, earlier, stuck):
    now = look(60, 0.95, earlier)
    found = judge(now, look(0, 1.2), threshold and {"loss_left": threshold})
    assert [finding.symptom for finding in found] == ["stuck_loss"] * stuck
    assert all(finding.value == pytest.approx(0.95) for finding in found)


def test_of_several_layers_with_odd_weights_the_furthest_is_named_and_the_first_of_equals():
    near, far = layer("near", weight_deviation=0.1), layer("far", weight_deviation=0.01)
    again = layer("again", weight_deviation=0.01)
    now = look(0, 1.0, layers=(near, far, again))
    advice = advise("delta_decay", "vanishing_gradient", "near", now)
    assert "en «far»" in advice
    (change,) = advice.changes  # but all of them are cured
    assert change.layers == ("near", "far", "again")
    assert change.line == 'kernel_initializer="he_normal"'

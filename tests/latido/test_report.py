"""What is concluded from a look: each fault has its symptom and its advice."""

import json

import keras
import pytest
from languages import assert_in_both
from networks import DIGITS, compiled

from lab import model
from latido import SignalMonitor, examine, judge
from latido.observer import Observer
from latido.report import Finding, Report
from latido.rules import SYMPTOMS

#: What is wrong → (arguments of the network, scale of the inputs, symptom, word of the advice).
FAULTS = {
    "relu, glorot": (("relu", "glorot_uniform", 16), {}, 1, "vanishing_gradient", "he_normal"),
    "sigmoid": (("sigmoid", "glorot_uniform", 8), {}, 1, "vanishing_signal", "sigmoid"),
    "tiny weights": (
        *(("tanh", "random_normal:0.01", 5), {}, 1),
        *("vanishing_gradient", "demasiado pequeños"),
    ),
    "huge weights": (
        *(("relu", "random_normal:0.6", 8), {}, 1),
        *("exploding_gradient", "demasiado grandes"),
    ),
    "raw inputs": (("relu", "he_normal", 3), {}, 300, "exploding_gradient", "Estandarízalas"),
    "raw, tanh": (("tanh", "glorot_uniform", 4), {}, 300, "saturated_units", "Estandarízalas"),
    "big bias": (
        *(("tanh", "glorot_uniform", 3), {"bias": 4.0}, 1),
        *("saturated_units", "bias_initializer"),
    ),
    "negative bias": (("relu", "he_normal", 3), {"bias": -6.0}, 1, "dead_units", "sesgo medio"),
    "zeros": (("relu", "zeros", 3), {}, 1, "symmetric_units", "todos cero"),
    "constant": (("tanh", "constant", 3), {}, 1, "symmetric_units", "todos iguales"),
    "overflow": (("relu", "random_normal:1e6", 8), {}, 1, "non_finite", "demasiado grandes"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_symptom_and_its_advice_before_training(name):
    arguments, more, scale, symptom, word = FAULTS[name]
    x, y = DIGITS
    report = examine(compiled(model.mlp(*arguments, 32, **more)), scale * x, y)
    assert_in_both(report)
    findings = {finding.symptom: finding for finding in report.findings}
    assert symptom in findings
    assert word in findings[symptom].advice and findings[symptom].step == 0
    order = [list(SYMPTOMS).index(finding.symptom) for finding in report.findings]
    assert order == sorted(set(order))


@pytest.mark.parametrize(
    ("activation", "initializer", "depth"),
    [("relu", "he_normal", 12), ("tanh", "glorot_uniform", 12), ("leaky_relu", "he_normal", 6)],
)
def test_sound_combinations_are_healthy(activation, initializer, depth):
    assert examine(compiled(model.mlp(activation, initializer, depth, 64)), *DIGITS).healthy


def test_following_the_advice_heals():
    """The initializer that the advice names makes the same network healthy."""
    sick = examine(compiled(model.mlp("relu", "glorot_uniform", 16, 64)), *DIGITS)
    assert 'kernel_initializer="he_normal"' in sick.findings[0].advice
    assert examine(compiled(model.mlp("relu", "he_normal", 16, 64)), *DIGITS).healthy


def test_a_loss_that_does_not_move_is_stuck_and_one_that_falls_is_not():
    def symptoms(rate):
        network = model.mlp("relu", "he_normal", depth=2, width=32)
        monitor = SignalMonitor(*DIGITS)
        compiled(network, optimizer=keras.optimizers.SGD(rate))
        network.fit(*DIGITS, batch_size=10, epochs=4, verbose=0, callbacks=[monitor])
        return {f.symptom: f.advice for f in monitor.report.findings}

    assert "tasa de aprendizaje" in symptoms(1e-8)["stuck_loss"]
    assert symptoms(0.05) == {}
    assert "exploding_gradient" in symptoms(20.0)


def test_a_network_that_has_learned_is_not_blamed():
    look = Observer(compiled(model.mlp("sigmoid", depth=6, width=16)))(*DIGITS)
    assert judge(look)
    better = {"loss": 0.1 * look.constant_loss, "losses": 0.1 * look.constant_losses, "step": 9}
    learned = type(look)(**{**vars(look), **better})
    assert judge(learned, look) == []


@pytest.mark.parametrize(
    ("likelihood", "words"), [(1.0, "100 %"), (0.998, "> 99 %"), (0.07, "7 %"), (0.001, "< 1 %")]
)
def test_what_was_measured_is_never_certain(likelihood, words):
    found = Finding("stuck_loss", "a", 0, 1.0, 1.0, "", likelihood)
    written = Report((found,), ()).table()["falla"].item()
    assert written == words.replace(" ", "\N{NO-BREAK SPACE}")  # in one piece on a telephone


def test_report_can_be_read_by_people_and_programs():
    report = examine(compiled(model.mlp("sigmoid", depth=6, width=16)), *DIGITS)
    content = json.loads(report.to_json(), parse_constant=lambda name: pytest.fail(name))
    assert content["healthy"] is False
    assert content["findings"][0]["symptom"] == report.findings[0].symptom
    assert len(content["layers"]) == 7
    assert content["layers"][0]["dead_fraction"] is None  # does not apply to sigmoid
    headings = ["síntoma", "estado", "falla", "capa", "paso", "valor", "umbral", "consejo"]
    assert list(report.table().columns) == headings
    assert content["findings"][0]["level"] in ("va a fallar", "vigila")
    assert 0 < content["findings"][0]["likelihood"] < 1 and content["trial"] is None
    assert len(report.table()) == len(report.findings)
    with pytest.raises(AttributeError):
        report.findings[0].value = 0

"""How likely a network fails: what speaks against it, and what does not; states of a finding."""

import dataclasses
import math

import keras
import numpy as np
import pytest
from networks import DIGITS, compiled, mlp

from lab import model
from latido import SignalMonitor, examine
from latido.calibrated import CALIBRATED
from latido.command import state_of
from latido.likelihood import FAILS, WATCH, YOURS, probability, signs
from latido.observer import Observer
from latido.report import RULE_OF, Report
from latido.rules import RULES
from latido.snapshot import LayerSignals, Snapshot
from latido.steps import (
    STEPS,
    _adam,
    promised_fall,
    reference_weight,
    relative_steps,
    steps_ahead,
)

L = keras.layers
RNG = np.random.default_rng(0)


def layer(name="a", **numbers):
    """A layer in perfect health, but for the numbers that are given."""
    health = {
        **{"fan_in": 32, "units": 32, "size": 1024, "weight_deviation": 0.25, "weight_rms": 0.25},
        **{"preactivation_rms": 1.0, "activation_rms": 1.0, "contrast": 0.5, "delta_norm": 1.0},
        **{"weight_gradient_rms": 0.01, "bias_mean": 0.0, "finite": True},
        **{"dead_fraction": 0.0, "saturated_fraction": 0.0, "duplicate_fraction": 0.0},
    }
    return LayerSignals(name, "relu", False, **{**health, **numbers})


def look(*layers, step=0, loss=1.0, optimizer="Adam", rate=1e-3, **more):
    constants = np.ones(256)
    return Snapshot(
        *(step, layers or (layer(),), loss, 1.0, 1.0, optimizer, rate),
        losses=loss + 0.01 * RNG.normal(size=256),
        constant_losses=constants,
        **more,
    )


def chance(*layers, **more):
    now = look(*layers, **more)
    return probability(now, now)


@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop", "Adagrad", "Lion", "AdamW"])
@pytest.mark.parametrize("gradient", [1e-10, 1e-5, 1.0])
def test_a_step_ahead_has_the_size_that_keras_takes(name, gradient):
    """Against what Keras itself does when its averages have settled at a steady gradient."""
    optimizer = getattr(keras.optimizers, name)(1e-3)
    weight = keras.Variable(np.zeros(4, "float32"))
    optimizer.build([weight])
    optimizer.iterations.assign(100_000 if name != "Adagrad" else 0)
    for variable in optimizer.variables:
        if "momentum" in variable.path or "velocity" in variable.path:
            variable.assign(np.full(4, gradient ** (2 if "velocity" in variable.path else 1)))
    optimizer.apply([keras.ops.full((4,), gradient)], [weight])
    moved = np.abs(weight.numpy()).mean()
    settings = {k: v for k, v in optimizer.get_config().items() if isinstance(v, float)}
    told = 1e-3 * STEPS.get(name, _adam)(gradient, settings)
    assert told == pytest.approx(moved, rel=0.05, abs=1e-13)


def test_adams_steps_do_not_ask_how_small_a_gradient_is_until_it_is_as_small_as_epsilon():
    small = [layer("first", weight_gradient_rms=1e-5, delta_norm=1e-3), layer("last")]
    tiny = [layer("first", weight_gradient_rms=1e-11, delta_norm=1e-9), layer("last")]
    adam, sgd = {"optimizer": "Adam", "rate": 1e-3}, {"optimizer": "SGD", "rate": 0.01}
    assert chance(*small, **sgd) > 2 * chance(*small, **adam)
    assert chance(*small, **adam) < 0.3
    assert chance(*tiny, **adam) > 2 * chance(*small, **adam)


def test_a_kernel_of_one_number_is_held_against_what_an_initializer_would_draw():
    born = layer(fan_in=1, units=1, size=1, weight_rms=1e-6, weight_gradient_rms=5.0)
    assert reference_weight(born) == pytest.approx(1.0)
    now = look(born, optimizer="SGD", rate=0.01)
    assert relative_steps(now)["a"] == pytest.approx(0.05)


def test_a_line_is_no_explosion():
    keras.utils.set_random_seed(1)
    x = np.arange(-1.0, 5.0)[:, None]
    network = mlp(L.Dense(1, kernel_initializer=keras.initializers.Constant(1e-6)), inputs=(1,))
    compiled(network, "mse", keras.optimizers.SGD(0.01))
    report = examine(network, x, 2 * x - 1)
    assert report.healthy and "exploding_gradient" not in {f.symptom for f in report.findings}


def test_a_step_of_one_number_is_held_against_what_an_initializer_would_draw():
    rule = RULES["update_ratio"]
    born = {"fan_in": 1, "units": 1, "weight_rms": 0.01, "update_ratio": 25.0}
    now = look(layer(size=1, **born))
    assert rule.measure(now, now)["a"] == pytest.approx(0.25)  # Glorot's deviation is 1
    now = look(layer(size=1024, **{**born, "fan_in": 32, "units": 32}))
    assert rule.measure(now, now)["a"] == 25.0  # of so many, their own size is what counts
    now = look(layer(size=1, **{**born, "update_ratio": 250.0}))
    assert rule.measure(now, now)["a"] > rule.threshold  # and far too long is far too long


def test_clipping_shortens_the_step():
    wild = layer(weight_gradient_rms=100.0)
    free = steps_ahead(look(wild, optimizer="SGD", rate=0.1))[0]
    norm = steps_ahead(look(wild, optimizer="SGD", rate=0.1, settings={"clipnorm": 1.0}))[0]
    assert free == pytest.approx(10) and norm == pytest.approx(0.1 / 32)
    assert steps_ahead(look(wild, optimizer="SGD", rate=0.1, settings={"clipvalue": 0.5}))[
        0
    ] == pytest.approx(0.05)


def test_what_a_step_promises_is_what_gradient_descent_takes_off_the_loss():
    keras.utils.set_random_seed(0)
    network = compiled(mlp(L.Dense(10, use_bias=False)), optimizer=keras.optimizers.SGD(1e-5))
    x, y = DIGITS
    now = Observer(network)(x, y)
    network.fit(x, y, batch_size=len(x), verbose=0)
    after = Observer(network)(x, y)
    assert promised_fall(now) == pytest.approx((now.loss - after.loss) / now.loss, rel=0.02)


def test_signs_are_zero_for_a_sound_network_and_never_negative():
    now = look(layer("a"), layer("b"))
    assert set(signs(now, now)) <= set(RULE_OF) and set(RULE_OF.values()) <= set(RULES)
    assert all(value >= 0 for value in signs(now, now).values())
    assert signs(now, now)["contrast"] == signs(now, now)["leap"] == 0
    faint = look(layer("a"), layer("b", contrast=1e-5))
    assert signs(faint, faint)["contrast"] == pytest.approx(3)


@pytest.mark.parametrize(
    "worse",
    [
        {"contrast": 1e-12},
        {"delta_norm": 1e-9, "weight_gradient_rms": 1e-14},
        {"weight_gradient_rms": 0.0, "delta_norm": 0.0},
    ],
)
def test_each_decade_speaks_louder(worse):
    sound, ill = [layer("a"), layer("b")], [layer("a", **worse), layer("b", **worse)]
    assert chance(*ill, optimizer="SGD") > chance(*sound, optimizer="SGD")


def test_numbers_that_are_not_finite_most_likely_fail_and_what_has_learned_does_not():
    assert chance(layer(finite=False)) > 0.8
    first = look()
    later = dataclasses.replace(look(step=60, loss=0.5), losses=np.full(256, 0.5))
    assert probability(later, first) < 0.1


def wakes(*losses):
    """A report on a training whose loss took these values, 50 steps apart."""
    looks, seen = [], []
    for i, loss in enumerate(losses):
        earlier = losses[i - 1] if i else math.nan
        looks.append(look(step=50 * i, loss=loss, earlier_loss=earlier))
        seen.append(Report.of(looks))
    return seen


def test_a_finding_is_active_and_then_gone_and_says_when():
    seen = wakes(1.0, 1.0, 1.0, 1.0, 0.3)
    stuck = {f.symptom: f for f in seen[3].findings}["stuck_loss"]
    assert stuck.active and 50 <= stuck.step < 200 and stuck.likelihood > 0.1
    (gone,) = (f for f in seen[4].findings if f.symptom == "stuck_loss")
    assert not gone.active and (gone.step, gone.gone) == (stuck.step, 200)
    assert seen[4].healthy and not seen[4].alarms
    assert gone.state == "pasó en el paso 200"
    assert "pasó en el paso 200" in set(seen[4].table().estado)


def test_what_comes_back_is_active_again():
    (*_, before, asleep, awake, last) = wakes(1.0, 1.0, 1.0, 1.0, 0.3, 1.0, 1.0)
    states = [
        next(f for f in report.findings if f.symptom == "stuck_loss")
        for report in (before, asleep, awake, last)
    ]
    assert [state.active for state in states] == [True, False, True, True]
    assert len({state.step for state in states}) == 1


def test_the_longer_nothing_is_learned_the_likelier_it_fails():
    first = look()
    told = [probability(look(step=step), first) for step in (50, 200, 1000)]
    assert told == sorted(told) and told[0] < told[-1]


def test_only_an_alarm_is_ill_and_stops():
    network = compiled(model.mlp("sigmoid", depth=3, width=16), optimizer="adam")
    report = examine(network, *DIGITS)
    assert report.healthy == (not [f for f in report.findings if f.level == FAILS])
    monitor = SignalMonitor(*DIGITS, stop=True)
    network.fit(*DIGITS, batch_size=20, epochs=1, verbose=0, callbacks=[monitor])
    stopped = int(network.optimizer.iterations) < 10
    assert stopped == bool(monitor.report.alarms)


def test_a_trial_decides():
    x, y = DIGITS
    sick = compiled(model.mlp("relu", "glorot_uniform", 16, 32), optimizer="sgd")
    report = examine(sick, x, y, trial=30)
    assert not report.trial.learned and not report.healthy
    assert {f.level for f in report.findings} == {FAILS}
    slow = compiled(model.mlp("sigmoid", "glorot_uniform", 3, 32), optimizer="adam")
    slow.optimizer.learning_rate = 0.02
    report = examine(slow, x, y, trial=150)
    assert report.trial.learned and report.healthy
    assert {f.level for f in report.findings} <= {WATCH}
    with pytest.raises(ValueError, match="trial vale «-1»"):
        examine(slow, x, y, trial=-1)


def test_a_threshold_of_the_reader_s_own_alarms_and_does_not_say_that_it_will_fail():
    network = compiled(model.mlp("relu", "he_normal", 2, 32), optimizer="adam")
    asked = {"contrast": 0.99}
    report = examine(network, *DIGITS, thresholds=asked)
    (finding,) = report.findings
    assert finding.level == YOURS and report.alarms == (finding,) and not report.healthy
    assert finding.likelihood < 0.2 and set(report.table().estado) == {"pasa tu umbral"}
    assert examine(network, *DIGITS).healthy
    tried = examine(network, *DIGITS, thresholds=asked, trial=60)
    assert tried.trial.learned and {f.level for f in tried.findings} == {YOURS}


@pytest.mark.parametrize("level", [FAILS, WATCH])
def test_the_level_follows_the_likelihood(level):
    for depth, optimizer in ((2, "adam"), (6, "sgd"), (16, "sgd"), (24, "sgd"), (12, "adam")):
        kind = "glorot_uniform" if level == FAILS else "he_normal"
        report = examine(compiled(model.mlp("relu", kind, depth, 32), optimizer=optimizer), *DIGITS)
        alarm = CALIBRATED["alarm"]["start"]
        for finding in report.findings:
            assert (finding.level == FAILS) == (finding.likelihood >= alarm)


#: From logits: of a sigmoid that says 1 and is wrong, Keras takes the gradient away, but for
#: TensorFlow, where it looks behind it.
EACH = keras.losses.BinaryCrossentropy(from_logits=True)


def recurrent(activation, deviation, optimizer, steps=50):
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(96, steps, 4)).astype("float32")
    kind = (
        keras.initializers.RandomNormal(0, deviation)
        if deviation
        else keras.initializers.Identity()
    )
    layer = L.SimpleRNN(32, activation=activation, recurrent_initializer=kind)
    network = mlp(layer, L.Dense(1), inputs=(steps, 4))
    return examine(compiled(network, EACH, optimizer), x, (x[:, -1, 0] > 0).astype("int32"))


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_recurrence_that_nothing_bounds_is_alarmed(optimizer):
    report = recurrent("relu", 0.3, optimizer)
    (alarm, *_) = report.alarms
    assert alarm.symptom == "exploding_gradient" and alarm.likelihood > 0.9
    assert 'activation="tanh", recurrent_initializer="orthogonal"' in alarm.advice


@pytest.mark.parametrize(
    ("activation", "deviation", "optimizer"),
    [
        ("relu", 0, keras.optimizers.Adam()),  # the identity: these learn
        ("relu", 0.15, keras.optimizers.Adam()),
        ("tanh", 1.0, keras.optimizers.Adam()),  # grows as much, and is bounded
        ("relu", 0.3, keras.optimizers.Adam(clipnorm=1.0)),
    ],
)
def test_and_one_that_is_bounded_or_clipped_is_not(activation, deviation, optimizer):
    assert recurrent(
        activation, deviation, type(optimizer).from_config(optimizer.get_config())
    ).healthy


def test_what_overflows_through_time_is_said_to():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(96, 60, 4)).astype("float32")
    y = (x[:, 0, 0] > 0).astype("int32")
    kind = keras.initializers.RandomNormal(0, 0.5)
    layer = L.SimpleRNN(32, activation="relu", recurrent_initializer=kind)
    network = mlp(layer, L.Dense(1), inputs=(60, 4))
    monitor = SignalMonitor(x, y, every=5)
    compiled(network, EACH, "adam").fit(x, y, 16, epochs=3, verbose=0, callbacks=[monitor])
    (first, *_) = monitor.report.findings
    assert first.symptom == "non_finite" and "crece en cada paso de la secuencia" in first.advice


def test_where_one_look_does_not_decide_the_trial_is_advised():
    keras.utils.set_random_seed(0)
    stem = L.Conv2D(16, 1, activation="relu", kernel_initializer="he_normal")
    shrinking = [
        L.DepthwiseConv2D(3, padding="same", activation="relu", depthwise_initializer="he_normal")
        for _ in range(7)
    ]
    network = mlp(L.Reshape((8, 8, 1)), stem, *shrinking, L.Flatten(), L.Dense(10))
    report = examine(compiled(network, optimizer="adam"), *DIGITS)
    assert not report.alarms and any("trial=400" in note for note in report.notes)
    assert state_of(report) == "sin alarma, 1 síntoma por vigilar"
    tried = examine(network, *DIGITS, trial=100)
    assert tried.alarms and tried.alarms[0].likelihood > 0.9 and not tried.notes
    assert "depthwise_initializer=" in tried.alarms[0].advice
    sound = examine(compiled(model.mlp("relu", "he_normal", 3, 32), optimizer="adam"), *DIGITS)
    assert not sound.notes


def test_what_the_copy_shows_is_told_if_one_look_shows_nothing():
    keras.utils.set_random_seed(0)
    sick = compiled(model.mlp("relu", "he_normal", 4, 32), optimizer=keras.optimizers.Adam(0.3))
    before = [v.numpy() for v in sick.variables]
    report = examine(sick, *DIGITS, trial=100)
    assert not report.trial.learned and report.alarms
    assert {f.level for f in report.findings} == {FAILS}
    assert report.trial.look.step == 100 == report.trial.steps
    assert report.trial.look.loss == pytest.approx(report.trial.curve[-1])
    for a, b in zip(before, sick.variables, strict=True):
        np.testing.assert_array_equal(a, b.numpy())

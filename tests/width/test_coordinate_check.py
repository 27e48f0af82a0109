"""What a step changes, layer by layer: gradients, Adam, closed forms, counted powers."""

import json

import numpy as np
import pytest

from lab import cli, data
from verdicts import effects
from width import coordinate_check
from width.coordinate_check import BASE, PARAMETRIZATIONS


@pytest.fixture(scope="module")
def batch():
    images = data.load()
    return images.x_train[:16].astype("float64"), images.y_train[:16]


def test_gradients_are_those_of_finite_differences(batch):
    x, labels = batch
    weights = coordinate_check.draw_weights("mup", 8, 0, depth=2)
    _, found = coordinate_check.gradients(weights, x, labels)
    rng = np.random.default_rng(0)
    for w, gradient in zip(weights, found, strict=True):
        direction = rng.standard_normal(w.shape)
        ends = []
        for sign in (1, -1):
            w += sign * 1e-6 * direction
            ends.append(coordinate_check.gradients(weights, x, labels)[0])
            w -= sign * 1e-6 * direction
        assert (ends[0] - ends[1]) / 2e-6 == pytest.approx((gradient * direction).sum(), rel=1e-5)


def test_stacked_networks_are_single_ones(batch):
    x, labels = batch
    networks = [coordinate_check.draw_weights("standard", 8, seed, depth=2) for seed in (0, 1)]
    losses, found = coordinate_check.gradients(
        [np.stack(layer) for layer in zip(*networks, strict=True)], x, labels
    )
    for number, weights in enumerate(networks):
        loss, alone = coordinate_check.gradients(weights, x, labels)
        assert losses[number] == pytest.approx(loss, rel=1e-12)
        for stacked, gradient in zip(found, alone, strict=True):
            np.testing.assert_allclose(stacked[number], gradient, rtol=1e-10, atol=1e-14)


def test_adam_moves_as_that_of_keras():
    import keras

    rng = np.random.default_rng(0)
    start = rng.standard_normal((2, 5, 3)).astype("float32")
    own, rates = [start.copy()], np.array([0.01, 0.1])
    adam = coordinate_check.Adam(own)
    theirs = [keras.Variable(w) for w in start]
    optimizers = [keras.optimizers.Adam(rate) for rate in rates]
    for scale in (1.0, 1e-6, 1e-7):  # where ε counts, too
        gradient = (scale * rng.standard_normal(start.shape)).astype("float32")
        for optimizer, variable, g in zip(optimizers, theirs, gradient, strict=True):
            optimizer.apply([keras.ops.convert_to_tensor(g)], [variable])
        adam.step(own, [gradient], [rates])
    for w, variable in zip(own[0], theirs, strict=True):
        # Keras rounds 1 − β₂ to float32: one part in 10⁵ of a step of up to 0.3
        np.testing.assert_allclose(w, variable.numpy(), rtol=0, atol=5e-6)


@pytest.mark.parametrize("optimizer", coordinate_check.OPTIMIZERS)
def test_at_the_base_width_all_parametrizations_are_the_same_network(optimizer):
    drawn = [coordinate_check.draw_weights(name, BASE, 3) for name in PARAMETRIZATIONS]
    for other in drawn[1:]:
        assert all((a == b).all() for a, b in zip(drawn[0], other, strict=True))
    for name in PARAMETRIZATIONS:
        assert coordinate_check.factors(name, optimizer, BASE) == [1, 1, 1, 1]


def test_weights_of_mup_have_the_variances_of_its_table():
    # Yang et al. 2022, Table 3: 1/fan_in, and 1/fan_in² in the last layer; He's 2, our base.
    width = 256
    *hidden, last = coordinate_check.draw_weights("mup", width, 0)
    for w in hidden:
        assert w.var() == pytest.approx(2 / w.shape[0], rel=0.03)
    assert last.var() == pytest.approx(BASE / width**2, rel=0.06)


def test_rates_of_mup_are_those_of_its_table():
    # Yang et al. 2022, Table 3. SGD: fan_out, 1, 1/fan_in. Adam: 1, 1/fan_in, 1/fan_in.
    assert coordinate_check.factors("mup", "sgd", 4 * BASE) == [4, 1, 1, 1 / 4]
    assert coordinate_check.factors("mup", "adam", 4 * BASE) == [1, 1 / 4, 1 / 4, 1 / 4]


def test_a_step_of_sgd_on_one_sample_is_a_closed_form(batch):
    # ΔW = −rate h δᵀ, so that a layer moves by rate δ (h·h'), h' being its new input.
    x, labels = batch[0][:1], batch[1][:1]
    weights = coordinate_check.draw_weights("standard", 32, 0)
    rates = [1e-3] * 4
    born = [w.copy() for w in weights]
    h, _ = coordinate_check.forward(born, x)
    _, found = coordinate_check.gradients(born, x, labels)
    ((*changes,),) = coordinate_check.moved(weights, "sgd", rates, x, labels, 1)
    later, _ = coordinate_check.forward(weights, x)
    for layer, (_, own) in enumerate(changes):
        size = h[layer] @ h[layer].T
        delta = h[layer] @ found[layer] / size  # from the gradient h δᵀ
        expected = 1e-3 * np.sqrt(np.mean(delta**2)) * (h[layer] @ later[layer].T)
        assert own == pytest.approx(expected.item(), rel=1e-9)


def test_a_step_of_adam_moves_each_weight_by_its_rate(batch):
    x, labels = batch
    weights = coordinate_check.draw_weights("mup", 128, 0)
    born = [w.copy() for w in weights]
    _, found = coordinate_check.gradients(born, x, labels)
    rates = [1e-5 * f for f in coordinate_check.factors("mup", "adam", 128)]
    list(coordinate_check.moved(weights, "adam", rates, x, labels, 1))
    for w, old, gradient, rate in zip(weights, born, found, rates, strict=True):
        expected = np.where(gradient == 0, 0, -rate * np.sign(gradient))
        np.testing.assert_allclose(w - old, expected, atol=1e-3 * rate)


# Counted by hand: the own changes of the layers, the total of the logits.
COUNTED = {
    ("standard", "sgd"): ([-1 / 2, 1 / 2, 1 / 2, 1], 1),
    ("standard", "adam"): ([0, 1, 1, 1], 3 / 2),
    ("mup", "sgd"): ([0, 0, 0, 0], 0),
    ("mup", "adam"): ([0, 0, 0, 0], 0),
    ("ntk", "sgd"): ([-1 / 2, -1 / 2, -1 / 2, 0], 0),
}


@pytest.mark.parametrize("case", COUNTED, ids="-".join)
def test_powers_that_theory_predicts(case):
    own, change = coordinate_check.predict(*case)
    expected, logits = COUNTED[case]
    assert own.tolist() == expected
    assert change[-1] == logits
    assert (change >= own).all()


def test_measured_powers_of_wide_networks_are_the_predicted_ones():
    check = coordinate_check.measure(
        parametrizations=("standard", "mup", "ntk"),
        widths=(128, 512),
        steps=1,
        seeds=4,
        samples=32,
    )
    for row in coordinate_check.powers(check).itertuples():
        slack = 0.1 if row.optimizer == "adam" else 0.3
        if (row.parametrization, row.optimizer) != ("ntk", "adam"):
            assert row.own == pytest.approx(row.own_predicted, abs=max(slack, row.own_half)), row


def test_effect_and_theory_of_a_statement():
    check = coordinate_check.measure(("standard",), ("adam",), (32, 64), steps=1, seeds=2)
    network = {"parametrization": "standard", "optimizer": "adam"}
    found = effects.own_growth(check, layer=2, **network)
    pair = check.query("layer == 2").pivot(index="seed", columns="width", values="own")
    np.testing.assert_allclose(found, np.log2(pair[64] / pair[32]))
    assert effects.own_growth.predicted(coordinate_check.predict, check, 2, **network) == 1


def test_the_command_writes_records_and_a_figure(tmp_path, capsys):
    files = [tmp_path / "x.json", tmp_path / "x.svg"]
    argv = ["--parametrization", "mup", "--optimizer", "adam", "--width", "8", "--width", "16"]
    argv += ["--depth", "1", "--seeds", "2", "--steps", "2"]
    argv += [part for file in files for part in ("--output", str(file))]
    c = coordinate_check
    assert cli.main("", c.measure, c.draw, c.table, options=c.OPTIONS, argv=argv) == 0
    assert len(json.loads(files[0].read_text())) == 2 * 2 * 2 * 2
    assert "propio, paso 2" in capsys.readouterr().out


def test_an_unknown_parametrization_is_answered_in_a_line(capsys):
    c = coordinate_check
    with pytest.raises(SystemExit) as end:
        argv = ["--parametrization", "mupp"]
        cli.main("", c.measure, c.draw, c.table, options=c.OPTIONS, argv=argv)
    assert end.value.code == 2
    error = capsys.readouterr().err
    assert "mupp" in error and "mup" in error and error.count("\n") == 1

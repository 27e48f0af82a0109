"""What an activation lets through, against closed forms and a pass written in NumPy."""

import json

import numpy as np
import pytest

import gradient_flow
from initializers import share_let_through
from lab import cli, data, model, theory


@pytest.fixture(scope="module")
def factors():
    return share_let_through.measure(("relu", "leaky_relu"), ("glorot_uniform",), 10, 256, 4)


def test_relu_lets_through_a_half_and_leaky_relu_a_bit_more(factors):
    # A width of 256 shifts the mean logarithm by 5/(2·256) = 1 %; 40 layers leave 2 % of noise.
    for activation, share in (("relu", 0.5), ("leaky_relu", (1 + 0.2**2) / 2)):
        for factor in share_let_through.FACTORS:
            value = share_let_through.summary(factors)[f"{activation}_glorot_uniform_{factor}"]
            assert value == pytest.approx(share, rel=0.07)


def test_both_factors_are_those_of_a_pass_in_numpy():
    depth, width, seed = 4, 256, 3
    factors = share_let_through.measure(("tanh",), ("he_normal",), depth, width, seed + 1)
    factors = factors[factors.seed == seed]

    images = data.load()
    network = model.mlp("tanh", "he_normal", depth, width, seed=seed)
    weights = [layer.kernel.numpy().astype(float) for layer in model.dense_layers(network)]
    z, h = [], [images.x_train[:256].astype(float)]
    for w in weights[:-1]:
        z.append(h[-1] @ w)
        h.append(np.tanh(z[-1]))
    p = np.exp(h[-1] @ weights[-1])
    delta = p / p.sum(axis=1, keepdims=True) - np.eye(10)[images.y_train[:256]]
    backward = []
    for w, layer in zip(weights[:0:-1], reversed(z), strict=True):
        arriving = delta @ w.T
        delta = arriving * (1 - np.tanh(layer) ** 2)
        backward.append(np.mean(delta**2) / np.mean(arriving**2))

    forward = [np.mean(np.tanh(layer) ** 2) / np.mean(layer**2) for layer in z]
    np.testing.assert_allclose(factors.forward, forward, rtol=1e-4)  # float32 against float64
    # E[(Wᵀδ)²] is taken as n·Var(W)·E[δ²]; this W is one draw: √(2/n) of its square.
    np.testing.assert_allclose(factors.backward[:-1], backward[:0:-1], rtol=4 * np.sqrt(2 / width))
    assert np.isnan(factors.backward.iloc[-1])


def test_the_prediction_is_that_of_the_whole_network(factors):
    answer = share_let_through.predict(factors)["leaky_relu", "glorot_uniform"]
    np.testing.assert_allclose(answer["forward"], 0.52)
    np.testing.assert_allclose(answer["backward"], 0.52)


def test_it_reads_the_measurement_that_other_chapters_share():
    small = {"depth": 3, "width": 8, "seeds": 1}
    flow = gradient_flow.measure(**small)
    factors = share_let_through.measure(**small)
    assert list(factors.layer) == list(flow.layer)
    assert list(factors.activation) == list(flow.activation)
    last = flow[flow.layer == 3].delta_rms.to_numpy()
    before = flow[flow.layer == 2].delta_rms.to_numpy()
    variance = np.tile(
        [theory.weight_variance(i, 8, 8) for i in ("glorot_uniform", "he_normal")], 4
    )
    np.testing.assert_allclose(
        factors[factors.layer == 2].backward, (before / last) ** 2 / (8 * variance)
    )


def test_the_command_line_writes_records_and_a_figure(tmp_path, capsys):
    argv = ["--activation", "elu", "--initializer", "he_normal", "--depth", "2", "--seeds", "1"]
    outputs = tmp_path / "half.json", tmp_path / "half.svg"
    for path in outputs:
        argv += ["--output", str(path)]
    assert (
        cli.main(
            "",
            share_let_through.measure,
            share_let_through.draw,
            share_let_through.table,
            argv=argv,
        )
        == 0
    )
    first, second = json.loads(outputs[0].read_text())
    assert first["layer"] == 1 and first["forward"] > 0 and first["backward"] > 0
    assert second["backward"] is None
    assert outputs[1].read_text().startswith("<?xml")
    assert "ELU + He normal" in capsys.readouterr().out

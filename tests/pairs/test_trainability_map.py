"""The map of the networks that learn: its networks, its border, its command."""

import json

import numpy as np
import pytest

import trainable_depth
from lab import cli, model, theory
from pairs import trainability_map

SMALL = {"width": 64, "depths": (2, 3), "epochs": 2, "weight_variances": (0.5, 2.0)}


@pytest.fixture(scope="module")
def runs():
    return trainability_map.measure(**SMALL, seeds=2, bias_variance=0.0)


def test_one_row_for_each_activation_depth_variance_and_seed(runs):
    found = runs[["activation", "depth", "weight_variance", "seed"]].to_records(index=False)
    assert found.tolist() == [
        ("tanh", depth, variance, seed)
        for depth in (2, 3)
        for variance in (0.5, 2.0)
        for seed in (0, 1)
    ]


def test_without_biases_and_on_square_layers_the_networks_are_those_of_trainable_depth(runs):
    names = tuple(f"random_normal:{(v / 64) ** 0.5}" for v in SMALL["weight_variances"])
    other = trainable_depth.measure(("tanh",), names, (2, 3), 64, 2, epochs=2)
    for column in ("epochs", "train_accuracy", "test_accuracy"):
        np.testing.assert_array_equal(runs[column], other[column])


def test_each_layer_has_the_variance_of_its_inputs_and_its_own_biases():
    network = model.mlp("tanh", depth=3, width=400, inputs=900)
    trainability_map.draw_weights(network, 1.7, 0.3, seed=5)
    *hidden, head = model.dense_layers(network)
    for layer in hidden:
        kernel, bias = layer.kernel.numpy().astype(float), layer.bias.numpy()
        assert len(kernel) * kernel.var() == pytest.approx(1.7, rel=0.02)
        assert bias.var() == pytest.approx(0.3, rel=0.2)
    assert not np.array_equal(hidden[1].bias, hidden[2].bias)
    assert not head.bias.numpy().any()
    # The same seed gives the same network, whatever was there before.
    before = [weight.numpy() for weight in network.weights]
    trainability_map.draw_weights(network, 1.0, 0.0, seed=1)
    assert not hidden[0].bias.numpy().any()
    trainability_map.draw_weights(network, 1.7, 0.3, seed=5)
    for weight, value in zip(network.weights, before, strict=True):
        np.testing.assert_array_equal(weight, value)


def test_the_border_counts_the_biases():
    scale = theory.depth_scale("tanh", 1.3, 0.05)
    assert trainability_map.predict("tanh", 1.3, 0.05) == 6 * scale
    assert trainability_map.predict("tanh", 1.3, 0.0) != 6 * scale


def test_a_network_that_diverges_does_not_learn():
    runs = trainability_map.measure(("relu",), (1e30,), 0.0, (3,), width=16, epochs=1, seeds=1)
    assert np.isnan(runs.train_accuracy.item())
    assert trainability_map.accuracies(runs).train_accuracy.item() == 0
    assert trainability_map.summary(runs)["outside_learn"] == 0


def test_operations_are_those_of_the_products():
    network = model.mlp("tanh", depth=3, width=8, inputs=5)
    kernels = [layer.kernel.numpy().size for layer in model.dense_layers(network)[:-1]]
    assert trainability_map.operations(2, (3,), 8, 5, 7, 4) == 6 * 2 * sum(kernels) * 7 * 4


def test_it_is_a_command(tmp_path):
    files = [tmp_path / name for name in ("x.json", "x.svg")]
    sizes = ["--depth", "2", "--weight-variance", "1", "--width", "8", "--epochs", "1"]
    more = ["--activation", "relu", "--activation", "tanh", "--bias-variance", "0"]
    outputs = [part for file in files for part in ("--output", str(file))]
    run = (trainability_map.measure, trainability_map.draw, trainability_map.table)
    argv = [*sizes, *more, *outputs]
    assert cli.main("Prueba", *run, options=trainability_map.OPTIONS, argv=argv) == 0
    assert len(json.loads(files[0].read_text())) == 2
    assert "<svg" in files[1].read_text()


@pytest.mark.parametrize("value", ["-0.1", "nan", "mucho"])
def test_a_variance_that_is_none(value, capsys):
    run = (trainability_map.measure, trainability_map.draw, trainability_map.table)
    for option in ("--bias-variance", "--weight-variance"):
        with pytest.raises(SystemExit) as leaving:
            argv = [f"{option}={value}"]
            cli.main("Prueba", *run, options=trainability_map.OPTIONS, argv=argv)
        assert leaving.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1

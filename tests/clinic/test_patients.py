"""The patients: what the monitor notes, against NumPy and plain Keras steps."""

import json

import keras
import numpy as np
import pytest

from clinic import before_first_step, patients
from lab import cli, data, model, probe, training

SMALL = {"depth": 3, "width": 8, "seeds": 2, "epochs": 2}


@pytest.fixture(scope="module")
def charts():
    return patients.measure(("A", "B", "D", "G"), **SMALL)


def test_update_ratios_are_those_of_plain_keras_steps():
    d = data.load()
    few = data.Dataset("few", d.x_train[:96], d.y_train[:96], d.x_test[:10], d.y_test[:10])
    network = model.mlp("tanh", depth=2, width=8, seed=3)
    plain = model.mlp("tanh", depth=2, width=8, seed=3)
    trainer = training.Trainer(network, few, "adam", 1e-2, batch_size=32, note_updates=True)
    list(trainer.epochs(1, seed=5))

    plain.compile(
        keras.optimizers.Adam(1e-2),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        run_eagerly=True,
    )
    order = np.random.default_rng(5).permutation(96).reshape(3, 32)
    for step, chosen in enumerate(order):
        before = [w for w in plain.get_weights() if w.ndim == 2]
        plain.train_on_batch(few.x_train[chosen], few.y_train[chosen])
        after = [w for w in plain.get_weights() if w.ndim == 2]
        ratios = [
            np.linalg.norm(a - b) / np.linalg.norm(b) for a, b in zip(after, before, strict=True)
        ]
        # Two orders of the same float32 sums.
        np.testing.assert_allclose(trainer.update_ratios[step], ratios, rtol=1e-3)
    assert trainer.update_ratios.shape == (3, 3)


def test_without_note_updates_there_are_none():
    network = model.mlp("tanh", depth=1, width=4)
    trainer = training.Trainer(network, data.load())
    list(trainer.epochs(1))
    assert trainer.update_ratios.shape == (21, 0)


def test_contrast_and_diversity_are_shares_of_the_second_moment():
    network = model.mlp("tanh", "he_normal", depth=2, width=8)
    d = data.load()
    x, y = d.x_train[:50], d.y_train[:50]
    rows = patients.examine(probe.Probe(network)(x, y), "tanh")
    h = x.astype(float)
    for row, layer in zip(rows, model.dense_layers(network)[:-1], strict=True):
        h = np.tanh(h @ layer.kernel.numpy().astype(float))
        of_images = np.mean([np.var(h[:, unit]) for unit in range(8)])
        of_units = np.mean([np.var(h[image]) for image in range(50)])
        assert row["contrast"] == pytest.approx(of_images / np.mean(h**2), rel=1e-4)
        assert row["diversity"] == pytest.approx(of_units / np.mean(h**2), rel=1e-4)
        assert row["off_fraction"] == np.mean(1 - h**2 < 0.1)


def test_off_means_dead_where_units_can_die():
    z = [np.array([[1.0, -1.0, 0.0], [-2.0, -1.0, 3.0]])]  # the second unit is always off
    rows = patients.examine(probe.Signals(z, z, z, z, np.zeros(2)), "relu")
    assert rows[0]["off_fraction"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("experiment", [patients, before_first_step])
def test_the_command_lines_write_records_and_a_figure(experiment, tmp_path, capsys):
    argv = ["--patient", "E", "--depth", "2", "--width", "4", "--seeds", "1"]
    argv += ["--epochs", "1"] if experiment is patients else []
    outputs = tmp_path / "p.json", tmp_path / "p.svg"
    for path in outputs:
        argv += ["--output", str(path)]
    arguments = experiment.measure, experiment.draw, experiment.table
    options = {"patients": patients.PATIENT}
    assert cli.main("", *arguments, options=options, argv=argv) == 0
    rows = json.loads(outputs[0].read_text())
    assert {row["patient"] for row in rows} == {"E"}
    assert len(rows) == 2 * (2 if experiment is patients else 1)
    assert outputs[1].read_text().startswith("<?xml")
    out = capsys.readouterr().out
    assert "paciente" in out and patients.PATIENTS["E"].illness not in out  # no spoiler


def test_patients_that_are_the_same_network_share_a_line(charts):
    for ax in before_first_step.draw(charts).axes:
        assert {text.get_text() for text in ax.texts} == {"A", "B=D", "G"}


def test_an_unknown_patient_is_told_which_ones_there_are():
    with pytest.raises(ValueError, match="A, B, C"):
        patients.PATIENT.check("Z")

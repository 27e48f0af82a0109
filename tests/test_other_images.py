"""Theory's answer to images of another size than the digits': nothing falls back on 64 pixels."""

import io

import numpy as np
import pandas as pd
import pytest

import depth_sweep
import gradient_flow
import trainable_depth
from initializers import share_let_through, thirty_layers
from lab import data, theory
from signals import signal_histograms

PIXELS = 36
#: Experiment → its options, and what of it asks the theory.
CASES = {
    gradient_flow: ({"activations": ("tanh",)}, gradient_flow.draw),
    depth_sweep: ({"activations": ("tanh",), "depths": (2, 4)}, depth_sweep.draw),
    signal_histograms: ({"depth": 3}, signal_histograms.draw),
    share_let_through: ({"activations": ("tanh",)}, share_let_through.draw),
    thirty_layers: ({"trained": 1, "epochs": 1}, thirty_layers.draw),
    trainable_depth: (
        {"activations": ("tanh",), "depths": (2,), "epochs": 1},
        trainable_depth.theory_off,
    ),
}


@pytest.fixture(autouse=True)
def small_images(monkeypatch):
    """Give "mnist" images of 6 × 6, without a download."""
    random = np.random.default_rng(0)
    labels = np.arange(320) % 10
    half = random.uniform(0, 255, (320, 6, 6)), labels
    monkeypatch.setitem(data._READERS, "mnist", lambda: (half, half))
    monkeypatch.delenv("LAB_STORE", raising=False)


@pytest.mark.parametrize("experiment", CASES, ids=lambda experiment: experiment.__name__)
def test_the_prediction_is_for_the_images_that_were_measured(experiment, monkeypatch):
    options, ask = CASES[experiment]
    measured = experiment.measure(**options, width=8, seeds=1, dataset="mnist")
    assert (measured.inputs == PIXELS).all()
    asked, theirs = [], theory.predict

    def predict(activation, initializer, widths, inputs):
        asked.append(inputs)
        return theirs(activation, initializer, widths, inputs)

    monkeypatch.setattr(theory, "predict", predict)
    # A file keeps the columns of a table and nothing else.
    ask(pd.read_csv(io.StringIO(measured.to_csv(index=False))))
    assert set(asked) == {PIXELS}


def test_the_fan_in_of_the_first_layer():
    flow = gradient_flow.measure(
        ("relu",), ("glorot_uniform",), depth=2, width=8, seeds=1, dataset="mnist"
    )
    first = gradient_flow.predict(flow)["relu", "glorot_uniform"].preactivation_rms[0]
    assert first == pytest.approx(np.sqrt(PIXELS * 2 / (PIXELS + 8)), rel=1e-12)


def test_the_reach_of_a_pair_is_for_the_width_that_was_trained():
    runs = trainable_depth.measure(
        ("tanh",), ("random_normal:0.2",), (2,), width=16, seeds=1, epochs=1, dataset="mnist"
    )
    values = trainable_depth.summary(runs)
    wide = trainable_depth.predicted_depth("tanh", "random_normal:0.2", 64)
    right = trainable_depth.predicted_depth("tanh", "random_normal:0.2", 16)
    assert values["tanh_random_predicted"] == right != wide
    assert trainable_depth.table(runs)["6 ξ"][0] == f"{right:.1f}"
    delta = theory.predict("tanh", "random_normal:0.2", [16] * 100, PIXELS).delta_rms
    changes = np.abs(np.log(delta / delta[0]))  # by layer
    assert values["tanh_random_exact"] == pytest.approx(1 + np.argmax(changes >= 3), abs=1)

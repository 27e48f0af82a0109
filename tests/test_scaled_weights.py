"""The figures of the front page and of chapter 1."""

import re

import numpy as np
import pandas as pd
import pytest

import scaled_weights
from lab import figures


@pytest.fixture
def runs():
    """Return two networks of each of three factors, of four layers and two epochs."""
    cases = [(factor, seed) for factor in (1.0, 1.41, 1.7) for seed in (0, 1)]
    signals = [
        {"factor": f, "width": 8, "seed": s, "layer": layer, "delta_rms": f**-layer}
        for f, s in cases
        for layer in range(1, 5)
    ]
    training = [
        {"factor": f, "width": 8, "seed": s, "epoch": epoch, "test_accuracy": f / 2 * epoch / 3}
        for f, s in cases
        for epoch in range(3)
    ]
    return scaled_weights.Runs(pd.DataFrame(signals), pd.DataFrame(training))


def test_the_question_gives_no_answer(runs):
    figure = scaled_weights.draw_question(runs)
    (ax,) = figure.axes
    written = [text.get_text() for text in (*ax.texts, *ax.get_yticklabels())]
    assert {"A", "B"} <= set(written)
    assert not re.search(r"\d", " ".join(written) + figure.get_label())
    assert {line.get_color() for line in ax.lines} == {figures.INK}
    # What is asked for is there all the same.
    drawn = [line.get_ydata()[-1] for line in ax.lines if len(line.get_ydata()) == 3]
    np.testing.assert_allclose(sorted(drawn), [1 / 3] * 2 + [1.41 / 3] * 2)


def test_a_factor_has_the_same_colour_in_every_figure(runs):
    known = scaled_weights._colors(runs)
    assert known[1.41] == figures.SEQUENCE[1]
    alone = scaled_weights._colors(runs._replace(signals=runs.signals.query("factor > 1.5")))
    assert alone[1.7] == known[1.7] not in {known[1.0], known[1.41], known[2.0]}

"""What an LSTM remembers: the gate alone, both ways, and Keras's own differences."""

import keras
import numpy as np
import pytest

from layers import forget_gate


def test_without_h_the_gate_alone_decides():
    states = forget_gate.measure(width=64, steps=12, seeds=4, by_h=False)
    for bias, part in states.groupby("bias"):
        left = part.groupby("step").left.mean().to_numpy()
        # 4 × 64 units, each with a kernel of its own: some per cent a step at most
        assert np.log(left / forget_gate.predict(bias, 12)) == pytest.approx(np.zeros(12), abs=0.2)


def test_both_ways_together_go_at_the_rate_foreseen():
    for bias in (0.0, 1.0):
        numbers = forget_gate.summary(forget_gate.measure((bias,), steps=60, seeds=3))
        name = forget_gate.name(bias)
        assert numbers[f"{name}_rate"] == pytest.approx(numbers[f"{name}_rate_expected"], rel=0.04)


def test_a_change_is_what_two_neighbouring_states_show():
    states = forget_gate.measure((1.0,), width=8, steps=5, seeds=1)
    rng = np.random.default_rng(0)
    keras.utils.set_random_seed(0)
    cell = keras.layers.LSTMCell(8)
    cell.build((None, 8))
    assert (cell.bias.numpy()[8:16] == 1).all()  # Keras's own: nothing to set
    x = rng.standard_normal((5, 32, 8), "float32")
    c, v = rng.standard_normal((2, 32, 8), "float32")
    ends = []
    for change in (1e-2, -1e-2):
        h, state = np.zeros_like(c), c + change * v
        for step in range(5):
            _, (h, state) = cell(x[step], [h, state])
        ends.append(state.numpy().astype(float))
    change = (ends[0] - ends[1]) / 2e-2
    left = np.sqrt(np.mean(change**2) / np.mean(v.astype(float) ** 2))
    assert states.left.iloc[-1] == pytest.approx(left, rel=1e-3)


def test_the_figure_tells_its_numbers():
    states = forget_gate.measure((1.0,), width=4, steps=6, seeds=2)
    assert "con 1" in forget_gate.draw(states).get_label()
    assert len(forget_gate.table(states)) == 1

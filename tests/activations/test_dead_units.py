"""Units that die in training: which, when, and what gradient is left to them."""

import numpy as np
import pytest

from activations import dead_units
from lab import cli, data, model, probe


@pytest.fixture(scope="module")
def counts():
    return dead_units.measure(
        ("relu", "leaky_relu"), ("0.1", "0.001:-0.5"), depth=3, width=32, seeds=2, epochs=2
    )


def test_off_units_are_those_of_the_probe():
    network = model.mlp("relu", "he_normal", depth=3, width=32, bias=-0.5)
    images = data.load()
    x, y = images.x_train[:300], images.y_train[:300]
    rows = probe.statistics(probe.Probe(network)(x, y), "relu")
    off = dead_units.never_positive(network, x)
    assert off.any()
    np.testing.assert_allclose(off.mean(axis=1), [row["dead_fraction"] for row in rows])


def test_dead_relu_units_get_no_gradient_and_leaky_ones_do(counts):
    last = counts[counts.epoch == 2].dropna(subset="off_gradient")
    assert set(last.activation) == {"relu", "leaky_relu"}
    assert (last[last.activation == "relu"].off_gradient == 0).all()
    assert (last[last.activation == "leaky_relu"].off_gradient > 0).all()


def test_what_is_off_now_was_off_before_or_has_died_since(counts):
    for _, unit in counts.groupby(["activation", "cause", "seed", "layer"]):
        off, revived = unit.off.to_numpy(), unit.revived.to_numpy()
        assert revived[0] == 0
        assert (revived[1:] <= off[:-1]).all()
        assert (off[1:] >= off[:-1] - revived[1:] - 1e-12).all()


def test_a_negative_bias_turns_units_off_and_high_rates_kill(counts):
    relu = counts[counts.activation == "relu"]
    start = relu[relu.epoch == 0].groupby("cause").off.mean()
    assert start["0.001:-0.5"] > start["0.1"]
    end = relu[relu.epoch == 2].groupby("cause").off.mean()
    assert end["0.1"] > 0.5


def test_networks_that_learn_are_counted_one_by_one(counts):
    last = counts[(counts.activation == "relu") & (counts.cause == "0.1") & (counts.epoch == 2)]
    right = {0: 0.95, 1: 0.1}
    told = dead_units.summary(last.assign(test_accuracy=last.seed.map(right)))
    assert (told["relu_01_learnt"], told["relu_01_networks"]) == (1, 2)
    assert told["relu_01_worst"] == pytest.approx(0.1)
    assert told["relu_01_off_worst"] == last.off.max()


@pytest.mark.parametrize("cause", ["0", "x", "0.1:", "0.1:x", "-1"])
def test_bad_causes_are_refused_in_one_line(cause, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(
            "",
            *(dead_units.measure, dead_units.draw, dead_units.table),
            options={"causes": dead_units.CAUSE},
            argv=[f"--cause={cause}"],
        )
    assert end.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1

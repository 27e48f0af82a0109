"""Chapter 5: units that die, networks born dead, and the price of the negative side."""

import json

import numpy as np
import pandas as pd
import pytest

from activations import born_dead, dead_at_start, dead_units, leaky_slopes
from lab import cli, data, model, probe, theory


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


def test_probability_of_small_networks_by_counting_signs():
    # Each unit that is fed is on or off with equal probability: count all the patterns.
    def dead(widths):
        if not widths:
            return 0.0
        alone = 0.5 ** widths[0]
        return alone + (1 - alone) * dead(widths[1:])

    for widths in ([1], [2], [1, 1], [3, 2, 4], [8] * 40):
        assert born_dead.probability(widths) == pytest.approx(dead(widths), rel=1e-12)


def test_networks_are_born_dead_at_the_exact_rate_whatever_the_initializer():
    rows = born_dead.measure(widths=(2, 4), depth=12, seeds=4000, samples=20)
    deviation = np.sqrt(rows.predicted * (1 - rows.predicted) / 4000)
    assert ((rows.dead_one - rows.predicted).abs() < 4.5 * deviation).all()
    bound = np.sqrt(rows.predicted * (1 - rows.predicted) / 400)
    assert (rows.dead_all < rows.predicted + 4.5 * bound).all()


def test_the_scale_of_the_weights_kills_nobody():
    small, large = (
        born_dead.first_dead_layer(np.random.default_rng(1), name, np.ones((5, 9)), 4, 20, 300)
        for name in ("lecun_normal", "he_normal")
    )
    # Same draws, √2 apart: the same networks die in the same layer.
    np.testing.assert_array_equal(small, large)


def test_off_units_do_not_depend_on_the_scale_and_grow_with_depth():
    table = dead_at_start.measure(("relu",), ("lecun_normal", "he_normal"), depth=12, width=64)
    mean = table.groupby(["initializer", "layer"]).off.mean().unstack("initializer")
    # The same seed draws the same directions, only √2 longer.
    np.testing.assert_allclose(mean.lecun_normal, mean.he_normal)
    assert mean.he_normal[12] > mean.he_normal[1] + 0.05


@pytest.mark.parametrize("slope", [0.0, 0.2, 1.0])
def test_closed_forms_are_the_gaussian_integrals(slope):
    phi = leaky_slopes.leaky(slope)
    mean = theory.gaussian_mean(phi, 1.0)
    moment = theory.gaussian_mean(lambda z: phi(z) ** 2, 1.0)
    with_z = theory.gaussian_mean(lambda z: z * phi(z), 1.0)
    expected = {
        "growth": (2 * moment) ** 9,
        "bend": 1 - with_z**2 / (moment - mean**2),
        "mean": mean / np.sqrt(moment),
    }
    for name, value in leaky_slopes.predict(slope, 10).items():
        assert value == pytest.approx(expected[name], rel=1e-9, abs=1e-9)


def test_measured_price_is_the_predicted_one():
    rows = leaky_slopes.measure(slopes=(0.0, 0.2), depth=8, width=256, seeds=5)
    numbers = leaky_slopes.summary(rows)
    for key, slope in (("a0", 0.0), ("a02", 0.2)):
        expected = leaky_slopes.predict(slope, 8)
        assert numbers[f"{key}_bend"] == pytest.approx(expected["bend"], abs=0.01)
        assert numbers[f"{key}_mean"] == pytest.approx(expected["mean"], abs=0.02)
        # A network's size wanders by about 2/√width a layer.
        assert numbers[f"{key}_growth"] == pytest.approx(expected["growth"], rel=0.3)
    assert numbers["a0_zeros"] == pytest.approx(0.5, abs=0.02)
    assert numbers["a02_zeros"] == 0


def test_keras_has_two_leaky_slopes():
    slopes = leaky_slopes.keras_slopes()
    assert slopes["slope_string"] == slopes["slope_function"] == pytest.approx(0.2)
    assert slopes["slope_layer"] == pytest.approx(0.3)
    assert pytest.approx(slopes["slope_string"]) == theory.LEAKY_SLOPE


@pytest.mark.parametrize(
    ("module", "argv", "options"),
    [
        (
            dead_units,
            [
                "--cause",
                "0.01:0.1",
                "--depth",
                "2",
                "--width",
                "4",
                "--seeds",
                "1",
                "--epochs",
                "1",
            ],
            {"causes": dead_units.CAUSE},
        ),
        (
            born_dead,
            ["--width", "2", "--depth", "3", "--seeds", "20", "--samples", "3"],
            {"samples": cli.Option("--samples", cli.whole(1), "", "N")},
        ),
        (
            leaky_slopes,
            ["--slope", "0.2", "--depth", "2", "--width", "8", "--seeds", "1"],
            {"slopes": leaky_slopes.SLOPES},
        ),
        (dead_at_start, ["--depth", "2", "--width", "4", "--seeds", "1", "--bias", "-1"], {}),
    ],
)
def test_command_lines_write_their_records(module, argv, options, tmp_path, capsys):
    file = tmp_path / "x.json"
    argv = [*argv, "--output", str(file), "--output", str(tmp_path / "x.svg")]
    assert cli.main("", module.measure, module.draw, module.table, options=options, argv=argv) == 0
    assert not pd.DataFrame(json.loads(file.read_text())).empty
    assert (tmp_path / "x.svg").stat().st_size > 1000
    assert capsys.readouterr().out.count("\n") > 1


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

"""The alarms: readings and first epochs, against tables made by hand."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from clinic import alarms, patients
from lab import cli


def chart(patient, loss, first, last, update=(1e-3, 1e-3)):
    """Two epochs of a network of two layers; ``first`` and ``last`` are its layers."""
    rows = []
    for epoch, value in enumerate(loss):
        for layer, statistics, ratio in ((1, first, update[0]), (2, last, update[1])):
            rows.append(
                {
                    "patient": patient,
                    "seed": 0,
                    "epoch": epoch,
                    "layer": layer,
                    "train_loss": value,
                    "update_ratio": ratio,
                    **dict(zip(patients.STATISTICS, statistics, strict=True)),
                }
            )
    return pd.DataFrame(rows)


#         h, contrast, off, delta, weight gradient, diversity
WELL = (1.0, 0.5, 0.1, 0.1, 0.01, 0.7)


def test_each_reading_is_what_its_label_says():
    sick = chart("A", [2, 3], (2.0, 0.9, 0.2, 0.3, 0.02, 0.6), (1.0, 0.4, 0.4, 0.1, 0.01, 0.5))
    healthy = chart("D", [2, 1.5], WELL, WELL)
    r = alarms.readings(pd.concat([sick, healthy])).set_index(["patient", "epoch"]).loc["A", 1]
    expected = {
        "loss": 3 / 1.5,
        "activation": 1 / 2,
        "contrast": 0.4,
        "off": 0.3,
        "delta": 3,
        "weight_gradient": 2,
        "diversity": 0.5,
        "step": 1e-3,
    }
    for name, value in expected.items():
        assert r[name] == pytest.approx(value), name


@pytest.mark.parametrize(
    ("ratios", "worst"), [((1e-9, 1e-3), 1e-9), ((1e-9, 0.5), 0.5), ((0.0, 1e-3), 0.0)]
)
def test_a_step_is_read_where_it_is_worst(ratios, worst):
    healthy = chart("D", [2], WELL, WELL, ratios)
    assert alarms.readings(healthy).step.item() == worst


def test_a_patient_rings_where_it_leaves_the_range_and_never_otherwise(monkeypatch):
    charts = pd.concat(
        [
            chart("A", [2, 2], (1.0, 0.5, 0.1, 1e-4, 0.01, 0.7), WELL),  # δ, from the start
            chart("B", [2, np.nan], WELL, WELL),
            chart("D", [2, 1], WELL, WELL),
        ]
    )
    charts.loc[charts.train_loss.isna(), [*patients.STATISTICS, "update_ratio"]] = np.nan
    monkeypatch.setattr(patients, "measure", lambda *names, **options: charts)
    rings = alarms.first_rings(alarms.measure(("A", "B"), seeds=1, epochs=1))
    assert (rings.loc["D"] == math.inf).all()
    assert (rings.loc["B"] == 1).all()  # a number that is none is in no range
    assert rings.loc["A"].to_dict() == {
        **dict.fromkeys(alarms.INSTRUMENTS, math.inf),
        "loss": 1,
        "delta": 0,
    }
    values = alarms.summary(alarms.measure(("A", "B"), seeds=1, epochs=1))
    assert values["sick"] == 2 and values["warned"] == 1 and values["A_loss"] == "1"


def test_most_seeds_decide_whether_an_instrument_rings():
    table = pd.DataFrame(
        {
            "patient": "A",
            "seed": range(5),
            "instrument": "loss",
            "epoch": [0, 0, np.nan, np.nan, np.nan],
        }
    )
    assert alarms.first_rings(table).loc["A", "loss"] == math.inf


def test_what_no_single_statistic_sees():
    """The chapter's claims, on the patients themselves; two seeds, nothing but the start."""
    start = alarms.readings(patients.measure(("A", "C", "D", "E", "G"), seeds=2, epochs=1))
    start = start[start.epoch == 0].groupby("patient").median()
    rings = {
        name: {p for p, v in start[name].items() if not i.low <= v <= i.high}
        for name, i in alarms.INSTRUMENTS.items()
        if name != "loss"
    }
    assert rings == {
        "activation": {"A"},
        "contrast": {"C"},
        "off": {"E"},
        "delta": {"A", "C", "E"},
        "weight_gradient": {"C", "E"},
        "diversity": {"G"},
        "step": {"A", "C", "E"} | (rings["step"] & {"G"}),  # G is near the limit
    }


def test_the_command_line_adds_the_healthy_one(tmp_path, capsys):
    path, figure = tmp_path / "a.json", tmp_path / "a.svg"
    argv = ["--patient", "G", "--depth", "2", "--width", "4", "--seeds", "1", "--epochs", "1"]
    argv += ["--output", str(path), "--output", str(figure)]
    arguments = alarms.measure, alarms.draw, alarms.table
    options = {"patients": patients.PATIENT}
    assert cli.main("", *arguments, options=options, argv=argv) == 0
    rows = json.loads(path.read_text())
    assert {row["patient"] for row in rows} == {"G", "D"}
    assert {row["instrument"] for row in rows} == set(alarms.INSTRUMENTS)
    assert figure.read_text().startswith("<?xml")
    assert "diversidad" in capsys.readouterr().out

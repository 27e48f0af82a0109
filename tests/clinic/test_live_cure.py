"""The cure of chapter 10: its cells, run as they stand, end in a network that learns."""

import re

import numpy as np
import pytest
from conftest import ROOT


def cells(text):
    """Return the code cells that a reader runs, without those that only show numbers."""
    found = re.findall(r"```\{code-cell\} ipython3\n(.*?)```", text, re.DOTALL)
    return [cell for cell in found if not cell.startswith(":tags:")]


@pytest.fixture(scope="module")
def visits():
    page = (ROOT / "book" / "10-diagnostico.md").read_text()
    section = page.split("(diagnostico-en-directo)=")[1].split("\n## ")[1]
    solution = page.split("```{solution-start} ej-diagnostico-cura")[1].split("solution-end")[0]
    scope = {}
    for cell in (*cells(section), *cells(solution)):
        exec(cell, scope)
    return scope["visits"]


def test_each_line_that_is_written_is_the_first_advice_of_the_visit_before(visits):
    told = [report.findings[0].advice for report, _ in visits.values() if report.findings]
    assert len(visits) == 6 and len(told) == 5
    for visit in (0, 3, 4):
        assert 'escribe `Dense(10, activation="softmax")`' in told[visit]
    assert '`kernel_initializer="he_normal"`' in told[1]
    assert "`x = (x - x.mean()) / x.std()`" in told[2]


def test_the_network_learns_at_the_end_and_not_before(visits):
    losses = {name: loss for name, (_, loss) in visits.items()}
    assert losses.pop("data") < 0.6
    assert all(np.isnan(loss) or loss > 2.29 for loss in losses.values())
    assert all(report.alarms for name, (report, _) in visits.items() if name != "data")
    report, _ = visits["data"]
    assert report.healthy and not report.findings

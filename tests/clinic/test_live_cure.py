"""The cure of chapter 10: its cells, run as they stand, end in a network that learns."""

import re

import numpy as np
import pytest
from conftest import ROOT


def cells(text):
    """Return the code cells that a reader runs, without those that only show numbers."""
    found = re.findall(r"```\{code-cell\} ipython3\n(.*?)```", text, re.DOTALL)
    return [cell for cell in found if not cell.startswith(":tags:")]


def run(code, scope):
    """Run a cell; return what its last line says."""
    *lines, last = code.strip().splitlines()
    exec("\n".join(lines), scope)
    return eval(last, scope)


@pytest.fixture(scope="module")
def cure():
    page = (ROOT / "book" / "10-diagnostico.md").read_text()
    section = page.split("(diagnostico-en-directo)=")[1].split("\n## ")[1]
    solution = page.split("```{solution-start} ej-diagnostico-cura")[1].split("solution-end")[0]
    scope = {}
    told = [run(cell, scope) for part in (section, solution) for cell in cells(part)]
    return told, scope["visits"]


def test_each_line_that_is_written_is_the_first_advice_of_the_visit_before(cure):
    told, _ = cure
    assert len(told) == 6
    for visit in (0, 4, 5):
        assert 'escribe `Dense(10, activation="softmax")`' in told[visit]
    assert '`kernel_initializer="he_normal"`' in told[1]
    assert "`x = (x - x.mean()) / x.std()`" in told[2]
    assert told[3] == "sana"


def test_the_network_learns_at_the_end_and_not_before(cure):
    _, visits = cure
    losses = {name: loss for name, (_, loss) in visits.items()}
    assert losses.pop("data") < 0.6
    assert all(np.isnan(loss) or loss > 2.29 for loss in losses.values())
    assert all(report.alarms for name, (report, _) in visits.items() if name != "data")
    report, _ = visits["data"]
    assert report.healthy and not report.findings

"""The notebooks: five cells, the same in two languages, that do what they show."""

import re

import pytest
from conftest import ROOT

nbformat = pytest.importorskip("nbformat", reason="which reads them")
nbclient = pytest.importorskip("nbclient", reason="which runs them")

FOLDER = ROOT / "snippets" / "latido" / "examples"
NOTEBOOKS = {"es": "ejemplo.ipynb", "en": "example.ipynb"}


def read(lang):
    return nbformat.read(FOLDER / NOTEBOOKS[lang], as_version=4)


def said(notebook):
    """Return what the cells say, in words: the numbers of another processor may differ."""
    texts = []
    for cell in notebook.cells[1:]:
        for out in cell.outputs:
            if out.get("name") != "stderr":
                texts.append(out.get("text") or out.data["text/plain"])
    return re.sub(r"[\d.e-]+", "#", "\n".join(texts)).split()


def test_both_are_five_cells_of_the_same_code():
    codes = [[cell.source for cell in read(lang).cells[1:]] for lang in NOTEBOOKS]
    assert codes[0] == codes[1] and len(codes[0]) == 4
    assert [read(lang).cells[0].cell_type for lang in NOTEBOOKS] == ["markdown"] * 2


@pytest.mark.parametrize(
    ("lang", "words"),
    [("es", ("gradiente que se desvanece", "va a fallar")), ("en", ("vanishing gradient", "fail"))],
)
def test_it_shows_a_network_that_fails_and_its_cure(lang, words):
    _, _, table, cure, fits = read(lang).cells
    shown = table.outputs[-1].data["text/html"]
    assert all(word in shown for word in words)
    assert "he_normal" in "".join(out.get("text", "") for out in table.outputs)  # the advice
    assert cure.outputs[-1].data["text/plain"].startswith("(True")
    sick, cured = "".join(out.get("text", "") for out in fits.outputs).splitlines()
    assert sick.endswith("healthy: False") and cured.endswith("healthy: True")
    assert "image/png" in fits.outputs[-1].data


def test_run_again_it_says_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "snippets"))
    notebook = read("es")
    known = said(notebook)
    nbclient.NotebookClient(
        notebook, timeout=600, resources={"metadata": {"path": tmp_path}}
    ).execute()
    assert said(notebook) == known
    assert "image/png" in notebook.cells[-1].outputs[-1].data

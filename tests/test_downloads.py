"""The notebook that a chapter offers: readable in Jupyter, and it runs in an empty folder."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import downloads
from lab.provenance import dependencies

GLUED = "application/papermill.record/"


def glued(name, data):
    metadata = {"scrapbook": {"name": name, "mime_prefix": GLUED}}
    return new_output("display_data", {GLUED + k: v for k, v in data.items()}, metadata=metadata)


@pytest.fixture
def chapter():
    prose = """(s1-1)=
El factor es {glue:text}`factor:.2f`, un {glue:text}`share_pct`; lo dice {cite:t}`glorot2010`.
Mira la {numref}`fig-x` y el {ref}`capítulo <cap-x>` sobre {term}`unidades <unidad>`.

```{glue:figure} curve
:name: fig-x

Una curva
que baja.
```

:::{admonition} Predice
:class: prediccion

¿Cuánto?
:::
"""
    cell = new_code_cell('import trial\nglue("curve", trial.draw())')
    cell.outputs = [
        glued("curve", {"text/html": "<svg/>", "text/plain": "<Figure>"}),
        glued("factor", {"text/plain": "0.7071"}),
        glued("share_pct", {"text/plain": "94 %"}),
        new_output("stream", text="hola\n"),
    ]
    return new_notebook(cells=[new_markdown_cell(prose), cell])


def portable(notebook, snippets):
    return downloads.portable(notebook, snippets, dependencies(["trial"], snippets))


@pytest.fixture
def snippets(tmp_path):
    folder = tmp_path / "snippets"
    (folder / "lab").mkdir(parents=True)
    (folder / "lab" / "__init__.py").write_text("")
    (folder / "lab" / "tools.py").write_text("def double(x):\n    return 2 * x\n")
    (folder / "trial.py").write_text("from lab.tools import double\n\nANSWER = double(21)\n")
    return folder


def test_prose_has_numbers_and_no_syntax_of_the_book(chapter, snippets):
    result = portable(chapter, snippets)
    (prose,) = [cell.source for cell in result.cells if "factor" in cell.source]
    assert "El factor es 0.71, un 94 %; lo dice [glorot2010]." in prose
    assert "Mira la figura y el capítulo sobre unidades." in prose
    assert "*Una curva que baja.*" in prose
    assert "**Predice**" in prose
    for leftover in ("{", "```", ":::", ":name:", ":class:", "s1-1"):
        assert leftover not in prose


def test_figures_appear_and_glued_numbers_do_not(chapter, snippets):
    result = portable(chapter, snippets)
    outputs = result.cells[-1].outputs
    assert [output.output_type for output in outputs] == ["display_data", "stream"]
    assert outputs[0].data == {"text/html": "<svg/>"}
    assert result.cells[-1].source == chapter.cells[-1].source
    assert chapter.cells[-1].outputs[0].metadata.scrapbook.name == "curve"  # a copy was changed


def test_it_runs_in_an_empty_folder(snippets, tmp_path):
    cell = new_code_cell("import trial\n\ntrial.ANSWER")
    result = portable(new_notebook(cells=[cell]), snippets)
    empty = tmp_path / "empty"
    empty.mkdir()
    nbformat.validate(result)
    NotebookClient(result, resources={"metadata": {"path": str(empty)}}).execute()
    assert result.cells[-1].outputs[0].data["text/plain"] == "42"
    assert (empty / "lab" / "tools.py").exists()


@pytest.mark.parametrize("building", [True, False])
def test_what_is_glued_is_shown_away_from_the_build_alone(building, tmp_path, monkeypatch):
    if building:
        monkeypatch.setenv("LAB_STORE", str(tmp_path))
    else:
        monkeypatch.delenv("LAB_STORE", raising=False)
    source = """import sys
from lab.notebook import glue, glue_all
glue("curve", "a drawing")
glue_all({"factor": 0.7, "kind": "tanh"})
"myst_nb" in sys.modules"""
    cell = new_code_cell(source)
    NotebookClient(new_notebook(cells=[cell])).execute()
    *outputs, needed = cell.outputs
    glued = [output for output in outputs if "scrapbook" in output.metadata]
    shown = [output.data["text/plain"] for output in outputs if output not in glued]
    assert needed.data["text/plain"] == str(building)
    assert shown == ([] if building else ["'a drawing'"])
    names = ["curve", "factor", "factor_sci", "factor_pct", "factor_pct1", "kind"]
    assert [output.metadata.scrapbook.name for output in glued] == (names if building else [])


def test_a_chapter_that_failed_keeps_its_names(chapter, snippets):
    chapter.cells[-1].outputs = []
    result = portable(chapter, snippets)
    assert any("El factor es factor, un share_pct" in cell.source for cell in result.cells)

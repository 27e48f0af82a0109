"""The reference pages: nothing is missing from them and the glossary can be searched by eye."""

import re
import runpy
import sys
import unicodedata
from inspect import Signature, signature

import pytest
from conftest import ROOT

import lab

BOOK = ROOT / "book"


def test_every_instrument_is_documented():
    modules = {path.stem for path in (ROOT / "snippets" / "lab").glob("*.py")}
    modules -= {"__init__", "english"}  # the second is a list of words
    page = (BOOK / "instrumentos.md").read_text()
    assert set(re.findall(r"automodule:: lab\.(\w+)", page)) == modules


def test_the_index_of_the_instruments_names_each():
    folder = {path.stem for path in (ROOT / "snippets" / "lab").glob("*.py")} - {"__init__"}
    index = lab.__doc__.partition("=\n")[2].partition("\n===")[0]
    assert {line.split()[0] for line in index.splitlines()} == folder


@pytest.mark.parametrize(
    "file", sorted((ROOT / "snippets" / "lab").glob("*.py")), ids=lambda path: path.stem
)
def test_an_instrument_that_is_run_says_what_it_is(file, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [str(file)])
    with pytest.raises(SystemExit) as leaving:
        runpy.run_path(str(file), run_name="__main__")
    out, err = capsys.readouterr()
    assert (leaving.value.code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"{file.name}: no es un experimento, sino ")


def test_signature_written_on_the_page_is_that_of_the_class():
    from latido.monitor import SignalMonitor

    page = (BOOK / "instrumentos.md").read_text()
    written = re.search(r"autoclass:: latido\.monitor\.SignalMonitor(\(.*\))", page)[1]
    plain = [p.replace(annotation=p.empty) for p in signature(SignalMonitor).parameters.values()]
    assert written == str(Signature(plain))


def test_glossary_is_in_spanish_alphabetical_order():
    terms = [term for term, _ in glossary()]
    assert len(terms) > 50
    assert terms == sorted(terms, key=lambda term: without_accents(term).split())


def test_every_term_has_its_english_name_and_its_chapter():
    for term, definition in glossary():
        assert re.match(r"\*[^*]+\.\*", definition), term
        assert re.search(r"\{ref\}`cap-[a-z-]+`", definition), term


def glossary() -> list[tuple[str, str]]:
    """Return terms and definitions, as they stand on the page."""
    body = (BOOK / "glosario.md").read_text().partition("```{glossary}\n")[2].partition("```")[0]
    return [tuple(entry.split("\n  ", 1)) for entry in body.strip().split("\n\n")]


def without_accents(text: str) -> str:
    """Return the text as a Spanish dictionary sorts it (ñ after n, accents ignored)."""
    text = text.lower().replace("ñ", "n\uffff")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))

"""The statements: each speaks of things that exist, and its chapter shows it."""

import ast
import re
import tomllib
from types import ModuleType

import pytest
from conftest import ROOT

from lab.provenance import dependencies
from verdicts import page
from verdicts.effects import Statistic
from verdicts.judge_all import CHAPTERS, EXPERIMENTS, PAGES, STATEMENTS
from verdicts.rules import UNDECIDED, VERDICTS

ALL = pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.id)
EACH = pytest.mark.parametrize("chapter", CHAPTERS)
BOOK, SNIPPETS = ROOT / "book", ROOT / "snippets"


@ALL
def test_a_statement_names_what_exists(statement):
    assert statement.experiment in {module.__name__ for module in EXPERIMENTS}
    assert isinstance(statement.effect, Statistic)
    assert statement.expected in VERDICTS
    # Such a row would pass for tested whatever it measured.
    assert statement.expected != UNDECIDED


def test_an_id_is_given_once():
    assert len({statement.id for statement in STATEMENTS}) == len(STATEMENTS)


def test_statements_cover_the_slides():
    slides = tomllib.loads((BOOK / "slides.toml").read_text())["slide"]
    lines = {line["id"]: slide["id"] for slide in slides for line in slide["lines"]}
    of_the_deck = [statement for statement in STATEMENTS if statement.slide]
    assert {statement.slide for statement in of_the_deck} == {slide["id"] for slide in slides}
    for statement in of_the_deck:
        assert lines[statement.label] == statement.slide


@ALL
def test_a_statement_beyond_the_slides_is_ours_and_bears_its_chapters_number(statement):
    if not statement.slide:
        assert statement.deck is None
        assert PAGES[statement.id].startswith(statement.label.removeprefix("c").partition("-")[0])


def test_each_chapter_has_its_statements():
    assert set(CHAPTERS) == {path.stem for path in BOOK.glob("[01]*.md")}
    files = {path.stem for path in (SNIPPETS / "verdicts" / "statements").glob("[!_]*.py")}
    assert {module_name(module) for module in CHAPTERS.values()} == files


@EACH
def test_a_chapter_tells_its_statements_and_shows_their_verdicts(chapter):
    text = (BOOK / f"{chapter}.md").read_text()
    module = CHAPTERS[chapter]
    told = {*re.findall(r"\(([sc].*)\)=", text)}
    assert {s.label for s in STATEMENTS if PAGES[s.id] == chapter} <= told
    assert f"from {module.__name__} import STATEMENTS\n" in text
    # The cell runs apart from the others, and finds nothing of theirs.
    (cell,) = re.findall(r"book-only\]\n\n(.*?)```", text, re.DOTALL)
    *lines, experiments, show = ast.parse(cell).body
    names = {}
    for line in lines:
        theme = f"{line.module}." if isinstance(line, ast.ImportFrom) else ""
        names |= {alias.name: theme + alias.name for alias in line.names}
    # The data of all the experiments that the table is about, and of no other
    handed_in = {names[name.id] for name in experiments.value.elts}
    assert handed_in == {statement.experiment for statement in page.shown(module.STATEMENTS)}
    assert ast.unparse(show).startswith("page.show(STATEMENTS, {module: module.measure() for")


@EACH
def test_statements_depend_on_no_experiment_and_on_no_other_chapter(chapter):
    # Or a word in one of them would execute the chapters of others.
    module = CHAPTERS[chapter]
    files = {name for name in dependencies([module.__name__], SNIPPETS) if name.endswith(".py")}
    # (of lab, what answers who runs such a file)
    assert {name for name in files if not name.startswith("lab/")} == {
        "verdicts/__init__.py",
        "verdicts/effects.py",
        "verdicts/rules.py",
        "verdicts/statement.py",
        "verdicts/statements/__init__.py",
        f"verdicts/statements/{module_name(module)}.py",
    }


def test_what_shows_verdicts_depends_on_no_statement():
    files = dependencies(["verdicts.page"], SNIPPETS)
    assert not [name for name in files if name.startswith("verdicts/statements")]


def module_name(module: ModuleType) -> str:
    """Return the name of a module without its packages'."""
    return module.__name__.rpartition(".")[2]

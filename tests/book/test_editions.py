"""The two editions: one execution, the same pages, and a mark on what is behind."""

import os
import re
import subprocess
import sys
from collections import Counter

import pytest
from conftest import HTML, ROOT, missing
from nbformat.v4 import new_output
from test_build import Book

import twins
import untold
from editions import GLUED, english_names, english_outputs, front_matter, pairs
from lab.language import HTML as ENGLISH
from lab.language import Catalogue

BOOK = ROOT / "book"
TWINS = english_names(BOOK)


# --- the pages ----------------------------------------------------------------------------

#: What a page and its twin have the same number of, and called the same.
SAME = {
    "labels": re.compile(r"^\(([\w-]+)\)=$|^:(?:label|name): (\S+)$", re.MULTILINE),
    "numbers": re.compile(r"\{glue:(?:text|figure)\}[` ]([\w.:%+-]+)"),
    "citations": re.compile(r"\{cite:\w+\}`([^`]+)`"),
    "exercises": re.compile(r"^`{3,}\{(exercise|solution-start|solution)\} ?(\S*)", re.MULTILINE),
    "figures": re.compile(r"\{numref\}`([\w-]+)"),
    "references": re.compile(r"\{ref\}`(?:[^`<]*<)?([\w-]+)"),
    "code": re.compile(r"literalinclude\} \S*?(snippets/\S+)\n((?::.*\n)*)"),
}


@pytest.mark.parametrize("what", SAME)
@pytest.mark.parametrize("spanish", TWINS)
def test_a_page_and_its_twin_have_the_same(spanish, what):
    texts = [BOOK / f"{spanish}.md", BOOK / "en" / f"{TWINS[spanish]}.md"]
    one, other = (Counter(SAME[what].findall(text.read_text("utf-8"))) for text in texts)
    assert (one - other, other - one) == (Counter(), Counter())


@pytest.mark.parametrize("spanish", TWINS)
def test_a_page_and_its_twin_have_the_same_headings_by_level(spanish):
    texts = [BOOK / f"{spanish}.md", BOOK / "en" / f"{TWINS[spanish]}.md"]
    one, other = (twins.levels(text.read_text("utf-8")) for text in texts)
    assert one == other


def test_every_page_has_its_twin():
    pages = {page.stem for page in BOOK.glob("*.md")}
    if not TWINS:
        missing("no hay edición inglesa")
    assert pages == TWINS.keys()


@pytest.mark.skipif(not os.environ.get("RELEASE"), reason="solo al publicar: RELEASE=1")
def test_no_page_is_behind_its_twin():
    assert twins.main([]) == 0


# --- what is shown ------------------------------------------------------------------------


@pytest.mark.parametrize("room", untold.rooms())
def test_all_that_experiments_say_has_its_english(room):
    assert untold.untold(room) == {}


def test_what_is_text_and_what_is_code(tmp_path):
    file = tmp_path / "one.py"
    file.write_text(
        '"""Not this."""\n'
        "def draw(data, depth):\n"
        '    part = data.query("depth == 3")\n'
        '    ax.set_xlabel("capas ocultas", loc="left")\n'
        '    return describe(f"Con {depth:.2f} capas" + "; ".join(f"{a}: {b}" for a in b) + ".")\n'
    )
    assert untold.texts(file) == ["capas ocultas", "Con {} capas{}."]


def test_strings_of_cells_are_paired_and_their_code_is_the_same():
    spanish = 'print(f"mayor {a:.2f}, de {b}")  # uno\nx = {"capa": 1}'
    assert pairs(spanish, 'print(f"of {b}, the largest {a:.2f}")\nx = {"layer": 1}') == {
        "mayor {}, de {}": "of {1}, the largest {0}",
        "capa": "layer",
    }
    with pytest.raises(ValueError, match="≠"):
        pairs(spanish, 'print(f"of {b}, {c}")\nx = {"layer": 1}')
    with pytest.raises(ValueError, match="1 ≠ 2"):
        pairs("x = 1", "x = 2")


def test_outputs_are_said_in_english():
    catalogue = Catalogue({"capa {}": "layer {}", "Una frase larga que ocupa dos líneas.": "One."})
    lacking = {}
    outputs = [
        new_output("stream", text="capa 1\ncapa 2\n"),
        new_output("stream", text="Una frase larga que\nocupa dos líneas.\n"),
        new_output("display_data", {"text/html": '<td>capa 1</td><a href="veredictos.html">1</a>'}),
        new_output("display_data", {f"{GLUED}text/plain": "94\N{NO-BREAK SPACE}%"}),
        new_output("display_data", {f"{GLUED}text/html": "es", f"{GLUED}{ENGLISH}": "en"}),
        new_output("display_data", {"text/plain": "una palabra"}),
    ]
    said = english_outputs(outputs, catalogue, {"veredictos": "verdicts"}, lacking)
    assert [output.get("text") or output.data for output in said] == [
        "layer 1\nlayer 2\n",
        "One.\n",
        {"text/html": '<td>layer 1</td><a href="verdicts.html">1</a>'},
        {f"{GLUED}text/plain": "94%"},
        {f"{GLUED}text/html": "en"},
        {"text/plain": "una palabra"},
    ]
    assert list(lacking) == ["una palabra"]
    assert outputs[0].text == "capa 1\ncapa 2\n"  # the Spanish page's are not touched


# --- which is behind ----------------------------------------------------------------------


def test_a_page_knows_which_sections_have_changed_since_it_was_written(tmp_path):
    spanish, english = tmp_path / "uno.md", tmp_path / "one.md"
    spanish.write_text("# Uno\n\nA.\n\n## Dos\n\n```\n# no es un título\n```\n")
    english.write_text("---\ntwin: uno\n---\n# One\n")
    assert twins.changed(front_matter(english.read_text()).get("of"), spanish.read_text()) is None
    twins.stamp(english, spanish)
    of = front_matter(english.read_text())["of"]
    assert twins.changed(of, spanish.read_text()) == []
    spanish.write_text(spanish.read_text().replace("```\n# no", "B.\n\n```\n# no"))
    assert twins.changed(of, spanish.read_text()) == ["Dos"]
    twins.stamp(english, spanish)
    assert english.read_text().count("of:") == 1


# --- the build ----------------------------------------------------------------------------

TWIN = """\
---
twin: {twin}
file_format: mystnb
kernelspec:
  name: python3
---
# The chapter

Its prose.

"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Return a small book whose first chapter has an English twin, both built."""
    book = Book(tmp_path_factory.mktemp("editions"))
    chapter = (book.root / "book/one.md").read_text()
    cell = chapter[chapter.index("```{code-cell}") :].replace("value {", "worth {")
    folder = book.root / "book/en"
    folder.mkdir()
    (folder / "first.md").write_text(TWIN.format(twin="one") + cell)
    (folder / "index.md").write_text("---\ntwin: index\n---\n# Book\n\n```{toctree}\nfirst\n```\n")
    return book


def build_english(book):
    """Build the English edition of a book; return the chapters whose cells ran, and the end."""
    book.log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sphinx", "-c", ".", "book/en", "_build/html/en"]
    ended = subprocess.run(
        [*command, "-W", "-n", "--keep-going", "-q", "-j", "2"],
        cwd=book.root,
        env=os.environ | {"BOOK_LANG": "en"},
        capture_output=True,
        text=True,
    )
    return book.executed, ended


def test_the_english_edition_executes_nothing(book):
    assert book.executions() == ["both", "one", "two"]
    executed, ended = build_english(book)
    assert (executed, ended.returncode, ended.stderr) == ([], 0, "")
    page = (book.root / "_build/html/en/first.html").read_text()
    assert "worth 101" in page
    assert '<html lang="en"' in page
    assert re.search(r'class="language-switch[^>]*href="\.\./one\.html"', page)
    assert 'hreflang="x-default"' in page
    page = (book.root / "_build/html/one.html").read_text()
    assert re.search(r'class="language-switch[^>]*href="en/first\.html"', page)

    with book.edited(("book/en/first.md", "Its prose", "Its better prose")):
        executed, ended = build_english(book)
        assert (executed, ended.returncode) == ([], 0)
        assert "better" in (book.root / "_build/html/en/first.html").read_text()


def test_a_cell_that_is_not_the_twins_is_a_warning(book):
    with book.edited(("book/en/first.md", "import alpha", "import beta")):
        _, ended = build_english(book)
    assert ended.returncode == 1
    assert "no es la de su gemela" in ended.stderr


def test_a_page_that_is_behind_says_so(book):
    twins.stamp(book.root / "book/en/first.md", book.root / "book/one.md")
    with book.edited(("book/one.md", "Some prose.", "Other prose.")):
        _, ended = build_english(book)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "This page is behind" in (book.root / "_build/html/en/first.html").read_text()


# --- the switch ---------------------------------------------------------------------------


@pytest.fixture
def tab(browser, site):
    """Return a page of the browser, and the address of the site."""
    tab = browser.new_page(viewport={"width": 1200, "height": 800})
    yield tab, site
    tab.close()


@pytest.mark.skipif(not (HTML / "en/07-xavier.html").exists(), reason="no hay edición inglesa")
def test_the_switch_leads_to_the_same_place(tab):
    tab, site = tab
    tab.goto(f"{site}07-xavier.html#fig-xavier-tanh")
    tab.click(".language-switch")
    tab.wait_for_url("**/en/07-xavier.html#fig-xavier-tanh")
    tab.goto(f"{site}07-xavier.html#con-la-sigmoide")
    tab.focus(".language-switch")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/en/07-xavier.html#with-the-sigmoid")
    assert (
        abs(tab.evaluate("document.getElementById('with-the-sigmoid').getBoundingClientRect().top"))
        < 200
    )
    tab.goto(f"{site}en/07-xavier.html")
    tab.click(".language-switch")
    tab.wait_for_url("**/html/07-xavier.html" if "html" in site else "**/07-xavier.html")

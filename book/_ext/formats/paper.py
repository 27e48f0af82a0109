"""The whole book as one PDF, printed by Chromium: A4, figures and formulas as vectors.

The pages are joined in one document that CSS lays out. Chromium numbers the pages of it but
cannot write in a table of contents where something lies: it prints twice, and the second time
the numbers are there. The fonts come inside Matplotlib, that of the formulas lies with the pages;
every machine prints the same.

Why not Typst, lighter than TeX: of the builders that Sphinx has for it, typsphinx 0.9.7 wants
Python 3.12 and Sphinx 9.1; atsphinx-typst 0.1.1 stops at an exercise and, once it knows them,
leaves out every figure and table that a cell made (they are HTML), asks a host for what sets
formulas, and the file that it writes does not compile.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from importlib.util import find_spec
from pathlib import Path
from string import Template

import pikepdf
from bs4 import Tag

from formats.site import Page, Site, unfolded

HERE = Path(__file__).parent
FONTS = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DRAWN = re.compile(r'width="[\d.]+pt" height="[\d.]+pt" (viewBox="0 0 ([\d.]+) ([\d.]+)")')
SCALE = 0.8  # of the drawings, so that the widest one fits and the letters of all are alike


def make(site: Site) -> Path:
    """Print the book into a PDF beside the pages; return it.

    Raises:
        LookupError: there is no Chromium to print with.
    """
    target = site.folder / f"{site.words['file']}.pdf"
    articles = [chapter(page) for page in site.pages]
    numbers: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder, press() as print_page:
        source, pdf = Path(folder, "book.html"), Path(folder, "book.pdf")
        for last in (False, True):
            source.write_text(document(site, articles, numbers), "utf-8")
            print_page(source, pdf, tagged=last, outline=last)
            numbers = destinations(pdf)
        finish(site, pdf, target)
    return target


def document(site: Site, articles: list[Tag], numbers: dict[str, int]) -> str:
    """Return the book as one page of HTML; `numbers` are those of the pages, by the label."""
    return Template((HERE / "paper.html").read_text("utf-8")).substitute(
        language=site.language,
        title=escape(site.title),
        author=site.words["author"],
        licence=site.words["licence"],
        built=escape(site.built),
        contents=site.words["contents"],
        entries="\n".join(entries(site, articles, numbers)),
        running="\n".join(running_head(page) for page in site.pages),
        chapters=fit("\n".join(site.text(article) for article in articles)),
        static=(site.folder / "_static").as_uri(),
        styles=(HERE / "paper.css").as_uri(),
        fonts=FONTS.as_uri(),
    )


def fit(text: str) -> str:
    """Give each drawing its size on paper."""

    def size(drawn: re.Match) -> str:
        width, height = (round(SCALE * float(side), 2) for side in drawn.groups()[1:])
        return f'width="{width}pt" height="{height}pt" {drawn[1]}'

    return DRAWN.sub(size, text)


def running_head(page: Page) -> str:
    """Return the style that writes the title of a chapter at the top of its pages."""
    number = f"{page.number}. " if page.number else ""
    title = f"{number}{page.title}".replace("\\", "\\\\").replace('"', '\\"')
    return (
        f'@page p-{page.name} {{ @top-right {{ content: "{title}"; }} }}\n'
        f"#p-{page.name} {{ page: p-{page.name}; }}"
    )


def entries(site: Site, articles: list[Tag], numbers: dict[str, int]):
    """Yield the lines of the table of contents."""
    part = ""
    for page, article in zip(site.pages, articles, strict=True):
        if page.part != part:
            part = page.part
            yield f'<p class="part">{escape(part)}</p>'
        for heading in article.select("h1, section > section > h2"):
            label = heading.find_parent("section")["id"] if heading.name == "h2" else article["id"]
            yield (
                f'<p class="{heading.name}"><a href="#{label}"><span>{site.inside(heading)}</span>'
                f"<i></i><b>{numbers.get(label, '')}</b></a></p>"
            )


def chapter(page: Page) -> Tag:
    """Return what a page says, to stand among the others in one document.

    Its labels bear its name, for others have the same.
    """
    article = unfolded(page)
    article.name = "section"
    article["class"] = "chapter"
    article["id"] = f"p-{page.name}"
    for node in article.section.find_all(id=True):
        node["id"] = f"{page.name}--{node['id']}"
    article.section["id"] = f"{page.name}--{article.section['id']}"
    for link, name, label in page.links(article):
        link["href"] = f"#{name}--{label}" if label else f"#p-{name}"
    for image in article.select("img[src]"):
        image["src"] = (page.site.folder / image["src"]).as_uri()
    return article


@contextmanager
def press() -> Iterator[Callable[..., None]]:
    """Give what prints a page of HTML into a PDF.

    Raises:
        LookupError: the system has no Chromium.
    """
    from playwright.sync_api import sync_playwright

    command = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not command:
        raise LookupError("para imprimir hace falta Chromium, y el sistema no lo tiene")
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=command, args=quiet)

        def print_page(source: Path, pdf: Path, **options) -> None:
            tab = browser.new_page()
            tab.goto(source.as_uri(), wait_until="load")
            tab.evaluate("document.fonts.ready")
            tab.pdf(path=pdf, prefer_css_page_size=True, **options)
            tab.close()

        yield print_page
        browser.close()


def destinations(pdf: Path) -> dict[str, int]:
    """Return the number of the page where each label lies to which something leads."""
    with pikepdf.open(pdf) as book:
        pages = {page.objgen: number for number, page in enumerate(book.pages, 1)}
        return {
            name.removeprefix("/"): pages[place[0].objgen]
            for name, place in book.Root.Dests.items()
        }


def finish(site: Site, source: Path, target: Path) -> None:
    """Say in a PDF who wrote it and what made it, and pack it: a third of what Chromium wrote."""
    with pikepdf.open(source) as book:
        with book.open_metadata(set_pikepdf_as_editor=False) as about:
            about["dc:title"], about["dc:creator"] = site.title, [site.words["by"]]
            about["dc:language"] = [site.language]
        book.docinfo["/Author"] = site.words["by"]
        book.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)

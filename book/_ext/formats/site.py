"""The built pages of one language, parsed, in the order of the book."""

import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import count
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag

from formats.words import WORDS

# A drawing is most of a page, and XML already: it is put aside and not parsed.
FIGURE = re.compile(r'(<div[^>]*class="lab-figure"[^>]*>)(.*?)(</div>)', re.DOTALL)
DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)
MARK = re.compile(r'<i data-drawing="([\d-]+)"></i>')  # where it goes
STACK = re.compile(r"<span hidden=\"\">(.*)</span>", re.DOTALL)  # what a telephone shows of it
# What highlights code marks and no style shows: half of the elements of a page
PLAIN = re.compile(r'<span class="(?:[npw]|pre)">([^<]*)</span>')
NAME = re.compile(r' id="([^"]+)"')
USED = re.compile(r'(?<=\burl\(#)[^)]+|(?<=href="#)[^"]+')
UNDATED = "2026-01-01"  # of a book that was built without git
# Of the page on a screen alone
SCREEN = "script, style, button, a.headerlink, .d-print-none, summary svg"
# Each page has them several times over, and nothing leads there.
REPEATED = {"exercise-content", "solution-content"}


class Figure(NamedTuple):
    """A figure and the name of its page."""

    page: str
    node: Tag


@dataclass
class Page:
    """A page: its name ("07-xavier"), its number ("7", or empty), its title, its part."""

    name: str
    number: str
    title: str
    part: str
    site: "Site"

    @cached_property
    def article(self) -> Tag:
        """What the page says, without what only a screen needs. Who changes it takes a copy."""
        return self.site.article(self.name)

    def links(self, article: Tag) -> Iterator[tuple[Tag, str, str]]:
        """Yield the links to pages: each with the name of its page and its label, or none."""
        names = {page.name for page in self.site.pages}
        for link in article.select("a[href]"):
            path, _, label = link["href"].partition("#")
            name = path.removesuffix(".html") or self.name
            if "://" not in path and name in names:
                yield link, name, label


class Site:
    """The pages of `folder`."""

    def __init__(self, folder: Path):
        """Read the table of contents.

        Raises:
            FileNotFoundError: there is no built book in `folder`.
        """
        self.folder = folder.resolve()
        # By page and place in it, whatever is read first
        self.drawings: dict[str, str] = {}
        self.sources: dict[str, tuple[str, str]] = {}  # as they stand: a drawing, its pieces or ""
        if not (folder / "index.html").exists():
            raise FileNotFoundError(f"en {folder} no hay páginas")
        front = parse((folder / "index.html").read_text("utf-8"))
        self.language = front.html["lang"]
        self.words = WORDS[self.language]
        self.title = front.select_one("article h1").get_text().rstrip("#")
        built = front.select_one("footer .built")
        self.built = built.get_text() if built else ""
        self.date = (built and built["data-date"]) or UNDATED
        self.pages = [Page("index", "", self.title, "", self), *self._listed(front)]

    def _listed(self, front: Tag):
        """Yield the pages that the sidebar lists."""
        part = ""
        for entry in front.select("nav.bd-links :is(p.caption, .toctree-l1 > a)"):
            if entry.name == "p":
                part = entry.get_text(strip=True)
            elif part:  # before the first part, the front page
                number, _, title = entry.get_text(strip=True).rpartition(". ")
                number, title = (number, title) if number.isdigit() else ("", entry.get_text())
                yield Page(entry["href"].removesuffix(".html"), number, title.strip(), part, self)

    def article(self, name: str) -> Tag:
        """Parse what a page says."""
        text = (self.folder / f"{name}.html").read_text("utf-8")
        begin = text.index('<article class="bd-article">')
        text = text[begin : text.index("</article>", begin)]
        place, numbers = [page.name for page in self.pages].index(name), count()
        text = FIGURE.sub(lambda box: self._put_aside(box, f"{place}-{next(numbers)}"), text)
        article = parse(PLAIN.sub(r"\1", text)).article
        for node in article.select(SCREEN):
            node.decompose()
        for node in article.select(".laboratory"):
            node.clear()
            node.append(self.words["laboratory"])
        for node in article.find_all(id=REPEATED):
            del node["id"]
        return article

    def page_with(self, label: str) -> Page:
        """Return the page where a label lies.

        Raises:
            LookupError: on none.
        """
        for page in self.pages:
            if f'id="{label}"' in (self.folder / f"{page.name}.html").read_text("utf-8"):
                return page
        raise LookupError(f"ninguna página de {self.folder} tiene «{label}»")

    def figure(self, label: str) -> Figure:
        """Return a copy of a figure.

        Raises:
            LookupError: there is none.
        """
        page = self.page_with(label)
        return Figure(page.name, copy(page.article.find("figure", id=label)))

    def _put_aside(self, figure: re.Match, mark: str) -> str:
        """Keep a drawing under a mark, and return the box where it goes."""
        # Several pages may come to share a file, and the drawings of each count from zero.
        whole, stack = DRAWING.search(figure[2])[0], STACK.search(figure[2])
        self.sources[mark] = whole, stack[1] if stack else ""
        self.drawings[mark] = rename(whole, f"d{mark}-")
        return f'{figure[1]}<i data-drawing="{mark}"></i>{figure[3]}'

    def text(self, node: Tag, draw: Callable[[str], str] | None = None) -> str:
        """Return the source of a node, its drawings in their places: HTML that is XML too.

        `draw` returns a drawing by its mark, if it shall not be as on the screen.
        """
        draw = draw or self.drawings.__getitem__
        for formula in node.find_all("math"):
            formula["xmlns"] = "http://www.w3.org/1998/Math/MathML"
        source = node.decode(formatter="minimal")
        return MARK.sub(lambda mark: draw(mark[1]), source)

    def inside(self, node: Tag, skip: str = "-") -> str:
        """Return the source of what is in a node, but for its children of one kind."""
        return "".join(
            self.text(child) if isinstance(child, Tag) else escape(child)
            for child in node.children
            if child.name != skip
        ).strip()


def unfolded(page: Page) -> Tag:
    """Return what a page tells in a book, a copy: nothing folded, solutions after all exercises.

    Links to files of the site, which a book does not bring, are text.
    """
    article = copy(page.article)
    for details in article.find_all("details"):
        details["open"] = ""
    to_pages = {id(link) for link, _, _ in page.links(article)}
    for link in article.select("a[href]"):
        if "://" not in link["href"] and id(link) not in to_pages:
            link.unwrap()
    if solutions := article.select(".solution"):
        make = BeautifulSoup("", "html5lib").new_tag
        end = make("section", id="solutions")
        end.append(make("h2", string=page.site.words["solutions"]))
        end.extend(solution.extract() for solution in solutions)
        article.section.append(end)
    return article


def rename(drawing: str, prefix: str) -> str:
    """Return a drawing whose names begin with `prefix`, but for those that it does not use.

    Several pages may come to share a file, and the drawings of each count from zero.
    """
    used = set(USED.findall(drawing))
    drawing = NAME.sub(lambda name: f' id="{prefix}{name[1]}"' if name[1] in used else "", drawing)
    return USED.sub(lambda name: prefix + name[0], drawing)


def parse(text: str) -> BeautifulSoup:
    """Parse HTML as browsers do."""
    return BeautifulSoup(text, "html5lib")

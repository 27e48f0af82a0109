"""The deck as a presentation: to each slide its question, and the figure that answers it.

reveal.js comes inside the package sphinx-revealjs, of which nothing else is used: 0.25 MB of
scripts and styles, copied beside the page. What the teacher needs is in the speaker's notes.
"""

import shutil
from copy import copy
from html import escape
from importlib.util import find_spec
from pathlib import Path
from string import Template

from bs4 import Tag

from formats.site import Site
from theme import replace_all

REVEAL = Path(find_spec("sphinx_revealjs").origin).parent / "_static" / "revealjs"
FILES = ("dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js", "LICENSE")
HERE = Path(__file__).parent


def make(site: Site) -> Path:
    """Write the presentation into a folder of the site; return its page.

    Raises:
        LookupError: the site has no plan of a class, or a figure of it is missing.
    """
    target = site.folder / site.words["slides"]
    page = Template((HERE / "slides.html").read_text("utf-8")).substitute(
        language=site.language,
        title=escape(site.title),
        author=site.words["author"],
        deck=site.words["deck"],
        keys=site.words["keys"],
        theme=site.words["theme"],
        slides="\n".join(slides(site)),
    )
    for name in FILES:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        text = replace_all((REVEAL / name).read_text("utf-8"), site.words["reveal"])
        (target / name).write_text(text, "utf-8")
    shutil.copyfile(HERE / "slides.css", target / "slides.css")
    (target / "index.html").write_text(page, "utf-8")
    return target / "index.html"


def slides(site: Site):
    """Yield the section of each slide, from the page of whoever teaches."""
    page = site.page_with("clase-s1")
    rows = [row for row in page.article.select("table tr") if row.td]
    begins = [row.td.get_text(strip=True) for row in rows]
    for n, row in enumerate(rows[:-1]):  # the last one says when the class ends
        section = copy(page.article.find(id=row.a["href"].removeprefix("#")))
        minutes, short = (cell.get_text(strip=True) for cell in row.find_all("td")[-2:])
        when = site.words["notes"].format(begin=begins[n], end=begins[n + 1], minutes=minutes)
        less = site.words["short" if short.isdigit() else "left out"].format(minutes=short)
        yield slide(site, page.name, section, f"{when} {less}", seconds=60 * int(minutes))


def slide(site: Site, page: str, section: Tag, when: str, seconds: int) -> str:
    """Return a slide: its question and what to bet on; then the figure; what to say in notes."""
    figure = site.figure(section.select_one('a[href*="#fig-"]')["href"].partition("#")[2])
    for node in (section, figure.node):
        for link in node.select("a[href]"):
            link["href"] = from_the_site(link["href"], page if node is section else figure.page)
    name = section.select_one("h3").get_text().rpartition(" (")[0]
    question, answer = section.em, section.select_one("p > a")
    notes, command = section.ul, section.pre
    ask = notes.li.p
    caption = figure.node.figcaption
    notes = f"{site.text(notes)}<pre>{site.inside(command)}</pre>"
    return f"""\
<section id="{section["id"].rpartition("-")[2]}" data-timing="{seconds}">
<div class="slide">
<header><p>{escape(name)}</p><h2>{site.inside(question)}</h2></header>
<div class="stage">
<p class="bet fragment fade-out" data-fragment-index="0">{site.inside(ask, skip="strong")}</p>
<figure class="fragment" data-fragment-index="0">
{site.text(figure.node.select_one(".lab-figure"))}
<figcaption>{site.inside(caption.p)}</figcaption>
</figure>
</div>
<footer><a href="{answer["href"]}">{site.words["answer"]}</a></footer>
</div>
<aside class="notes"><p><strong>{when}</strong></p>{notes}</aside>
</section>"""


def from_the_site(address: str, page: str) -> str:
    """Return an address on a page as one from the presentation, a folder below."""
    if "://" in address:
        return address
    return f"../{page}.html{address}" if address.startswith("#") else f"../{address}"

"""The whole book as EPUB 3: a page of XHTML for each page, with its MathML and its SVG.

It is a folder of files in a box, and this writes them: the pages are XML already.
"""

import re
from html import escape
from pathlib import Path
from string import Template
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from bs4 import Tag

from formats.pieces import apart
from formats.site import Page, Site, rename, unfolded

HERE = Path(__file__).parent
CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
FONT = "STIXTwoMath.woff2"
TYPES = {
    ".css": "text/css",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".xhtml": "application/xhtml+xml",
}
SIZE = re.compile(r'(<svg[^>]*?) width="([\d.]+)pt" height="[\d.]+pt"')


def make(site: Site) -> Path:
    """Write the book into an EPUB beside the pages; return it."""
    target = site.folder / f"{site.words['file']}.epub"
    files: dict[str, str | bytes] = {
        "style.css": (HERE / "ebook.css").read_text("utf-8"),
        FONT: (site.folder / "_static" / FONT).read_bytes(),
        "title.xhtml": page_of(site, site.title, title_page(site)),
    }
    articles = [chapter(page, files) for page in site.pages]
    for page, article in zip(site.pages, articles, strict=True):
        name = f"{page.number}. {page.title}" if page.number else page.title
        text = site.text(article, draw=lambda mark: drawing(site, mark))
        files[f"{page.name}.xhtml"] = page_of(site, name, text)
    files["nav.xhtml"] = page_of(site, site.words["contents"], contents(site, articles))
    files["package.opf"] = package(site, files)
    with ZipFile(target, "w", ZIP_DEFLATED) as box:
        put(box, "mimetype", "application/epub+zip", ZIP_STORED)  # a reader looks for it there
        put(box, "META-INF/container.xml", CONTAINER)
        for name, content in files.items():
            put(box, f"EPUB/{name}", content)
    return target


def drawing(site: Site, mark: str) -> str:
    """Return a drawing for a small screen, in pieces if it has several."""
    whole, stack = site.sources[mark]
    text = (
        apart(whole, stack, f"d{mark}-")
        if stack
        else f'<div class="row">{site.drawings[mark]}</div>'
    )
    return SIZE.sub(size, text)


def size(drawn: re.Match) -> str:
    """Return the size of a drawing in the letters of the reader, who chooses how large they are."""
    return f'{drawn[1]} style="width: {float(drawn[2]) * 1.333 / 16:.1f}em"'


def put(box: ZipFile, name: str, content: str | bytes, how: int = ZIP_DEFLATED) -> None:
    """Add a file, with no date: the same book, the same bytes."""
    box.writestr(ZipInfo(name), content, how)


def chapter(page: Page, files: dict[str, str | bytes]) -> Tag:
    """Return what a page says, and add to `files` the images that it shows."""
    article = unfolded(page)
    article.name = "section"
    article["class"] = "chapter"
    for link, name, label in page.links(article):
        link["href"] = f"{name}.xhtml#{label}" if label else f"{name}.xhtml"
    for image in article.select("img[src]"):
        source = page.site.folder / image["src"]
        image["src"] = source.name
        files[source.name] = rename(source.read_text("utf-8"), "")
    for part in article.select("mtable[scriptlevel], mfrac[displaystyle]"):
        set_style_apart(part)
    return article


def set_style_apart(part: Tag) -> None:
    """Write a formula's change of style as MathML 3, which EPUB 3 still asks for, has it."""
    name = "scriptlevel" if part.name == "mtable" else "displaystyle"
    part.wrap(Tag(name="mstyle", attrs={name: part.attrs.pop(name)}))


def page_of(site: Site, title: str, body: str) -> str:
    """Return a page of XHTML."""
    return f"""\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" \
lang="{site.language}" xml:lang="{site.language}">
<head>
<meta charset="utf-8"/>
<title>{escape(title)}</title>
<link rel="stylesheet" href="style.css"/>
</head>
<body>
{body}
</body>
</html>
"""


def title_page(site: Site) -> str:
    """Return what the first page says."""
    return f"""\
<section epub:type="titlepage" class="cover">
<h1>{escape(site.title)}</h1>
<p>{site.words["author"]}</p>
<p>{site.words["licence"]}</p>
<p>{escape(site.built)}</p>
</section>"""


def contents(site: Site, articles: list[Tag]) -> str:
    """Return the table of contents: parts, their pages, the sections of each."""
    parts: dict[str, list[str]] = {}
    for page, article in zip(site.pages, articles, strict=True):
        sections = "".join(
            f'<li><a href="{page.name}.xhtml#{heading.parent["id"]}">{plain(heading)}</a></li>'
            for heading in article.select("section > section[id] > h2")
        )
        name = f"{page.number}. {page.title}" if page.number else page.title
        link = f'<a href="{page.name}.xhtml">{escape(name)}</a>'
        inside = f"<ol>{sections}</ol>" if sections else ""
        parts.setdefault(page.part, []).append(f"<li>{link}{inside}</li>")
    entries = "\n".join(
        f"<li><span>{escape(part)}</span><ol>{''.join(pages)}</ol></li>" if part else "".join(pages)
        for part, pages in parts.items()
    )
    return f"""\
<nav epub:type="toc" id="toc">
<h1>{site.words["contents"]}</h1>
<ol>
{entries}
</ol>
</nav>"""


def plain(node: Tag) -> str:
    """Return the text of a heading."""
    return escape(" ".join(node.get_text().split()))


def package(site: Site, files: dict[str, str | bytes]) -> str:
    """Return the list of all files, in the order in which they are read."""
    items = "\n".join(
        f'<item id="{identifier(name)}" href="{name}" media-type="{TYPES[Path(name).suffix]}"'
        f"{properties(name, content)}/>"
        for name, content in files.items()
    )
    pages = ["title.xhtml", "nav.xhtml", *(f"{page.name}.xhtml" for page in site.pages)]
    spine = "\n".join(f'<itemref idref="{identifier(name)}"/>' for name in pages)
    return Template((HERE / "package.opf").read_text("utf-8")).substitute(
        language=site.language,
        identifier=uuid5(NAMESPACE_URL, f"{site.title} ({site.language})"),
        title=escape(site.title),
        creator=site.words["by"],
        rights=escape(site.words["licence"]),
        modified=f"{site.date}T00:00:00Z",
        summary=escape(site.words["accessible"]),
        items=items,
        spine=spine,
    )


def identifier(name: str) -> str:
    """Return a name for a file that XML takes."""
    return f"f-{name.replace('.', '-')}"


def properties(name: str, content: str | bytes) -> str:
    """Return what a reader has to know before it opens a file."""
    if not name.endswith(".xhtml"):
        return ""
    known = {"nav": 'epub:type="toc"', "mathml": "<math", "svg": "<svg"}
    found = [what for what, sign in known.items() if sign in content]
    return f' properties="{" ".join(found)}"' if found else ""

"""Each page and its twin in the other language: the link between them, and which is behind.

An English page says in its front matter which Spanish page it tells (``twin``) and of which state
of it (``of``: a digest for each section). When the twin has other sections since, the page says so
in a box. While the book is written that is all; in a release, which ``RELEASE=1`` says, it is a
warning, as is a page that does not say what it tells.

    python book/_ext/twins.py 07-xavier …    says that these pages tell their twins of today
    python book/_ext/twins.py                says which are behind
"""

import hashlib
import os
import re
import sys
from html import escape
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "snippets"))

from docutils import nodes
from sphinx.util import logging

from editions import FRONT, book_of, english_names, front_matter
from tongue import LANGUAGE

NAMES = {"es": "Español", "en": "English"}
OTHER = {"es": "en", "en": "es"}
FENCE = re.compile(r"^(`{3,}|:{3,}).*?^\1\s*?$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)

LOGGER = logging.getLogger(__name__)


# --- the state of a page ------------------------------------------------------------------


def headings(text: str) -> list[re.Match]:
    """Return where the headings of a page stand; what is in code is none."""
    code = [found.span() for found in FENCE.finditer(text)]
    return [
        found
        for found in HEADING.finditer(text)
        if not any(begin <= found.start() < end for begin, end in code)
    ]


def levels(text: str) -> list[int]:
    """Return the levels of the headings of a page, in their order."""
    return [len(found[0].partition(" ")[0]) for found in headings(FRONT.sub("", text, count=1))]


def sections(text: str) -> dict[str, str]:
    """Map the digest of each section of a page to its heading."""
    text = FRONT.sub("", text, count=1)
    starts = headings(text)
    ends = [found.start() for found in starts[1:]] + [len(text)]
    return {
        hashlib.sha256(text[found.start() : end].strip().encode()).hexdigest()[:6]: found[1]
        for found, end in zip(starts, ends, strict=True)
    }


def changed(of: str | None, text: str) -> list[str] | None:
    """Return the headings of a Spanish page that are not as they were told; None: nobody knows."""
    if not of:
        return None
    now, then = sections(text), str(of).split()
    if list(now) == then:
        return []
    return [heading for digest, heading in now.items() if digest not in then] or [*now.values()][:1]


def stamp(page: Path, twin: Path) -> None:
    """Write into the front matter of an English page that it tells its twin of today."""
    text = page.read_text("utf-8")
    of = " ".join(sections(twin.read_text("utf-8")))
    head = re.sub(r"^of:.*\n", "", FRONT.match(text)[1] + "\n", flags=re.MULTILINE)
    head = re.sub(r"^(twin:.*\n)", rf'\1of: "{of}"' + "\n", head, flags=re.MULTILINE)
    page.write_text(f"---\n{head}---\n{text[FRONT.match(text).end() :]}", "utf-8")


def mark_behind(app, doctree):
    """Put a box into an English page whose twin has changed since it was written."""
    docname = app.env.current_document.docname
    meta = app.env.metadata[docname]
    if LANGUAGE == "es" or "twin" not in meta:
        return
    since = changed(meta.get("of"), Path(book_of(app), f"{meta['twin']}.md").read_text("utf-8"))
    if since is None or since:
        if os.environ.get("RELEASE"):
            LOGGER.warning(
                "va por detrás de su gemela: %s",
                ", ".join(since or ["no dice de qué estado es"]),
                location=docname,
                type="english",
            )
        if since and (title := doctree.next_node(nodes.title)):
            title.parent.insert(title.parent.index(title) + 1, box(meta["twin"], since))


def box(twin: str, since: list[str]) -> nodes.admonition:
    """Return what tells the reader of an English page that the Spanish one has changed."""
    link = nodes.reference("", "Spanish page", refuri=f"../{twin}.html", internal=False)
    text = nodes.paragraph(
        "", "Since this page was written, the ", link, nodes.Text(" has changed in: ")
    )
    parts = [
        node for head in since for node in (nodes.emphasis(text=plain(head)), nodes.Text(", "))
    ]
    text += [*parts[:-1], nodes.Text(".")]
    title = nodes.title(text="This page is behind")
    return nodes.admonition("", title, text, classes=["note", "behind"])


def plain(heading: str) -> str:
    """Return a heading without its markup."""
    return re.sub(r"[*`$]", "", heading)


# --- the way over -------------------------------------------------------------------------


def twin_of(app, page: str) -> str | None:
    """Return the name of a page's twin, if it has one; pages that Sphinx makes have the same."""
    twins = english_names(book_of(app))
    if LANGUAGE == "en":
        twins = {english: spanish for spanish, english in twins.items()}
    return twins.get(page, None if page in app.env.found_docs else page)


def link_to_twin(app, pagename, templatename, context, doctree):
    """Tell the template where the twin is, and whoever reads the head of the page."""
    if app.builder.format != "html" or not (twin := twin_of(app, pagename)):
        return
    lang = OTHER[LANGUAGE]
    address = f"en/{twin}.html" if lang == "en" else f"../{twin}.html"
    context["twin"] = {"address": address, "lang": lang, "name": NAMES[lang]}
    here = {LANGUAGE: f"{pagename}.html", lang: address}
    base = app.config.html_baseurl
    links = {**here, "x-default": here["en"]}  # who reads neither reads English more often
    context["metatags"] = context.get("metatags", "") + "".join(
        f'<link rel="alternate" hreflang="{name}" href="{escape(base + where)}" />'
        for name, where in links.items()
    )


def pages_with_another_twin(app, env):
    """Have all pages written if there are other twins than in the build before."""
    twins = english_names(book_of(app))
    then, env.twins_then = getattr(env, "twins_then", twins), twins
    return [] if then == twins else sorted(env.found_docs)


def setup(app):
    """Link the pages of both editions, and mark those that are behind."""
    app.connect("doctree-read", mark_behind)
    app.connect("env-updated", pages_with_another_twin)
    app.connect("html-page-context", link_to_twin)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def main(asked: list[str]) -> int:
    """Stamp pages, or say which are behind; 1 if one is."""
    book = Path(__file__).resolve().parents[1]
    behind = 0
    for twin, name in english_names(book).items():
        page, spanish = book / "en" / f"{name}.md", book / f"{twin}.md"
        if name in asked or "all" in asked:
            stamp(page, spanish)
        elif not asked:
            since = changed(
                front_matter(page.read_text("utf-8")).get("of"), spanish.read_text("utf-8")
            )
            if since is None or since:
                behind += 1
                print(f"{name}: {', '.join(since or ['no dice de qué estado es'])}")
    return int(behind > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

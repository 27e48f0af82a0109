"""A drawing for a small screen: its panels one by one, each a drawing of its own.

A page of the site shows on a telephone parts of the one drawing by their names; a reader of
EPUB may not find a name in another drawing, so here each piece brings what it shows.
"""

import re
from copy import deepcopy
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from formats.site import USED, rename

SVG = "{http://www.w3.org/2000/svg}"
ROW = re.compile(r"<br ?/>")
ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def apart(drawing: str, stack: str, prefix: str) -> str:
    """Return the pieces of a drawing, row by row, as HTML.

    `stack` is what the page has behind the drawing: rows of pieces that refer to its groups.
    """
    whole = ElementTree.fromstring(drawing)
    named = {part.get("id"): part for part in whole.iter() if part.get("id")}
    style = whole.find(f".//{SVG}style")
    rows = []
    for number, row in enumerate(ROW.split(stack)):
        pieces = ElementTree.fromstring(f"<p>{row}</p>")
        sources = [source(filled(piece, named), named, style) for piece in pieces]
        rows.append(
            "".join(
                rename(text, f"{prefix}{number}-{place}-") for place, text in enumerate(sources)
            )
        )
    return "".join(f'<div class="row">{row}</div>' for row in rows)


def filled(piece: Element, named: dict[str, Element]) -> Element:
    """Return a piece as SVG, with the groups that it refers to."""
    if piece.tag == "use":
        return deepcopy(named[piece.get("href").removeprefix("#")])
    made = Element(f"{SVG}svg", piece.attrib)
    made.extend(filled(part, named) for part in piece)
    return made


def source(piece: Element, named: dict[str, Element], style: Element) -> str:
    """Return the text of a piece, with whatever else it refers to.

    Matplotlib defines a marker where it is used first, which may be another panel.
    """
    definitions = Element(f"{SVG}defs")
    definitions.append(style)
    piece.insert(0, definitions)
    while True:
        text = ElementTree.tostring(piece, encoding="unicode")
        known = {part.get("id") for part in piece.iter()}
        missing = sorted(set(USED.findall(text)) - known)
        if not missing:
            return text
        definitions.extend(deepcopy(named[name]) for name in missing)

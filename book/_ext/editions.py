"""The Spanish page and the English one: whose twin it is, and what it takes of the first.

The cells of both are the same but for what a reader sees in them, comments and strings. They are
executed once, in the Spanish page, and the English one takes their outputs: each figure brings its
English version (`lab.figures`), and tables and printed lines are said in English here, by the
catalogues of the experiments and by the strings of the cells themselves.
"""

import ast
import html
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import yaml
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from lab.language import HTML, Catalogue, Said

GLUED = "application/papermill.record/"  # before the kinds of what is glued
FRONT = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
LACKING = re.compile(r"<!--(\[.*?\])-->\s*$", re.DOTALL)
PAGE = re.compile(r'(?<=href=")([\w-]+)(?=\.html["#])')


# --- pages --------------------------------------------------------------------------------


def front_matter(text: str) -> dict:
    """Return what stands before the text of a page."""
    found = FRONT.match(text)
    return yaml.safe_load(found[1]) if found else {}


def book_of(app) -> Path:
    """Return the folder of the Spanish pages; that of the English ones lies in it."""
    return Path(app.confdir, "book")


def english_names(book: Path) -> dict[str, str]:
    """Map the name of each Spanish page that has an English twin to the twin's."""
    pages = sorted(Path(book, "en").glob("*.md"))
    twins = ((front_matter(page.read_text("utf-8")).get("twin"), page.stem) for page in pages)
    return {twin: name for twin, name in twins if twin}


# --- cells --------------------------------------------------------------------------------


def pairs(spanish: str, english: str) -> dict[str, str]:
    """Map the strings of a Spanish cell to those of its English twin, as templates.

    Raises:
        ValueError: more than strings and comments are different; says where.
    """
    found = {}
    trees = [ast.parse(TransformerManager().transform_cell(code)) for code in (spanish, english)]
    _pair(*trees, found)
    return found


def _pair(spanish, english, found: dict[str, str]) -> None:
    if _text(spanish) and _text(english):
        (template, places), (said, its_places) = _template(spanish), _template(english)
        left, order = list(enumerate(places)), []
        for place in its_places:
            number = next((n for n, one in left if _bare(one) == _bare(place)), None)
            if number is None:
                break
            order.append(number)
            _pair(dict(left).get(number), place, found)
            left = [(n, one) for n, one in left if n != number]
        if left or len(order) != len(its_places):
            raise ValueError(f"{ast.unparse(spanish)} ≠ {ast.unparse(english)}")
        found[template] = said.format(*(f"{{{number}}}" for number in order)) if order else said
    elif isinstance(spanish, ast.FormattedValue) and isinstance(english, ast.FormattedValue):
        _pair(spanish.value, english.value, found)
        if _dump(spanish) != _dump(english):
            raise ValueError(f"{ast.unparse(spanish)} ≠ {ast.unparse(english)}")
    elif isinstance(spanish, ast.AST) and type(spanish) is type(english):
        for name in spanish._fields:
            _pair(getattr(spanish, name, None), getattr(english, name, None), found)
    elif isinstance(spanish, list) and isinstance(english, list) and len(spanish) == len(english):
        for one, other in zip(spanish, english, strict=True):
            _pair(one, other, found)
    elif spanish != english or type(spanish) is not type(english):
        raise ValueError(f"{_shown(spanish)} ≠ {_shown(english)}")


def _dump(place: ast.FormattedValue) -> tuple:
    """Return how a value is written in its place."""
    return place.conversion, place.format_spec and ast.dump(place.format_spec)


def _shown(part) -> str:
    if isinstance(part, list):
        return "; ".join(map(_shown, part))[:80]
    return ast.unparse(part) if isinstance(part, ast.AST) else repr(part)


def _text(node) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _template(node: ast.Constant | ast.JoinedStr) -> tuple[str, list[ast.AST]]:
    """Return a string with ``{}`` in its places, and what goes there."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    written = [
        part.value.replace("{", "{{").replace("}", "}}") if isinstance(part, ast.Constant) else "{}"
        for part in parts
    ]
    return "".join(written), [part for part in parts if isinstance(part, ast.FormattedValue)]


def _bare(node: ast.AST) -> str:
    """Return code without what its strings say."""
    node = ast.parse(ast.unparse(node)) if not isinstance(node, ast.FormattedValue) else node
    return re.sub(r"Constant\(value='.*?'(?=[,)])", "Constant(value=''", ast.dump(node))


# --- outputs ------------------------------------------------------------------------------


def spanish_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs of a cell without what is for the English page."""
    return [
        _with(output, {k: v for k, v in _data(output).items() if not k.endswith(HTML)})
        for output in outputs
    ]


def english_outputs(
    outputs: list[NotebookNode],
    catalogue: Catalogue,
    names: dict[str, str],
    lacking: dict[str, None],
) -> list[NotebookNode]:
    """Return the outputs of a cell in English; what has none is added to ``lacking``."""
    return [_in_english(output, catalogue, names, lacking) for output in outputs]


def _in_english(output, catalogue, names, lacking):
    if output.output_type == "stream":
        said = [catalogue.english(line) for line in output.text.split("\n")]
        if any(line.lacking for line in said) and (filled := _filled(output.text, catalogue)):
            said = filled
        lacking.update(dict.fromkeys(words for line in said for words in line.lacking))
        return NotebookNode({**output, "text": "\n".join(line.text for line in said)})
    data = _data(output)
    prefix = GLUED if any(kind.startswith(GLUED) for kind in data) else ""
    new = {kind: text for kind, text in data.items() if not kind.endswith(HTML)}
    page, plain = f"{prefix}text/html", f"{prefix}text/plain"
    if drawn := data.get(f"{prefix}{HTML}"):
        if found := LACKING.search(drawn):
            lacking.update(dict.fromkeys(json.loads(html.unescape(found[1]))))
        new[page] = LACKING.sub("", drawn)
    elif page in data:
        said = catalogue.english_html(data[page])
        lacking.update(dict.fromkeys(said.lacking))
        new[page] = PAGE.sub(lambda found: names.get(found[1], found[1]), said.text)
    elif plain in data and not _is_file(output):
        said = catalogue.english(data[plain])
        lacking.update(dict.fromkeys(said.lacking))
        new[plain] = said.text
    return _with(output, new)


def _filled(text: str, catalogue: Catalogue) -> list[Said]:
    """Return the lines of a printed paragraph in English, filled as the Spanish ones were."""
    said = catalogue.english(" ".join(text.split()))
    width = max(map(len, text.splitlines()), default=0)
    return [] if said.lacking else [Said(textwrap.fill(said.text, width)), Said("")]


def _is_file(output: NotebookNode) -> bool:
    """Tell whether an output is the text of a file that the build writes beside the pages."""
    return "." in output.metadata.get("scrapbook", {}).get("name", "")


def _data(output: NotebookNode) -> dict[str, str]:
    return output.get("data", {})


def _with(output: NotebookNode, data: dict) -> NotebookNode:
    return NotebookNode({**output, "data": NotebookNode(data)}) if "data" in output else output


def told_cells(spanish: list[NotebookNode], english: list[NotebookNode]) -> Iterator[dict]:
    """Yield the pairs of the strings of each cell and its twin.

    Raises:
        ValueError: the cells are not the same; says which, and where.
    """
    if len(spanish) != len(english):
        raise ValueError(f"tiene {len(english)} celdas, y su gemela {len(spanish)}")
    for number, (one, other) in enumerate(zip(spanish, english, strict=True), 1):
        if one.metadata.get("tags", []) != other.metadata.get("tags", []):
            raise ValueError(f"celda {number}: las etiquetas no son las de su gemela")
        try:
            yield pairs(one.source, other.source)
        except SyntaxError:
            if one.source != other.source:
                raise ValueError(f"celda {number}: no es la de su gemela") from None
            yield {}
        except ValueError as error:
            raise ValueError(f"celda {number}: no es la de su gemela: {error}") from None

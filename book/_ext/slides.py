"""The page that maps each statement of the slides to the paragraph and figure that tell it.

The statements stand in a TOML file; a chapter marks the paragraph that tells one with its id
as a label, "(s3-1)=" in MyST. ``{slide-map} slides.toml`` makes one table per slide and warns
of statements that nobody tells, of figures that do not exist and of labels without a statement.
"""

import re
import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import get_origin

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from tongue import say

LABEL = re.compile(r"s\d+-[a-z0-9]+")
OURS = say("(Es nuestra: no está en ella.)")
HEADINGS = ("La diapositiva dice", "Dónde se cuenta", "Figura")

logger = logging.getLogger(__name__)


# --- the statements -----------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One statement of a slide; the one whose id ends in "-q" is the slide's question.

    ``deck`` are the slide's own words for it, empty where the slide does not say it and the
    statement is ours; ``figure`` is the label of the figure that shows it, empty where there is
    none.
    """

    id: str
    text: str
    deck: str = ""
    figure: str = ""


@dataclass(frozen=True)
class Slide:
    """A slide: its number ("S3"), its title and its statements (``Line``)."""

    id: str
    title: str
    lines: list[Line]


def read_slides(file: Path) -> list[Slide]:
    """Read the slides of a TOML file.

    Raises:
        ValueError: not TOML; a key that is unknown, missing or of another type than it should
            be; an id that is used twice or does not go with its slide.
        OSError: the file cannot be read.
    """
    content = tomllib.loads(file.read_text("utf-8"))
    if content.keys() != {"slide"} or not isinstance(content["slide"], list):
        raise ValueError(f"solo se esperan tablas [[slide]]; hay: {', '.join(content)}")
    slides = [check(Slide, table, f"slide {n}") for n, table in enumerate(content["slide"], 1)]
    slides = [
        Slide(slide.id, slide.title, [check(Line, table, slide.id) for table in slide.lines])
        for slide in slides
    ]
    seen = set()
    for slide in slides:
        for line in slide.lines:
            if not LABEL.fullmatch(line.id) or line.id.partition("-")[0] != slide.id.lower():
                raise ValueError(f"{slide.id}: el id «{line.id}» no es {slide.id.lower()}-…")
            if line.id in seen:
                raise ValueError(f"{slide.id}: el id «{line.id}» aparece dos veces")
            seen.add(line.id)
    return slides


def check(kind: type, table: dict, where: str):
    """Make a ``kind`` from a TOML table that has its fields and no others."""
    if not isinstance(table, dict):
        raise ValueError(f"{where}: {table!r} no es una tabla")
    types = {field.name: get_origin(field.type) or field.type for field in fields(kind)}
    required = {field.name for field in fields(kind) if field.default is MISSING}
    if unknown := sorted(table.keys() - types.keys()):
        raise ValueError(
            f"{where}: clave desconocida «{unknown[0]}»; claves válidas: {', '.join(types)}"
        )
    if missing := sorted(required - table.keys()):
        raise ValueError(f"{where}: falta la clave «{missing[0]}» en {table}")
    for name, value in table.items():
        if not isinstance(value, types[name]):
            raise ValueError(f"{where}: «{name}» no puede ser {value!r}")
    return kind(**table)


# --- the labels ---------------------------------------------------------------------------


class Labels(EnvironmentCollector):
    """Note where each statement is told: ``env.slide_labels[docname][label]`` is a heading.

    Sphinx keeps the labels too, but neither their headings nor the ones used twice.
    """

    def process_doc(self, app, doctree):
        """Note the labels of a page that has just been read."""
        labels_of(app.env)[app.env.docname] = {
            name: heading_of(node)
            for node in doctree.findall(nodes.Element)
            for name in node["names"]
            if LABEL.fullmatch(name)
        }

    def clear_doc(self, app, env, docname):
        """Forget a page."""
        labels_of(env).pop(docname, None)

    def merge_other(self, app, env, docnames, other):
        """Take over the pages that another process has read."""
        labels_of(env).update({name: labels_of(other)[name] for name in docnames})


def labels_of(env) -> dict[str, dict[str, str]]:
    """Return the labels of all pages."""
    return env.__dict__.setdefault("slide_labels", {})


def heading_of(node: nodes.Node) -> str:
    """Return the heading under which a node stands; empty at the top of a page."""
    while node and not isinstance(node, nodes.section):
        node = node.parent
    top = node is None or isinstance(node.parent, nodes.document)
    return "" if top else node.next_node(nodes.title).astext()


# --- the page -----------------------------------------------------------------------------


class SlideTables(nodes.General, nodes.Element):
    """Stands for the tables of ``slides`` until all pages have been read."""


class SlideMap(SphinxDirective):
    """``{slide-map} slides.toml``: the file counts from the source folder."""

    required_arguments = 1

    def run(self):
        """Read the slides; have this page read again when they or any page change."""
        file = Path(self.env.srcdir, self.arguments[0])
        for path in (file, *map(self.env.doc2path, self.env.found_docs)):
            self.env.note_dependency(path)
        try:
            slides = read_slides(file)
        except (OSError, ValueError) as error:
            raise self.error(f"{file.name}: {error}") from None
        tables = SlideTables(slides=slides)
        self.set_source_info(tables)
        return [tables]


class MakeTables(SphinxPostTransform):
    """Make the tables, and say what does not fit."""

    default_priority = 5  # before Sphinx resolves references, for it shall resolve these

    def run(self, **kwargs):
        """Replace every ``SlideTables``."""
        for node in list(self.document.findall(SlideTables)):
            self.warn_of_labels({line.id for slide in node["slides"] for line in slide.lines})
            node.replace_self([self.table(slide, node) for slide in node["slides"]])

    def warn_of_labels(self, known: set[str]):
        """Warn of labels that are no statement's, or are used twice."""
        pages = {}
        for page, labels in sorted(labels_of(self.env).items()):
            for label in labels:
                if label not in known:
                    logger.warning("ninguna diapositiva dice «%s»", label, location=page)
                elif label in pages:
                    logger.warning(
                        "«%s» ya se cuenta en la página «%s»", label, pages[label], location=page
                    )
                pages[label] = page

    def table(self, slide: Slide, location: nodes.Node) -> nodes.table:
        """Return the table of a slide."""
        rows = [[nodes.paragraph(text=say(heading)) for heading in HEADINGS]]
        rows += [
            [
                nodes.paragraph("", "", statement(line)),
                self.paragraph_link(line, slide, location),
                self.figure_link(line, slide, location),
            ]
            for line in slide.lines
        ]
        head, *body = (nodes.row("", *(nodes.entry("", cell) for cell in row)) for row in rows)
        group = nodes.tgroup("", cols=3)
        group += [nodes.colspec(colwidth=width) for width in (45, 35, 20)]
        group += [nodes.thead("", head), nodes.tbody("", *body)]
        title = nodes.title("", "", nodes.strong(text=f"{slide.id} · {slide.title}"))
        # The class has all the tables share the widths above.
        return nodes.table("", title, group, ids=[slide.id.lower()], classes=["colwidths-given"])

    def paragraph_link(self, line: Line, slide: Slide, location: nodes.Node) -> nodes.paragraph:
        """Return a link to the paragraph that tells a statement, or warn that there is none."""
        for page, labels in labels_of(self.env).items():
            if line.id in labels:
                number = self.env.toc_secnumbers.get(page, {}).get("")
                chapter = say(f"Capítulo {number[0]}") if number else self.env.titles[page].astext()
                text = ", §\N{NO-BREAK SPACE}".join(filter(None, (chapter, labels[line.id])))
                return nodes.paragraph("", "", self.reference("ref", line.id, text))
        logger.warning(
            "%s: ningún párrafo lleva la etiqueta (%s)= «%s»",
            *(slide.id, line.id, line.text),
            location=location,
        )
        return nodes.paragraph(text="—")

    def figure_link(self, line: Line, slide: Slide, location: nodes.Node) -> nodes.paragraph:
        """Return a link to the figure that shows a statement, if it has one."""
        if not line.figure:
            return nodes.paragraph(text="—")
        if line.figure in self.env.domains.standard_domain.labels:
            return nodes.paragraph("", "", self.reference("numref", line.figure))
        logger.warning(
            "%s: la figura «%s» de «%s» no existe",
            *(slide.id, line.figure, line.id),
            location=location,
        )
        return nodes.paragraph(text="—")

    def reference(self, role: str, label: str, text: str = "") -> pending_xref:
        """Return what Sphinx turns into a link, as it does with {ref} and {numref}."""
        return pending_xref(
            "",
            nodes.inline(text=text),
            refdomain="std",
            reftype=role,
            reftarget=label,
            refdoc=self.env.current_document.docname,
            refexplicit=bool(text),
            refwarn=True,
        )


def statement(line: Line) -> nodes.Node:
    """Return the text of a statement; the question in italics, as on the slide."""
    kind = nodes.emphasis if line.id.endswith("-q") else nodes.inline
    return kind(text=line.text if line.deck else f"{line.text} {OURS}")


def setup(app):
    """Add the directive ``slide-map`` and what it needs to know of the chapters."""
    app.add_env_collector(Labels)
    app.add_node(SlideTables)
    app.add_directive("slide-map", SlideMap)
    app.add_post_transform(MakeTables)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}

"""Equations as MathML Core, converted while the book is built: no JavaScript, no host."""

import html
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

FONT = Path(find_spec("ziamath").origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"

logger = logging.getLogger(__name__)
converter = LatexToMathML(fancy_error=False)


def to_mathml(node: nodes.Element, display: bool) -> str:
    """Return the formula of `node` as a <math> element, or its source if it is not LaTeX."""
    latex = node.astext()
    try:
        return converter.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        logger.warning("fórmula que no se entiende: %s\n%s", error, latex, location=node)
        return f"<code>{html.escape(latex)}</code>"


def visit_inline(writer, node):
    """Write a formula inside a line of text."""
    writer.body.append(to_mathml(node, display=False))
    raise nodes.SkipNode


def visit_block(writer, node):
    """Write a displayed formula and its number, which the theme puts at the right."""
    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(writer, node)
        writer.body.append(f'<span class="eqno">({number})')
        writer.add_permalink_ref(node, "Enlace a esta ecuación")
        writer.body.append("</span>")
    # The class has the theme make a box that scrolls reachable with the keyboard.
    writer.body.append('<div class="formula pst-scrollable-table-container">')
    writer.body.append(f"{to_mathml(node, display=True)}</div></div>\n")
    raise nodes.SkipNode


def setup(app):
    """Offer ``html_math_renderer = "mathml"`` and ship its font with the pages."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("config-inited", lambda app, config: config.html_static_path.append(str(FONT)))
    return {"parallel_read_safe": True, "parallel_write_safe": True}

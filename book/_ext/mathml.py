"""Equations as MathML Core, converted while the book is built: no JavaScript, no host."""

import html
import re
from importlib.util import find_spec
from pathlib import Path
from unicodedata import normalize

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from tongue import say
from transfer import cut_font

FONT = Path(find_spec("ziamath").origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
CUT_FONT = "_static/STIXTwoMath.woff2"
FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
# A browser writes a lone letter with the italic that Unicode has for it.
ITALICS = [0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C)]
# As a superscript the font's prime, which is a small one already, looks like a dot.
PRIME = re.compile(r"<msup>((?:(?!<msup>).)*?)<mo>′</mo></msup>")
# LaTeX's distance between two rows, which the converter would print
ROW_SPACING = re.compile(r"\\\\\s*\[.*?\]")
ROOT = "√"  # it draws this for <msqrt> and <mroot>, which do not contain it

logger = logging.getLogger(__name__)
converter = LatexToMathML(fancy_error=False)


def to_mathml(node: nodes.Element, display: bool) -> str:
    """Return the formula of `node` as a <math> element, or its source if it is not LaTeX."""
    latex = node.astext()
    if found := ROW_SPACING.search(latex):
        logger.warning("la distancia «%s» se vería en la fórmula: quítala", found[0], location=node)
    try:
        formula = converter.convert_with_local_state(latex, displaystyle=display)
        return PRIME.sub(r'<mrow>\1<mo lspace="0" rspace="0">′</mo></mrow>', formula)
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
        writer.add_permalink_ref(node, say("Enlace a esta ecuación"))
        writer.body.append("</span>")
    # The class has the theme make a box that scrolls reachable with the keyboard.
    writer.body.append('<div class="formula pst-scrollable-table-container">')
    writer.body.append(f"{to_mathml(node, display=True)}</div></div>\n")
    raise nodes.SkipNode


def ship_font(app, exception):
    """Ship the font with the characters that the formulas have, a twentieth of it."""
    if exception or app.builder.format != "html":
        return
    found = {ROOT}
    for page in Path(app.outdir).glob("*.html"):
        for formula in FORMULA.findall(page.read_text("utf-8")):
            found.update(html.unescape(re.sub(r"<[^>]+>", "", formula)))
    found.update(chr(code) for code in ITALICS if normalize("NFKC", chr(code)) in found)
    cut_font(app, FONT, Path(app.outdir, CUT_FONT), found, mend=fit_roots)


def fit_roots(font):
    """Make all sizes of the root sign as wide as the smallest, and lift the bar off the letters.

    Chromium leaves room for the widest size, whichever it draws, and puts the bar as low as the
    font allows: √2 had a gap behind it, and √n looked like √π.
    """
    table = font["MATH"].table
    sizes = table.MathVariants.VertGlyphCoverage.glyphs
    root = font.getBestCmap()[ord(ROOT)]
    drawn = table.MathVariants.VertGlyphConstruction[sizes.index(root)]
    names = {size.VariantGlyph for size in drawn.MathGlyphVariantRecord}
    names |= {part.glyph for part in drawn.GlyphAssembly.PartRecords}
    width, _ = font["hmtx"][root]
    for name in names:
        glyph = font["glyf"][name]
        glyph.coordinates.scale((width / font["hmtx"][name][0], 1))
        glyph.coordinates.toInt()
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = width, glyph.xMin
    for gap in ("RadicalVerticalGap", "RadicalDisplayStyleVerticalGap"):
        getattr(table.MathConstants, gap).Value = 200  # thousandths of an em


def announce_font(app, pagename, templatename, context, doctree):
    """Have a page with formulas ask for their font at once, before it lays out its lines."""
    if "<math" in context.get("body", ""):
        address = context["pathto"](CUT_FONT, resource=True)
        context["metatags"] += (
            f'<link rel="preload" href="{address}" as="font" type="font/woff2" crossorigin />'
        )


def setup(app):
    """Offer ``html_math_renderer = "mathml"`` and ship its font with the pages."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("html-page-context", announce_font)
    app.connect("build-finished", ship_font)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""The laboratory: its page, small ones inside chapters, and the digits that they work on.

``{laboratory} sigma_w depth`` puts into a chapter a small one with these controls. The code is in
book/_static/laboratory; no page loads it but those that have a laboratory.
"""

import html
import struct
import zlib
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

PAGE = "laboratorio"
FOLDER = "laboratory"


def packed() -> bytes:
    """Return the digits of ``lab.data``, in its order, as digits.js unpacks them.

    How many train and how many test (16 bits each), their labels, their pixels (0…16), a byte
    each; compressed, whatever the server does.
    """
    import numpy as np
    from sklearn.datasets import load_digits

    from lab import data

    digits = data.load()
    labels = np.concatenate([digits.y_train, digits.y_test]).astype(np.uint8)
    x = np.concatenate([digits.x_train, digits.x_test]).astype(np.float64)
    pixels = load_digits().data
    # The standardization, undone
    step = (x.max() - x.min()) / (pixels.max() - pixels.min())
    pixels = np.rint((x - x.min()) / step).astype(np.uint8)
    sizes = struct.pack("<HH", len(digits.x_train), len(digits.x_test))
    return zlib.compress(sizes + labels.tobytes() + pixels.tobytes(), 9)


class Laboratory(SphinxDirective):
    """``{laboratory} controls``: ``:settings:`` as in a link, ``:figures:`` by name.

    Where no script runs, it is a link to the page of the laboratory.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {  # noqa: RUF012
        "settings": directives.unchanged_required,
        "figures": directives.unchanged_required,
    }

    def run(self):
        """Return the place that small.js fills."""
        if missing := self.option_spec.keys() - self.options:
            raise self.error(f"laboratory: falta {', '.join(f':{name}:' for name in missing)}")
        settings = html.escape(self.options["settings"])
        place = (
            f'<div class="laboratory small" data-controls="{html.escape(self.arguments[0])}"'
            f' data-settings="{settings}" data-figures="{html.escape(self.options["figures"])}">'
            f'<p><a href="{PAGE}.html#{settings}">Ábrelo en el laboratorio</a></p></div>'
        )
        return [nodes.raw("", place, format="html")]


def load_laboratory(app, pagename, templatename, context, doctree):
    """Give a page with a laboratory the script and the style of it."""
    small = 'class="laboratory small"' in context.get("body", "")
    if app.builder.format == "html" and (small or pagename == PAGE):
        app.add_css_file(f"{FOLDER}/laboratory.css")
        app.add_js_file(f"{FOLDER}/{'small' if small else 'page'}.js", type="module")


def pack_digits(app, exception):
    """Lay the digits beside the scripts, unless they lie there and are made as today."""
    if exception or app.builder.format != "html" or PAGE not in app.env.found_docs:
        return
    digits = Path(app.outdir, "_static", FOLDER, "digits.bin")
    makers = [Path(__file__), Path(app.confdir, "snippets", "lab", "data.py")]
    made = digits.stat().st_mtime if digits.exists() else 0
    if made < max(maker.stat().st_mtime for maker in makers):
        digits.write_bytes(packed())


def setup(app):
    """Add the directive ``laboratory``, prepare its pages and pack its digits."""
    app.add_directive("laboratory", Laboratory)
    app.connect("html-page-context", load_laboratory)
    app.connect("build-finished", pack_digits)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

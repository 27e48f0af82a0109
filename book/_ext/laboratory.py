"""The laboratory: its page, small ones inside chapters, and the digits that they work on.

``{laboratory} sigma_w depth`` puts into a chapter a small one with these controls. The code is in
book/_static/laboratory; no page loads it but those that have a laboratory.
"""

import base64
import html
import json
import struct
import zlib
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxDirective

import bundle

LABEL = "laboratorio"  # of the page, in any language
FOLDER = "laboratory"
MODULES = Path(__file__).resolve().parents[1] / "_static" / FOLDER
SCRIPT = "laboratory.js"
DIGITS = "packed.js"
# What pages have
WHOLE = 'id="laboratory-before"'
SMALL = 'class="laboratory small"'


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


def word(key: str, language: str) -> str:
    """Return one of the sentences of words.json, which the scripts say as well."""
    said = json.loads((MODULES / "words.json").read_text("utf-8"))[key]
    return said.get(language[:2], said["es"])


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
        place = (
            f'<div class="laboratory small" data-controls="{html.escape(self.arguments[0])}"'
            f' data-settings="{html.escape(self.options["settings"])}"'
            f' data-figures="{html.escape(self.options["figures"])}">'
        )
        page = pending_xref(
            "",
            nodes.inline(text=word("opens", self.config.language)),
            refdomain="std",
            reftype="ref",
            reftarget=LABEL,
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        return [
            nodes.raw("", place, format="html"),
            nodes.paragraph("", "", page),
            nodes.raw("", "</div>", format="html"),
        ]


def load_laboratory(app, pagename, templatename, context, doctree):
    """Give a page with a laboratory the script and the style of it."""
    small = SMALL in context.get("body", "")
    if app.builder.format == "html" and (small or WHOLE in context.get("body", "")):
        app.add_css_file(f"{FOLDER}/laboratory.css")
        script = f"{FOLDER}/{'small.js' if small else SCRIPT}"
        app.add_js_file(script, loading_method="defer")


def outdated(app, env, added, changed, removed):
    """Have the page of the laboratory written again when its script is."""
    page = page_of(env)
    return [page] if page and script_is_old(app) else []


def write_script(app, builder):
    """Write the script that pages load, of all modules and the digits, unless it is there.

    It has to be there before a page is: the address tells a browser whether it has seen it.
    """
    if page_of(app.env) and script_is_old(app):
        files = {file.name: file.read_text("utf-8") for file in sources()}
        digits = base64.b64encode(packed()).decode()
        files[DIGITS] = files[DIGITS].replace('""', f'"{digits}"')
        script = script_of(app)
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(bundle.join(files, "main.js"), "utf-8")


def page_of(env) -> str | None:
    """Return the name of the laboratory's own page, if the book has it."""
    return env.domains.standard_domain.anonlabels.get(LABEL, (None,))[0]


def sources() -> list[Path]:
    """Return the modules that the script is made of, and what they say."""
    return [file for file in sorted(MODULES.glob("*.js*")) if file.name != "small.js"]


def script_of(app) -> Path:
    """Return the file of the script."""
    return Path(app.outdir, "_static", FOLDER, SCRIPT)


def script_is_old(app) -> bool:
    """Tell whether something that the script is made of is newer than it, or it is missing."""
    if app.builder.format != "html":
        return False
    data = Path(app.confdir, "snippets", "lab", "data.py")
    makers = [Path(__file__), Path(bundle.__file__), data, *sources()]
    made = script_of(app).stat().st_mtime if script_of(app).exists() else 0
    return made < max(maker.stat().st_mtime for maker in makers)


def setup(app):
    """Add the directive ``laboratory``, prepare its pages and write their script."""
    app.add_directive("laboratory", Laboratory)
    app.connect("env-get-outdated", outdated)
    app.connect("write-started", write_script)
    app.connect("html-page-context", load_laboratory)
    # A new number has every chapter read again; nothing is executed.
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}

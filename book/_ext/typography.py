"""Where a line must not be broken."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

OPENING = re.compile(r"[¿¡«“(\[]+$")
CLOSING = re.compile(r"^[.,;:!?»”)\]]+")
BETWEEN = re.compile(r"(?<=\d) (?=%|× \d)|(?<=\d ×) (?=\d)")  # 95 %, 8 × 8


class KeepPunctuation(SphinxPostTransform):
    """Keep a formula in the line of the comma after it; a browser may break between the two."""

    default_priority = 500
    formats = ("html",)

    def run(self):
        """Put the formula and what touches it into an inline that is not broken."""
        for formula in list(self.document.findall(nodes.math)):
            line = nodes.inline(classes=["one-line"])
            formula.replace_self(line)
            line += formula
            # By place: a text equals every other one with the same words.
            parent, place = line.parent, line.parent.index(line)
            for beside, mark, end in ((place - 1, OPENING, 0), (place + 1, CLOSING, 2)):
                text = parent[beside] if 0 <= beside < len(parent) else None
                if isinstance(text, nodes.Text) and (found := mark.search(text)):
                    parent[beside] = nodes.Text(mark.sub("", text))
                    line.insert(end, nodes.Text(found[0]))


class KeepNumbers(SphinxPostTransform):
    """Keep a number in the line of its % or of what it is multiplied by."""

    default_priority = 500
    formats = ("html",)

    def run(self):
        """Put no-break spaces between them, but not into code."""
        code = nodes.literal | nodes.literal_block | nodes.raw
        for text in list(self.document.findall(nodes.Text)):
            if not isinstance(text.parent, code) and BETWEEN.search(text):
                joined = nodes.Text(BETWEEN.sub("\N{NO-BREAK SPACE}", text))
                text.parent.replace(text, joined)


def setup(app):
    """Register both."""
    app.add_post_transform(KeepPunctuation)
    app.add_post_transform(KeepNumbers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

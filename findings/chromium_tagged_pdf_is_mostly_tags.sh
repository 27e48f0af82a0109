#!/usr/bin/env bash
# Chromium prints a tagged PDF several times as large as the same pages without tags.
#
# Seen 2026-11-30 with Chromium 156.0.8078.114, playwright 1.65.2, pikepdf 10.18.0, Python 3.11.
#
# Guess: tags and outline (page.pdf(tagged=True, outline=True)), which a reader of screens and a
# table of contents need, add a few per cent: the pages hold the same text.
# Seen: each span and each mark of an SVG is an object of its own, most of kind NonStruct, and
# Chromium writes PDF 1.4, which cannot pack objects: a book of 337 pages takes 14.1 MB instead
# of 4.2, with 87,000 objects for tags.
# What to do: save it again with pikepdf (object_stream_mode=generate): 5.3 MB, tags and all.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
command -v chromium chromium-browser google-chrome > "$folder/browsers" || {
  echo "needs Chromium"
  exit 1
}
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check playwright==1.65.2 \
  pikepdf==10.18.0 2>/dev/null
cat > "$folder/print.py" <<'PYTHON'
import sys
from pathlib import Path

import pikepdf
from playwright.sync_api import sync_playwright

folder = Path(sys.argv[1])
command = (folder / "browsers").read_text().split()[0]
code = "".join(f"<span>word {n} </span>" for n in range(20_000))
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=command, args=["--no-sandbox"])
    tab = browser.new_page()
    tab.set_content(f"<title>t</title><h1>A heading</h1><p>{code}</p>")
    plain = len(tab.pdf(tagged=False))
    tagged = tab.pdf(path=folder / "tagged.pdf", tagged=True, outline=True)
    browser.close()
with pikepdf.open(folder / "tagged.pdf") as book:
    mode = pikepdf.ObjectStreamMode.generate
    book.save(folder / "packed.pdf", object_stream_mode=mode)
    tags = sum(isinstance(part, pikepdf.Dictionary) and part.get("/Type") == "/StructElem"
               for part in book.objects)
packed = (folder / "packed.pdf").stat().st_size
print(f"without tags {plain:,} bytes; with {len(tagged):,}, {tags:,} tags; packed {packed:,}")
assert len(tagged) > 3 * plain and packed < len(tagged) / 2
PYTHON
"$folder/venv/bin/python" "$folder/print.py" "$folder"
echo "as found: most of a tagged PDF of Chromium's is its tags"

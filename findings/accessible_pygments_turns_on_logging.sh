#!/usr/bin/env bash
# accessible-pygments 0.0.5 configures Python's root logger when it is imported.
#
# Seen 2026-11-30, Python 3.11, accessible-pygments 0.0.5 (the syntax colours of
# pydata-sphinx-theme, and so of most Sphinx books).
#
# Guess: a package of Pygments styles changes nothing when it is imported; INFO lines of other
# packages stay silent, as Python's default level is WARNING.
# Seen: it calls logging.basicConfig(level=INFO). From then on INFO lines of any package are
# written to stderr. In a quiet Sphinx build (-q) dozens of lines of fontTools appear as soon as
# a page with code has been written. Whoever wants a quiet build raises the level of the loggers
# that it knows by name; setting the root's level before does not help.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check accessible-pygments==0.0.5 2>/dev/null

"$folder/venv/bin/python" - 2> "$folder/stderr" <<'PYTHON'
import logging

logging.getLogger("before").info("said before the import")
import a11y_pygments  # noqa: F401, E402

logging.getLogger("after").info("said after the import")
assert logging.getLogger().level == logging.INFO, logging.getLogger().level
PYTHON

cat "$folder/stderr"
grep -q "INFO after .* said after the import" "$folder/stderr"
if grep -q "said before" "$folder/stderr"; then exit 1; fi
echo "as found: importing accessible-pygments 0.0.5 shows the INFO lines of every package"

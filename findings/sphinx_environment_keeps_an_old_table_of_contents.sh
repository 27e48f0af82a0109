#!/usr/bin/env bash
# Sphinx 9.0.4: what an extension reads of the front page before the environment is saved stays
# there, and every later build draws its sidebars from it.
#
# Seen 2026-11-30 with sphinx 9.0.4, Python 3.11, Linux x86_64.
#
# Guess: BuildEnvironment clears the doctrees that it holds when it is pickled (its comment says
# why: so that the files on disk are used), hence an extension may look at the table of contents
# (env.master_doctree) at any time.
# Seen: master_doctree is a cached property. Its value lies in the environment's __dict__, is not
# among the caches that __getstate__ empties, and is pickled. In the next build a page that was
# added to the toctree is in env.toctree_includes and on disk, and in no sidebar, its own neither,
# until the environment is made anew (-E).
# What to do: env.__dict__.pop("master_doctree", None) before the environment is saved, or read
# the page with env.get_doctree(env.config.root_doc) instead.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check sphinx==9.0.4 2>/dev/null

mkdir "$folder/book"
cd "$folder/book"
cat > conf.py <<'PYTHON'
from sphinx import addnodes

html_theme = "alabaster"


def look(app, env):
    if LOOKS:
        env.master_doctree


def setup(app):
    app.connect("env-updated", look)
PYTHON
printf 'Book\n====\n\n.. toctree::\n\n   one\n' > index.rst
printf 'One\n===\n\nText.\n' > one.rst
printf ':orphan:\n\nTwo\n===\n\nText.\n' > two.rst

for looks in True False; do
  rm -rf out
  sed -i "1i LOOKS = $looks" conf.py
  "$folder/venv/bin/python" -m sphinx -q . out
  printf 'Two\n===\n\nText.\n' > two.rst
  printf '   two\n' >> index.rst
  "$folder/venv/bin/python" -m sphinx -q . out
  seen=$(grep -c 'toctree-l1.*two.html\|toctree-l1.*href="#">Two' out/two.html || true)
  echo "an extension looks at the table of contents: $looks; links to the new page in its sidebar: $seen"
  [ "$looks" = True ] && [ "$seen" -eq 0 ] || { [ "$looks" = False ] && [ "$seen" -gt 0 ]; }
  printf 'Book\n====\n\n.. toctree::\n\n   one\n' > index.rst
  printf ':orphan:\n\nTwo\n===\n\nText.\n' > two.rst
  sed -i 1d conf.py
done

#!/usr/bin/env bash
# pydata-sphinx-theme sends the search's scripts and the whole index on every page, unused.
#
# Seen 2026-11-30 with pydata-sphinx-theme 0.20.0 and 0.24.0 on Sphinx 9.0.4, Python 3.11.
#
# Guess: searchindex.js, which holds every word of the book, is loaded by search.html alone, as
# in Sphinx's own themes; a page needs it only with search_as_you_type = True.
# Seen: each page loads searchtools.js, language_data.js and searchindex.js with
# search_as_you_type = False, the default, too: the option is read by the theme's script when
# all three have come. In a book of 25 pages they are 41 KB, gzipped, of each first visit.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/book"
cat > "$folder/book/conf.py" <<'PYTHON'
project = "A book"
html_theme = "pydata_sphinx_theme"
html_theme_options = {"search_as_you_type": False}
PYTHON
printf 'A book\n======\n\nA sentence.\n' > "$folder/book/index.rst"

for version in 0.20.0 0.24.0; do
  python3 -m venv "$folder/$version"
  "$folder/$version/bin/pip" install --quiet --disable-pip-version-check \
    sphinx==9.0.4 "pydata-sphinx-theme==$version" 2>/dev/null
  "$folder/$version/bin/python" -m sphinx -q "$folder/book" "$folder/html-$version" > "$folder/log" 2>&1
  found=$(grep -oE 'searchtools\.js|language_data\.js|searchindex\.js' "$folder/html-$version/index.html" | sort -u)
  echo "pydata-sphinx-theme $version, index.html:" $found
  test "$(echo $found)" = "language_data.js searchindex.js searchtools.js"
done
echo "as found: a page loads the search index though nothing on it searches"

"""Keep in Sphinx's environment what later builds need, and no more.

Sphinx notes what the search index lists of a page (glossary terms, names of the API) in its
environment while it writes the page, which is after it has saved the environment, and it does
not read it back from the index: a build that writes only some pages would lose the rest. So
the environment is saved once more when all is written. A build that was broken off in between
leaves pages which no index knows: the next one starts with neither environment nor index, and
reads and writes them all. So does the one after a build that warned: Sphinx reports a warning
only while it reads the page, and the next build would pass.

And sphinx-exercise keeps there each exercise with the page around it, figures and all, which
every build would load: 21 MB instead of 3, and with nothing changed 1.85 s of the processor
instead of 1.57.

Sphinx keeps there, too, the front page with the table of contents as soon as a page is written,
and would draw the sidebars of the next build from that one; it is left out. And the sidebar of
each page lists all of them: when a page, a title or the order changes, all are written.

Saving it twice takes 0.02 s. It needs two private names of Sphinx 9.0, the entries of the
index and the count of warnings. The first can go when sphinx-doc/sphinx#12599 is mended (open
since 7.4), the second when Sphinx repeats the warnings of pages that it does not read again
(sphinx-doc/sphinx#725). The copies of the exercises can go when sphinx-exercise (1.2.1) keeps
no node in the environment.
"""

import pickle
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME

from lab.store import replacing

INDEX = "searchindex.js"


def forget_what_is_half_written(app, config):
    """Delete environment and index if the build before this one did not end well."""
    if unfinished(app).exists():
        Path(app.outdir, INDEX).unlink(missing_ok=True)
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def forget_removed_pages(app, env, added, changed, removed):
    """Sphinx would look for the place of their entries."""
    for name in removed:
        env._search_index_index_entries.pop(name, None)
    return []


def cut_out_exercises(app, env):
    """Keep copies of the exercises, of which no page is part."""
    for entry in getattr(env, "sphinx_exercise_registry", {}).values():
        entry["node"] = entry["node"].deepcopy()
        for node in entry["node"].findall():
            node.document = None


def pages_with_another_sidebar(app, env):
    """Have all pages written if the table of contents is not that of the build before."""
    includes = {name: list(pages) for name, pages in env.toctree_includes.items()}
    contents = includes, {name: title.astext() for name, title in env.titles.items()}
    then, env.contents_then = getattr(env, "contents_then", contents), contents
    return [] if then == contents else sorted(env.found_docs)


def begin(app, builder):
    """From here on environment, pages and index are not of one build."""
    if builder.format == "html":
        unfinished(app).touch()


def end(app, exception):
    """Save what was noted while the pages were written, unless there was a warning."""
    if app._warncount:
        unfinished(app).touch()
    elif exception is None and unfinished(app).exists():
        cut_out_exercises(app, app.env)
        app.env.__dict__.pop("master_doctree", None)
        with replacing(Path(app.doctreedir, ENV_PICKLE_FILENAME)) as file:
            file.write_bytes(pickle.dumps(app.env, pickle.HIGHEST_PROTOCOL))
        unfinished(app).unlink()


def unfinished(app) -> Path:
    """Return the file that exists while pages are written, and until a build ends well."""
    return Path(app.doctreedir, "unfinished")


def setup(app):
    """Watch over a build from its beginning to its end."""
    app.connect("config-inited", forget_what_is_half_written, priority=600)  # after the lock
    app.connect("env-get-outdated", forget_removed_pages)
    app.connect("env-updated", cut_out_exercises)
    app.connect("env-updated", pages_with_another_sidebar)
    app.connect("write-started", begin)
    app.connect("build-finished", end, priority=900)  # after all that may warn
    return {"parallel_read_safe": True, "parallel_write_safe": True}

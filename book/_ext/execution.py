"""Execute a chapter when its code, or code that it imports, changes; and only then.

MyST-NB executes nothing here. It asks the reader of a page for a notebook, and ours hands it
one with outputs: those of the last execution of its cells, as long as they are of the same code
(`chapters`).
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import nbformat
from filelock import FileLock, Timeout
from myst_nb.core.read import read_myst_markdown_notebook
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.logging import getLogger

import kernels
from chapters import (
    MACHINERY,
    Run,
    code_behind,
    code_cells,
    imports,
    parts_of,
    read_notebook,
    restore_outputs,
    runs_of,
    snippets_of,
)
from downloads import is_book_only, portable
from editions import (
    book_of,
    english_names,
    english_outputs,
    front_matter,
    spanish_outputs,
    told_cells,
)
from tongue import catalogue_behind

LOGGER = getLogger(__name__)

application: Sphinx  # MyST-NB gives a reader nothing but the text of the page


class Execution(NamedTuple):
    """What the environment keeps of a run: where its outputs lie, what they depend on."""

    file: Path
    names: list[str]
    code: dict[str, str]
    succeeded: bool


def execute_chapters(app, env, docnames):
    """Execute the chapters that need it, one more at a time than there are cores.

    One that waits for what another one measures leaves its core to the third. Those that take
    longest begin first, or a core would wait for them in the end. The processes that read in
    parallel find them done: each of those gets its share of the pages before anyone knows how
    long they take.
    """
    pending: list[list[Run]] = []
    for docname in docnames:
        path = Path(env.doc2path(docname))
        text = path.read_text(encoding="utf-8")
        if "{code-cell}" not in text:  # to look closer takes a tenth of a second
            continue
        runs = runs_of(*executed_page(text, path, app), app)
        if lacking := [run for run in runs if not read_notebook(run.file)]:
            pending.append(lacking)
    if not pending:
        return
    import joblib

    # The verdicts of a page come after its own cells, which measure what they judge.
    chapters = sorted(pending, key=lambda runs: runs[0].expected_time(), reverse=True)
    packages = set().union(*(run.code for runs in chapters for run in runs))
    workers = joblib.cpu_count() + 1
    if len(chapters) <= workers:
        # After a change most of what they measure is stored: not even TensorFlow is needed.
        packages -= {"keras", "scikit-learn"}
    # What is entered last is left first: if it is interrupted, the kernels end, then the threads.
    with ThreadPoolExecutor(workers) as pool, kernels.serving(packages) as server:
        done = pool.map(lambda runs: [(run, run.execute(app, server)) for run in runs], chapters)
        app.failed = {
            run.file: (run.notebook, error) for runs in done for run, error in runs if error
        }


def read_page(text: str) -> NotebookNode:
    """Return a page as a notebook, a chapter with its outputs.

    They come from an execution before or, at worst, now; those of an English page, from its twin.
    """
    app, docname = application, application.env.docname
    path = Path(app.env.doc2path(docname))
    told, source = executed_page(text, path, app)
    if source == path:
        run_or_restore(told, path, docname, spanish_outputs)
        return told
    app.env.note_dependency(source)
    notebook = notebook_of(text, path)
    runs = run_or_restore(told, source, docname, list)
    for problem in speak_english(notebook, told, [run.code for run in runs], app):
        LOGGER.warning(problem, type="english", location=docname)
    return notebook


def executed_page(text: str, path: Path, app) -> tuple[NotebookNode, Path]:
    """Return the notebook whose cells run for a page, and its file: its own or its twin's."""
    if twin := front_matter(text).get("twin"):
        path = Path(book_of(app), f"{twin}.md")
        text = path.read_text(encoding="utf-8")
    return notebook_of(text, path), path


def run_or_restore(notebook: NotebookNode, path: Path, docname: str, take) -> list[Run]:
    """Put into a notebook what its cells had as outputs; execute them, if need be, now."""
    app = application
    runs = runs_of(notebook, path, app)
    for run in runs:
        error = None
        if executed := read_notebook(run.file):
            os.utime(run.file)
        elif run.file in app.failed:
            executed, error = app.failed[run.file]
        else:  # it was edited since
            # Not in a kernel without the server: there TensorFlow's greetings land on the page.
            with kernels.serving(run.code) as server:
                error = run.execute(app, server)
            executed = run.notebook
        restore_outputs(notebook, code_cells(run.notebook), executed, take)
        if error:
            LOGGER.warning(
                f"la ejecución ha fallado\n{error}\n",
                type="mystnb",
                subtype="exec",
                location=docname,
            )
        kept = Execution(run.file, run.names, run.code, succeeded=error is None)
        executions(app.env).setdefault(docname, []).append(kept)
    return runs


def speak_english(
    notebook: NotebookNode, told: NotebookNode, codes: list[dict[str, str]], app
) -> Iterator[str]:
    """Give the cells of an English page the outputs of its twin; yield what is wrong.

    That is cells that are others than the twin's, and words that no catalogue has.
    """
    notebook.metadata.update(told.metadata)
    cells, twins = code_cells(notebook), code_cells(told)
    try:
        strings = list(told_cells(twins, cells))
    except ValueError as error:
        yield str(error)
        return
    files = {file for code in codes for file in code}
    catalogue = catalogue_behind(files).with_pairs(*strings)
    names = english_names(book_of(app))
    for cell, twin in zip(cells, twins, strict=True):
        lacking: dict[str, None] = {}
        cell.outputs = english_outputs(twin.outputs, catalogue, names, lacking)
        cell.execution_count = twin.execution_count
        for text in lacking:
            yield f"sin inglés: {text!r}"


def notebook_of(text: str, path: Path) -> NotebookNode:
    """Return the notebook that a page is, nothing in it executed."""
    config = application.env.myst_config
    return read_myst_markdown_notebook(text, config, add_source_map=True, path=path)


def executions(env) -> dict[str, list[Execution]]:
    """Return the executions behind the outputs of each page, that of its own cells first.

    They can be changed here.
    """
    if not hasattr(env, "executions"):
        env.executions = {}
    return env.executions


def forget(app, env, docname):
    """Drop a page that is read again, or gone."""
    executions(env).pop(docname, None)


def gather(app, env, docnames, other):
    """Take over what another process has read."""
    read = executions(other)
    executions(env).update({name: read[name] for name in docnames if name in read})


def check_mode(app, config):
    """Refuse to have MyST-NB execute the pages too."""
    if config.nb_execution_mode != "off":
        print(
            f"nb_execution_mode es «{config.nb_execution_mode}», y este libro, que guarda él mismo "
            "lo que ejecuta, solo admite «off»; para que se ejecute todo otra vez, make clean",
            file=sys.stderr,
        )
        sys.exit(2)  # an exception of Sphinx's would come with its traceback


def wait_for_turn(app, config):
    """Let only one build at a time write in this folder; the lock ends with the process."""
    folder = Path(app.doctreedir)
    folder.mkdir(parents=True, exist_ok=True)
    app.turn = FileLock(folder / "lock")
    try:
        app.turn.acquire(blocking=False)
    except Timeout:
        print("Otra construcción trabaja en esta carpeta; la espero…", flush=True)
        app.turn.acquire()


def outdated_chapters(app, env, added, changed, removed) -> Iterator[str]:
    """Ask Sphinx to read again the chapters whose imported code is not what it was."""
    for docname, kept in executions(env).items():
        if any(code_behind(execution.names, app) != execution.code for execution in kept):
            yield docname


def restore_all(notebook: NotebookNode, docname: str, kept: list[Execution], app) -> None:
    """Give a page's notebook what was glued: MyST-NB's has the prose of today, but not that."""
    path = Path(app.env.doc2path(docname))
    told, source = executed_page(path.read_text(encoding="utf-8"), path, app)
    own = source == path
    for cells, execution in zip(parts_of(notebook if own else told), kept, strict=True):
        if executed := read_notebook(execution.file):
            take = spanish_outputs if own else list
            restore_outputs(notebook if own else told, cells, executed, take)
    if not own:  # the page has said what is wrong
        list(speak_english(notebook, told, [execution.code for execution in kept], app))


def offer_notebook(app, pagename, templatename, context, doctree):
    """Put the executed notebook where the theme's download button looks for it."""
    if kept := executions(app.env).get(pagename):
        name = f"{pagename}.ipynb"
        notebook = nbformat.read(Path(app.env.mystnb_config.output_folder, name), as_version=4)
        restore_all(notebook, pagename, kept, app)
        cells = [cell for cell in code_cells(notebook) if not is_book_only(cell)]
        names = sorted(set().union(*(imports(cell.source) for cell in cells)))
        needed = (
            code_behind(names, app).keys() - MACHINERY - {"myst-nb"}
        )  # no page, nothing to glue
        target = Path(app.outdir, "_sources", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(portable(notebook, snippets_of(app), needed), target)
        context["ipynb_source"] = name


def setup(app):
    """Execute before pages are read, and let the reader of pages find the outputs."""
    global application
    application = app
    app.failed = {}  # executed notebook and error, by the file where the notebook would lie
    app.connect("config-inited", check_mode)
    app.connect("config-inited", wait_for_turn)
    app.connect("env-get-outdated", outdated_chapters)
    app.connect("env-before-read-docs", execute_chapters)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", gather)
    app.connect("html-page-context", offer_notebook)
    # The number changes with what is left in the environment: an old one is read anew.
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 4}

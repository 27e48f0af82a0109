"""Execute a chapter when its code, or code that it imports, changes; and only then.

MyST-NB on its own keys its cache on the code cells alone: edit a module that they import and
the old figure stays; edit a caption inside a cell and everything runs again. Here each
execution is kept as one notebook file, named by a digest of the cells' code and of all that
the cells import (`lab.provenance`). Chapters share no database, so they can run in parallel.
"""

import ast
import functools
import hashlib
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import myst_nb.core.execute
import nbformat
from filelock import FileLock, Timeout
from IPython.core.inputtransformer2 import TransformerManager
from myst_nb.core.execute.base import NotebookClientBase
from myst_nb.core.read import create_nb_reader
from myst_nb.sphinx_ import NbMetadataCollector
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

import kernels
from downloads import portable
from lab.provenance import dependencies, imported_names
from lab.store import KEPT, keep_newest, replacing

TAGS = {"raises-exception", "skip-execution"}  # the tags of a cell that alter its execution
# What differs each time in an output: pandas' name of a table, an address in memory, and the
# name of a region that Matplotlib draws in
RANDOM = re.compile(r'(?<=T_)[0-9a-f]{5}|(?<= at 0x)[0-9a-f]+|(?<=[#"])p[0-9a-f]{10}(?=[)"])')
# What turns cells into outputs, whatever they import
MACHINERY = ["ipykernel", "nbclient", "nbformat"]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # how a terminal is told to colour a traceback


@dataclass(frozen=True)
class Chapter:
    """A page with cells, and what decides how they come out.

    `names` are the modules that the cells import, `code` is what lies behind them, and `file`
    is where the notebook lies once it is executed.
    """

    path: Path
    notebook: NotebookNode
    names: list[str]
    code: dict[str, str]
    file: Path

    @classmethod
    def read(cls, notebook: NotebookNode, path: Path, app) -> "Chapter | None":
        """Return the chapter that a page is, unless it has no cells."""
        if not (cells := code_cells(notebook)):
            return None
        names = sorted(set().union(*(imports(cell.source) for cell in cells)))
        code = code_behind(names, app)
        key = execution_key(cells, code)
        folder = Path(app.env.mystnb_config.execution_cache_path, path.stem)
        return cls(path, notebook, names, code, folder / f"{key}.ipynb")

    def execute(self, app, server: str | None = None) -> str | None:
        """Run the cells in a kernel of their own; return why they failed, if they did."""
        config = app.env.mystnb_config
        start = time.perf_counter()
        with TemporaryDirectory() as sockets:
            client = NotebookClient(
                self.notebook,
                km=kernels.manager(sockets, server),
                timeout=config.execution_timeout,
                allow_errors=config.execution_allow_errors,
                record_timing=False,
                resources={"metadata": {"path": str(self.path.parent)}},
            )
            try:
                client.execute(cleanup_kc=True)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                return COLOUR.sub("", str(error)).strip()
        # Not through Sphinx's log, which keeps back what its parallel readers say.
        seconds = time.perf_counter() - start
        print(f"  {self.path.stem}: celdas ejecutadas en {seconds:.0f} s", flush=True)
        name_in_order(self.notebook)
        # Code edited meanwhile would file these outputs under what did not make them.
        if code_behind(self.names, app) == self.code:
            try:
                write_notebook(self.notebook, self.file)
            except OSError as error:
                return f"no se puede guardar «{self.file}»: {error.strerror}"
            keep_newest(self.file.parent, KEPT)
        return None


def execute_chapters(app, env, docnames):
    """Execute the chapters that need it, one more at a time than there are cores.

    One that waits for what another one measures leaves its core to the third. The processes
    that read in parallel find them done. Each of those gets its share of the pages before
    anyone knows how long they take.
    """
    pending = []
    for docname in docnames:
        path = Path(env.doc2path(docname))
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
        chapter = reader and Chapter.read(reader.read(text), path, app)
        if chapter and not read_notebook(chapter.file):
            pending.append((docname, chapter))
    if not pending:
        return
    import joblib

    order = [*app.config.execution_first, *docnames]
    pending.sort(key=lambda item: order.index(item[0]))
    chapters = [chapter for _, chapter in pending]
    packages = set().union(*(chapter.code for chapter in chapters))
    workers = joblib.cpu_count() + 1
    if len(chapters) <= workers:
        # After a change most of what they measure is stored: not even TensorFlow is needed.
        packages -= {"keras", "scikit-learn"}
    # What is entered last is left first: if it is interrupted, the kernels end, then the threads.
    with ThreadPoolExecutor(workers) as pool, kernels.serving(packages) as server:
        errors = pool.map(lambda chapter: chapter.execute(app, server), chapters)
        app.failed = {
            chapter.file: (chapter.notebook, error)
            for chapter, error in zip(chapters, errors, strict=True)
            if error
        }


class CachingClient(NotebookClientBase):
    """Give a chapter's cells their outputs, from an execution before or, at worst, now."""

    def start_client(self):
        """Fill in the outputs; leave in the environment what they depend on."""
        app = self._kwargs["app"]
        chapter = Chapter.read(self.notebook, self.path, app)
        if chapter is None:
            return
        start = time.perf_counter()
        error = None
        if executed := read_notebook(chapter.file):
            os.utime(chapter.file)
        elif chapter.file in app.failed:
            executed, error = app.failed[chapter.file]
        else:  # it was edited since
            error = chapter.execute(app)
        if executed:
            restore_outputs(self.notebook, executed)
        if error:
            self.logger.warning(f"la ejecución ha fallado\n{error}\n", subtype="exec")
        self.exec_metadata = {
            "mtime": time.time(),
            "runtime": time.perf_counter() - start,
            "method": self.nb_config.execution_mode,
            "succeeded": error is None,
            "error": error and error.splitlines()[-1],
            "traceback": None,  # it is in the log already
            "imports": chapter.names,
            "code": chapter.code,
            "notebook": str(chapter.file),
        }


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells that hold code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def imports(source: str) -> set[str]:
    """Return the modules that a cell imports; of what a command of the shell runs, none."""
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:  # running the cell will show it
        return set()
    return set(imported_names(tree))


def code_behind(names: list[str], app) -> dict[str, str]:
    """Map files and packages to their states: what the modules `names` and a kernel depend on.

    The environment keeps it from build to build, as long as no file is touched.
    """
    snippets = snippets_of(app)
    files = state_of_files(snippets)
    if getattr(app.env, "code_behind", (None, {}))[0] != files:
        app.env.code_behind = files, {}
    _, known = app.env.code_behind
    if (key := tuple(names)) not in known:
        known[key] = dependencies([*MACHINERY, *names], snippets)
    return known[key]


def state_of_files(snippets: Path) -> list[tuple[str, int, int]]:
    """List what changes when the project's code is edited or a package is installed."""
    packages = [Path(folder) for folder in sys.path if Path(folder).is_dir()]
    files = [(path, path.stat()) for path in (*sorted(snippets.rglob("*.py")), *packages)]
    return [(str(path), stat.st_size, stat.st_mtime_ns) for path, stat in files]


def execution_key(cells: list[NotebookNode], code: dict[str, str]) -> str:
    """Return the name of an execution of `cells` on top of what lies behind them.

    The cells count as written: a comment may be a magic, a last semicolon hides a value.
    """
    written = [
        (cell.source, sorted(TAGS.intersection(cell.metadata.get("tags", ())))) for cell in cells
    ]
    return hashlib.sha256(repr((written, sorted(code.items()))).encode()).hexdigest()[:16]


def name_in_order(notebook: NotebookNode) -> None:
    """Replace what is different in each execution by numbers, in the outputs of a notebook."""
    names = {}
    for cell in code_cells(notebook):
        for output in cell.outputs:
            for kind, text in output.get("data", {}).items():
                if isinstance(text, str):
                    output.data[kind] = RANDOM.sub(
                        lambda found: names.setdefault(found[0], f"p{len(names)}"), text
                    )


def read_notebook(file: Path) -> NotebookNode | None:
    """Return an executed notebook, or None if there is none that can be read."""
    try:
        return nbformat.read(file, as_version=4)
    except (OSError, ValueError):
        return None


def write_notebook(notebook: NotebookNode, file: Path) -> None:
    """Write an executed notebook, entirely or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as unfinished:
        nbformat.write(notebook, unfinished)


def restore_outputs(notebook: NotebookNode, executed: NotebookNode) -> None:
    """Copy what an execution added to a notebook with the same code cells."""
    for cell, done in zip(code_cells(notebook), code_cells(executed), strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
    for key in {"language_info", "widgets"} & set(executed.metadata):
        notebook.metadata[key] = executed.metadata[key]


def check_mode(app, config):
    """Refuse MyST-NB's other ways to execute a notebook, which know nothing of this one."""
    if config.nb_execution_mode != "cache":
        print(
            f"nb_execution_mode es «{config.nb_execution_mode}», y este libro solo admite «cache»; "
            "para que se ejecute todo otra vez, make clean",
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


def outdated_chapters(app, env, added, changed, removed):
    """Ask Sphinx to read again the chapters whose imported code is not what it was."""
    for docname in env.found_docs - added - changed:
        execution = NbMetadataCollector.get_exec_data(env, docname)
        if execution and code_behind(execution["imports"], app) != execution["code"]:
            yield docname


def offer_notebook(app, pagename, templatename, context, doctree):
    """Put the executed notebook where the theme's download button looks for it."""
    if execution := NbMetadataCollector.get_exec_data(app.env, pagename):
        name = f"{pagename}.ipynb"
        notebook = nbformat.read(Path(app.env.mystnb_config.output_folder, name), as_version=4)
        # MyST-NB's has the prose of today, but not what was glued.
        if executed := read_notebook(Path(execution["notebook"])):
            restore_outputs(notebook, executed)
        needed = execution["code"].keys() - MACHINERY - {"myst-nb"}  # no page, nothing to glue
        target = Path(app.outdir, "_sources", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(portable(notebook, snippets_of(app), needed), target)
        context["ipynb_source"] = name


def snippets_of(app) -> Path:
    """Return the folder of the project's modules, which lies beside conf.py."""
    return Path(app.confdir, "snippets")


def setup(app):
    """Replace MyST-NB's caching client, for which it has no public hook."""
    app.failed = {}  # executed notebook and error, by the file where the notebook would lie
    client = functools.partial(CachingClient, app=app)
    myst_nb.core.execute.NotebookClientCache = client
    app.add_config_value("execution_first", [], "", list)
    app.connect("config-inited", check_mode)
    app.connect("config-inited", wait_for_turn)
    app.connect("env-get-outdated", outdated_chapters)
    app.connect("env-before-read-docs", execute_chapters)
    app.connect("html-page-context", offer_notebook)
    # The number changes with what is left in the environment: an old one is read anew.
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 2}

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
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import myst_nb.core.execute
import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from myst_nb.core.execute.base import NotebookClientBase
from myst_nb.sphinx_ import NbMetadataCollector
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from sphinx.application import ENV_PICKLE_FILENAME
from traitlets.config import Config

from downloads import portable
from lab.provenance import code_digest, imported_names
from lab.store import KEPT, keep_newest

TAGS = {"raises-exception", "skip-execution"}  # the tags of a cell that alter its execution
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # how a terminal is told to colour a traceback


class CachingClient(NotebookClientBase):
    """Give a chapter's cells their outputs, from an earlier execution or from a new one."""

    def start_client(self):
        """Fill in the outputs; leave in the environment what they depend on."""
        cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        if not cells:
            return
        snippets = self._kwargs["snippets"]
        names = sorted(set().union(*(imports(cell.source) for cell in cells)))
        code = code_digest(names, snippets)
        folder = Path(self.nb_config.execution_cache_path, self.path.stem)
        file = folder / f"{execution_key(cells, code)}.ipynb"

        start = time.perf_counter()
        error = None
        if executed := read_notebook(file):
            restore_outputs(self.notebook, executed)
            os.utime(file)
        else:
            error = self.execute()
            # Not through Sphinx's log, which keeps back what its parallel readers say.
            seconds = time.perf_counter() - start
            print(f"  {self.path.stem}: celdas ejecutadas en {seconds:.0f} s", flush=True)
            # Code edited meanwhile would file these outputs under what did not make them.
            if error is None and code_digest(names, snippets) == code:
                write_notebook(self.notebook, file)
                keep_newest(folder, KEPT)

        self.exec_metadata = {
            "mtime": time.time(),
            "runtime": time.perf_counter() - start,
            "method": self.nb_config.execution_mode,
            "succeeded": error is None,
            "error": error,
            "traceback": None,  # it is in the log already
            "imports": names,
            "code": code,
            "notebook": str(file),
        }

    def execute(self) -> str | None:
        """Run the cells in a kernel of their own; return the name of the error, if any."""
        with TemporaryDirectory() as sockets:
            # Kernels that start at the same time may choose the same TCP port.
            private = {"transport": "ipc", "ip": f"{sockets}/kernel"} if os.name == "posix" else {}
            client = NotebookClient(
                self.notebook,
                config=Config(KernelManager=private),
                timeout=self.nb_config.execution_timeout,
                allow_errors=self.nb_config.execution_allow_errors,
                record_timing=False,
                resources={"metadata": {"path": str(self.path.parent)}},
            )
            try:
                client.execute()
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                message = COLOUR.sub("", str(error)).strip()
                self.logger.warning(f"la ejecución ha fallado\n{message}\n", subtype="exec")
                return type(error).__name__
        return None


def imports(source: str) -> set[str]:
    """Return the modules that a cell imports, and those that it runs by their file's name."""
    files = set(re.findall(r"(\w+)\.py\b", source))
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:  # running the cell will show it
        return files
    return files | set(imported_names(tree))


def execution_key(cells: list[NotebookNode], code: str) -> str:
    """Return the name of an execution of `cells` on top of the project code `code`.

    The cells count as written: a comment may be a magic, a last semicolon hides a value.
    """
    written = [
        (cell.source, sorted(TAGS.intersection(cell.metadata.get("tags", ())))) for cell in cells
    ]
    return hashlib.sha256(repr((written, code)).encode()).hexdigest()[:16]


def read_notebook(file: Path) -> NotebookNode | None:
    """Return an executed notebook, or None if there is none that can be read."""
    try:
        return nbformat.read(file, as_version=4)
    except (OSError, ValueError):
        return None


def write_notebook(notebook: NotebookNode, file: Path) -> None:
    """Write an executed notebook, entirely or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    nbformat.write(notebook, unfinished)
    unfinished.replace(file)


def restore_outputs(notebook: NotebookNode, executed: NotebookNode) -> None:
    """Copy what an execution added to a notebook with the same code cells."""
    pairs = ([cell for cell in nb.cells if cell.cell_type == "code"] for nb in (notebook, executed))
    for cell, done in zip(*pairs, strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
    for key in {"language_info", "widgets"} & set(executed.metadata):
        notebook.metadata[key] = executed.metadata[key]


def outdated_chapters(app, env, added, changed, removed):
    """Ask Sphinx to read again the chapters whose imported code is not what it was."""
    for docname in env.found_docs - added - changed:
        execution = NbMetadataCollector.get_exec_data(env, docname)
        if execution and code_digest(execution["imports"], snippets_of(app)) != execution["code"]:
            yield docname


def deal_out_chapters(app, env, docnames):
    """Spread neighbours over the processes that read in parallel.

    Sphinx gives each process one run of the sorted pages: the first would get all the chapters
    and the last the glossary and the bibliography, which execute nothing.
    """
    docnames[:] = [name for i in range(app.parallel) for name in docnames[i :: app.parallel]]


def repeat_warnings(app, exception):
    """Make the next build read every page again if this one warned.

    Sphinx reports a warning only while it reads the page; a second build would pass.
    """
    if app._warncount:
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def offer_notebook(app, pagename, templatename, context, doctree):
    """Put the executed notebook where the theme's download button looks for it."""
    if execution := NbMetadataCollector.get_exec_data(app.env, pagename):
        name = f"{pagename}.ipynb"
        notebook = nbformat.read(Path(app.env.mystnb_config.output_folder, name), as_version=4)
        # MyST-NB's has the prose of today, but not what was glued.
        if executed := read_notebook(Path(execution["notebook"])):
            restore_outputs(notebook, executed)
        target = Path(app.outdir, "_sources", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(portable(notebook, snippets_of(app), execution["imports"]), target)
        context["ipynb_source"] = name


def snippets_of(app) -> Path:
    """Return the folder of the project's modules, which lies beside conf.py."""
    return Path(app.confdir, "snippets")


def setup(app):
    """Replace MyST-NB's caching client, for which it has no public hook."""
    client = functools.partial(CachingClient, snippets=snippets_of(app))
    myst_nb.core.execute.NotebookClientCache = client
    app.connect("env-get-outdated", outdated_chapters)
    app.connect("env-before-read-docs", deal_out_chapters)
    app.connect("html-page-context", offer_notebook)
    app.connect("build-finished", repeat_warnings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

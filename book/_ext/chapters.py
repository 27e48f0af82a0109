"""What the cells of a page are: which run together, the code behind them, their last execution.

MyST-NB on its own keys its cache on the code cells alone: edit a module that they import and
the old figure stays; edit a caption inside a cell and everything runs again. Here each
execution is kept as one notebook file, named by a digest of the cells' code and of all that
the cells import (`lab.provenance`). Pages share no database, so they can run in parallel.
When they do is decided in `execution`.

Cells about the book, such as the verdicts of a chapter, run apart from those about its subject:
a word in a statement then executes the table and not the chapter, which takes three to five
seconds more.
"""

import ast
import hashlib
import math
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

import kernels
from downloads import is_book_only
from editions import spanish_outputs
from lab.provenance import dependencies, imported_names, read_module
from lab.store import KEPT, keep_newest, replacing

TAGS = {"raises-exception", "skip-execution"}  # the tags of a cell that alter its execution
# What differs each time in an output: pandas' name of a table, an address in memory, and the
# name of a region that Matplotlib draws in
RANDOM = re.compile(r'(?<=T_)[0-9a-f]{5}|(?<= at 0x)[0-9a-f]+|(?<=[#"])p[0-9a-f]{10}(?=[)"])')
# What turns cells into outputs, whatever they import
MACHINERY = ["ipykernel", "nbclient", "nbformat"]
# The page that takes longest by far: begun last, for it has few cells, a core would wait for it.
LONGEST = "11-experimento"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # how a terminal is told to colour a traceback


@dataclass(frozen=True)
class Run:
    """Cells of a page that run together, and what decides how they come out.

    `notebook` holds these cells alone, the very ones of the page. `names` are the modules that
    they import, `code` is what lies behind them, and `file` is where the notebook lies once it
    is executed.
    """

    path: Path
    notebook: NotebookNode
    names: list[str]
    code: dict[str, str]
    file: Path

    @classmethod
    def read(cls, notebook: NotebookNode, cells: list[NotebookNode], path: Path, app) -> "Run":
        """Return the run of some cells of a page."""
        names = sorted(set().union(*(imports(cell.source) for cell in cells)))
        code = code_behind(names, app)
        key = execution_key(cells, code)
        folder = path.stem + ("-veredicto" if is_book_only(cells[0]) else "")
        file = Path(app.env.mystnb_config.execution_cache_path, folder, f"{key}.ipynb")
        alone = nbformat.v4.new_notebook(metadata=notebook.metadata)
        alone.cells = cells  # not a copy: the page gets the outputs
        return cls(path, alone, names, code, file)

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
        print(f"  {self.file.parent.name}: celdas ejecutadas en {seconds:.0f} s", flush=True)
        name_in_order(self.notebook)
        # Code edited meanwhile would file these outputs under what did not make them.
        if code_behind(self.names, app) == self.code:
            try:
                write_notebook(self.notebook, self.file, seconds)
            except OSError as error:
                return f"no se puede guardar «{self.file}»: {error.strerror}"
            keep_newest(self.file.parent, KEPT)
        return None

    def expected_time(self) -> tuple[float, bool, int]:
        """Return what tells who takes longer: the seconds of the last execution, the cells.

        Nobody knows of a first execution: it comes before all others, `LONGEST` first and then
        by the number of cells.
        """
        before = self.file.parent.glob("*.ipynb")
        last = max(before, key=lambda file: file.stat().st_mtime, default=None)
        known = last and read_notebook(last)
        seconds = known.metadata.get("seconds", math.inf) if known else math.inf
        return seconds, self.path.stem == LONGEST, len(code_cells(self.notebook))


def runs_of(notebook: NotebookNode, path: Path, app) -> list[Run]:
    """Return the runs of a page, that of its subject first; none if it has no cells."""
    return [Run.read(notebook, cells, path, app) for cells in parts_of(notebook)]


def parts_of(notebook: NotebookNode) -> list[list[NotebookNode]]:
    """Return the cells of a page that run together, as in ``runs_of``."""
    own, about_the_book = [], []
    for cell in code_cells(notebook):
        (about_the_book if is_book_only(cell) else own).append(cell)
    return [cells for cells in (own, about_the_book) if cells]


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
        code = dependencies([*MACHINERY, *names], snippets, remembering(app.env))
        known[key] = code | catalogues(code, snippets)
    return known[key]


def catalogues(code: dict[str, str], snippets: Path) -> dict[str, str]:
    """Map to their states the catalogues by which what this code draws is said in English."""
    folders = {Path(file).parts[0] for file in code if "/" in file} | {""}
    files = (Path(snippets, folder, "english.py") for folder in sorted(folders))
    return {
        file.relative_to(snippets).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        for file in files
        if file.exists()
    }


def remembering(env) -> Callable:
    """Return `read_module` for one who knows what it said of files in builds before this one.

    To parse all modules because one was touched takes 0.4 s of the 5 that an edited statement
    takes.
    """
    if len(getattr(env, "modules_read", range(1001))) > 1000:  # each edit adds one
        env.modules_read = {}

    def reader(source: bytes, package: tuple[str, ...]):
        key = hashlib.sha256(source).digest(), package
        if key not in env.modules_read:
            env.modules_read[key] = read_module(source, package)
        return env.modules_read[key]

    return reader


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


def write_notebook(notebook: NotebookNode, file: Path, seconds: float) -> None:
    """Write an executed notebook, and how long it took, entirely or not at all."""
    notebook = nbformat.from_dict(notebook)  # a copy: the page's own is the same each time
    notebook.metadata.seconds = round(seconds, 1)
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as unfinished:
        nbformat.write(notebook, unfinished)


def restore_outputs(
    notebook: NotebookNode, cells: list[NotebookNode], executed: NotebookNode, take=spanish_outputs
) -> None:
    """Copy what an execution of these cells of a notebook added to it.

    ``take`` makes the outputs of a cell from those that it had.
    """
    for cell, done in zip(cells, code_cells(executed), strict=True):
        cell.outputs, cell.execution_count = take(done.outputs), done.execution_count
    for key in {"language_info", "widgets"} & set(executed.metadata):
        notebook.metadata[key] = executed.metadata[key]


def snippets_of(app) -> Path:
    """Return the folder of the project's modules, which lies beside conf.py."""
    return Path(app.confdir, "snippets")

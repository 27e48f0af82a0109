"""A copy of the book, to build, change and build again away from the reader's own."""

import contextlib
import itertools
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil
from clock import ROOT

SPHINX = "-m sphinx -c . book _build/html -n -W --keep-going -j auto -q"  # as in the Makefile
EXECUTED = re.compile(r"^  (\S+?)(?:-veredicto)?: celdas ejecutadas en \d+ s$", re.MULTILINE)
SAMPLING = 0.5  # seconds between two looks at its processes
# To add up their memory takes a twentieth of a second, in which they can't get more of it.
LOOKS_FOR_MEMORY = 4  # one in so many


@dataclass(frozen=True)
class Build:
    """What one build did.

    Attributes:
        chapters: those whose cells were executed.
        computed: CPU seconds of their kernels, which share the cores and wait for each other.
        measured: measurements that were made, and not found made already.
        memory: the most bytes that all its processes held at the same time.
    """

    chapters: set[str]
    computed: float
    measured: int
    memory: int


PARTS = ("conf.py", "book", "snippets")  # what a build needs of the project
# The last commit before the book was worded by what a learning rate does: one rate, a second
# pass through the training set after each epoch, one module for all statements
BEFORE = "b089d69"


def project_at(commit: str, folder: Path) -> bool:
    """Write there what a build needs of the project as it was; say whether history has it."""
    with tempfile.NamedTemporaryFile(suffix=".tar") as archive:
        asked = ["git", "archive", f"--output={archive.name}", commit, *PARTS]
        if subprocess.run(asked, cwd=ROOT, stderr=subprocess.DEVNULL, check=False).returncode:
            return False
        shutil.unpack_archive(archive.name, folder, filter="data")
    return True


class BookCopy:
    """What a build needs of the project, in a folder of its own; nothing is built yet."""

    def __init__(self, root: Path, project: Path = ROOT):
        self.root = root
        self.originals = {}
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        for part in (*PARTS, "findings"):  # which the book had not before
            if not (project / part).exists():
                continue
            if (project / part).is_dir():
                shutil.copytree(project / part, root / part, ignore=ignored)
            else:
                shutil.copy(project / part, root)

    def build(self) -> Build:
        """Build it as `make html` does.

        Raises:
            RuntimeError: the build failed; says why.
        """
        before = self.measurements()
        process = psutil.Popen(
            [sys.executable, *SPHINX.split()],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        peak, computed = 0, {}
        for look in itertools.count():
            try:
                printed, errors = process.communicate(timeout=SAMPLING)
                break
            except subprocess.TimeoutExpired:
                computed |= kernel_seconds(process)
                if look % LOOKS_FOR_MEMORY == 0:
                    peak = max(peak, memory(process))
        if process.returncode:
            raise RuntimeError(errors)
        made = len(self.measurements() - before)
        return Build({*EXECUTED.findall(printed)}, sum(computed.values()), made, peak)

    def wipe(self) -> None:
        """Delete all that was built, executed and measured."""
        shutil.rmtree(self.root / "_build", ignore_errors=True)

    def settle(self) -> None:
        """Undo the changes and build, so that the next build has only the next change to see."""
        for name, text in self.originals.items():
            (self.root / name).write_text(text, encoding="utf-8")
        self.originals.clear()
        self.build()

    def change(self, name: str, old: str, new: str) -> None:
        """Settle, then replace a text in a file where it occurs first."""
        self.settle()
        text = self.originals[name] = (self.root / name).read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{name} ya no contiene «{old}»")
        (self.root / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def measurements(self) -> set[Path]:
        """Return the files of the measurements that are kept."""
        return set(self.root.glob("_build/measurements/**/*.joblib"))

    def importers(self, module: str) -> set[str]:
        """Return the pages that import a module of snippets, or one that imports it.

        By a search for import lines alone: the build finds them in another way.
        """
        snippets = self.root / "snippets"
        files = {file: file.stem for file in self.root.glob("book/*.md")} | {
            file: ".".join(file.relative_to(snippets).with_suffix("").parts)
            for file in snippets.rglob("*.py")
        }
        found, pending = set(), [module]
        while pending:
            name = pending.pop()
            package, _, last = name.rpartition(".")
            line = rf"^\s*(import|from) {name}\b"
            if package:
                line += rf"|^\s*from {package} import (\([^)]*|.*)\b{last}\b"
            for file in files.keys() - found:
                if re.search(line, file.read_text(encoding="utf-8"), re.MULTILINE):
                    found.add(file)
                    pending.append(files[file])
        return {file.stem for file in found if file.suffix == ".md"}


def memory(process: psutil.Process) -> int:
    """Return the bytes that a process and its descendants hold.

    On Linux a page that several of them share counts once in all (PSS); elsewhere in each.
    """
    total = 0
    with contextlib.suppress(psutil.Error):
        for member in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):  # it has ended
                held = member.memory_full_info()
                total += getattr(held, "pss", held.rss)
    return total


def kernel_seconds(process: psutil.Process) -> dict[int, float]:
    """Map each kernel of a build to the CPU seconds that it has used.

    On Linux a server makes them, and those that read and write pages are children of the
    build itself; elsewhere the kernels are, and there are no others.
    """
    used = {}
    with contextlib.suppress(psutil.Error):
        for member in process.children(recursive=True):
            with contextlib.suppress(psutil.Error):  # it has ended
                if sys.platform != "linux" or member.ppid() != process.pid:
                    times = member.cpu_times()
                    used[member.pid] = times.user + times.system
    return used

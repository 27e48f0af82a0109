"""Keep what a measurement returned, so that the chapters that share it compute it once.

While the book is built, the environment variable ``LAB_STORE`` names a folder. There, each
result is one file, in a folder named by the digest of the definitions behind it
(``lab.provenance``): a change in them, however deep, makes an old result unreachable, and a
change in how a result is drawn leaves it where it is.
Without the variable nothing is kept and nothing is read; nor for a function that lies elsewhere
than ``lab``'s neighbours, since what it depends on could not be followed from there.
"""

import contextlib
import functools
import inspect
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

KEPT = 5  # versions of the code whose results stay, so that going back to one costs nothing
ROOT = Path(__file__).resolve().parents[1]  # names count from the folder where lab lies


def building() -> bool:
    """Return whether this is done to make a page: the build says where measurements lie."""
    return "LAB_STORE" in os.environ


def measurement(function: Callable) -> Callable:
    """Decorate a function whose result depends on its arguments and its code alone.

    Arguments and result must be plain data: numbers, strings, arrays, tables, dataclasses.
    Two processes that ask for the same result at the same time compute it once.
    """
    name = name_of(function)
    digest = functools.cache(lambda: definition_digest(name))
    if name and os.environ.get("LAB_STORE"):
        digest()  # now, while the files on disk are those that are being imported

    @functools.wraps(function)
    def stored(*args, **kwargs):
        store = os.environ.get("LAB_STORE")
        if not (name and store):
            return function(*args, **kwargs)

        from filelock import FileLock

        shelf = Shelf(function, Path(store), digest())
        file = shelf.file(*args, **kwargs)
        with FileLock(f"{file}.lock"):
            if (kept := shelf.read(file)) is not NOTHING:
                return kept
            result = function(*args, **kwargs)
            # A module edited meanwhile would file this result under code that did not make it.
            if definition_digest(name) == digest():
                shelf.write(file, result)
        return result

    return stored


NOTHING = object()  # what a shelf holds of a call that was never made


class Shelf:
    """The results of one function: a file for each call, in a folder named by the code's digest.

    Args:
        function: lies below ``ROOT``.
        store: the folder of all results; it is made when there is something to keep.
        digest: of the function, as ``definition_digest`` returns it.
    """

    def __init__(self, function: Callable, store: Path, digest: str):
        self.signature = inspect.signature(function)
        self.versions = Path(store, name_of(function))
        self.folder = self.versions / digest
        self.folder.mkdir(parents=True, exist_ok=True)

    def file(self, *args, **kwargs) -> Path:
        """Return where the result of a call lies, or would lie."""
        import joblib

        call = self.signature.bind(*args, **kwargs)
        call.apply_defaults()
        return self.folder / f"{joblib.hash((call.args, call.kwargs))}.joblib"

    def read(self, file: Path) -> Any:
        """Return the result in a file; ``NOTHING`` if there is none, or a damaged one."""
        import joblib

        if not file.exists():
            return NOTHING
        try:
            result = joblib.load(file)
        except Exception:  # a damaged pickle can raise anything; it is made anew
            return NOTHING
        os.utime(self.folder)
        return result

    def write(self, file: Path, result: Any) -> None:
        """Keep a result, whole or not at all."""
        import joblib

        with replacing(file) as unfinished:
            joblib.dump(result, unfinished)
        keep_newest(self.versions, KEPT)


@contextlib.contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yield a neighbour of `file` to write, which takes its place only if all goes well."""
    unfinished = file.with_name(f".{os.getpid()}{file.suffix}")
    try:
        yield unfinished
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def keep_newest(folder: Path, count: int) -> None:
    """Delete all but the `count` files or folders inside `folder` that were used last."""
    with contextlib.suppress(FileNotFoundError):  # another process is deleting the same ones
        by_age = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in by_age[:-count]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def definition_digest(name: str) -> str:
    """Return the digest of what a definition below ``ROOT`` depends on."""
    from lab import provenance

    return provenance.definition_digest(name, ROOT)


def name_of(function: Callable) -> str | None:
    """Return the dotted name that `function` has below ``ROOT``, or None if it lies elsewhere.

    It comes from the file: a script run by its path knows itself as ``__main__``, and nothing
    of the folders around it.
    """
    function = inspect.unwrap(function)
    file = Path(inspect.getfile(function)).resolve()
    if not file.is_relative_to(ROOT):
        return None
    return ".".join((*file.relative_to(ROOT).with_suffix("").parts, function.__name__))


def no_room() -> bool:
    """Return whether the temporary folder takes no file any more.

    TensorFlow writes there the functions that it translates. Where it cannot, it says that they
    are wrong, and nothing of a disk (findings/autograph_blames_the_code_for_a_full_disk.sh).
    """
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"0")
    except OSError:
        return True
    return False


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

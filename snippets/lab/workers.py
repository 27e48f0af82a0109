"""Other processes that do an experiment's units: some here, or those of a Dask cluster.

joblib's executor, or Dask's own client: here stands only what a worker is told (a function by
its name, its parameters and the digest of its code), and what becomes of a worker that dies,
that has other code, or that is not there. With several workers each has one thread: networks of
this size gain nothing with a second one.
"""

import contextlib
import importlib
import itertools
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from pathlib import Path
from typing import Any

from lab import store, units
from lab.units import Failure

# As in conf.py; and memory that is freed stays with the process, as in the Makefile.
ENVIRONMENT = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_TRIM_THRESHOLD_": "268435456",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
}
#: Where a command keeps its units, if the environment does not say it (LAB_STORE).
FOLDER = store.ROOT.parent / "_build" / "measurements"
LANES = 2  # that are mixed, so that two workers begin with different ones


# --- what a command does ------------------------------------------------------------------


@contextlib.contextmanager
def at_work(jobs: int | None) -> Iterator[None]:
    """Have the units of this process done by so many processes, and kept.

    Args:
        jobs: processes, one for each core without it; 1 is this one.
    """
    before = dict(vars(units.settings))
    jobs = jobs or cores()
    run = Processes(jobs) if jobs > 1 else None
    units.settings.run, units.settings.threads = run, 1
    if writable(FOLDER):
        units.settings.folder = FOLDER
    # Who stops a job of a queue sends this and not Ctrl-C.
    stop = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        if run:
            run.close()
        signal.signal(signal.SIGTERM, stop)
        vars(units.settings).update(before)


def cores() -> int:
    """Return how many cores this process may use."""
    import joblib

    return joblib.cpu_count()


def writable(folder: Path) -> bool:
    """Return whether results can be kept in a folder; make it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


# --- processes of this machine --------------------------------------------------------------


class Processes:
    """Some processes here. They start with the first units, and end with ``close``."""

    def __init__(self, count: int):
        self.count = count
        self.executor = None

    def __call__(
        self, function: Callable, lanes: list[list[units.Unit]]
    ) -> Iterator[tuple[int, Any]]:
        """Do the units; yield (place, result or ``Failure``) as they come.

        A process that dies takes the units that are being done with it: they are done again, and
        one that has seen two processes die is done alone, to know whether it kills them.
        """
        waiting, deaths = dict(mixed(lanes)), Counter()
        name = store.name_of(function)
        digest = store.definition_digest(name)
        while waiting:
            alone = [place for place in waiting if deaths[place] > 1]
            calm = [place for place in waiting if deaths[place] < 2]
            now = calm or alone[:1]
            try:
                executor = self.start(min(self.count, len(now)))
                submitted, futures = iter(now), {}
                while True:
                    # What loky has not handed on yet when it is told to kill makes it fail.
                    for place in itertools.islice(submitted, 2 * self.count - len(futures)):
                        futures[executor.submit(carry_out, name, digest, waiting[place])] = place
                    if not futures:
                        break
                    for future in wait(futures, return_when=FIRST_COMPLETED).done:
                        outcome = outcome_of(future)
                        place = futures.pop(future)
                        del waiting[place]
                        yield place, outcome
            except BrokenExecutor:
                # They take units in their order: those that were being done are the first ones.
                deaths.update([place for place in now if place in waiting][: self.count])
                if not calm:
                    del waiting[alone[0]]
                    yield alone[0], Failure("proceso muerto", "tres veces; ¿le falta memoria?")

    def start(self, count):
        """Return the executor, with so many processes."""
        from joblib.externals.loky import get_reusable_executor

        self.executor = get_reusable_executor(
            count, timeout=600, env=ENVIRONMENT, initializer=_ready, initargs=(os.getpid(),)
        )
        return self.executor

    def close(self):
        """End the processes, whatever they do.

        What waits is not to be cancelled before: loky then never ends, nor does this process
        (findings/loky_cancel_then_kill_never_ends.sh).
        """
        if self.executor:
            self.executor.shutdown(wait=True, kill_workers=True)
            self.executor = None


def outcome_of(future: Future) -> Any:
    """Return what came of a unit; a process that died is the only error that remains one."""
    try:
        return future.result()
    except BrokenExecutor:
        raise
    except Exception as error:  # a result that cannot be sent, for one
        return Failure.of(error)


def mixed(lanes: list[list[units.Unit]]) -> Iterator[units.Unit]:
    """Yield the units of all lanes, two lanes at a time in turn.

    A worker that makes what a lane shares keeps it for two lanes.
    """
    pending = iter(lanes)
    open_lanes = [iter(lane) for lane in itertools.islice(pending, LANES)]
    while open_lanes:
        lane = open_lanes.pop(0)
        for unit in itertools.islice(lane, 1):
            yield unit
            open_lanes.append(lane)
            break
        else:
            open_lanes += [iter(lane) for lane in itertools.islice(pending, 1)]


def _ready(parent):
    """Prepare a process: Ctrl-C is for its parent, who ends it; without a parent it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch():
        while os.getppid() == parent:
            threading.Event().wait(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


# --- what a worker does ---------------------------------------------------------------------

_one_at_a_time = threading.Lock()
_checked: set[tuple[str, str]] = set()


def carry_out(name: str, digest: str, arguments: dict[str, Any]) -> Any:
    """Do one unit, on a worker; return its result or a ``Failure``.

    Args:
        name: of the function, as ``store.name_of`` returns it.
        digest: of its code where the unit comes from.
        arguments: of the unit.
    """
    os.environ.update(ENVIRONMENT)
    units.settings.threads = 1
    with _one_at_a_time, one_thread():
        try:
            function = find(name)
            if (name, digest) not in _checked and store.definition_digest(name) != digest:
                return Failure("otro código", f"el del trabajador no es el de aquí ({name})")
            result = function(**arguments)
            # What is imported late has been imported by now, and was that which was asked for.
            if (name, digest) not in _checked and store.definition_digest(name) != digest:
                return Failure("otro código", f"ha cambiado mientras se medía ({name})")
            _checked.add((name, digest))
        except Exception as error:
            failure = Failure.of(error)
            return Failure(failure.kind, failure.words)
    return result


def find(name: str) -> Callable:
    """Return the function that lies below ``store.ROOT`` under a dotted name."""
    if str(store.ROOT) not in sys.path:
        sys.path.insert(0, str(store.ROOT))
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


def one_thread():
    """Return a context in which NumPy's products of matrices take one thread."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

"""Other processes that do an experiment's units: some here, or those of a Dask cluster.

joblib's executor, or Dask's own client: here stands only what a worker is told (a function by
its name, its parameters and the digest of its code), and what becomes of a worker that dies,
that has other code, or that is not there. With several workers each has one thread: networks of
this size gain nothing with a second one.
"""

import contextlib
import functools
import gc
import importlib
import json
import logging
import os
import pickle
import signal
import sys
import threading
import time
import warnings
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from pathlib import Path
from typing import Any

from lab import arguments, provenance, store, units
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
#:
#: :meta hide-value:
FOLDER = store.ROOT.parent / "_build" / "measurements"


# --- what a command does ------------------------------------------------------------------


@contextlib.contextmanager
def at_work(jobs: int | None = None, cluster: str | None = None) -> Iterator[None]:
    """Have the units of this process done by other ones, and kept.

    Args:
        jobs: processes here, one for each core without it; 1 is this one.
        cluster: the address of a Dask scheduler, instead.

    Raises:
        ValueError: no scheduler answers there, or it has no workers.
    """
    before = dict(vars(units.settings))
    jobs = jobs or cores()
    run = Cluster(cluster) if cluster else Processes(jobs) if jobs > 1 else None
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
    """Some processes here. They start with the first units, and end with ``close``.

    An executor for each of them: then it is known which unit a process that dies was doing, and
    a process can keep to a lane. With one for all of them each process makes for itself what
    every lane shares, and two take 12.0 s for the canonical grid and 6.6 s for a map of 96
    networks; so they take 9.9 s and 4.2 s.
    """

    def __init__(self, count: int):
        self.count = count
        self.executors: dict[int, Executor] = {}

    def __call__(self, lanes: list[list[units.Unit]]) -> Iterator[tuple[int, Any]]:
        """Do the units; yield (place, result or ``Failure``) as they come.

        What a process was doing when it died is done again; what has seen two die is done at
        the end and alone, to know whether it kills them or only lacked memory.
        """
        shares, identity = Shares(lanes), Identity()
        doubtful, deaths = deque[units.Unit](), Counter[int]()
        running: dict[Future, tuple[int, units.Unit]] = {}

        def begin(worker, unit):
            running[self.submit(worker, identity(unit))] = worker, unit

        while True:
            for worker in set(range(self.count)) - {worker for worker, _ in running.values()}:
                if unit := shares.next(worker):
                    begin(worker, unit)
            if not running and doubtful:
                begin(0, doubtful.popleft())
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                worker, unit = running.pop(future)
                try:
                    outcome = outcome_of(future)
                except BrokenExecutor:
                    deaths[unit.place] += 1
                    if deaths[unit.place] == 1:
                        shares.give_back(worker, unit)
                    elif deaths[unit.place] == 2:
                        doubtful.append(unit)
                    else:
                        yield unit.place, DEAD
                else:
                    shares.done(worker)
                    yield unit.place, outcome

    def submit(self, worker: int, task: tuple) -> Future:
        """Have a process do a unit, a new one if it is not there or has died."""
        if worker in self.executors:
            with contextlib.suppress(BrokenExecutor):
                return self.executors[worker].submit(carry_out, *task)
        from joblib.externals.loky import ProcessPoolExecutor

        self.executors[worker] = ProcessPoolExecutor(
            1, timeout=600, env=ENVIRONMENT, initializer=_ready, initargs=(os.getpid(),)
        )
        return self.executors[worker].submit(carry_out, *task)

    def close(self):
        """End the processes, whatever they do.

        What waits is not to be cancelled before: loky then never ends, nor does this process
        (findings/loky_cancel_then_kill_never_ends.sh).
        """
        while self.executors:
            _, executor = self.executors.popitem()
            executor.shutdown(wait=True, kill_workers=True)


class Shares:
    """Which unit each worker does next: those of a lane have in common what is costly to make.

    A worker keeps to its lane. Then it takes one that nobody has begun, from the last, since
    where lanes differ in size the last are the large ones, and whoever ends alone with one of
    those keeps the others waiting. When there is none, it helps where most is left, if it would
    be done there sooner than without it.
    """

    def __init__(self, lanes: list[list[units.Unit]]):
        self.fresh = [_Lane(some) for some in lanes]
        self.begun: list[_Lane] = []
        self.at: dict[int, _Lane] = {}
        self.since: dict[int, float] = {}

    def next(self, worker: int) -> units.Unit | None:
        """Return the next unit of a worker; None if it has nothing to do for now."""
        lane = self.at.get(worker)
        if not (lane and lane.left):
            if self.fresh:
                self.begun.append(lane := self.fresh.pop())
            else:
                lane = max(self.begun, key=lambda lane: len(lane.left))
                if not lane.wants_help:
                    return None
            self.at[worker] = lane
        self.since[worker] = time.monotonic()
        return lane.left.popleft()

    def done(self, worker: int) -> None:
        """Note how long the unit of a worker took."""
        self.at[worker].took.append(time.monotonic() - self.since[worker])

    def give_back(self, worker: int, unit: units.Unit) -> None:
        """Take back a unit that its worker has not done."""
        self.at[worker].left.appendleft(unit)


class _Lane:
    def __init__(self, some):
        self.left = deque(some)
        self.took: list[float] = []

    @property
    def wants_help(self):
        """Whether who comes now can end a unit, the first one included, before all are done."""
        return self.left and len(self.left) * min(self.took, default=1) > max(self.took, default=0)


LOST = (
    "se ha perdido el planificador; lo medido está guardado, y al repetir la orden se sigue "
    "donde estaba"
)


@contextlib.contextmanager
def or_lost() -> Iterator[None]:
    """Say that the scheduler is lost, if it does not answer."""
    try:
        yield
    except OSError:  # TimeoutError is one
        raise OSError(LOST) from None


def outcome_of(future: Future) -> Any:
    """Return what came of a unit; of errors, only that nobody works any more remains one."""
    try:
        return future.result()
    except BrokenExecutor:
        raise
    except CancelledError:
        raise OSError(LOST) from None
    except Exception as error:  # a result that cannot be sent, for one
        if type(error).__name__ == "KilledWorker":  # of distributed, which may not be there
            return DEAD
        return Failure.of(error)


def outcome_words(outcome: Any) -> str:
    """Return what a failure says; nothing of a result."""
    return outcome.words if isinstance(outcome, Failure) else ""


DEAD = Failure("proceso muerto", "cada vez que se ha intentado; ¿le falta memoria?")


class Identity:
    """What a worker is told of a unit: its function's name and digest, and its parameters."""

    def __init__(self):
        self.digests: dict[str, str] = {}

    def __call__(self, unit: units.Unit) -> tuple[str, str, dict[str, Any]]:
        """Return the arguments of ``carry_out``."""
        name = store.name_of(unit.function)
        if name not in self.digests:
            self.digests[name] = store.definition_digest(name)
        return name, self.digests[name], unit.parameters


def _ready(parent):
    """Prepare a process: Ctrl-C is for its parent, who ends it; without a parent it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch():
        while os.getppid() == parent:
            threading.Event().wait(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


# --- a cluster ------------------------------------------------------------------------------


def scheduler(text: str) -> str:
    """Return the address of a scheduler: ``tcp://MACHINE:PORT``, ``tls://…``, or in its file.

    Raises ValueError if it is neither.
    """
    if Path(text).is_file():
        with contextlib.suppress(ValueError, LookupError, TypeError):
            return json.loads(Path(text).read_text("utf-8"))["address"]
    protocol, _, place = text.partition("://")
    if protocol in ("tcp", "tls") and place.rpartition(":")[2].isdigit():
        return text
    raise ValueError(
        f"recibido «{text}»; hace falta la dirección de un planificador de Dask, como "
        "tcp://127.0.0.1:8786, o el archivo que ha escrito (--scheduler-file)"
    )


class Cluster:
    """The workers of a Dask scheduler: those that are there, and those that come later."""

    def __init__(self, address: str):
        try:
            from distributed import Client
        except ImportError:
            raise ValueError(
                "falta el paquete distributed; instálalo: pip install distributed"
            ) from None
        # What they write is for their makers: at the end of an interrupted command, too.
        for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            with warnings.catch_warnings():
                # Of versions that differ, in a table of packages that the units may not use.
                warnings.simplefilter("ignore")
                self.client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError):  # the last one: an address that cannot be
            raise ValueError(
                f"no contesta ningún planificador en «{address}»; arranca uno (make cluster) o "
                "revisa la dirección"
            ) from None
        self.told: set[str] = set()
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            self.close()
            raise ValueError(
                f"el planificador «{address}» no tiene trabajadores; arranca alguno: "
                f"dask worker {address} --nthreads 1"
            ) from None

    def __call__(self, lanes: list[list[units.Unit]]) -> Iterator[tuple[int, Any]]:
        """Do the units; yield (place, result or ``Failure``) as they come.

        A lane has its worker, from whom those that have nothing to do may take units. Dask gives
        those of a worker that dies to another one; what has seen several die, which may only
        have waited there for its turn, is done at the end and alone.
        """
        lanes = lanes[::-1]  # for the reason that ``Shares`` has
        waiting = {unit.place: unit for lane in lanes for unit in lane}
        number = {unit.place: n for n, lane in enumerate(lanes) for unit in lane}
        alone, identity = set(), Identity()
        names = sorted({identity(unit)[0] for unit in waiting.values()})

        def submit(executor, place):
            task = as_bytes(*identity(waiting[place]))
            futures[executor.submit(pickle.loads, task)] = place

        while waiting:
            with or_lost():
                good, refused = self.look(names)
            known = self.client.get_executor(pure=False, workers=good)
            anybody = known if refused else self.client.get_executor(pure=False)
            own = {
                worker: self.client.get_executor(
                    pure=False, workers=[worker], allow_other_workers=True
                )
                for worker in good
            }
            home = {} if refused else {place: good[number[place] % len(good)] for place in waiting}
            futures, doubtful, sent_back, full = {}, deque(), False, False
            for place in waiting:
                submit(own[home[place]] if place in home else anybody, place)
            while (futures or doubtful) and not full:
                if not futures:
                    alone.add(place := doubtful.popleft())
                    submit(anybody, place)
                done = wait(futures, timeout=PATIENCE, return_when=FIRST_COMPLETED).done
                with or_lost():
                    alive = self.client.nthreads().keys()
                if not done and (refused or sent_back) and not alive >= set(good):
                    break  # what only they may do would wait for ever
                for future in done:
                    place, outcome = futures.pop(future), outcome_of(future)
                    if outcome == OTHER or "No module named 'lab'" in outcome_words(outcome):
                        sent_back = True  # by a newcomer
                        home.pop(place, None)
                        submit(known, place)
                    elif outcome == FULL:
                        full = True  # and looked at again, before it takes all that there is
                    elif outcome == DEAD and place not in alone:
                        doubtful.append(place)
                    else:
                        del waiting[place]
                        yield place, outcome
                # If for a moment there is nobody, what had a worker waits for that one alone.
                for future, place in list(futures.items()):
                    if place in home and home[place] not in alive:
                        del home[place]
                        future.cancel()
                        del futures[future]
                        submit(anybody, place)
            for future in futures:
                future.cancel()

    def look(self, names: list[str]) -> tuple[list[str], list[str]]:
        """Return the workers whose code and packages are those of here, and why others are not.

        Raises:
            ValueError: all of them are others.
        """
        own = states(names)
        good, refused = [], []
        for worker, theirs in self.client.run(fitness, names, on_error="return").items():
            if isinstance(theirs, Failure):
                why = theirs.words
            elif not isinstance(theirs, Exception):
                why = difference(own, theirs)
            elif "No module named" in str(theirs):
                why = "no tiene el libro"
            else:
                continue  # one that is going, or coming again
            if why:
                refused.append(f"{worker} no sirve: {why}")
            else:
                good.append(worker)
        if not (good or refused):
            time.sleep(1)
            return self.look(names)
        if not good:
            raise ValueError("; ".join(["ningún trabajador sirve", *refused[:3]]))
        for line in set(refused) - self.told:
            self.told.add(line)
            print(f"aviso: {line}", file=sys.stderr)
        return good, refused

    def close(self):
        """Take back what has not been done, and leave the cluster as it was."""
        self.client.close()


PATIENCE = 10  # seconds for a scheduler to answer, and for its first worker to come


def difference(own: dict[str, str], theirs: dict[str, str]) -> str:
    """Return in what two states of a definition differ, in a few words; nothing if in nothing."""
    if not any(":" in key for key in theirs):
        return "no tiene este experimento"
    apart = sorted(key for key in own.keys() | theirs.keys() if own.get(key) != theirs.get(key))
    packages = [
        f"{key} {theirs.get(key, 'no está')}, aquí {own.get(key, 'no está')}"
        for key in apart
        if ":" not in key
    ]
    if packages or not apart:
        return "; ".join(packages)
    return f"tiene otro código ({', '.join(apart[:3])})"


def as_bytes(*task: Any) -> bytes:
    """Return what, when it is unpickled, does a unit.

    The scheduler unpickles functions that it is given, and so would need this book to hand them
    on (findings/dask_scheduler_imports_what_it_hands_on.sh). Bytes it leaves alone.
    """
    return pickle.dumps(_Task(task))


class _Task:
    def __init__(self, task):
        self.task = task

    def __reduce__(self):
        return carry_out, self.task


def local_cluster(port: str, count: int | None = None) -> None:
    """Start a scheduler with some workers here, one for each core, until Ctrl-C (make cluster)."""
    from distributed import LocalCluster

    os.environ.update(ENVIRONMENT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # The terminal's Ctrl-C reaches all: what begins without it is ended by this process.
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        cluster = LocalCluster(
            n_workers=count or cores(),
            threads_per_worker=1,
            scheduler_port=arguments.whole(0)(port),
            dashboard_address=":0",
            silence_logs=logging.CRITICAL,
        )
    except ValueError as error:
        arguments.fail(f"PORT: {error}", "make cluster")
    except RuntimeError:
        arguments.fail(
            f"el puerto {port} está ocupado, quizá por otro planificador; elige otro: "
            "make cluster PORT=8800",
            "make cluster",
        )
    with contextlib.suppress(KeyboardInterrupt), cluster:
        signal.signal(signal.SIGINT, heard)
        address = cluster.scheduler_address
        print(f"Planificador en {address}; trabajadores: {len(cluster.workers)}. Por ejemplo:")
        print(f"  .venv/bin/python snippets/training_grid.py --cluster {address}")
        print("Ctrl-C lo termina todo.", flush=True)
        threading.Event().wait()


# --- what a worker does ---------------------------------------------------------------------

_one_at_a_time = threading.Lock()
_checked: set[tuple[str, str]] = set()
FULL = Failure("disco lleno", "no queda sitio en su carpeta temporal")
OTHER = Failure("otro código", "el del trabajador no es el de aquí, o ha cambiado mientras medía")


def states(names: list[str]) -> dict[str, str]:
    """Return, on a worker, what some functions depend on there."""
    return {k: v for name in names for k, v in provenance.definitions(name, store.ROOT).items()}


def fitness(names: list[str]) -> dict[str, str] | Failure:
    """Return what ``states`` does, or why this worker can do nothing."""
    return FULL if store.no_room() else states(names)


def carry_out(name: str, digest: str, parameters: dict[str, Any]) -> Any:
    """Do one unit, on a worker; return its result or a ``Failure``.

    Args:
        name: of the function, as ``store.name_of`` returns it.
        digest: of its code where the unit comes from.
        parameters: of the unit.
    """
    os.environ.update(ENVIRONMENT)
    units.settings.threads = 1
    with _one_at_a_time, one_thread():
        try:
            function = find(name)
            if (name, digest) not in _checked and store.definition_digest(name) != digest:
                return OTHER
            before = units.remembered()
            result = function(**parameters)
            if before - units.remembered():
                free_memory()
            # What is imported late has been imported by now, and was that which was asked for.
            if (name, digest) not in _checked and store.definition_digest(name) != digest:
                return OTHER
            _checked.add((name, digest))
        except Exception as error:
            failure = Failure.of(error)
            return FULL if store.no_room() else Failure(failure.kind, failure.words)
    return result


def free_memory() -> None:
    """Give back what a network that is gone has left: 20 MB for each, of the canonical size.

    Its compiled programs refer to each other, and Keras to its layers. Of sixteen networks, one
    after the other, 200 MB stay without this, 20 MB without Keras's part, and 0 with it.
    """
    if keras := sys.modules.get("keras"):
        keras.backend.clear_session(free_memory=False)  # it would collect by itself
    gc.collect()
    if not gc.get_freeze_count():  # the packages are not looked through again: 0.2 s each time
        gc.freeze()


def find(name: str) -> Callable:
    """Return the function that lies below ``store.ROOT`` under a dotted name."""
    if str(store.ROOT) not in sys.path:
        sys.path.insert(0, str(store.ROOT))
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


def one_thread():
    """Return a context in which NumPy's products of matrices take one thread."""
    return _libraries().limit(limits=1)


@functools.cache
def _libraries():
    """Return those that are there; what is loaded later reads the environment."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

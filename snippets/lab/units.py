"""Work that repeats: an experiment says its unit of work, and here it is done for all of them.

A unit is a plain function of plain parameters, which says in them whatever it depends on, and
returns plain data::

    histories = units.map(
        train, work, "entrenando",
        lane=("activation",),
    )

Done here, in this process, unless a command asks for more of them or for a cluster
(``lab.workers``): the result is the same, bit by bit. Where there is a store (``lab.store``),
each unit is kept as soon as it is done, under the digest of its function. Whoever is interrupted
goes on from there, and two experiments with a unit in common do it once.
"""

import errno
import functools
import itertools
import os
import sys
import threading
import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from lab import store


class Unit(NamedTuple):
    """One unit: its place among all of them, its function and its parameters."""

    place: int
    function: Callable
    parameters: dict[str, Any]

    def __str__(self):
        told = ", ".join(f"{key}={value}" for key, value in self.parameters.items())
        return f"{self.function.__name__}({told})"


@dataclass(frozen=True)
class Failure:
    """What came of a unit that raised: the name of the error, its words, itself if it is here."""

    kind: str
    words: str
    error: Exception | None = None

    @property
    def said(self) -> str:
        """The name of the error and its words, in a line."""
        return f"{self.kind}: {self.words}"

    @classmethod
    def of(cls, error: Exception) -> "Failure":
        """Return what can be said of an error in a line."""
        return cls(type(error).__name__, " ".join(str(error).split()), error)


class FailedUnitsError(Exception):
    """Some units raised; the others were done, and are kept if there is a store."""

    def __init__(self, failures: list[tuple[Unit, Failure]], total: int, kept: bool):
        self.failures = failures
        self.alike = len(failures) == total and len({failure.said for _, failure in failures}) == 1
        super().__init__("\n".join(self._lines(total, kept)))

    def _lines(self, total, kept):
        said = self.failures[0][1].said
        if self.alike and total > 1:
            return [f"han fallado las {total} unidades, todas por lo mismo: {said}"]
        count = len(self.failures)
        if kept:
            first = (
                f"han fallado {count} de {total} unidades; las demás están guardadas, y al repetir "
                "la orden solo se hacen estas"
            )
        else:
            first = f"han fallado {count} de {total} unidades"
        named = [f"  {unit}: {failure.said}"[:500] for unit, failure in self.failures[:SAID]]
        return [first, *named, *([f"  … y {count - SAID} más"] if count > SAID else [])]


SAID = 10  # units that failed are named, up to so many

# --- the map ------------------------------------------------------------------------------


class Settings:
    """Who does the units of this process: a command changes it, and a worker.

    Attributes:
        run: takes the lanes, lists of units, and yields (place, result or ``Failure``) as they
            come; None does them here.
        folder: where a command keeps units; the book's build says it in LAB_STORE.
        threads: lanes that advance at the same time in this process; None, one for each core.
        say: puts what stands on the terminal into its language; a command's (``lab.language``),
            which what is measured does not depend on.
    """

    def __init__(self):
        self.run: Callable[[list[list[Unit]]], Iterator[tuple[int, Any]]] | None = None
        self.folder: Path | None = None
        self.threads: int | None = None
        self.say: Callable[[str], str] = str


settings = Settings()


def product(along: Mapping[str, Iterable], **same) -> list[dict[str, Any]]:
    """Return the parameters of a unit for each combination of some values; the last varies fastest.

    Args:
        along: the values of each parameter that differs between units.
        same: the parameters that all of them have.
    """
    combinations = itertools.product(*along.values())
    return [dict(zip(along, values, strict=True), **same) for values in combinations]


def map(
    function: Callable,
    parameters: Iterable[dict[str, Any]],
    what: str = "midiendo",
    lane: Sequence[str] = (),
) -> list:
    """Return ``function(**each)`` for each of the parameters, in their order.

    Args:
        function: of a module, not of another function; what it returns depends on its
            parameters and its code alone.
        parameters: of each unit; numbers, strings, tuples, dataclasses.
        what: is being done, for the progress on the terminal.
        lane: the parameters that units have in common if they share what is costly to make
            (``kept``). Those of a lane follow each other, and never meet in one process; lanes
            may run side by side, in threads. Without it, all are one lane.

    Raises:
        FailedUnitsError: some raised; all others have been done before.
        Exception: all of them raised, and said the same: it is what was asked for that is wrong.
        OSError: there is no room to keep what was done.
    """
    return map_calls([(function, each) for each in parameters], what, lane)


def map_calls(
    calls: Iterable[tuple[Callable, dict[str, Any]]],
    what: str = "midiendo",
    lane: Sequence[str] = (),
) -> list:
    """Return what each (function, parameters) returns; otherwise as ``map``."""
    units = [Unit(place, *call) for place, call in enumerate(calls)]
    shelves = {function: _Shelf(function) for function in {unit.function for unit in units}}
    results = [shelves[unit.function].read(unit.parameters) for unit in units]
    lanes = defaultdict(list)
    for unit in units:
        if results[unit.place] is store.NOTHING:
            lanes[tuple(unit.parameters[name] for name in lane)].append(unit)
    left = sum(len(some) for some in lanes.values())

    failures = []
    outcomes = (settings.run or here)(list(lanes.values())) if left else ()
    for place, outcome in _progress(outcomes, what, len(units), left):
        if isinstance(outcome, Failure):
            failures.append((units[place], outcome))
        else:
            results[place] = outcome
            shelves[units[place].function].write(units[place].parameters, outcome)
    if failures:
        kept = all(shelf.folder for shelf in shelves.values())
        _raise(sorted(failures, key=lambda failure: failure[0].place), len(units), kept)
    return results


def _raise(failures, total, kept):
    error, first = FailedUnitsError(failures, total, kept), failures[0][1].error
    if first and error.alike:
        raise first
    raise error from first


def here(lanes: list[list[Unit]]) -> Iterator[tuple[int, Any]]:
    """Do the units in this process, as many lanes at a time as there are cores."""
    series = [_follow(some) for some in lanes]
    cores = settings.threads or _cores()
    if len(series) == 1 or cores == 1:
        done = itertools.chain.from_iterable(series)
    else:
        done = side_by_side(series, cores)
    try:
        yield from done
    finally:
        if not settings.threads:  # workers go on, with other units of these lanes
            forget()


def _follow(units):
    """Do units one after the other."""
    for unit in units:
        try:
            yield unit.place, unit.function(**unit.parameters)
        except Exception as error:
            yield unit.place, Failure.of(error)


def _cores():
    import joblib

    return joblib.cpu_count()


def side_by_side(series: Iterable[Iterator], cores: int) -> Iterator:
    """Yield what several iterators yield, as it comes: so many advance at once as there are cores.

    Meant for iterators that train, each with a trainer of its own; while TensorFlow computes,
    Python runs another thread. Whoever stops listening waits for the steps in progress.
    """
    waiting, running, end = deque(series), {}, object()
    with ThreadPoolExecutor(cores) as pool:
        while waiting or running:
            while waiting and len(running) < cores:
                one = waiting.popleft()
                running[pool.submit(next, one, end)] = one
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                one = running.pop(future)
                if (value := future.result()) is not end:
                    waiting.appendleft(one)
                    yield value


class _Shelf:
    """Where the units of a function are kept, if anywhere."""

    def __init__(self, function):
        self.name = store.name_of(function)
        build = os.environ.get("LAB_STORE")
        # While the book is built a measurement keeps itself.
        itself = build and not settings.run and hasattr(function, "__wrapped__")
        folder = build or settings.folder
        self.folder = Path(folder) if self.name and folder and not itself else None
        if self.folder:
            self.digest = store.definition_digest(self.name)
            self.looked = time.monotonic()
            self.shelf = store.Shelf(function, self.folder, self.digest)

    def read(self, arguments):
        return self.shelf.read(self.shelf.file(**arguments)) if self.folder else store.NOTHING

    def write(self, arguments, result):
        if not self.folder:
            return
        # A module edited meanwhile would file this result under code that did not make it. To
        # read the code again takes longer than to keep a result.
        if time.monotonic() > self.looked + 1:
            self.looked = time.monotonic()
            if store.definition_digest(self.name) != self.digest:
                self.folder = None
                return
        file = self.shelf.file(**arguments)
        try:
            self.shelf.write(file, result)
        except OSError as error:
            why = "no queda sitio en el disco" if error.errno == errno.ENOSPC else error.strerror
            raise OSError(
                f"no se puede guardar lo que se va midiendo en «{self.folder}»: {why}; lo anterior "
                "está guardado, y al repetir la orden se sigue donde estaba"
            ) from error


def _progress(outcomes, what, total, left):
    """Yield the outcomes; show how many are done and failed, how fast it goes and what is left.

    On a terminal a bar, if it takes more than two seconds; of a command in a queue, whose
    output is a file, a line a minute.
    """
    from tqdm import tqdm

    failed, say = 0, settings.say
    bar = tqdm(
        outcomes,
        say(what),
        total,
        initial=total - left,
        delay=2,
        disable=None,
        leave=False,
        file=sys.stderr,
        unit=say(" unidades"),
    )
    start = said = time.monotonic()
    for done, (place, outcome) in enumerate(bar, 1):
        if isinstance(outcome, Failure):
            failed += 1
            bar.set_postfix_str(say(f"{failed} fallidas"))
        now = time.monotonic()
        if settings.run and bar.disable and now > said + MINUTE:
            said, rate = now, done / (now - start)
            print(
                say(
                    f"{what}: {total - left + done} de {total}, {failed} fallidas, "
                    f"{rate:.2g} por segundo, quedan {(left - done) / rate / 60:.0f} min"
                ),
                file=sys.stderr,
                flush=True,
            )
        yield place, outcome


MINUTE = 60.0

# --- what units share ---------------------------------------------------------------------


class kept:  # noqa: N801  (it is written as a decorator)
    """Decorate what makes something costly, such as a compiled trainer, that units share.

    It is made once for each of its arguments, and forgotten when others have been asked for
    since: with as many lanes as run in this process at a time, and one more, it never is in
    vain. The arguments must be among those that make a lane.
    """

    def __init__(self, make: Callable):
        functools.update_wrapper(self, make)
        self.made: OrderedDict = OrderedDict()
        self.lock = threading.Lock()
        _made.append(self.made)

    def __call__(self, *args, **kwargs):
        """Return what was made with these arguments, or make it."""
        key = args, tuple(sorted(kwargs.items()))
        with self.lock:
            if key in self.made:
                self.made.move_to_end(key)
                return self.made[key]
        made = self.__wrapped__(*args, **kwargs)
        with self.lock:
            self.made[key] = made
            while len(self.made) > 1 + (settings.threads or _cores()):
                self.made.popitem(last=False)
        return made


_made: list[OrderedDict] = []


def remembered() -> set[tuple[int, Any]]:
    """Return what stands for each thing that was made and is still kept."""
    return {(place, key) for place, made in enumerate(_made) for key in made}


def forget() -> None:
    """Forget all that was made for units to share."""
    for made in _made:
        made.clear()


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

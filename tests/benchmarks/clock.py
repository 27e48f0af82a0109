"""Time two things in turn, and code in a process of its own."""

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

TIMED = """\
import time
{prepare}
start = time.perf_counter()
{code}
print(time.perf_counter() - start)
"""


def times(count: int, call: Callable[..., object], *arguments) -> Callable[[], None]:
    """Return a function that makes a call so many times."""

    def repeated():
        for _ in range(count):
            call(*arguments)

    return repeated


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def fresh_seconds(
    code: str, prepare: str = "", limit: float | None = None, project: Path = ROOT
) -> float:
    """Return how long `code` takes, after `prepare`, in a new process; one thread, unless it asks.

    Infinity, if the process has not ended after `limit` seconds. `project`: the checkout whose
    snippets it imports.
    """
    path = os.pathsep.join(map(str, (project / "snippets", HERE)))
    try:
        printed = subprocess.run(
            [sys.executable, "-c", TIMED.format(prepare=prepare, code=code)],
            env=os.environ | {"PYTHONPATH": path},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=limit,
        ).stdout
    except subprocess.TimeoutExpired:
        return math.inf
    return float(printed.splitlines()[-1])


def in_turn(
    benchmark, ours: Callable[[], object], theirs: Callable[[], float], rounds: int, warmup: int = 0
) -> tuple[list[float], list[float]]:
    """Time `ours` so many times, and before each of them `theirs`, which returns its seconds.

    Return the seconds of both, round by round: what slows the machine down for a while slows
    down both.
    """
    peer = []
    benchmark.pedantic(
        ours, setup=lambda: peer.append(theirs()), rounds=rounds, warmup_rounds=warmup
    )
    return benchmark.stats["data"], peer[warmup:]


def ratios(numerators: list[float], denominators: list[float]) -> list[float]:
    """Return the ratio of each round."""
    return [a / b for a, b in zip(numerators, denominators, strict=True)]

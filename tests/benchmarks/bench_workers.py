"""How much faster several processes are than one, and what a unit of work costs beside itself.

Side by side in one run, with workers that have imported all that they need: in a sweep that
takes minutes the seconds of their start do not count. Nothing is kept, except where that is
what is timed.
"""

import contextlib
import logging

import psutil
from clock import in_turn, ratios, seconds

import training_grid
from lab import catalog, units, workers
from pairs import trainability_map

ROUNDS = 3
TWO = 2
UNITS = 500


def bench_two_processes_on_the_grid(benchmark, line):
    two_against_one(benchmark, line, "rejilla canónica", training_grid.measure)


def bench_two_processes_on_the_map(benchmark, line):
    def measure():
        return trainability_map.measure(seeds=4)

    two_against_one(benchmark, line, "mapa de 96 redes", measure)


def two_against_one(benchmark, line, what, measure):
    """Beside one process of the same kind and, as ``--jobs 1`` does it, the command's own.

    That one's TensorFlow may use all cores within a step.
    """
    with processes(TWO) as two, processes(1) as one:
        for run in (two, one, None):
            done_by(run, measure)  # has all import
        taken = {two: [], one: [], None: []}
        benchmark.pedantic(
            lambda: [found.append(seconds_by(run, measure)) for run, found in taken.items()],
            rounds=ROUNDS,
        )
    ours, theirs, own = taken.values()
    line(
        f"{what}, con dos procesos frente a uno",
        "≥ 1.8 ×",
        ratios(theirs, ours),
        f"{max(theirs):.1f} s con uno, {max(ours):.1f} s con dos; {max(own):.1f} s sin procesos",
    )


def bench_two_dask_workers(benchmark, line):
    with processes(TWO) as two, dask(TWO) as cluster:
        for run in (two, cluster):
            done_by(run, training_grid.measure)
        ours, theirs = in_turn(
            benchmark,
            lambda: done_by(cluster, training_grid.measure),
            lambda: seconds_by(two, training_grid.measure),
            ROUNDS,
        )
    line(
        "rejilla canónica, dos trabajadores de Dask frente a dos procesos",
        "≤ 1.1 ×",
        ratios(ours, theirs),
        f"{max(ours):.1f} s frente a {max(theirs):.1f} s",
    )


def bench_overhead_of_a_unit(benchmark, line, tmp_path):
    """Of what does next to nothing: from the parameters to the kept result."""
    pairs = [
        {"activation": activation, "initializer": f"constant:{number}"}
        for activation in catalog.ACTIVATIONS
        for number in range(UNITS // len(catalog.ACTIVATIONS) + 1)
    ][:UNITS]
    fresh = iter(range(1000))

    def each(run):
        folder = tmp_path / str(next(fresh))
        return 1000 * seconds_by(run, lambda: units.map(catalog.label, pairs), folder) / UNITS

    with processes(TWO) as two, dask(TWO) as cluster:
        for run in (two, cluster):
            each(run)
        found = {"dos procesos": [], "Dask": []}
        benchmark.pedantic(
            lambda: [
                taken.append(each(run))
                for taken, run in zip(found.values(), (two, cluster), strict=True)
            ],
            rounds=ROUNDS,
        )
    for name, taken in found.items():
        line(f"coste de una unidad, guardarla incluido ({name})", "≤ 20 ms", taken)


def bench_memory_of_a_worker(benchmark, line):
    """After fifty of them, of all lanes, when what is kept on purpose is there."""
    work = [
        {"activation": activation, "initializer": "he_normal", "seed": seed}
        for activation in catalog.CANONICAL_ACTIVATIONS
        for seed in range(UNITS // len(catalog.CANONICAL_ACTIVATIONS))
    ]
    settings = {"depth": 20, "width": 128, "dataset": "digits", "optimizer": "sgd", "epochs": 1}
    settings |= {"learning_rate": 1e-3, "momentum": 0.9, "batch_size": 64}
    work = [one | settings for one in work]
    grown = []

    def measure():
        with processes(1) as one, by(one):
            units.map(training_grid.train, work[::10], lane=("activation",))
            before = memory()
            units.map(training_grid.train, work, lane=("activation",))
            grown.append((memory() - before) / 2**20)

    benchmark.pedantic(measure, rounds=1)
    line(f"memoria que gana un proceso en {UNITS} unidades", "≤ 50 MB", grown)


def memory() -> int:
    """Return the bytes that the largest of this process's children takes."""
    return max(child.memory_info().rss for child in psutil.Process().children(recursive=True))


# --- who does the units -----------------------------------------------------------------------


@contextlib.contextmanager
def by(run, folder=None):
    """Have units done by someone, and kept in a folder; by this process, one after the other."""
    before = dict(vars(units.settings))
    vars(units.settings).update(run=run, threads=1, folder=folder)
    try:
        yield
    finally:
        vars(units.settings).update(before)


def done_by(run, measure):
    with by(run):
        return measure()


def seconds_by(run, measure, folder=None) -> float:
    with by(run, folder):
        return seconds(measure)


@contextlib.contextmanager
def processes(count):
    run = workers.Processes(count)
    try:
        yield run
    finally:
        run.close()


@contextlib.contextmanager
def dask(count):
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=count,
        threads_per_worker=1,
        dashboard_address=":0",
        silence_logs=logging.CRITICAL,
    ) as local:
        run = workers.Cluster(local.scheduler_address)
        try:
            yield run
        finally:
            run.close()

"""How fast the canonical grid trains: 8 combinations × 5 seeds × 20 epochs.

It runs as on the command line, one network on each core, compiling its programs included,
nothing kept from before. Each peer runs in a process of its own, timed without its imports,
once with one thread and once with two, and the better time counts. It trains one seed of each
combination, and its seconds are multiplied by five. All of them find what the table of the grid
holds: both parts before the first epoch; after each, the test part in one pass, and of the
training part the means over the steps.
"""

import importlib.util
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import pytest
from book_copy import BEFORE, project_at
from clock import fresh_seconds, in_turn, ratios, seconds, times

import training_grid
from lab import catalog, data, model

SEEDS, EPOCHS, BATCH = 5, 20, 64
ROUNDS = 3
IMPORTS = 30  # seconds that the imports of a peer take at most


def bench_grid_against_fit(benchmark, line):
    compare(benchmark, line, "rejilla canónica, más rápida que model.fit", "≥ 8 ×", "peer_keras")


def bench_grid_against_torch(benchmark, line):
    what = "rejilla canónica, más rápida que un bucle de PyTorch"
    if not importlib.util.find_spec("torch"):
        pytest.skip(f"{what}: instala PyTorch: pip install torch")
    compare(benchmark, line, what, "≥ 3 ×", "peer_torch")


def compare(benchmark, line, what, target, peer):
    ours, theirs = in_turn(
        benchmark, training_grid.measure, lambda: SEEDS * peer_seconds(peer), ROUNDS
    )
    reference = f"{np.median(theirs):.0f} s (una semilla × {SEEDS}) entre {np.median(ours):.1f} s"
    line(what, target, ratios(theirs, ours), reference)


def peer_seconds(peer: str) -> float:
    """Return how long a peer takes for one seed of each combination."""
    alone = fresh_seconds(f"{peer}.train(threads=1)", f"import {peer}")
    # Threads that wait for each other can take forever; here, no longer than it matters.
    both = fresh_seconds(f"{peer}.train(threads=2)", f"import {peer}", limit=IMPORTS + alone)
    return min(alone, both)


def bench_grid_against_before(benchmark, line, tmp_path):
    """The mean of an epoch's steps in place of a second pass through the training set.

    That pass was 24 % of the arithmetic, but large products run faster than those of a step:
    without it the grid can't be had for less than 0.8 of the time.
    """
    what = f"rejilla canónica, frente al commit {BEFORE}"
    if not project_at(BEFORE, tmp_path):
        pytest.skip(f"{what}: la historia no llega hasta él")
    taken = {"code": "training_grid.measure()", "prepare": "import keras, training_grid"}
    own = []
    _, their = in_turn(
        benchmark,
        lambda: own.append(fresh_seconds(**taken)),
        lambda: fresh_seconds(**taken, project=tmp_path),
        ROUNDS,
    )
    line(what, "≤ 0.7 ×", ratios(own, their), f"{np.median(own):.1f} s")


def bench_grid_against_matrices(benchmark, line):
    ours, rates = in_turn(benchmark, training_grid.measure, matrix_rate, ROUNDS)
    work = grid_operations()
    line(
        "rejilla canónica, frente a sus productos de matrices",
        "≤ 2 ×",
        [taken * rate / work for taken, rate in zip(ours, rates, strict=True)],
        f"{work / 1e9:.0f} GFLOP, NumPy hace {np.median(rates) / 1e9:.0f} por segundo",
    )


def grid_operations() -> int:
    """Return the floating-point operations in the matrix products of the grid.

    A sample takes two for each weight on the way forward, and four more on the way back.
    """
    images = data.load()
    weights = sum(layer.kernel.shape.num_elements() for layer in model.dense_layers(model.mlp()))
    trained = EPOCHS * (len(images.x_train) // BATCH * BATCH)
    evaluated = len(images.x_train) + (EPOCHS + 1) * len(images.x_test)
    networks = len(catalog.CANONICAL_ACTIVATIONS) * len(catalog.CANONICAL_INITIALIZERS) * SEEDS
    return networks * weights * (6 * trained + 2 * evaluated)


def matrix_rate() -> float:
    """Return the most operations per second of float32 products in NumPy, one on each core.

    The sizes: a layer of the grid with its batch, and a product that fills the machine.
    """
    return max(product_rate(64, 128, 128, 1000), product_rate(1024, 1024, 1024, 3))


def product_rate(rows: int, inner: int, columns: int, count: int) -> float:
    """Return the operations per second of matrices of this size, the best of ten looks."""
    a = np.ones((rows, inner), np.float32)
    b = np.ones((inner, columns), np.float32)
    products = [times(count, np.matmul, a, b, a @ b) for _ in range(joblib.cpu_count())]
    with ThreadPoolExecutor(len(products)) as pool:
        best = min(seconds(lambda: [*pool.map(seconds, products)]) for _ in range(10))
    return len(products) * count * 2 * rows * inner * columns / best

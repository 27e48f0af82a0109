"""How long it takes to build the book: all of it, nothing new, one change."""

import itertools
import re
from collections.abc import Callable

import joblib
import pytest
from book_copy import BEFORE, BookCopy, Build, project_at
from clock import fresh_seconds, in_turn, ratios, seconds

PAGE, THEME, EXPERIMENT = "08-he", "initializers", "spread_of_networks"
FILE = f"snippets/{THEME}/{EXPERIMENT}.py"


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> BookCopy:
    """Return a copy of the book, in which the first benchmark that is run builds all."""
    return BookCopy(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> BookCopy | None:
    """Return the book at an earlier commit, to be built with the packages of today."""
    root = tmp_path_factory.mktemp("before")
    if not project_at(BEFORE, root):
        return None
    return BookCopy(tmp_path_factory.mktemp("book_before"), root)


def builds(
    benchmark, book: BookCopy, rounds: int, prepare: Callable[[int], None] = lambda number: None
) -> list[Build]:
    """Time so many builds, each after `prepare(its number)`, and return what they did."""
    done, numbers = [], itertools.count(1)
    benchmark.pedantic(
        lambda: done.append(book.build()), setup=lambda: prepare(next(numbers)), rounds=rounds
    )
    return done


def bench_cold_build(benchmark, line, book):
    done = builds(benchmark, book, 3, lambda number: book.wipe())
    taken = benchmark.stats["data"]
    start = [fresh_seconds("import keras") for _ in done]
    # Without anything in between: what the cells compute, and for each kernel Keras, on all cores.
    shares = [
        (build.computed + len(build.chapters) * keras) / joblib.cpu_count()
        for build, keras in zip(done, start, strict=True)
    ]
    line("construir el libro sin nada guardado", "≤ 120 s", taken)
    line(
        "… frente a sus celdas solas, repartidas",
        "≤ 1.5 ×",
        [all_of_it / share for all_of_it, share in zip(taken, shares, strict=True)],
        f"celdas e import de Keras, entre {joblib.cpu_count()} núcleos: {max(shares):.0f} s",
    )
    line("… memoria de todos los procesos", "≤ 4 GiB", [build.memory / 2**30 for build in done])


def bench_cold_build_against_before(benchmark, line, book, before):
    what = f"construir sin nada guardado, frente al commit {BEFORE}"
    if before is None:
        pytest.skip(f"{what}: la historia no llega hasta él")

    def build(copy):
        copy.wipe()
        return copy.build()

    own, their = in_turn(benchmark, lambda: build(book), lambda: seconds(lambda: build(before)), 2)
    line(what, "≤ 1 ×", ratios(own, their), f"{max(own):.0f} s frente a {max(their):.0f} s")


def bench_nothing_changed(benchmark, line, book):
    book.settle()
    done = builds(benchmark, book, 10)
    line("construir sin cambios", "≤ 3 s", benchmark.stats["data"])
    line("… capítulos ejecutados", "= 0", [len(build.chapters) for build in done])


def bench_prose_changed(benchmark, line, book):
    name, sentence = f"book/{PAGE}.md", "Ni siquiera hace falta que sean normales."

    def change(number):
        book.change(name, sentence, f"{sentence[:-1]}, ni {number} veces.")

    done = builds(benchmark, book, 5, change)
    line("construir con una frase cambiada", "≤ 5 s", benchmark.stats["data"])
    line("… capítulos ejecutados", "= 0", [len(build.chapters) for build in done])


def bench_snippet_changed(benchmark, line, book):
    """What the change makes the chapters measure again is timed apart, in a process of its own."""
    pages = [file.read_text(encoding="utf-8") for file in book.root.glob("book/*.md")]
    calls = re.findall(rf"\b{EXPERIMENT}\.measure\(.*\)$", "\n".join(pages), re.MULTILINE)
    own = []

    def change(number):
        own.append(fresh_seconds("\n".join({*calls}), f"from {THEME} import {EXPERIMENT}"))
        book.change(FILE, "rng([seed, width])", f"rng([seed, width, {number}])")

    done = builds(benchmark, book, 3, change)
    expected = book.importers(f"{THEME}.{EXPERIMENT}")
    line(
        "construir con un experimento cambiado, menos su cálculo",
        "≤ 10 s",
        [all_of_it - part for all_of_it, part in zip(benchmark.stats["data"], own, strict=True)],
        f"su cálculo: {max(own):.1f} s",
    )
    line(
        "… capítulos ejecutados de más o de menos",
        "= 0",
        [len(build.chapters ^ expected) for build in done],
        f"lo importan {len(expected)}",
    )


def bench_statement_changed(benchmark, line, book, before):
    """Against the book at an earlier commit, with the packages of today."""
    what = "construir con una frase de una afirmación cambiada"
    if before is None:
        pytest.skip(f"{what}: la historia no llega al commit {BEFORE}")
    try:
        before.build()
    except RuntimeError:
        pytest.skip(f"{what}: el commit {BEFORE} no se construye con los paquetes de hoy")
    sentence, numbers = "Una matriz ortogonal no encoge ninguna dirección.", itertools.count(1)
    done = {book: [], before: []}

    def change(copy, file, number):
        copy.change(file, sentence, f"{sentence[:-1]}, {number}.")

    def theirs():
        number = next(numbers)
        change(before, "snippets/statements.py", number)
        taken = seconds(lambda: done[before].append(before.build()))
        change(book, "snippets/verdicts/statements/gradients.py", number)
        return taken

    own, their = in_turn(benchmark, lambda: done[book].append(book.build()), theirs, 3)
    line(
        what,
        "≤ 0.25 ×",
        ratios(own, their),
        f"en {max(own):.1f} s; el commit {BEFORE}, que ejecuta "
        f"{len(done[before][-1].chapters)} páginas, en {min(their):.1f} s",
    )
    line("… páginas ejecutadas", "≤ 2", [len(build.chapters) for build in done[book]])


def bench_drawing_changed(benchmark, line, book):
    def change(number):
        book.change(FILE, "size=(7.6, 3.4)", f"size=(7.6, 3.4{number})")

    done = builds(benchmark, book, 3, change)
    line(
        "construir con otro dibujo de una figura: medidas repetidas",
        "= 0",
        [build.measured for build in done],
        f"en {benchmark.stats['median']:.1f} s",
    )

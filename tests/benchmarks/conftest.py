"""What `make bench` prints: one table, with a line for each target.

A benchmark (`bench_*.py`) is timed by pytest-benchmark and says with the fixture `line` what
its rounds mean. The lines are kept in its `extra_info`, and so in _build/bench.json too. A
missed target is a line that says «no», not a failure.
"""

import operator
import os
import statistics

import pytest

# As in conf.py, tests/conftest.py having set the rest; but nothing runs beside a benchmark.
os.environ |= {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_NUM_INTEROP_THREADS": "0",  # as many as there are cores
}

SIGNS = {"≤": operator.le, "≥": operator.ge, "<": operator.lt, "=": operator.eq}
HEADER = ("Qué", "Objetivo", "Medido (mín.–máx.)", "Se cumple", "Referencia")


@pytest.fixture
def line(benchmark):
    """Return the function that puts a line into the table.

    It takes what was measured, the target («≤ 3 s»: sign, number and unit), the value of each
    round and, if there is something to compare it with, what that is. Their middle is the
    median unless another one is given.
    """
    lines = benchmark.extra_info["lines"] = []

    def add(what, target, values, reference="", middle=None):
        sign, limit, unit = f"{target} ".split(" ", 2)
        values = [float(value) for value in values]
        middle = statistics.median(values) if middle is None else float(middle)
        lines.append(
            {
                "what": what,
                "target": target,
                "measured": middle,
                "min": min(values),
                "max": max(values),
                "values": values,
                "unit": unit.strip(),
                "met": SIGNS[sign](middle, float(limit)),
                "reference": reference,
            }
        )

    return add


def pytest_terminal_summary(terminalreporter, config):
    """Print the table; what could not be measured («qué: por qué») stands at its end."""
    rows = [
        cells(line)
        for bench in config._benchmarksession.benchmarks
        for line in bench.extra_info.get("lines", [])
    ]
    for report in terminalreporter.getreports("skipped"):
        what, _, why = report.longrepr[2].removeprefix("Skipped: ").partition(": ")
        rows.append((what, "", "", "—", why))
    if rows:
        terminalreporter.ensure_newline()
        for text in aligned([HEADER, *rows]):
            terminalreporter.write_line(text)


def cells(line: dict) -> tuple[str, ...]:
    """Return the cells of a line."""
    low, middle, high = (number(line[name]) for name in ("min", "measured", "max"))
    measured = f"{middle} {line['unit']}".strip() + f" ({low}–{high})"
    met = "sí" if line["met"] else "no"
    return line["what"], line["target"], measured, met, line["reference"]


def number(value: float) -> str:
    """Write a number with three digits, or more if it has them before the point."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Write rows under one another, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]

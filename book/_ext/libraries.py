"""The page of what libraries draw, from the rows that findings/libraries/ has stored.

``{libraries} summary`` makes the table of all, ``{libraries} sections`` a section for each, and
the role ``{drawn}`keras-3.15 dense he sigma_w2 .2f` `` writes one number of one row, so that prose
types none. A page with any of them is read again when the rows change; nothing is executed.
"""

import csv
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from lab.spanish_numbers import percent, scientific, spell
from tongue import say

ROWS = Path("findings", "libraries", "measured.csv")
NONE = "·"  # a cell that has nothing to say
MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"

#: Layer → what its row is called, in the order of the rows.
LAYERS = {
    "dense": "Densa",
    "conv": "Convolución 3 × 3",
    "grouped": "En 8 grupos",
    "depthwise": "Por canal",
    "transposed": "Transpuesta, paso 2",
    "lstm_input": "LSTM, entrada",
    "lstm_recurrent": "LSTM, recurrente",
    "gru_input": "GRU, entrada",
    "gru_recurrent": "GRU, recurrente",
    "attention_in": "Atención, q k v",
    "attention_out": "Atención, salida",
    "embedding": "Embedding",
    "graph": "De grafos (GCN)",
}
SHAPES = {
    "uniform": "uniforme",
    "normal": "normal",
    "truncated": "recortada",
    "orthogonal": "ortogonal",
    "constant": "constante",
    "off-centre": "descentrada",
}

Rows = list[dict[str, str]]


@lru_cache(1)
def _read(file: Path, _modified: int) -> Rows:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def read(root: Path) -> Rows:
    """Return the stored rows of the project in ``root``, as text."""
    file = root / ROWS
    return _read(file, file.stat().st_mtime_ns)


def by_library(rows: Rows) -> list[Rows]:
    """Return the rows of each library, the libraries by name."""
    name = lambda row: (row["library"].lower(), row["script"])  # noqa: E731
    return [list(group) for _, group in groupby(sorted(rows, key=name), key=lambda r: r["script"])]


def find(rows: Rows, layer: str, role: str = "default") -> dict[str, str] | None:
    """Return the row of a layer, if the library has it."""
    return next((row for row in rows if (row["layer"], row["role"]) == (layer, role)), None)


# --- what is written in a cell ------------------------------------------------------------------


def value(row: dict | None, column: str, write: Callable[[float], str]) -> str:
    """Write a number of a row, if there is one."""
    return say(write(float(row[column]))) if row and row[column] else NONE


def size(number: float) -> str:
    """Write two digits: the third is the luck of the draw."""
    if number >= 1000:
        return scientific(number)
    return spell(f"{number:#.2g}" if number < 0.995 else f"{number:.1f}")


def plain(number: float) -> str:
    """Write a number that a library has typed, such as a slope."""
    return spell(f"{number:g}")


def day(iso: str) -> str:
    """Write 2026-11-30 as 30 de noviembre de 2026."""
    then = date.fromisoformat(iso)
    return say(f"{then.day} de {MONTHS.split()[then.month - 1]} de {then.year}")


def days(rows: Rows) -> str:
    """Write when the rows were measured."""
    first, *rest = sorted({row["date"] for row in rows})
    between = [f"{say('entre el')} {day(first)} {say('y el')} {day(rest[-1])}"] if rest else []
    return next(iter(between), f"{say('el')} {day(first)}")


# --- the page -----------------------------------------------------------------------------------


def markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of Markdown whose numbers stand at the right."""
    head = [say(name) for name in head]
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def summary(rows: Rows) -> str:
    """Return the table of all libraries, a line each."""
    head = ("Biblioteca", "Densa", "«He»", "Olvido", "Leaky")
    return markdown(
        head,
        (
            (
                f"{{ref}}`{title(library)} <{label(library)}>`",
                value(find(library, "dense"), "sigma_w2", size),
                value(find(library, "dense", "he"), "sigma_w2", size),
                value(find(library, "lstm_input"), "gate", percent),
                value(find(library, "leaky_relu"), "slope", plain),
            )
            for library in by_library(rows)
        ),
    )


def told(rows: Rows) -> str:
    """Return what a library draws, layer by layer, and what to type in it, as Markdown."""
    head = ("Capa", "Reparto", "σ_w²", "Sale", "«He»")
    table = [
        (
            say(LAYERS[layer]),
            say(SHAPES[default["distribution"]]) if (default := find(rows, layer)) else NONE,
            value(default, "sigma_w2", size),
            value(default, "rms", size),
            value(find(rows, layer, "he"), "sigma_w2", size),
        )
        for layer in LAYERS
        if find(rows, layer) or find(rows, layer, "he")
    ]
    notes = filter(None, (bias_of(rows), gate_of(rows), slope_of(rows), he_of(rows)))
    source = (
        f"{say('Medido')} {days(rows)} {say('con')} `findings/libraries/{rows[0]['script']}.sh`."
    )
    listed = "\n".join(f"- {note}" for note in [*notes, source])
    return "\n\n".join((markdown(head, table), listed, recipes(rows)))


def recipes(rows: Rows) -> str:
    """Return what to type for ReLU and for tanh, as a block of code."""
    language = rows[0]["language"]
    mark = "//" if language == "javascript" else "#"
    lines = [*rows[0]["imports"].split("; ")]
    for role, name in (("relu", "ReLU"), ("tanh", "tanh")):
        if recipe := find(rows, "dense", role):
            lines += ["", f"{mark} {name}", *recipe["code"].split("; ")]
    return "\n".join([f"```{language}", *lines, "```"])


def bias_of(rows: Rows) -> str:
    """Tell the bias of the dense layer and of the GRU, if they are not zero."""
    biases = (
        f"{size(float(row['bias']))} {say(f'en la {name}')}"
        for layer, name in (("dense", "densa"), ("gru_input", "GRU"))
        if (row := find(rows, layer)) and row["bias"] and float(row["bias"])
    )
    text = f" {say('y')} ".join(biases)
    return text and f"{say('Valor eficaz del sesgo:')} {text}."


def gate_of(rows: Rows) -> str | None:
    """Tell how open a forget gate is."""
    row = find(rows, "lstm_input")
    return (
        row and row["gate"] and say(f"Puerta de olvido, al empezar: {percent(float(row['gate']))}.")
    )


def slope_of(rows: Rows) -> str | None:
    """Tell the slope of the leaky ReLU."""
    row = find(rows, "leaky_relu")
    return row and say(f"Leaky ReLU: pendiente {plain(float(row['slope']))}.")


def he_of(rows: Rows) -> str | None:
    """Tell what the library calls He's: what is typed, beyond making the layer."""
    row, default = find(rows, "dense", "he"), find(rows, "dense")
    return row and f"{say('Su «He»:')} `{row['code'].removeprefix(default['code'] + '; ')}`."


def title(rows: Rows) -> str:
    """Return the name and the version of a library."""
    return f"{rows[0]['library']} {rows[0]['version']}"


def label(rows: Rows) -> str:
    """Return the label of the section of a library."""
    return nodes.make_id(f"biblioteca-{rows[0]['script']}")


class Libraries(SphinxDirective):
    """``{libraries} summary`` or ``{libraries} sections``."""

    required_arguments = 1

    def run(self):
        """Return the table of all, or a section for each."""
        rows = rows_for(self.env)
        match self.arguments:
            case ["summary"]:
                return self.parse_text_to_nodes(summary(rows))
            case ["sections"]:
                return [self.section(library) for library in by_library(rows)]
        raise self.error(f"«{self.arguments[0]}»: summary o sections")

    def section(self, rows: Rows) -> nodes.section:
        """Return the section of a library."""
        names = [label(rows)]
        section = nodes.section("", nodes.title(text=title(rows)), ids=names, names=names)
        self.state.document.note_explicit_target(section, section)
        section += self.parse_text_to_nodes(told(rows))
        return section


#: What the role writes of all rows.
WORDS = {
    "libraries": lambda rows: str(len(by_library(rows))),
    "rows": lambda rows: str(len(rows)),
    "days": days,
}


class Drawn(SphinxRole):
    """``{drawn}`script layer role column format```, or ``{drawn}`how many``` of those below."""

    def run(self):
        """Return the number as text; a warning, if there is no such number."""
        rows = rows_for(self.env)
        try:
            text = self.number(rows, *self.text.split())
        except (KeyError, TypeError, ValueError):
            message = self.inliner.reporter.error(
                f"«{self.text}» no está en {ROWS.as_posix()}", line=self.lineno
            )
            return [], [message]
        return [nodes.Text(text)], []

    def number(self, rows: Rows, first: str, *rest: str) -> str:
        """Write a number of a row, or what ``WORDS`` tells of all."""
        if not rest:
            return WORDS[first](rows)
        layer, role, column, form = rest
        row = find([row for row in rows if row["script"] == first], layer, role)
        number = float(row[column])
        return say(percent(number) if form == "%" else spell(f"{number:{form}}"))


def rows_for(env) -> Rows:
    """Return the stored rows for a page, which is read again when they change."""
    root = Path(env.app.confdir)
    env.note_dependency(root / ROWS)
    return read(root)


def setup(app):
    """Add the directive ``libraries`` and the role ``drawn``."""
    app.add_directive("libraries", Libraries)
    app.add_role("drawn", Drawn())
    return {"parallel_read_safe": True, "parallel_write_safe": True}

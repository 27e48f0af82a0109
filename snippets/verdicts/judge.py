"""Judge statements by measured data, and show the verdicts of a chapter or of them all.

A chapter hands over the data that it has measured; nothing is measured here.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby
from math import inf

from lab import spanish_numbers
from lab.catalog import find
from verdicts.effects import STATISTICS, Statistic
from verdicts.rules import Interval, interval
from verdicts.statement import STATEMENTS, Statement


@dataclass(frozen=True)
class Judgement:
    """A statement, its effect over so many seeds (0: no chance in it), theory, verdict."""

    statement: Statement
    effect: Interval
    seeds: int
    theory: float | None
    verdict: str

    @property
    def unit(self) -> str:
        """Unit of the effect."""
        return STATISTICS[self.statement.statistic].unit

    @property
    def ratio(self) -> bool:
        """Whether the effect is a quotient."""
        return STATISTICS[self.statement.statistic].ratio


def check(statements: Iterable[Statement], experiments: Iterable[str], chapters: Iterable[str]):
    """Make sure that every statement speaks of things that exist, and each id only once.

    Raises:
        ValueError: in one line, with the statement's id and the valid names.
    """
    seen = set()
    for statement in statements:
        problem = f"afirmación «{statement.id}»: "
        if statement.id in seen:
            raise ValueError(f"{problem}el identificador está repetido")
        seen.add(statement.id)
        if not re.fullmatch(r"S([1-9]|1[0-5])", statement.slide):
            raise ValueError(f"{problem}la diapositiva «{statement.slide}» no es S1 … S15")
        for name, names, what in (
            (statement.experiment, experiments, "el experimento"),
            (statement.statistic, STATISTICS, "la estadística"),
            (statement.chapter, chapters, "el capítulo"),
        ):
            try:
                find(name, names, what)
            except ValueError as error:
                raise ValueError(f"{problem}{error}") from None


def measure_effect(statistic: Statistic, data: object, of: Mapping) -> tuple[Interval, int]:
    """Return the interval of an effect, and over how many seeds; 0: it knows no chance."""
    effects = statistic.measured(data, **of)
    if statistic.exact:
        return Interval(effects, effects, effects), 0
    return interval(effects, ratio=statistic.ratio), len(effects)


def judge(statement: Statement, data: object) -> Judgement:
    """Return the verdict of a statement on the data of its experiment."""
    statistic = STATISTICS[statement.statistic]
    try:
        effect, seeds = measure_effect(statistic, data, statement.of)
    except ValueError as error:
        raise ValueError(f"afirmación «{statement.id}»: {error}") from None
    theory = None
    if statistic.predicted:
        # Whoever hands over the data has imported the experiment, so what depends on it is
        # known; an import statement here would make every chapter depend on all of them.
        names = (name for name in sys.modules if name.split(".")[-1] == statement.experiment)
        predict = getattr(sys.modules[next(names)], "predict", None)
        theory = float(statistic.predicted(predict, data, **statement.of))
    return Judgement(statement, effect, seeds, theory, statement.rule.verdict(effect))


def records(judgements: Iterable[Judgement]):
    """Return one row of plain values per statement, for veredictos.json and .csv."""
    import pandas as pd

    return pd.DataFrame(
        {
            "id": j.statement.id,
            "slide": j.statement.slide,
            "chapter": j.statement.chapter,
            "statement": j.statement.text,
            "measured": j.statement.measured,
            "unit": j.unit,
            "effect": j.effect.centre,
            "low": j.effect.low,
            "high": j.effect.high,
            "seeds": j.seeds,
            "theory": j.theory,
            "rule": rule_in_words(j.statement),
            "verdict": j.verdict,
            "expected": j.statement.expected,
            "why": j.statement.why,
        }
        for j in judgements
    )


# --- in words -----------------------------------------------------------------------------

UNITS = {unit: f"{spanish_numbers.SPACE}{unit}" for unit in ("%", "puntos")}


def number(value: float, unit: str) -> str:
    """Write an effect, without its unit; shares and their differences times 100."""
    if unit in UNITS:
        # Adding 0 turns −0 into 0.
        return spanish_numbers.spell(f"{round(100 * value, 1) + 0:.1f}".removesuffix(".0"))
    if value and not 1e-2 <= abs(value) < 1000:
        return spanish_numbers.scientific(value)
    return spanish_numbers.spell(f"{value:.3g}")


def effect_in_words(judgement: Judgement) -> str:
    """Write the effect with its 95 % interval, if it can be told from a point."""
    unit, effect = judgement.unit, judgement.effect
    words = [number(v, unit) for v in (effect.centre, effect.low, effect.high)]
    if unit in UNITS and "." in "".join(words):  # all with a decimal, or none
        words = [word if "." in word else f"{word}.0" for word in words]
    centre, *ends = words
    span = "" if {*ends} == {centre} else f" [{', '.join(ends)}]"
    return f"{centre}{span}{UNITS.get(unit, '')}"


def rule_in_words(statement: Statement) -> str:
    """Write the zones of a rule."""
    unit = STATISTICS[statement.statistic].unit

    def words(zone):
        low, high = zone
        suffix = UNITS.get(unit, "")
        if low == high:
            return f"{number(low, unit)}{suffix} exacto"
        if high == inf:
            return f"{number(low, unit)}{suffix} o más"
        if low in (-inf, 0):
            return f"{number(high, unit)}{suffix} o menos"
        return f"de {number(low, unit)} a {number(high, unit)}{suffix}"

    zones = {"se cumple": statement.rule.holds, "con matices": statement.rule.nuanced}
    return "; ".join(f"{name}: {words(zone)}" for name, zone in zones.items() if zone)


class Table:
    """Verdicts as a table of a page; on the page of them all, by slide, with links and rules."""

    def __init__(self, judgements: list[Judgement], complete: bool = False):
        self.judgements, self.complete = judgements, complete

    def _repr_html_(self) -> str:
        """Return the table, in a box of its own where it scrolls."""
        head = ("Afirmación", "Lo medido", "Teoría", "Veredicto")
        cells = "".join(f'<th scope="col">{name}</th>' for name in head)
        body = ""
        for slide, part in groupby(self.judgements, lambda judgement: judgement.statement.slide):
            title = f'<tr><th colspan="{len(head)}" scope="rowgroup">Diapositiva {slide}</th></tr>'
            rows = "".join(map(self._row, part))
            body += f"<tbody>{title if self.complete else ''}{rows}</tbody>"
        rules = '<p><a href="veredictos.html">Cómo se decide un veredicto</a></p>'
        return (
            '<div class="veredictos" tabindex="0" role="region" aria-label="Veredictos">'
            f'<table class="table"><thead><tr>{cells}</tr></thead>{body}</table></div>'
            f"{'' if self.complete else rules}"
        )

    def _row(self, judgement: Judgement) -> str:
        statement, unit = judgement.statement, judgement.unit
        theory = "—"
        if judgement.theory is not None:
            theory = number(judgement.theory, unit) + UNITS.get(unit, "")
        text, measured = escape(statement.text), escape(statement.measured)
        if self.complete:
            label = re.match(r"s\d+-\d+", statement.id)[0]  # without the letter
            text = f'{statement.id}. <a href="{statement.chapter}.html#{label}">{text}</a>'
            measured += f".<br>{escape(rule_in_words(statement).capitalize())}"
        return (
            f'<tr><th scope="row">{text}</th>'
            f"<td><strong>{escape(effect_in_words(judgement))}</strong><br>"
            f"<small>{measured}.</small></td><td>{escape(theory)}</td>"
            f"<td><strong>{judgement.verdict}</strong><br><small>{escape(statement.why)}</small>"
            "</td></tr>"
        )


def show(chapter: str, **data: object) -> Table:
    """Return the verdicts of a chapter, from the data of its experiments (name=data).

    Raises:
        ValueError: the chapter has statements about an experiment that was not handed over.
    """
    own = [statement for statement in STATEMENTS if statement.chapter == chapter]
    lacking = {statement.experiment for statement in own} - set(data)
    if lacking or not own:
        names = ", ".join(sorted(lacking)) or "afirmaciones"
        raise ValueError(f"a los veredictos de «{chapter}» les falta: {names}")
    return Table([judge(statement, data[statement.experiment]) for statement in own])

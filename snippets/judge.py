"""Judge statements by measured data, and show the verdicts of a chapter or of them all.

A chapter hands over the data that it has measured; nothing is measured here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from math import inf

from effects import STATISTICS
from lab.catalog import find
from lab.notebook import scientific
from lab.verdict import Interval, interval
from statements import STATEMENTS, Statement


@dataclass(frozen=True)
class Judgement:
    """A statement, the effect that was measured, what theory expects of it, the verdict."""

    statement: Statement
    effect: Interval
    seeds: int
    theory: float | None
    verdict: str


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


def judge(statement: Statement, data: object) -> Judgement:
    """Return the verdict of a statement on the data of its experiment."""
    statistic = STATISTICS[statement.statistic]
    effects = statistic.measured(data, **statement.of)
    effect = interval(effects, ratio=statistic.ratio)
    theory = statistic.predicted and float(statistic.predicted(data, **statement.of))
    return Judgement(statement, effect, len(effects), theory, statement.rule.verdict(effect))


def judge_all(data: Mapping[str, object], statements=STATEMENTS) -> list[Judgement]:
    """Judge the statements whose experiment is in ``data`` (name → what it measured)."""
    return [judge(s, data[s.experiment]) for s in statements if s.experiment in data]


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
            "unit": STATISTICS[j.statement.statistic].unit,
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


def number(value: float, unit: str) -> str:
    """Write an effect in its unit."""
    if unit == "%":
        return f"{100 * value:.1f}\N{NO-BREAK SPACE}%"
    if unit == "puntos":
        return f"{100 * value:.1f}\N{NO-BREAK SPACE}puntos"
    if value and not 1e-2 <= abs(value) < 1e4:
        return scientific(value)
    return f"{value:.3g}"


def effect_in_words(judgement: Judgement) -> str:
    """Write the effect with its 95 % interval."""
    unit, effect = STATISTICS[judgement.statement.statistic].unit, judgement.effect
    centre, low, high = (number(v, unit) for v in (effect.centre, effect.low, effect.high))
    return centre if low == high else f"{centre} [{low}, {high}]"


def rule_in_words(statement: Statement) -> str:
    """Write the zones of a rule."""
    unit = STATISTICS[statement.statistic].unit

    def words(zone):
        low, high = zone
        if high == inf:
            return f"{number(low, unit)} o más"
        if low == -inf or (low == 0 and unit == "×"):
            return f"{number(high, unit)} o menos"
        return f"de {number(low, unit)} a {number(high, unit)}"

    zones = {"se cumple": statement.rule.holds, "con matices": statement.rule.nuanced}
    return "; ".join(f"{name}: {words(zone)}" for name, zone in zones.items() if zone)


class Table:
    """The verdicts as a table of the page."""

    def __init__(self, judgements: list[Judgement]):
        self.judgements = judgements

    def _repr_html_(self) -> str:
        """Return the table; each statement carries its id as an anchor."""
        head = ("La diapositiva dice", "Lo medido", "Teoría", "Veredicto")
        cells = "".join(f'<th scope="col">{name}</th>' for name in head)
        rows = "".join(self._row(judgement) for judgement in self.judgements)
        return (
            '<table class="table veredictos">'
            f"<thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _row(self, judgement: Judgement) -> str:
        statement = judgement.statement
        unit = STATISTICS[statement.statistic].unit
        theory = "—" if judgement.theory is None else number(judgement.theory, unit)
        return (
            f'<tr><th scope="row">{escape(statement.text)}</th>'
            f"<td><strong>{escape(effect_in_words(judgement))}</strong><br>"
            f"<small>{escape(statement.measured)}</small></td>"
            f"<td>{escape(theory)}</td>"
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
    if lacking:
        raise ValueError(f"a los veredictos de «{chapter}» les falta: {', '.join(sorted(lacking))}")
    return Table(judge_all(data, own))

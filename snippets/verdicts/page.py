"""Show verdicts: in words, as the table of a page, as plain rows."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from math import inf
from types import ModuleType

from lab import spanish_numbers
from verdicts.judge import Judgement, judge_each
from verdicts.statement import Statement

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
    unit, interval = judgement.statement.effect.unit, judgement.interval
    words = [number(v, unit) for v in (interval.centre, interval.low, interval.high)]
    if unit in UNITS and "." in "".join(words):  # all with a decimal, or none
        words = [word if "." in word else f"{word}.0" for word in words]
    centre, *ends = words
    span = "" if {*ends} == {centre} else f" [{', '.join(ends)}]"
    return f"{centre}{span}{UNITS.get(unit, '')}"


def rule_in_words(statement: Statement) -> str:
    """Write the zones of a rule."""
    unit = statement.effect.unit

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
    """Verdicts as a table of a page.

    On the page of them all, which knows the ``pages`` that tell them (statement's id → page),
    they stand by slide, with links to those pages and with their rules.
    """

    def __init__(self, judgements: list[Judgement], pages: Mapping[str, str] | None = None):
        self.judgements, self.pages = judgements, pages

    def _repr_html_(self) -> str:
        """Return the table, in a box of its own where it scrolls."""
        head = ("Afirmación", "Lo medido", "Teoría", "Veredicto")
        cells = "".join(f'<th scope="col">{name}</th>' for name in head)
        body = ""
        for slide, part in groupby(self.judgements, lambda judgement: judgement.statement.slide):
            title = f'<tr><th colspan="{len(head)}" scope="rowgroup">Diapositiva {slide}</th></tr>'
            rows = "".join(map(self._row, part))
            body += f"<tbody>{title if self.pages else ''}{rows}</tbody>"
        rules = '<p><a href="veredictos.html">Cómo se decide un veredicto</a></p>'
        return (
            '<div class="veredictos" tabindex="0" role="region" aria-label="Veredictos">'
            f'<table class="table"><thead><tr>{cells}</tr></thead>{body}</table></div>'
            f"{'' if self.pages else rules}"
        )

    def _row(self, judgement: Judgement) -> str:
        statement = judgement.statement
        unit = statement.effect.unit
        theory = "—"
        if judgement.theory is not None:
            theory = number(judgement.theory, unit) + UNITS.get(unit, "")
        text, measured = escape(statement.text), escape(statement.measured)
        if self.pages:
            place = f"{self.pages[statement.id]}.html#{statement.label}"
            text = f'{statement.id}. <a href="{place}">{text}</a>'
            measured += f".<br>{escape(rule_in_words(statement).capitalize())}"
        return (
            f'<tr><th scope="row">{text}</th>'
            f"<td><strong>{escape(effect_in_words(judgement))}</strong><br>"
            f"<small>{measured}.</small></td><td>{escape(theory)}</td>"
            f"<td><strong>{judgement.verdict}</strong><br><small>{escape(statement.why)}</small>"
            "</td></tr>"
        )


def show(statements: Sequence[Statement], data: Mapping[ModuleType, object]) -> Table:
    """Return the verdicts of a chapter, from the data of its experiments, {module: data}.

    Raises:
        ValueError: an experiment of theirs was not handed over; says which.
    """
    return Table(judge_each(statements, data))


def records(judgements: Iterable[Judgement], pages: Mapping[str, str]):
    """Return one row of plain values per statement, for veredictos.json and .csv.

    ``pages``: statement's id → the page that tells it.
    """
    import pandas as pd

    return pd.DataFrame(
        {
            "id": j.statement.id,
            "slide": j.statement.slide,
            "chapter": pages[j.statement.id],
            "statement": j.statement.text,
            "measured": j.statement.measured,
            "unit": j.statement.effect.unit,
            "effect": j.interval.centre,
            "low": j.interval.low,
            "high": j.interval.high,
            "seeds": j.seeds,
            "theory": j.theory,
            "rule": rule_in_words(j.statement),
            "verdict": j.verdict,
            "expected": j.statement.expected,
            "why": j.statement.why,
        }
        for j in judgements
    )


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()

"""Show verdicts: in words, as the table of a page, as plain rows."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from math import inf
from types import ModuleType

from lab import spanish_numbers
from verdicts.judge import Judgement, judge_each
from verdicts.rules import FAILS, HOLDS, NUANCED, UNDECIDED
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


def centre_and_span(judgement: Judgement) -> tuple[str, str]:
    """Write the effect and its 95 % interval; empty, if it can not be told from a point."""
    unit, interval = judgement.statement.effect.unit, judgement.interval
    words = [number(v, unit) for v in (interval.centre, interval.low, interval.high)]
    if unit in UNITS and "." in "".join(words):  # all with a decimal, or none
        words = [word if "." in word else f"{word}.0" for word in words]
    centre, *ends = words
    return centre, "" if {*ends} == {centre} else f"[{', '.join(ends)}]"


def effect_in_words(judgement: Judgement) -> str:
    """Write the effect with its interval and its unit."""
    words = " ".join(filter(None, centre_and_span(judgement)))
    return words + UNITS.get(judgement.statement.effect.unit, "")


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


#: Verdict → the mark that stands for it, and the class of its colour (book.css).
MARKS = {
    HOLDS: ("✓", "cumple"),
    NUANCED: ("~", "matices"),
    FAILS: ("✗", "falla"),
    UNDECIDED: ("?", "indeciso"),
}
#: The rows that a chapter shows on sight.
ON_SIGHT = 6


class Table:
    """Verdicts as a table: a row per judgement, its mark first.

    A chapter shows them; ``own``: how many statements of ours, on the same subject, stand on
    the page of them all.
    """

    head = ("Veredicto", "Afirmación", "Lo medido", "Teoría")

    def __init__(self, judgements: Sequence[Judgement], own: int = 0):
        self.judgements, self.own = judgements, own

    def _repr_html_(self) -> str:
        """Return the table, what is beyond ``ON_SIGHT`` folded, and what its signs mean."""
        # What does not hold is seen first; what is seen keeps its order.
        ranked = sorted(self.judgements, key=lambda judgement: judgement.verdict == HOLDS)
        more = [judgement for judgement in self.judgements if judgement in ranked[ON_SIGHT:]]
        seen = [judgement for judgement in self.judgements if judgement not in more]
        html = self._table(self._rows(seen), "Veredictos")
        if more:
            html += (
                f"<details><summary>Las demás afirmaciones ({len(more)})</summary>"
                f"{self._table(self._rows(more), 'Más veredictos')}</details>"
            )
        return f'<div class="veredictos">{html}<p class="nota">{self._note()}</p></div>'

    def _note(self) -> str:
        words = [f"{mark} {verdict}" for verdict, (mark, _) in [*MARKS.items()][:3]]
        note = f"{' · '.join(words)}. "
        spans = ((centre_and_span(j)[1], j.seeds) for j in self.judgements)
        if told := next((told for told in spans if told[0]), None):
            span, seeds = told
            note += (
                f"{span} es el intervalo de confianza del 95{spanish_numbers.SPACE}% sobre "
                f"{seeds} semillas. "
            )
        rules = '<a href="veredictos.html">Veredictos</a>'
        if self.own:
            others = "otra afirmación" if self.own == 1 else f"otras {self.own} afirmaciones"
            ours = "que es nuestra" if self.own == 1 else "que son nuestras"
            return f"{note}En {rules} están la regla de cada fila y {others}, {ours}."
        return f"{note}En {rules} está la regla de cada fila."

    def _table(self, body: str, name: str) -> str:
        """Return a table of these <tbody>, in a box of its own where it scrolls."""
        cells = "".join(f'<th scope="col">{name}</th>' for name in self.head)
        return (
            f'<div class="caja" tabindex="0" role="region" aria-label="{name}">'
            f'<table class="table"><thead><tr>{cells}</tr></thead>{body}</table></div>'
        )

    def _rows(self, judgements: Iterable[Judgement], title: str = "") -> str:
        return f"<tbody>{title}{''.join(map(self._row, judgements))}</tbody>"

    def _row(self, judgement: Judgement) -> str:
        return (
            f"<tr><td>{self._verdict(judgement)}</td>"
            f'<th scope="row">{self._statement(judgement.statement)}</th>'
            f"<td><strong>{escape(effect_in_words(judgement))}</strong><br>"
            f"<small>{self._measured(judgement.statement)}.</small></td>"
            f"{self._theory(judgement)}</tr>"
        )

    def _verdict(self, judgement: Judgement) -> str:
        """Return the mark; the word is for those who hear the page."""
        mark, name = MARKS[judgement.verdict]
        return (
            f'<span class="marca {name}" aria-hidden="true">{mark}</span> '
            f'<span class="visually-hidden">{judgement.verdict}</span>'
        )

    def _theory(self, judgement: Judgement) -> str:
        if judgement.theory is None:
            return '<td class="nada">—</td>'
        unit = judgement.statement.effect.unit
        return f"<td>{escape(number(judgement.theory, unit) + UNITS.get(unit, ''))}</td>"

    def _statement(self, statement: Statement) -> str:
        return f"{escape(statement.text)}<br><small>{escape(statement.why)}</small>"

    def _measured(self, statement: Statement) -> str:
        return escape(statement.measured)


class All(Table):
    """Verdicts of all the chapters, slide by slide, with whose they are, links and rules.

    Those of the chapters beyond the slides come last.

    ``pages``: statement's id → the page that tells it.
    """

    def __init__(self, judgements: Sequence[Judgement], pages: Mapping[str, str]):
        super().__init__(sorted(judgements, key=lambda j: j.statement.place))
        self.pages = pages

    def _repr_html_(self) -> str:
        """Return the one table."""
        body = ""
        for place, part in groupby(self.judgements, lambda judgement: judgement.statement.place):
            _, title = place
            head = f'<tr><th colspan="{len(self.head)}" scope="rowgroup">{title}</th></tr>'
            body += self._rows(part, head)
        return f'<div class="veredictos todas">{self._table(body, "Veredictos")}</div>'

    def _verdict(self, judgement: Judgement) -> str:
        mark, name = MARKS[judgement.verdict]
        return (
            f'<span class="marca {name}" aria-hidden="true">{mark}</span> '
            f"<small>{judgement.verdict}</small>"
        )

    def _statement(self, statement: Statement) -> str:
        place = f"{self.pages[statement.id]}.html#{statement.label}"
        whose = f"{statement.whose.capitalize()}"
        if statement.deck:
            whose += f": «{escape(statement.deck)}»"
        return (
            f'{statement.id}. <a href="{place}">{escape(statement.text)}</a><br>'
            f"<small><em>{whose}</em>. {escape(statement.why)}</small>"
        )

    def _measured(self, statement: Statement) -> str:
        return f"{escape(statement.measured)}.<br>{escape(rule_in_words(statement).capitalize())}"


def show(statements: Sequence[Statement], data: Mapping[ModuleType, object]) -> Table:
    """Return the verdicts of the deck's own statements of a chapter.

    From the data of their experiments, {module: data}. A chapter beyond the deck shows its own.

    Raises:
        ValueError: an experiment of theirs was not handed over; says which.
    """
    said = shown(statements)
    return Table(judge_each(said, data), len(statements) - len(said))


def shown(statements: Sequence[Statement]) -> Sequence[Statement]:
    """Return the statements of a chapter whose verdicts it shows: the deck's, if it has any."""
    return [statement for statement in statements if statement.deck] or statements


def records(judgements: Iterable[Judgement], pages: Mapping[str, str]):
    """Return one row of plain values per statement, for veredictos.json and .csv.

    ``pages``: statement's id → the page that tells it.
    """
    import pandas as pd

    return pd.DataFrame(
        {
            "id": j.statement.id,
            "slide": j.statement.slide,
            "whose": j.statement.whose,
            "deck": j.statement.deck,
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

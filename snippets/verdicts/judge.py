"""Judge statements by measured data; nothing is measured here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from verdicts.rules import Interval
from verdicts.statement import Statement


@dataclass(frozen=True)
class Judgement:
    """A statement, its effect over so many seeds (0: no chance in it), theory, verdict."""

    statement: Statement
    interval: Interval
    seeds: int
    theory: float | None
    verdict: str


def judge(statement: Statement, experiment: ModuleType, data: object) -> Judgement:
    """Return the verdict of a statement on the data that its experiment measured.

    Raises:
        ValueError: the effects have no interval; in one line, with the statement's id.
    """
    effect = statement.effect
    try:
        interval, seeds = effect.interval(data, statement.of)
    except ValueError as error:
        raise ValueError(f"afirmación «{statement.id}»: {error}") from None
    theory = None
    if effect.predicted:
        theory = float(effect.predicted(experiment.predict, data, **statement.of))
    return Judgement(statement, interval, seeds, theory, statement.rule.verdict(interval))


def judge_each(
    statements: Sequence[Statement], data: Mapping[ModuleType, object]
) -> list[Judgement]:
    """Return the verdicts of statements on the data of their experiments, {module: data}.

    Raises:
        ValueError: an experiment of theirs was not handed over; says which.
    """
    experiments = {module.__name__: module for module in data}
    if lacking := sorted({statement.experiment for statement in statements} - set(experiments)):
        raise ValueError(
            f"a los veredictos les faltan los datos de {', '.join(lacking)}; "
            f"están los de: {', '.join(experiments) or 'ninguno'}"
        )
    return [
        judge(statement, experiment, data[experiment])
        for statement in statements
        for experiment in [experiments[statement.experiment]]
    ]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()

"""Measure every statement of the deck and give each a verdict.

Page "Veredictos". The statements are data (``statements.py``); the experiments are those of
the chapters with their defaults, so that the book measures each of them once.
"""

import hashlib
import inspect
import sys
from functools import cache
from pathlib import Path

import before_after
import depth_sweep
import gradient_flow
import scaled_weights
import trainable_depth
import training_grid
from activations import (
    activation_curves,
    dead_units,
    linear_collapse,
    path_slopes,
    xor_without_activations,
)
from initializers import (
    layer_width,
    share_let_through,
    spread_of_networks,
    weight_size,
    xavier_directions,
)
from lab import cli
from lab.provenance import definition_digest
from pairs import sigma_sweep
from signals import backprop_check, float_limits, frozen_layers, jacobian_product, signal_histograms
from verdicts import judge
from verdicts.effects import STATISTICS
from verdicts.rules import VERDICTS
from verdicts.statement import CHAPTERS, STATEMENTS

#: Experiment → its measurement. The long ones come first: others make use of them.
EXPERIMENTS = {
    module.__name__.split(".")[-1]: module.measure
    for module in (
        training_grid,
        gradient_flow,
        activation_curves,
        backprop_check,
        before_after,
        xor_without_activations,
        dead_units,
        depth_sweep,
        float_limits,
        frozen_layers,
        weight_size,
        layer_width,
        jacobian_product,
        linear_collapse,
        spread_of_networks,
        path_slopes,
        share_let_through,
        scaled_weights,
        sigma_sweep,
        signal_histograms,
        trainable_depth,
        xavier_directions,
    )
}
#: From one repetition to the next; more than the seeds of any experiment.
APART = 10_000

judge.check(STATEMENTS, EXPERIMENTS, CHAPTERS)


def run(name, first_seed, **options):
    """Measure one experiment from this seed on; some know no chance."""
    measure_it = EXPERIMENTS[name]
    if "first_seed" in inspect.signature(measure_it).parameters:
        options["first_seed"] = first_seed
    return measure_it(**options)


def code(statement):
    """Return eight digits that change with whatever decides the verdict, except the seeds.

    That is the experiment with its defaults, the statistic and the rule.
    """
    statistic = STATISTICS[statement.statistic]
    names = (
        f"{EXPERIMENTS[statement.experiment].__module__}.measure",
        f"verdicts.effects.{statistic.measured.__name__}",
        "verdicts.judge.measure_effect",
        "verdicts.rules.Rule",
    )
    decides = (*map(digest, names), statistic.ratio, dict(statement.of), statement.rule)
    return hashlib.sha256(repr(decides).encode()).hexdigest()[:8]


@cache
def digest(name):
    """Return the digest of a definition of the snippets."""
    return definition_digest(name, Path(__file__).resolve().parents[1])


def measure(first_seed=0, repeat=1):
    """Judge all the statements, ``repeat`` times with seeds that no other time uses.

    Returns a list of (first seed, judgement).
    """
    judgements = []
    for seed in range(first_seed, first_seed + APART * repeat, APART):
        for name in cli.progress(EXPERIMENTS, f"experimentos, semilla {seed}"):
            data = run(name, seed)
            judgements += [
                (seed, judge.judge(statement, data))
                for statement in STATEMENTS
                if statement.experiment == name
            ]
    order = {statement.id: number for number, statement in enumerate(STATEMENTS)}
    return sorted(judgements, key=lambda pair: (pair[0], order[pair[1].statement.id]))


def draw(judgements):
    """Draw what was measured against what theory expects, wherever it expects a ratio."""
    from lab import figures

    known = [j for _, j in judgements if j.theory and j.ratio]
    theory = [j.theory for j in known]
    centre = [j.effect.centre for j in known]
    spans = [
        [j.effect.centre - j.effect.low for j in known],
        [j.effect.high - j.effect.centre for j in known],
    ]
    figure, ((ax,),) = figures.subplots(size=(6.0, 4.4))
    ends = [min(theory) / 10, max(theory) * 10]
    ax.plot(ends, ends, color=figures.INK, linewidth=0.8)
    ax.errorbar(
        theory,
        centre,
        spans,
        linestyle="",
        marker="o",
        markersize=6,
        markerfacecolor="none",
        color=figures.SEQUENCE[0],
    )
    figures.log_axis(ax, "x")
    figures.log_axis(ax)
    ax.set_xlabel("efecto según la teoría")
    ax.set_ylabel("efecto medido")
    return figures.describe(
        figure,
        f"Efecto medido frente a efecto previsto de {len(known)} afirmaciones, en ejes "
        f"logarítmicos que van de {min(theory):.0e} a {max(theory):.0e}. Los puntos caen sobre "
        "la diagonal.",
    )


def summary(judgements):
    """Count the statements, the verdicts and how far theory is off, for the prose."""
    import numpy as np

    own = [j for _, j in judgements]
    found = [j.verdict for j in own]
    off = [abs(np.log(j.effect.centre / j.theory)) for j in own if j.theory and j.ratio]
    names = ("holds", "nuanced", "fails", "undecided")
    return {
        "statements": len(own),
        "slides": len({j.statement.slide for j in own}),
        **{name: found.count(verdict) for name, verdict in zip(names, VERDICTS, strict=True)},
        "unexpected": sum(j.verdict != j.statement.expected for j in own),
        "theories": len(off),
        "theory_off": float(np.exp(max(off))),
        "theory_near": sum(value < np.log(1.1) for value in off),
    }


def table(judgements):
    """Return the verdicts in Spanish; of several repetitions, how often each came out."""
    import pandas as pd

    if len({seed for seed, _ in judgements}) > 1:
        return records(judgements)
    return pd.DataFrame(
        {
            "afirmación": f"{j.statement.id}. {j.statement.text}",
            "lo medido": judge.effect_in_words(j),
            "veredicto": j.verdict,
        }
        for _, j in judgements
    )


def records(judgements):
    """Return one row of plain values per statement; of several repetitions, the counts."""
    import pandas as pd

    if len({seed for seed, _ in judgements}) == 1:
        return judge.records(j for _, j in judgements)
    found = pd.DataFrame(
        {"id": j.statement.id, "afirmación": j.statement.text, "veredicto": j.verdict}
        for _, j in judgements
    )
    codes = {j.statement.id: code(j.statement) for _, j in judgements}
    rows = found.groupby(["id", "afirmación"], sort=False).veredicto
    return (
        rows.value_counts()
        .unstack(fill_value=0)
        .reindex(
            index=pd.MultiIndex.from_frame(found[["id", "afirmación"]].drop_duplicates()),
            columns=VERDICTS,
            fill_value=0,
        )
        .reset_index()
        .assign(código=lambda counts: counts.id.map(codes))
    )


def show(judgements):
    """Return the table of all the statements, for the page."""
    return judge.Table([judgement for _, judgement in judgements], complete=True)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide todo lo que dicen las diapositivas y da un veredicto a cada afirmación.",
            measure,
            draw,
            table,
            records=records,
            options={
                "repeat": cli.Option(
                    "--repeat",
                    cli.whole(1),
                    "veces que se mide todo, con otras semillas; con más de una se cuentan los "
                    "veredictos",
                    "N",
                )
            },
        )
    )

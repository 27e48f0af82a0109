"""Measure every statement, the deck's and our own, and give each a verdict.

Page "Veredictos". The statements are data (``statements/``); the experiments are those of the
chapters with their defaults, so that the book measures each of them once.
"""

import hashlib
import inspect
import sys
from functools import cache

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
from clinic import patients
from initializers import (
    layer_width,
    share_let_through,
    spread_of_networks,
    weight_size,
    xavier_directions,
)
from lab import cli, units
from lab.provenance import definition_digest
from lab.store import ROOT
from layers import (
    eight_layers,
    eight_trained,
    forget_gate,
    inputs_summed,
    through_time,
    token_average,
)
from pairs import learning_rates, sigma_sweep
from signals import backprop_check, float_limits, frozen_layers, jacobian_product, signal_histograms
from transformer import (
    attention_rank,
    first_aid,
    gates,
    layer_norm,
    norm_place,
    residual_growth,
)
from verdicts import page
from verdicts.judge import judge_each
from verdicts.rules import VERDICTS, Rule
from verdicts.statements import (
    activations,
    diagnosis,
    experiment,
    forward_backward,
    gradients,
    he,
    initialization,
    introduction,
    other_layers,
    pairs,
    relu_variants,
    stability,
    transformer,
    width,
    xavier,
)
from width import coordinate_check, feature_movement, rate_transfer

#: The long ones come first: others make use of them.
EXPERIMENTS = (
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
    patients,
    weight_size,
    layer_width,
    jacobian_product,
    linear_collapse,
    spread_of_networks,
    path_slopes,
    share_let_through,
    scaled_weights,
    learning_rates,
    sigma_sweep,
    signal_histograms,
    trainable_depth,
    xavier_directions,
    inputs_summed,
    eight_layers,
    eight_trained,
    through_time,
    forget_gate,
    token_average,
    attention_rank,
    first_aid,
    gates,
    layer_norm,
    norm_place,
    residual_growth,
    rate_transfer,
    coordinate_check,
    feature_movement,
)
#: Page → the module of what it tells.
CHAPTERS = {
    "01-introduccion": introduction,
    "02-forward-backward": forward_backward,
    "03-gradientes": gradients,
    "04-activaciones": activations,
    "05-variantes-relu": relu_variants,
    "06-inicializacion": initialization,
    "07-xavier": xavier,
    "08-he": he,
    "09-paquetes": pairs,
    "10-diagnostico": diagnosis,
    "11-experimento": experiment,
    "12-estabilidad": stability,
    "13-otras-capas": other_layers,
    "14-transformer": transformer,
    "15-anchura": width,
}
STATEMENTS = [statement for chapter in CHAPTERS.values() for statement in chapter.STATEMENTS]
#: Statement's id → the page that tells it. One is judged ten chapters later, where its verdict
#: gives no prediction away.
PAGES = {told.id: name for name, chapter in CHAPTERS.items() for told in chapter.STATEMENTS}
PAGES["s1-5"] = "01-introduccion"
#: From one repetition to the next; more than the seeds of any experiment.
APART = 10_000


def options(module, first_seed):
    """Return what to tell an experiment for its seeds to begin here; some know no chance."""
    knows = "first_seed" in inspect.signature(module.measure).parameters
    return {"first_seed": first_seed} if knows else {}


def code(statement):
    """Return eight digits that change with whatever decides the verdict, except the seeds.

    That is the experiment with its defaults, the effect and the rule.
    """
    (module,) = (module for module in EXPERIMENTS if module.__name__ == statement.experiment)
    definitions = map(digest, (module.measure, statement.effect, Rule))
    decides = (*definitions, dict(statement.of), statement.rule)
    return hashlib.sha256(repr(decides).encode()).hexdigest()[:8]


@cache
def digest(definition):
    """Return the digest of a definition of the snippets and of all that it depends on."""
    name = f"{definition.__module__}.{definition.__qualname__}"
    return definition_digest(name, ROOT)


def measure(first_seed=0, repeat=1):
    """Judge all the statements, ``repeat`` times with seeds that no other time uses.

    Returns a list of (first seed, judgement).
    """
    seeds = range(first_seed, first_seed + APART * repeat, APART)
    work = [(module.measure, options(module, seed)) for seed in seeds for module in EXPERIMENTS]
    done = iter(units.map_calls(work, "midiendo los experimentos"))
    judgements = []
    for seed in seeds:
        data = {module: next(done) for module in EXPERIMENTS}
        judgements += [(seed, judgement) for judgement in judge_each(STATEMENTS, data)]
    return judgements


def predicted_ratios(judgements):
    """Return those whose effect is a ratio, and foreseen by theory."""
    return [j for _, j in judgements if j.theory and j.statement.effect.ratio]


def draw(judgements):
    """Draw what was measured over what theory expects, wherever it expects a ratio."""
    from lab import figures

    known = predicted_ratios(judgements)
    theory = [j.theory for j in known]
    low, centre, high = (
        [getattr(j.interval, end) / j.theory for j in known] for end in ("low", "centre", "high")
    )
    spans = [
        [c - end for c, end in zip(centre, low, strict=True)],
        [end - c for c, end in zip(centre, high, strict=True)],
    ]
    figure, ((ax,),) = figures.subplots(size=(5.2, 3.6))
    figures.reference(ax, 1)
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
    ax.set_yscale("log", base=2)
    ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_ylim(min(0.5, *low), max(2, *high))  # after the ticks, which widen it
    ax.minorticks_off()
    ax.set_xlabel("efecto según la teoría")
    ax.set_ylabel("efecto medido / previsto")
    return figures.describe(
        figure,
        f"Cociente entre el efecto medido y el previsto de {len(known)} afirmaciones, que va de "
        f"{min(centre):.2f} a {max(centre):.2f} mientras lo previsto va de {min(theory):.0e} a "
        f"{max(theory):.0e}.",
    )


def summary(judgements):
    """Count the statements, the verdicts and how far theory is off, for the prose.

    The verdicts of the deck's statements and those of our own apart, as "deck_fails".
    """
    import numpy as np

    every = [j for _, j in judgements]
    off = [abs(np.log(j.interval.centre / j.theory)) for j in predicted_ratios(judgements)]
    names = ("holds", "nuanced", "fails", "undecided")
    counts = {}
    for whose, said in (("deck", True), ("own", False)):
        found = [j.verdict for j in every if bool(j.statement.deck) == said]
        counts[whose] = len(found)
        for name, verdict in zip(names, VERDICTS, strict=True):
            counts[f"{whose}_{name}"] = found.count(verdict)
    return {
        **counts,
        "unexpected": sum(j.verdict != j.statement.expected for j in every),
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
            "de quién": j.statement.whose,
            "lo medido": page.effect_in_words(j),
            "veredicto": j.verdict,
        }
        for _, j in judgements
    )


def records(judgements):
    """Return one row of plain values per statement; of several repetitions, the counts."""
    import pandas as pd

    if len({seed for seed, _ in judgements}) == 1:
        return page.records((j for _, j in judgements), PAGES)
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
    """Return the table of all the statements, slide by slide, for the page."""
    return page.All([judgement for _, judgement in judgements], PAGES)


if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Mide todo lo que dicen las diapositivas y da un veredicto a cada afirmación.",
            measure,
            draw,
            table,
            records=records,
            workers=True,
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

"""How good is the diagnosis? It is tried on a collection of networks that learn or do not.

For the page "Diagnostica tu propia red". Every network is trained and looked at, and what each
rule and each sign said is kept in ``measured.csv`` beside this file. The weights of
``latido.calibrated`` come from one half of the tasks alone; the page reports on the other half.

    python snippets/diagnosis_benchmark/report.py --redo        (about half an hour)
    python snippets/diagnosis_benchmark/report.py --calibrate   (after it, or after a change)
"""

import json
import sys

from lab import cli, language

#: A median of fewer networks is not told.
FEW = 5


def summary(looks, table) -> dict:
    """Return the numbers that the prose uses, of the reported half.

    Args:
        looks, table: of ``score.result``.
    """
    from diagnosis_benchmark import score
    from diagnosis_benchmark.trainings import LOOKS, MNIST, OTHERS, STEPS, TRIAL, WINDOW, load
    from latido.monitor import SCHEDULE, WATCHED, next_look
    from latido.observer import AT_ONCE

    due = [0]
    while next_look(due[-1]) < 20 * MNIST:
        due.append(next_look(due[-1]))
    mnist = len(due) + 1  # and the last
    others, everything = json.loads(OTHERS.read_text()), load()
    rates, kept = score.rates(table), score.calibrated()
    alarms = score.with_alarms(everything[everything.half == "report"])
    numbers = {
        f"{name}_{what}": value
        for name, steps in (("all_looks", LOOKS), ("schedule", SCHEDULE))
        for what, value in score.watched(alarms, steps).items()
    }
    for moment, row in rates.iterrows():
        numbers |= {
            f"{moment}_found": row.found,
            f"{moment}_recall": row.found / row.failing,
            **interval(f"{moment}_recall", int(row.found), int(row.failing)),
            f"{moment}_false": row.false,
            f"{moment}_alarms": row.false / row.learning,
            **interval(f"{moment}_alarms", int(row.false), int(row.learning)),
        }
    last = looks[looks.step <= WINDOW].groupby("number").last()
    stuck = last[~last.learned]
    gap = score.reliability(looks)
    return {
        **numbers,
        "failing": int(table.fails.sum()),
        "learning": int((~table.fails).sum()),
        "networks": len(table),
        "tasks": table.task.nunique(),
        "all_networks": everything.number.nunique(),
        "all_tasks": everything.task.nunique(),
        "watched": int(table[~table.fails].watched.sum()),
        "lead": float(table[table.fails].lead.median()),
        "stuck": len(stuck),
        "stuck_fails": float(stuck.fails.mean()),
        "missed_learned": int(last[last.learned].fails.sum()),
        "calibration_error": float(
            ((gap.said - gap.seen).abs() * gap.networks).sum() / gap.networks.sum()
        ),
        "alarm_start": kept["alarm"]["start"],
        "alarm_training": kept["alarm"]["training"],
        "silence": kept["silence"],
        "architectures": ", ".join(others["architectures"]),
        "architectures_ill": sum(map(bool, others["architectures"].values())) or "ninguna",
        "window": WINDOW,
        "trial": TRIAL,
        "steps": STEPS,
        "steps_per_epoch": others["steps_per_epoch"],
        "prepare_steps": others["prepare"] / others["step"],
        "early_steps": others["early"] / others["step"],
        "look_steps": others["look"] / others["step"],
        "schedule_steps": in_words(SCHEDULE),
        "all_looks_steps": in_words(LOOKS),
        "at_once": AT_ONCE,
        "watched_samples": WATCHED,
        "mnist_share": (others["prepare"] + (mnist - 1) * others["early"])
        / (20 * MNIST * others["step"]),
        "mnist_looks": mnist,
        "mnist_steps": MNIST,
    }


def in_words(steps):
    """Return some numbers of steps as they stand in a sentence."""
    *before, last = steps
    return f"{', '.join(map(str, before))} y {last}"


def interval(name: str, count: int, total: int) -> dict[str, float]:
    """Return the ends of the interval of a share, by the names that the prose uses."""
    from diagnosis_benchmark import score

    low, high = score.share(count, total)
    return {f"{name}_low": float(low), f"{name}_high": float(high)}


def rule_table():
    """Return the rules of the diagnosis, with Spanish headings."""
    import pandas as pd

    from latido.rules import RULES, SYMPTOMS

    return pd.DataFrame(
        {
            "síntoma": SYMPTOMS[rule.symptom],
            "qué se mide": rule.formula,
            "alarma": f"{'>' if rule.above else '<'}\N{NO-BREAK SPACE}{rule.threshold:g}",
            "nombre": name,
        }
        for name, rule in RULES.items()
    )


def out_of(count: float, total: float) -> str:
    """Return "3 de 40 (3–20 %)", with the interval of the share; a dash of none."""
    from diagnosis_benchmark import score

    if not total:
        return "—"
    low, high = score.share(int(count), int(total))
    ends = f"{100 * low:.0f}–{100 * high:.0f}\N{NO-BREAK SPACE}%"
    return f"{count:.0f} de {total:.0f} ({ends})"


def moments(table):
    """Return what is found and what is alarmed for nothing, with Spanish headings."""
    import pandas as pd

    from diagnosis_benchmark import score

    return pd.DataFrame(
        {
            "alarma": score.MOMENTS[moment],
            "de las que no aprenden": out_of(row.found, row.failing),
            "de las que aprenden": out_of(row.false, row.learning),
        }
        for moment, row in score.rates(table).iterrows()
    )


def kinds(counts, heading: str):
    """Return ``score.by`` or ``score.faults`` with Spanish headings."""
    import pandas as pd

    def told(lead, networks):
        return f"{lead:.0f}" if networks >= FEW and lead == lead else "—"

    return pd.DataFrame(
        {
            heading: kind,
            "no aprenden, avisadas": out_of(row.found, row.failing),
            "en el paso 0": f"{row.at_start:.0f}",
            "pasos de ventaja": told(row.lead, row.failing),
            "aprenden, avisadas": out_of(row.false, row.learning),
        }
        for kind, row in counts.iterrows()
    )


def draw(curve):
    """Draw how many networks fail against how likely it was said to be.

    Args:
        curve: as ``score.reliability`` returns it.
    """
    from diagnosis_benchmark.trainings import WINDOW
    from lab import figures

    figure, (axes,) = figures.subplots(1, 2, size=(7.1, 3.4), sharey=True)
    titles = {"start": "antes del primer paso", "training": f"hacia el paso {WINDOW}"}
    told = []
    for ax, (phase, title) in zip(axes, titles.items(), strict=True):
        part = curve[curve.phase == phase]
        ends = [part.seen - part.low, part.high - part.seen]
        ax.plot([0, 1], [0, 1], color=figures.INK, linewidth=0.8, linestyle=(0, (2, 2)))
        ax.errorbar(part.said, part.seen, yerr=ends, fmt="o", color=figures.SEQUENCE[0])
        ax.set(
            title=title, xlabel="probabilidad que se dijo", xlim=(-0.03, 1.03), ylim=(-0.03, 1.03)
        )
        pairs = (f"{a:.0%} dicho, {b:.0%} visto" for a, b in zip(part.said, part.seen, strict=True))
        told.append(f"{title}: {'; '.join(pairs)}")
    axes[0].set_ylabel("fracción que no aprende")
    return figures.describe(
        figure, "Probabilidad dicha y fracción de redes que no aprenden. " + ". ".join(told) + "."
    )


def main(argv: list[str] | None = None) -> int:
    """Print the report on the reported half, from stored results or from new ones."""
    parser = cli.Parser(
        description="Prueba el diagnóstico con una colección de redes que aprenden o no.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--redo",
        action="store_true",
        help="vuelve a entrenar todas las redes (una media hora con un núcleo) y guarda lo medido",
    )
    add(
        "--calibrate",
        action="store_true",
        help="vuelve a calcular, con la otra mitad, los números de latido/calibrated.py",
    )
    cli.add_workers(parser)
    options = parser.parse_args(argv)
    at_work = cli.workers_asked(vars(options))

    from diagnosis_benchmark import calibration, score, trainings

    def redo():
        with at_work:
            trainings.redo()

    if options.redo and (failed := cli.run(redo, parser.prog, workers=True)):
        return failed
    if options.calibrate:
        calibration.redo()
        print(language.say("Guardado en latido/calibrated.py; vuelve a ejecutarlo sin opciones."))
        return 0
    looks, table = score.result()
    for part in (
        moments(table),
        kinds(score.faults(table), "fallo puesto"),
        kinds(score.by(table, "kind"), "red"),
    ):
        print(language.say_table(part).to_string(index=False), end="\n\n")
    numbers = summary(looks, table)
    print(
        language.say(
            f"Falsas alarmas antes de entrenar: {numbers['start_false']} de {numbers['learning']}; "
            f"avisadas entonces o en el paso {trainings.WINDOW}: {numbers['either_found']} de "
            f"{numbers['failing']} que no aprenden"
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

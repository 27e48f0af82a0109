"""How good is the diagnosis? It is tried on a collection of networks of known state.

For the page "Diagnostica tu propia red". Every network is trained for a few steps under
``latido.SignalMonitor``, and what each rule measured is kept in ``measured.csv`` beside this
file. The thresholds come from one half of the collection alone; the page reports on the other
half. Redo it with

    python snippets/diagnosis_benchmark/report.py --redo        (about fifteen minutes)
"""

import json
import sys

from diagnosis_benchmark.score import confirmed, learners, result, share
from diagnosis_benchmark.trainings import MNIST, OTHERS, STEPS, load, redo
from lab import cli


def summary(table) -> dict:
    """Return the numbers that the prose uses; those of both halves are called ``all_…``."""
    from latido.rules import PATIENCE, RULES

    looks, others = load(), json.loads(OTHERS.read_text())
    states = looks.groupby("number").state.first()
    kept = confirmed(looks).groupby("number").state.first()
    healthy, faulty = table.loc["healthy"], table.drop(index="healthy")
    first = learners(looks, {name: rule.threshold for name, rule in RULES.items()})
    alarmed = int(first.notna().sum())
    return {
        "learners": len(first),
        "learners_alarmed": alarmed,
        "learners_at_start": int((first == 0).sum()),
        "learners_share": float(first.notna().mean()),
        **interval("learners", alarmed, len(first)),
        **interval("false", int(healthy.found), int(healthy.networks)),
        **interval("recall", int(faulty.found.sum()), int(faulty.networks.sum())),
        "all_networks": len(states),
        "all_used": len(kept),
        "all_healthy": int((kept == "healthy").sum()),
        "left_out_healthy": int((states == "healthy").sum() - (kept == "healthy").sum()),
        "left_out_faulty": int((states != "healthy").sum() - (kept != "healthy").sum()),
        "architectures": ", ".join(others["architectures"]),
        "architectures_ill": sum(map(bool, others["architectures"].values())) or "ninguna",
        "steps": STEPS,
        "patience": PATIENCE,
        "steps_per_epoch": others["steps_per_epoch"],
        "prepare_steps": others["prepare"] / others["step"],
        "look_steps": others["look"] / others["step"],
        "look_share": others["look"] / others["step"] / others["steps_per_epoch"],
        "steps_for_1_percent": 100 * others["look"] / others["step"],
        "mnist_share": (others["prepare"] + 20 * others["look"]) / (20 * MNIST * others["step"]),
        "mnist_steps": MNIST,
        "networks": int(table.networks.sum()),
        "healthy": int(healthy.networks),
        "faulty": int(faulty.networks.sum()),
        "false_alarms": float(healthy.found / healthy.networks),
        "false_count": int(healthy.found),
        "recall": float(faulty.found.sum() / faulty.networks.sum()),
        "lowest_recall": float((faulty.found / faulty.networks).min()),
        "noticed": float(faulty.noticed.sum() / faulty.networks.sum()),
        "found_at_start": float(faulty.found_at_start.sum() / faulty.at_start.sum()),
        "starting": int(faulty.at_start.sum()),
        "lead": float(faulty.lead.median()),
    }


def interval(name: str, count: int, total: int) -> dict[str, float]:
    """Return the ends of the interval of a share, by the names that the prose uses."""
    low, high = share(count, total)
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


def table(counts):
    """Return the report with Spanish headings."""
    import pandas as pd

    from latido.rules import SYMPTOMS

    faulty = counts.drop(index="healthy")
    return pd.DataFrame(
        {
            "síntoma": [SYMPTOMS[state] for state in faulty.index],
            "redes": faulty.networks.to_numpy(),
            "encontrado": [f"{a} de {b}" for a, b in faulty[["found", "networks"]].to_numpy()],
            "alguna alarma": [f"{a} de {b}" for a, b in faulty[["noticed", "networks"]].to_numpy()],
            "en el paso 0": [
                f"{a} de {b}" if b else "—"
                for a, b in faulty[["found_at_start", "at_start"]].to_numpy()
            ],
            "pasos de ventaja": [f"{lead:.0f}" for lead in faulty.lead],
        }
    )


def main(argv: list[str] | None = None) -> int:
    """Print the report on the even half, from stored results or from new ones."""
    parser = cli.Parser(
        description="Prueba el diagnóstico con una colección de redes sanas y enfermas.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--redo",
        action="store_true",
        help="vuelve a entrenar todas las redes (unos quince minutos) y guarda lo medido",
    )
    looks = redo() if parser.parse_args(argv).redo else load()
    limits, counts = result(looks)
    print(table(counts).to_string(index=False))
    numbers = summary(counts)
    print(
        f"\nFalsas alarmas: {numbers['false_count']} de {numbers['healthy']} redes sanas; "
        f"de todas las que aprenden, {numbers['learners_alarmed']} de {numbers['learners']}. "
        f"Umbrales: {', '.join(f'{name} {value:g}' for name, value in limits.items())}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

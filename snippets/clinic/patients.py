"""Eight networks under observation: what is to be seen in them while they learn, or do not.

Chapter 10. One architecture and one dataset; only the start and the optimizer differ. Each
network is looked at before training and after every epoch, in the manner of Karpathy's
dashboard (makemore, part 3). Contrast and diversity are computed here from the signals of the
probe; ``keras_checklist`` has its own, to be copied into code that knows nothing of this book.
"""

import math
import sys
from dataclasses import dataclass

from lab import arguments, cli, store


@dataclass(frozen=True)
class Patient:
    """How a network was built and trained, and what is wrong with it (in Spanish)."""

    activation: str
    initializer: str
    illness: str
    optimizer: str = "sgd"
    learning_rate: float = 1e-3


# Spoiler: the diagnoses.
PATIENTS = {
    "A": Patient("relu", "glorot_uniform", "ReLU con Glorot"),
    "B": Patient("relu", "he_normal", "tasa enorme", learning_rate=1.0),
    "C": Patient("sigmoid", "glorot_uniform", "sigmoide profunda"),
    "D": Patient("relu", "he_normal", "sana"),
    "E": Patient("tanh", "random_normal:1", "tanh saturada"),
    "F": Patient("relu", "he_normal", "unidades muertas", "adam", 0.03),
    "G": Patient("relu", "constant:0.015625", "unidades gemelas"),
    "H": Patient("tanh", "random_normal:0.01", "pesos diminutos"),
}
#: Those that the chapter shows. H is for its exercise.
WARD = ("A", "B", "C", "D", "E", "F", "G")

STATISTICS = (
    "activation_rms",
    "contrast",
    "off_fraction",
    "delta_rms",
    "weight_gradient_rms",
    "diversity",
)


@store.measurement
def measure(patients=WARD, depth=20, width=64, seeds=5, first_seed=0, epochs=8, dataset="digits"):
    """Return one row per (patient, seed, epoch 0…epochs, layer).

    Columns: ``train_loss``, the same for all layers; ``update_ratio``; and STATISTICS. All
    are NaN from the epoch on in which a network diverges.
    """
    import pandas as pd

    from lab import data, model, probe, training

    images = data.load(dataset)
    probes, trainers, charts = {}, {}, []
    work = [(name, seed) for name in patients for seed in range(first_seed, first_seed + seeds)]
    for name, seed in cli.progress(work, "observando"):
        p = PATIENTS[name]
        if p.activation not in probes:
            network = model.mlp(
                p.activation, depth=depth, width=width, inputs=images.inputs, classes=images.classes
            )
            probes[p.activation] = probe.Probe(network)
        look = probes[p.activation]
        care = p.activation, p.optimizer
        if care not in trainers:
            trainers[care] = training.Trainer(look.model, images, p.optimizer, note_updates=True)
        trainers[care].learning_rate = p.learning_rate
        model.redraw(look.model, p.initializer, seed)
        chart = monitor(trainers[care], look, p.activation, epochs, seed)
        charts.append(chart.assign(patient=name, seed=seed, depth=depth, width=width))
    return pd.concat(charts, ignore_index=True)


def monitor(trainer, look, activation, epochs, seed):
    """Train; return one row per epoch (0 is the start) and layer."""
    import pandas as pd

    x, y = trainer.dataset.x_train[:128], trainer.dataset.y_train[:128]
    layers = range(1, len(look.model.layers) // 2 + 1)
    tables = []
    for epoch, metrics in enumerate(trainer.epochs(epochs, seed, ["train"])):
        loss = metrics["train_loss"]
        diverged = math.isnan(loss)
        seen = [] if diverged else examine(look(x, y), activation)
        table = pd.DataFrame(seen, layers, STATISTICS, dtype=float)
        table = table.assign(epoch=epoch, layer=layers, train_loss=loss)
        if epoch == 1:
            # The very first step: how far it moves an untrained network.
            tables[0]["update_ratio"] = trainer.update_ratios[0, :-1]
        if epoch > 0 and not diverged:
            table["update_ratio"] = trainer.update_ratios[-1, :-1]
        tables.append(table)
    return pd.concat(tables)


def examine(signals, activation):
    """Return STATISTICS of each layer, from one batch.

    - ``contrast``: share of E[h²] that depends on the image; at 0 all
      images look alike.
    - ``diversity``: share of E[h²] that depends on the unit; at 0 the
      units are twins.
    - ``off_fraction``: dead units, or saturated values where units can
      not die.
    """
    from lab import probe, theory

    can_die = theory.ACTIVATIONS[activation].has_off_side
    rows = probe.statistics(signals, activation)
    for row, h in zip(rows, signals.h, strict=True):
        h = h.astype(float)
        moment = (h**2).mean() or 1.0
        row["contrast"] = h.var(axis=0).mean() / moment
        row["diversity"] = h.var(axis=1).mean() / moment
        off = "dead_fraction" if can_die else "saturated_fraction"
        row["off_fraction"] = row[off]
    return rows


def draw(charts, panels=("loss", "steps", "off")):
    """Draw what happens in training: a column per patient, a row for each of PANELS."""
    from lab import figures

    names = list(dict.fromkeys(charts.patient))
    size = 0.92 * len(names) + 0.7, 1.8 * len(panels) + 0.9
    figure, axes = figures.subplots(len(panels), len(names), size=size, sharex=True, sharey="row")
    for row, panel in zip(axes, panels, strict=True):
        for ax, name in zip(row, names, strict=True):
            PANELS[panel](ax, charts[charts.patient == name])
        for ax in row[1:]:
            ax.set_ylabel("")
    for ax, name in zip(axes[0], names, strict=True):
        ax.set_title(name, fontweight="bold")
        figures.epoch_axis(ax, charts.epoch.max())
        ax.set_xlabel("")
    figure.supxlabel(
        "época",
    )
    if "steps" in panels:
        handles, labels = axes[panels.index("steps"), 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    columns = [TOLD[panel] for panel in panels]
    told = "; ".join(
        ", ".join([row.paciente, *(row[column] for column, _ in columns)])
        for _, row in table(charts).iterrows()
    )
    return figures.describe(
        figure,
        f"Lo que pasa en {charts.epoch.max()} épocas. De cada paciente, "
        f"{', '.join(words for _, words in columns)}: {told}.",
    )


def _loss(ax, chart):
    from lab import figures, stats

    curve = chart[(chart.layer == 1) & chart.train_loss.notna()]
    spread = stats.over_seeds(curve, "epoch", "train_loss", logarithmic=False)
    band(ax, spread, figures.INK, "o")
    figures.reference(ax, math.log(10))
    if chart.train_loss.isna().any():
        ax.annotate("NaN", (0.6, spread.centre[-1]))
    ax.set_ylim(0, max(ax.get_ylim()[1], 1.04 * spread.high.max()))  # the same in all
    ax.set_ylabel("pérdida")


def _steps(ax, chart):
    from lab import figures, stats

    depth, floor = int(chart.depth.iloc[0]), 1e-10  # below, nothing moves
    figures.log_axis(ax)
    layers = dict.fromkeys([1, (depth + 1) // 2, depth])
    for layer, color, marker in zip(layers, figures.SEQUENCE, MARKERS, strict=False):
        part = chart[(chart.layer == layer) & chart.update_ratio.notna()]
        part = part.assign(update_ratio=part.update_ratio.clip(lower=floor))
        spread = stats.over_seeds(part, "epoch", "update_ratio")
        band(ax, spread, color, marker, f"capa {layer}")
    figures.reference(ax, 1e-3)
    _tell_divergence(ax, chart)
    ax.set_ylim(floor / 3, 1e2)
    ax.set_ylabel("paso / peso")


def _off(ax, chart):
    from lab import figures, stats

    known = chart[chart.train_loss.notna()]
    mean = known.groupby(["seed", "epoch"], as_index=False).off_fraction.mean()
    spread = stats.over_seeds(mean, "epoch", "off_fraction", logarithmic=False)
    band(ax, spread, figures.INK, "o")
    _tell_divergence(ax, chart)
    ax.set_ylim(-0.03, 1.03)
    ax.set_ylabel("apagadas o\nsaturadas")


def _tell_divergence(ax, chart):
    """Say in a panel that is nearly empty why it is."""
    if chart.train_loss.isna().any():
        ax.annotate("NaN", (0.5, 0.5), xycoords="axes fraction", ha="center", va="center")


PANELS = {"loss": _loss, "steps": _steps, "off": _off}
#: The column of ``table`` that says the same, and how it is called in a sentence
TOLD = {
    "loss": ("pérdida", "la pérdida"),
    "steps": ("primer paso / peso", "lo que el primer paso mueve a los pesos"),
    "off": ("apagadas al final", "las unidades apagadas o saturadas al final"),
}
MARKERS = "os^Dv"


def band(ax, spread, color, marker, label=None):
    """Draw a curve over the band of its seeds."""
    ax.plot(spread.x, spread.centre, color=color, marker=marker, linewidth=1, label=label)
    ax.fill_between(spread.x, spread.low, spread.high, color=color, alpha=0.15, linewidth=0)


def summary(charts):
    """Return the numbers that the prose uses, by patient: "D_loss_end"."""
    answer = {"epochs": int(charts.epoch.max())}
    for name, chart in charts.groupby("patient"):
        first, last = chart[chart.epoch == 0], chart[chart.epoch == chart.epoch.max()]
        answer |= {
            f"{name}_loss_start": first.train_loss.mean(),
            f"{name}_loss_end": last.train_loss.mean(),
            f"{name}_step_smallest": first.update_ratio.min(),
            f"{name}_step_largest": first.update_ratio.max(),
            f"{name}_step_median": first.update_ratio.median(),
            f"{name}_off_start": first.off_fraction.mean(),
            f"{name}_off_next": chart[chart.epoch == 1].off_fraction.mean(),
            f"{name}_off_end": last.off_fraction.mean(),
        }
    return answer


def table(charts):
    """Return what happened to each patient, without its diagnosis, for the terminal."""
    import pandas as pd

    v = summary(charts)
    return pd.DataFrame(
        {
            "paciente": name,
            "pérdida": f"{v[f'{name}_loss_start']:.2f} → {v[f'{name}_loss_end']:.2f}",
            "primer paso / peso": f"{v[f'{name}_step_smallest']:.0e} … "
            f"{v[f'{name}_step_largest']:.0e}",
            "apagadas al final": f"{100 * v[f'{name}_off_end']:.0f} %",
        }
        for name in dict.fromkeys(charts.patient)
    ).replace({"nan %": "—", "→ nan": "→ NaN"}, regex=True)


PATIENT = cli.Option(
    "--patient",
    arguments.one_of(PATIENTS, "el paciente"),
    f"paciente ({', '.join(PATIENTS)})",
    "LETRA",
    many=True,
)

if __name__ == "__main__":
    sys.exit(
        cli.main(
            "Vigila redes que aprenden y redes que no, época a época.",
            measure,
            draw,
            table,
            options={"patients": PATIENT},
        )
    )

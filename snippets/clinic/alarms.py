"""Which statistic sees which illness, and how many epochs before the loss tells.

Chapter 10. Each instrument reads one number from a network at every epoch, and rings when the
number leaves its healthy range. None of them sees everything.
"""

import math
import sys
from dataclasses import dataclass

from clinic import patients as clinic
from lab import store

HEALTHY = "D"


@dataclass(frozen=True)
class Instrument:
    """A number that a healthy network keeps between ``low`` and ``high``."""

    label: str
    low: float
    high: float


#: Between the first layer and the last, two orders of magnitude count as an illness. The very
#: first step has no momentum yet and is ten times smaller than the next ones.
INSTRUMENTS = {
    "loss": Instrument("pérdida", 0, 1.1),  # of the worst healthy one
    "activation": Instrument("h\núlt./1.ª", 1e-2, 1e2),
    "contrast": Instrument("con-\ntraste", 1e-2, math.inf),
    "off": Instrument("apagadas\no satur.", 0, 0.5),
    "delta": Instrument("δ\n1.ª/últ.", 1e-2, 1e2),
    "weight_gradient": Instrument("∂L/∂W\n1.ª/últ.", 1e-2, 1e2),
    "diversity": Instrument("diver-\nsidad", 1e-2, math.inf),
    "step": Instrument("paso /\npeso", 1e-6, 3e-2),
}


@store.measurement
def measure(patients=clinic.WARD, depth=20, width=64, seeds=5, epochs=8, dataset="digits"):
    """Return one row per (patient, seed, instrument): the epoch at which it first rings.

    NaN if it never does. The healthy patient is always there, to compare its loss.
    """
    import pandas as pd

    ward = tuple(dict.fromkeys([*patients, HEALTHY]))
    values = readings(
        clinic.measure(ward, depth=depth, width=width, seeds=seeds, epochs=epochs, dataset=dataset)
    )
    network = [values.patient, values.seed]
    first = {}
    for name, instrument in INSTRUMENTS.items():
        rings = ~values[name].between(instrument.low, instrument.high)  # so does NaN
        first[name] = values.epoch.where(rings).groupby(network, sort=False).min()
    table = pd.DataFrame(first).reset_index()
    return table.melt(["patient", "seed"], var_name="instrument", value_name="epoch").assign(
        depth=depth, width=width, epochs=epochs
    )


def readings(charts):
    """Return one row per (patient, seed, epoch) with the number of each instrument."""
    network = ["patient", "seed", "epoch"]
    first = charts[charts.layer == 1].set_index(network)
    last = charts[charts.layer == charts.layer.max()].set_index(network)
    layers = charts.groupby(network, sort=False)
    largest = layers.update_ratio.max()
    too_large = largest > INSTRUMENTS["step"].high
    worst_healthy = first.train_loss[HEALTHY].groupby("epoch").max()
    return (
        first[[]]
        .assign(
            loss=first.train_loss / worst_healthy.reindex(first.index, level="epoch"),
            activation=last.activation_rms / first.activation_rms,
            contrast=last.contrast,
            off=layers.off_fraction.mean(),
            delta=first.delta_rms / last.delta_rms,
            weight_gradient=first.weight_gradient_rms / last.weight_gradient_rms,
            diversity=layers.diversity.min(),
            step=largest.where(too_large, layers.update_ratio.min()),
        )
        .reset_index()
    )


def first_rings(alarms):
    """Return the median first epoch, patients × instruments; inf where most seeds never ring."""
    never = alarms.assign(epoch=alarms.epoch.fillna(math.inf))
    return never.groupby(["patient", "instrument"], sort=False).epoch.median().unstack(sort=False)


def draw(alarms):
    """Draw the first epoch at which each instrument rings, for each patient."""
    from lab import figures

    rings = first_rings(alarms)
    epochs = int(alarms.epochs.iloc[0])
    figure, axes = figures.subplots(size=(5.2, 0.42 * len(rings) + 1.3))
    ax = axes[0, 0]
    figures.heat_map(
        ax,
        1 - rings.to_numpy() / (epochs + 1),  # never: −∞, an empty cell
        rings.map(lambda epoch: f"{epoch:.0f}" if epoch < math.inf else "–").to_numpy(),
        [i.label.replace("-\n", "").replace("\n", " ") for i in INSTRUMENTS.values()],
        figures.ramp(figures.SEQUENCE[1]),
    )
    names = [f"{name} · {clinic.PATIENTS[name].illness}" for name in rings.index]
    ax.set_yticks(range(len(rings)), names)
    ax.xaxis.tick_top()
    for label in ax.get_xticklabels():
        label.set(rotation=40, ha="left", rotation_mode="anchor")
    told = "; ".join(
        f"{row.paciente}, {row['antes del primer paso'] or 'ninguna'}"
        for _, row in table(alarms).iterrows()
    )
    return figures.describe(
        figure,
        "Tabla de pacientes y estadísticas con la época en que cada una da la alarma por primera "
        f"vez. Las que suenan en la época 0: {told}.",
    )


def summary(alarms):
    """Return, by patient, when the loss rings and how many instruments ring at epoch 0."""
    rings = first_rings(alarms)
    inside = rings.drop(columns="loss")
    return {
        **{f"{name}_loss": f"{epoch:.0f}" for name, epoch in rings.loss.items()},
        **{f"{name}_at_start": int((row == 0).sum()) for name, row in inside.iterrows()},
        **{f"{name}_seen": int((column < math.inf).sum()) for name, column in rings.items()},
        "sick": len(rings) - 1,
        "warned": int((inside == 0).any(axis=1).sum()),
    }


def table(alarms):
    """Return what rings before the first step and when the loss tells, for the terminal."""
    import pandas as pd

    rings = first_rings(alarms)
    labels = {
        name: i.label.replace("-\n", "").replace("\n", " ") for name, i in INSTRUMENTS.items()
    }
    return pd.DataFrame(
        {
            "paciente": name,
            "la pérdida lo dice": f"época {row.loss:.0f}" if row.loss < math.inf else "nunca",
            "antes del primer paso": ", ".join(labels[i] for i in row[row == 0].index),
        }
        for name, row in rings.iterrows()
    )


if __name__ == "__main__":
    from lab import cli

    sys.exit(
        cli.main(
            "Mira qué estadística ve cada enfermedad, y cuántas épocas antes que la pérdida.",
            measure,
            draw,
            table,
            options={"patients": clinic.PATIENT},
        )
    )

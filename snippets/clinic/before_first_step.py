"""What can be seen inside a network before its first training step, layer by layer.

Chapter 10. One batch, forwards and backwards, through the untrained networks of ``patients``.
"""

import sys

from clinic import patients as clinic
from lab import store

TITLES = {
    "activation_rms": "activación h",
    "contrast": "contraste entre imágenes",
    "off_fraction": "apagadas o saturadas",
    "delta_rms": "gradiente δ",
    "weight_gradient_rms": "gradiente ∂L/∂W",
    "diversity": "diversidad entre unidades",
}
SHARES = ("off_fraction", "diversity")  # drawn from 0 to 1; the others as powers of ten


@store.measurement
def measure(patients=clinic.WARD, depth=20, width=64, seeds=10, dataset="digits"):
    """Return ``clinic.measure`` without training: one row per (patient, seed, layer)."""
    return clinic.measure(
        patients, depth=depth, width=width, seeds=seeds, epochs=0, dataset=dataset
    )


def draw(charts):
    """Draw each statistic by layer, before training, with a line per patient."""
    from lab import figures, stats

    start = charts[charts.epoch == 0]
    alike = {}  # patients that are still the same network share a line
    for name, part in start.groupby("patient"):
        alike.setdefault(tuple(part.delta_rms), []).append(name)
    figure, axes = figures.subplots(2, 3, size=(7.2, 5.2), sharex=True)
    for ax, (statistic, title) in zip(axes.flat, TITLES.items(), strict=True):
        ax.set_title(title)
        ends = []
        if statistic in SHARES:
            ax.set_ylim(-0.03, 1.03)
        else:
            figures.log_axis(ax)
        for color, marker, names in zip(
            figures.SEQUENCE, clinic.MARKERS, alike.values(), strict=False
        ):
            spread = stats.over_seeds(
                start[start.patient == names[0]],
                "layer",
                statistic,
                logarithmic=statistic not in SHARES,
            )
            clinic.band(ax, spread, color, marker)
            ends.append((spread.centre[-1], "=".join(names), color))
        ax.set_ylim(ax.get_ylim())
        figures.label_ends(ax, ends, gap=0.1)
    for ax in axes[-1]:
        figures.layer_axis(ax, start.depth.iloc[0])
    told = "; ".join(
        f"{row.paciente}, {row['h, última']}, {row['contraste, última']} y {row['δ, capa 1']}"
        for _, row in table(charts).iterrows()
    )
    return figures.describe(
        figure,
        "Seis estadísticas internas por capa, antes de entrenar. De cada paciente, la activación y "
        f"el contraste de la última capa y el gradiente δ de la primera: {told}.",
    )


def ends(charts):
    """Return medians over seeds before training; index (patient, layer), first and last layer."""
    start = charts[(charts.epoch == 0) & charts.layer.isin([1, charts.layer.max()])]
    return start.groupby(["patient", "layer"])[[*TITLES]].median()


def summary(charts):
    """Return the medians at both ends, as "A_delta_rms_first", for the prose."""
    return {
        f"{name}_{statistic}_{'first' if layer == 1 else 'last'}": value
        for (name, layer), row in ends(charts).iterrows()
        for statistic, value in row.items()
    }


def table(charts):
    """Return the statistics of the first and last layers, for the terminal."""
    import pandas as pd

    values = summary(charts)
    columns = {
        "h, última": "activation_rms_last",
        "contraste, última": "contrast_last",
        "δ, capa 1": "delta_rms_first",
        "∂L/∂W, capa 1": "weight_gradient_rms_first",
        "∂L/∂W, última": "weight_gradient_rms_last",
        "apagadas, última": "off_fraction_last",
        "diversidad, capa 1": "diversity_first",
    }
    return pd.DataFrame(
        {"paciente": name} | {t: f"{values[f'{name}_{v}']:.1e}" for t, v in columns.items()}
        for name in dict.fromkeys(charts.patient)
    )


if __name__ == "__main__":
    from lab import cli

    sys.exit(
        cli.main(
            "Examina redes sanas y enfermas antes de que den el primer paso.",
            measure,
            draw,
            table,
            options={"patients": clinic.PATIENT},
        )
    )

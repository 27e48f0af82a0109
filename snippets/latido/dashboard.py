"""The five plots of a training: h, δ, ∂L/∂W, update ratio and loss, layer by layer.

After the dashboard of Karpathy's makemore, part 3: each plot has the one line that tells good
from bad.
"""

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from latido import plots
from latido.report import Report
from latido.rules import FINDINGS, RULES, delta_ratios, reference_loss

#: Column → its title, and where its reference line lies with what it says.
PANELS = {
    "activation": ("valor eficaz de h", 1.0, "1, ni crece ni encoge"),
    "delta": ("‖δ‖ / ‖δ‖ de la última", 1.0, "1, llega entero"),
    "gradient": (
        "rms(∂L/∂W) / rms(W)",
        RULES["relative_gradient"].threshold,
        "por encima, explota",
    ),
    "update": ("rms(ΔW) / rms(W) en un paso", 1e-3, "10⁻³, lo habitual"),
}


def draw(report: Report) -> Figure:
    """Draw how a network stood at each look: one line per hidden layer.

    The label of the figure (``get_label``) says in words what it shows. It is none of pyplot's
    own, and Matplotlib's settings stay as they were.

    Raises:
        ValueError: nothing has been looked at yet.
    """
    if not report.snapshots:
        raise ValueError("aún no se ha mirado nada: entrena con el monitor puesto")
    with plots.style():
        return _draw(report)


def _draw(report: Report) -> Figure:
    first, last = report.snapshots[0], report.snapshots[-1]
    steps = [now.step for now in report.snapshots]
    names = [layer.name for layer in last.hidden]
    shade = LinearSegmentedColormap.from_list("depth", plots.DEPTH)
    colors = [shade(i / max(len(names) - 1, 1)) for i in range(len(names))]

    figure, axes = plots.subplots(2, 3, size=(8.6, 5.2))
    *panels, loss, key = axes.ravel()
    series = [_series(now, first) for now in report.snapshots]
    for ax, (column, (title, level, text)) in zip(panels, PANELS.items(), strict=True):
        plots.log_axis(ax)
        for i, color in enumerate(colors):
            values = [look[column][i] or float("nan") for look in series]
            ax.plot(steps, values, color=color, linewidth=1.2, marker=".")
        _show(ax, level)
        plots.reference(ax, level)
        ax.set_title(f"{title}\n(línea: {text})")
    loss.plot(steps, [now.loss for now in report.snapshots], color=plots.INK, marker=".")
    plots.reference(loss, reference_loss(last, first))
    low, high = loss.get_ylim()
    loss.set_ylim(min(0, low), 1.1 * high)  # from zero, or noise would look like progress
    loss.set_title("pérdida del lote\n(línea: responder siempre lo mismo)")
    for ax in (*panels, loss):
        ax.set_xlabel("paso")
        ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    _name_layers(key, names, colors)
    found = ", ".join(FINDINGS[f.symptom] for f in report.findings) or "ningún síntoma"
    figure.set_label(
        f"Cinco gráficas, de la puesta en marcha al paso {last.step}: activaciones, gradiente δ, "
        f"gradiente de los pesos y actualización de {len(names)} capas ocultas, y la pérdida, "
        f"que va de {first.loss:.2g} a {last.loss:.2g}. Diagnóstico: {found}."
    )
    return figure


def _show(ax, level: float) -> None:
    """Make room for the reference line and its text, and for two powers of ten."""
    low, high = ax.get_ylim()
    low, high = min(low, level / 4), max(high, level * 1.5)
    ax.set_ylim(min(low, high / 200), high)


def _series(now, first) -> dict[str, list[float]]:
    """Return what each plot shows of one look, layer by layer."""
    deltas = delta_ratios(now, first)
    return {
        "activation": [layer.activation_rms for layer in now.hidden],
        "delta": [deltas.get(layer.name, float("nan")) for layer in now.hidden],
        "gradient": [x.weight_gradient_rms / (x.weight_rms or float("nan")) for x in now.hidden],
        "update": [layer.update_ratio for layer in now.hidden],
    }


def _name_layers(ax, names: list[str], colors: list) -> None:
    """Name the lines in the sixth place: all of them if they are few, else both ends."""
    ax.set_axis_off()
    shown = range(len(names)) if len(names) <= 8 else (0, len(names) // 2, len(names) - 1)
    handles = [Line2D([], [], color=colors[i], label=names[i]) for i in shown]
    if handles:
        ax.legend(handles=handles, title="capa", loc="center left")


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

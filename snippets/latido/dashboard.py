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
from latido.words import Text, chained

#: Column → its title, and where its reference line lies with what it says.
PANELS = {
    "activation": (Text("valor eficaz de h"), 1.0, Text("1, ni crece ni encoge")),
    "delta": (Text("‖δ‖ / ‖δ‖ de la última"), 1.0, Text("1, llega entero")),
    "gradient": (
        "rms(∂L/∂W) / rms(W)",
        RULES["relative_gradient"].threshold,
        Text("por encima, explota"),
    ),
    "update": (Text("rms(ΔW) / rms(W) en un paso"), 1e-3, Text("10⁻³, lo habitual")),
}


def draw(report: Report) -> Figure:
    """Draw how a network stood at each look, in the language of the report.

    One line per hidden layer.

    The label of the figure (``get_label``) says in words what it shows. It is none of pyplot's
    own, and Matplotlib's settings stay as they were.

    Raises:
        ValueError: nothing has been looked at yet.
    """
    if not report.snapshots:
        nothing = Text("aún no se ha mirado nada: entrena con el monitor puesto")
        raise ValueError(nothing.into(report.lang))
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
        ax.set_title(_titled(title, text).into(report.lang))
    loss.plot(steps, [now.loss for now in report.snapshots], color=plots.INK, marker=".")
    plots.reference(loss, reference_loss(last, first))
    low, high = loss.get_ylim()
    loss.set_ylim(min(0, low), 1.1 * high)  # from zero, or noise would look like progress
    title = _titled(Text("pérdida del lote"), Text("responder siempre lo mismo"))
    loss.set_title(title.into(report.lang))
    for ax in (*panels, loss):
        ax.set_xlabel(Text("paso").into(report.lang))
        ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    _name_layers(key, names, colors, Text("capa").into(report.lang))
    found = chained(", ", [FINDINGS[f.symptom] for f in report.findings])
    label = Text(
        "Cinco gráficas, de la puesta en marcha al paso {step}: activaciones, gradiente δ, "
        "gradiente de los pesos y actualización de {count} capas ocultas, y la pérdida, que va de "
        "{first:.2g} a {last:.2g}. Diagnóstico: {found}.",
        step=last.step,
        count=len(names),
        first=first.loss,
        last=last.loss,
        found=found or Text("ningún síntoma"),
    )
    figure.set_label(label.into(report.lang))
    return figure


def _titled(title: str, line: Text) -> Text:
    return Text("{title}\n(línea: {line})", title=title, line=line)


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


def _name_layers(ax, names: list[str], colors: list, title: str) -> None:
    """Name the lines in the sixth place: all of them if they are few, else both ends."""
    ax.set_axis_off()
    shown = range(len(names)) if len(names) <= 8 else (0, len(names) // 2, len(names) - 1)
    handles = [Line2D([], [], color=colors[i], label=names[i]) for i in shown]
    if handles:
        ax.legend(handles=handles, title=title, loc="center left")


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

"""One look for every figure: the only module that knows Matplotlib's style.

Colour says the activation, the line and its marker say the initializer. Points are
measured, thin lines are predicted, a band goes from the lowest seed to the highest.
"""

import contextlib
import html
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from lab import catalog, language, spanish_numbers
from lab.stats import Spread
from lab.store import building

#: The colour of text, axes and reference lines. On a page it becomes the text's own.
INK = "#1c1c21"

#: Okabe and Ito's palette and a brown, told apart with any colour vision.
COLORS = {
    "linear": "#8a8a8a",
    "sigmoid": "#0072b2",
    "tanh": "#009e73",
    "relu": "#d55e00",
    "leaky_relu": "#cc79a7",
    "elu": "#e69f00",
    "gelu": "#56b4e9",
    "silu": "#a0522d",
}
#: Six more shades for whatever is neither an activation nor an initializer.
SEQUENCE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")

#: Initializer → line and marker. The filled, solid one is He.
#:
#: :meta hide-value:
LINES = {
    "glorot_uniform": {"linestyle": (0, (4, 2)), "marker": "s", "markerfacecolor": "none"},
    "he_normal": {"linestyle": "-", "marker": "o"},
    "lecun_normal": {"linestyle": (0, (1, 1.5)), "marker": "^"},
    "orthogonal": {"linestyle": (0, (6, 1, 1, 1)), "marker": "D"},
    "random_normal": {"linestyle": (0, (3, 1, 1, 1)), "marker": "v"},
    "glorot_normal": {"linestyle": (0, (5, 3)), "marker": "P"},
    "he_uniform": {"linestyle": (0, (8, 1)), "marker": "X"},
    "zeros": {"linestyle": (0, (1, 3)), "marker": "x"},
    "constant": {"linestyle": (0, (1, 4)), "marker": "+"},
}

#: The least size of letters, in points: two thirds of them can still be read on a phone.
SMALL = 10.0

STYLE = {
    "font.size": 10.0,
    "axes.titlesize": 10.0,
    "axes.labelsize": 10.0,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "grid.color": INK,
    "grid.alpha": 0.13,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "lines.markersize": 2.8,
    "svg.fonttype": "none",
    "savefig.dpi": 200,
    **dict.fromkeys(
        (
            "text.color",
            "axes.labelcolor",
            "axes.edgecolor",
            "axes.titlecolor",
            "xtick.color",
            "ytick.color",
            "legend.labelcolor",
        ),
        INK,
    ),
}


def use_style() -> None:
    """Give this process the book's look, and its notebook, if it is one, the book's figures.

    ``subplots`` calls it: what is added to a figure later, and what saves it, has to find the
    same style. To import this module changes nothing.
    """
    mpl.rcParams.update(STYLE)
    if "IPython" in sys.modules:
        from IPython import get_ipython

        if shell := get_ipython():
            formatters = shell.display_formatter.formatters
            formatters["text/html"].for_type(Figure, to_svg if building() else to_spoken_svg)
            if building():
                formatters.setdefault(language.HTML, _formatter()).for_type(Figure, to_english_svg)


def subplots(rows: int = 1, columns: int = 1, *, size=(7.6, 3.2), **options):
    """Return (figure, array of axes (rows, columns)) in the book's style.

    ``options`` go to Matplotlib's ``Figure.subplots`` (sharex, sharey, gridspec_kw…).
    """
    use_style()
    figure = Figure(figsize=size)
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def activation_columns(activations: Iterable[str], rows: int = 1, *, size, **options):
    """Return (figure, {activation: its axes (rows,)}): a column each, with its name above.

    Args:
        activations: their names, in order; one that comes again is left out.
        rows: how many axes each has.
        size: the width of a column and the height of the figure, in inches.
        options: those of ``subplots``; the x axis is shared unless they say otherwise.
    """
    names = list(dict.fromkeys(activations))
    width, height = size
    figure, axes = subplots(
        rows, len(names), size=(width * len(names) + 0.6, height), **{"sharex": True, **options}
    )
    columns = dict(zip(names, axes.T, strict=True))
    for name, column in columns.items():
        column[0].set_title(catalog.ACTIVATIONS[name], color=COLORS[name])
    return figure, columns


def describe(figure: Figure, text: str) -> Figure:
    """Give the figure its alternative text: what it shows, for whoever can't see it."""
    figure.set_label(spanish_numbers.spell(" ".join(text.split())))
    return figure


# --- lines --------------------------------------------------------------------------------


def line_style(activation: str, initializer: str) -> dict:
    """Return the Matplotlib arguments with which a combination is always drawn."""
    color = COLORS[activation]
    return {"color": color, "markeredgecolor": color, **LINES[initializer.partition(":")[0]]}


def predicted(ax: Axes, x, y, activation: str, initializer: str) -> None:
    """Draw what theory predicts: a thin line, under everything measured."""
    style = {**line_style(activation, initializer), "marker": "", "linewidth": 1.0}
    ax.plot(x, y, zorder=1, **style)


def measured_points(ax: Axes, spread: Spread, activation: str, initializer: str, **more) -> None:
    """Draw measured values as points over the band of the seeds."""
    points_of_seeds(ax, spread, **{**line_style(activation, initializer), "linestyle": "", **more})


def measured_line(ax: Axes, spread: Spread, activation: str, initializer: str, **more) -> None:
    """Draw a measured curve (nothing is predicted for it) over the band of the seeds."""
    line_of_seeds(ax, spread, **{**line_style(activation, initializer), "marker": "", **more})


def points_of_seeds(ax: Axes, spread: Spread, *, color: str, **more) -> None:
    """Draw measured values of what is no combination, as points over the band of the seeds."""
    line_of_seeds(ax, spread, color=color, **{"marker": "o", "linestyle": "", **more})


def line_of_seeds(ax: Axes, spread: Spread, *, color: str, **more) -> None:
    """Draw a measured curve of what is no combination over the band of the seeds."""
    ax.fill_between(spread.x, spread.low, spread.high, color=color, alpha=0.18, linewidth=0)
    style = {"color": color, "markeredgecolor": color, "marker": "", **more}
    ax.plot(spread.x, spread.centre, zorder=3, **style)


def reference(ax: Axes, y: float, text: str = "") -> None:
    """Draw the one horizontal line that tells good from bad, with its name under it."""
    ax.axhline(y, color=INK, linewidth=0.8, linestyle=(0, (2, 2)), alpha=0.7, zorder=0)
    if text:
        ax.annotate(
            text,
            (1, y),
            xycoords=ax.get_yaxis_transform(),
            xytext=(-2, -2),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=SMALL,
        )


def label_ends(ax: Axes, ends: Iterable[tuple[float, str, str]], gap: float = 0.075) -> None:
    """Write what each line is at its right end, beside the axes, and none upon another.

    Args:
        ends: height in data, text and colour of each; the limits of the axes are set by then.
        gap: the least distance between two labels, as a part of the height of the axes.
    """
    in_axes = ax.transScale + ax.transLimits
    left, _ = ax.get_xlim()
    ends = [(in_axes.transform((left, y))[1], text, color) for y, text, color in ends]
    ends.sort(key=lambda end: end[0])
    groups = []  # of labels that touch: their middle without the gaps, and how many they are
    for number, (height, *_) in enumerate(ends):
        groups.append((height - gap * number, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (y, m), (z, n) = groups[-2:]
            groups[-2:] = [((m * y + n * z) / (m + n), m + n)]
    places = [middle for middle, count in groups for _ in range(count)]
    for number, (place, (_, text, color)) in enumerate(zip(places, ends, strict=True)):
        highest = 1 - gap * (len(ends) - 1 - number)  # above lies the title
        ax.annotate(
            text,
            (1.02, min(place + gap * number, highest)),
            xycoords="axes fraction",
            color=color,
            va="center",
            annotation_clip=False,
        )


def shade(ax: Axes, x: np.ndarray, where: np.ndarray) -> None:
    """Shade a zone of the axis over its whole height.

    Args:
        x, where: positions and, for each, whether it belongs to the zone; both (points,).
    """
    ax.fill_between(
        x,
        0,
        1,
        where=where,
        transform=ax.get_xaxis_transform(),
        color=INK,
        alpha=0.12,
        linewidth=0,
        zorder=0,
    )


def ramp(*colors: str) -> LinearSegmentedColormap:
    """Return a colormap that fades in (one colour) or passes from one into the next (more)."""
    first = (*to_rgba(colors[0])[:3], 0.0)
    stops = [first, colors[0]] if len(colors) == 1 else list(colors)
    return LinearSegmentedColormap.from_list("ramp", [to_rgba(color) for color in stops])


def heat_map(ax: Axes, shade: np.ndarray, texts, columns: Iterable, cmap) -> None:
    """Draw a table of coloured cells, the first row on top.

    Args:
        shade: (rows, columns), 0…1: how far along ``cmap``; outside it is clipped. With
            ``ramp`` of one colour a cell at 0 is empty, in the light and in the dark theme.
        texts: (rows, columns), what is written in the cells.
        columns: the name of each column.
    """
    shade = np.clip(np.nan_to_num(shade), 0.0, 1.0)
    for (row, column), value in np.ndenumerate(shade):
        ax.add_patch(Rectangle((column - 0.47, row - 0.46), 0.94, 0.92, color=cmap(value), lw=0))
        ax.text(
            column,
            row,
            texts[row][column],
            ha="center",
            va="center_baseline",
            fontsize=SMALL,
            color="white" if value > 0.6 else INK,
        )
    ax.set_xlim(-0.5, shade.shape[1] - 0.5)
    ax.set_ylim(shade.shape[0] - 0.5, -0.5)
    ax.set_xticks(range(shade.shape[1]), [str(name) for name in columns])
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)


# --- axes ---------------------------------------------------------------------------------


def power_of_ten(value: float, _position=None) -> str:
    """Write 0.001 as 10⁻³; nothing for what is between two powers."""
    if value <= 0:
        return "0"
    exponent = round(np.log10(value))
    return spanish_numbers.power(exponent) if np.isclose(value, 10.0**exponent) else ""


class _PowersOfTen(LogLocator):
    def nonsingular(self, vmin, vmax):
        """Show an empty decade, without a warning, if all values are zero."""
        return super().nonsingular(vmin, vmax) if vmax > 0 else (1, 10)

    def tick_values(self, vmin, vmax):
        """Space the ticks by 1, 2, 5, 10… decades, counted from 10⁰."""
        exponents = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(*np.log10([vmin, vmax]))
        ticks = 10.0 ** np.unique(exponents.round())
        return ticks if _has_decade(vmin, vmax) else np.outer(ticks, [1, 2, 5]).ravel()


def _has_decade(low: float, high: float) -> bool:
    """Tell whether there are two powers of ten to read a scale from."""
    return low <= 0 or np.floor(np.log10(high)) > np.ceil(np.log10(low))


def log_axis(ax: Axes, which: str = "y") -> None:
    """Make an axis logarithmic, with powers of ten."""
    axis = {"x": ax.xaxis, "y": ax.yaxis}[which]
    getattr(ax, f"set_{which}scale")("log")
    axis.set_major_locator(_PowersOfTen(base=10, numticks=7))

    def label(value, _position):
        wide = _has_decade(*sorted(axis.get_view_interval()))
        return power_of_ten(value) if wide else f"{value:g}"

    axis.set_major_formatter(FuncFormatter(label))
    axis.set_minor_formatter(NullFormatter())
    ax.minorticks_off()


def layer_axis(ax: Axes, depth: int, label: str = "capa") -> None:
    """Set up an axis of layers: layer 1 on the left, the first and the last one named."""
    ax.set_xlabel(label)
    margin = max(0.5, 0.03 * depth)
    ax.set_xlim(1 - margin, depth + margin)
    ticks = MaxNLocator(4, integer=True).tick_values(1, depth)
    ax.set_xticks(sorted({1, depth} | {int(t) for t in ticks if 1 < t < depth * 0.88}))


def epoch_axis(ax: Axes, epochs: int) -> None:
    """Set up an axis of epochs, numbered with whole numbers from 0."""
    ax.set_xlabel("época")
    margin = max(0.02 * epochs, 0.3)  # for half a marker
    ax.set_xlim(-margin, epochs + margin)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 5, 10]))


def accuracy_by_depth(ax: Axes, depths: Iterable[int], label: str, *, top: float = 1) -> None:
    """Set up axes of accuracy against depth: logarithmic, with a tick at each of ``depths``."""
    depths = sorted(depths)
    reference(ax, 0.1, "azar")
    ax.set_xscale("log")
    ax.minorticks_off()
    ax.set_xticks(depths, [str(depth) for depth in depths])
    ax.set_xlabel("capas ocultas")
    ax.set_ylim(0, top)
    ax.set_ylabel(label)


def initializer_legend(
    figure: Figure,
    initializers: Iterable[str],
    *,
    points: bool = False,
    lines: bool = True,
    note: str = "(puntos: medido · línea: teoría)",
):
    """Say once, above the figure, how each initializer is drawn.

    With ``points`` the figure has measured points, and ``note`` says what the lines are; without
    ``lines`` these are the same for all initializers.
    """
    bare = {**({} if points else {"marker": ""}), **({} if lines else {"linestyle": ""})}
    handles = [
        Line2D(
            [],
            [],
            label=catalog.initializer_label(name),
            **{**LINES[name.partition(":")[0]], **bare},
            color=INK,
            linewidth=1.0 if points else 1.6,
        )
        for name in initializers
    ]
    if points and note:
        handles.append(Line2D([], [], linestyle="", label=note))
    return figure.legend(
        handles=handles, loc="outside upper center", ncols=len(handles), handlelength=2.6
    )


# --- out ----------------------------------------------------------------------------------


def save(figure: Figure, path: Path) -> None:
    """Write a figure to .svg, .png or .pdf, by the ending; the same figure, the same bytes."""
    dates = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with mpl.rc_context({"svg.hashsalt": "lab"}):
        figure.savefig(path, metadata=dates.get(path.suffix.lower()))


def to_svg(figure: Figure) -> str:
    """Return the figure as HTML: inline SVG whose ink takes the colour and font of the page.

    For a page of the book, its panels lie behind the whole one by one, hidden: where the page
    is narrow it shows these (``lab.panels``). The alternative text is the figure's label, the
    one place of a Figure that is free for it.

    Raises:
        ValueError: the figure has no alternative text (see ``describe``).
    """
    text = figure.get_label()
    if not text:
        raise ValueError("la figura no tiene texto alternativo: usa figures.describe")
    if building():
        from lab import panels

        panels.name_parts(figure)
    stream = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": text}):
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    svg = re.search(r"<svg.*</svg>", stream.getvalue(), re.DOTALL)[0]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    # Several figures share a page, and the names of their groups would collide.
    svg = re.sub(r'<g id="(?!part\d+")[^"]*"', "<g", svg)
    # Matplotlib names its fonts in one of two ways, according to how a text is anchored.
    svg = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", svg)
    svg = re.sub(r"font-family: [^;\"]*; ", "", svg).replace(INK, "currentColor")
    if building():
        svg = panels.for_page(figure, svg)
    attributes = f'role="img" aria-label="{html.escape(text)}" class="lab-figure"'
    return f"<div {attributes}>{svg}</div>"


def to_english_svg(figure: Figure) -> str:
    """Return the figure as ``to_svg`` does, with its texts in English.

    What has no English stays Spanish; the page says what, from the comment at the end.
    """
    lacking = {}
    with _speaking(figure, lacking):
        svg = to_svg(figure)
    return (
        f"{svg}<!--{html.escape(json.dumps(list(lacking), ensure_ascii=False))}-->"
        if lacking
        else svg
    )


def spoken(figure: Figure) -> contextlib.AbstractContextManager[Figure]:
    """Have the texts of a figure in the language of the environment while it is saved."""
    if language.language() == "es":
        return contextlib.nullcontext(figure)
    return _speaking(figure, {})


@contextlib.contextmanager
def _speaking(figure: Figure, lacking: dict[str, None]) -> Iterator[Figure]:
    """Say a figure in English; note in ``lacking`` what has none.

    The numbers of an axis are written whenever it is drawn: so are their words.
    """
    catalogue = language.catalogue()

    def said(text):
        found = catalogue.english(str(text))
        lacking.update(dict.fromkeys(found.lacking))
        return found.text

    write, label = Text.set_text, figure.get_label()
    texts = {text: text.get_text() for text in figure.findobj(Text)}
    figure.set_label(said(label))
    for text, words in texts.items():
        write(text, said(words))
    Text.set_text = lambda text, words: write(text, "" if words is None else said(words))
    try:
        yield figure
    finally:
        Text.set_text = write
        figure.set_label(label)
        for text, words in texts.items():
            write(text, words)


def to_spoken_svg(figure: Figure) -> str:
    """Return the figure as ``to_svg`` does, in the language of the environment."""
    with spoken(figure):
        return to_svg(figure)


def _formatter():
    """Return what writes a figure for the English page: nothing for anything else."""
    from IPython.core.formatters import HTMLFormatter
    from traitlets import ObjectName, Unicode

    class English(HTMLFormatter):
        format_type = Unicode(language.HTML)
        print_method = ObjectName("_repr_english_")

    return English()


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

"""The look of the dashboard, which holds for it alone: nothing of it stays in Matplotlib.

A figure asks rcParams for its style at three moments: when its parts are made, when ticks are
made (not before it is drawn) and when it is written to a file. The first happens inside
``rc_context``, the ticks are told here, and the last is left to whoever writes the file.
"""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

#: The colour of text, axes and reference lines.
INK = "#1c1c21"
#: From the first layer to the last one, told apart with any colour vision (Okabe and Ito).
DEPTH = ("#0072b2", "#009e73", "#e69f00")

STYLE: Any = {  # of Matplotlib's own names
    "font.size": 10.0,
    "axes.titlesize": 10.0,
    "axes.labelsize": 10.0,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "lines.linewidth": 1.6,
    "lines.markersize": 2.8,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.titlecolor": INK,
    "legend.labelcolor": INK,
}
TICKS = {
    "labelsize": 9.0,
    "colors": INK,
    "grid_color": INK,
    "grid_alpha": 0.13,
    "grid_linewidth": 0.6,
}
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@contextlib.contextmanager
def style() -> Iterator[None]:
    """Have figures that are made in the block look as the dashboard does."""
    with mpl.rc_context(STYLE):
        yield


class Shown(Figure):
    """A figure that a notebook shows, also one that knows nothing of Matplotlib."""

    def _repr_png_(self) -> bytes:
        # IPython draws figures only once pyplot has been imported, which this package never does.
        picture = io.BytesIO()
        self.savefig(picture, format="png")
        return picture.getvalue()


def subplots(rows: int, columns: int, size: tuple[float, float]) -> tuple[Figure, np.ndarray]:
    """Return a figure that pyplot does not know, and its axes, (rows, columns)."""
    figure = Shown(figsize=size, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    for ax in axes.flat:
        ax.tick_params(which="both", **TICKS)
    return figure, axes


def reference(ax: Axes, y: float) -> None:
    """Draw the one horizontal line that tells good from bad."""
    ax.axhline(y, color=INK, linewidth=0.8, linestyle=(0, (2, 2)), alpha=0.7, zorder=0)


def log_axis(ax: Axes) -> None:
    """Make the axis of values logarithmic, with powers of ten."""
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(_PowersOfTen(base=10, numticks=7))
    ax.yaxis.set_major_formatter(FuncFormatter(_power_of_ten))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.minorticks_off()


class _PowersOfTen(LogLocator):
    def tick_values(self, vmin, vmax):
        """Space the ticks by 1, 2, 5, 10… decades, counted from 10⁰."""
        exponents = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(*np.log10([vmin, vmax]))
        return 10.0 ** np.unique(exponents.round())


def _power_of_ten(value: float, _position=None) -> str:
    """Write 0.001 as 10⁻³; nothing for what is between two powers."""
    exponent = round(np.log10(value))
    whole = np.isclose(value, 10.0**exponent)
    return f"10{str(exponent).translate(SUPERSCRIPTS)}" if whole else ""


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

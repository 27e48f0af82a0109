"""A figure on a narrow screen: its panels one below the other, cut out of the one drawing.

Nothing is drawn twice. A piece is an SVG that shows a part of the drawing by its name; of a
panel whose numbers stand at the left of its row, these come along.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.transforms import Bbox

#: How much larger than it was drawn a page may show a figure: its letters are then the text's.
ZOOM = 1.25
PART = re.compile(r'(<g id="|<use href="#)part(\d+)(?=")')
GAP = 8.0  # points after an entry of a legend
PAD = 2.0  # points around a piece; a font of the page may be wider than Matplotlib's


class Place(NamedTuple):
    """A rectangle in the coordinates of the SVG, in points from the upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def __str__(self) -> str:
        """Return it as a ``viewBox``."""
        return " ".join(f"{number:.1f}" for number in self)


def columns_of(figure: Figure) -> list[list[Axes]]:
    """Return the axes that are seen, column by column: those above one another are one panel."""
    found = []
    seen = [ax for ax in figure.axes if ax.get_visible()]
    for ax in sorted(seen, key=lambda ax: ax.get_position().x0):
        box = ax.get_position()
        if found and box.x0 < max(other.get_position().x1 for other in found[-1]):
            found[-1].append(ax)
        else:
            found.append([ax])
    return found


def name_parts(figure: Figure) -> None:
    """Name whatever `stack` refers to, before the figure is saved as SVG."""
    parts = [*figure.axes, *(ax.yaxis for ax in figure.axes), *figure.legends, *figure.texts]
    for number, part in enumerate(parts):
        part.set_gid(f"part{number}")


def with_own_names(svg: str) -> str:
    """Return an SVG and its pieces with names that no other figure of a page has.

    They have the form of Matplotlib's names of regions, which a page numbers in order.
    """
    digest = hashlib.sha256(svg.encode()).hexdigest()[:7]
    return PART.sub(lambda name: f"{name[1]}p{digest}{int(name[2]):03x}", svg)


def for_page(figure: Figure, svg: str) -> str:
    """Return a drawing at the size of a page, and hidden behind it what a narrow one shows."""
    size = re.compile(r'(width|height)="([\d.]+)pt"')
    svg = size.sub(lambda side: f'{side[1]}="{ZOOM * float(side[2]):.0f}pt"', svg, 2)
    pieces = stack(figure)
    return with_own_names(f'{svg}<span hidden="">{pieces}</span>' if pieces else svg)


def stack(figure: Figure) -> str:
    """Return what a narrow screen shows of a figure that was saved as SVG.

    Its parts have their names by then (`name_parts`).

    First the legends, entry by entry, and then each column of axes; nothing for a figure that
    has no more than one piece.
    """
    dpi, figure.dpi = figure.dpi, 72  # as in the SVG, where legends have got their places
    try:
        return _stack(figure)
    finally:
        figure.dpi = dpi


def _stack(figure: Figure) -> str:
    columns = columns_of(figure)
    if len(columns) == 1 and not figure.legends:
        return ""
    legends = [
        _cut(figure, [legend], place)
        for legend in figure.legends
        for place in _entries(figure, legend)
    ]
    panels = [_panel(figure, column, columns[0]) for column in columns]
    texts = [(_box(figure, [text]), text) for text in figure.texts]
    top = min(_box(figure, column).y for column in columns)
    above = [_cut(figure, [text], box) for box, text in texts if box.y < top]
    below = [_cut(figure, [text], box) for box, text in texts if box.y >= top]
    rows = [above, legends, panels, below]
    return "<br/>".join("".join(row) for row in rows if row)


def _entries(figure: Figure, legend: Legend) -> Iterator[Place]:
    """Yield where the title of a legend stands, if it has one, and each entry with its line."""
    if legend.get_title().get_text():
        yield _box(figure, [legend.get_title()])
    for text in legend.get_texts():
        x, y, width, height = _box(figure, [text])
        line = (legend.handlelength + legend.handletextpad) * text.get_fontsize()
        yield Place(x - line, y, width + line + GAP, height)


def _panel(figure: Figure, column: list[Axes], first: list[Axes]) -> str:
    """Return a column of axes; where a row shares its numbers, with those of the first column."""
    box = _box(figure, column)
    numbers = [ax.yaxis for ax in _numbered(column, first)]
    if not numbers:
        return _cut(figure, column, box)
    axis = _box(figure, numbers)
    width = _box(figure, [ax.patch for ax in first]).x - axis.x
    left = _box(figure, [ax.patch for ax in column]).x - width
    strip = Place(axis.x, box.y, width, box.height)
    at = f'x="{left:.1f}" y="{box.y:.1f}" width="{width:.1f}" height="{box.height:.1f}"'
    axis = f'<svg {at} viewBox="{strip}">{_uses(numbers)}</svg>'
    right = box.x + box.width
    return _cut(figure, column, box._replace(x=left, width=right - left), axis)


def _numbered(column: list[Axes], first: list[Axes]) -> Iterable[Axes]:
    """Yield the axes of the first column whose numbers are those of axes that show none."""
    for ax in column:
        for left in first:
            shared = ax is not left and ax.get_shared_y_axes().joined(ax, left)
            same_row = abs(ax.get_position().y0 - left.get_position().y0) < 1e-3
            if shared and same_row and ax.axison and _labels(left) and not _labels(ax):
                yield left


def _labels(ax: Axes) -> bool:
    return any(label.get_visible() and label.get_text() for label in ax.get_yticklabels())


def _cut(figure: Figure, parts: Iterable[Artist], box: Place, more: str = "") -> str:
    size = f'width="{ZOOM * box.width:.0f}pt" height="{ZOOM * box.height:.0f}pt"'
    return f'<svg {size} viewBox="{box}">{more}{_uses(parts)}</svg>'


def _uses(parts: Iterable[Artist]) -> str:
    return "".join(f'<use href="#{part.get_gid()}"/>' for part in parts)


def _box(figure: Figure, parts: Iterable[Artist]) -> Place:
    """Return the place of what was drawn."""
    boxes = [box for part in parts if (box := part.get_tightbbox()) is not None]
    x0, y0, x1, y1 = Bbox.union(boxes).padded(PAD).extents
    return Place(x0, figure.bbox.height - y1, x1 - x0, y1 - y0)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

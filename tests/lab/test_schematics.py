"""The schematics: what is written in them, and that it can be read."""

import itertools
import re
import warnings

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.text import Annotation

from lab import figures, schematics

NAMES = ("layer", "forward_backward", "transpose", "relu_halves", "residual_branch")
PALETTE = {color.lower() for color in (figures.INK, *figures.SEQUENCE)}


@pytest.fixture(params=NAMES)
def schematic(request):
    return getattr(schematics, request.param)()


def texts(figure):
    """Return the texts that are seen; an arrow is an annotation without one."""
    (ax,) = figure.axes
    return [text for text in ax.texts if text.get_text()]


def boxes(figure):
    """Return (text, its box in pixels) of each text; drawn first, or arrows have no place."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in texts(figure)]


def test_it_draws_without_a_warning_and_says_what_it_shows(schematic):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = figures.to_svg(schematic)
    description = re.search('aria-label="([^"]+)"', svg)[1]
    assert len(description.split()) > 30 and description.endswith(".")


def test_it_fits_a_telephone_with_letters_that_can_be_read(schematic):
    width, _ = schematic.get_size_inches()
    shrunk = min(1, 352 / (96 * width))  # to the pixels that a page leaves of 400
    assert shrunk > 0.95
    assert min(text.get_fontsize() for text in texts(schematic)) >= 9


def test_every_text_lies_inside_and_none_on_another(schematic):
    found = boxes(schematic)
    assert found
    whole = schematic.bbox
    outside = [t for t, b in found if b.x0 < whole.x0 or b.x1 > whole.x1]
    outside += [t for t, b in found if b.y0 < whole.y0 or b.y1 > whole.y1]
    assert outside == []
    pairs = itertools.combinations(found, 2)
    assert [(a, b) for (a, one), (b, other) in pairs if one.overlaps(other)] == []


def test_no_line_of_the_drawing_crosses_a_text(schematic):
    (ax,) = schematic.axes
    found = boxes(schematic)
    ways = [line.get_path().transformed(line.get_transform()) for line in ax.lines]
    arrows = [text.arrow_patch for text in ax.texts if isinstance(text, Annotation)]
    ways += [arrow.get_path().transformed(arrow.get_transform()) for arrow in arrows]
    crossed = [t for t, b in found for way in ways if way.intersects_bbox(b, filled=False)]
    assert crossed == []


def test_its_colours_are_those_of_the_figures(schematic):
    (ax,) = schematic.axes
    colors = [text.get_color() for text in texts(schematic)]
    colors += [line.get_color() for line in ax.lines]
    for patch in (*ax.patches, *ax.collections):
        colors += [*np.atleast_2d(patch.get_facecolor()), *np.atleast_2d(patch.get_edgecolor())]
    for text in ax.texts:
        if isinstance(text, Annotation):
            colors.append(text.arrow_patch.get_edgecolor())
    seen = [color for color in colors if isinstance(color, str) or color[3] > 0]
    assert seen and {to_hex(color) for color in seen} <= PALETTE


def numbers(figure, low, high):
    """Return the numbers between two x, in rows from the top, each from left to right."""
    found = [text for text in texts(figure) if re.fullmatch(r"−?\d+(\.\d+)?", text.get_text())]
    rows = {}
    for text in found:
        x, y = text.get_position()
        if low < x < high:
            rows.setdefault(round(y, 3), []).append((x, text.get_text().replace("−", "-")))
    return [[float(value) for _, value in sorted(rows[y])] for y in sorted(rows, reverse=True)]


def test_the_numbers_of_the_matrix_are_products_by_its_rows_and_by_its_columns():
    figure = schematics.transpose()
    h, *there = numbers(figure, 0, 1.9)
    assert [sum(w * x for w, x in zip(row[:4], h, strict=True)) for row in there] == [
        row[4] for row in there
    ]
    back, *grid = numbers(figure, 1.9, 4)
    assert [row[:4] for row in grid] == [row[:4] for row in there]
    assert [sum(row[j] * row[4] for row in grid) for j in range(4)] == back


def test_the_sums_of_the_description_are_right():
    label = schematics.transpose().get_label().replace("−", "-").replace("·", "*")
    sums = re.findall(r"([-()\d*+ ]*\*[-()\d*+ ]+) = (-?\d+)", label)
    assert len(sums) == 2
    assert all(eval(left) == int(right) for left, right in sums)


def test_one_mask_for_both_ways():
    z, h, arriving, delta = numbers(schematics.relu_halves(), 0.5, 4)
    assert h == [max(value, 0) for value in z]
    assert delta == [g if value > 0 else 0 for g, value in zip(arriving, z, strict=True)]
    assert sum(value > 0 for value in z) == len(z) / 2

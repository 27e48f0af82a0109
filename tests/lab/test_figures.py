"""The look of the figures, and what becomes of them on a page."""

import re
import subprocess
import sys
import warnings
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import ROOT

from lab import catalog, figures, panels, stats

SNIPPETS = ROOT / "snippets"


@pytest.fixture
def figure():
    return drawn()


def drawn():
    figure, axes = figures.subplots(1, 2)
    x = np.arange(1, 6)
    spread = stats.Spread(x, 10.0**-x, 0.5 * 10.0**-x, 2 * 10.0**-x)
    for ax, activation in zip(axes[0], ("relu", "tanh"), strict=True):
        figures.log_axis(ax)
        figures.layer_axis(ax, 5)
        figures.predicted(ax, x, 10.0**-x, activation, "he_normal")
        figures.measured_points(ax, spread, activation, "he_normal")
        figures.reference(ax, 1e-3, "umbral")
    figures.initializer_legend(figure, ["he_normal"], points=True)
    return figures.describe(figure, 'Cae de "1" a <10⁻⁵>\n   en cinco capas.')


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "10⁰"), (10, "10¹"), (1e-3, "10⁻³"), (1e-12, "10⁻¹²"), (0, "0"), (20, ""), (-1, "0")],
)
def test_powers_of_ten(value, text):
    assert figures.power_of_ten(value) == text


def test_every_name_has_a_look_of_its_own():
    assert set(figures.COLORS) == set(catalog.ACTIVATIONS)
    assert set(figures.LINES) == set(catalog.INITIALIZERS)
    assert len(set(figures.COLORS.values())) == len(figures.COLORS)
    for part in ("linestyle", "marker"):
        assert len({line[part] for line in figures.LINES.values()}) == len(figures.LINES)


def test_a_value_in_the_name_does_not_change_the_line():
    plain = figures.line_style("relu", "random_normal")
    assert figures.line_style("relu", "random_normal:0.1") == plain
    assert plain["color"] == figures.COLORS["relu"]


@pytest.mark.parametrize("depth", [1, 2, 5, 20, 40, 100])
def test_the_first_and_the_last_layer_are_named(depth):
    _, axes = figures.subplots()
    figures.layer_axis(axes[0, 0], depth)
    ticks = axes[0, 0].get_xticks()
    assert ticks[0] == 1 and ticks[-1] == depth
    low, high = axes[0, 0].get_xlim()
    assert low < 1 and depth < high


def test_only_a_figure_brings_the_style_of_the_book():
    code = (
        "import matplotlib as mpl; before = dict(mpl.rcParams)\n"
        "from lab import figures; assert dict(mpl.rcParams) == before\n"
        "figures.subplots()\n"
        "assert all(mpl.rcParams[name] == value for name, value in figures.STYLE.items())"
    )
    subprocess.run([sys.executable, "-c", code], cwd=SNIPPETS, check=True)


@pytest.mark.parametrize("then", ["figures.subplots()", "from lab import notebook"])
def test_a_notebook_shows_figures_as_the_book_does_once_it_is_asked_to(then):
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "formatters = InteractiveShell.instance().display_formatter.formatters\n"
        "shown = formatters['text/html'].lookup_by_type\n"
        "from matplotlib.figure import Figure; from lab import figures\n"
        "try: shown(Figure)\n"
        f"except KeyError: {then}\n"
        "assert shown(Figure) is figures.to_spoken_svg"
    )
    subprocess.run([sys.executable, "-c", code], cwd=SNIPPETS, check=True)


def test_a_column_for_each_activation():
    figure, columns = figures.activation_columns(["tanh", "relu", "tanh"], 2, size=(2, 3))
    assert list(columns) == ["tanh", "relu"]
    assert [*figure.get_size_inches()] == [2 * 2 + 0.6, 3]
    assert [ax.get_title() for ax in figure.axes] == ["tanh", "ReLU", "", ""]
    assert [*columns["relu"]] == figure.axes[1::2]
    assert columns["tanh"][0].get_shared_x_axes().joined(*figure.axes[:2])


def test_an_axis_of_depths_names_those_that_were_measured():
    _, axes = figures.subplots()
    figures.accuracy_by_depth(axes[0, 0], {20, 2, 5}, "aciertos")
    assert axes[0, 0].get_xscale() == "log" and list(axes[0, 0].get_xticks()) == [2, 5, 20]
    assert [label.get_text() for label in axes[0, 0].get_xticklabels()] == ["2", "5", "20"]


@pytest.fixture
def for_a_page(monkeypatch, tmp_path):
    """Draw for a page of the book: there alone a figure has pieces."""
    monkeypatch.setenv("LAB_STORE", str(tmp_path))


def test_a_page_gets_an_svg_in_its_own_ink(figure, for_a_page):
    svg = figures.to_svg(figure)
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'Cae de "1" a <10⁻⁵> en cinco capas.'
    assert "currentColor" in svg and figures.INK not in svg
    assert figures.COLORS["relu"] in svg
    assert svg == figures.to_svg(drawn())
    # Text stays text, in the font of the page.
    assert "10⁻³" in "".join(root.itertext()) and "font-family" not in svg
    # Nothing is fetched: the addresses that are left are names of XML's vocabularies.
    assert not re.findall(r'(?:href|src)="(?!#)', svg)
    # What is referred to is still there.
    used = set(re.findall(r"url\(#([^)]+)\)", svg)) | set(re.findall(r'href="#([^"]+)"', svg))
    assert used and used <= set(re.findall(r'id="([^"]+)"', svg))


def test_two_figures_of_a_page_share_no_id(figure, for_a_page):
    first = figures.to_svg(figure)
    figure.axes[0].set_title("otra")
    second = figures.to_svg(figures.describe(figure, "Otra."))
    ids = [set(re.findall(r'id="([^"]+)"', svg)) for svg in (first, second)]
    assert ids[0] and not ids[0] & ids[1]


def test_a_notebook_elsewhere_gets_the_whole_and_asks_for_no_pieces(figure, monkeypatch):
    monkeypatch.delenv("LAB_STORE", raising=False)
    monkeypatch.setitem(sys.modules, "lab.panels", None)  # it does not come along
    (whole,) = ElementTree.fromstring(figures.to_svg(figure))
    assert whole.tag.endswith("svg")


def pieces(figure) -> list[ElementTree.Element]:
    """Return the SVGs that a narrow screen shows instead of the whole."""
    _, *hidden = ElementTree.fromstring(figures.to_svg(figure))
    return [piece for span in hidden for piece in span if piece.tag == "svg"]


def used(piece) -> int:
    return len(piece.findall("use"))


def test_a_narrow_screen_gets_the_legend_entry_by_entry_and_then_each_panel(figure, for_a_page):
    *entries, first, second = pieces(figure)
    assert len(entries) == 2  # an initializer and the note
    assert [used(piece) for piece in (*entries, first, second)] == [1, 1, 1, 1]
    width, height = 72 * figure.get_size_inches()
    for piece in pieces(figure):
        x, y, w, h = map(float, piece.get("viewBox").split())
        assert -3 < x < x + w < width + 3 and -3 < y < y + h < height + 3
    # No piece shows a part of its neighbour.
    first, second = (piece.get("viewBox").split() for piece in (first, second))
    assert float(first[0]) + float(first[2]) < float(second[0]) + 5
    # The drawing is there once.
    svg = figures.to_svg(figure)
    assert svg.count("umbral") == svg.count("Glorot") + 2 == 2


def test_a_panel_that_shares_its_numbers_takes_them_along(for_a_page):
    figure, axes = figures.subplots(2, 3, sharey="row")
    axes[0, 0].set_ylabel("pérdida")
    *_, last = pieces(figures.describe(figure, "Seis."))
    (strip,) = last.findall("svg")
    assert used(strip) == used(last) == 2  # rows
    x, y, _, height = map(float, last.get("viewBox").split())
    assert [float(strip.get(side)) for side in ("x", "y", "height")] == [x, y, height]
    right = axes[0, 2].get_position().x0 * 72 * 7.6
    assert float(strip.get("x")) + float(strip.get("width")) == pytest.approx(right, abs=2.5)
    figure, _ = figures.subplots(2, 3)
    assert not any(piece.findall("svg") for piece in pieces(figures.describe(figure, "Seis.")))


def test_a_single_panel_without_a_legend_is_its_own_only_piece(for_a_page):
    figure, _ = figures.subplots()
    assert pieces(figures.describe(figure, "Una.")) == []


def test_axes_above_one_another_are_one_panel():
    figure, axes = figures.subplots(2, 2, gridspec_kw={"width_ratios": (1, 3)})
    axes[0, 1].set_visible(False)
    assert panels.columns_of(figure) == [[*axes[:, 0]], [axes[1, 1]]]


def test_a_figure_without_alternative_text_is_refused():
    figure, _ = figures.subplots()
    with pytest.raises(ValueError, match="texto alternativo"):
        figures.to_svg(figure)


@pytest.mark.parametrize(
    ("ending", "start"), [(".svg", b"<?xml"), (".png", b"\x89PNG"), (".PDF", b"%PDF")]
)
def test_the_same_figure_is_the_same_file(tmp_path, ending, start):
    paths = [tmp_path / f"{name}{ending}" for name in "ab"]
    for path in paths:
        figures.save(drawn(), path)
    contents = [path.read_bytes() for path in paths]
    assert contents[0].startswith(start)
    assert contents[0] == contents[1]


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_values_that_a_logarithm_cannot_show_draw_no_warning(value, tmp_path):
    figure, axes = figures.subplots()
    figures.log_axis(axes[0, 0])
    same = np.full(3, value)
    figures.measured_points(
        axes[0, 0], stats.Spread(np.arange(3), same, same, same), "relu", "zeros"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.save(figure, tmp_path / "x.svg")


def test_names_at_the_ends_of_lines_are_in_order_and_do_not_touch():
    _, axes = figures.subplots()
    ax = axes[0, 0]
    ax.set_ylim(1, 100)
    ax.set_yscale("log")
    ends = [(99, "a", "k"), (98, "b", "k"), (10, "c", "k"), (9.9, "d", "k"), (2, "e", "k")]
    figures.label_ends(ax, ends, gap=0.1)
    places = {text.get_text(): text.xy[1] for text in ax.texts}
    assert sorted(places, key=places.get) == ["e", "d", "c", "b", "a"]
    heights = sorted(places.values())
    assert min(np.diff(heights)) == pytest.approx(0.1)
    assert heights[-1] == 1  # not above the axes
    assert (places["c"] + places["d"]) / 2 == pytest.approx(0.5, abs=0.01)
    assert places["e"] == pytest.approx(np.log10(2) / 2)


def test_a_ramp_fades_in_or_passes_from_one_colour_into_the_next():
    fading = figures.ramp("#ff0000")
    np.testing.assert_allclose([fading(0.0), fading(1.0)], [(1, 0, 0, 0), (1, 0, 0, 1)])
    passing = figures.ramp("#000000", "#ffffff")
    np.testing.assert_allclose(passing(128), (0.5, 0.5, 0.5, 1), atol=0.01)


def test_a_shaded_zone_covers_where_it_is_asked_to_and_the_whole_height():
    _, axes = figures.subplots()
    axes[0, 0].set_ylim(-3, 7)
    x = np.linspace(0, 1, 11)
    figures.shade(axes[0, 0], x, x > 0.65)
    box = axes[0, 0].collections[0].get_datalim(axes[0, 0].get_xaxis_transform())
    assert (box.x0, box.x1) == pytest.approx((0.7, 1.0))
    assert (box.y0, box.y1) == pytest.approx((0, 1))


def test_a_heat_map_is_empty_at_zero_and_white_on_dark_cells():
    _, axes = figures.subplots()
    texts, shade = [["a", "b"], ["c", "d"]], [[0.0, 1.0], [float("nan"), 9.0]]
    figures.heat_map(axes[0, 0], shade, texts, (5, 10), figures.ramp("b"))
    colors = [patch.get_facecolor() for patch in axes[0, 0].patches]
    assert [color[3] for color in colors] == [0, 1, 0, 1]
    assert [text.get_text() for text in axes[0, 0].texts] == ["a", "b", "c", "d"]
    assert [text.get_color() == "white" for text in axes[0, 0].texts] == [False, True] * 2
    assert [label.get_text() for label in axes[0, 0].get_xticklabels()] == ["5", "10"]

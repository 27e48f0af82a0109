"""What is left out of the pages: what nobody sees, and nothing else."""

import math
import re
from itertools import pairwise

import pytest

import transfer
from transfer import Names, between, shorten, thin

PAGE = """<html><head><script src="_static/one.js?v=1"></script></head>
<body class="bd-main"><p id="first">About .tables and a form</p><a href="#">x</a>
<div class="lab-figure"><svg width="9"><g class="inside"><path d="M 0 0"/></g></svg></div></body>
</html>"""


@pytest.fixture
def names(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "one.html").write_text(PAGE)
    one = "import {x} from \"./three.js\"; tip.className = `bs-${name}-auto`; add('shown')"
    (tmp_path / "_static" / "one.js").write_text(one)
    (tmp_path / "_static" / "three.js").write_text("await import(\"./four.js\"); add('imported')")
    (tmp_path / "_static" / "four.js").write_text("add('later')")
    (tmp_path / "_static" / "two.js").write_text("add('unloaded')")
    return Names(tmp_path)


@pytest.mark.parametrize(
    "styles",
    [
        "body{color:red}",
        ".bd-main>p#first{a:b}",
        ".shown{a:b}",  # a script adds it
        ".imported,.later{a:b}",
        ".bs-tooltip-auto{a:b}",  # a script adds it, and writes it in pieces
        "p:not(.absent,:is(.away,a:nth-child(2)))::before{a:b}",  # no page needs to have these
        "p:is(.absent, .away){a:b}",  # too much rather than too little
        "[data-theme=dark] p,*{a:b}",
        ":root{--pst-color:#fff}",
        '@charset "UTF-8";p{a:b}',
        "@font-face{font-family:Absent;src:url(a.woff2)}",
        "@keyframes turn{from{a:b}50%{a:c}to{a:d}}",
        "@media print{@supports (a:b){p{a:b}}}",
        "@page{size:auto!important}",
    ],
)
def test_rules_for_what_a_page_has_stay(names, styles):
    assert shorten(styles, names) == styles + transfer.SHORTENED


@pytest.mark.parametrize(
    ("styles", "shortened"),
    [
        ("p,.absent,table:hover{a:b}p{c:d}", "p{a:b}p{c:d}"),
        (".absent p{a:b}", ""),
        (".tables,form{a:b}", ""),  # words of the text
        (".inside,path,.unloaded{a:b}", ""),
        (r".p-1\/2,.\31 st{a:b}", ""),
        ("/* p{} */@media print{@supports (a:b){table{a:b}}}p{a:b}", "p{a:b}"),
        (":not(p,:is(a,b)) .absent,a:not(p,q:is(a)){a:b}", "a:not(p,q:is(a)){a:b}"),
    ],
)
def test_rules_for_what_no_page_has_are_left_out(names, styles, shortened):
    assert shorten(styles, names) == shortened + transfer.SHORTENED


def points(path: str) -> list[tuple[float, float]]:
    """Return where a path of lines passes."""
    return [(float(x), float(y)) for x, y in re.findall(r"[ML] (\S+) (\S+)", path)]


def distance(point, start, end) -> float:
    """Return how far a point lies from the line between two others."""
    (x, y), (x0, y0), (x1, y1) = point, start, end
    length = math.hypot(x1 - x0, y1 - y0) or 1
    along = max(0, min(1, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length**2))
    return math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))


def thinned(path: str) -> str:
    return transfer.PLACE.sub(thin, f'<path d="{path}"/>')


def test_a_thinned_path_passes_where_it_passed():
    # Steps, as of a histogram, with every tenth of a point on the way
    heights = [0, 0, 3.123456, 3.123456, 1.5, 1.5, 7.25, 7.25, 7.25, 0]
    steps = [
        (10 * i + j / 10 + 0.000123, height) for i, height in enumerate(heights) for j in range(100)
    ]
    before = "M " + " \nL ".join(f"{x:.6f} {y:.6f}" for x, y in steps) + " \nz\n"
    after = points(thinned(before))
    assert len(after) < len(steps) / 20
    lines = list(pairwise(after))
    assert all(min(distance(point, *line) for line in lines) < 0.01 for point in points(before))


def test_a_line_that_turns_back_keeps_its_end():
    assert thinned("M 0 0 \nL 5 0 \nL 2 0 \nL 3 0 \n") == '<path d="M 0 0 L 5 0 L 2 0 L 3 0"/>'
    assert thinned("M 0 0 \nL 1 0 \nL 5 0 \n") == '<path d="M 0 0 L 5 0"/>'
    assert not between(["M", "0", "0"], ["L", "1", "1"], ["L", "2", "2.01"])


def test_curves_gaps_and_what_is_no_place_stay():
    assert thinned("M 0 0 \nC 0.5 -0.0001 1 2 3 4.123456 \nM 1 0 \nL 2 0 \n") == (
        '<path d="M 0 0 C 0.5 0 1 2 3 4.12 M 1 0 L 2 0"/>'
    )
    text = '<text x="-0.504" y="1" style="font: 9.1234px" id="y">0.00123</text>'
    assert transfer.PLACE.sub(thin, text) == text.replace("-0.504", "-0.5")

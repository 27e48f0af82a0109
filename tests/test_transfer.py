"""What is left out of the pages: what nobody sees, and nothing else."""

import pytest

import transfer
from transfer import Names, shorten

PAGE = """<html><head><script src="_static/one.js?v=1"></script></head>
<body class="bd-main"><p id="first">About .tables and a form</p><a href="#">x</a>
<svg class="lab-figure" width="9"><g class="inside"><path d="M 0 0"/></g></svg></body></html>"""


@pytest.fixture
def names(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "one.html").write_text(PAGE)
    (tmp_path / "_static" / "one.js").write_text("tip.className = `bs-${name}-auto`; add('shown')")
    (tmp_path / "_static" / "two.js").write_text("add('unloaded')")
    return Names(tmp_path)


@pytest.mark.parametrize(
    "styles",
    [
        "body{color:red}",
        ".bd-main>p#first{a:b}",
        ".shown{a:b}",  # a script adds it
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

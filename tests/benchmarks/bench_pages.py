"""What a reader waits for when a page of the built book is opened, in Chromium."""

from clock import ROOT
from visits import visit

HTML = ROOT / "_build" / "html"


def bench_pages(benchmark, line, browser, site):
    names = sorted(path.name for path in HTML.glob("*.html"))
    rounds = []
    benchmark.pedantic(
        lambda: rounds.append([(*visit(browser, site, name), name) for name in names]), rounds=3
    )
    weights = [max((weight, name) for weight, _, name in pages) for pages in rounds]
    shifts = [max((shift, name) for _, shift, name in pages) for pages in rounds]
    line(
        "página más pesada, con todo lo que carga",
        "≤ 250 KB",
        [weight / 1000 for weight, _ in weights],
        weights[0][1],
    )
    line(
        "página que más se mueve al cargarse (CLS)",
        "< 0.01",
        [shift for shift, _ in shifts],
        shifts[0][1],
    )

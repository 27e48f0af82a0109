"""What a reader waits for when a page of the built book is opened, in Chromium."""

import gzip
from functools import cache

from clock import ROOT

HTML = ROOT / "_build" / "html"

NOTE_SHIFTS = """
window.shift = 0
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.shift += entry.value
}).observe({type: "layout-shift", buffered: true})
"""


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
        "≤ 600 KB",
        [weight / 1000 for weight, _ in weights],
        weights[0][1],
    )
    line(
        "página que más se mueve al cargarse (CLS)",
        "< 0.01",
        [shift for shift, _ in shifts],
        shifts[0][1],
    )


def visit(browser, site: str, name: str) -> tuple[int, float]:
    """Open a page for the first time; return the bytes that it takes and how far it shifts."""
    window = browser.new_context()
    tab = window.new_page()
    answers = []
    tab.on("response", lambda answer: answers.append(answer))
    tab.add_init_script(NOTE_SHIFTS)
    tab.goto(site + name, wait_until="networkidle")
    weight = sum(transferred(answer.body()) for answer in answers if answer.url.startswith(site))
    shift = tab.evaluate("shift")
    window.close()
    return weight, shift


@cache
def transferred(body: bytes) -> int:
    """Return the size of a file as a server sends it; fonts and images are compressed already."""
    return min(len(body), len(gzip.compress(body)))

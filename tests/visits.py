"""A first visit to a page: what it takes to load, and how far the page moves meanwhile."""

import gzip
from functools import cache

NOTE_SHIFTS = """
window.shift = 0
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.shift += entry.value
}).observe({type: "layout-shift", buffered: true})
"""


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

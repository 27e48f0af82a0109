"""What the editions are held against: the built pages of HTML, and what can be read in them."""

import re
from collections import Counter
from unicodedata import normalize

from formats.site import parse

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
APART = "td, th, br, p, li, dt, dd, small, text, pre, figcaption, summary"


def digits(text: str) -> Counter:
    """Count the digits of a text; an exponent is one, however it is set."""
    return Counter(letter for letter in normalize("NFKC", text) if letter.isdigit())


def text_of(page) -> tuple[str, str]:
    """Return what a page of HTML reads like, with and without its formulas."""
    whole = parse(page.site.text(page.article))
    for node in whole.select(APART):
        node.insert_after("\n")
        node.insert_before("\n")
    marks = [
        f"\n{number + int(of.get('start', 1))}."
        for of in whole.find_all("ol")
        for number in range(len(of.find_all("li", recursive=False)))
    ]
    text = whole.get_text() + "".join(marks)
    for formula in whole.find_all("math"):
        formula.replace_with("\n")
    return text, whole.get_text() + "".join(marks)


def assert_same_numbers(page, text: str):
    """Assert that a page of an edition has the numbers of the page of HTML, and no others.

    On paper a table that goes on has its head again.
    """
    expected, without_formulas = text_of(page)
    assert Counter(NUMBER.findall(without_formulas)) - Counter(NUMBER.findall(text)) == Counter()
    assert digits(expected) - digits(text) == Counter()
    heads = digits("".join(head.get_text() for head in page.article.select("thead")))
    assert (digits(text) - digits(expected)).keys() <= heads.keys()

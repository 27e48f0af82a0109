"""What the front page promises about time is what the chapters say of themselves."""

import re

import pytest
from conftest import ROOT

HOURS = {"una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8}
FRONT = (ROOT / "book" / "index.md").read_text(encoding="utf-8")


OF_THE_DECK = 12


def minutes():
    """Return the reading time of each chapter, by its label, in their order."""
    paths = sorted((ROOT / "book").glob("[01][0-9]-*.md"))
    pages = [path.read_text(encoding="utf-8") for path in paths]
    return {
        re.search(r"\((cap-[\w-]+)\)=", page)[1]: int(re.search(r"\*\*Tiempo:\*\* (\d+)", page)[1])
        for page in pages
    }


@pytest.mark.parametrize(
    ("promise", "part"),
    [
        (r"se leen en unas (\w+) horas( y media)?", slice(OF_THE_DECK)),
        (r"más allá, en otras (\w+)()", slice(OF_THE_DECK, None)),
    ],
)
def test_the_hours_are_the_sum_of_the_chapters(promise, part):
    hours, half = re.search(promise, FRONT).groups()
    total = sum([*minutes().values()][part]) / 60
    assert abs(HOURS[hours] + (0.5 if half else 0) - total) <= 0.25


def test_it_lists_every_chapter_under_its_number():
    listed = re.findall(r"^(\d+)\. \{ref\}`(cap-[\w-]+)`", FRONT, re.MULTILINE)
    assert listed == [(str(n), label) for n, label in enumerate(minutes(), start=1)]


def test_the_short_way_fits_in_its_hours():
    sentence = re.search(r"Si solo tienes (\w+), lee [^\n]+", FRONT)
    chosen = re.findall(r"<(cap-[\w-]+)>", sentence[0])
    assert len(chosen) >= 3
    assert sum(minutes()[label] for label in chosen) / 60 <= HOURS[sentence[1]] + 0.25

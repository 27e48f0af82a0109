"""What the front page promises about time is what the chapters say of themselves."""

import re

from conftest import ROOT

HOURS = {"dos": 2, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8}
FRONT = (ROOT / "book" / "index.md").read_text(encoding="utf-8")


def minutes():
    """Return the reading time of each chapter, by its label."""
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("[01][0-9]-*.md")]
    return {
        re.search(r"\((cap-[\w-]+)\)=", page)[1]: int(re.search(r"\*\*Tiempo:\*\* (\d+)", page)[1])
        for page in pages
    }


def test_the_hours_are_the_sum_of_the_chapters():
    hours, half = re.search(r"se leen en unas (\w+) horas( y media)?", FRONT).groups()
    assert len(minutes()) == 12
    assert abs(HOURS[hours] + (0.5 if half else 0) - sum(minutes().values()) / 60) <= 0.25


def test_the_short_way_fits_in_its_hours():
    sentence = re.search(r"Si solo tienes (\w+), lee [^\n]+", FRONT)
    chosen = re.findall(r"<(cap-[\w-]+)>", sentence[0])
    assert len(chosen) >= 3
    assert sum(minutes()[label] for label in chosen) / 60 <= HOURS[sentence[1]] + 0.25

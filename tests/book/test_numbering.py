"""The chapters of both parts, and their figures, are counted as one book's."""

import re

import pytest
from conftest import HTML, ROOT

CHAPTERS = sorted(path.stem for path in (ROOT / "book").glob("[01][0-9]-*.md"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_and_its_figures_bear_the_number_of_its_file(chapter):
    text = (HTML / f"{chapter}.html").read_text(encoding="utf-8")
    number = str(int(chapter[:2]))
    (title,) = re.findall(r'<h1>\s*<span class="section-number">(\d+)\.', text)
    assert title == number
    figures = re.findall(r'class="caption-number">Figura (\d+)\.', text)
    assert figures
    assert set(figures) == {number}

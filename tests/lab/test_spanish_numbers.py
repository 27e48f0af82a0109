"""Numbers are written as Spanish text does (RAE, Ortografía 2010, chapter VIII)."""

import pandas as pd
import pytest

from lab import figures, notebook, spanish_numbers


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("de 1.2e-05 a -3.0e+02", "de 1.2 × 10⁻⁵ a −3.0 × 10²"),
        ("7e-15 y 0e+00", "7 × 10⁻¹⁵ y 0"),
        ("88.0% y 0%", "88.0 % y 0 %"),
        ("-11.4, (-2) y +3.0", "−11.4, (−2) y +3.0"),
        # Names, dates and ranges stay as they are.
        ("ReLU-2, z1e-5, 2026-11-25, 10-20, 1e", "ReLU-2, z1e-5, 2026-11-25, 10-20, 1e"),
    ],
)
def test_numbers_of_a_program_become_those_of_a_text(text, spelt):
    assert spanish_numbers.spell(text).replace(spanish_numbers.SPACE, " ") == spelt
    assert spanish_numbers.spell(spanish_numbers.spell(text)) == spanish_numbers.spell(text)


def test_a_number_does_not_break_over_two_lines():
    written = [
        spanish_numbers.scientific(-1.234e-5),
        spanish_numbers.percent(0.936, 1),
        spanish_numbers.grouped(17168),
    ]
    assert [w.replace(spanish_numbers.SPACE, " ") for w in written] == [
        "−1.2 × 10⁻⁵",
        "93.6 %",
        "17 168",
    ]
    assert not any(" " in w for w in written)
    assert spanish_numbers.grouped(1797) == "1797"
    assert spanish_numbers.scientific(float("inf")) == "inf"


def test_what_the_page_shows_is_spelt():
    table = pd.DataFrame({"red": ["ReLU"], "gradiente": ["2.4e-17"], "capas": [20]})
    page = notebook.show(table).to_html()
    assert "2.4\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁻¹⁷" in page
    assert ">20<" in page and table.gradiente[0] == "2.4e-17"  # the table itself is untouched
    figure, _ = figures.subplots()
    assert figures.describe(figure, "  Cae a\n 3e-04. ").get_label().split() == [
        "Cae", "a", "3", "×", "10⁻⁴."
    ]  # fmt: skip

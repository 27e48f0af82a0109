"""Verdicts in words and as a table."""

from dataclasses import replace
from math import inf

import pytest

from verdicts import effects, page
from verdicts.judge import Judgement
from verdicts.rules import FAILS, HOLDS, Interval, Rule
from verdicts.statements.introduction import STATEMENTS

STATEMENT = replace(
    STATEMENTS[2],  # s1-2b
    effect=effects.accuracy,
    rule=Rule(holds=(0.85, inf), nuanced=(0.5, 0.85)),
)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.5, "×", "0.5"),
        (0.000012, "×", "1.2\xa0×\xa010⁻⁵"),
        (-0.0261, "puntos", "−2.6"),
        (-1e-9, "%", "0"),
        (1.0, "%", "100"),
    ],
)
def test_numbers_in_words(value, unit, words):
    assert page.number(value, unit) == words


def test_effect_and_rule_in_words():
    found = Judgement(STATEMENT, Interval(0.9, 0.88, 0.92), 5, None, HOLDS)
    assert page.effect_in_words(found) == "90 [88, 92]\xa0%"
    other = replace(found, interval=Interval(0.9, 0.883, 0.92))
    assert page.effect_in_words(other) == "90.0 [88.3, 92.0]\xa0%"
    assert page.rule_in_words(STATEMENT) == (
        "se cumple: 85\xa0% o más; con matices: de 50 a 85\xa0%"
    )


def test_table_escapes_and_names_its_header_cells():
    found = Judgement(replace(STATEMENT, text="a < b"), Interval(0.9, 0.9, 0.9), 5, None, FAILS)
    html = page.Table([found])._repr_html_()
    assert "a &lt; b" in html and '<th scope="row">' in html and '<th scope="col">' in html
    assert "Diapositiva" not in html and "85\xa0% o más" not in html


def test_table_of_them_all_has_slides_links_and_rules():
    found = Judgement(STATEMENT, Interval(0.9, 0.9, 0.9), 5, None, FAILS)
    html = page.Table([found], {"s1-2b": "01-introduccion"})._repr_html_()
    assert "Diapositiva S1<" in html and "85\xa0% o más" in html
    assert 'href="01-introduccion.html#s1-2"' in html  # one paragraph tells s1-2 and s1-2b


def test_records_are_plain_values():
    found = Judgement(STATEMENT, Interval(0.9, 0.88, 0.92), 5, None, HOLDS)
    (row,) = page.records([found], {"s1-2b": "01-introduccion"}).to_dict("records")
    assert (row["id"], row["slide"], row["chapter"]) == ("s1-2b", "S1", "01-introduccion")
    assert (row["unit"], row["effect"], row["low"], row["high"]) == ("%", 0.9, 0.88, 0.92)

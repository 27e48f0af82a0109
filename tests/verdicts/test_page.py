"""Verdicts in words and as a table."""

from dataclasses import replace
from math import inf
from types import ModuleType

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from verdicts import effects, page
from verdicts.judge import Judgement
from verdicts.rules import FAILS, HOLDS, VERDICTS, Interval, Rule
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


def found(verdict=FAILS, **changes):
    """Return a judgement of a statement changed so."""
    return Judgement(replace(STATEMENT, **changes), Interval(0.9, 0.88, 0.92), 5, None, verdict)


def read(table):
    """Return a table as parsed HTML."""
    return BeautifulSoup(table._repr_html_(), "html.parser")


def test_table_escapes_and_names_its_header_cells():
    html = read(page.Table([found(text="a < b")]))
    row = html.select_one("tbody tr")
    assert row.select_one("th[scope=row]").text.startswith("a < b")
    assert [cell["scope"] for cell in html.select("thead th")] == ["col"] * 4
    assert "Diapositiva" not in html.text and "85\xa0% o más" not in html.text


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_mark_is_seen_and_its_word_is_heard(verdict):
    cell = read(page.Table([found(verdict)])).select_one("tbody td")
    mark, word = cell.select("span")
    assert mark["aria-hidden"] == "true" and mark.text in "✓~✗?"
    assert "visually-hidden" in word["class"] and word.text == verdict


def test_six_rows_are_seen_and_the_others_fold():
    verdicts = [HOLDS] * 7 + [FAILS]
    rows = [found(verdict, text=f"{n}.") for n, verdict in enumerate(verdicts)]
    html = read(page.Table(rows))
    seen, folded = (
        [row.th.text[0] for row in table.select("tbody tr")] for table in html.select("table")
    )
    # What fails is not hidden.
    assert (seen, folded) == (["0", "1", "2", "3", "4", "7"], ["5", "6"])
    assert html.details.table and "(2)" in html.summary.text
    assert read(page.Table([found()] * 6)).details is None


def test_note_says_what_an_interval_is_and_where_our_own_stand():
    assert "[88, 92] es el intervalo de confianza del 95\xa0% sobre 5 semillas." in (
        read(page.Table([found()])).select_one(".nota").text
    )
    without = replace(found(), interval=Interval(0.9, 0.9, 0.9))
    note = read(page.Table([without], own=3)).select_one(".nota").text
    assert "intervalo" not in note and "otras 3 afirmaciones, que son nuestras" in note


def test_a_chapter_shows_the_decks_own():
    experiment = ModuleType("training_grid")
    changes = {"experiment": "training_grid", "of": {"activation": "relu"}}
    said, ours = (
        replace(STATEMENT, deck=deck, text=deck or "x", **changes) for deck in ("a", None)
    )
    rows = {"activation": "relu", "seed": [0, 1], "epoch": 20, "test_accuracy": [0.9, 0.95]}
    table = page.show([said, ours], {experiment: pd.DataFrame(rows)})
    assert ([j.statement for j in table.judgements], table.own) == ([said], 1)
    # Nor does it ask for the data of the others.
    page.show([said, replace(ours, experiment="other")], {experiment: pd.DataFrame(rows)})


def test_table_of_them_all_has_slides_links_rules_and_whose_they_are():
    mine = found(id="s3-1", deck=None)
    html = read(page.All([mine, found()], {"s1-2b": "01-introduccion", "s3-1": "03-gradientes"}))
    assert [cell.text for cell in html.select("[scope=rowgroup]")] == [
        "Diapositiva S1",
        "Diapositiva S3",
    ]
    first, second = html.select("th[scope=row]")
    assert first.a["href"] == "01-introduccion.html#s1-2"  # one paragraph tells s1-2 and s1-2b
    assert f"De la diapositiva: «{STATEMENT.deck}»." in first.text
    assert "Nuestra." in second.text
    assert "85\xa0% o más" in html.text


def test_records_are_plain_values():
    found = Judgement(STATEMENT, Interval(0.9, 0.88, 0.92), 5, None, HOLDS)
    (row,) = page.records([found], {"s1-2b": "01-introduccion"}).to_dict("records")
    assert (row["id"], row["slide"], row["chapter"]) == ("s1-2b", "S1", "01-introduccion")
    assert (row["whose"], row["deck"]) == ("de la diapositiva", STATEMENT.deck)
    assert (row["unit"], row["effect"], row["low"], row["high"]) == ("%", 0.9, 0.88, 0.92)

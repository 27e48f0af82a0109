"""What the book calls the deck's is in the deck, word for word."""

import re
import sys

import pytest
from conftest import ROOT

sys.path.append(str(ROOT / "book" / "_ext"))

from slides import read_slides
from verdicts.judge_all import STATEMENTS

BOOK = ROOT / "book"
PAGES = sorted(BOOK.glob("*.md"))


def plain(text: str) -> str:
    """Return the words of a Markdown text: without its signs, on one line."""
    text = text.replace(r"\rightarrow", "→").replace(r"\sim", "~")
    text = re.sub(r"^\s*(#+|-) ", "", text, flags=re.MULTILINE)
    return " ".join(re.sub(r"[*$]", "", text).split())


# A slide ends with its question, in italics.
DECK = [
    plain(part)
    for part in re.findall(
        r".*?^\*¿.*?\?\*$", (ROOT / "tests" / "data" / "deck.md").read_text(), re.M | re.S
    )
]


def says(text: str, quotation: str) -> bool:
    """Tell whether a text has these words in this order; "…" stands for some left out."""
    at = 0
    for piece in plain(quotation).split("…"):
        found = text.find(piece.strip(), at)
        if found < 0:
            return False
        at = found + len(piece.strip())
    return True


def quoted(page: str) -> list[str]:
    """Return what a page quotes where it speaks of a slide.

    But for what it says that the slide should say, and for titles that Sphinx fills in.
    """
    sentences = re.split(r"(?<=[.?])\s|\n", page)
    found = []
    for sentence in sentences:
        if re.search(r"\bdiapositivas?\b", sentence):
            sentence = re.sub(r"(hay que leer|debe decir|quería decir) «[^»]*»", "", sentence)
            sentence = re.sub(r"«[^»]*» que no está escrito", "", sentence)
            found += re.findall(r"«([^»{]*)»", sentence)
    return found


def test_deck_has_fifteen_slides():
    assert len(DECK) == 15
    assert says(DECK[3], "< 1 → desaparece 1 → explota")


@pytest.mark.parametrize("claim", ["= 1 → se conserva", "1 → desaparece … < 1", "> 1"])
def test_what_the_deck_does_not_say_is_not_found(claim):
    assert not says(DECK[3], claim)


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.id)
def test_a_statement_of_the_deck_is_in_its_slide(statement):
    assert statement.deck is None or says(DECK[int(statement.slide[1:]) - 1], statement.deck)


def test_lines_of_the_map_are_in_their_slides():
    slides = read_slides(BOOK / "slides.toml")
    lines = [(line, deck) for slide, deck in zip(slides, DECK, strict=True) for line in slide.lines]
    assert [line.id for line, deck in lines if not says(deck, line.deck)] == []
    ours = {line.id for line, _ in lines if not line.deck}
    assert ours == {"s4-3"}
    # Nor is what a line of ours states the deck's.
    assert [s.id for s in STATEMENTS if s.label in ours and s.deck] == []


def test_quotations_are_found_where_a_page_speaks_of_a_slide():
    page = (
        "La diapositiva imprime «1 → explota» y hay que leer «> 1».\n"
        "Aquí no se cita «nada». Otra diapositiva lo llama «así».\n"
        "Lo dice «{ref}`diapositivas`» de la diapositiva.\n"
    )
    assert quoted(page) == ["1 → explota", "así"]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_what_a_page_quotes_from_the_slides_is_there(file):
    deck = " ".join(DECK).casefold()
    assert [q for q in quoted(file.read_text()) if not says(deck, q.casefold())] == []

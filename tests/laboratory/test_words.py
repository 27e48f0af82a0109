"""What the laboratory says, it says in Spanish and in English, and all of it from one place."""

import json
import re

import pytest
from conftest import HTML
from node import CODE

import laboratory

WORDS = json.loads((CODE / "words.json").read_text("utf-8"))
SPANISH = re.compile(r"[áéíóúüñ¿¡«»]", re.IGNORECASE)
PLACE = re.compile(r"\{\w+\}")
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')


def sentences(node, path=""):
    """Return {path: sentence}; a sentence is one text, or the two halves of it."""
    if isinstance(node, str) or "es" in node or "en" in node:
        return {path: node}
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    return {
        place: found
        for key, value in pairs
        for place, found in sentences(value, f"{path}/{key}").items()
    }


SENTENCES = sentences(WORDS)


@pytest.mark.parametrize("path", SENTENCES)
def test_no_sentence_lacks_its_other_half(path):
    sentence = SENTENCES[path]
    if isinstance(sentence, str):  # both languages have it
        assert not SPANISH.search(sentence)
        return
    assert sentence.keys() == {"es", "en"}
    es, en = sentence["es"], sentence["en"]
    assert es.strip() and en.strip() and es != en
    assert sorted(PLACE.findall(es)) == sorted(PLACE.findall(en))
    assert not SPANISH.search(en)


def test_every_sentence_is_said():
    code = "".join(file.read_text("utf-8") for file in CODE.glob("*.js"))
    code += (CODE.parents[1] / "_ext" / "laboratory.py").read_text("utf-8")
    named = set(re.findall(r"\w+", code))
    assert WORDS.keys() <= named


@pytest.mark.parametrize("file", sorted(CODE.glob("*.js")), ids=lambda file: file.name)
def test_no_script_says_anything_else(file):
    code = re.sub(r"(?m)(?<![:\"'`\w])//.*|/\*[\s\S]*?\*/", "", file.read_text("utf-8"))
    # Errors are for who reads the console.
    faults = [text for text in LITERAL.findall(code) if SPANISH.search(text)]
    assert [text for text in faults if not text.startswith("`«${sentence}»")] == []
    shown = re.findall(r"textContent: [\"`]\s*\w[^\"`]*", code)
    assert shown == []


def test_the_build_says_it_in_the_language_of_the_book():
    assert laboratory.word("opens", "en") == WORDS["opens"]["en"]
    for language in ("es", "es_ES", "de"):
        assert laboratory.word("opens", language) == WORDS["opens"]["es"]


@pytest.fixture
def english(browser, site):
    """Return the page, as if it were one of the English edition."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})

    def translated(route):
        text = (HTML / "laboratorio.html").read_text("utf-8")
        route.fulfill(body=text.replace('lang="es"', 'lang="en"'), content_type="text/html")

    tab.route("**/laboratorio.html", translated)
    tab.goto(f"{site}laboratorio.html#depth=3&width=16&epochs=1&dept=1&versus=rate&activation=relo")
    tab.wait_for_selector("#laboratory-before[aria-busy=false] .reading p")
    yield tab
    tab.close()


def test_a_page_in_english_speaks_english(english):
    said = english.inner_text(".reading")
    assert "ReLU, Glorot uniform, 3 layers of 16. The signal reaches" in said
    assert "did you mean “depth”" in english.inner_text(".notes")
    english.get_by_label("I would rather watch").check()
    english.get_by_role("button", name="Train").click()
    english.wait_for_selector(".outcome:not(:empty)")
    assert english.inner_text(".outcome").startswith("Outcome: ")
    english.get_by_label("initializer").select_option(label="normal, σ_w of your choice")
    heard = english.eval_on_selector_all(
        ".laboratory",
        """places => places.flatMap(place => [place.textContent,
            ...[...place.querySelectorAll('*')].flatMap(one =>
                [one.ariaLabel, one.getAttribute('aria-valuetext')])])""",
    )
    spanish = {sentence["es"] for sentence in SENTENCES.values() if not isinstance(sentence, str)}
    fixed = {part for text in spanish for part in PLACE.split(text) if len(part.strip()) > 4}
    heard = "\n".join(text for text in heard if text)
    assert len(heard) > 2000
    assert not SPANISH.search(heard)
    assert [part for part in fixed if re.search(rf"\b{re.escape(part.strip())}", heard)] == []

"""The presentation, held against the deck, its plan and the built pages."""

import re
from collections import Counter

import pytest
from conftest import ROOT, serving

from class_plan import read_plan
from formats import ebook, paper
from formats.__main__ import make
from formats.site import parse, rename
from formats.slides import FILES, REVEAL, slides
from formats.words import WORDS
from slides import read_slides

DRAWN = re.compile(r"<svg.*?</svg>", re.DOTALL)


@pytest.fixture(scope="module")
def source(book):
    """Return the folder of the pages' sources."""
    return ROOT / "book" / ("" if book.language == "es" else book.language)


@pytest.fixture(scope="module")
def deck(source):
    return read_slides(source / "slides.toml")


@pytest.fixture(scope="module")
def plan(source, deck):
    return read_plan(source / "clase.toml", deck)


@pytest.fixture(scope="module")
def presentation(published):
    """Return the file of the presentation."""
    return make(["slides"], published)[0]


@pytest.fixture(scope="module")
def shown(presentation):
    """Return the presentation, parsed."""
    return parse(presentation.read_text("utf-8"))


@pytest.fixture
def wall(browser, presentation, published, book):
    """Return a tab that shows the presentation and notes what it asked for."""
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    tab.requested, tab.failed = [], []
    tab.on("request", lambda request: tab.requested.append(request.url))
    tab.on("response", lambda response: response.ok or tab.failed.append(response.url))
    tab.on("pageerror", lambda error: tab.failed.append(str(error)))
    with serving(published) as address:
        tab.address = address
        tab.goto(f"{address}{book.words['slides']}/index.html", wait_until="networkidle")
        yield tab
        tab.close()


def test_each_slide_of_the_deck_has_its_question_its_bet_and_its_minutes(shown, deck, plan, book):
    sections = shown.select(".slides > section")[1:]  # the first one is the cover
    assert [section["id"] for section in sections] == [slide.id.lower() for slide in deck]
    for section, slide, step in zip(sections, deck, plan, strict=True):
        assert section.h2.get_text() == slide.lines[-1].text
        assert slide.title in section.header.get_text()
        assert section["data-timing"] == str(60 * step.minutes)
        notes = section.select_one("aside.notes").get_text()
        assert f": {step.minutes} minut" in notes
        assert step.command in notes
        if step.short:
            assert book.words["short"].format(minutes=step.short) in notes


def test_the_figure_of_a_slide_is_the_one_of_the_plan_as_it_stands_in_the_book(
    presentation, plan, book
):
    drawings = DRAWN.findall(presentation.read_text("utf-8"))
    for drawing, step in zip(drawings, plan, strict=True):
        page = (book.folder / f"{book.page_with(step.figure).name}.html").read_text("utf-8")
        figure = page[page.index(f'id="{step.figure}"') :]
        prefix = re.search(r"#(d\d+-\d+-)", drawing)  # a drawing without names has none
        assert drawing == rename(DRAWN.search(figure)[0], prefix[1] if prefix else "")


def test_one_shape_of_the_book_takes_nothing_from_another(book, chosen):
    taught = book.page_with("clase-s1")
    before = [book.text(page.article) for page in (chosen, taught)]
    for page in (chosen, taught):
        paper.chapter(page)
        ebook.chapter(page, {})
    assert len(list(slides(book))) == 15
    assert [book.text(page.article) for page in (chosen, taught)] == before


def test_links_of_the_presentation_lead_somewhere(presentation, shown):
    for link in shown.select("a[href]"):
        path, _, label = link["href"].partition("#")
        if "://" in path:
            continue
        target = presentation.parent / path
        assert target.exists(), link
        assert not label or f'id="{label}"' in target.read_text("utf-8"), link


def test_names_inside_drawings_are_no_other_drawings(shown):
    names = Counter(node["id"] for node in shown.find_all(id=True))
    assert [name for name, times in names.items() if times > 1] == []


def test_every_translated_word_of_reveal_is_in_it():
    source = "".join((REVEAL / name).read_text("utf-8") for name in FILES)
    assert [word for word in WORDS["es"]["reveal"] if word not in source] == []


def test_the_presentation_is_walked_with_the_keyboard_question_first(wall, deck):
    figure = "document.querySelector('.present figure').checkVisibility({opacityProperty: true})"
    bet = "document.querySelector('.present .bet').checkVisibility({opacityProperty: true})"
    for slide in deck:
        wall.keyboard.press("ArrowRight")
        assert wall.evaluate("document.querySelector('.present').id") == slide.id.lower()
        wall.wait_for_function(f"{bet} && !({figure.replace('.opacity', '')})")
        wall.keyboard.press("ArrowRight")
        wall.wait_for_function(f"{figure} && !({bet})")
        assert wall.evaluate("""
            () => {
                const slide = document.querySelector(".present .slide")
                const inside = slide.getBoundingClientRect()
                return [...slide.querySelectorAll("h2, svg, figcaption, footer")]
                    .map(part => part.getBoundingClientRect())
                    .every(box => box.height > 0 && box.bottom <= inside.bottom + 1)
            }
        """), f"{slide.id} no cabe"
    assert wall.failed == []
    assert [url for url in wall.requested if not url.startswith(wall.address)] == []


def test_the_notes_open_in_a_window_of_their_own_in_the_books_language(wall, book):
    wall.keyboard.press("ArrowRight")
    with wall.expect_popup() as opened:
        wall.keyboard.press("s")
    notes = opened.value
    notes.wait_for_selector(".speaker-controls-notes:not(.hidden) .value li")
    when = book.words["notes"].format(begin="0:00", end="0:08", minutes=8)
    assert when in notes.inner_text(".speaker-controls-notes")
    labels = " ".join(notes.locator(".label, .pacing-title").all_inner_texts()).casefold()
    ours = {"es": {"después", "notas"}, "en": {"upcoming", "notes"}}
    assert ours[book.language] <= set(labels.split())
    notes.wait_for_selector(".pacing", state="visible")  # how many of the minutes are left
    notes.close()


def test_a_key_changes_between_light_and_dark(wall):
    ground = "getComputedStyle(document.querySelector('.reveal-viewport')).backgroundColor"
    wall.emulate_media(color_scheme="light")
    light = wall.evaluate(ground)
    wall.keyboard.press("t")
    dark = wall.evaluate(ground)
    wall.emulate_media(color_scheme="dark")
    wall.keyboard.press("t")
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(18, 18, 18)")
    assert wall.evaluate(ground) == light


def test_words_are_the_same_in_both_languages():
    assert WORDS["es"].keys() == WORDS["en"].keys()

"""A page of the site as the browser prints it, from a dark screen."""

import pypdfium2
import pytest
from screen import assert_same_numbers

MILLIMETRE = 96 / 25.4


@pytest.fixture(scope="module")
def tab(browser, site, chosen):
    """Return a tab of a dark screen with a page in it, another one in each run."""
    tab = browser.new_page(color_scheme="dark")
    folder = "" if chosen.site.language == "es" else "en/"
    tab.goto(f"{site}{folder}{chosen.name}.html", wait_until="networkidle")
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def paper(tab):
    """Return the printed page as a PDF, backgrounds and all."""
    return pypdfium2.PdfDocument(tab.pdf(format="A4", print_background=True))


def test_paper_has_the_numbers_of_the_screen(chosen, paper):
    text = "\n".join(sheet.get_textpage().get_text_range() for sheet in paper)
    assert_same_numbers(chosen, text)


def test_paper_has_nothing_that_only_a_screen_needs(paper, chosen):
    lines = [
        line.strip()
        for sheet in paper
        for line in sheet.get_textpage().get_text_range().splitlines()
    ]
    buttons = {"Ocultar", "Mostrar", "En esta página", "Hide", "Show", "On this page"}
    assert buttons & set(lines) == set()
    title = f"{chosen.number}. {chosen.title}" if chosen.number else chosen.title
    assert "".join(title.split()) in "".join("".join(lines).split())


def test_what_is_folded_on_the_screen_is_open_on_paper(paper, chosen):
    text = "".join("".join(sheet.get_textpage().get_text_range().split()) for sheet in paper)
    for node in chosen.article.select(".solution section, .dropdown, details"):
        # In a formula letters are read in another order.
        told = "".join(part.get_text() for part in node.select("p:not(:has(math))")[-1:])
        assert "".join(told.split())[:40] in text


def test_paper_is_white_and_letters_are_dark(paper):
    for sheet in paper:
        page = sheet.render(scale=0.5, grayscale=True).to_numpy()
        assert page[0, 0] == page[-1, -1] == 255
        assert page.mean() > 160


def test_nothing_is_cut_off_on_paper(tab):
    tab.set_viewport_size({"width": round((210 - 36) * MILLIMETRE), "height": 1000})
    tab.emulate_media(media="print")
    cut = tab.evaluate("""
        [...document.querySelectorAll("main :is(pre, table, .formula, .lab-figure)")]
            .filter(part => part.checkVisibility())
            .filter(part => part.scrollWidth > part.clientWidth + 1
                    || part.getBoundingClientRect().right > innerWidth + 1)
            .map(part => part.outerHTML.slice(0, 200))
    """)
    tab.emulate_media(media="screen")
    assert cut == []

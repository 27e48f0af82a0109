"""The pages as a reader gets them, in the Chromium that the system has."""

import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from conftest import HTML
from visits import visit

from transfer import SHEETS

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")

# Words of the theme's English. Titles of cited works are in the language of the work.
ENGLISH = re.compile(
    r"\b(and|back|click|close|code|color|copy|dark|download|hide|home|light|link|main|menu|mode|"
    r"navigation|next|of|open|page|previous|search|show|sidebar|skip|system|the|this|toggle)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def window(browser):
    """Return a window, whose tabs share what they load."""
    return browser.new_context(reduced_motion="reduce")


@pytest.fixture(scope="module")
def bare_window(browser):
    """Return a window that runs no script."""
    return browser.new_context(java_script_enabled=False)


@pytest.fixture(scope="module")
def tab(window, site, page):
    """Return a tab with a page in it that notes what the page asked for and what went wrong."""
    tab = window.new_page()
    tab.requested, tab.failed = [], []
    tab.on("request", lambda request: tab.requested.append(request.url))
    tab.on("response", lambda response: response.ok or tab.failed.append(response.url))
    tab.on("pageerror", lambda error: tab.failed.append(str(error)))
    tab.goto(site + page, wait_until="networkidle")
    yield tab
    tab.close()


@pytest.fixture(params=["light", "dark"])
def scheme(request, tab):
    """Look at the page in a light and in a dark system."""
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.emulate_media(color_scheme=request.param)
    tab.wait_for_function(f"document.documentElement.dataset.theme == '{request.param}'")
    return request.param


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2) of a colour written as rgb(r, g, b)."""
    channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_asks_no_other_host(tab, site):
    assert tab.requested
    assert [url for url in tab.requested if not url.startswith((site, "data:", "blob:"))] == []


def test_nothing_goes_wrong(tab):
    assert tab.failed == []


def test_is_light(browser, site, page):
    weight, _ = visit(browser, site, page)
    assert 20_000 < weight <= 250_000  # bytes


# Scripts, and what they work on
WORKS_ON = {
    "copybutton.js": "div.highlight pre",
    "design-tabs.js": ".sd-tab-set",
    "togglebutton.js": ".toggle, .admonition.dropdown",
    "searchtools.js": "#search-results",
    "searchindex.js": "#search-results",
    "fontawesome.js": "i.fa-custom",  # drawn by hand; the others come from the font
}


def test_loads_the_scripts_that_it_uses_and_no_other(tab):
    loaded = {Path(urlsplit(url).path).name for url in tab.requested}
    used = {script for script, what in WORKS_ON.items() if tab.query_selector(what)}
    assert loaded & WORKS_ON.keys() == used


# The rules of a style sheet that say something about the page as it is now, whatever the width
# of its window and wherever the mouse is: those of its source, without those that it shipped.
LACKING = """([source, name]) => {
    const selectors = function*(rules, where = "") {
        for (const rule of rules) {
            if (!rule.selectorText) {
                const condition = rule.conditionText ?? rule.name ?? ""
                if (rule.cssRules) yield* selectors(rule.cssRules, where + condition)
                continue
            }
            let depth = 0, selector = ""
            for (const letter of rule.selectorText + ",") {
                depth += {"(": 1, ")": -1}[letter] ?? 0
                if (letter != "," || depth) selector += letter
                else {
                    yield [selector.trim(), where + selector.trim() + rule.style.cssText]
                    selector = ""
                }
            }
        }
    }
    const shipped = [...document.styleSheets].find(sheet => sheet.href?.includes(name))
    const given = new Set([...selectors(shipped.cssRules)].map(([_, rule]) => rule))
    const whole = new CSSStyleSheet()
    whole.replaceSync(source)
    const states = /::[\\w-]+|:(hover|active|visited|link|focus[\\w-]*|checked|disabled)\\b/g
    const applies = selector => {
        const anywhere = selector.replace(states, "").replace(/(^|[ >+~])$/, "$1*")
        try { return document.querySelector(anywhere) } catch { return false }
    }
    const needed = [...selectors(whole.cssRules)].filter(([selector, _]) => applies(selector))
    return [needed.length, needed.map(([_, rule]) => rule).filter(rule => !given.has(rule))]
}"""


def lacking_rules(tab) -> list[str]:
    """Return the rules that what is on the page now lacks in the style sheets that it got."""
    sources = {
        path.name: path.read_text("utf-8")
        for package in ("pydata_sphinx_theme", "sphinx_design")
        for path in Path(find_spec(package).origin).parent.rglob("*.css")
    }
    lacking = []
    for name in (Path(sheet).name for sheet in SHEETS):
        needed, rules = tab.evaluate(LACKING, [sources[name], name])
        assert needed
        lacking += rules
    return lacking


def test_has_all_the_styles_that_it_uses(tab):
    assert lacking_rules(tab) == []


def test_has_all_the_icons_that_it_shows(tab):
    from fontTools.ttLib import TTFont

    shown = tab.evaluate("""() => [...document.querySelectorAll("body *:not(svg *)")]
        .flatMap(element => ["::before", "::after"].map(part => getComputedStyle(element, part)))
        .filter(({content}) => /[\ue000-\uf8ff]/.test(content))
        .map(({content, fontFamily, fontWeight}) => [content, fontFamily, fontWeight])""")
    assert shown
    has = TTFont(HTML / "_static" / "fa-solid-900.woff2").getBestCmap()
    assert len(has) < 60  # the whole font has two thousand
    for content, family, weight in shown:
        assert ("Font Awesome" in family, weight) == (True, "900")
        assert {ord(icon) for icon in re.findall("[\ue000-\uf8ff]", content)} <= set(has)
    assert tab.evaluate("document.fonts.check('900 1em \"Font Awesome 7 Free\"', '\uf002')")


# What a reader can do: where, with how wide a window, and what then can be seen
DEEDS = {
    "search": (
        1280,
        lambda tab: tab.keyboard.press("Control+k"),
        "dialog[open] input[type=search]",
    ),
    "colours": (1280, lambda tab: tab.click(".theme-switch-button"), ".theme-change-button"),
    "downloads": (
        1280,
        lambda tab: tab.click(".dropdown-download-buttons > button"),
        ".btn-download-notebook-button",
    ),
    "hint": (1280, lambda tab: tab.hover(".search-button__button"), ".tooltip .tooltip-inner"),
    "solution": (
        1280,
        lambda tab: tab.click(".solution .toggle-button >> nth=0"),
        ".solution:not(.toggle-hidden)",
    ),
    "copy": (1280, lambda tab: tab.click(".copybtn >> nth=0", force=True), ".copybtn.success"),
    "chapters hidden": (
        1280,
        lambda tab: tab.click(".primary-toggle"),
        "body:has(.pst-sidebar-hidden)",
    ),
    "chapters": (400, lambda tab: tab.click(".primary-toggle"), "dialog[open] .bd-sidenav"),
    "sections": (400, lambda tab: tab.click(".secondary-toggle"), "dialog[open] .page-toc"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_opens_looks_as_the_theme_has_it(browser, site, deed):
    page = "04-activaciones.html"
    width, do, seen = DEEDS[deed]
    tab = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    tab.goto(site + page, wait_until="networkidle")
    do(tab)
    tab.wait_for_selector(seen, state="visible")
    lacking = lacking_rules(tab)
    tab.close()
    assert lacking == []


def test_can_be_read_without_javascript(bare_window, site, page):
    tab = bare_window.new_page()
    tab.goto(site + page)
    # What lies in a closed <details> opens without a script.
    content, hidden = tab.evaluate("""() => {
        const seen = [...document.querySelectorAll(
            "main h1, main p, main math, main .lab-figure, main img, main table")]
            .filter(element => !element.closest("details, .onlyprint, form"))
        const hidden = seen.filter(element => !element.checkVisibility({visibilityProperty: true})
            || !element.getBoundingClientRect().width)
        return [seen.length, hidden.map(element => element.outerHTML.slice(0, 200))]
    }""")
    tab.close()
    assert content
    assert hidden == []


@pytest.mark.parametrize("width", [400, 768])
def test_scrolls_only_downwards_and_cuts_nothing_off(tab, width):
    tab.set_viewport_size({"width": width, "height": 900})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    # An equation, a table or a figure that is too wide scrolls in a box; nothing else may be.
    cut_off = tab.evaluate("""() => {
        const boxes = [...document.querySelectorAll("main div.math")]
            .filter(box => box.scrollWidth > box.clientWidth)
        const pieces = [...document.querySelectorAll("main .lab-figure, main p math")]
            .filter(piece => !piece.closest("div.math, table"))
            .filter(piece => getComputedStyle(piece.parentElement).overflowX != "auto")
            .filter(piece => piece.getBoundingClientRect().right > innerWidth)
        return [...boxes, ...pieces].map(element => element.outerHTML.slice(0, 200))
    }""")
    assert cut_off == []


# What is seen of each figure: the whole or its pieces, where they lie and how large letters are
PIECES = """() => [...document.querySelectorAll("main .lab-figure")]
    .filter(figure => !figure.closest("details:not([open]), .toggle-hidden"))
    .map(figure => {
        const [whole, hidden] = figure.children
        const seen = [whole, ...(hidden?.querySelectorAll(":scope > svg") ?? [])]
            .filter(svg => svg.getBoundingClientRect().width > 1)
        return seen.map(svg => {
            const {left, right, width} = svg.getBoundingClientRect()
            const scale = width / svg.viewBox.baseVal.width
            const parts = svg == whole ? [whole] : [...svg.querySelectorAll("use")].map(
                use => document.querySelector(use.getAttribute("href")))
            const letters = parts.flatMap(part => [...part.querySelectorAll("text")])
                .map(text => scale * parseFloat(getComputedStyle(text).fontSize))
            const box = figure.getBoundingClientRect()
            const cut = left < box.left - 0.5 || right > box.right + 0.5
            return {whole: svg == whole, cut, left, right, letters: Math.min(...letters),
                pieces: hidden ? hidden.querySelectorAll(":scope > svg").length : 0,
                label: figure.getAttribute("aria-label")}
        })
    })"""


def test_on_a_phone_the_panels_of_a_figure_lie_one_below_the_other(tab):
    tab.set_viewport_size({"width": 400, "height": 900})
    for pieces in tab.evaluate(PIECES):
        label = pieces[0]["label"][:80]
        assert not any(piece["whole"] for piece in pieces) or len(pieces) == 1, label
        assert len(pieces) == max(1, pieces[0]["pieces"]), label
        for piece in pieces:
            assert 0 <= piece["left"] < piece["right"] <= 400 and not piece["cut"], label
            assert piece["letters"] >= 9, label


def test_on_a_wide_screen_and_on_paper_a_figure_is_whole(tab):
    tab.set_viewport_size({"width": 1280, "height": 900})
    wide = tab.evaluate(PIECES)
    tab.set_viewport_size({"width": 500, "height": 900})
    tab.emulate_media(media="print")
    printed = tab.evaluate(PIECES)
    tab.emulate_media(media="screen")
    for pieces in (*wide, *printed):
        assert [piece["whole"] for piece in pieces] == [True], pieces[0]["label"][:80]


def test_pieces_of_figures_are_cut_as_the_whole_is(browser, site):
    """What reaches out of its axes is cut off by a region of the whole, which is not seen."""
    tab = browser.new_page(viewport={"width": 400, "height": 900})
    tab.goto(site + "01-introduccion.html", wait_until="networkidle")
    cut = tab.evaluate("""() => {
        const whole = document.querySelector("main .lab-figure > svg:not(:only-child)")
        const regions = [...whole.querySelectorAll("clipPath")]
        return [regions.length, getComputedStyle(whole).display, getComputedStyle(whole).width]
    }""")
    tab.close()
    assert cut[0] > 0 and cut[1:] == ["block", "0px"]


def test_roots_have_their_sign(tab):
    # Without it a root is as wide as what is under it, and √2 reads 2; and no gap comes after it.
    odd = tab.evaluate("""() => [...document.querySelectorAll("main msqrt")]
        .filter(root => {
            const under = document.createRange()
            under.selectNodeContents(root)
            const width = element => element.getBoundingClientRect().width
            const sign = width(root) - width(under)
            return width(root) && (sign < 4 || sign > parseFloat(getComputedStyle(root).fontSize))
        }).map(root => root.outerHTML)""")
    assert odd == []


@pytest.mark.parametrize("width", [400, 1280])
def test_no_line_begins_with_the_comma_after_a_formula(tab, width):
    tab.set_viewport_size({"width": width, "height": 900})
    apart = tab.evaluate("""() => {
        const bottom = formula => formula.getBoundingClientRect().bottom
        const mark = document.createRange()
        return [...document.querySelectorAll("main math")].filter(formula => {
            const text = formula.nextSibling
            if (text?.nodeType != Node.TEXT_NODE || !/^\\S/.test(text.data)) return false
            mark.setStart(text, 0)
            mark.setEnd(text, 1)
            return mark.getBoundingClientRect().top > bottom(formula)
        }).map(formula => formula.outerHTML + formula.nextSibling.data)
    }""")
    assert apart == []


# A figure is one picture with one description; what is drawn in it is no content of its own.
# The colours are all that another theme changes.
RULES = {"light": None, "dark": "color-contrast"}
AXE_RUN = """async rules => {
    const options = {resultTypes: ["violations"], ...(rules ? {runOnly: rules} : {})}
    const found = await axe.run({exclude: ".lab-figure > *"}, options)
    const faults = found.violations.flatMap(
        fault => fault.nodes.map(node => [fault.id, node.html.slice(0, 200)]))
    return [found.passes.length, faults]
}"""


def test_is_accessible(tab, scheme):
    if not tab.evaluate("'axe' in window"):
        tab.add_script_tag(path=AXE)
    passed, faults = tab.evaluate(AXE_RUN, RULES[scheme])
    if faults:  # the theme makes what scrolls reachable by keyboard a moment after a resize
        tab.wait_for_timeout(600)
        passed, faults = tab.evaluate(AXE_RUN, RULES[scheme])
    assert passed
    assert faults == []


def test_ink_of_figures_stands_out(tab, scheme):
    drawn = tab.evaluate("""() => {
        const paper = element => {
            const colour = getComputedStyle(element).backgroundColor
            const transparent = /, 0\\)$/.test(colour)
            return transparent && element.parentElement ? paper(element.parentElement) : colour
        }
        return [...document.querySelectorAll(".lab-figure")]
            .map(figure => [getComputedStyle(figure).color, paper(figure)])
    }""")
    for ink, paper in drawn:
        assert contrast(ink, paper) >= 7
        assert (luminance(paper) < 0.2) == (scheme == "dark")


def test_says_nothing_in_english(tab):
    said = tab.evaluate("""() => {
        const names = ["title", "aria-label", "placeholder", "data-tooltip", "data-toggle-hint"]
        const labels = [...document.querySelectorAll("body *:not(.reference)")]
            .flatMap(element => names.map(name => element.getAttribute(name)))
        const texts = [...document.querySelectorAll(
            "header, footer, dialog, button, #pst-skip-link, .bd-header-article, .onthispage")]
            .map(element => element.textContent.trim())
        return [...labels, ...texts].filter(Boolean)
    }""")
    assert said
    assert [text for text in said if ENGLISH.search(text)] == []


def test_contrast_agrees_with_the_standard():
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.01)

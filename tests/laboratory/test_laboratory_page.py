"""The laboratory as a reader uses it, in the Chromium that the system has."""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from conftest import HTML, missing
from visits import visit

PAGE = "laboratorio.html"
READY = "#laboratory-before[aria-busy=false] .reading p"
MOST = 400_000  # bytes of a first visit, compressed
SMALL = "#depth=3&width=16&epochs=2"


@pytest.fixture
def open_page(browser, site):
    """Return what opens the page of a link and waits until all is measured."""
    if not (HTML / PAGE).exists():
        missing("el libro no está construido: make html")
    tabs = []

    def open_link(link="", width=1280, address=site, **settings):
        tab = browser.new_page(viewport={"width": width, "height": 900}, **settings)
        tabs.append(tab)
        tab.faults = []
        tab.on("pageerror", lambda error: tab.faults.append(str(error)))
        tab.goto(address + PAGE + link)
        tab.wait_for_selector(READY)
        return tab

    yield open_link
    for tab in tabs:
        assert tab.faults == []
        tab.close()


def reading(tab, words):
    """Wait until what is said of the networks holds these words; return it."""
    tab.wait_for_function(
        "words => document.querySelector('.reading').textContent.includes(words)", arg=words
    )
    return tab.inner_text(".reading")


def slide(tab, name, value):
    tab.eval_on_selector(
        f"#lab-{name}",
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')) }",
        str(value),
    )


def test_a_slider_moves_figures_words_and_link(open_page):
    tab = open_page()
    before = tab.inner_html(".panels")
    slide(tab, "depth", 30)
    said = reading(tab, "30 capas de 128")
    assert tab.inner_html(".panels") != before
    measured, predicted = re.search(
        r"última capa con (\S+)\s×\s\S+ \(teoría: (\S+)\s×", said
    ).groups()
    assert 0.3 < float(measured) / float(predicted) < 3
    tab.wait_for_function("location.hash == '#depth=30'")
    tab.reload()
    tab.wait_for_selector(READY)
    reading(tab, "30 capas de 128")


def test_it_runs_from_a_file(open_page):
    """There, browsers load no module and no data, and start no worker but from a text."""
    tab = open_page("#depth=4&width=32&epochs=2&rate=0.05", address=f"{HTML.as_uri()}/")
    reading(tab, "ReLU, Glorot uniforme, 4 capas de 32")
    slide(tab, "depth", 5)
    reading(tab, "5 capas de 32")
    tab.wait_for_function("location.hash.startsWith('#depth=5&')")
    tab.get_by_label("aprende (80 % o más)").check()
    tab.get_by_role("button", name="Entrenar").click()
    tab.wait_for_selector(".outcome:not(:empty)")
    assert tab.inner_text(".outcome").endswith("Resultado: aprende (80 % o más). Acertaste.")
    tab.reload()
    tab.wait_for_selector(READY)
    reading(tab, "5 capas de 32")


def test_keys_move_a_slider_and_what_moved_is_said(open_page):
    tab = open_page()
    tab.focus("#lab-depth")
    tab.keyboard.press("ArrowRight")
    reading(tab, "21 capas de 128")
    assert tab.get_attribute(".reading >> nth=0", "role") == "status"
    labels = tab.eval_on_selector_all(".panels svg", "all => all.map(svg => svg.ariaLabel)")
    assert len(labels) == 5 and all("en la última" in label for label in labels)


def test_one_of_the_eight_pairs_can_be_chosen(open_page):
    tab = open_page(SMALL)
    pair = tab.get_by_role("button", name="tanh y He normal")
    pair.click()
    reading(tab, "tanh, He normal")
    assert pair.get_attribute("aria-pressed") == "true"


def test_a_section_in_the_address_is_no_setting(open_page):
    tab = open_page("#entrenala")
    assert tab.inner_text(".notes") == ""


def test_bad_settings_in_a_link_are_said(open_page):
    tab = open_page("#depth=99&activation=rellu")
    reading(tab, "ReLU, Glorot uniforme, 60 capas")
    assert tab.locator(".notes li").count() == 2


def test_two_networks_are_trained_after_a_bet(open_page):
    tab = open_page("#depth=4&width=32&epochs=3&versus=rate&other=0.00001&rate=0.05")
    run = tab.get_by_role("button", name="Entrenar")
    assert run.is_disabled()
    tab.get_by_label("la A", exact=True).check()
    run.click()
    tab.wait_for_selector(".outcome:not(:empty)")
    assert tab.inner_text(".outcome") == "Apostaste: la A. Resultado: la A. Acertaste."
    assert "Época 3 de 3." in tab.inner_text("#laboratory-train .reading")
    assert tab.locator("#laboratory-train .panels svg").count() == 4
    # Another network, another bet
    slide(tab, "depth", 5)
    assert tab.inner_text(".outcome") == ""
    assert run.is_disabled()


def test_a_training_can_be_stepped_and_begun_again(open_page):
    tab = open_page(SMALL)
    tab.get_by_label("prefiero mirar").check()
    step = tab.get_by_role("button", name="Un paso")
    points = "#laboratory-train .panels svg:nth-child(1) .line"
    step.click()
    tab.wait_for_selector("#laboratory-train .panels svg")
    first = tab.get_attribute(points, "d")
    step.click()
    tab.wait_for_function(
        "([points, first]) => document.querySelector(points).getAttribute('d') != first",
        arg=[points, first],
    )
    tab.get_by_role("button", name="Seguir").click()
    tab.wait_for_selector(".outcome:not(:empty)")
    tab.get_by_role("button", name="Empezar de nuevo").click()
    assert not tab.is_visible("#laboratory-train .panels")
    tab.get_by_label("prefiero mirar").check()
    step.click()
    tab.wait_for_selector("#laboratory-train .panels svg")
    assert tab.get_attribute(points, "d") == first  # the same seed, the same training


def test_a_training_that_diverges_is_said(open_page):
    tab = open_page("#depth=6&width=64&epochs=2&rate=1&initializer=he_normal&optimizer=sgd")
    tab.get_by_label("prefiero mirar").check()
    tab.get_by_role("button", name="Entrenar").click()
    tab.wait_for_selector(".outcome:not(:empty)")
    assert "ha divergido" in tab.inner_text("#laboratory-train .reading")


def test_a_fault_is_said(browser, site, open_page):
    open_page()
    for broken, place in (
        ("window.Blob = function () { return new File(['what is this'], '') }", ".notes li"),
        ("window.Worker = undefined", "#laboratory-before"),
    ):
        tab = browser.new_page()
        tab.add_init_script(broken)
        tab.goto(site + PAGE)
        tab.wait_for_function(
            "place => document.querySelector(place)?.textContent.includes('no ha podido calcular')",
            arg=place,
        )
        tab.close()


def test_without_javascript_it_says_what_it_needs_and_shows_what_the_book_measures(browser, site):
    window = browser.new_context(java_script_enabled=False)
    tab = window.new_page()
    tab.goto(site + PAGE)
    assert "necesita JavaScript" in tab.inner_text("#laboratory-before")
    assert tab.is_visible("#fig-laboratorio .lab-figure svg >> nth=0")
    window.close()


def test_moving_figures_stand_still_for_who_asks_for_it(open_page):
    """They are drawn at the end of an epoch, and not in between."""
    tab = open_page("#depth=3&width=16&epochs=3", reduced_motion="reduce")
    tab.evaluate("""() => {
        window.drawn = 0
        const curves = document.querySelector("#laboratory-train .panels")
        new MutationObserver(() => window.drawn++).observe(curves, {childList: true})
    }""")
    tab.get_by_label("prefiero mirar").check()
    tab.get_by_role("button", name="Entrenar").click()
    tab.wait_for_selector(".outcome:not(:empty)")
    assert 1 <= tab.evaluate("drawn") <= 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_is_accessible_while_it_is_used(open_page, scheme):
    link = "#depth=99&width=16&epochs=1&versus=activation&other=sigmoid"
    tab = open_page(link, color_scheme=scheme)
    tab.get_by_label("la A", exact=True).check()
    tab.get_by_role("button", name="Entrenar").click()
    tab.wait_for_selector(".outcome:not(:empty)")
    tab.add_script_tag(path=Path(axe_playwright_python.__file__).with_name("axe.min.js"))
    passed, faults = tab.evaluate("""async () => {
        const found = await axe.run(".laboratory", {resultTypes: ["violations"]})
        const faults = found.violations.flatMap(
            fault => fault.nodes.map(node => [fault.id, node.html.slice(0, 200)]))
        return [found.passes.length, faults]
    }""")
    assert passed
    assert faults == []


def test_products_of_the_browser_are_exact(open_page):
    """Browsers round once where Node, which the other tests run in, may round twice."""
    tab = open_page()
    found = tab.evaluate("""async () => {
        const address = new URL("_static/laboratory/kernels.js", location.href)
        const {OWN, instantiate} = await import(address)
        const [rows, inner, columns] = [16, 48, 64]
        const kernels = instantiate(1 << 17), numbers = new Float32Array(kernels.memory.buffer)
        const [a, b, c] = [0, rows * inner, (rows + columns) * inner].map(n => OWN + n)
        const first = c + rows * columns, scratch = first + columns
        for (let i = a; i < c; i++) numbers[i] = Math.sin((i - a) ** 2)
        // As behind a ReLU, which gives −0 too; and in some rows and columns nothing at all
        for (let i = 0; i < b - a; i++)
            if (numbers[a + i] < 0 || i < inner || i % 7 === 0) numbers[a + i] *= i % 2 ? -0 : 0
        for (let i = 0; i < columns; i++) numbers[first + i] = i
        const found = {}
        for (const way of ["product", "productOfTransposed", "productByTransposed"])
            for (const name of [way, `${way}Sparse`]) {
                numbers.fill(NaN, c, first)
                kernels[name](...[a, b, c, first].map(place => 4 * place), rows, inner, columns,
                    4 * scratch)
                found[name] = 0
                for (let i = 0; i < rows; i++)
                    for (let j = 0; j < columns; j++) {
                        let sum = numbers[first + j]
                        for (let k = 0; k < inner; k++) {
                            const left = way === "productOfTransposed"
                                ? k * rows + i : i * inner + k
                            const right = way === "productByTransposed"
                                ? j * inner + k : k * columns + j
                            sum += numbers[a + left] * numbers[b + right]
                        }
                        const off = Math.abs(numbers[c + i * columns + j] - sum)
                        if (!(off <= found[name])) found[name] = off
                    }
            }
        return found
    }""")
    assert len(found) == 6
    for name, worst in found.items():
        assert 0 < worst < 3e-5, name  # sums of up to 70, in float32


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_on_a_phone(open_page, scheme):
    tab = open_page("#versus=initializer&other=he_normal", 400, color_scheme=scheme)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 400
    wide = "all => all.filter(one => one.getBoundingClientRect().right > 400).length"
    assert tab.eval_on_selector_all(".laboratory svg, .laboratory .control", wide) == 0


def test_a_first_visit_is_light(browser, site, open_page):
    open_page()
    weight, _ = visit(browser, site, PAGE)
    assert 60_000 < weight <= MOST


def test_no_page_loads_a_laboratory_that_it_does_not_have():
    pages = {page.name: page.read_text("utf-8") for page in HTML.glob("*.html")}
    for name, text in pages.items():
        loaded = set(re.findall(r'src="_static/laboratory/(\w+)\.js', text))
        small = 'class="laboratory small"' in text
        assert loaded == ({"laboratory"} if name == PAGE else {"small"} if small else set()), name


def chapters():
    """Return the pages that have a small laboratory."""
    texts = {page.name: page.read_text("utf-8") for page in HTML.glob("*.html")}
    return sorted(name for name, text in texts.items() if 'class="laboratory small"' in text)


@pytest.mark.parametrize("where", ["site", "file"])
@pytest.mark.parametrize("name", chapters() or [None])
def test_a_small_one_begins_when_it_comes_into_sight(browser, site, name, where):
    address = site if where == "site" else f"{HTML.as_uri()}/"
    if name is None:
        missing("el libro no está construido: make html")
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    asked, faults = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(address + name, wait_until="networkidle")
    assert not any("laboratory.js" in url for url in asked)
    place = tab.locator(".laboratory.small")
    height = place.bounding_box()["height"]
    place.scroll_into_view_if_needed()
    tab.wait_for_selector(".laboratory.small[aria-busy=false] .reading p")
    assert place.bounding_box()["height"] == height  # nothing below it has moved
    controls = place.get_attribute("data-controls").split()
    assert place.locator(".control").count() == len(controls)
    figures = place.get_attribute("data-figures").split()
    assert place.locator(".panels").first.locator("svg").count() == len(figures)
    # What a slider says goes along with the link.
    before = tab.inner_text(".laboratory .reading")
    tab.get_by_label("capas ocultas").focus()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function(
        "before => document.querySelector('.laboratory .reading').innerText != before", arg=before
    )
    link = place.locator("a").get_attribute("href")
    assert "depth=" in link and PAGE in link
    tab.goto(link)
    tab.wait_for_selector(READY)
    assert tab.inner_text(".notes") == ""
    assert faults == []
    tab.close()

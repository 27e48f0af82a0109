"""The cheat sheet: against closed forms, definitions of two libraries, and the paper."""

import ast
import math
import re

import pytest

from lab import theory
from latido.rules import RULES
from pairs import cheat_sheet


@pytest.fixture(scope="module")
def table():
    table = cheat_sheet.table(RULES)
    return table.set_index(table["activación"] + " + " + table["inicializador"])


@pytest.mark.parametrize(
    ("pair", "forward", "backward"),
    [
        (("relu", "he_normal"), 1.0, 1.0),
        (("relu", "glorot_uniform"), math.sqrt(1 / 2), math.sqrt(1 / 2)),
        (("leaky_relu", "he_normal"), math.sqrt(1 + 0.2**2), math.sqrt(1 + 0.2**2)),
    ],
)
def test_factors_of_activations_that_are_two_straight_lines(pair, forward, backward):
    assert cheat_sheet.factors(*pair) == pytest.approx((forward, backward), rel=1e-6)


def test_factor_of_the_sigmoid_is_no_more_than_its_slope():
    forward, backward = cheat_sheet.factors("sigmoid", "glorot_uniform")
    assert forward == pytest.approx(1, abs=0.01) and 0.2 < backward < 0.25


def test_tanh_loses_what_a_power_law_loses():
    # q falls like 1/(2 l), so that h of layer 20 is some √(1/20) of what layer 1 has.
    forward, _ = cheat_sheet.factors("tanh", "glorot_uniform")
    assert forward**19 == pytest.approx(math.sqrt(1 / 20), rel=0.25)


def test_depths_are_those_of_closed_forms(table):
    # δ loses √½ a layer: e³ after 6 / ln 2 layers; counted from layer 2 on, the tenth.
    assert table.loc["ReLU + Glorot uniforme", "capas: 6 ξ"] == f"{6 / math.log(2):.1f}"
    assert table.loc["ReLU + Glorot uniforme", "capas: exacto"] == str(
        1 + math.ceil(6 / math.log(2))
    )
    assert table.loc["ReLU + He normal", "capas: exacto"] == "sin límite"
    leaky = 6 / math.log(1.04)
    assert table.loc["Leaky ReLU + He normal", "capas: 6 ξ"] == f"{leaky:.0f}"


def test_healthy_ranges_are_latidos(table):
    assert table.loc["sigmoide + Glorot uniforme", "mira primero"].endswith(
        f"≥ {RULES['contrast'].threshold:g}"
    )
    assert cheat_sheet.healthy("dead_fraction", RULES["dead_fraction"]).endswith(
        f"≤ {round(100 * RULES['dead_fraction'].threshold)} %"
    )
    assert {recipe.rule for recipe in cheat_sheet.RECIPES} <= set(cheat_sheet.LOOK) <= set(RULES)


def codes(table):
    """Return the code of the last column, as a browser copies it."""
    return [
        re.fullmatch(r'<div class="highlight"><pre>(.*)</pre></div>', text)[1].replace(
            "&quot;", '"'
        )
        for text in table.iloc[:, -1]
    ]


def test_the_lines_of_keras_make_the_layers_that_they_promise():
    import keras

    found = []
    for code in codes(cheat_sheet.keras_lines()):
        layer = eval(code, {"Dense": keras.layers.Dense, "n": 3})
        found.append((layer.activation.__name__, layer.kernel_initializer))
    assert [name for name, _ in found] == list(
        dict.fromkeys(r.activation for r in cheat_sheet.RECIPES)
    )
    for (activation, initializer), recipe in zip(found, cheat_sheet.RECIPES, strict=False):
        expected = keras.initializers.get(recipe.initializer)
        assert activation == recipe.activation
        assert initializer.get_config() == expected.get_config()


#: The variance of a weight by PyTorch's documentation of torch.nn.init.
GAINS = {"linear": 1, "relu": math.sqrt(2)}
DOCUMENTED = {
    "kaiming_normal_": lambda n_in, n_out, nonlinearity: (
        (GAINS[nonlinearity] / math.sqrt(n_in)) ** 2
    ),
    "xavier_uniform_": lambda n_in, n_out: math.sqrt(6 / (n_in + n_out)) ** 2 / 3,
}


def test_the_lines_of_pytorch_have_by_their_definitions_the_variance_of_kerass():
    assert {recipe.initializer for recipe in cheat_sheet.RECIPES} <= set(cheat_sheet.TORCH)
    lines = codes(cheat_sheet.torch_lines())
    for initializer, code in zip(cheat_sheet.TORCH, lines, strict=True):
        call = ast.parse(code, mode="eval").body
        options = {option.arg: option.value.value for option in call.keywords}
        variance = DOCUMENTED[call.func.attr](30, 50, **options)
        assert variance == pytest.approx(theory.weight_variance(initializer, 30, 50))


def test_it_prints_on_one_side_of_a4_and_black_on_white(browser, site):
    for scheme in ("light", "dark"):
        tab = browser.new_page(color_scheme=scheme)
        tab.goto(site + "chuleta.html", wait_until="networkidle")
        pages = re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4", prefer_css_page_size=True))
        assert len(pages) == 1
        tab.emulate_media(media="print")
        tab.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        colors = tab.evaluate("""() => [...document.querySelectorAll("#chuleta :is(td, p, pre)")]
            .map(element => getComputedStyle(element).color)""")
        tab.close()
        levels = [max(map(int, re.findall(r"\d+", color)[:3])) for color in colors]
        assert levels and max(levels) < 128


def test_each_line_of_code_has_a_button_that_copies_it(browser, site):
    tab = browser.new_page()
    tab.goto(site + "chuleta.html", wait_until="networkidle")
    counts = tab.evaluate("""() => ["#chuleta td pre", "#chuleta td .copybtn"]
        .map(what => document.querySelectorAll(what).length)""")
    tab.close()
    assert counts[0] == counts[1] > 8

"""What is said in English: by templates, piece by piece, and never half of a sentence."""

import pytest
from matplotlib.figure import Figure

from lab import figures, language
from lab.language import Catalogue

CATALOGUE = Catalogue(
    {
        "capa {}": "layer {}",
        "{} de {} redes": "of {1} networks, {0}",
        "cuadrada": "square",
        "señal z\n(capa 1 = 1)": "signal z\n(layer 1 = 1)",
        "red {}, {}: {} %": "{} network, {}: {}%",
        "Las redes, una a una: {}.": "The networks, one by one: {}.",
        " ¿Querías decir «{}»?": " Did you mean “{}”?",
        "«{}» no existe.{}": "“{}” does not exist.{}",
        "el {name}": "the {name}",
        'En <a href="x">la página</a> hay {}.': 'There is {} on <a href="x">the page</a>.',
    },
    {"tanh"},
)


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        ("capa 20", "layer 20"),
        ("3 de 5 redes", "of 5 networks, 3"),
        ("Cuadrada", "Square"),
        ("señal z\n(capa 1 = 1)", "signal z\n(layer 1 = 1)"),
        ("tanh y ReLU", "tanh and ReLU"),
        ("tanh · capa 1", "tanh · layer 1"),
        ("float32 + HeNormal", "float32 + HeNormal"),
        ("94\N{NO-BREAK SPACE}%", "94%"),
        ("17\N{NO-BREAK SPACE}168", "17,168"),
        ("1.2\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁻⁵", "1.2 × 10⁻⁵"),
        (
            "Las redes, una a una: red cuadrada, tanh: 94 %; red cuadrada, capa 2: 3 %.",
            "The networks, one by one: square network, tanh: 94%; square network, layer 2: 3%.",
        ),
        # What a reader has typed stays as it is.
        (
            "«lo que sea» no existe. ¿Querías decir «capa»?",
            "“lo que sea” does not exist. Did you mean “capa”?",
        ),
        ("el cuadrada", "the square"),
    ],
)
def test_a_text_is_said_by_its_template(spanish, english):
    assert CATALOGUE.english(spanish) == (english, ())


@pytest.mark.parametrize("text", ["una frase", "una frase y otra", "tanh, una frase larga"])
def test_what_has_no_english_stays_spanish_and_is_named(text):
    said = CATALOGUE.english(text)
    assert said.text == text
    assert said.lacking


def test_html_is_said_text_by_text_and_a_sentence_with_its_links():
    source = (
        '<style>td{content: "capa 1"}</style><table aria-label="capa 3"><tr><td>capa 1</td>'
        '<td>1 &lt; 2</td></tr></table><p>En <a href="x">la página</a> hay capa 2.</p>'
    )
    said = CATALOGUE.english_html(source)
    assert said.lacking == ()
    assert said.text == (
        '<style>td{content: "capa 1"}</style><table aria-label="layer 3"><tr><td>layer 1</td>'
        '<td>1 &lt; 2</td></tr></table><p>There is layer 2 on <a href="x">the page</a>.</p>'
    )


def test_the_strings_of_a_cell_go_before_and_a_forgotten_sentence_is_found():
    more = CATALOGUE.with_pairs(
        {"capa {}": "floor {}", "red": "red", "sin traducir": "sin traducir"}
    )
    assert more.english("capa 2").text == "floor 2"
    assert more.english("red") == ("red", ())
    assert more.english("sin traducir").lacking


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({"LAB_LANG": "en", "LANG": "es_ES.UTF-8"}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LC_ALL": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_says_which_language(monkeypatch, environment, spoken):
    for name in language.ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language.language() == spoken
    assert language.language("es") == "es"


def test_a_figure_is_drawn_once_and_shown_in_both_languages():
    figure, axes = figures.subplots(size=(3, 2))
    ax = axes[0, 0]
    ax.plot([1, 2], [1, 2], label="tanh")
    figures.layer_axis(ax, 20)
    ax.set_xticks([1, 2], ["capa", "azar"])
    figures.describe(figure, "Capa")
    spanish = figures.to_svg(figure)
    english = figures.to_english_svg(figure)
    assert 'aria-label="Capa"' in spanish
    assert 'aria-label="Layer"' in english
    assert {">layer<" in english, ">chance<" in english} == {True}
    assert ">capa<" not in english
    assert figures.to_svg(figure).count(">capa<") == spanish.count(">capa<") > 0
    assert isinstance(figure, Figure)


def test_a_figure_says_what_of_it_has_no_english():
    figure, axes = figures.subplots(size=(3, 2))
    axes[0, 0].set_title("un título sin traducir")
    figures.describe(figure, "Capa")
    assert "un título sin traducir" in figures.to_english_svg(figure).rpartition("<!--")[2]

"""What a link of the laboratory holds, what a command says, and the names of both."""

import shlex

import pytest
from node import ask

import gradient_flow
import training_grid
from lab import catalog, cli, figures

STANDARD = {
    "activation": "relu",
    "initializer": "glorot_uniform",
    "depth": 20,
    "width": 128,
    "bias": 0,
    "seed": 0,
    "optimizer": "sgd",
    "rate": 0.001,
    "epochs": 20,
}


@pytest.fixture(scope="module")
def follow(tmp_path_factory):
    """Return what follows one link."""
    folder = tmp_path_factory.mktemp("links")
    return lambda link: ask("settings.mjs", [link], folder)["links"][0]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return ask("settings.mjs", [], tmp_path_factory.mktemp("told"))


def test_without_a_link_the_network_is_the_canonical_one(follow):
    found = follow("")
    assert found["settings"].items() >= STANDARD.items()
    assert found["notes"] == [] and found["link"] == "" and len(found["networks"]) == 1


def test_a_link_holds_every_setting(follow):
    link = (
        "#activation=tanh&initializer=sigma_w&sigma_w=1.5&depth=7&width=64&bias=-0.3&seed=12"
        "&optimizer=adam&rate=0.003&epochs=5&versus=rate&other=0.1"
    )
    found = follow(link)
    assert found["notes"] == [] and found["link"] == link
    one, other = found["networks"]
    assert one["initializer"] == "random_normal:0.1875"  # 1.5 / √64
    assert other == one | {"rate": 0.1}


@pytest.mark.parametrize(
    ("link", "name", "value", "words"),
    [
        ("#depth=200", "depth", 60, ("capas ocultas «200»", "60")),
        ("#depth=0", "depth", 1, ("capas ocultas «0»", "1")),
        ("#depth=7.4", "depth", 7, ("«7.4»", "7")),
        ("#width=100", "width", 104, ("anchura «100»", "104")),
        ("#width=muchas", "width", 128, ("«muchas»", "128")),
        ("#rate=-1", "rate", 1e-5, ("«-1»", "0.00001")),
        ("#rate=1e400", "rate", 1, ("«1e400»", "1")),
        ("#bias=", "bias", 0, ("«»", "0")),
        ("#activation=rellu", "activation", "relu", ("«rellu»", "ReLU")),
        ("#initializer=He_Normal", "initializer", "he_normal", ("«He_Normal»", "He normal")),
        ("#versus=deph", "versus", "depth", ("segunda red «deph»", "capas ocultas")),
        ("#versus=depth&other=99", "other", 60, ("«99»", "60")),
    ],
)
def test_a_bad_setting_becomes_the_nearest_and_a_line_says_so(follow, link, name, value, words):
    found = follow(link)
    assert found["settings"][name] == value
    (note,) = found["notes"]
    assert all(word in note for word in words), note
    assert follow(found["link"])["notes"] == []


def test_a_name_that_does_not_exist_is_said(follow):
    found = follow("#dept=3")
    assert found["settings"]["depth"] == 20
    assert found["notes"] == ["El enlace trae «dept», que no existe; ¿querías decir «depth»?"]


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("Depth", "depth"),
        ("dpeth", None),  # two of five letters
        ("activacion", "activation"),
        ("initialiser", "initializer"),
        ("utm_source", None),
        ("x", None),
        ("constructor", None),
        ("__proto__", None),
    ],
)
def test_another_name_is_proposed_if_it_is_near(follow, key, near):
    (note,) = follow(f"#{key}=3")["notes"]
    end = f"; ¿querías decir «{near}»?" if near else "."
    assert note == f"El enlace trae «{key}», que no existe{end}"


# Both are trained as long.
@pytest.mark.parametrize("versus", [*sorted(STANDARD.keys() - {"epochs"}), "sigma_w"])
def test_the_second_network_differs_in_one_thing(follow, versus):
    one, other = follow(f"#versus={versus}")["networks"]
    names = {"versus", "other", "chosen"}
    differ = {name for name in one if one[name] != other[name]} - names
    assert differ == ({"sigma_w", "initializer"} if versus == "sigma_w" else {versus})


def test_a_command_takes_the_options_of_the_page(follow):
    link = "#activation=elu&depth=7&width=64&seed=12&optimizer=adam&rate=0.003&epochs=5"
    found = follow(f"{link}&versus=initializer&other=orthogonal")
    for snippet, orders in zip((gradient_flow, training_grid), found["orders"], strict=True):
        parser = cli.make_parser(snippet.measure, "")
        for order, initializer in zip(orders, ("glorot_uniform", "orthogonal"), strict=True):
            python, file, *options = shlex.split(order)
            assert (python, file) == ("python", f"snippets/{snippet.__name__}.py")
            given = vars(parser.parse_args(options))
            wanted = {
                "activations": ["elu"],
                "initializers": [initializer],
                "depth": 7,
                "width": 64,
                "seeds": 1,
                "first_seed": 12,
            }
            if snippet is training_grid:
                wanted |= {"optimizer": "adam", "learning_rate": 0.003, "epochs": 5}
            assert given.items() >= wanted.items()


def test_names_labels_and_colours_are_those_of_the_book(told):
    settings, labels = told["SETTINGS"], told["values"]
    assert set(settings["activation"]["values"]) == set(catalog.ACTIVATIONS)
    names = {*settings["initializer"]["values"], "random_normal"} - {"sigma_w"}
    assert names == set(catalog.INITIALIZERS)
    assert labels.items() >= catalog.ACTIVATIONS.items()
    for name in names - {"random_normal"}:
        assert labels[name].startswith(catalog.INITIALIZERS[name].label)
    colors = {
        name: color.replace("var(--lab-blue, #0072b2)", "#0072b2")
        for name, color in told["COLORS"].items()
    }
    assert colors == figures.COLORS

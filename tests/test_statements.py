"""Every verdict of the book, on its seeds and on others; and what makes a verdict.

Other seeds take a minute: they are measured where the code has changed since everything was
measured twenty times (``python snippets/verdicts/judge_all.py --repeat 20``), and always where
Python or a package is another one.
"""

import json
import re
import tomllib
from dataclasses import replace
from math import inf

import pandas as pd
import pytest
from conftest import HTML, ROOT, missing

from verdicts import effects, judge, judge_all
from verdicts.rules import FAILS, HOLDS, UNDECIDED, VERDICTS, Interval, Rule
from verdicts.statement import CHAPTERS, RELU, STATEMENTS, Statement, pair

FIRST_SEED = judge_all.APART
REPEATED = pd.read_csv(
    ROOT / "snippets" / "verdicts" / "repeated.csv", index_col="id", dtype={"código": str}
)

# The parts of the experiments that the statements speak of, so that they take about a minute;
# whatever is not listed runs as in the book.
CANONICAL = {"activations": ("sigmoid", "tanh", "relu")}
GRID = {**CANONICAL, "seeds": 4}
PARTS = {
    "before_after": GRID,
    "xor_without_activations": {"networks": ("linear:20", "relu:1")},
    "dead_units": {"causes": ("0.001", "0.1"), "seeds": 3},
    "depth_sweep": {
        "activations": ("sigmoid", "relu"),
        "initializers": ("glorot_uniform", "random_normal:0.2"),
        "depths": (1, 50),
    },
    "frozen_layers": {"activations": ("sigmoid",)},
    "gradient_flow": CANONICAL,
    "weight_size": {"sigmas": (0.01, 0.09, 1.0)},
    "layer_width": {"widths": (128,)},
    "jacobian_product": {"depths": (50,)},
    "spread_of_networks": {"widths": (16, 128), "seeds": 192},
    "path_slopes": {"activations": ("relu",)},
    "share_let_through": CANONICAL,
    "scaled_weights": {"seeds": 2},
    "sigma_sweep": {"sigmas": (0.125, 0.7)},
    "trainable_depth": {"activations": ("relu",), "depths": (4, 20)},
    "training_grid": GRID,
    "xavier_directions": {"rules": ("glorot",)},
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Return what gives the data of an experiment, measured once."""
    known = {}

    def data(name):
        if name not in known:
            with pytest.MonkeyPatch.context() as patch:
                # Experiments that contain others find them there.
                patch.setenv("LAB_STORE", str(tmp_path_factory.getbasetemp() / "store"))
                known[name] = judge_all.run(name, FIRST_SEED, **PARTS.get(name, {}))
        return known[name]

    return data


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.id)
def test_verdict_on_other_seeds(statement, measured):
    if REPEATED.loc[statement.id, "código"] == judge_all.code(statement):
        return  # twenty repetitions say it, below
    found = judge.judge(statement, measured(statement.experiment))
    assert found.verdict == statement.expected, (
        f"{statement.id} («{statement.text}»): {judge.effect_in_words(found)}; "
        f"{judge.rule_in_words(statement)}"
    )


def test_verdicts_hold_whatever_the_base_seed():
    assert list(REPEATED["afirmación"].items()) == [(s.id, s.text) for s in STATEMENTS]
    for statement in STATEMENTS:
        row = REPEATED.loc[statement.id]
        # All of the repetitions, and no other verdict.
        assert row[statement.expected] == row[list(VERDICTS)].sum() == 20, statement.id


def test_page_has_the_verdicts_that_the_book_tells():
    page = HTML / "veredictos.json"
    if not page.exists():
        missing("el libro no está construido: make html")
    rows = json.loads(page.read_text())
    assert [(row["id"], row["verdict"]) for row in rows] == [(s.id, s.expected) for s in STATEMENTS]


@pytest.mark.parametrize(
    "change",
    [
        {"experiment": "weight_size"},
        {"statistic": "accuracy_gain"},
        {"of": {"better": 1.41, "worse": 2.0}},
        {"rule": Rule(holds=(0.3, inf))},
    ],
)
def test_code_changes_with_what_decides_a_verdict(change):
    statement = STATEMENTS[0]
    assert judge_all.code(replace(statement, **change)) != judge_all.code(statement)
    assert judge_all.code(replace(statement, text="Otra.", id="s1-1c")) == judge_all.code(statement)


def test_statements_cover_the_slides():
    slides = tomllib.loads((ROOT / "book" / "slides.toml").read_text())["slide"]
    lines = {line["id"]: slide["id"] for slide in slides for line in slide["lines"]}
    assert {statement.slide for statement in STATEMENTS} == {slide["id"] for slide in slides}
    for statement in STATEMENTS:
        assert lines[re.match(r"s\d+-\d+", statement.id)[0]] == statement.slide


def test_each_chapter_exists_and_shows_its_verdicts():
    pages = {path.stem: path.read_text() for path in (ROOT / "book").glob("[01]*.md")}
    assert set(CHAPTERS) == set(pages)
    for chapter, text in pages.items():
        assert f'judge.show("{chapter}"' in re.sub(r"\(\s+", "(", text), chapter


def test_no_statement_expects_indecision():
    # Such a row would pass for tested whatever it measured.
    assert UNDECIDED not in {statement.expected for statement in STATEMENTS}


# --- bad input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"experiment": "dept_sweep"}, "el experimento «dept_sweep» no existe.*depth_sweep"),
        ({"statistic": "accurcy"}, "la estadística «accurcy» no existe.*accuracy"),
        ({"chapter": "03"}, "el capítulo «03» no existe.*03-gradientes"),
        ({"slide": "S16"}, "«S16» no es S1 … S15"),
    ],
)
def test_a_statement_about_nothing(change, words):
    statement = replace(STATEMENTS[0], **change)
    with pytest.raises(ValueError, match=f"afirmación «s1-1»: .*{words}") as caught:
        judge.check([statement], judge_all.EXPERIMENTS, CHAPTERS)
    assert "\n" not in str(caught.value)


def test_an_id_twice():
    with pytest.raises(ValueError, match="«s1-1»: el identificador está repetido"):
        judge.check(STATEMENTS[:1] * 2, judge_all.EXPERIMENTS, CHAPTERS)


def test_a_chapter_that_lacks_data():
    lacking = r"«08-he» les falta: share_let_through, spread_of_networks"
    with pytest.raises(ValueError, match=lacking):
        judge.show("08-he", gradient_flow=None)


# --- from effects to words ------------------------------------------------------------------


def make(statistic, rule, **of):
    """Return a statement of which only the arithmetic counts."""
    texts = ("s1-1", "Texto.", "S1", "01-introduccion", "algo", "training_grid")
    return Statement(*texts, statistic, rule, HOLDS, "Porque sí.", of)


def grid_of(*accuracies):
    """Return a table as training_grid's, one seed per accuracy, of the pair ReLU and Glorot."""
    rows = [
        {**RELU, "seed": seed, "epoch": epoch, "train_loss": 1.0, "test_accuracy": value}
        for seed, value in enumerate(accuracies)
        for epoch in (0, 1)
    ]
    return pd.DataFrame(rows)


def test_an_interval_that_straddles_is_no_yes():
    sure, unsure = grid_of(0.9, 0.91, 0.92), grid_of(0.8, 0.9, 0.95)
    statement = make("accuracy", Rule(holds=(0.85, inf)), **RELU)
    assert judge.judge(statement, sure).verdict == HOLDS
    assert judge.judge(statement, unsure).verdict == UNDECIDED


def test_a_network_that_diverged_gets_nothing_right():
    assert effects.accuracy(grid_of(0.5, float("nan")), **RELU).tolist() == [0.5, 0.0]


def test_one_seed_gives_no_verdict():
    with pytest.raises(ValueError, match="afirmación «s1-1»: hacen falta dos"):
        judge.judge(make("accuracy", Rule(), **RELU), grid_of(0.9))


def test_journeys_follow_the_signal():
    flow = pd.DataFrame({"seed": 0, "layer": [1, 2, 3], "delta_rms": [2.0, 4.0, 8.0]})
    assert effects.journey(flow, "delta_rms").tolist() == [4.0]
    assert effects.journey(flow, "delta_rms", back=True).tolist() == [0.25]


def test_gains_are_paired_by_seed():
    one = grid_of(0.9, 0.5)
    other = grid_of(0.8, 0.4).assign(**pair("tanh", "glorot_uniform"))
    both = pd.concat([one, other.iloc[::-1]])  # whatever the order of the rows
    gain = effects.accuracy_gain(both, RELU, pair("tanh", "glorot_uniform"))
    assert gain.tolist() == pytest.approx([0.1, 0.1])


def test_steadiness_counts_the_epochs_in_which_the_loss_rises():
    steady = pd.DataFrame({"seed": 0, "train_loss": [2.0, 1.0, 0.5, 0.4], **RELU})
    restless = steady.assign(train_loss=[2.0, 1.0, 1.5, 1.6], activation="tanh")
    both = pd.concat([steady, restless])
    gain = effects.steadiness_gain(both, RELU, {**RELU, "activation": "tanh"})
    assert gain.tolist() == pytest.approx([2 / 3])


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
    assert judge.number(value, unit) == words


def test_effect_and_rule_in_words():
    statement = make("accuracy", Rule(holds=(0.85, inf), nuanced=(0.5, 0.85)))
    found = judge.Judgement(statement, Interval(0.9, 0.88, 0.92), 5, None, HOLDS)
    assert judge.effect_in_words(found) == "90 [88, 92]\xa0%"
    other = replace(found, effect=Interval(0.9, 0.883, 0.92))
    assert judge.effect_in_words(other) == "90.0 [88.3, 92.0]\xa0%"
    assert judge.rule_in_words(statement) == (
        "se cumple: 85\xa0% o más; con matices: de 50 a 85\xa0%"
    )


def test_table_escapes_and_names_its_header_cells():
    statement = replace(make("accuracy", Rule()), text="a < b")
    found = judge.Judgement(statement, Interval(0.9, 0.9, 0.9), 5, None, FAILS)
    html = judge.Table([found], complete=True)._repr_html_()
    assert "a &lt; b" in html and '<th scope="row">' in html and '<th scope="col">' in html
    assert 'href="01-introduccion.html#s1-1"' in html

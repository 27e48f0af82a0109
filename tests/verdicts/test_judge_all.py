"""Every verdict of the book, on its seeds and on others.

Other seeds take a minute: they are measured where the code has changed since everything was
measured twenty times (``python snippets/verdicts/judge_all.py --repeat 20``), and always where
Python or a package is another one.
"""

import json
import re
import shutil
from dataclasses import replace
from math import inf

import pandas as pd
import pytest
from conftest import HTML, ROOT, missing

from lab.provenance import definition_digest
from verdicts import effects, judge_all, page
from verdicts.judge import Judgement, judge
from verdicts.judge_all import STATEMENTS
from verdicts.rules import FAILS, HOLDS, UNDECIDED, VERDICTS, Interval, Rule

FIRST_SEED = judge_all.APART
MODULES = {module.__name__: module for module in judge_all.EXPERIMENTS}
REPEATED = pd.read_csv(
    ROOT / "snippets" / "verdicts" / "repeated.csv", index_col="id", dtype={"código": str}
)

# The parts of the experiments that the statements speak of, so that they take about a minute;
# whatever is not listed runs as in the book.
CANONICAL = {"activations": ("sigmoid", "tanh", "relu")}
GRID = {**CANONICAL, "seeds": 4}
PARTS = {
    "before_after": GRID,
    "activations.xor_without_activations": {"networks": ("linear:20", "relu:1")},
    "activations.dead_units": {"causes": ("0.001", "0.1")},
    "depth_sweep": {
        "activations": ("sigmoid", "relu"),
        "initializers": ("glorot_uniform", "random_normal:0.2"),
        "depths": (1, 50),
    },
    "signals.frozen_layers": {"activations": ("sigmoid",)},
    "clinic.patients": {"patients": ("C", "E"), "seeds": 3, "epochs": 0},
    "gradient_flow": CANONICAL,
    "initializers.weight_size": {"sigmas": (0.01, 0.09, 1.0)},
    "initializers.layer_width": {"widths": (128,)},
    "signals.jacobian_product": {"depths": (50,)},
    "initializers.spread_of_networks": {"widths": (16, 128), "seeds": 192},
    "activations.path_slopes": {"activations": ("relu",)},
    "initializers.share_let_through": CANONICAL,
    "scaled_weights": {"seeds": 2},
    "pairs.learning_rates": {
        "activations": ("relu", "leaky_relu"),
        "optimizers": ("sgd",),
        "rates": (0.001, 0.003162, 0.01),
    },
    "pairs.sigma_sweep": {"sigmas": (0.125, 0.7)},
    "trainable_depth": {"activations": ("relu",), "depths": (4, 20)},
    "training_grid": GRID,
    "initializers.xavier_directions": {"rules": ("glorot",)},
    "transformer.attention_rank": {"kinds": ("attention",)},
    "transformer.first_aid": {"aids": ("none", "warmup"), "optimizers": ("adam",)},
    "transformer.gates": {"gates": ("swiglu",), "starts": (0.5,)},
    "transformer.layer_norm": {"sizes": (0.01,)},
    "transformer.norm_place": {"depths": (2, 48)},
    "transformer.residual_growth": {"kinds": ("scaled",)},
    "width.coordinate_check": {"optimizers": ("adam",), "steps": 1},
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Return what gives the data of an experiment, measured once."""
    known = {}

    def data(module):
        if module not in known:
            with pytest.MonkeyPatch.context() as patch:
                # Experiments that contain others find them there.
                patch.setenv("LAB_STORE", str(tmp_path_factory.getbasetemp() / "store"))
                options = PARTS.get(module.__name__, {})
                known[module] = module.measure(**options, **judge_all.options(module, FIRST_SEED))
        return known[module]

    return data


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.id)
def test_verdict_on_other_seeds(statement, measured):
    if REPEATED.loc[statement.id, "código"] == judge_all.code(statement):
        return  # twenty repetitions say it, below
    module = MODULES[statement.experiment]
    found = judge(statement, module, measured(module))
    assert found.verdict == statement.expected, (
        f"{statement.id} («{statement.text}»): {page.effect_in_words(found)}; "
        f"{page.rule_in_words(statement)}"
    )


def test_verdicts_hold_whatever_the_base_seed():
    assert list(REPEATED["afirmación"].items()) == [(s.id, s.text) for s in STATEMENTS]
    page_text = (ROOT / "book" / "veredictos.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"quedado indecisos una vez de las veinte, (\S+) y (\S+)\.", page_text)
    for statement in STATEMENTS:
        row = REPEATED.loc[statement.id]
        # All of the repetitions, and no other verdict; the page names what it owes to its readers.
        undecided = int(statement.id in named)
        assert row[statement.expected] == 20 - undecided, statement.id
        assert row[UNDECIDED] == undecided and row[list(VERDICTS)].sum() == 20, statement.id


def test_page_has_the_verdicts_that_the_book_tells():
    file = HTML / "veredictos.json"
    if not file.exists():
        missing("el libro no está construido: make html")
    rows = json.loads(file.read_text())
    assert [(row["id"], row["verdict"]) for row in rows] == [(s.id, s.expected) for s in STATEMENTS]


def test_the_decks_and_our_own_are_counted_apart():
    def found(deck, verdict):
        statement = replace(STATEMENTS[1], deck=deck)  # theory predicts its effect
        return 0, Judgement(statement, Interval(1, 1, 1), 5, 1.0, verdict)

    counts = judge_all.summary(
        [found("sí", HOLDS), found("sí", HOLDS), found("sí", FAILS), found(None, FAILS)]
    )
    assert (counts["deck"], counts["deck_holds"], counts["deck_fails"]) == (3, 2, 1)
    assert (counts["own"], counts["own_holds"], counts["own_fails"]) == (1, 0, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"experiment": "initializers.weight_size"},
        {"effect": effects.accuracy_gain},
        {"of": {"better": 1.41, "worse": 2.0}},
        {"rule": Rule(holds=(0.3, inf))},
    ],
)
def test_code_changes_with_what_decides_a_verdict(change):
    statement = STATEMENTS[0]
    assert judge_all.code(replace(statement, **change)) != judge_all.code(statement)
    assert judge_all.code(replace(statement, text="Otra.", id="s1-1c")) == judge_all.code(statement)


@pytest.mark.parametrize(
    ("file", "old", "new", "decides"),
    [
        (
            *("verdicts/effects", 'direction == "backward", shape'),
            *('direction != "backward", shape', True),
        ),
        ("verdicts/effects", '@statistic("×")\ndef way', '@statistic("número")\ndef way', True),
        ("verdicts/effects", "ratio=self.ratio", "ratio=False", True),
        ("verdicts/rules", "half_width(values)", "half_width(values) / 2", True),
        ("lab/stats", "0.975", "0.995", True),
        ("verdicts/effects", "return forward[-1] if", "return 2 * forward[-1] if", False),  # theory
        (
            "verdicts/effects",
            "return over(select(flow, **pair)",
            "return 2 * over(select(flow, **pair)",
            False,
        ),
    ],
)
def test_digest_of_an_effect_covers_its_interval_and_not_its_theory(
    tmp_path, file, old, new, decides
):
    for folder in ("verdicts", "lab"):
        shutil.copytree(ROOT / "snippets" / folder, tmp_path / folder)
    before = definition_digest("verdicts.effects.way", tmp_path)
    copy = tmp_path / f"{file}.py"
    text = copy.read_text()
    assert text.count(old) == 1
    copy.write_text(text.replace(old, new))
    assert (definition_digest("verdicts.effects.way", tmp_path) != before) == decides

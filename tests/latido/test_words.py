"""All that latido says it says in Spanish and in English, as whoever asks wants it."""

import ast
import copy
import json
import logging
import pickle
import re

import keras
import numpy as np
import pytest
from languages import SPANISH, assert_in_both, foreign, made, places, templates, trees
from networks import DIGITS, compiled

from lab import model
from latido import SignalMonitor, command, examine, judge
from latido.batch import checked
from latido.changes import Advice, Change
from latido.english import ENGLISH
from latido.report import Finding, Report
from latido.rules import FINDINGS, RULES
from latido.words import ENVIRONMENT, Text, language, refusing_in

# --- the catalogue --------------------------------------------------------------------------


def test_every_template_is_there_in_english_and_none_is_left_over():
    there = templates()
    worded = {template for template in there if re.sub(r"\{[^}]*\}|\W", "", template)}
    assert worded <= set(ENGLISH) <= there


@pytest.mark.parametrize("template", ENGLISH)
def test_both_have_the_same_places_and_code(template):
    english = ENGLISH[template]
    assert places(english) == places(template)
    assert re.findall("`[^`]*`", english) == re.findall("`[^`]*`", template)
    assert set(english) & set("«»¿áéíóúñ") == set() and english != template


def test_what_a_text_is_made_of_fills_its_places():
    always = {"head", "function", "loss", "labels", "low", "high"}  # of Pairing.says
    for name, tree in trees():
        for call in made(tree):
            first = call.args[0]
            known = isinstance(first, ast.Constant) and all(k.arg for k in call.keywords)
            if not known or (name == "arguments.py" and not call.keywords):
                continue  # what argparse says fills those that it has no values for
            given = {keyword.arg for keyword in call.keywords}
            given |= always if getattr(call.func, "attr", "") == "says" else set()
            wanted = {place for place, _, _ in places(first.value)}
            assert wanted <= given, (name, first.value)
            assert given - always <= wanted, (name, first.value)


def test_nothing_is_said_past_the_catalogue():
    """No string of the code is Spanish, but for templates; (the code and its notes are English)."""
    for name, tree in trees():
        if name in ("english.py", "flow.py"):  # flow names operations, which the observer says
            continue
        told = {id(part) for call in made(tree) for part in ast.walk(call.args[0])}
        notes = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                # graph.py lists names of operations: "le __le__ less_equal"
                worded = " " in node.value and name != "graph.py"
                spanish = foreign(node.value, "en") if worded else set()
                spanish |= set(node.value) & set("«»¿áéíóúñ")
                assert id(node) in told | notes or not spanish, (name, node.value)


# --- a text ---------------------------------------------------------------------------------


def test_a_text_reads_as_spanish_until_it_is_asked_into_another():
    inner = Text("{count} filas", count=3)
    text = Advice("{name} tiene valores no finitos en {rows}: {which}", Change("data", "x = 1"))
    text = Advice(
        text.template, *text.changes, name="x", rows=inner, which="{7}, {8}"
    )  # braces in a value are no places
    assert text == "x tiene valores no finitos en 3 filas: {7}, {8}"
    english = text.into("en")
    assert english == "x has non-finite values in 3 rows: {7}, {8}"
    assert (english.lang, english.changes) == ("en", text.changes) and isinstance(english, Advice)
    assert english.into("es") == text and text.into("es") is text
    for same in (copy.deepcopy(english), pickle.loads(pickle.dumps(english))):
        assert (same, same.changes, same.into("es")) == (english, text.changes, text)


def test_a_template_that_is_in_no_catalogue_is_said_as_it_is():
    assert Text("tf.{name!c}", name="cast").into("en") == "tf.Cast"
    assert Text("100 {%}").into("en") == "100 {%}"


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "es"}, "es"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "et_EE.UTF-8"}, "en"),
        ({"LANG": "estonian"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": ""}, "en"),
        ({}, "en"),
        ({"LC_MESSAGES": "es_AR", "LANG": "en_US"}, "es"),
        ({"LC_ALL": "C", "LC_MESSAGES": "es_AR"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "es_AR"}, "es"),
        ({"LATIDO_LANG": "es", "LC_ALL": "C"}, "es"),
        ({"LATIDO_LANG": "en", "LC_ALL": "es_ES"}, "en"),
    ],
)
def test_the_language_is_the_environment_s(monkeypatch, environment, lang):
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language() == lang == Report((), ()).lang
    assert {language("es"), language("en")} == {"es", "en"}  # whoever asks is answered


def test_windows_says_its_language_otherwise(monkeypatch):
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("latido.words.os.name", "nt")
    for told, lang in (("Spanish_Mexico", "es"), ("English_Ireland", "en"), (None, "en")):
        monkeypatch.setattr("latido.words.locale.getlocale", lambda told=told: (told, "1252"))
        assert language() == lang


@pytest.mark.parametrize("asked", ["fr", "", "ES", "es_ES", 3, ["en"]])
def test_another_language_is_refused_in_one_line(asked):
    x, y = DIGITS
    for door in (
        lambda: examine(compiled(model.mlp("relu", depth=1, width=4)), x, y, lang=asked),
        lambda: SignalMonitor(x, y, lang=asked),
        lambda: Report((), (), lang=asked),
        lambda: Report((), ()).into(asked),
    ):
        with pytest.raises(ValueError, match="los idiomas son: es, en") as refused:
            door()
        assert "\n" not in str(refused.value)


# --- through the doors ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sick():
    return compiled(model.mlp("sigmoid", depth=6, width=16))


def test_examine_speaks_the_language_that_is_asked_for(sick):
    report = examine(sick, *DIGITS, lang="en")
    (first, *_) = report.findings
    assert first.level == first.state == "will fail" and report.alarms
    assert first.advice.startswith("There are 6 hidden layers with sigmoid (")
    headings = ["symptom", "state", "failure", "layer", "step", "value", "threshold", "advice"]
    assert list(report.table().columns) == headings
    assert report.table()["symptom"][0] == "vanishing signal"
    assert re.fullmatch(r"(> )?\d+%", report.table()["failure"][0])
    assert json.loads(report.to_json())["findings"][0]["level"] == "will fail"


def test_what_was_found_in_one_language_is_shown_in_the_other(sick):
    spanish = examine(sick, *DIGITS, trial=5, thresholds={"contrast": 0.9}, lang="es")
    english = spanish.into("en")
    assert spanish.lang == "es" and english.lang == "en"
    assert english.into("es").to_json() == spanish.to_json() != english.to_json()
    assert command.text_of(english.into("es"), "m") == command.text_of(spanish, "m")
    assert len(english.alarms) == len(spanish.alarms) and not english.healthy
    changes = [[f.advice.changes for f in report.findings] for report in (spanish, english)]
    assert changes[0] == changes[1]
    assert_in_both(spanish)
    for report in (spanish, english):
        assert f'<html lang="{report.lang}">' in command.page(report, "m")


def test_what_is_gone_is_said_in_the_language_of_the_finding():
    found = Finding("stuck_loss", "a", 0, 1.0, 1.0, Advice("{text}.", text="a"), gone=7)
    assert (found.state, found.into("en").state) == ("pasó en el paso 7", "gone at step 7")


def test_the_names_of_rules_are_there_in_both():
    for text in (*FINDINGS.values(), *(rule.formula for rule in RULES.values())):
        assert foreign(text.into("en"), "en") == foreign(text, "es") == set()


def test_judge_speaks_too(sick):
    (look,) = examine(sick, *DIGITS).snapshots
    assert judge(look, lang="en")[0].level == "will fail"
    with pytest.raises(ValueError, match='there is no rule "x"; those there are: not_finite'):
        judge(look, thresholds={"x": 1}, lang="en")


#: What is given → what is answered.
REFUSED = {
    "numbers": (np.array([[1.0, np.nan], [2, 3]]), [0, 1], "x has non-finite values in 1 row: 0"),
    "texts": (np.ones((2, 2)), ["a", "b"], "y holds texts; labels must be numbers"),
    "lengths": ([[1, 2], [3]], [0, 1], "the samples of x have different lengths; pad them to "),
    "kind": (print, [0, 1], "x is a function or a class; the samples are needed"),
    "dates": (np.zeros((2, 2), "M8[s]"), [0, 1], "x is of type datetime64[s]; real numbers "),
    "generator": (iter(()), None, "x is a generator, which reading uses up"),
    "nobody": (np.ones((1, 2)), [1], "x and y must have the same number of samples, two or more"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_said_in_the_language_asked_for(name):
    x, y, line = REFUSED[name]
    sound = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    for door in (
        lambda lang: examine(sound, x, y, lang=lang),
        lambda lang: SignalMonitor(x, y, lang=lang),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(line)}") as english:
            door("en")
        with pytest.raises(ValueError) as spanish:
            door("es")
        assert foreign(str(english.value), "en") == foreign(str(spanish.value), "es") == set()


def test_an_error_keeps_its_kind_and_where_it_came_from():
    with pytest.raises(ValueError) as refused, refusing_in("en"):
        checked(np.ones((1, 2)), [1])
    assert str(refused.value).startswith("x and y must have")
    assert refused.traceback[-1].path.name == "batch.py"
    with pytest.raises(KeyError, match="7"), refusing_in("en"):
        raise KeyError(7)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_monitor_speaks_one_language(lang, caplog):
    x, y = DIGITS
    network = compiled(model.mlp("sigmoid", depth=6, width=16))
    monitor = SignalMonitor(x, y, lang=lang, stop=True)
    nothing = {"es": "aún no se ha mirado nada", "en": "nothing has been looked at yet"}[lang]
    with pytest.raises(ValueError, match=nothing):
        monitor.draw()
    network.fit(x, y, epochs=2, verbose=0, callbacks=[monitor])
    assert network.stop_training and monitor.report.lang == lang  # an alarm is one in each
    figure = monitor.draw()
    shown = [figure.get_label(), *(ax.get_title() for ax in figure.axes)]
    shown += [ax.get_xlabel() for ax in figure.axes]
    assert foreign(" ".join(shown), lang) == set()
    monitor._observer = None  # whatever fails inside
    with caplog.at_level(logging.WARNING, logger="latido"):
        monitor._silent = False
        monitor.on_train_begin()
        monitor._observer = None
        monitor.on_train_batch_begin(0)
    beginning = {"es": "latido deja de mirar", "en": "latido stops looking"}[lang]
    assert caplog.messages[-1].startswith(beginning)
    assert monitor.report.warnings == tuple(caplog.messages[-1:])


def test_there_are_words_to_find():
    assert {"capas", "pérdida", "pesos", "escribe"} <= SPANISH
    assert foreign("The weights of «pesos» are pesos", "en") == {"pesos"}

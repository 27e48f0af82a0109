"""The plan of a class: its minutes, and that all it names is there."""

import itertools
import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import HTML, ROOT, missing

from lab import cli

sys.path.append(str(ROOT / "book" / "_ext"))

from class_plan import clock, read_plan, timetable
from slides import read_slides

BOOK = ROOT / "book"
SLIDES = read_slides(BOOK / "slides.toml")
PLAN = read_plan(BOOK / "clase.toml", SLIDES)
CHAPTERS = {path.name: path.read_text() for path in sorted(BOOK.glob("[01]*.md"))}


def chapter(step):
    """Return the text of the chapter that answers the question of a slide."""
    (text,) = [text for text in CHAPTERS.values() if f"({step.id.lower()}-q)=" in text]
    return text


def test_every_slide_is_there_once_and_the_minutes_add_up():
    assert [step.id for step in PLAN] == [f"S{n}" for n in range(1, 16)]
    assert sum(step.minutes for step in PLAN) == 120
    assert sum(step.short for step in PLAN) == 45
    assert all(0 <= step.short <= step.minutes for step in PLAN)


@pytest.mark.parametrize("step", PLAN, ids=lambda step: step.id)
def test_figure_and_exercise_are_of_the_chapter_that_answers(step):
    assert f"\n:name: {step.figure}\n" in chapter(step)
    assert f"\n:label: {step.exercise}\n" in chapter(step)


@pytest.mark.parametrize("step", PLAN, ids=lambda step: step.id)
def test_the_command_draws_that_figure(step, monkeypatch):
    file, *arguments = shlex.split(step.command)
    glued = re.search(rf"glue:figure\}} (\w+)\n:name: {step.figure}\n", chapter(step))[1]
    assert re.search(rf'glue\("{glued}", {Path(file).stem}\.draw\(', chapter(step))
    called = []
    monkeypatch.setattr(cli, "main", lambda *given, **more: called.append((given, more)))
    with pytest.raises(SystemExit):
        runpy.run_path(str(ROOT / "snippets" / file), run_name="__main__")
    ((_, measure, draw, _), more) = called[0]
    assert draw.__name__ == "draw"
    parser = cli.make_parser(measure, "", more.get("options"))
    assert parser.parse_args(arguments).outputs == [Path(f"{step.id.lower()}.svg")]


def test_the_clock_runs_with_the_minutes():
    assert [clock(minutes) for minutes in (0, 8, 60, 119, 120)] == [
        *("0:00", "0:08", "1:00", "1:59", "2:00")
    ]
    rows = timetable(PLAN, SLIDES).splitlines()[2:]
    begins = [row.split("|")[1].strip() for row in rows]
    minutes = [int(hours) * 60 + int(rest) for hours, rest in (b.split(":") for b in begins)]
    assert [b - a for a, b in itertools.pairwise(minutes)] == [s.minutes for s in PLAN]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "S2"', 'id = "S3"', "S1, S3, S3.*se esperaban S1, S2"),
        ("minutes = 8\n", 'minutes = "8"\n', "«minutes» no puede ser '8'"),
        ("minutes = 8\n", "", "falta la clave «minutes»"),
        ("ask = ", "pregunta = ", "clave desconocida «pregunta»"),
        ("[[slide]]", "[[slides]]", "se esperaban"),
    ],
)
def test_a_bad_plan_is_named(tmp_path, old, new, message):
    text = (BOOK / "clase.toml").read_text().replace("[[slide]] per", "table per")
    assert old in text
    # The first place alone, but for the name of all tables.
    (tmp_path / "x.toml").write_text(text.replace(old, new, -1 if old == "[[slide]]" else 1))
    with pytest.raises(ValueError, match=message):
        read_plan(tmp_path / "x.toml", SLIDES)


def test_the_page_has_the_timetable_and_a_section_for_each_slide():
    file = HTML / "clase.html"
    page = BeautifulSoup(
        file.read_text() if file.exists() else missing("el libro no está construido: make html"),
        "html.parser",
    )
    *rows, last = page.select("table tbody tr")
    links = [row.a["href"].removeprefix("#") for row in rows]
    assert len(set(links)) == 15
    for step, row, link in zip(PLAN, rows, links, strict=True):
        assert str(step.minutes) in [cell.text.strip() for cell in row("td")]
        section = page.find(id=link)
        assert section.name == "section" and section.h3.text.startswith(f"{step.id} · ")
        assert f"python snippets/{step.command}" in section.pre.text
    assert [cell.text.strip() for cell in last("td")] == ["2:00", "Fin", "", "120", "45"]

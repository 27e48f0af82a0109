"""The page for whoever teaches: what to do with each slide, and at what minute.

``{class-plan} clase.toml slides.toml`` makes a timetable and a section for each slide, from one
[[slide]] of the first file for each slide of the second, in their order. What the files name,
figures, exercises and statements, are references like any others: Sphinx warns of those that
do not exist.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from slides import Slide, check, read_slides
from tongue import say

HEADINGS = ("Reloj", "Diapositiva", "Figura", "Min.", "En 45")


@dataclass(frozen=True)
class Step:
    """What to do with one slide; all texts are MyST.

    Attributes:
        id: of the slide ("S3").
        minutes: in a class of two hours.
        short: in one of 45 minutes; 0 leaves the slide out.
        figure: label of the one figure to show.
        command: what draws it into a file: an experiment, with its arguments.
        ask: what to ask before showing it.
        misconception: what some will believe, and what to answer.
        exercise: label of the one to leave for home.
    """

    id: str
    minutes: int
    short: int
    figure: str
    command: str
    ask: str
    misconception: str
    exercise: str


def read_plan(file: Path, slides: list[Slide]) -> list[Step]:
    """Read a plan from a TOML file.

    Raises:
        ValueError: not TOML; a key that is unknown, missing or of another type; slides that are
            not those of ``slides``, each once and in their order.
        OSError: the file cannot be read.
    """
    content = tomllib.loads(file.read_text("utf-8"))
    tables = enumerate(content.get("slide", []), 1)
    steps = [check(Step, table, f"slide {n}") for n, table in tables]
    found, expected = [step.id for step in steps], [slide.id for slide in slides]
    if found != expected:
        raise ValueError(f"diapositivas {', '.join(found)}; se esperaban {', '.join(expected)}")
    return steps


def clock(minutes: int) -> str:
    """Write the minutes since the class began as hours and minutes."""
    return f"{minutes // 60}:{minutes % 60:02}"


def timetable(steps: list[Step], slides: list[Slide]) -> str:
    """Return the timetable, as a table of Markdown."""
    rows, begin = [map(say, HEADINGS), ["---"] * len(HEADINGS)], 0
    for step, slide in zip(steps, slides, strict=True):
        rows.append(
            (
                clock(begin),
                f"{{ref}}`{step.id} · {slide.title} <{label(step)}>`",
                f"{{numref}}`{step.figure}`",
                step.minutes,
                step.short or "—",
            )
        )
        begin += step.minutes
    rows.append((clock(begin), say("Fin"), "", begin, sum(step.short for step in steps)))
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def advice(step: Step, slide: Slide) -> str:
    """Return what to do with a slide, as Markdown."""
    question = slide.lines[-1]
    return f"""\
*{question.text}* ({{ref}}`{say("la respuesta")} <{question.id}>`)

- **{say("Antes pregunta:")}** {step.ask}
- {say("**Muestra** la")} {{numref}}`{step.figure}`.
- **{say("Saldrá:")}** {step.misconception}
- **{say("Para casa:")}** {{ref}}`{step.exercise}`

```bash
python snippets/{step.command}
```
"""


def label(step: Step) -> str:
    """Return the label of the section of a slide."""
    return f"clase-{step.id.lower()}"


class ClassPlan(SphinxDirective):
    """``{class-plan} clase.toml slides.toml``: the files count from the source folder."""

    required_arguments = 2

    def run(self):
        """Read both files; return the timetable and the sections."""
        plan, deck = (Path(self.env.srcdir, name) for name in self.arguments)
        self.env.note_dependency(plan)
        self.env.note_dependency(deck)
        try:
            slides = read_slides(deck)
            steps = read_plan(plan, slides)
        except (OSError, ValueError) as error:
            raise self.error(f"{plan.name}: {error}") from None
        both = zip(steps, slides, strict=True)
        return [
            *self.parse_text_to_nodes(timetable(steps, slides)),
            *(self.section(step, slide) for step, slide in both),
        ]

    def section(self, step: Step, slide: Slide) -> nodes.section:
        """Return the section of a slide."""
        title = nodes.title(text=f"{step.id} · {slide.title} ({step.minutes} min)")
        section = nodes.section("", title, ids=[label(step)], names=[label(step)])
        self.state.document.note_explicit_target(section, section)
        section += self.parse_text_to_nodes(advice(step, slide))
        return section


def setup(app):
    """Add the directive ``class-plan``."""
    app.add_directive("class-plan", ClassPlan)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

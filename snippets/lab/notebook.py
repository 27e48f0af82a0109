"""Hand figures and measured numbers to the prose of a chapter, and tables to the page.

MyST-NB keeps what is glued out of sight until the page asks for it. Away from the build no
page asks: there a figure is shown where it is glued, and MyST-NB need not be installed.
"""

from collections.abc import Mapping

from IPython.display import display

from lab import figures
from lab.spanish_numbers import percent, scientific, spell
from lab.store import building

figures.use_style()  # whoever hands numbers to a page is one, and shows its figures


def glue(name: str, figure: object) -> None:
    """Make a figure available to the page under `name`; away from the build, show it."""
    if building():
        _glue(name, figure)
    else:
        display(figure)


def glue_all(values: Mapping[str, object], prefix: str = "") -> None:
    """Make each value available to the page under ``prefix`` + its name.

    Prose then takes it with {glue:text}`name:.2f`: no measured number is typed. Each float
    also has three written forms: ``name_sci`` (1.2 × 10⁻⁵), ``name_pct`` (94 %) and
    ``name_pct1`` (93.6 %). Away from the build nothing happens.
    """
    if not building():
        return
    for name, value in values.items():
        # NumPy scalars become Python numbers, whose text a format can read.
        value = value.item() if hasattr(value, "item") else value
        value = Words(value) if isinstance(value, str) else value
        _glue(prefix + name, value)
        if isinstance(value, float):
            for form, words in FORMS.items():
                _glue(f"{prefix}{name}_{form}", Words(words(value)))


def _glue(name: str, value: object) -> None:
    from myst_nb import glue  # only the build needs it

    glue(name, value, display=False)


def show(table):
    """Return a table of a snippet as the page shows it: without row numbers, its numbers spelt."""
    return table.map(lambda cell: spell(cell) if isinstance(cell, str) else cell).style.hide()


class Words(str):
    """Text that is glued without quotation marks."""

    def __repr__(self) -> str:
        """Return the text itself."""
        return str(self)


FORMS = {
    "sci": scientific,
    "pct": percent,
    "pct1": lambda share: percent(share, 1),
}


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

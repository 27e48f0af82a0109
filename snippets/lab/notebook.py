"""Hand measured numbers to the prose of a chapter."""

from collections.abc import Mapping

from myst_nb import glue


def glue_all(values: Mapping[str, object], prefix: str = "") -> None:
    """Make each value available to the page under ``prefix`` + its name.

    Prose then takes it with {glue:text}`name:.2f`: no measured number is typed.
    NumPy scalars become Python numbers, whose text a format can read.
    """
    for name, value in values.items():
        value = value.item() if hasattr(value, "item") else value
        glue(prefix + name, value, display=False)

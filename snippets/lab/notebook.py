"""Hand measured numbers to the prose of a chapter."""

from collections.abc import Mapping

from myst_nb import glue

_SPACE = "\N{NO-BREAK SPACE}"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def glue_all(values: Mapping[str, object], prefix: str = "") -> None:
    """Make each value available to the page under ``prefix`` + its name.

    Prose then takes it with {glue:text}`name:.2f`: no measured number is typed. Each float
    also has three written forms: ``name_sci`` (1.2 × 10⁻⁵), ``name_pct`` (94 %) and
    ``name_pct1`` (93.6 %).
    """
    for name, value in values.items():
        # NumPy scalars become Python numbers, whose text a format can read.
        value = value.item() if hasattr(value, "item") else value
        glue(prefix + name, value, display=False)
        if isinstance(value, float):
            for form, words in FORMS.items():
                glue(f"{prefix}{name}_{form}", Words(words(value)), display=False)


class Words(str):
    """Text that is glued without quotation marks."""

    def __repr__(self) -> str:
        """Return the text itself."""
        return str(self)


def scientific(value: float) -> str:
    """Write 0.000012 as 1.2 × 10⁻⁵, all on one line of the page."""
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    if not exponent:  # infinite, or not a number
        return mantissa
    return f"{mantissa}{_SPACE}×{_SPACE}10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def percent(share: float, decimals: int = 0) -> str:
    """Write 0.936 as 94 %, with the space that Spanish puts there and that does not break."""
    return f"{100 * share:.{decimals}f}{_SPACE}%"


FORMS = {
    "sci": scientific,
    "pct": percent,
    "pct1": lambda share: percent(share, 1),
}

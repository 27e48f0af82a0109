"""Write numbers as Spanish text does: 94 %, 1.2 × 10⁻⁵, −3."""

import re

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# What Python's formats leave in a text, but not what is part of a name: 1.2e-05, 94%, -3
_POWER = re.compile(r"(?<![\w.])(-?[\d.]+)e([+-]\d+)")
_PERCENT = re.compile(r"(?<=\d)%")
_NEGATIVE = re.compile(r"(?<![\w.)-])-(?=\d)")


def scientific(value: float) -> str:
    """Write 0.000012 as 1.2 × 10⁻⁵, all on one line of the page."""
    return spell(f"{value:.1e}")


def percent(share: float, decimals: int = 0) -> str:
    """Write 0.936 as 94 %, with the space that Spanish puts there and that does not break."""
    return spell(f"{share:.{decimals}%}")


def grouped(count: int) -> str:
    """Write 17168 as 17 168; four digits stay together, as Spanish wants."""
    return f"{count:,}".replace(",", SPACE) if count >= 10_000 else f"{count}"


def power(exponent: int) -> str:
    """Write 10⁻³ in plain characters, so that the page's own font draws them."""
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


def spell(text: str) -> str:
    """Rewrite the numbers in a text as if they had not come from a program."""
    text = _POWER.sub(_power, text)
    text = _PERCENT.sub(f"{SPACE}%", text)
    return _NEGATIVE.sub(MINUS, text)


def _power(found):
    mantissa, exponent = found.groups()
    if not float(mantissa):
        return "0"
    return f"{mantissa}{SPACE}×{SPACE}{power(int(exponent))}"


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

"""What to write, and where: advice that can be typed, by a person or by a program."""

from dataclasses import dataclass

from latido.words import Text, chained


@dataclass(frozen=True)
class Change:
    """One line to write.

    Attributes:
        place: where it goes. "layer": in place of the layers, or an argument of them, which keep
            the rest as it is. "after": after each of the layers. "compile": an argument of
            ``compile``, which keeps the others. "data": before ``fit``, where x and y are arrays.
        line: as it is typed, with ``keras`` and its layers imported.
        layers: the names of the layers, if it is about some.
    """

    place: str
    line: str
    layers: tuple[str, ...] = ()


class Advice(Text):
    """What to try.

    Attributes:
        changes: the same for a program; none if no line cures it.
    """

    changes: tuple[Change, ...]

    def __new__(cls, template: str, *changes: Change, **values):
        """Make the text, with its changes."""
        new = super().__new__(cls, template, **values)
        new.changes = changes
        return new


def call(name: str, *positional, **named) -> str:
    """Write a call, without the arguments that are None."""
    parts = [source(value) for value in positional if value is not None]
    parts += [f"{key}={source(value)}" for key, value in named.items() if value is not None]
    return f"{name}({', '.join(parts)})"


def source(value) -> str:
    """Write a value as Python does, text in double quotes."""
    return f'"{value}"' if isinstance(value, str) else repr(value)


def listed(names: tuple[str, ...]) -> Text:
    """Name a few layers; of many, the first two and how many there are."""
    quoted = [Text("«{name}»", name=name) for name in names]
    if len(quoted) > 3:
        more = len(quoted) - 2
        return Text("{a}, {b} y {more} capas más", a=quoted[0], b=quoted[1], more=more)
    return all_of(quoted)


def all_of(parts: list[Text]) -> Text:
    """Write "a", "a and b" or "a, b and c"."""
    *before, last = parts
    return Text("{parts} y {last}", parts=chained(", ", before), last=last) if before else last


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

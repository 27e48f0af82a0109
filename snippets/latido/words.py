"""What latido says, in Spanish and in English.

Every sentence is a ``Text``: a Spanish template with named places, and what goes into them. It
reads as Spanish until somebody asks for it ``into`` another language, from the templates of
``latido.english``. Who asks are the few doors through which a person sees anything: ``examine``,
``SignalMonitor``, a ``Report`` and the command. So no language is kept anywhere but there, and what
was found in one can be shown in the other.
"""

import contextlib
import locale
import os
import re
import string
from collections.abc import Iterable, Iterator
from typing import Any, Self

from latido.english import ENGLISH

LANGUAGES = ("es", "en")
#: What says which language to speak, the first that is set. The one of our own is for those whose
#: computer speaks another language than they want of this tool: the pages of a Spanish book.
ENVIRONMENT = ("LATIDO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(asked: str | None = None) -> str:
    """Return "es" or "en": what is asked for, or else the environment's language.

    Spanish in a Spanish environment; English in any other, also in one that says nothing.

    Raises:
        ValueError: another language is asked for.
    """
    if asked is None:
        told = next(filter(None, map(os.environ.get, ENVIRONMENT)), None)
        if told is None and os.name == "nt":  # Windows knows it otherwise
            told = locale.getlocale()[0]
        return "es" if re.match(r"(es([_.@-]|$)|spanish)", told or "", re.IGNORECASE) else "en"
    if asked not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        refusal = Text("lang vale «{lang}»; los idiomas son: {known}", lang=asked, known=known)
        raise ValueError(refusal.into(language()))
    return asked


class Text(str):
    """A sentence, or a part of one, that can be said in each language.

    A value may be a ``Text`` too. ``{name!c}`` begins it with a capital letter.

    Attributes:
        template: in Spanish. Without values it is taken as it stands.
        values: what goes into its places, by name.
        lang: in which language it reads.
    """

    template: str
    values: dict[str, Any]
    lang: str

    def __new__(cls, template: str, **values: Any) -> Self:
        """Make it, in Spanish."""
        new = super().__new__(cls, _written(template, values, "es"))
        new.template, new.values, new.lang = template, values, "es"
        return new

    def into(self, lang: str) -> Self:
        """Return the same in another language."""
        if lang == self.lang:
            return self
        new = str.__new__(type(self), _written(self.template, self.values, lang))
        vars(new).update(vars(self), lang=lang)
        return new


def spoken(part: Any, lang: str) -> Any:
    """Return a ``Text`` in a language; anything else as it is."""
    return part.into(lang) if isinstance(part, Text) else part


def chained(between: str, parts: Iterable[str]) -> Text:
    """Put texts one after another, with something between them that reads the same everywhere."""
    named = {f"part{i}": part for i, part in enumerate(parts)}
    return Text(between.join(f"{{{name}}}" for name in named), **named)


def why(error: BaseException) -> str:
    """Return what an error of ours says, still to be said in a language; or else its text."""
    ours = len(error.args) == 1 and isinstance(error.args[0], Text)
    return error.args[0] if ours else str(error)


@contextlib.contextmanager
def refusing_in(lang: str) -> Iterator[None]:
    """Have what is refused in the block said in a language."""
    try:
        yield
    except Exception as error:
        if any(isinstance(part, Text) for part in error.args):
            error.args = tuple(spoken(part, lang) for part in error.args)
        raise


class _Writer(string.Formatter):
    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return value[:1].upper() + value[1:] if conversion == "c" else value


_WRITER = _Writer()


def _written(template: str, values: dict[str, Any], lang: str) -> str:
    if lang == "en":
        template = ENGLISH.get(template, template)
    if not values:
        return str(template)
    return _WRITER.vformat(template, (), {k: spoken(v, lang) for k, v in values.items()})


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

"""The language of this edition of the book, and the words of its extensions in it.

The one place that knows: ``BOOK_LANG`` says it to the process that builds an edition, and to the
ones that it forks. What the extensions write is Spanish in their code; they ``say`` it.
"""

import os
from collections.abc import Iterable

from lab.language import LANGUAGES, Catalogue, catalogue_of
from words_in_english import ENGLISH

LANGUAGE = os.environ.get("BOOK_LANG") or LANGUAGES[0]
WORDS = Catalogue(ENGLISH)


def say(text: str) -> str:
    """Return what an extension writes in the language of this edition.

    Raises:
        LookupError: it has no English.
    """
    if LANGUAGE == "es":
        return text
    said = WORDS.english(text)
    if said.lacking:
        raise LookupError(f"«{text}» no está en book/_ext/words_in_english.py")
    return said.text


def catalogue_behind(files: Iterable[str]) -> Catalogue:
    """Return the catalogue of the folders in which the code behind a page lies."""
    rooms = {file.rpartition("/")[0].partition("/")[0] for file in files if file.endswith(".py")}
    return catalogue_of(*sorted(rooms | {"", "lab"}))

"""The language of this edition of the book, and the words of its extensions in it.

The one place that knows: ``BOOK_LANG`` says it to the process that builds an edition, and to the
ones that it forks. What the extensions write is Spanish in their code; they ``say`` it.
"""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sphinx.util import logging

from editions import english_names
from lab.language import LANGUAGES, Catalogue, catalogue_of, room_of
from lab.store import ROOT
from words_in_english import ENGLISH

LANGUAGE = os.environ.get("BOOK_LANG") or LANGUAGES[0]
WORDS = Catalogue(ENGLISH)

LOGGER = logging.getLogger(__name__)


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


def say_experiments(text: str) -> str:
    """Return what an experiment says of itself; of more than one sentence, the first.

    What has no English stays Spanish, and is a warning.
    """
    if LANGUAGE == "es":
        return text
    catalogue = every_catalogue()
    said = catalogue.english(text)
    if not said.lacking:
        return said.text
    begun = f"{text.removesuffix('.')}. "
    for spanish, english in catalogue.entries.items():
        if spanish.startswith(begun):
            return f"{english.partition('. ')[0]}."
    LOGGER.warning("sin inglés: «%s»", text, type="english")
    return text


def page_called(spanish: str) -> str:
    """Return the name that a page, by its Spanish name, has in this edition."""
    if LANGUAGE == "es":
        return spanish
    return english_names(Path(__file__).resolve().parents[1]).get(spanish, spanish)


@cache
def every_catalogue() -> Catalogue:
    """Return the catalogue of all folders."""
    return catalogue_of(*sorted({room_of(file) for file in ROOT.rglob("english.py")}))


def catalogue_behind(files: Iterable[str]) -> Catalogue:
    """Return the catalogue of the folders in which the code behind a page lies."""
    rooms = {file.rpartition("/")[0].partition("/")[0] for file in files if file.endswith(".py")}
    return catalogue_of(*sorted(rooms | {"", "lab"}))

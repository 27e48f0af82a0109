"""The language of this edition of the book, and the words of its extensions in it.

The one place that knows: ``BOOK_LANG`` says it to the process that builds an edition, and to the
ones that it forks. What the extensions write is Spanish in their code; they ``say`` it.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from sphinx.util import logging

from editions import english_names
from lab.language import LANGUAGES, Catalogue, catalogue_of, say_sentence
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
    said = say_sentence(text)
    if said.lacking:
        LOGGER.warning("sin inglés: «%s»", text, type="english")
    return said.text


def page_called(spanish: str) -> str:
    """Return the name that a page, by its Spanish name, has in this edition."""
    if LANGUAGE == "es":
        return spanish
    return english_names(Path(__file__).resolve().parents[1]).get(spanish, spanish)


def catalogue_behind(files: Iterable[str]) -> Catalogue:
    """Return the catalogue of the folders in which the code behind a page lies."""
    rooms = {file.rpartition("/")[0].partition("/")[0] for file in files if file.endswith(".py")}
    return catalogue_of(*sorted(rooms | {"", "lab"}))

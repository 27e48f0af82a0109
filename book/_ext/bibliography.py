"""Citations and bibliography of this edition: "Glorot y Bengio (2010)", "En …, págs. 249–256"."""

from dataclasses import dataclass, field

import pybtex.plugin
import sphinxcontrib.bibtex.plugin
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.plain import Style
from pybtex.style.formatting.unsrt import date, pages
from pybtex.style.template import field as entry_field
from pybtex.style.template import (
    first_of,
    join,
    names,
    optional,
    optional_field,
    sentence,
    tag,
    together,
    words,
)
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from tongue import say

AND = f" {say('y')} "


def round_brackets():
    """Return how a citation is set apart."""
    return BracketStyle(left="(", right=")", sep="; ")


@dataclass
class Citations(AuthorYearReferenceStyle):
    """Author and year, joined by a word."""

    bracket_textual: BracketStyle = field(default_factory=round_brackets)
    bracket_parenthetical: BracketStyle = field(default_factory=round_brackets)
    person: PersonStyle = field(
        default_factory=lambda: PersonStyle(sep=", ", sep2=AND, last_sep=AND)
    )


class Entries(Style):
    """Entries by author and year; all kinds have one shape."""

    def format_names(self, role, as_sentence=True):
        """Return the names of the authors."""
        joined = names(role, sep=", ", sep2=AND, last_sep=AND)
        return sentence[joined] if as_sentence else joined

    def get_article_template(self, entry):
        """Return authors, title, where it appeared, note and address."""
        volume = join[entry_field("volume"), optional["(", entry_field("number"), ")"]]
        where = first_of[
            optional[words[say("En"), tag("em")[entry_field("booktitle")]]],
            optional[tag("em")[entry_field("journal")]],
            entry_field("howpublished"),
        ]
        return toplevel[
            self.format_names("author"),
            self.format_title(entry, "title"),
            sentence[
                where,
                optional_field("series"),
                optional[together[say("vol."), volume]],
                optional[together[say("págs."), pages]],
                optional_field("publisher"),
                date,
            ],
            sentence[optional_field("note")],
            self.format_web_refs(entry),
        ]

    get_incollection_template = get_article_template
    get_inproceedings_template = get_article_template
    get_misc_template = get_article_template


def setup(app):
    """Name both styles "book"."""
    pybtex.plugin.register_plugin("pybtex.style.formatting", "book", Entries)
    sphinxcontrib.bibtex.plugin.register_plugin(
        "sphinxcontrib.bibtex.style.referencing", "book", Citations
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}

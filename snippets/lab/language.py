"""The language that a reader is spoken to in: the code has it in Spanish, and this in English.

A text is made where it is said, in Spanish: a label of a figure, a row of a table, a help. Here
it is recognised by its template, and said by the English one. The templates stand in catalogues,
``english.py`` in each folder of experiments: ``ENGLISH`` maps an f-string as it is written, with
``{}`` in its places, to the English. What was put into the places is said in English too.

A figure, and whatever else is shown, need not know of languages; and what has been computed once
can be shown in both.
"""

import html
import importlib
import importlib.util
import locale
import os
import re
import string
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import count, pairwise
from pathlib import Path
from typing import NamedTuple

from lab.store import ROOT

LANGUAGES = ("es", "en")
#: What says which language to speak, the first that is set: the book's own, and the machine's.
ENVIRONMENT = ("LAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
#: As what a notebook keeps the English HTML of something, beside the "text/html" of the Spanish.
HTML = "text/html+en"

#: What stands between things that are said one by one, and the same in English.
SEPARATORS = {
    "\n": "\n",
    "; ": "; ",
    " · ": " · ",
    ". ": ". ",
    " | ": " | ",
    ": ": ": ",
    ", ": ", ",
    " + ": " + ",
    " → ": " → ",
    " = ": " = ",
    " / ": " / ",
    " y ": " and ",
    " o ": " or ",
}
_INSIDE = [
    re.compile(rf"(.*?)(\{opening})(.*?)(\{closing})(.*)", re.DOTALL)
    for opening, closing in ("«»", "“”", "()", "[]", "{}", "''")
]
_QUOTED = re.compile(r"«([^«»]*)»")
_CODE = re.compile(r"`([^`]*)`")
_SENTENCES = re.compile(r"\. (?=[A-ZÁÉÍÓÚÑ¿¡δ∂])")  # not behind an abbreviation
_FILE = re.compile(r"(?<!\S)(?:[.~]{0,2}/|[A-Z]:\\)\S+|(?<!\S)\.\w+|`[^`]*`")  # and code
_MARKS = {"«": "“", "»": "”"}
_WORD = re.compile(r"[^\W\d_⁰¹²³⁴-⁹₀-₉ᵀ]{2,}")
# A name of code or of a thing: SGD, float32, GlorotUniform, random_normal, keras.ops
_TOKEN = re.compile(r"\w+(?:[.\-]\w+)*")
_NAME = re.compile(r"\w*(?:[A-Z]\w*[A-Z]|[\d_]|[a-z]\.[a-z]|[a-z][A-Z])[\w.\-]*")
_FORMULA = re.compile(r"\$[^$]*\$")
_JOINED = re.compile(r" [yoe] ")
_TAG = re.compile(r"(<[^>]*>)")
#: A tag of HTML that ends a text; other tags are part of one.
BLOCK = re.compile(
    r"(</?(?:article|br|caption|dd|details|div|dl|dt|figure|h\d|hr|li|ol|p|pre|section|style|summary"
    r"|svg|table|tbody|td|tfoot|th|thead|tr|ul)\b[^>]*>)"
)
_ATTRIBUTE = re.compile(r'(?<= )(aria-label|alt|title)="([^"]*)"')
_UNSEEN = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)


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
        raise ValueError(f"no hay textos en «{asked}»; los idiomas son: {', '.join(LANGUAGES)}")
    return asked


def say(text: str, lang: str | None = None) -> str:
    """Return a Spanish text in a language, or else in that of the environment.

    What has no English stays Spanish.
    """
    return text if (lang or language()) == "es" else catalogue().english(text).text


def choose(arguments: Iterable[str]) -> None:
    """Speak the language that a command line asks for with --lang, if it is one of ``LANGUAGES``.

    What the process starts, and ``latido``, speak it too.
    """
    for given, value in pairwise([*arguments, ""]):
        asked = value if given == "--lang" else given.removeprefix("--lang=")
        if given.startswith("--lang") and asked in LANGUAGES:
            os.environ |= {"LAB_LANG": asked, "LATIDO_LANG": asked}


def say_table(table, lang: str | None = None):
    """Return a table of pandas with its headings, its names and its cells in a language."""
    if (lang or language()) == "es":
        return table

    def said(cell):
        return say(cell, "en") if isinstance(cell, str) else cell

    return table.map(said).rename(columns=said, index=said).rename_axis(columns=said, index=said)


# --- numbers ------------------------------------------------------------------------------


def numbers(text: str) -> str:
    """Write the numbers of a Spanish text as English does: 94%, 17,168."""
    text = re.sub("(?<=\\d)\N{NO-BREAK SPACE}(?=\\d{3}(?!\\d))", ",", text)
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"(?<=[\d}\]]) %", "%", text)


# --- the catalogue ------------------------------------------------------------------------


class Said(NamedTuple):
    """A text in English, and what of it has no English yet."""

    text: str
    lacking: tuple[str, ...] = ()


def say_sentence(text: str) -> Said:
    """Return in English what an experiment says of itself: of more than one sentence, the first."""
    everything = catalogue_of(*sorted({room_of(file) for file in ROOT.rglob("english.py")}))
    begun = f"{text.removesuffix('.')}. "
    for spanish, english in everything.entries.items():
        if spanish.startswith(begun):
            return Said(f"{english.partition('. ')[0]}.")
    return everything.english(text)


class Template:
    """A text with places, in Spanish, and its English."""

    def __init__(self, spanish: str, english: str):
        parts = [
            (numbers(literal), name, conversion)
            for literal, name, _, conversion in string.Formatter().parse(spanish)
        ]
        # "{} %": the space stands after a number.
        self.literals = [
            numbers(f"}}{literal}")[1:] if place else literal
            for place, (literal, _, _) in enumerate(parts)
        ]
        unnamed = count()
        self.names = [name or str(next(unnamed)) for _, name, _ in parts if name is not None]
        pattern = "".join(
            re.escape(literal) + ("" if name is None else "(.*?)")
            for literal, (_, name, _) in zip(self.literals, parts, strict=True)
        )
        self.pattern = re.compile(pattern, re.DOTALL)
        self.longest = max(self.literals, key=len)
        self.weight = sum(len(literal.strip()) for literal in self.literals)
        self.english = english

    def write(self, values: Mapping[str, str]) -> str:
        """Return the English text with these values in its places."""
        written, unnamed = [], count()
        for literal, name, _, conversion in string.Formatter().parse(self.english):
            written.append(literal)
            if name is not None:
                value = values[name or str(next(unnamed))]
                written.append(value[:1].upper() + value[1:] if conversion == "c" else value)
        return "".join(written)


class Catalogue:
    """Spanish templates and their English."""

    def __init__(self, entries: Mapping[str, str], same: Iterable[str] = ()):
        self.entries, self.same = dict(entries), frozenset(same)
        self.whole, self.templates = {}, []
        unended = {  # the last sentence of a list may have lost its full stop
            spanish[:-1]: english[:-1]
            for spanish, english in self.entries.items()
            if spanish.endswith(".") and english.endswith(".")
        }
        for spanish, english in (unended | self.entries).items():
            template = Template(spanish.strip(), english.strip())
            if template.names:
                if template.weight:  # "{}{}" says nothing
                    self.templates.append(template)
            else:
                self.whole[template.literals[0] if template.literals else ""] = template.write({})
        self.templates.sort(key=lambda template: -template.weight)
        self.english = cache(self._english)

    def with_pairs(self, *pairs: Mapping[str, str]) -> "Catalogue":
        """Return one that knows these, too: the strings of cells and of their English twins.

        A word that both have is a name; a sentence that both have is one that was forgotten.
        """
        entries, same = {}, set(self.same)
        for spanish, english in (
            part for some in pairs for item in some.items() for part in _blocks(*item)
        ):
            if spanish != english:
                entries[spanish] = english
            elif _TOKEN.fullmatch(spanish):
                same.add(spanish)
        return Catalogue({**self.entries, **entries}, same)

    def _english(self, text: str) -> Said:
        plain = numbers(text)
        body = plain.strip()
        if not body:
            return Said(plain)
        before, after = plain[: len(plain) - len(plain.lstrip())], plain[len(plain.rstrip()) :]
        said = self._said(body)
        return Said(f"{before}{said.text}{after}", said.lacking)

    def _said(self, text: str) -> Said:
        if text in self.whole:
            return Said(self.whole[text])
        if not self._needs(text):
            return Said(text)
        best = None
        for said in self._ways(text):
            if not said.lacking:
                return said
            if best is None or len("".join(said.lacking)) < len("".join(best.lacking)):
                best = said
        if best is None or sum(map(len, best.lacking)) > len(text) / 2:
            return Said(text, (text,))  # to be named as a whole
        return best

    def _ways(self, text: str):
        # What is in quotation marks may be what the reader has typed.
        quoted, code = _QUOTED.findall(text), _CODE.findall(text)
        for template in self.templates:
            if template.longest in text and (found := template.pattern.fullmatch(text)):
                said = [
                    Said(value) if value in code else Said(one.text) if value in quoted else one
                    for value in found.groups()
                    for one in [self.english(value)]
                ]
                values = {name: one.text for name, one in zip(template.names, said, strict=True)}
                yield Said(template.write(values), tuple(x for one in said for x in one.lacking))
        if text[:1].isupper() and (lower := text[0].lower() + text[1:]) in self.whole:
            yield Said(_capital(self.whole[lower]))
        if len(sentences := _SENTENCES.split(text)) > 1:
            yield self._one_by_one(sentences, ". ")
        for spanish, english in SEPARATORS.items():
            if spanish in text:
                # A sentence may have a colon, too, after the first.
                parts = text.split(spanish, 1 if spanish == ": " else -1)
                said = self._one_by_one(parts, english)
                if spanish == english or not said.lacking:
                    yield said
        if text[-1] in ".:,;!?…" and len(text) > 1:
            yield self._one_by_one([text[:-1], text[-1]], "")
        for found in filter(None, (inside.fullmatch(text) for inside in _INSIDE)):
            before, opening, inside, closing, after = found.groups()
            yield self._one_by_one(
                [before, _MARKS.get(opening, opening), inside, _MARKS.get(closing, closing), after],
                "",
            )
        if text[:1].isupper():
            said = self.english(text[0].lower() + text[1:])
            if not said.lacking:
                yield Said(_capital(said.text))

    def _one_by_one(self, parts: list[str], between: str) -> Said:
        said = [self.english(part) for part in parts]
        return Said(
            between.join(one.text for one in said), tuple(x for one in said for x in one.lacking)
        )

    def _needs(self, text: str) -> bool:
        """Tell whether a text has words that need to be translated; a formula has none."""
        text = _FORMULA.sub(" ", text)
        return bool(_JOINED.search(text)) or any(
            _WORD.search(token) and token not in self.same and not _NAME.fullmatch(token)
            for token in _TOKEN.findall(_FILE.sub("", text))
        )

    def english_html(self, source: str) -> Said:
        """Return HTML with its texts, and the attributes that are read aloud, in English."""
        lacking, kept = [], []

        def say_text(text: str) -> str:
            said = self._english(html.unescape(text))
            lacking.extend(said.lacking)
            return html.escape(said.text, quote=False)

        def say_attribute(found: re.Match) -> str:
            said = self._english(html.unescape(found[2]))
            lacking.extend(said.lacking)
            return f'{found[1]}="{html.escape(said.text)}"'

        def say_block(block: str) -> str:
            if "<" not in block:
                return say_text(block) if block.strip() else block
            said = self._english(html.unescape(block))
            if not said.lacking and said.text != block:  # a sentence with a link in it
                return said.text
            return "".join(
                part if part.startswith("<") or not part.strip() else say_text(part)
                for part in _TAG.split(block)
            )

        def keep(found: re.Match) -> str:
            kept.append(found[0])
            return f"<hr {len(kept) - 1}>"

        source = _UNSEEN.sub(keep, source)
        source = "".join(
            part if BLOCK.fullmatch(part) else say_block(part) for part in BLOCK.split(source)
        )
        source = _TAG.sub(lambda tag: _ATTRIBUTE.sub(say_attribute, tag[0]), source)
        source = re.sub(r"<hr (\d+)>", lambda found: kept[int(found[1])], source)
        return Said(source, tuple(lacking))


def _blocks(spanish: str, english: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of two pieces of HTML, those that stand in the same block together."""
    both = BLOCK.split(spanish), BLOCK.split(english)
    if len(both[0]) == len(both[1]):
        yield from zip(*both, strict=True)
    else:
        yield spanish, english


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- where the catalogues are -------------------------------------------------------------


def room_of(file: Path) -> str | None:
    """Return the folder below ``ROOT`` in which a file lies, "" if in none; None: elsewhere."""
    if not file.is_relative_to(ROOT):
        return None
    return (*file.relative_to(ROOT).parts[:-1], "")[0]


def rooms() -> list[str]:
    """Return the folders of the modules that this process has imported."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    found = {room_of(Path(file).resolve()) for file in files if file}
    return sorted(found.union({"", "lab"}) - {None})


def catalogue() -> Catalogue:
    """Return the catalogue of what this process may say: that of the folders that it uses."""
    return catalogue_of(*rooms())


@cache
def catalogue_of(*rooms: str) -> Catalogue:
    """Return the catalogue of these folders; one that has none says nothing."""
    entries, same = {}, set()
    for room in rooms:
        name = f"{room}.english".lstrip(".")
        if Path(ROOT, *name.split(".")).with_suffix(".py").exists():
            module = importlib.import_module(name)
            entries |= module.ENGLISH
            same |= set(getattr(module, "SAME", ()))
    return Catalogue(entries, same)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

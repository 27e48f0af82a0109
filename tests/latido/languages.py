"""Which words are of one language alone, and what of a text is words at all."""

import ast
import html
import re
import string
from pathlib import Path

from latido import command, flow, words
from latido.english import ENGLISH

PACKAGE = Path(words.__file__).parent
#: What makes a text; its first argument is a template.
MAKERS = {"Text", "Advice", "says", "said"}


def places(template):
    """Return the places of a template, with their formats."""
    return {place[1:] for place in string.Formatter().parse(template) if place[1] is not None}


def made(tree):
    """Yield the calls that make a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MAKERS:
                yield node


def trees():
    """Yield (name, syntax tree) of the files of the package."""
    for path in sorted(PACKAGE.glob("*.py")):
        yield path.name, ast.parse(path.read_text())


def templates():
    """Return every Spanish template that the code holds."""
    found = {"una operación sin derivada", *(text for text in flow.CUTS.values() if " " in text)}
    for _, tree in trees():
        firsts = (call.args[0] for call in made(tree))
        found |= {first.value for first in firsts if isinstance(first, ast.Constant)}
    return found


def unquoted(page):
    """Return the text of an HTML page, without its style and its table of numbers."""
    page = re.sub(r"<style.*?</style>|<h2>.*|<[^>]*>", " ", page, flags=re.DOTALL)
    return html.unescape(page)


def plain(text, names=()):
    """Return the words of a text, without code, what stands in quotes, and names."""
    text = re.sub(r"`[^`]*`|«[^»]*»|\"[^\"]*\"|\{[^}]*\}|--[\w-]+|examine\([^)]*\)", " ", text)
    text = re.sub("|".join(rf"\b{re.escape(name)}\b" for name in names) or "$^", " ", text)
    return set(re.findall(r"[^\W\d_]+(?:_\w+)?", text.lower()))


SPANISH = set().union(*map(plain, ENGLISH)) - set().union(*map(plain, ENGLISH.values()))
OF_ENGLISH = set().union(*map(plain, ENGLISH.values())) - set().union(*map(plain, ENGLISH))


def assert_in_both(report):
    """Check that a report, shown in each language, has no word of the other one."""
    names = [layer.name for now in report.snapshots for layer in now.layers]
    for lang in words.LANGUAGES:
        shown = report.into(lang)
        for text in (command.text_of(shown, "m"), unquoted(command.page(shown, "m"))):
            assert foreign(text, lang, names) == set(), text


def foreign(text, lang, names=()):
    """Return the words of a text that are of the other language."""
    return plain(text, names) & {"es": OF_ENGLISH, "en": SPANISH}[lang]

"""The arguments of a command, by argparse, which stays as it is for everybody else."""

import argparse
import difflib
import math
import re
import sys
from argparse import ArgumentTypeError as Refused
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from latido.words import LANGUAGES, Text, language, refusing_in, spoken

#: What argparse says about a mistake → how it reads here, with the groups of the one in the other.
MISTAKES = {
    r"argument (?P<name>.+?): expected one argument": Text("{name}: falta su valor"),
    r"argument (?P<name>.+?): ignored explicit argument (?P<value>.*)": Text(
        "{name}: no lleva valor (recibido: {value})"
    ),
    r"the following arguments are required: (?P<names>.*)": Text("falta {names}"),
    r"argument (?P<name>.+?): (?P<what>.*)": Text("{name}: {what}"),
}


class Parser(argparse.ArgumentParser):
    """argparse with one line for a mistake, exit code 2.

    Args:
        description: what the command does.
        lang: the language in which it speaks, "es" or "en".

    Attributes:
        inputs, options: the groups to which ``add`` adds arguments.
    """

    def __init__(self, description: Text, lang: str):
        self.lang = lang
        super().__init__(
            prog=program(),
            description=description.into(lang),
            formatter_class=self._formatter,
            allow_abbrev=False,
            add_help=False,
        )
        self.inputs = self.add_argument_group(Text("argumentos").into(lang))
        self.options = self.add_argument_group(Text("opciones").into(lang))
        self.add(
            self.options,
            *("-h", "--help"),
            action="help",
            help=Text("muestra esta ayuda y termina"),
        )

    def add(self, group, *names: str, **settings) -> None:
        """Add an argument to a group; what is said of it, in the language of the parser."""
        if check := settings.get("type"):  # what that refuses, too
            settings["type"] = refusing_in(self.lang)(check)
        group.add_argument(*names, **{k: spoken(v, self.lang) for k, v in settings.items()})

    def _formatter(self, prog: str) -> argparse.HelpFormatter:
        formatter = argparse.HelpFormatter(prog)
        add_usage, prefix = formatter.add_usage, Text("uso: ").into(self.lang)
        formatter.add_usage = lambda *parts: add_usage(*parts[:3], prefix)  # type: ignore
        return formatter

    def error(self, message: str) -> NoReturn:
        """Print one line to stderr and leave with code 2."""
        for pattern, text in MISTAKES.items():
            if match := re.fullmatch(pattern, message, re.DOTALL):
                message = Text(text.template, **match.groupdict())
                break
        fail(message, self.lang)

    def parse_args(self, args=None, namespace=None):
        """Parse; an unknown option is answered with the nearest known one."""
        known, unknown = self.parse_known_args(args, namespace)
        if unknown:
            name = unknown[0].partition("=")[0]
            near = difflib.get_close_matches(name, self._option_string_actions, n=1)
            told = Text(
                "no se entiende «{word}».{hint} Con --help ves las opciones.",
                word=unknown[0],
                hint=Text(" ¿Querías decir «{name}»?", name=near[0]) if near else "",
            )
            fail(told, self.lang)
        return known


def language_asked(argv: Sequence[str] | None) -> str | None:
    """Return the language that arguments ask for, before anything is said of them; or None."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    first.add_argument("--lang", choices=LANGUAGES)
    try:
        return first.parse_known_args(argv)[0].lang
    except argparse.ArgumentError:  # which is said later, and in which language is not known
        return None


def program() -> str:
    """Return the name by which the command was called."""
    name = Path(sys.argv[0]).name
    return "latido" if name == "__main__.py" else name


def fail(message: str, lang: str | None = None) -> NoReturn:
    """Say in one line what is wrong with the input; exit code 2."""
    message = spoken(message, language(lang))
    print(f"{program()}: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(2)


def not_the_command() -> NoReturn:
    """Say of the file that was run that it is a part of the tool; exit code 2."""
    fail(Text("es una parte de latido; el diagnóstico lo da «latido MODELO.keras DATOS.npz»"))


def whole(lowest: int) -> Callable[[str], int]:
    """Take a whole number of ``lowest`` or more."""

    def check(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = lowest - 1
        if number < lowest:
            told = Text(
                "recibido «{text}»; hace falta un número entero, {lowest} o más",
                text=text,
                lowest=lowest,
            )
            raise Refused(told)
        return number

    return check


def positive(text: str) -> float:
    """Take a finite number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise Refused(Text("recibido «{text}»; hace falta un número mayor que 0", text=text))
    return number


def one_of(names: Sequence[str], what: Text) -> Callable[[str], str]:
    """Take one of ``names``."""

    def check(text: str) -> str:
        if text in names:
            return text
        near = difflib.get_close_matches(text.lower(), names, n=1, cutoff=0.5)
        told = Text(
            "{what} «{text}» no existe; nombres válidos: {names}.{hint}",
            what=what,
            text=text,
            names=", ".join(names),
            hint=Text(" ¿Querías decir «{name}»?", name=near[0]) if near else "",
        )
        raise Refused(told)

    return check


if __name__ == "__main__":
    not_the_command()

"""What a command line takes, and how it answers to anything else: in one line.

In Spanish or, if --lang or the environment says so, in English (``lab.language``).

argparse says its words through gettext; here they are changed where they come out, and argparse
itself stays as it is for whatever else the process runs.
"""

import argparse
import difflib
import math
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from lab import catalog, language

_HEADINGS = {"options": "opciones", "positional arguments": "argumentos"}

# What argparse can say to bad input here → the same in Spanish.
_COMPLAINTS = {
    r"(?:argument ([^:]+): )?expected one argument": r"\1: falta su valor",
    r"argument ([^:]+): ignored explicit argument (.*)": r"\1: no lleva valor (recibido: \2)",
    r"the following arguments are required: (.*)": r"falta \1",
    r"argument ([^:]+): (.*)": r"\1: \2",
}


class _Formatter(argparse.HelpFormatter):
    """The words around the options, in Spanish."""

    def add_usage(self, usage, actions, groups, prefix="uso: "):
        super().add_usage(usage, actions, groups, language.say(prefix))

    def start_section(self, heading):
        super().start_section(language.say(_HEADINGS.get(heading, heading)))


class Parser(argparse.ArgumentParser):
    """argparse in the reader's language: one line for a mistake, exit code 2."""

    def __init__(self, **settings):
        super().__init__(**settings, add_help=False, formatter_class=_Formatter)
        self.add_argument("-h", "--help", action="help", help="muestra esta ayuda y termina")
        self.add_argument(
            "--lang",
            type=as_type(language.language),
            metavar="IDIOMA",
            default=argparse.SUPPRESS,
            help="idioma, es o en [el del entorno]",
        )

    def error(self, message: str) -> NoReturn:
        """Print one line to stderr and leave with code 2."""
        for complaint, spanish in _COMPLAINTS.items():
            if found := re.fullmatch(complaint, message, re.DOTALL):
                message = found.expand(spanish)
                break
        fail(message, self.prog)

    def parse_args(self, args=None, namespace=None):
        """Parse; an unknown option is answered with the nearest known one."""
        language.choose(sys.argv[1:] if args is None else args)
        self._say_help()
        known, unknown = self.parse_known_args(args, namespace)
        if unknown:
            name = unknown[0].partition("=")[0]
            near = difflib.get_close_matches(name, self._option_string_actions, n=1)
            hint = f" ¿Querías decir «{near[0]}»?" if near else ""
            if not name.startswith("-"):  # as in: --activation relu tanh
                hint = " Para dar varios valores, repite la opción."
            self.error(f"no se entiende «{unknown[0]}».{hint} Con --help ves las opciones.")
        vars(known).pop("lang", None)
        return known

    def _say_help(self) -> None:
        """Say what the help is made of in the reader's language."""
        self.description = self.description and language.say(self.description)
        for action in self._actions:
            action.help = action.help and language.say(action.help)
            action.metavar = action.metavar and language.say(action.metavar)


def fail(message: str, program: str | None = None) -> NoReturn:
    """Say in one line what is wrong with the input; exit code 2."""
    line = language.say(" ".join(str(message).split()))
    print(f"{program or Path(sys.argv[0]).name}: {line}", file=sys.stderr)
    raise SystemExit(2)


def as_type(check: Callable[[str], Any]) -> Callable[[str], Any]:
    """Make a ValueError's own words reach the reader: for ``type=`` of ``add_argument``."""

    def convert(text: str) -> Any:
        try:
            return check(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def whole(lowest: int) -> Callable[[str], int]:
    """Take a whole number of ``lowest`` or more."""

    def check(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = lowest - 1
        if number < lowest:
            raise ValueError(f"recibido «{text}»; hace falta un número entero, {lowest} o más")
        return number

    return check


def real(text_of_range: str, inside: Callable[[float], bool]) -> Callable[[str], float]:
    """Take a finite number for which ``inside`` holds."""

    def check(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and inside(number)):
            raise ValueError(f"recibido «{text}»; hace falta un número {text_of_range}")
        return number

    return check


def one_of(names: Iterable[str], what: str) -> Callable[[str], str]:
    """Take one of ``names``."""
    return lambda text: catalog.find(text, names, what)


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

"""The arguments of a command in Spanish, by argparse, which stays as it is for everybody else."""

import argparse
import difflib
import math
import re
import sys
from argparse import ArgumentTypeError as Refused
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

#: What argparse says about a mistake → how it reads here.
SPANISH = {
    r"argument (.+?): expected one argument": r"\1: falta su valor",
    r"argument (.+?): ignored explicit argument (.*)": r"\1: no lleva valor (recibido: \2)",
    r"the following arguments are required: (.*)": r"falta \1",
    r"argument (.+?): (.*)": r"\1: \2",
}


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, "uso: ")


class Parser(argparse.ArgumentParser):
    """argparse in Spanish: one line for a mistake, exit code 2.

    Attributes:
        inputs, options: the groups to which arguments are added.
    """

    def __init__(self, description: str):
        super().__init__(
            prog=program(),
            description=description,
            formatter_class=_Formatter,
            allow_abbrev=False,
            add_help=False,
        )
        self.inputs = self.add_argument_group("argumentos")
        self.options = self.add_argument_group("opciones")
        self.options.add_argument(
            *("-h", "--help"), action="help", help="muestra esta ayuda y termina"
        )

    def error(self, message: str) -> NoReturn:
        """Print one line to stderr and leave with code 2."""
        for english, spanish in SPANISH.items():
            if match := re.fullmatch(english, message, re.DOTALL):
                fail(match.expand(spanish))
        fail(message)

    def parse_args(self, args=None, namespace=None):
        """Parse; an unknown option is answered with the nearest known one."""
        known, unknown = self.parse_known_args(args, namespace)
        if unknown:
            name = unknown[0].partition("=")[0]
            near = difflib.get_close_matches(name, self._option_string_actions, n=1)
            hint = f" ¿Querías decir «{near[0]}»?" if near else ""
            self.error(f"no se entiende «{unknown[0]}».{hint} Con --help ves las opciones.")
        return known


def program() -> str:
    """Return the name by which the command was called."""
    name = Path(sys.argv[0]).name
    return "latido" if name == "__main__.py" else name


def fail(message: object) -> NoReturn:
    """Say in one line what is wrong with the input; exit code 2."""
    print(f"{program()}: {' '.join(str(message).split())}", file=sys.stderr)
    raise SystemExit(2)


def not_the_command() -> NoReturn:
    """Say of the file that was run that it is a part of the tool; exit code 2."""
    fail("es una parte de latido; el diagnóstico lo da «latido MODELO.keras DATOS.npz»")


def whole(lowest: int) -> Callable[[str], int]:
    """Take a whole number of ``lowest`` or more."""

    def check(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = lowest - 1
        if number < lowest:
            raise Refused(f"recibido «{text}»; hace falta un número entero, {lowest} o más")
        return number

    return check


def positive(text: str) -> float:
    """Take a finite number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise Refused(f"recibido «{text}»; hace falta un número mayor que 0")
    return number


def one_of(names: Sequence[str], what: str) -> Callable[[str], str]:
    """Take one of ``names``."""

    def check(text: str) -> str:
        if text in names:
            return text
        near = difflib.get_close_matches(text.lower(), names, n=1, cutoff=0.5)
        hint = f" ¿Querías decir «{near[0]}»?" if near else ""
        raise Refused(f"{what} «{text}» no existe; nombres válidos: {', '.join(names)}.{hint}")

    return check


if __name__ == "__main__":
    not_the_command()

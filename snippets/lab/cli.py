"""One behaviour for all command lines, made from the signature of each ``measure``.

A snippet's ``measure(activations=…, depth=20, …)`` says which options it has and their
defaults; here stands how each option reads, what it takes and what it answers to bad input.
Arguments and output files are checked before anything heavy is imported.
"""

import inspect
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import catalog, language
from lab.arguments import Parser, as_type, fail, one_of, real, whole
from lab.store import replacing

FIGURES = (".svg", ".png", ".pdf")
DATA = (".json", ".csv")

# --- options ------------------------------------------------------------------------------


def _initializer(text: str) -> str:
    catalog.initializer(text)
    return text


@dataclass(frozen=True)
class Option:
    """One option: how it is written, what it takes, what it is for.

    ``many`` options may be repeated, and their parameter of ``measure`` is a tuple.
    """

    flag: str
    check: Callable[[str], Any]
    help: str
    metavar: str
    many: bool = False


#: Parameter of ``measure`` → its option. A snippet may add its own.
#:
#: :meta hide-value:
OPTIONS = {
    "activations": Option(
        "--activation",
        catalog.activation,
        f"activación ({', '.join(catalog.ACTIVATIONS)})",
        "NOMBRE",
        many=True,
    ),
    "initializers": Option(
        "--initializer",
        _initializer,
        f"inicializador ({', '.join(catalog.INITIALIZERS)}); "
        "algunos llevan un valor, como random_normal:0.1",
        "NOMBRE",
        many=True,
    ),
    "depth": Option("--depth", whole(1), "capas ocultas", "N"),
    "depths": Option("--depth", whole(1), "capas ocultas", "N", many=True),
    "width": Option("--width", whole(1), "unidades por capa", "N"),
    "widths": Option("--width", whole(1), "unidades por capa", "N", many=True),
    "seeds": Option("--seeds", whole(1), "número de semillas", "N"),
    "first_seed": Option("--first-seed", whole(0), "primera semilla", "N"),
    "samples": Option("--samples", whole(2), "imágenes del lote que se mide", "N"),
    "dataset": Option(
        "--dataset", catalog.dataset, f"datos ({', '.join(catalog.DATASETS)})", "NOMBRE"
    ),
    "optimizer": Option(
        "--optimizer", one_of(("sgd", "adam"), "el optimizador"), "sgd o adam", "NOMBRE"
    ),
    "learning_rate": Option(
        "--learning-rate", real("mayor que 0", lambda v: v > 0), "tasa de aprendizaje", "X"
    ),
    "momentum": Option(
        "--momentum",
        real("entre 0 y 1 (sin llegar a 1)", lambda v: 0 <= v < 1),
        "momento de SGD; en Adam, β₁",
        "X",
    ),
    "epochs": Option("--epochs", whole(1), "épocas de entrenamiento", "N"),
    "batch_size": Option("--batch-size", whole(1), "imágenes por paso", "N"),
    "sigmas": Option(
        "--sigma",
        real("mayor que 0", lambda v: v > 0),
        "desviación típica de los pesos",
        "X",
        many=True,
    ),
    "bias": Option("--bias", real("finito", lambda v: True), "sesgo inicial", "X"),
}


def make_parser(
    measure: Callable, description: str, options: dict[str, Option] | None = None
) -> Parser:
    """Build the parser of a snippet from the signature of its ``measure``.

    Raises:
        LookupError: a parameter has no option; says which, of which snippet, and what to do.
    """
    parser = Parser(description=description, allow_abbrev=False)
    table = {**OPTIONS, **(options or {})}
    for name, parameter in inspect.signature(measure).parameters.items():
        if name not in table:
            file = Path(inspect.getfile(measure)).name
            raise LookupError(
                f"{file}: el parámetro «{name}» de measure no tiene opción; añádelo a OPTIONS, las "
                "del propio experimento o, si es de muchos, las de lab/cli.py"
            )
        option, default = table[name], parameter.default
        shown = ", ".join(map(str, default)) if option.many else default
        parser.add_argument(
            option.flag,
            dest=name,
            type=as_type(option.check),
            metavar=option.metavar,
            action="append" if option.many else "store",
            help=f"{option.help}"
            + (", repetible" if option.many else "")
            + f" [{str(shown).replace('%', '%%')}]",
        )
    parser.add_argument(
        "--output",
        dest="outputs",
        type=as_type(output_file),
        metavar="ARCHIVO",
        action="append",
        default=[],
        help=f"guarda la figura ({', '.join(FIGURES)}) o los datos ({', '.join(DATA)}), repetible",
    )
    return parser


def output_file(text: str) -> Path:
    """Check, before any work, that a result can be written there."""
    path = Path(text)
    if path.suffix.lower() not in FIGURES + DATA:
        raise ValueError(
            f"«{text}» no dice en qué formato; terminaciones válidas: {', '.join(FIGURES + DATA)}"
        )
    try:
        if path.is_dir():
            raise ValueError(f"«{text}» es una carpeta; escribe el nombre de un archivo")
        if not path.parent.is_dir():
            raise ValueError(f"la carpeta «{path.parent}» no existe; créala o elige otra")
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError:  # no permission, a read-only disk, a name that is too long …
        raise ValueError(
            f"no se puede escribir «{text}»; elige otra carpeta u otro nombre"
        ) from None
    return path


# --- the run ------------------------------------------------------------------------------


def main(
    description: str,
    measure: Callable[..., Any],
    draw: Callable[[Any], Any],
    table: Callable[[Any], Any],
    *,
    records: Callable[[Any], Any] = lambda data: data,
    options: dict[str, Option] | None = None,
    argv: list[str] | None = None,
) -> int:
    """Run a snippet as a command: check, measure, print the table, write the outputs.

    Args:
        description: what the snippet shows, in Spanish, for ``--help``.
        measure: takes the options as keyword arguments, returns data.
        draw: data → Matplotlib figure.
        table: data → pandas DataFrame for the terminal, with Spanish headings.
        records: data → pandas DataFrame for .json and .csv; the data itself if it is one.
        options: options of this snippet alone, by parameter of ``measure``.
        argv: the arguments, without the program.

    Returns:
        0. Bad input leaves with 2, Ctrl-C with 130, both in one line and with nothing
        half-written.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal that has no δ gets a "?"
    parser = make_parser(measure, description, options)
    given = vars(parser.parse_args(argv))
    outputs = given.pop("outputs")
    arguments = {
        name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value
        for name, value in given.items()
        if value is not None
    }
    try:
        data = measure(**arguments)
        for path in outputs:
            write(path, data, draw, records)
        print(language.say_table(table(data)).to_string(index=False, na_rep="—"))
        for path in outputs:
            print(language.say(f"guardado: {path}"), file=sys.stderr)
        sys.stdout.flush()
    except KeyboardInterrupt:
        line = f"{parser.prog}: interrumpido; no se ha guardado nada más"
        print(f"\n{language.say(line)}", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `… | head` closed the pipe: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ValueError, OSError) as error:
        fail(error, parser.prog)
    except Exception as error:
        # By name: importing TensorFlow just to name its class would take seconds.
        if type(error).__name__ != "ResourceExhaustedError":
            raise
        fail("no cabe en la memoria; prueba con una red más pequeña", parser.prog)
    return 0


def progress(items: Iterable, what: str, total: int | None = None) -> Iterator:
    """Iterate with a bar on the terminal, if the work takes more than two seconds.

    ``total`` is how many items there are, for those that cannot tell.
    """
    from tqdm import tqdm

    return tqdm(items, what, total, delay=2, disable=None, leave=False, file=sys.stderr)


def write(path: Path, data: Any, draw: Callable, records: Callable) -> None:
    """Write the figure or the data, whole or not at all."""
    suffix = path.suffix.lower()
    with replacing(path) as temporary:
        if suffix in FIGURES:
            from lab import figures

            with figures.spoken(draw(data)) as figure:
                figures.save(figure, temporary)
        else:
            temporary.write_text(as_text(records(data), suffix), encoding="utf-8", newline="")


def as_text(rows: Any, suffix: str) -> str:
    """Return a DataFrame as one of ``DATA``: ".csv", or ".json" with a row per line."""
    if suffix == ".csv":
        return rows.to_csv(index=False)
    import numpy as np

    # JSON knows neither NaN nor infinity.
    rows = rows.replace([np.inf, -np.inf], np.nan).astype(object)
    rows = rows.where(rows.notna(), None).to_dict(orient="records")
    lines = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

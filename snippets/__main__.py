"""The door: `python snippets` lists the experiments, `python snippets NAME …` runs one.

Any Python that has the packages will do. The list is read from the files' own words: what
stands here is the themes' order, their names in Spanish, and the names that files once had.
"""

import ast
import difflib
import runpy
import shlex
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent

#: Folder → what it is called in the list and on the page of the experiments, in their order.
THEMES = {
    "": "Los más usados",
    "signals": "La señal, de ida y de vuelta",
    "activations": "Funciones de activación",
    "initializers": "Los pesos iniciales",
    "pairs": "Activación e inicialización juntas",
    "clinic": "Redes que no aprenden",
    "layers": "Otras capas, otras cuentas",
    "transformer": "Hasta el transformer",
    "width": "Cuando crece la anchura",
    "reproductions": "Experimentos publicados, repetidos",
    "verdicts": "Lo que dicen las diapositivas",
    "diagnosis_benchmark": "Cuánto acierta el diagnóstico",
}

#: What an experiment was called → what it is called now; the others have only moved.
RENAMED = {
    "adam_wall": "adam_and_depth",
    "checkerboard": "xor_without_activations",
    "checkup": "keras_checklist",
    "diagnosis_benchmark": "report",
    "init_sigma": "weight_size",
    "init_symmetry": "equal_weights",
    "init_traps": "keras_traps",
    "init_width": "layer_width",
    "modern_activations": "gelu_and_silu",
    "negative_side": "leaky_slopes",
    "norm_spread": "spread_of_networks",
    "pair_chart": "factor_per_pair",
    "relu_half": "share_let_through",
    "repro_glorot2010": "glorot2010",
    "repro_hanin2018": "hanin2018",
    "repro_he2015": "he2015",
    "repro_lu2019": "lu2019",
    "repro_saxe2013": "saxe2013",
    "repro_schoenholz2017": "schoenholz2017",
    "same_weights": "scaled_weights",
    "verdicts": "judge_all",
    "vital_signs": "before_first_step",
    "what_came_after": "after_he",
}


def main(argv: list[str]) -> int:
    """Say what there is, or run the experiment that `argv` begins with."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal that has no ñ gets a "?"
    language().choose(argv)
    if not argv or argv[0] in ("-h", "--help") or argv[0].startswith("--lang"):
        print(overview())
        return 0
    name, *arguments = argv
    if name == "--moved":
        tell_new_command(*arguments)
    if not (file := find(name)):
        refuse(name)
    sys.argv = [str(file), *arguments]
    runpy.run_path(str(file), run_name="__main__")
    return 0


def overview() -> str:
    """Return the usage and the experiments, theme by theme, a line each."""
    say, spanish = language().say, language().language() == "es"
    lines = [
        say("uso: python snippets NOMBRE [opciones]"),
        "",
        say(
            "Ejecuta un experimento del libro; «python snippets NOMBRE --help» enseña sus opciones."
        ),
    ]
    for folder, title in THEMES.items():
        lines += ["", f"{say(title)} ({Path(ROOT.name, folder).as_posix()})"]
        for file, text in experiments(folder):
            text = text if spanish else language().say_sentence(text).text
            lines.append(f"  {file.stem:24}{text}")
    return "\n".join(lines)


def language():
    """Return the instrument that speaks, from wherever this file is run."""
    sys.path.append(str(ROOT))
    from lab import language

    return language


def experiments(folder: str) -> Iterator[tuple[Path, str]]:
    """Yield the files of a theme that run, each with the sentence that its --help begins with."""
    for file in sorted(ROOT.joinpath(folder).glob("[!_]*.py")):
        if text := sentence(file):
            yield file, text


def sentence(file: Path) -> str | None:
    """Return the first sentence that a file, or the one whose ``main`` it calls, says of itself.

    It is read, not run: to import every experiment would take seconds.
    """
    lender = None
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", None))
            words = [keyword.value for keyword in node.keywords if keyword.arg == "description"]
            for word in words + (node.args[:1] if called in ("main", "Parser") else []):
                if isinstance(word, ast.Call) and word.args:  # latido's Text("…"), in two languages
                    word = word.args[0]
                if isinstance(word, ast.Constant):
                    return f"{word.value.partition('. ')[0].rstrip('.')}."
        elif isinstance(node, ast.ImportFrom) and "main" in {name.name for name in node.names}:
            lender = ROOT.joinpath(*node.module.split(".")).with_suffix(".py")
    return lender and sentence(lender)


def find(name: str) -> Path | None:
    """Return the file of an experiment: `signals/float_limits`, its last part, an old name."""
    name = name.removesuffix(".py")
    name = RENAMED.get(name, name)
    for known, file in files().items():
        if name in (known, file.stem):
            return file
    return None


def files() -> dict[str, Path]:
    """Map the names of what can be run, as `signals/float_limits`, to their files."""
    found = [file for folder in THEMES for file in sorted(ROOT.joinpath(folder).glob("[!_]*.py"))]
    found = [file for file in found if file.stem != "english"]  # of which each theme has one
    return {file.relative_to(ROOT).with_suffix("").as_posix(): file for file in found}


def refuse(name: str) -> NoReturn:
    """Say in one line that there is no such experiment, and which one may be meant; code 2."""
    names = {file.stem: file.stem for file in files().values()} | RENAMED
    near = {names[match]: None for match in difflib.get_close_matches(Path(name).stem, names)}
    hint = f"¿Querías decir {' o '.join(f'«{match}»' for match in near)}? " if near else ""
    fail(f"no hay ningún experimento «{name}». {hint}Con «python {ROOT.name}» los ves todos.")


def tell_new_command(old: str, *arguments: str) -> NoReturn:
    """Say in one line what to type instead of a command of before the themes; code 2."""
    if not (file := find(Path(old).name)):
        refuse(old)
    new = Path(old).parent / file.relative_to(ROOT)
    fail(f"«{old}» ha cambiado de sitio. Escribe: {shlex.join(['python', str(new), *arguments])}")


def fail(line: str) -> NoReturn:
    """Print what is wrong with the input; exit code 2."""
    print(f"{ROOT.name}: {language().say(line)}", file=sys.stderr)
    raise SystemExit(2)


# What an environment does at each start, before it looks for the file that it is to run: one
# that lay in snippets/, and does no more, is handed to this door. It is one line, for that is
# what a .pth file takes. It buys a true answer to every command that a reader has noted, without
# 45 files that do nothing else, for 0.1 ms of the 12 that Python takes to start. Drop it when
# nobody has those commands any more, or when Python gives up code in .pth files: they then get
# Python's own "can't open file", as they do from a Python that make has not set up.
HAND_OVER = """\
import os, sys; old = sys.argv[0]; \
old.endswith(".py") and not os.path.exists(old) \
and os.path.realpath(os.path.dirname(old)) == {root!r} \
and os.execv(sys.executable, [sys.executable, {root!r}, "--moved", *sys.argv])
"""


def teach_environment() -> None:
    """Have the Python that runs this find what lies in snippets/, from any folder."""
    file = Path(sysconfig.get_path("purelib"), "book.pth")
    file.write_text(f"{ROOT}\n{HAND_OVER.format(root=str(ROOT))}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Make the notebook that a chapter offers useful away from the book.

MyST-NB's own has the directives of the page as raw text, its figures hidden (they were glued)
and imports that only work inside the project. Here figures and numbers are put where Jupyter
shows them, and the first cells write the project's files beside the notebook, so that it runs
in an empty folder. Of a cell that says more about the book than about its subject, such as that
of the verdicts, only the result comes along.
"""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from editions import GLUED
from lab.provenance import read_module
from tongue import LANGUAGE, say

INTRODUCTION = """# Antes de empezar

Este cuaderno es un capítulo del libro «Inicialización de pesos y funciones de activación», con \
sus resultados. Para mirarlo no hace falta nada más.

Para ejecutarlo necesitas Python 3.11, 3.12 o 3.13 y estos paquetes: `{packages}`. Las celdas \
que siguen escriben junto al cuaderno los archivos del libro que el capítulo usa; ejecútalas \
una vez. Después, cámbialos y vuelve a ejecutar el capítulo."""

BOOK_ONLY = "book-only"  # the tag of a cell of which only the result comes along
PLACE = "PACKAGES"  # in the introduction, as it is translated
RESULT = "*Lo que sigue viene ya hecho: el código que lo hace se queda en el libro.*"

ROLE = re.compile(r"\{([\w:-]+)\}`([^`<]*?)\s*(?:<([^`>]*)>)?`")
FIGURE = re.compile(r"```\{glue:figure\} (\S+)\n(.*?)```", re.DOTALL)
LABORATORY = re.compile(r"```\{(?:laboratory|raw)\}.*?```", re.DOTALL)
NO_LABORATORY = "*Los mandos están en la página del libro, que calcula en el navegador.*"
FENCE = re.compile(r"^(`{3,}|:{3,})\{([\w:-]+)\} ?(.*)$")
OPTION = re.compile(r"^:[\w-]+:.*$")
LINK = re.compile(r"</?a\b[^>]*>")
# Instrument → the one that asks for it, during a build alone; a sixth of what chapter 1 would write
BUILD_ONLY = {"provenance": "store", "panels": "figures"}
# What an instrument answers to whoever runs it, as nobody does beside a notebook
GUARD = re.compile(
    r'\n+if __name__ == "__main__":\n +from lab import not_an_experiment\b.*', re.DOTALL
)
LABEL = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)


def portable(notebook: NotebookNode, snippets: Path, needed: Iterable[str]) -> NotebookNode:
    """Return a copy that reads well in Jupyter and runs in an empty folder.

    `needed` are the packages that its cells need and the project's files, relative to the
    folder `snippets` (`lab.provenance.dependencies`).
    """
    notebook = nbformat.from_dict(notebook)
    values = glued_values(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain_markdown(cell.source, values)
        else:
            cell.outputs = [shown for output in cell.outputs if (shown := unglued(output))]
    notebook.cells = [result(cell) if is_book_only(cell) else cell for cell in notebook.cells]
    notebook.cells[:0] = preparation(snippets, needed)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # the same at every build; else they are made at random
    return notebook


def is_book_only(cell: NotebookNode) -> bool:
    """Say whether only the result of a cell comes along, and not its code."""
    return BOOK_ONLY in cell.metadata.get("tags", ())


def result(cell: NotebookNode) -> NotebookNode:
    """Return a cell of text with the tables that a cell of code shows."""
    tables = [html for output in cell.outputs if (html := output.get("data", {}).get("text/html"))]
    return new_markdown_cell("\n\n".join([say(RESULT), *(LINK.sub("", table) for table in tables)]))


def glued_values(notebook: NotebookNode) -> dict[str, str]:
    """Return the text of everything that the cells glue, by name."""
    return {
        output.metadata.scrapbook.name: output.data.get(f"{GLUED}text/plain", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "scrapbook" in output.get("metadata", {})
    }


def unglued(output: NotebookNode) -> NotebookNode | None:
    """Return an output as Jupyter shows it: a glued figure appears, a glued number does not."""
    if "scrapbook" not in output.get("metadata", {}):
        return output
    figure = output.data.get(f"{GLUED}text/html")
    if figure is None:
        return None
    return nbformat.v4.new_output("display_data", {"text/html": figure})


def plain_markdown(source: str, values: dict[str, str]) -> str:
    """Return MyST as Markdown that Jupyter understands: no labels, roles or directives."""

    def role(match: re.Match) -> str:
        kind, text, target = match.groups()
        if kind == "glue:text":
            return formatted(text, values)
        if kind == "numref":
            return say("figura")
        if kind.startswith("cite:"):
            return f"[{text}]"
        return text or target

    source = FIGURE.sub(lambda match: caption(match[2]), LABEL.sub("", source))
    source = ROLE.sub(role, LABORATORY.sub(say(NO_LABORATORY), source))
    lines, fences = [], []
    for line in source.splitlines():
        if fence := FENCE.match(line):
            mark, kind, title = fence.groups()
            # Code from a file stands in the cells above; name the file.
            title = f"`{Path(title).name}`" if kind == "literalinclude" else title
            fences.append(mark)
            lines.append(f"**{title}**" if title else "")
        elif fences and line.strip() == fences[-1]:
            fences.pop()
        elif not (fences and OPTION.match(line)):
            lines.append(line)
    return "\n".join(lines).strip()


def caption(body: str) -> str:
    """Return the caption of a figure, in italics."""
    lines = [line for line in body.splitlines() if line.strip() and not OPTION.match(line)]
    return f"*{' '.join(lines)}*"


def formatted(text: str, values: dict[str, str]) -> str:
    """Return what {glue:text}`name:format` stands for; the name, if nothing was glued."""
    name, _, spec = text.partition(":")
    if name not in values:  # the chapter failed, and its page says so
        return name
    return format(ast.literal_eval(values[name]), spec) if spec else values[name]


def preparation(snippets: Path, needed: Iterable[str]) -> list[NotebookNode]:
    """Return the cells that explain what the notebook needs and write its project files."""
    files = {name for name in needed if name.endswith(".py")}
    if LANGUAGE == "es":
        files = {name for name in files if Path(name).name != "english.py"}
    packages = " ".join(sorted(set(needed) - files - {"python"}))
    packages = packages.replace("tensorflow_cpu", "tensorflow")  # its name everywhere
    introduction = say(INTRODUCTION.format(packages=PLACE)).replace(PLACE, packages)
    cells = [new_markdown_cell(introduction)]
    sources = {
        file: GUARD.sub("", (snippets / file).read_text(encoding="utf-8")) for file in sorted(files)
    }
    for module, only in BUILD_ONLY.items():
        others = (source for file, source in sources.items() if file != f"lab/{only}.py")
        if not any(asks_for(f"lab.{module}", source) for source in others):
            sources.pop(f"lab/{module}.py", None)
    if folders := sorted({Path(file).parent.as_posix() for file in sources} - {"."}):
        lines = [f'Path("{folder}").mkdir(parents=True, exist_ok=True)' for folder in folders]
        lines = ["from pathlib import Path", "", *lines]
        if LANGUAGE != "es":
            lines = ["import os", *lines, "", f'os.environ["LAB_LANG"] = "{LANGUAGE}"']
        cells.append(new_code_cell("\n".join(lines)))
    for file, source in sources.items():
        # The magic refuses an empty body.
        cells.append(new_code_cell(f"%%writefile {file}\n{source.rstrip() or '#'}"))
        cells[-1].metadata["jupyter"] = {"source_hidden": True}
    return cells


def asks_for(module: str, source: str) -> bool:
    """Say whether code imports a module, or something from it; broken code does not."""
    _, imported = read_module(source.encode())
    return any(f"{name}.".startswith(f"{module}.") for name in imported)

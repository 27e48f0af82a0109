"""What a result was computed with: a digest of code and package versions.

A figure is as old as the code behind it. The digest covers every project module that some
code reaches through its imports, as syntax trees without comments and docstrings, and the
version of every installed package that those modules import. It changes exactly when one of
them changes, so it can name the folder where a result is kept.

Imports are read from the source and nothing is executed. Hence the limit: data files and
modules whose name is made up at run time (``importlib.import_module(name)``) are not seen.
"""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path

# A package whose numbers come from another one, which the code may never import by name.
BACKENDS = {"keras": ["tensorflow"]}

distributions = cache(packages_distributions)  # it reads the metadata of every package


def code_digest(names: Iterable[str], root: Path) -> str:
    """Return 16 hexadecimal digits that stand for all that `names` depend on.

    `names` are dotted module names, or names inside modules (``lab.probe.measure``); `root`
    is the folder where the project's own modules lie.
    """
    return hashlib.sha256(repr(sorted(dependencies(names, root).items())).encode()).hexdigest()[:16]


def dependencies(names: Iterable[str], root: Path) -> dict[str, str]:
    """Map each file (relative to `root`) and each package that `names` reach to its state.

    The state of a file is a digest of its code, the state of a package its version. A name
    that belongs to neither, such as one of the standard library, is left out: the version of
    Python stands for those.
    """
    found = {"python": "{}.{}".format(*sys.version_info)}
    pending = list(names)
    seen = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        if files := module_files(name, root):
            for path in files:
                relative = path.relative_to(root)
                code, imported = read_module(path.read_bytes(), relative.parent.parts)
                found[relative.as_posix()] = code
                pending.extend(imported)
        else:
            package = name.partition(".")[0]
            pending.extend(BACKENDS.get(package, ()))
            for distribution in distributions().get(package, ()):
                found[distribution] = version(distribution)
    return found


def module_files(name: str, root: Path) -> list[Path]:
    """Return the files that ``import name`` runs: the module and the packages around it."""
    files = []
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        base = root.joinpath(*parts[:depth])
        candidates = (base / "__init__.py", base.with_suffix(".py"))
        files.extend([path for path in candidates if path.is_file()][:1])
    return files


@cache
def read_module(source: bytes, package: tuple[str, ...] = ()) -> tuple[str, frozenset[str]]:
    """Return the digest of a module's code and the names that it imports.

    `package` is the package of the module, part by part; relative imports start from it. A
    module that does not parse counts byte by byte and imports nothing: whoever runs it will
    see the error in its place.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return hashlib.sha256(source).hexdigest(), frozenset()
    imported = frozenset(imported_names(tree, package))
    remove_docstrings(tree)
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest(), imported


def imported_names(tree: ast.AST, package: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the dotted names that the import statements of `tree` ask for, at any depth.

    ``from lab import probe`` yields ``lab.probe``, which may be a module or something that
    lies inside ``lab``: only the file system knows.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (node.module,) if node.module else ()
            yield from (".".join((*base, *module, alias.name)) for alias in node.names)


def remove_docstrings(tree: ast.AST) -> None:
    """Drop the docstrings of `tree`, in place."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]

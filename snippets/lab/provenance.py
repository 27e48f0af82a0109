"""What a result was computed with: a digest of code and package versions.

A figure is as old as the code behind it. The digest covers every project module that some
code reaches through its imports, as syntax trees without comments and docstrings, and the
version of every installed package that those modules import. It changes exactly when one of
them changes, so it can name the folder where a result is kept.

A page depends on whole modules (``dependencies``). A measurement depends on less, on the
definitions that it uses (``definitions``): who edits how a result is drawn does not want to
train its networks again.

The code is read and not executed. Hence the limits: data files, modules whose name is made
up at run time (``importlib.import_module(name)``) and, for definitions, decorators that put
what they decorate into a table are not seen. A test keeps what is measured free of them.
"""

# Coarser, by whole modules, each new drawing would train its networks again. What is not seen,
# no measurement uses: tests/test_provenance.py fails if one begins to.

import ast
import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

# A package whose numbers come from another one, which the code may never import by name.
BACKENDS = {"keras": ["tensorflow"]}

# Both read files, and what is installed does not change while a process runs.
distributions = cache(metadata.packages_distributions)
version = cache(metadata.version)


def definition_digest(name: str, root: Path) -> str:
    """Return 16 hexadecimal digits that stand for all that one definition depends on.

    `name` is that of a function, class or value of a module, as in ``lab.probe.Probe``.
    """
    return _digest(definitions(name, root))


def _digest(states: dict[str, str]) -> str:
    return hashlib.sha256(repr(sorted(states.items())).encode()).hexdigest()[:16]


def dependencies(names: Iterable[str], root: Path, reader=None) -> dict[str, str]:
    """Map each file (relative to `root`) and each package that `names` reach to its state.

    `names` are dotted module names, or names inside modules (``lab.probe.measure``); `root`
    is the folder where the project's own modules lie. The state of a file is a digest of its
    code, the state of a package its version. A name that belongs to neither, such as one of
    the standard library, is left out: the version of Python stands for those. `reader` stands
    in for `read_module`, by someone who remembers what it answered in another process.
    """
    reader = reader or read_module

    def read(name, files):
        for path in files:
            relative = path.relative_to(root)
            code, imported = reader(path.read_bytes(), relative.parent.parts)
            yield relative.as_posix(), code, imported

    return _follow(names, root, read)


def definitions(name: str, root: Path) -> dict[str, str]:
    """Map each definition (``lab/probe.py:Probe``) and package that `name` reaches to its state.

    Of a module that is used by its attributes, as in ``probe.Probe(network)``, those count,
    with what they use, and what the module runs when it is imported; of a module that is
    handed on whole, and of one that does not parse, everything.
    """

    def read(name, files):
        for path in files:
            relative = path.relative_to(root)
            module = relative.with_suffix("").parts
            inside = module[:-1] if module[-1] == "__init__" else module
            parts = read_definitions(path.read_bytes(), inside, relative.parent.parts)
            # What follows the module's own name, unless this is a package around the module.
            wanted = name.split(".")[len(inside) :][:1] if path == files[-1] else [""]
            if not parts.keys() >= set(wanted) or not wanted:
                wanted = parts
            for part in {"", *wanted} & parts.keys():
                yield (f"{relative.as_posix()}:{part}", *parts[part])

    return _follow([name], root, read)


def _follow(names: Iterable[str], root: Path, read) -> dict[str, str]:
    """Collect the states of `names` and of what they lead to, in the project's files and outside.

    ``read(name, files)`` yields what the name stands for: a key, its state, the next names.
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
            for key, state, reached in read(name, files):
                found[key] = state
                pending.extend(reached)
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


@cache
def read_definitions(
    source: bytes, module: tuple[str, ...], package: tuple[str, ...] = ()
) -> dict[str, tuple[str, frozenset[str]]]:
    """Map each name that a module defines to the digest of its code and the names it uses.

    The empty name stands for what the module does when it is imported, beside defining. What
    only runs when the module is a script (``if __name__ == "__main__":``) is left out. `module`
    and `package` are the dotted names of the module and of its package, part by part.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {"": read_module(source, package)}
    remove_docstrings(tree)
    imported = {}
    statements, script = [], []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imported |= imported_as(statement, package)
        elif isinstance(statement, ast.If) and "__main__" in ast.unparse(statement.test):
            script.append(statement)
        else:
            statements.append((statement, list(bound_names(statement))))
    own = {name: ".".join((*module, name)) for _, names in statements for name in names}

    codes, used = defaultdict(list), defaultdict(set)
    defining = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
    for statement, names in statements:
        reached = used_names(statement, own | imported, package)
        for name in names if names and isinstance(statement, defining) else [*names, ""]:
            codes[name].append(ast.dump(statement))
            used[name] |= reached
    # What only the script uses is not imported for what its import does.
    everything = set().union(*used.values())
    everything |= {name for part in script for name in used_names(part, own | imported, package)}
    for name, target in imported.items():
        codes[name].append(target)
        used[name].add(target)
        if not any(f"{reached}.".startswith(f"{target}.") for reached in everything):
            used[""].add(target)  # imported for what its import does
    return {
        name: (hashlib.sha256(repr(codes[name]).encode()).hexdigest(), frozenset(used[name]))
        for name in codes.keys() | used.keys()
    }


def bound_names(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement of a module defines there."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def used_names(tree: ast.AST, outside: dict[str, str], package: tuple[str, ...]) -> set[str]:
    """Return the dotted names that `tree` uses, of what it imports and of `outside`.

    `outside` maps the names that the module knows to the dotted names that they stand for.
    """
    local = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            local |= imported_as(node, package)
    used = {target for name, target in local.items() if "." in name or "*" in target}
    known = outside | local
    left = set(local)
    inner = set()  # the beginnings of longer chains of attributes
    for node in ast.walk(tree):
        if id(node) in inner:
            continue
        chain = []
        while isinstance(node, ast.Attribute):
            chain.append(node.attr)
            node = node.value
            inner.add(id(node))
        if isinstance(node, ast.Name) and node.id in known:
            used.add(".".join((known[node.id], *reversed(chain))))
            left.discard(node.id)
    return used | {local[name] for name in left}


def imported_as(statement: ast.Import | ast.ImportFrom, package: tuple[str, ...]) -> dict[str, str]:
    """Map the names that an import statement defines to the dotted names they stand for.

    ``import a.b`` defines ``a`` and is listed under ``a.b`` too.
    """
    names = {}
    targets = imported_names(statement, package)
    for alias, target in zip(statement.names, targets, strict=True):
        names[alias.asname or alias.name] = target
        if isinstance(statement, ast.Import) and not alias.asname:
            first = alias.name.partition(".")[0]
            names[first] = first
    return names


def imported_names(tree: ast.AST, package: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the dotted names that the import statements of `tree` ask for, at any depth.

    ``from lab import probe`` yields ``lab.probe``, which may be a module or something that
    lies inside ``lab``: only the file system knows.
    """
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (node.module,) if node.module else ()
            yield from (".".join((*base, *module, alias.name)) for alias in node.names)


def remove_docstrings(tree: ast.AST) -> None:
    """Drop the docstrings of `tree`, in place."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in statements(tree):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield `tree` and what stands inside it in lines of its own; expressions are left out."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            inside = getattr(node, block, ())
            pending.extend(inside if isinstance(inside, list) else ())


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

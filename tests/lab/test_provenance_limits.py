"""Nothing that is measured uses what provenance does not see, so no digest promises too much."""

import ast

import pytest
from conftest import ROOT

from lab import provenance

SNIPPETS = ROOT / "snippets"
MACHINERY = (
    "lab/store.py",
    "lab/units.py",
    "lab/provenance.py",
)  # reads the project's files as such
NAMES_AT_RUN_TIME = {"__import__", "eval", "exec", "import_module", "runpy"}
FILES = {"__file__", "open", "read_bytes", "read_csv", "read_json", "read_text"}
LOOKS = {"getattr", "vars"}


def measurements(root):
    """Yield the dotted names of the functions whose results are kept: measurements and units."""
    for path in sorted(root.rglob("*.py")):
        tree, module = ast.parse(path.read_text()), path.relative_to(root).with_suffix("").parts
        for node in tree.body:
            decorators = map(ast.unparse, getattr(node, "decorator_list", ()))
            if "store.measurement" in decorators:
                yield ".".join((*module, node.name))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "units.map":
                yield ".".join((*module, ast.unparse(node.args[0])))


def unseen(names, root):
    """Return what the definitions behind some names use and provenance does not follow."""
    keys = {key for name in names for key in provenance.definitions(name, root) if ":" in key}
    found = set()
    for file, part in (key.split(":") for key in keys):
        if file in MACHINERY:
            continue
        tree = ast.parse((root / file).read_text())
        known = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                known |= provenance.imported_as(node, (root / file).relative_to(root).parent.parts)
        for statement in tree.body:
            if part in provenance.bound_names(statement):
                found |= {(file, part, use) for use in uses(statement, known, root)}
    return sorted(found)


def uses(statement, known, root):
    """Yield how a definition escapes provenance, with the names that its module knows."""
    for node in ast.walk(statement):
        name = getattr(node, "id", None) or getattr(node, "attr", None)
        # os.open is a channel, not a file of the project
        if name in NAMES_AT_RUN_TIME | FILES and ast.unparse(node) != "os.open":
            yield name
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in LOOKS and node.args:
            target = known.get(ast.unparse(node.args[0]), "")
            files = provenance.module_files(target, root)
            if files and files[-1].stem in (target.rpartition(".")[2], "__init__"):
                yield f"{node.func.id}({target})"
        for decorator in getattr(node, "decorator_list", ()):
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            first, _, rest = ast.unparse(called).partition(".")
            target = f"{known.get(first, first)}.{rest}".rstrip(".")
            ours = first not in known or provenance.module_files(target, root)
            if ours and target not in KEEPING | BUILT_IN:
                yield f"@{target}"


#: They keep what a function returned, and change nothing of it.
KEEPING = {"lab.store.measurement", "lab.units.kept"}
BUILT_IN = {"classmethod", "property", "staticmethod"}


def test_nothing_that_is_measured_escapes_provenance():
    names = list(measurements(SNIPPETS))
    assert len(names) > 40
    # What the diagnosis does stands, name by name, in test_provenance.HARMLESS.
    assert [use for use in unseen(names, SNIPPETS) if not use[0].startswith("latido/")] == []


@pytest.mark.parametrize(
    ("code", "use"),
    [
        ("import importlib\ndef measure(): return importlib.import_module('x')", "import_module"),
        ("from pathlib import Path\ndef measure(): return Path(__file__).read_text()", "read_text"),
        ("import pandas as pd\ndef measure(): return pd.read_csv('x.csv')", "read_csv"),
        (
            "from lab import model\ndef measure(): return getattr(model, 'relu')",
            "getattr(lab.model)",
        ),
        ("from lab import model\n@model.listed\ndef measure(): return 1", "@lab.model.listed"),
        ("def listed(f): return f\n@listed\ndef measure(): return 1", "@listed"),
    ],
)
def test_an_escape_is_found(tmp_path, code, use):
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "__init__.py").touch()
    (tmp_path / "lab" / "model.py").write_text("TABLE = []\ndef listed(f): TABLE.append(f)\n")
    (tmp_path / "experiment.py").write_text(code)
    assert ("experiment.py", "measure", use) in unseen(["experiment.measure"], tmp_path)


def test_what_provenance_follows_is_no_escape(tmp_path):
    (tmp_path / "experiment.py").write_text(
        "import functools, keras\n"
        "@functools.cache\n"
        "def helper(name): return getattr(keras.initializers, name)\n"
        "def measure(table): return helper(getattr(table, 'loss'))\n"
    )
    assert unseen(["experiment.measure"], tmp_path) == []

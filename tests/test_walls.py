"""The arrows between the rooms of snippets/ that must never exist."""

import ast
import sys

import pytest
from conftest import ROOT

from lab import provenance

SNIPPETS = ROOT / "snippets"
READ_BY_MANY = ("gradient_flow", "depth_sweep", "training_grid", "trainable_depth")
AT_THE_TOP = (*READ_BY_MANY, "scaled_weights", "before_after")
THEMES = (
    *("signals", "activations", "initializers", "pairs", "clinic"),
    *("layers", "transformer", "width"),
)
STATEMENTS = "verdicts.statements"

#: Modules (a name stands for all below it) → the only ones of the project that they may import.
ONLY = {
    ("latido",): ("latido",),
    ("lab",): ("lab",),
    AT_THE_TOP: ("lab", *AT_THE_TOP),
    **{(theme,): ("lab", *READ_BY_MANY, theme) for theme in THEMES},
    ("reproductions",): ("lab", *AT_THE_TOP, *THEMES, "reproductions"),
    # They hold names of data and no data.
    (STATEMENTS,): ("verdicts.statement", "verdicts.rules", "verdicts.effects", STATEMENTS),
}
#: Module → the only ones that may import it. (So may the pages of the book.)
ONLY_BY = {"verdicts.page": ("verdicts.judge_all",)}


def within(module, rooms):
    """Tell whether a module is one of ``rooms`` or lies in one."""
    return any(f"{module}.".startswith(f"{room}.") for room in rooms)


def arrows(root):
    """Yield (module, module that it imports) for the files in ``root``.

    What a file does only when it is run, to say what it is, ties it to nothing.
    """

    def name(path):
        parts = path.relative_to(root).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    for path in sorted(root.rglob("*.py")):
        package = path.relative_to(root).parent.parts
        tree = ast.parse(path.read_text())
        tree.body = [
            part
            for part in tree.body
            if not (isinstance(part, ast.If) and "__main__" in ast.unparse(part.test))
        ]
        for imported in provenance.imported_names(tree, package):
            if files := provenance.module_files(imported, root):
                yield name(path), name(files[-1])


def crossings(root):
    """Return the arrows that go through a wall."""
    return [
        (source, target)
        for source, target in arrows(root)
        if any(within(source, rooms) and not within(target, ONLY[rooms]) for rooms in ONLY)
        or any(target == room and not within(source, ONLY_BY[room]) for room in ONLY_BY)
    ]


def shadows(root):
    """Return the files that would hide a module of Python's from a script beside them."""
    return [path for path in root.rglob("*.py") if path.stem in sys.stdlib_module_names]


def test_no_arrow_goes_through_a_wall():
    assert crossings(SNIPPETS) == []


def test_no_file_bears_the_name_of_a_module_of_python():
    assert shadows(SNIPPETS) == []


ROOMS = ("lab.data", "latido.rules", *AT_THE_TOP, *(f"{theme}.one" for theme in THEMES))
ROOMS += ("reproductions.he2015", "verdicts.page", "verdicts.effects", "verdicts.judge_all")
ROOMS += (f"{STATEMENTS}.he", "signals.two", "verdicts.statement")


@pytest.fixture
def house(tmp_path):
    """Return what builds a small house whose one arrow is planted by an import statement."""

    def build(source, statement):
        for module in ROOMS:
            path = tmp_path.joinpath(*module.split(".")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            (path.parent / "__init__.py").touch()
            path.write_text(f"def measure():\n    {statement}\n" if module == source else "")
        return tmp_path

    return build


@pytest.mark.parametrize(
    ("source", "statement", "target"),
    [
        ("latido.rules", "from lab import data", "lab.data"),
        ("latido.rules", "from signals.one import measure", "signals.one"),
        ("latido.rules", "import gradient_flow as flow", "gradient_flow"),
        ("lab.data", "import latido.rules", "latido.rules"),
        ("lab.data", "from gradient_flow import measure", "gradient_flow"),
        ("lab.data", "from verdicts import effects", "verdicts.effects"),
        ("signals.one", "from pairs import one", "pairs.one"),
        ("signals.one", "from ..pairs import one", "pairs.one"),
        ("pairs.one", "import before_after", "before_after"),
        ("clinic.one", "from reproductions import he2015", "reproductions.he2015"),
        ("gradient_flow", "from verdicts import effects", "verdicts.effects"),
        ("before_after", "from signals import one", "signals.one"),
        ("reproductions.he2015", "from verdicts import statement", "verdicts.statement"),
        (f"{STATEMENTS}.he", "import gradient_flow", "gradient_flow"),
        (f"{STATEMENTS}.he", "from lab import data", "lab.data"),
        (f"{STATEMENTS}.he", "from verdicts import page", "verdicts.page"),
        ("verdicts.effects", "from verdicts.page import measure", "verdicts.page"),
    ],
)
def test_a_wrong_arrow_is_found(house, source, statement, target):
    assert crossings(house(source, statement)) == [(source, target)]


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("signals.one", "import json, gradient_flow; from lab import data"),
        ("signals.one", "from signals import two"),
        ("before_after", "import gradient_flow"),
        ("reproductions.he2015", "from signals import one; import before_after"),
        (f"{STATEMENTS}.he", "from verdicts import effects, statement"),
        ("verdicts.effects", "from signals import one"),
        ("verdicts.judge_all", "from verdicts import page"),
    ],
)
def test_a_right_arrow_is_let_through(house, source, statement):
    root = house(source, statement)
    assert crossings(root) == []
    assert source in {source for source, _ in arrows(root)}


def test_a_file_named_like_a_module_of_python_is_found(house, tmp_path):
    root = house("", "")
    assert shadows(root) == []
    (root / "lab" / "statistics.py").touch()
    assert shadows(root) == [root / "lab" / "statistics.py"]

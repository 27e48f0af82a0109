"""The digest changes exactly when code that is reached, or a version, changes."""

import ast

import pytest
from conftest import ROOT

from lab import provenance

FILES = {
    "experiment.py": '''
"""An experiment."""
from lab import model
def measure():
    """Measure."""
    from lab.deep import probe  # late
    import numpy
    return probe, model, numpy
''',
    "other.py": "import json\nVALUE = 1\n",
    "lab/__init__.py": "",
    "lab/model.py": "from . import names\nfrom .names import RELU\nimport keras\n",
    "lab/names.py": "RELU = 'relu'\n",
    "lab/deep/__init__.py": "START = 1\n",
    "lab/deep/probe.py": "from ..stats import rms\nfrom . import START\n",
    "lab/stats.py": "class Rms:\n    '''Root mean square.'''\n    power = 2\nrms = Rms()\n",
    "lab/unused.py": "VALUE = 1\n",
}

REACHED = [
    "experiment.py",
    "lab/__init__.py",
    "lab/deep/__init__.py",
    "lab/deep/probe.py",
    "lab/model.py",
    "lab/names.py",
    "lab/stats.py",
]


@pytest.fixture
def project(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def packages(monkeypatch):
    """Say which packages are installed, by the name that one imports, and their versions."""
    installed = {"numpy": "2.0", "keras": "3.0", "tensorflow_cpu": "2.20", "scipy": "1.0"}
    providers = {"tensorflow": ["tensorflow_cpu"]} | {name: [name] for name in installed}
    monkeypatch.setattr(provenance, "distributions", lambda: providers)
    monkeypatch.setattr(provenance, "version", installed.__getitem__)
    return installed


def test_dependencies_are_what_the_code_reaches(project, packages):
    found = provenance.dependencies(["experiment"], project)
    assert sorted(name for name in found if name.endswith(".py")) == REACHED
    assert {name: found[name] for name in packages if name in found} == {
        "numpy": "2.0",
        "keras": "3.0",
        "tensorflow_cpu": "2.20",  # nothing imports it, Keras runs on it
    }


@pytest.mark.parametrize("name", [name for name in FILES if FILES[name]])
def test_code_counts_where_it_is_reached(project, packages, name):
    before = provenance.dependencies(["experiment"], project)
    (project / name).write_text(FILES[name] + "\nADDED = 1\n")
    after = provenance.dependencies(["experiment"], project)
    assert (before != after) == (name in REACHED)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("experiment.py", "An experiment.", "The experiment."),
        ("experiment.py", '    """Measure."""\n', ""),
        ("experiment.py", "# late", "# only here"),
        ("lab/stats.py", "Root mean square", "Root of the mean of the squares"),
        ("lab/stats.py", "power = 2", "power   =   2\n"),
    ],
)
def test_comments_docstrings_and_layout_do_not_count(project, packages, name, old, new):
    before = provenance.dependencies(["experiment"], project)
    text = (project / name).read_text()
    assert old in text
    (project / name).write_text(text.replace(old, new))
    assert provenance.dependencies(["experiment"], project) == before


EXPERIMENT = '''
import command
import late
import lab.tools as tools
from lab import model, stats as st
from lab.names import *

WIDTH = 4
WIDTH += 1
HEIGHT = 2
tools.TABLE["a"] = 1

def measure():
    """Measure."""
    from lab.deep import probe
    helper()
    return tools.add(st.rms), probe.measure(WIDTH)

def helper():
    import effect
    return RELU

def draw():
    import figures
    return model.mlp(HEIGHT)

if __name__ == "__main__":
    command.run(draw())
'''
MODULES = {
    "experiment.py": EXPERIMENT,
    "command.py": "def run(what):\n    print(what)\n",
    "late.py": "print('imported for what it does')\n",
    "effect.py": "VALUE = 1\n",
    "figures.py": "VALUE = 1\n",
    "lab/__init__.py": "",
    "lab/tools.py": (
        "TABLE = {}\none = 1\ndef add(x):\n    return one + x\ndef other():\n    pass\n"
    ),
    "lab/model.py": "def mlp(height):\n    return height\n",
    "lab/stats.py": "import numpy as np\ndef rms(x):\n    return np.sqrt(x)\n",
    "lab/names.py": "RELU = 'relu'\n",
    "lab/deep/__init__.py": "from .probe import measure\n",
    "lab/deep/probe.py": "def measure(x):\n    return scale(x)\ndef scale(x):\n    return x\n",
}


@pytest.mark.parametrize(
    ("name", "old", "new", "counts"),
    [
        ("experiment.py", "Measure.", "The measurement.", False),
        ("experiment.py", "st.rms)", "st.rms) + 1", True),
        ("experiment.py", "return RELU", "return [RELU]", True),
        ("experiment.py", "WIDTH = 4", "WIDTH = 5", True),
        ("experiment.py", "WIDTH += 1", "WIDTH += 2", True),
        ("experiment.py", '["a"] = 1', '["a"] = 2', True),
        ("experiment.py", "HEIGHT = 2", "HEIGHT = 3", False),
        ("experiment.py", "return model", "return 2 * model", False),
        ("experiment.py", "command.run(draw())", "command.run(measure())", False),
        ("command.py", "print", "repr", False),
        ("experiment.py", "stats as st", "names as st", True),
        ("late.py", "print(", "print(1, ", True),
        ("effect.py", "1", "2", True),
        ("figures.py", "1", "2", False),
        ("lab/tools.py", "return one", "return 2 * one", True),
        ("lab/tools.py", "one = 1", "one = 2", True),
        ("lab/tools.py", "pass", "return 1", False),
        ("lab/model.py", "return height", "return 2 * height", False),
        ("lab/stats.py", "np.sqrt", "np.square", True),
        ("lab/names.py", "'relu'", "'elu'", True),
        ("lab/deep/probe.py", "return x", "return 2 * x", True),
        ("lab/deep/__init__.py", ".probe", ".other", True),
    ],
)
def test_a_definition_depends_on_what_it_uses(tmp_path, name, old, new, counts):
    for file, text in MODULES.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    before = provenance.definition_digest("experiment.measure", tmp_path)
    assert MODULES[name].count(old) == 1
    (tmp_path / name).write_text(MODULES[name].replace(old, new))
    assert (provenance.definition_digest("experiment.measure", tmp_path) != before) == counts


def test_a_definition_counts_the_versions_of_what_it_uses(project, packages):
    before = provenance.definition_digest("experiment.measure", project)
    packages["scipy"] = "99"
    assert provenance.definition_digest("experiment.measure", project) == before
    packages["tensorflow_cpu"] = "99"  # through lab.model, which measure hands on whole
    assert provenance.definition_digest("experiment.measure", project) != before


@pytest.mark.parametrize("broken", ["def f(:\n", "from lab import names as names\n"])
def test_a_definition_that_cannot_be_found_counts_the_whole_module(project, broken):
    (project / "lab/names.py").write_text(broken)
    before = provenance.definition_digest("lab.names.RELU", project)
    (project / "lab/names.py").write_text(broken + "MORE = 1\n")
    assert provenance.definition_digest("lab.names.RELU", project) != before


def test_a_string_that_is_no_docstring_counts(project, packages):
    before = provenance.dependencies(["lab.names"], project)
    (project / "lab/names.py").write_text("RELU = 'elu'\n")
    assert provenance.dependencies(["lab.names"], project) != before


@pytest.mark.parametrize(
    ("package", "counts"), [("numpy", True), ("tensorflow_cpu", True), ("scipy", False)]
)
def test_versions_count_where_the_package_is_imported(project, packages, package, counts):
    before = provenance.dependencies(["experiment"], project)
    packages[package] = "99"
    assert (provenance.dependencies(["experiment"], project) != before) == counts


@pytest.mark.parametrize("broken", [b"def f(:\n", b"x = 1\0\n", b"\xff\n"])
def test_a_module_that_does_not_parse_counts_byte_by_byte(project, packages, broken):
    (project / "lab/names.py").write_bytes(broken)
    before = provenance.dependencies(["experiment"], project)
    (project / "lab/names.py").write_bytes(broken + b"# more\n")
    assert provenance.dependencies(["experiment"], project) != before


def test_modules_that_import_each_other_come_to_an_end(tmp_path):
    (tmp_path / "one.py").write_text("import two\n")
    (tmp_path / "two.py").write_text("import one\n")
    assert {"one.py", "two.py"} <= set(provenance.dependencies(["one"], tmp_path))


def test_names_of_every_form_of_import():
    tree = ast.parse(
        "import a, b.c as d\nfrom e import f, g as h\nfrom i import *\n"
        "from . import j\nfrom ..k import l\nfrom .m.n import o\n"
    )
    assert set(provenance.imported_names(tree, ("p", "q"))) == {
        *("a", "b.c", "e.f", "e.g", "i.*"),
        *("p.q.j", "p.k.l", "p.q.m.n.o"),
    }


def test_versions_are_those_installed(tmp_path):
    (tmp_path / "uses.py").write_text("import numpy\n")
    import numpy

    assert provenance.dependencies(["uses"], tmp_path)["numpy"] == numpy.__version__


# --- what the digests cannot see ------------------------------------------------------------

SNIPPETS = ROOT / "snippets"
#: Decorators that put what they decorate nowhere
PLAIN = {
    *("cache", "cached_property", "classmethod", "contextmanager", "dataclass", "function"),
    *("kept", "lru_cache", "measurement", "property", "staticmethod", "wraps"),
}
#: Reads a file, or makes up the name of what it uses
UNSEEN = {
    *("__file__", "__import__", "environ", "eval", "exec", "getenv", "globals", "import_module"),
    *("locals", "modules", "run_path"),
    *(
        "fromfile",
        "genfromtxt",
        "joblib.load",
        "json.load",
        "loadtxt",
        "np.load",
        "open",
        "read_bytes",
        "read_csv",
        "read_json",
    ),
    *("read_pickle", "read_text"),
}
#: They keep what is measured, draw it or say it: no result depends on them.
NO_RESULTS = {
    *("lab/cli.py", "lab/figures.py", "lab/provenance.py", "lab/quiet_tensorflow.py"),
    *("lab/store.py", "lab/units.py"),
}
#: What those below do with the environment: say how TensorFlow computes, which the book's own
#: settings say too; find the data sets, whose content is fixed. What the diagnosis does: import
#: its own parts and the backend's when they are asked for, know what is imported already, keep an
#: error of its own from the reader's training, write what it has found, speak the language of the
#: environment.
HARMLESS = {
    *(("lab/__init__.py", "environ"), ("lab/data.py", "environ")),
    *(("latido/__init__.py", "import_module"), ("latido/engine.py", "import_module")),
    ("latido/batch.py", "modules"),
    *(("latido/monitor.py", "_never_ends_the_training"), ("latido/monitor.py", "open")),
    ("width/scaled_dense.py", "register_keras_serializable"),  # only for who saves the network
    ("latido/words.py", "environ"),
}


def measurements() -> list[str]:
    """Return the dotted names of the functions whose results are kept, units among them."""
    found = []
    for path in sorted(SNIPPETS.rglob("*.py")):
        tree = ast.parse(path.read_bytes())
        module = path.relative_to(SNIPPETS).with_suffix("").parts
        found += [
            ".".join((*module, node.name))
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
            and "measurement" in {last_name(decorator) for decorator in node.decorator_list}
        ]
        found += [
            ".".join((*module, ast.unparse(node.args[0])))
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "units.map"
        ]
    return found


def last_name(node: ast.AST) -> str:
    """Return ``c`` of ``a.b.c`` and of its call."""
    node = node.func if isinstance(node, ast.Call) else node
    return getattr(node, "attr", getattr(node, "id", ""))


def unseen(tree: ast.AST) -> set[str]:
    """Return what in `tree` a result may depend on without its digest knowing."""
    dotted = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found = ({last_name(node) for node in ast.walk(tree)} | dotted) & UNSEEN
    for node in ast.walk(tree):
        found |= {last_name(each) for each in getattr(node, "decorator_list", ())} - PLAIN
    return found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f():\n    return import_module(name).measure()", {"import_module"}),
        ("def f():\n    return sys.modules[name]", {"modules"}),
        ("TABLE = Path(__file__).with_suffix('.csv').read_text()", {"__file__", "read_text"}),
        ("def f():\n    with open(name) as file: pass", {"open"}),
        ("@experiments.register('a')\ndef f(): pass", {"register"}),
        ("@functools.cache\ndef f(): return np.sqrt(2)", set()),
    ],
)
def test_what_no_digest_sees_is_found(code, found):
    assert unseen(ast.parse(code)) == found


def test_no_measurement_depends_on_what_its_digest_cannot_see():
    names = measurements()
    assert len(names) > 30
    parts = set().union(*(provenance.definitions(name, SNIPPETS) for name in names))
    files = {file for file, _, part in (key.rpartition(":") for key in parts) if file} - NO_RESULTS
    found = {}
    for file in sorted(files):
        for statement in ast.parse((SNIPPETS / file).read_bytes()).body:
            script = isinstance(statement, ast.If) and "__main__" in ast.unparse(statement.test)
            if script or isinstance(statement, ast.Import | ast.ImportFrom):
                continue
            bound = set(provenance.bound_names(statement)) or {""}
            # A decorator acts when the module is imported, whether its function is reached or not.
            registers = bool(getattr(statement, "decorator_list", ()))
            reached = any(f"{file}:{name}" in parts for name in bound)
            if reached or registers:
                found |= {(file, what): statement.lineno for what in unseen(statement)}
    assert found.keys() == HARMLESS, found

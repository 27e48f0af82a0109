"""latido works where nothing else of the book is, and changes nothing for the program around it.

Each test runs programs of a reader in processes of their own, with a copy of the one folder.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import ROOT, missing

pytest.importorskip("tensorflow", reason="with which the tool is installed")
SNIPPETS = ROOT / "snippets"
PACKAGES = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]

NETWORK = """
import keras
import numpy as np

keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(100, 8)).astype("float32")
y = (x[:, 0] > 0).astype(int)
deep = [keras.layers.Dense(8, "sigmoid") for _ in range(8)]
model = keras.Sequential([keras.Input((8,)), *deep, keras.layers.Dense(2)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile("sgd", loss)
"""

UNCHANGED = (
    NETWORK
    + """
import argparse, contextlib, gc, gettext, io, locale, logging, os, random, sys, warnings
import matplotlib.pyplot as plt
import tensorflow as tf
from IPython.core.interactiveshell import InteractiveShell

InteractiveShell.history_length = 0
show = InteractiveShell.instance().display_formatter
plt.rcParams["lines.linewidth"] = 5
own, ax = plt.subplots()
ax.plot([1, 10, 100])
model.save("model.keras")
np.savez("data.npz", x=x, y=y)
model.fit(x, y, verbose=0)


def picture():
    file = io.BytesIO()
    own.savefig(file, format="png")
    return file.getvalue()


def state():
    loggers = [logging.getLogger(name) for name in ("", "absl", "tensorflow", "matplotlib")]
    return {
        "rcParams": dict(plt.rcParams),
        "figures": plt.get_fignums(),
        "the reader's figure": picture(),
        "what a notebook shows of it": show.format(own),
        "argparse": dict(vars(argparse)),
        "environment": dict(os.environ),
        "language": (locale.setlocale(locale.LC_ALL), dict(gettext._translations)),
        "meta_path": list(sys.meta_path),
        "path": list(sys.path),
        "warnings": list(warnings.filters),
        "logging": [(log.level, list(log.handlers), list(log.filters)) for log in loggers],
        "streams": (sys.stdout.errors, sys.stderr.errors, sys.excepthook, sys.displayhook),
        "collector": (gc.isenabled(), gc.get_threshold()),
        "random": (random.getstate(), str(np.random.get_state()), np.geterr()),
        "keras": (keras.config.floatx(), keras.config.is_traceback_filtering_enabled()),
        "tensorflow": tf.config.optimizer.get_experimental_options(),
    }


before = state()


def compare(when):
    now = state()
    for name in before:
        if now[name] != before[name]:
            print(f"after {when}: {name}")


import latido
compare("import latido")
from latido import SignalMonitor, examine
compare("from latido import …")
examine(model, x, y)
compare("examine")
examine(model, x, y, lang="en").into("es").table()
compare("two languages")
monitor = SignalMonitor(x, y, csv="looks.csv", log_dir="logs")
model.fit(x, y, epochs=2, verbose=0, callbacks=[monitor])
compare("a training under the monitor")
show.format(monitor.draw())
compare("draw")
monitor.report.table(), monitor.report.layers(), monitor.report.to_json()
compare("tables")
from latido.command import main
del before["random"]  # to load a model Keras draws seeds
with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
    print(main(["model.keras", "data.npz", "--output", "r.html"]), file=sys.stderr)
    main(["model.keras", "data.npz", "--lang", "en"])
compare("the command")
print("end")
"""
)

LIGHT = """
import sys

loaded = set(sys.modules)
import latido
assert latido.__version__ and "examine" in dir(latido)
from latido.command import make_parser
from latido.arguments import Parser
make_parser("es")
print(sorted({name.partition(".")[0] for name in set(sys.modules) - loaded} & {
    "keras", "matplotlib", "numpy", "pandas", "tensorflow", "lab",
}))
"""

BARE = (
    """
import sys

sys.modules |= {"pandas": None, "matplotlib": None}  # importing them is an ImportError
"""
    + NETWORK
    + """
from latido import SignalMonitor, examine

monitor = SignalMonitor(x, y, csv="looks.csv", log_dir="logs")
model.fit(x, y, verbose=0, callbacks=[monitor])
assert '"vanishing_signal"' in monitor.report.to_json()
for ask in (monitor.draw, monitor.report.table):
    try:
        ask()
    except ImportError as error:
        print(error.name.partition(".")[0])
print([finding.symptom for finding in examine(model, x, y).findings])
"""
)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Run a program beside a copy of latido, with the packages but without the book."""
    place = tmp_path_factory.mktemp("alone")
    shutil.copytree(
        SNIPPETS / "latido", place / "latido", ignore=shutil.ignore_patterns("__pycache__")
    )

    def run(program, *options, **environment):
        path = place / "program.py"
        path.write_text(
            f"import importlib.util\nassert not importlib.util.find_spec('lab')\n{program}"
        )
        return subprocess.run(
            # Without the files .pth of the environment, one of which names the book's folder.
            [sys.executable, "-S", path, *options],
            cwd=place,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith(("KERAS", "LAB"))},
                "PYTHONPATH": os.pathsep.join(PACKAGES),
                "PYTHONUTF8": "1",
                "MPLBACKEND": "agg",
                "IPYTHONDIR": str(place / "ipython"),
                "TF_CPP_MIN_LOG_LEVEL": "3",
                **environment,
            },
            capture_output=True,
            encoding="utf-8",
        )

    return run


def test_nothing_global_changes(alone):
    done = alone(UNCHANGED)
    assert done.stdout == "end\n", done.stderr
    assert done.stderr.endswith("guardado: r.html\n1\n")


def test_importing_it_imports_nothing_heavy(alone):
    done = alone(LIGHT)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_pandas_and_matplotlib_are_needed_for_tables_and_figures_alone(alone):
    done = alone(BARE)
    lines = done.stdout.splitlines()
    assert lines[:2] == ["matplotlib", "pandas"], done.stderr
    assert "vanishing_signal" in lines[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Install the package in a new environment, which has the book's packages at hand."""
    place = tmp_path_factory.mktemp("installed")
    project, home = place / "project", place / "environment"
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(SNIPPETS, project / "snippets", ignore=ignored)
    for name in ("pyproject.toml", "LICENSE", "conf.py"):
        shutil.copy(ROOT / name, project)
    build = "from setuptools.build_meta import build_wheel; build_wheel('.')"
    subprocess.run([sys.executable, "-c", build], cwd=project, check=True, capture_output=True)
    (wheel,) = project.glob("*.whl")
    made = subprocess.run([sys.executable, "-m", "venv", home], capture_output=True)
    if made.returncode:
        missing("un entorno nuevo: este Python no trae ensurepip")
    python = home / Path(sys.executable).parent.name / Path(sys.executable).name
    # As if they were installed there; the file that names the book's folder is not read again.
    folder = ask(python, "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    (Path(folder) / "packages.pth").write_text("\n".join(PACKAGES))
    pip = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(pip, check=True, capture_output=True)
    return python


def ask(python, program):
    """Run a program with a Python; return what it prints."""
    command = [python, "-c", program]
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        command, capture_output=True, check=True, encoding="utf-8", env=clean, cwd=python.parent
    ).stdout


def test_pip_installs_the_tool_and_nothing_of_the_book(installed):
    files = ask(
        installed,
        "from importlib.metadata import files; print(*map(str, files('latido')), sep='\\n')",
    ).splitlines()
    modules = {f"latido/{path.name}" for path in (SNIPPETS / "latido").glob("*.py")}
    scripts = {name for name in files if "bin/" in name or "Scripts/" in name}
    rest = {n for n in files if ".dist-info/" not in n and "__pycache__" not in n} - scripts
    assert rest == modules and len(scripts) == 1
    book = "('lab', 'gradient_flow', 'signals', 'diagnosis_benchmark', 'diagnose', 'conf')"
    found = f"import importlib.util as u; print([n for n in {book} if u.find_spec(n)])"
    assert ask(installed, found) == "[]\n"


def test_the_installed_command_is_diagnose_py(installed, tmp_path):
    (tmp_path / "text.keras").write_text("hola")
    command = installed.with_name("latido" + installed.suffix)
    environment = {**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1"}

    def run(*line):
        done = subprocess.run(
            line, capture_output=True, encoding="utf-8", cwd=tmp_path, env=environment
        )
        return done.returncode, done.stdout, done.stderr

    code, shown, error = run(command, "--help")
    assert (code, error) == (0, "") and shown.startswith("uso: latido [-h]")
    assert run(installed, "-m", "latido", "--help") == (code, shown, "")
    door = run(sys.executable, SNIPPETS / "diagnose.py", "--help")[1]
    assert [*door.split()][3:] == [*shown.split()][3:]  # they know their own names
    assert run(command, "no.keras", "no.npz") == (
        *(2, ""),
        "latido: no existe el archivo «no.keras»\n",
    )


def test_the_installed_command_diagnoses(installed, alone):
    done = alone(NETWORK + 'model.save("model.keras")\nnp.savez("data.npz", x=x, y=y)\nprint("ok")')
    assert done.stdout == "ok\n", done.stderr
    command = installed.with_name("latido" + installed.suffix)
    folder = done.args[2].parent
    done = subprocess.run(
        [command, "model.keras", "data.npz"], cwd=folder, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "señal que se desvanece" in done.stdout

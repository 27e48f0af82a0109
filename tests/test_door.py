"""The door of snippets/: its list, how it runs an experiment, what old commands are told."""

import ast
import os
import subprocess
import sys
import venv
from pathlib import Path
from runpy import run_path

import pytest
from conftest import HEAVY, ROOT

SNIPPETS = ROOT / "snippets"
DOOR = run_path(str(SNIPPETS / "__main__.py"))
EXPERIMENTS = {file: text for theme in DOOR["THEMES"] for file, text in DOOR["experiments"](theme)}
FILES = {file for file in SNIPPETS.rglob("*.py") if not file.name.startswith("__")}


def name_of(file: Path) -> str:
    return file.relative_to(SNIPPETS).with_suffix("").as_posix()


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Run Python in an empty folder, where every slow package is a trap: to import it fails."""
    traps = tmp_path_factory.mktemp("traps")
    for name in HEAVY:
        (traps / f"{name}.py").write_text(f"raise SystemExit('{name} was imported')")

    def run(*arguments, path=(traps, SNIPPETS)):
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=tmp_path_factory.mktemp("empty"),
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(map(str, path)),
                "PYTHONUTF8": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                "COLUMNS": "200",
            },
            capture_output=True,
            encoding="utf-8",
        )

    run.traps = traps
    return run


# --- what can be run ------------------------------------------------------------------------


@pytest.mark.parametrize("file", EXPERIMENTS, ids=name_of)
def test_every_experiment_runs_by_its_path(python, file):
    done = python(file, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"uso: {file.name}")


def test_every_other_file_ends_by_saying_what_it_is():
    says = {"not_an_experiment", "not_the_command", "main"}
    for file in FILES - EXPERIMENTS.keys():
        *_, last = ast.parse(file.read_text()).body
        assert isinstance(last, ast.If) and ast.unparse(last.test) == "__name__ == '__main__'", file
        called = {ast.unparse(node.func) for node in ast.walk(last) if isinstance(node, ast.Call)}
        assert says & called, file


@pytest.mark.parametrize(
    "file",
    [
        "lab/catalog.py",
        "verdicts/rules.py",
        "verdicts/statements/he.py",
        "diagnosis_benchmark/score.py",
        "latido/arguments.py",
    ],
)
def test_a_file_that_is_no_experiment_says_what_it_is(python, file):
    done = python(SNIPPETS / file, path=[SNIPPETS])  # it may import what it needs
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"{Path(file).name}: ")


@pytest.mark.parametrize("file", EXPERIMENTS, ids=name_of)
def test_every_experiment_runs_through_the_door(python, file):
    done = python("-S", SNIPPETS, file.stem, "--help")  # a Python that knows nothing of the book
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"uso: {file.name}")
    assert EXPERIMENTS[file].rstrip(".") in " ".join(done.stdout.split())


def test_names_of_experiments_are_unique():
    # or the door would not know which one is meant; and none hides another under an old name
    assert len({file.stem for file in DOOR["files"]().values()}) == len(DOOR["files"]())
    stems = {file.stem for file in EXPERIMENTS}
    assert not stems & DOOR["RENAMED"].keys()
    assert set(DOOR["RENAMED"].values()) <= stems


# --- the door ---------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_the_list_has_every_theme_and_every_experiment_once(python, arguments):
    done = python("-S", SNIPPETS, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    words = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert sorted(words) == sorted(file.stem for file in EXPERIMENTS)
    assert {"gradient_flow", "diagnose", "float_limits", "he2015", "judge_all"} <= set(words)
    assert all(title in done.stdout for title in DOOR["THEMES"].values())


def test_every_folder_of_experiments_is_a_theme_and_says_what_it_holds():
    folders = {file.parent for file in SNIPPETS.glob("*/__init__.py")}
    tools = {SNIPPETS / name for name in ("lab", "latido")}
    assert {SNIPPETS / theme for theme in DOOR["THEMES"]} == folders - tools | {SNIPPETS}
    for folder in folders:
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text())), folder
    for theme in DOOR["THEMES"]:
        assert list(DOOR["experiments"](theme)), theme


@pytest.mark.parametrize(
    ("name", "file"),
    {
        "float_limits": "signals/float_limits.py",
        "float_limits.py": "signals/float_limits.py",
        "signals/float_limits": "signals/float_limits.py",
        "signals/float_limits.py": "signals/float_limits.py",
        "gradient_flow": "gradient_flow.py",
        "same_weights": "scaled_weights.py",
        "repro_he2015": "reproductions/he2015.py",
        "verdicts": "verdicts/judge_all.py",
        "pairs/float_limits": None,
        "lab": None,
        "": None,
    }.items(),
)
def test_names_that_the_door_takes(name, file):
    assert DOOR["find"](name) == (file and SNIPPETS / file)


@pytest.mark.parametrize(
    ("name", "words"),
    {
        "flot_limits": ["«flot_limits»", "¿Querías decir «float_limits»?"],
        "adam_wal": ["¿Querías decir «adam_and_depth»?"],  # today's name for an old one
        "zzz": ["«zzz»", "Con «python snippets» los ves todos."],
        "--depth": ["«--depth»"],
    }.items(),
)
def test_an_unknown_name_is_one_line_with_the_nearest(python, name, words):
    done = python("-S", SNIPPETS, name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert [word for word in words if word not in done.stderr] == []


def test_the_experiment_gets_the_arguments_and_its_answer_comes_back(python):
    done = python("-S", SNIPPETS, "float_limits", "--depth", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("float_limits.py: --depth: recibido «0»")


# --- commands of before the themes ------------------------------------------------------------


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """Return a new environment that has learnt, as in the Makefile, where snippets/ lies."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    program = folder / "bin" / "python"
    teach = 'import runpy; runpy.run_path("snippets/__main__.py")["teach_environment"]()'
    assert f"'{teach}'" in (ROOT / "Makefile").read_text()
    subprocess.run([program, "-c", teach], cwd=ROOT, check=True)

    def run(*arguments, cwd=ROOT, **more):
        return subprocess.run(
            [program, *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            **more,
        )

    return run


@pytest.mark.parametrize(
    ("cwd", "old", "new"),
    [
        (".", "snippets/dead_units.py", "snippets/activations/dead_units.py"),
        (".", "snippets/repro_he2015.py", "snippets/reproductions/he2015.py"),
        (".", "snippets/same_weights.py", "snippets/scaled_weights.py"),
        ("snippets", "verdicts.py", "verdicts/judge_all.py"),
        (
            "tests",
            "../snippets/diagnosis_benchmark.py",
            "../snippets/diagnosis_benchmark/report.py",
        ),
        ("/", f"{SNIPPETS}/checkup.py", f"{SNIPPETS}/clinic/keras_checklist.py"),
    ],
)
def test_an_old_command_is_told_the_new_one(taught, cwd, old, new):
    done = taught(old, "--output", "mi figura.svg", cwd=ROOT / cwd)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"«{old}»" in done.stderr
    assert done.stderr.endswith(f"Escribe: python {new} --output 'mi figura.svg'\n")
    assert (ROOT / cwd / new).exists()


def test_a_file_that_never_was_is_answered_with_the_nearest(taught):
    done = taught("snippets/dead_unis.py")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "«dead_units»" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "more", "answer"),
    [
        (["snippets/gradient_flow.py", "--help"], {}, "uso: gradient_flow.py"),
        (["-c", "print('said')"], {}, "said"),
        (["-m", "calendar", "2026"], {}, "2026"),
        (["-"], {"input": "print('said')"}, "said"),
        ([], {"input": "print('said')"}, "said"),
        (["-c", "import lab; print(lab.__name__)"], {"cwd": "/"}, "lab"),
        (["tests/dead_units.py"], {}, ""),
        (["dead_units.py"], {}, ""),
        (["snippets/dead_units"], {}, ""),
    ],
)
def test_every_other_command_is_left_alone(taught, arguments, more, answer):
    done = taught(*arguments, **more)
    assert answer in done.stdout
    assert (done.returncode, done.stderr) == (0, "") if answer else "can't open file" in done.stderr


def test_processes_that_a_program_starts_are_left_alone(taught, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import multiprocessing as m\n"
        "if __name__ == '__main__':\n"
        "    m.set_start_method('spawn')\n"
        "    with m.Pool(1) as pool:\n"
        "        print(pool.map(abs, [-2]))\n"
    )
    done = taught(program)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[2]\n", "")

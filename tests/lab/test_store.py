"""A measurement is kept under what it depends on, and computed once."""

import importlib
import inspect
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from lab import provenance, store
from lab.store import keep_newest

EXPERIMENT = '''
from pathlib import Path
import sys
import time

import numpy as np

from lab_helper import FACTOR
from lab.store import measurement


@measurement
def measure(depth, *, width=2, pause=0.0):
    """Return an array."""
    from lab_late import OFFSET

    with Path(__file__).with_name("calls.log").open("a") as log:
        print("called", file=log)
    time.sleep(pause)
    return {"values": np.arange(depth) * width * FACTOR + OFFSET}


def draw(data):
    """Draw nothing."""
    return data


if __name__ == "__main__":
    print(measure(3, pause=float(sys.argv[1]))["values"].sum())
'''


class Lab:
    """A folder with lab, an experiment and the helpers that it imports, at once and late."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.store = folder / "store"
        shutil.copytree(
            ROOT / "snippets" / "lab", folder / "lab", ignore=shutil.ignore_patterns("__pycache__")
        )
        self.write("experiment", EXPERIMENT)
        self.write("lab_helper", "FACTOR = 1\n")
        self.write("lab_late", "OFFSET = 0\n")

    def write(self, module: str, text: str):
        (self.folder / f"{module}.py").write_text(text)

    def measure(self, *args, **kwargs):
        """Measure in a freshly imported experiment, as another process would."""
        self.forget()
        return importlib.import_module("experiment").measure(*args, **kwargs)["values"]

    def forget(self):
        """Have Python import the experiment and its helpers again."""
        for module in ("experiment", "lab_helper", "lab_late"):
            sys.modules.pop(module, None)
        importlib.invalidate_caches()

    def run(self, *args: str, script: str = "experiment.py") -> subprocess.Popen:
        environment = os.environ | {"PYTHONPATH": str(self.folder)}
        command = [sys.executable, str(self.folder / script), *args]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    @property
    def calls(self) -> int:
        log = self.folder / "calls.log"
        return len(log.read_text().splitlines()) if log.exists() else 0


@pytest.fixture
def lab(tmp_path, monkeypatch):
    lab = Lab(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # edits within a second are seen
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("LAB_STORE", str(lab.store))
    monkeypatch.setattr(store, "ROOT", tmp_path)
    yield lab
    lab.forget()


def test_same_call_is_computed_once_however_it_is_written(lab):
    results = [lab.measure(3), lab.measure(depth=3), lab.measure(3, width=2, pause=0.0)]
    assert lab.calls == 1
    for values in results:
        np.testing.assert_array_equal(values, [0, 2, 4])


def test_other_arguments_are_another_call(lab):
    np.testing.assert_array_equal(lab.measure(3), [0, 2, 4])
    np.testing.assert_array_equal(lab.measure(3, width=5), [0, 5, 10])
    np.testing.assert_array_equal(lab.measure(2), [0, 2])
    assert lab.calls == 3


def test_without_a_store_nothing_is_kept(lab, monkeypatch):
    monkeypatch.delenv("LAB_STORE")
    lab.measure(3)
    lab.measure(3)
    assert lab.calls == 2
    assert not lab.store.exists()


def test_edited_helper_makes_it_compute_again_and_going_back_does_not(lab):
    lab.measure(3)
    lab.write("lab_helper", "FACTOR = 10\n")
    np.testing.assert_array_equal(lab.measure(3), [0, 20, 40])
    lab.write("lab_helper", "FACTOR = 1  # as it was\n")
    np.testing.assert_array_equal(lab.measure(3), [0, 2, 4])
    assert lab.calls == 2


def test_edited_drawing_leaves_what_was_measured(lab):
    lab.measure(3)
    lab.write("experiment", EXPERIMENT.replace("return data", "return [data]"))
    np.testing.assert_array_equal(lab.measure(3), [0, 2, 4])
    assert lab.calls == 1


def test_code_edited_after_its_import_is_not_credited_with_the_result(lab):
    measure = importlib.import_module("experiment").measure
    lab.write("lab_helper", "FACTOR = 10\n")
    np.testing.assert_array_equal(measure(3)["values"], [0, 2, 4])
    np.testing.assert_array_equal(lab.measure(3), [0, 20, 40])


def test_code_edited_before_its_late_import_is_not_credited_either(lab):
    measure = importlib.import_module("experiment").measure
    lab.write("lab_late", "OFFSET = 7\n")
    np.testing.assert_array_equal(measure(3)["values"], [7, 9, 11])
    lab.write("lab_late", "OFFSET = 0\n")
    np.testing.assert_array_equal(lab.measure(3), [0, 2, 4])


@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: b"", bytes.title]
)
def test_damaged_file_is_computed_again(lab, damage):
    lab.measure(3)
    (file,) = lab.store.rglob("*.joblib")
    file.write_bytes(damage(file.read_bytes()))
    np.testing.assert_array_equal(lab.measure(3), [0, 2, 4])
    np.testing.assert_array_equal(lab.measure(3), [0, 2, 4])
    assert lab.calls == 2


def test_two_processes_compute_once_and_a_script_counts_as_its_module(lab):
    processes = [lab.run("0.5") for _ in range(2)]
    assert [process.communicate()[0].strip() for process in processes] == ["6", "6"]
    assert lab.calls == 1
    lab.measure(3, pause=0.5)
    assert lab.calls == 1


def test_a_script_in_a_folder_depends_on_all_that_it_reaches(lab):
    """By its path it knows nothing of the folder around it, and digested next to nothing."""
    topic = lab.folder / "topic"
    topic.mkdir()
    (topic / "inside.py").write_text(EXPERIMENT)
    assert lab.run("0.0", script="topic/inside.py").communicate()[0].strip() == "6"
    (file,) = lab.store.rglob("*.joblib")
    assert file.parent.name == provenance.definition_digest("topic.inside.measure", lab.folder)
    reached = provenance.definitions("topic.inside.measure", lab.folder)
    assert {"lab_helper.py:FACTOR", "lab_late.py:OFFSET", "lab/store.py:measurement"} <= {*reached}
    # As a module it finds what the script left.
    assert importlib.import_module("topic.inside").measure(3)["values"].tolist() == [0, 2, 4]
    assert (topic / "calls.log").read_text().count("called") == 1
    # What the script reaches has changed: what it left is not served.
    lab.write("lab_helper", "FACTOR = 10\n")
    assert lab.run("0.0", script="topic/inside.py").communicate()[0].strip() == "60"


def test_what_lies_elsewhere_than_lab_is_computed_and_not_stored(lab, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "experiment.py"
    elsewhere.write_text(EXPERIMENT)
    for _ in range(2):
        assert lab.run("0", script=str(elsewhere)).communicate()[0].strip() == "6"
    assert elsewhere.with_name("calls.log").read_text().count("called") == 2
    assert not lab.store.exists()


def test_old_versions_do_not_pile_up(lab):
    for factor in range(7):
        lab.write("lab_helper", f"FACTOR = {factor}\n")
        lab.measure(3)
    assert len(list((lab.store / "experiment.measure").iterdir())) == 5


def test_keep_newest_goes_by_last_use(tmp_path):
    for age, name in enumerate(("new", "middle", "old")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "content").touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    keep_newest(tmp_path, 2)
    assert {path.name for path in tmp_path.iterdir()} == {"new", "middle"}


def test_decorated_function_looks_like_itself(lab):
    measure = importlib.import_module("experiment").measure
    assert str(inspect.signature(measure)) == "(depth, *, width=2, pause=0.0)"
    assert measure.__doc__ == "Return an array."


def test_importing_the_store_is_cheap():
    heavy = "import sys, lab.store; print({'joblib', 'filelock', 'numpy'} & set(sys.modules))"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "snippets")}
    ended = subprocess.run(
        [sys.executable, "-c", heavy], env=environment, capture_output=True, text=True
    )
    assert ended.stdout.strip() == "set()", ended.stderr

"""TensorFlow is imported without a word; what else is said is heard."""

import subprocess
import sys
from pathlib import Path

import pytest

from lab import quiet_tensorflow

SNIPPETS = Path(quiet_tensorflow.__file__).resolve().parents[1]


@pytest.mark.parametrize("first", ["from lab import model", "import lab, keras"])
def test_the_import_is_silent_and_the_rest_is_heard(first):
    code = f"{first}\nimport os; os.write(2, b'from C')\nraise SystemExit('from Python')"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=SNIPPETS, capture_output=True, text=True)
    assert done.stderr == "from Cfrom Python\n"


def test_what_fails_in_silence_still_fails(capfd):
    with pytest.raises(ImportError, match="broken"), quiet_tensorflow.silent():
        print("greeting", file=sys.__stderr__, flush=True)
        raise ImportError("broken")
    print("after", file=sys.__stderr__, flush=True)
    assert capfd.readouterr().err == "after\n"


def test_without_an_error_channel_nothing_is_silenced(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    with quiet_tensorflow.silent():
        pass


def test_an_import_that_was_made_is_left_alone(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", sys)
    monkeypatch.setattr(sys, "meta_path", [])
    quiet_tensorflow.silence()
    assert sys.meta_path == []
    monkeypatch.delitem(sys.modules, "tensorflow")
    quiet_tensorflow.silence()
    quiet_tensorflow.silence()
    assert sys.meta_path == [quiet_tensorflow.Silencer]
    assert quiet_tensorflow.Silencer.find_spec("json") is None

"""Run the laboratory's own code, which is JavaScript, without a browser."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

CODE = ROOT / "book" / "_static" / "laboratory"
OLDEST = (20, 19)  # the first that sees by itself that a file is a module


def run(script: str, *arguments: Path | str) -> str:
    """Return what a module beside this file prints; skip where there is no Node.

    On the server too: what its system packages is older, and the browser runs the same code.
    """
    command = shutil.which("node") or pytest.skip("sin navegador, el laboratorio: falta Node")
    version = subprocess.check_output([command, "--version"], text=True)
    if tuple(map(int, version.strip(" v\n").split(".")))[:2] < OLDEST:
        needed = ".".join(map(str, OLDEST))
        pytest.skip(f"sin navegador, el laboratorio: Node {version.strip()}, y falta el {needed}")
    script = Path(__file__).with_name(script)
    done = subprocess.run([command, script, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ask(script: str, question, folder: Path):
    """Return the answer of a module that reads JSON from a file and prints JSON."""
    file = folder / "question.json"
    file.write_text(json.dumps(question))
    return json.loads(run(script, file))

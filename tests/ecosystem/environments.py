"""Environments of their own for programs that people use latido with. They need a network."""

import os
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

HOME = ROOT / "_build" / "ecosystem"


def made(name: str, *packages: str) -> Path:
    """Return the Python of an environment with these packages, made anew if they have changed."""
    home, wanted = HOME / name, "\n".join(packages)
    python, ready = home / "bin" / "python", home / "ready"
    if not ready.is_file() or ready.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        pip(python, *packages)
        ready.write_text(wanted)
    return python


def pip(python: Path, *packages) -> None:
    """Install packages."""
    line = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    subprocess.run(line, check=True, capture_output=True)


def run(python: Path, *line, place: Path, **environment) -> subprocess.CompletedProcess:
    """Run a program of an environment in a folder, with nothing of this one."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("KERAS", "PYTHON"))}
    return subprocess.run(
        [python, *line],
        cwd=place,
        env={**clean, "PYTHONUTF8": "1", "TF_CPP_MIN_LOG_LEVEL": "3", **environment},
        capture_output=True,
        encoding="utf-8",
    )

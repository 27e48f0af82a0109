"""Environments of their own for programs that people use latido with. They need a network."""

import os
import subprocess
import sys
from pathlib import Path

from conftest import ROOT, wheel

HOME = ROOT / "_build" / "ecosystem"
PACKAGES = (
    *("keras==3.15.1", "tensorflow-cpu==2.21.0", "jax==0.10.2", "numpy==2.4.6", "pandas==3.1.1"),
    *("wandb==0.31.0", "mlflow==3.17.2", "tensorboard==2.21.0"),
)


def made(place: Path) -> Path:
    """Return the Python of an environment with ``PACKAGES``, and with latido as it is now.

    The environment is made anew if the packages have changed. ``place`` is an empty folder.
    """
    wanted, python, ready = "\n".join(PACKAGES), HOME / "bin" / "python", HOME / "ready"
    if not ready.is_file() or ready.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", HOME], check=True)
        pip(python, *PACKAGES)
        ready.write_text(wanted)
    pip(python, "--force-reinstall", "--no-deps", wheel(place))
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

"""The types that the laboratory's own comments give it, checked by TypeScript."""

import shutil
import subprocess

import pytest
from conftest import ROOT
from node import CODE

KEPT = ROOT / "_build" / "typescript"
OPTIONS = (
    "--noEmit --allowJs --checkJs --target esnext --lib esnext,dom,dom.iterable"
    " --module esnext --moduleResolution bundler --resolveJsonModule"
)


def test_types_fit():
    compiler = shutil.which("tsc", path=KEPT / "node_modules" / ".bin") or shutil.which("tsc")
    if not compiler:
        where = KEPT.relative_to(ROOT)
        pytest.skip(f"los tipos del laboratorio: npm install --prefix {where} typescript@5.9")
    files = sorted(CODE.glob("*.js"))
    done = subprocess.run([compiler, *OPTIONS.split(), *files], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")

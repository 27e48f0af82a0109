"""The command that repeats the findings: which hold, which do not, and what it was not asked."""

import subprocess
import sys

import pytest
from conftest import ROOT

FINDINGS = ROOT / "findings"


@pytest.fixture
def findings(tmp_path):
    """Return the command, in a folder with one finding that holds and one that does not."""
    (tmp_path / "__main__.py").write_bytes((FINDINGS / "__main__.py").read_bytes())
    (tmp_path / "holds.sh").write_text("echo as found")
    (tmp_path / "mended.sh").write_text("echo the tool is right now; exit 1")

    def run(*names):
        line = [sys.executable, str(tmp_path), *names]
        return subprocess.run(line, capture_output=True, text=True)

    return run


def test_it_says_which_hold_and_which_do_not(findings):
    done = findings()
    assert done.returncode == 1
    assert "holds… se cumple" in done.stdout and "Se cumplen 1 de 2." in done.stdout
    assert "the tool is right now" in done.stdout and done.stderr.endswith("mended.\n")


def test_it_runs_those_named(findings):
    done = findings("holds")
    assert (done.returncode, done.stderr) == (0, "")
    assert "mended" not in done.stdout


def test_a_finding_that_there_is_not_is_refused_in_one_line(findings):
    done = findings("hold")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "«hold»" in done.stderr and "holds" in done.stderr


@pytest.mark.parametrize("script", sorted(FINDINGS.glob("*.sh")), ids=lambda path: path.stem)
def test_each_says_what_was_seen_when_and_what_was_guessed_before(script):
    text = script.read_text()
    for words in ("# Seen 20", "# Guess: ", "# Seen: ", "set -euo pipefail", "trap 'rm -rf"):
        assert f"\n{words}" in text

"""A small experiment, run as a command beside a copy of lab, for the tests of its workers."""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psutil
from conftest import ROOT

EXPERIMENT = '''
import os
import signal
import sys
import time
from pathlib import Path

from lab import arguments, cli, units

HERE = Path(__file__).parent


def square(seed, pause):
    """Return a square, if nothing is planted for this seed."""
    import numpy as np

    with (HERE / "calls.log").open("a") as log:
        print(seed, file=log)
    time.sleep(pause)
    if (HERE / f"fails-{seed}").exists():
        raise ArithmeticError(f"no sale {seed}")
    if (HERE / f"dies-{seed}").exists():
        if (HERE / f"dies-{seed}").read_text() == "once":
            (HERE / f"dies-{seed}").unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"seed": seed, "square": int(np.square(seed)), "process": os.getpid()}


def measure(seeds=6, pause=0.0):
    """Return a row for each seed."""
    import pandas as pd

    work = [{"seed": seed, "pause": pause} for seed in range(seeds)]
    return pd.DataFrame(units.map(square, work, "probando"))


if __name__ == "__main__":
    options = {"pause": cli.Option("--pause", float, "", "X")}
    sys.exit(
        cli.main("Prueba.", measure, None, lambda d: d, options=options, workers=True)
    )
'''


class Command:
    """An experiment beside a copy of lab, run as a command."""

    def __init__(self, folder: Path):
        self.snippets = folder / "snippets"
        self.store = folder / "_build" / "measurements"
        shutil.copytree(
            ROOT / "snippets" / "lab",
            self.snippets / "lab",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        self.file = self.snippets / "experiment.py"
        self.file.write_text(EXPERIMENT)
        self.mark = uuid.uuid4().hex  # of the processes that come from here

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, str(self.file), *arguments],
            env=os.environ | {"PYTHONPATH": str(self.snippets), "MARK": self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def plant(self, what: str, content: str = ""):
        (self.snippets / what).write_text(content)

    def rows(self, *arguments: str) -> list[dict]:
        """Run it; return what it measured."""
        file = self.snippets / "x.json"
        done = self.run(*arguments, "--output", str(file))
        assert done.returncode == 0, done.stderr
        return json.loads(file.read_text())

    @property
    def calls(self) -> list[int]:
        log = self.snippets / "calls.log"
        return sorted(map(int, log.read_text().split())) if log.exists() else []

    def wait_for(self, count: int):
        """Wait until so many units are kept."""
        until = time.monotonic() + 60
        while len(list(self.store.glob("experiment.square/*/*.joblib"))) < count:
            assert time.monotonic() < until, "nothing is kept"
            time.sleep(0.02)

    def left(self) -> list[psutil.Process]:
        """Return the processes that came from here and are still there."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("MARK") == self.mark and process.status() != "zombie":
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def nobody_left(self):
        until = time.monotonic() + 15
        while self.left():
            assert time.monotonic() < until, self.left()
            time.sleep(0.1)

"""An experiment's units on a Dask cluster: the same results, and who may do them."""

import ast
import contextlib
import importlib.util
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest
import yaml
from commands import Command
from conftest import ROOT

from lab import workers

DASK = [sys.executable, "-m", "dask"]
QUIET = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s",
}


class Grid(Command):
    """The experiment, a scheduler and its workers."""

    def __init__(self, folder):
        super().__init__(folder)
        workers = self.snippets / "lab" / "workers.py"
        text = workers.read_text()
        assert "PATIENCE = 10" in text
        workers.write_text(text.replace("PATIENCE = 10", "PATIENCE = 4"))
        self.folder = folder
        self.address_file = folder / "scheduler.json"

    def dask(self, what: str, *arguments: str, snippets=None) -> subprocess.Popen:
        """Start `dask scheduler` or `dask worker`, which finds the book in `snippets`."""
        return subprocess.Popen(
            [*DASK, what, *arguments, "--no-dashboard", "--scheduler-file", self.address_file],
            env=os.environ | QUIET | {"PYTHONPATH": str(snippets or ""), "MARK": self.mark},
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def schedule(self) -> subprocess.Popen:
        """Start a scheduler, which does not know the experiment."""
        process = self.dask("scheduler", "--host", "tcp://127.0.0.1", "--port", "0")
        until = time.monotonic() + 60
        while not self.address_file.exists() or not self.address_file.read_text():
            assert time.monotonic() < until and process.poll() is None
            time.sleep(0.1)
        return process

    def work(self, count: int = 1, snippets=None) -> subprocess.Popen:
        """Start so many workers, each with a process of its own."""
        before = self.workers()
        process = self.dask(
            *("worker", "--nthreads", "1", "--nworkers", str(count)),
            snippets=snippets or self.snippets,
        )
        until = time.monotonic() + 60
        while self.workers() < before + count:
            assert time.monotonic() < until and process.poll() is None
            time.sleep(0.2)
        return process

    def ask(self, question):
        from distributed import Client

        with Client(scheduler_file=str(self.address_file), set_as_default=False) as client:
            return question(client)

    def workers(self) -> int:
        return len(self.ask(lambda client: client.nthreads()))

    @property
    def address(self) -> str:
        return json.loads(self.address_file.read_text())["address"]

    def copy(self, name: str, old: str, new: str):
        """Return another folder with the experiment, changed."""
        folder = self.folder / name
        shutil.copytree(self.snippets, folder, ignore=shutil.ignore_patterns("__pycache__"))
        text = (folder / "experiment.py").read_text()
        assert old in text
        (folder / "experiment.py").write_text(text.replace(old, new))
        return folder


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A scheduler with two workers, for all tests that leave them as they were."""
    grid = Grid(tmp_path_factory.mktemp("grid"))
    grid.schedule()
    grid.work(2)
    yield grid
    for process in grid.left():
        process.kill()


@pytest.fixture
def cluster(two, monkeypatch):
    monkeypatch.delenv("LAB_STORE", raising=False)
    shutil.rmtree(two.store, ignore_errors=True)
    for file in [*two.snippets.glob("dies-*"), *two.snippets.glob("*.log")]:
        file.unlink()
    return two


@pytest.fixture
def lonely(tmp_path, monkeypatch):
    """A scheduler without workers."""
    monkeypatch.delenv("LAB_STORE", raising=False)
    grid = Grid(tmp_path)
    grid.schedule()
    yield grid
    for process in grid.left():
        process.kill()


def refused(done, *words):
    """Check that a command answered to bad input in one line."""
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    for word in words:
        assert word in done.stderr


def test_the_workers_do_what_is_done_here(cluster):
    rows = cluster.rows("--cluster", cluster.address, "--pause", "0.3")
    assert [row["square"] for row in rows] == [n**2 for n in range(6)]
    assert len({row["process"] for row in rows}) == 2
    assert cluster.calls == list(range(6))
    # What they did is kept here.
    assert cluster.rows("--jobs", "2", "--pause", "0.3") == rows
    assert cluster.calls == list(range(6))


def test_a_unit_that_fails_and_one_that_kills_are_named(cluster):
    cluster.plant("fails-1")
    cluster.plant("dies-2", "once")
    cluster.plant("dies-4", "always")
    done = cluster.run("--cluster", str(cluster.address_file), "--pause", "0.1")
    (cluster.snippets / "fails-1").unlink()
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    first, failed, killed = done.stderr.splitlines()
    assert "han fallado 2 de 6 unidades; las demás están guardadas" in first
    assert failed == "  square(seed=1, pause=0.1): ArithmeticError: no sale 1"
    assert killed.startswith("  square(seed=4, pause=0.1): proceso muerto")
    assert set(cluster.calls) == set(range(6))


def test_an_interrupted_command_takes_its_units_back(cluster):
    process = cluster.start("--cluster", cluster.address, "--seeds", "60", "--pause", "0.3")
    cluster.wait_for(3)
    for _ in range(3):  # Python drops one that comes while it collects garbage, for one
        os.killpg(process.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=3)
            break
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert err.strip().startswith("experiment.py: interrumpido; lo medido está guardado")
    assert err.strip().count("\n") == 0
    time.sleep(1)
    begun = cluster.calls
    time.sleep(1)
    assert cluster.calls == begun and len(begun) < 30
    assert cluster.workers() == 2


def test_workers_with_other_code_or_packages_are_refused_and_the_others_do_it(lonely):
    other = lonely.copy("other", "np.square", "np.sqrt")
    versions = lonely.copy("versions", "Return a square", "Return the square")
    (versions / "sitecustomize.py").write_text(
        "import importlib.metadata as m\n"
        "theirs = m.version\n"
        "m.version = lambda name: '0.1' if name == 'numpy' else theirs(name)\n"
    )
    empty = lonely.folder / "empty"
    empty.mkdir()
    bad = [lonely.work(snippets=folder) for folder in (other, versions, empty)]
    done = lonely.run("--cluster", lonely.address)
    refused(
        done,
        "tiene otro código (experiment.py:square)",
        "numpy 0.1, aquí 2.",
        "no tiene este experimento",
    )
    assert lonely.calls == []
    lonely.work()
    done = lonely.run("--cluster", lonely.address, "--pause", "0.1")
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 3
    assert all(line.startswith("aviso: tcp://127.0.0.1:") for line in done.stderr.splitlines())
    assert lonely.calls == list(range(6))
    for process in bad:
        process.terminate()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux has it")
def test_a_full_disk_on_a_worker_is_said_in_a_line(lonely):
    worker = psutil.Process(lonely.work().pid)
    begun = lonely.start("--cluster", lonely.address, "--seeds", "40", "--pause", "0.3")
    lonely.wait_for(2)
    for process in worker.children(recursive=True):
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
    begun.wait(timeout=60)
    out, err = begun.communicate()
    assert (begun.returncode, out, err.count("\n")) == (2, "", 1)
    assert "ningún trabajador sirve" in err and "no queda sitio en su carpeta temporal" in err
    lonely.work()
    done = lonely.run("--cluster", lonely.address, "--seeds", "8")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 9)
    assert done.stderr.count("\n") == 1 and "no queda sitio en su carpeta temporal" in done.stderr


def test_a_newcomer_with_other_code_loses_nothing(lonely):
    other = lonely.copy("other", "np.square", "np.sqrt")
    lonely.work()
    process = lonely.start("--cluster", lonely.address, "--seeds", "40", "--pause", "0.3")
    lonely.wait_for(2)
    lonely.work(snippets=other)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.split()[-2] == str(39**2)
    assert lonely.calls == list(range(40))


def test_without_workers(lonely):
    refused(lonely.run("--cluster", lonely.address), "no tiene trabajadores", "dask worker")


def test_a_scheduler_that_dies_is_said_in_a_line_and_what_was_done_is_kept(lonely):
    lonely.work()
    process = lonely.start("--cluster", lonely.address, "--seeds", "60", "--pause", "0.3")
    lonely.wait_for(2)
    for one in lonely.left():
        if "scheduler" in one.cmdline():
            one.kill()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1), err
    assert "planificador" in err and "está guardado" in err
    assert len(list(lonely.store.glob("experiment.square/*/*.joblib"))) >= 2


def test_no_scheduler(tmp_path):
    grid = Grid(tmp_path)
    refused(grid.run("--cluster", "tcp://127.0.0.1:9"), "no contesta ningún planificador")
    grid.address_file.write_text("{}")
    refused(grid.run("--cluster", str(grid.address_file)), "--cluster: recibido «")


@pytest.mark.parametrize("address", ["127.0.0.1", "http://127.0.0.1:8786", "tcp://a", "no.json"])
def test_what_is_no_address(tmp_path, address):
    done = Command(tmp_path).run("--cluster", address)
    refused(done, f"--cluster: recibido «{address}»", "tcp://127.0.0.1:8786")


def test_processes_and_cluster_exclude_each_other(tmp_path):
    done = Command(tmp_path).run("--jobs", "2", "--cluster", "tcp://127.0.0.1:8786")
    refused(done, "--cluster: no se combina con --jobs")


@pytest.fixture
def command(tmp_path):
    command = Command(tmp_path)
    yield command
    for process in command.left():
        process.kill()


def test_a_cluster_to_try_it(command):
    def start(port):
        code = f"from lab import workers; workers.local_cluster({port!r}, 2)"
        return subprocess.Popen(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONPATH": str(command.snippets), "MARK": command.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    cluster = start("0")
    said = cluster.stdout.readline()
    address = said.split()[2].rstrip(";")
    assert said == f"Planificador en {address}; trabajadores: 2. Por ejemplo:\n"
    assert len(command.rows("--cluster", address)) == 6
    out, err = start(address.rpartition(":")[2]).communicate(timeout=30)
    assert (out, err.count("\n")) == ("", 1) and "está ocupado" in err, err
    out, err = start("puerto").communicate(timeout=30)
    assert (out, err.count("\n")) == ("", 1) and "«puerto»" in err
    os.killpg(cluster.pid, signal.SIGINT)
    out, err = cluster.communicate(timeout=30)
    assert (cluster.returncode, err) == (0, "")
    command.nobody_left()


# --- what README says of queues -----------------------------------------------------------------


def blocks(language):
    """Return the blocks of README in a language."""
    text = (ROOT / "README.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_manifest_for_kubernetes_fits_together():
    (text,) = blocks("yaml")
    service, scheduler, worker = yaml.safe_load_all(text)
    for deployment in (scheduler, worker):
        spec = deployment["spec"]
        assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
    labels = scheduler["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"] == labels
    (port,) = (port["port"] for port in service["spec"]["ports"])
    (container,) = worker["spec"]["template"]["spec"]["containers"]
    address = f"tcp://{service['metadata']['name']}:{port}"
    assert container["command"][:3] == ["dask", "worker", address]
    assert workers.scheduler(address) == address
    (other,) = scheduler["spec"]["template"]["spec"]["containers"]
    assert other["image"] == container["image"]
    assert str(port) in other["command"]


@pytest.mark.parametrize("kind", ["scheduler", "worker"])
def test_dask_takes_the_options_of_the_manifest(kind):
    commands = [
        container["command"]
        for document in yaml.safe_load_all(blocks("yaml")[0])
        if document["kind"] == "Deployment"
        for container in document["spec"]["template"]["spec"]["containers"]
    ]
    (command,) = (command for command in commands if command[1] == kind)
    done = subprocess.run([*DASK, kind, "--help"], capture_output=True, text=True)
    for option in command:
        assert not option.startswith("--") or option in done.stdout


def test_the_script_for_slurm_asks_for_one_thread_a_worker():
    """With dask-jobqueue, where it is installed; else, that the script is one."""
    (text,) = (block for block in blocks("python") if "SLURMCluster" in block)
    call = next(
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "SLURMCluster"
    )
    options = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    assert options["cores"] == options["processes"]
    assert "/snippets" in options["job_script_prologue"]
    if not importlib.util.find_spec("dask_jobqueue"):
        return
    from dask_jobqueue import SLURMCluster

    scope = {"BOOK": "/shared/libro", "SLURMCluster": SLURMCluster}
    with eval(ast.unparse(call), scope) as cluster:
        script = cluster.job_script()
    assert "--nthreads 1 " in script and "--nworkers 16 " in script

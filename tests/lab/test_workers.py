"""An experiment's units in several processes: the same results, nothing lost, nobody left."""

import os
import signal

import pytest
from commands import EXPERIMENT, Command


@pytest.fixture
def command(tmp_path, monkeypatch):
    monkeypatch.delenv("LAB_STORE", raising=False)
    command = Command(tmp_path)
    yield command
    for process in command.left():
        process.kill()


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_all_units_are_done_in_their_order_and_by_so_many_processes(command, jobs):
    rows = command.rows("--jobs", str(jobs), "--pause", "0.5")
    assert [(row["seed"], row["square"]) for row in rows] == [(n, n**2) for n in range(6)]
    assert len({row["process"] for row in rows}) == jobs
    assert command.calls == list(range(6))
    command.nobody_left()


def test_what_was_measured_is_not_measured_again_by_whoever_does_it(command):
    first = command.rows("--jobs", "2", "--seeds", "4")
    again = command.rows("--jobs", "1", "--seeds", "6")
    assert again[:4] == first
    assert command.calls == list(range(6))


def test_other_code_is_measured_again(command):
    command.rows("--jobs", "1", "--seeds", "2")
    command.file.write_text(EXPERIMENT.replace("np.square", "np.sqrt"))
    assert [row["square"] for row in command.rows("--jobs", "1", "--seeds", "2")] == [0, 1]
    assert command.calls == [0, 0, 1, 1]


def test_a_killed_run_goes_on_where_it_was(command):
    killed = command.start("--jobs", "2", "--seeds", "20", "--pause", "0.3")
    command.wait_for(4)
    killed.kill()
    killed.communicate()
    command.nobody_left()  # the workers end by themselves
    done = len(list(command.store.glob("experiment.square/*/*.joblib")))
    begun = len(command.calls)
    assert len(command.rows("--jobs", "2", "--seeds", "20", "--pause", "0.3")) == 20
    assert 4 <= done < 20
    assert len(command.calls) == begun + 20 - done


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_unit_that_fails_is_named_and_the_others_are_done(command, jobs):
    command.plant("fails-1")
    command.plant("fails-4")
    done = command.run("--jobs", jobs)
    assert (done.returncode, done.stdout) == (1, "")
    first, *named = done.stderr.splitlines()
    assert first.startswith("experiment.py: han fallado 2 de 6 unidades; las demás están guardadas")
    assert named == [
        f"  square(seed={seed}, pause=0.0): ArithmeticError: no sale {seed}" for seed in (1, 4)
    ]
    assert command.calls == list(range(6))
    (command.snippets / "fails-1").unlink()
    (command.snippets / "fails-4").unlink()
    assert len(command.rows("--jobs", jobs)) == 6
    assert command.calls == [0, 1, 1, 2, 3, 4, 4, 5]


def test_what_failed_is_said_in_the_language_of_the_command(command):
    command.plant("fails-1")
    done = command.run("--jobs", "2", "--lang", "en")
    assert done.stderr.splitlines() == [
        "experiment.py: 1 of 6 units have failed; the others are stored, and repeating the command "
        "does only these",
        "  square(seed=1, pause=0.0): ArithmeticError: no sale 1",
    ]


def test_a_worker_that_is_killed_loses_nothing(command):
    for seed in (0, 3):
        command.plant(f"dies-{seed}", "once")
    rows = command.rows("--jobs", "2", "--pause", "0.2")
    assert [row["square"] for row in rows] == [n**2 for n in range(6)]
    command.nobody_left()


def test_a_unit_that_kills_its_worker_is_named_and_the_others_are_done(command):
    command.plant("dies-0", "always")
    done = command.run("--jobs", "2", "--pause", "0.1")
    assert done.returncode == 1
    first, named = done.stderr.splitlines()
    assert "han fallado 1 de 6 unidades" in first
    assert named.startswith("  square(seed=0, pause=0.1): proceso muerto")
    assert set(command.calls) == set(range(6))
    command.nobody_left()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_ends_its_workers(command, how):
    process = command.start("--jobs", "2", "--seeds", "40", "--pause", "0.3")
    command.wait_for(3)
    # The terminal sends Ctrl-C to all; a queue, its signal to the command.
    if how == signal.SIGINT:
        os.killpg(process.pid, how)
    else:
        process.send_signal(how)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    said = "experiment.py: interrumpido; lo medido está guardado: repite la orden"
    assert err.strip().splitlines() == [f"{said} y seguirá donde estaba"]
    command.nobody_left()
    done = len(list(command.store.glob("experiment.square/*/*.joblib")))
    begun = len(command.calls)
    assert len(command.rows("--jobs", "2", "--seeds", "40", "--pause", "0.3")) == 40
    assert len(command.calls) == begun + 40 - done  # of those that were kept, none again


def test_a_disk_that_is_full_is_said_in_a_line_and_what_was_kept_stays(command):
    command.rows("--jobs", "2", "--seeds", "3")
    command.file.with_name("sitecustomize.py").write_text(
        "import errno, joblib\n"
        "def full(value, file): raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "joblib.dump = full\n"
    )
    done = command.run("--jobs", "2")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "no queda sitio en el disco" in done.stderr and "está guardado" in done.stderr
    kept = list(command.store.glob("experiment.square/*/*"))
    assert len(kept) == 3 and all(file.suffix == ".joblib" for file in kept)
    command.nobody_left()


@pytest.mark.parametrize("jobs", ["0", "-1", "dos"])
def test_a_number_of_processes_that_is_none(command, jobs):
    done = command.run("--jobs", jobs)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "--jobs" in done.stderr

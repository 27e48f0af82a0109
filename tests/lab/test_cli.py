"""The command lines of the first two experiments, and what all command lines share."""

import csv
import json
import os
import pty
import runpy
import signal
import subprocess
import sys
import termios
import threading
from pathlib import Path
from urllib.error import URLError

import pandas as pd
import pytest
from conftest import HEAVY, ROOT

from lab import arguments, catalog, cli, training

SNIPPETS = ROOT / "snippets"
NAMES = ("gradient_flow.py", "training_grid.py")
SMALL = "--activation relu --activation tanh --initializer he_normal --depth 3 --width 8 --seeds 2"

FLOW_FIELDS = [
    *("activation", "initializer", "depth", "width", "inputs", "seed", "layer"),
    *("preactivation_rms", "activation_rms", "activation_mean", "across_input_variance"),
    *("delta_rms", "weight_gradient_rms", "dead_fraction", "saturated_fraction"),
]
GRID_FIELDS = [
    *("activation", "initializer", "depth", "width", "optimizer", "learning_rate"),
    *("seed", "epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy", "diverged"),
]


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    """Run a snippet where every slow package is a trap: to import it is to fail."""
    traps = tmp_path_factory.mktemp("traps")
    for name in HEAVY:
        (traps / f"{name}.py").write_text(f"raise SystemExit('{name} was imported')")

    def run(name, *arguments, **environment):
        return subprocess.run(
            [sys.executable, SNIPPETS / name, *arguments],
            env={**os.environ, "PYTHONPATH": str(traps), "PYTHONUTF8": "1", **environment},
            capture_output=True,
            encoding="utf-8",
        )

    assert "numpy was imported" in run("../snippets/lab/stats.py").stderr  # the traps work
    return run


@pytest.fixture
def snippet(monkeypatch, capsys, tmp_path):
    """Run a snippet as a script inside this process, in an empty folder: (code, out, err)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LAB_STORE", raising=False)

    def run(name, *arguments):
        monkeypatch.setattr(sys, "argv", [str(SNIPPETS / name), *arguments])
        with pytest.raises(SystemExit) as exit_:
            runpy.run_path(str(SNIPPETS / name), run_name="__main__")
        return exit_.value.code, *capsys.readouterr()

    return run


# --- help and bad input -------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_help_needs_nothing_heavy(light, name):
    done = light(name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"uso: {name}")
    options = ["activation", "initializer", "depth", "width", "seeds", "dataset", "output"]
    if name == "training_grid.py":
        options += ["optimizer", "learning-rate", "momentum", "epochs", "batch-size"]
    assert all(f"  --{option} " in done.stdout for option in options)
    assert "usage" not in done.stdout and "show this" not in done.stdout


def test_help_on_a_terminal_without_accents(light):
    done = light("gradient_flow.py", "--help", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "activaci?n" in done.stdout


BAD = {
    "--activation rleu": ["rleu", *catalog.ACTIVATIONS, "¿Querías decir «relu»?"],
    "--initializer he_norml": ["he_norml", *catalog.INITIALIZERS, "¿Querías decir «he_normal»?"],
    "--initializer he_normal:2": ["no lleva valor"],
    "--initializer random_normal:-1": ["-1", "random_normal:0.05"],
    "--dataset fashion": ["digits, fashion_mnist, mnist", "¿Querías decir «fashion_mnist»?"],
    "--depth 0": ["--depth", "«0»", "1 o más"],
    "--depth 2.5": ["--depth", "«2.5»", "entero"],
    "--width -3": ["--width", "«-3»", "1 o más"],
    "--seeds 0": ["--seeds", "«0»", "1 o más"],
    "--seeds": ["--seeds", "falta su valor"],
    "--depht 3": ["--depht", "¿Querías decir «--depth»?"],
    "--activation relu tanh": ["«tanh»", "repite la opción"],
    "--output x.gif": ["x.gif", ".svg, .png, .pdf, .json, .csv"],
    "--output x": ["«x»", ".svg, .png, .pdf, .json, .csv"],
    "--output nowhere/x.svg": ["«nowhere»", "no existe"],
    "--output file.json/x.svg": ["«file.json»", "no existe"],
    "--output folder.svg": ["folder.svg", "es una carpeta"],
    "--output " + 300 * "x" + ".svg": ["no se puede escribir"],
    "--output ok.json --output x.gif": ["x.gif"],
}
BAD_TRAINING = {
    "--optimizer adan": ["sgd, adam", "¿Querías decir «adam»?"],
    "--learning-rate 0": ["--learning-rate", "mayor que 0"],
    "--learning-rate inf": ["--learning-rate", "mayor que 0"],
    "--momentum 1": ["--momentum", "entre 0 y 1"],
    "--epochs 0": ["--epochs", "1 o más"],
    "--batch-size x": ["--batch-size", "«x»"],
}


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [(name, *case) for name in NAMES for case in BAD.items()]
    + [("training_grid.py", *case) for case in BAD_TRAINING.items()],
)
def test_bad_input_is_one_line_before_any_work(
    light, name, arguments, words, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Path("file.json").write_text("[]")
    Path("folder.svg").mkdir()
    done = light(name, *arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{name}: ") and done.stderr.count("\n") == 1
    assert [word for word in words if word not in done.stderr] == []
    assert {path.name for path in tmp_path.iterdir()} == {"file.json", "folder.svg"}
    assert Path("file.json").read_text() == "[]"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="hace falta el /proc de Linux")
def test_a_folder_where_nobody_may_write(light):
    done = light("gradient_flow.py", "--output", "/proc/x.json")  # not even root
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "no se puede escribir «/proc/x.json»" in done.stderr


def test_a_download_that_fails_is_one_line(snippet, monkeypatch, tmp_path):
    def offline(*_):
        raise URLError("sin red")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path / "keras"))
    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", offline)
    code, out, err = snippet("gradient_flow.py", "--dataset", "mnist", "--output", "x.json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert str(tmp_path / "keras/datasets/mnist.npz") in err
    assert not Path("x.json").exists()


def test_a_network_larger_than_the_memory_is_one_line(snippet):
    # 10¹¹ units: 26 TB of weights in the first layer alone, which no allocator grants.
    code, out, err = snippet("gradient_flow.py", *f"{SMALL} --width {10**11}".split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "no cabe en la memoria" in err


def test_a_parameter_without_an_option_names_itself_and_its_file():
    def measure(depth=20, noise=0.1):
        pass

    with pytest.raises(LookupError, match=r"test_cli\.py: .*«noise».*añádelo a OPTIONS"):
        cli.make_parser(measure, "")
    own = {"noise": cli.Option("--noise", arguments.real("finito", lambda v: True), "ruido", "X")}
    assert cli.make_parser(measure, "", own).parse_args(["--noise", "2"]).noise == 2


def test_argparse_stays_as_it_was_for_whoever_else_uses_it():
    code = (
        "import argparse, sys; before = dict(vars(argparse)); sys.path.insert(0, sys.argv[1])\n"
        "from lab import cli; cli.make_parser(lambda depth=1: 0, '').format_help()\n"
        "assert vars(argparse) == before; argparse.ArgumentParser(prog='x').parse_args(['y'])"
    )
    command = [sys.executable, "-c", code, str(SNIPPETS)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "usage: x [-h]\nx: error: unrecognized arguments: y\n"


@pytest.mark.parametrize(
    ("argv", "answer"),
    [
        ([], "falta FILE"),
        (["f", "-n"], "-n: falta su valor"),
        (["f", "--all=3"], "--all: no lleva valor (recibido: '3')"),
        (["f", "-n", "0"], "-n: recibido «0»; hace falta un número entero, 1 o más"),
    ],
)
def test_what_argparse_says_in_spanish(argv, answer, capsys):
    parser = arguments.Parser(prog="x")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("-n", type=arguments.as_type(arguments.whole(1)))
    parser.add_argument("--all", action="store_true")
    with pytest.raises(SystemExit) as leaving:
        parser.parse_args(argv)
    assert (leaving.value.code, capsys.readouterr().err) == (2, f"x: {answer}\n")
    assert parser.format_help().startswith("uso: x [-h]")
    assert "\nargumentos:\n" in parser.format_help()


# --- what is written ----------------------------------------------------------------------


def read(path):
    """Records of a .json, and of a .csv with its numbers read back."""
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "more", "fields", "step", "steps"),
    [
        ("gradient_flow.py", "", FLOW_FIELDS, "layer", [1, 2, 3]),
        ("training_grid.py", "--epochs 2 --optimizer adam", GRID_FIELDS, "epoch", [0, 1, 2]),
    ],
)
def test_records_of_a_run(snippet, name, more, fields, step, steps, tmp_path):
    outputs = "--output x.json --output x.csv --output x.svg --output x.png"
    code, out, err = snippet(name, *f"{SMALL} {more} {outputs}".split())
    assert code == 0
    assert "ReLU + He normal" in out and "tanh + He normal" in out
    assert err.splitlines() == [f"guardado: x.{ending}" for ending in ("json", "csv", "svg", "png")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.csv", "x.json", "x.png", "x.svg"]
    assert Path("x.svg").read_text().startswith("<?xml")
    assert Path("x.png").read_bytes().startswith(b"\x89PNG")

    records = read(Path("x.json"))
    assert all(list(record) == fields for record in records)
    keys = [(r["activation"], r["initializer"], r["seed"], r[step]) for r in records]
    assert keys == [(a, "he_normal", s, n) for a in ("relu", "tanh") for s in (0, 1) for n in steps]
    assert all((r["depth"], r["width"]) == (3, 8) for r in records)
    if "epoch" in fields:
        assert all((r["optimizer"], r["learning_rate"]) == ("adam", 1e-3) for r in records)
        assert not any(r["diverged"] for r in records)

    rows = read(Path("x.csv"))
    assert [list(row) for row in rows] == [fields] * len(records)
    for row, record in zip(rows, records, strict=True):
        for field in fields:
            value = record[field]
            assert type(value)(row[field]) == value or row[field] == str(value)

    # All the digits of a float64: the same run in memory is equal to the last bit.
    module = runpy.run_path(str(SNIPPETS / name))
    options = {"epochs": 2, "optimizer": "adam"} if more else {}
    data = module["measure"](("relu", "tanh"), ("he_normal",), depth=3, width=8, seeds=2, **options)
    assert data.to_dict(orient="records") == records


def test_a_run_that_diverged_is_null(snippet):
    arguments = f"--activation relu {SMALL.partition('tanh')[2]} --epochs 1 --output x.json"
    code, out, _ = snippet(
        "training_grid.py", *arguments.split(), "--initializer", "random_normal:1e15"
    )
    assert code == 0
    assert "2 de 2" in out
    for record in read(Path("x.json")):
        lost = record["initializer"] == "random_normal:1e15"
        assert record["diverged"] is lost
        assert all((record[metric] is None) == lost for metric in training.METRICS)


def test_values_that_json_lacks_are_null(tmp_path):
    frame = pd.DataFrame({"a": [1.5, float("inf"), float("nan")], "b": [1, 2, 3]})
    cli.write(tmp_path / "x.json", frame, None, lambda data: data)
    expected = [{"a": 1.5, "b": 1}, {"a": None, "b": 2}, {"a": None, "b": 3}]
    assert read(tmp_path / "x.json") == expected


@pytest.mark.parametrize("initializer", ["zeros", "constant", "orthogonal:2", "random_normal:1e30"])
def test_the_edges_of_what_can_be_measured(snippet, initializer):
    arguments = f"--activation relu --initializer {initializer} --depth 2 --width 1 --seeds 1"
    code, _, err = snippet(
        "gradient_flow.py", *arguments.split(), "--output", "x.json", "--output", "x.svg"
    )
    assert code == 0
    assert err.splitlines() == ["guardado: x.json", "guardado: x.svg"]
    assert len(read(Path("x.json"))) == 2


def test_it_works_from_any_folder_and_repeats_itself(tmp_path):
    run = subprocess.run(
        [sys.executable, SNIPPETS / "gradient_flow.py", *SMALL.split(), "--output", "x.csv"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        check=True,
    )
    assert run.stderr.strip() == "guardado: x.csv"
    assert "ReLU + He normal" in run.stdout
    module = runpy.run_path(str(SNIPPETS / "gradient_flow.py"))
    data = module["measure"](("relu", "tanh"), ("he_normal",), depth=3, width=8, seeds=2)
    written = pd.DataFrame(read(tmp_path / "x.csv")).astype(data.dtypes)
    pd.testing.assert_frame_equal(written, data, check_exact=True)


# --- interruptions ------------------------------------------------------------------------


def measure(seeds=1):
    return pd.DataFrame({"seed": range(seeds)})


def interrupt(_):
    raise KeyboardInterrupt


def run_main(draw, table, *arguments):
    return cli.main("Prueba.", measure, draw, table, argv=list(arguments))


def test_ctrl_c_while_writing_leaves_the_old_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("x.svg").write_text("old")
    assert run_main(interrupt, measure, "--output", "x.svg") == 130
    out, err = capsys.readouterr()
    assert out == "" and "interrumpido" in err and "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["x.svg"]
    assert Path("x.svg").read_text() == "old"


def test_a_new_file_takes_the_place_and_the_permissions_of_any_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("x.csv").write_text("old")
    Path("plain").touch()
    Path("twin").hardlink_to("x.csv")
    assert run_main(None, lambda data: data, "--seeds", "2", "--output", "x.csv") == 0
    assert Path("x.csv").read_text() == "seed\n0\n1\n"
    assert Path("twin").read_text() == "old"  # replaced in one step, not written over
    assert Path("x.csv").stat().st_mode == Path("plain").stat().st_mode


def test_ctrl_c_in_the_middle_of_the_work(tmp_path):
    """On a terminal, where the progress bar tells that the work has begun."""
    (tmp_path / "x.json").write_text("old")
    terminal, other_end = pty.openpty()
    termios.tcsetwinsize(other_end, (24, 80))  # a bar has no room in the 0 columns of a new one
    command = "--seeds 100000 --depth 2 --width 8 --output x.json --output x.svg"
    with subprocess.Popen(
        [sys.executable, SNIPPETS / "gradient_flow.py", *command.split()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=other_end,
        # A shell starts what runs in the background deaf to Ctrl-C, and this would inherit it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        os.close(other_end)
        patience = threading.Timer(60, process.kill)  # a run that goes on fails the test
        patience.start()
        seen, sent = b"", False
        while True:
            try:
                chunk = os.read(terminal, 4096)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not chunk:
                break
            seen += chunk
            if not sent and b"midiendo" in seen:
                process.send_signal(signal.SIGINT)
                sent = True
        out = process.stdout.read()
    patience.cancel()
    os.close(terminal)
    assert sent
    assert (process.returncode, out) == (130, b"")
    assert "interrumpido" in seen.decode() and "Traceback" not in seen.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]
    assert (tmp_path / "x.json").read_text() == "old"


def test_no_progress_bar_without_a_terminal(capsys):
    bar = cli.progress([1, 2, 3], "midiendo")
    assert bar.disable
    assert list(bar) == [1, 2, 3]
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_hangs_up_is_no_error(tmp_path):
    script = tmp_path / "long.py"
    script.write_text(
        "import sys; import pandas as pd; from lab import cli\n"
        "table = lambda data: pd.DataFrame({'a': range(100_000)})\n"
        "sys.exit(cli.main('Larga.', lambda: None, None, table))\n"
    )
    with subprocess.Popen(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(SNIPPETS)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (0, b"")


def test_repeated_names_are_measured_once(snippet):
    code, out, _ = snippet("gradient_flow.py", *SMALL.split(), "--activation", "relu")
    assert code == 0 and out.count("ReLU") == 1

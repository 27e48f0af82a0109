"""What libraries draw: the stored rows against theory and scripts; the page; the commands."""

import csv
import math
import re
import runpy
import subprocess
import sys
from datetime import date

import pytest
from bs4 import BeautifulSoup
from conftest import HTML, ROOT, missing

from libraries import by_library, day, days, find, markdown, read, recipes, size, told

FOLDER = ROOT / "findings" / "libraries"
SCRIPTS = {path.stem: path for path in FOLDER.glob("*.sh") if path.name != "room.sh"}
ROWS = read(ROOT)
CELLS = [row for row in ROWS if row["sigma_w2"]]

#: Layer → the inputs that one output sums, for the sizes of findings/libraries/measure.py.
TRUE_FAN_IN = {
    "dense": 256,
    "graph": 256,
    "conv": 3 * 3 * 32,
    "grouped": 3 * 3 * 32 / 8,
    "depthwise": 3 * 3,
    "transposed": 32 * (4 / 2) ** 2,
    "lstm_input": 256,
    "lstm_recurrent": 256,
    "gru_input": 256,
    "gru_recurrent": 256,
    "attention_in": 512,
    "attention_out": 512,
    "embedding": 1,
}


def name(row):
    return " ".join((row["script"], row["layer"], row["role"]))


def test_every_script_has_its_rows_and_every_row_its_script():
    assert {row["script"] for row in ROWS} == set(SCRIPTS)
    assert len(SCRIPTS) >= 14


def test_no_row_is_there_twice_and_none_lacks_a_cell():
    keys = [name(row) for row in ROWS]
    assert len(keys) == len(set(keys))
    assert all(None not in row and None not in row.values() for row in ROWS)


@pytest.mark.parametrize("script", SCRIPTS)
def test_library_version_and_date_are_those_of_the_header(script):
    text = SCRIPTS[script].read_text()
    header = text.split("source ")[0]
    rows = [row for row in ROWS if row["script"] == script]
    assert {(row["version"], row["library"]) for row in rows} == {
        (rows[0]["version"], rows[0]["library"])
    }
    assert rows[0]["version"] in header
    measured = re.search(r"^# Measured (\d{4}-\d\d-\d\d) ", header, re.MULTILINE)[1]
    for row in rows:
        assert date.fromisoformat(measured) <= date.fromisoformat(row["date"])
    assert re.search(r"^# Guess: ", header, re.MULTILINE), "what was expected before"
    assert re.search(r"[\w.]+(==|@)\d", text), "the version is pinned"


@pytest.mark.parametrize("row", CELLS, ids=name)
def test_a_row_is_what_theory_allows(row):
    fan_in, sigma, stated = (float(row[key]) for key in ("fan_in", "sigma_w2", "stated"))
    cell = row["layer"].startswith(("lstm", "gru"))
    half = cell and row["script"] == "tensorflow.js"  # which draws orthogonal ones slowly
    assert fan_in == TRUE_FAN_IN[row["layer"]] / (1 + half)
    assert sigma == pytest.approx(stated, rel=0.03)  # of 60 000 weights, five standard errors
    if row["bias"] and not cell:  # the layer was run: one draw, and random inputs
        out = math.sqrt(sigma + float(row["bias"]) ** 2)
        few = row["layer"] in ("depthwise", "grouped")  # 288 and 1152 weights in that draw
        assert float(row["rms"]) == pytest.approx(out, rel=0.2 if few else 0.05)
    if row["layer"] == "gru_input":
        assert float(row["gate"]) == pytest.approx(1 / 2, rel=0.02)
    if row["layer"] == "embedding":
        assert float(row["rms"]) == pytest.approx(math.sqrt(sigma), rel=1e-3)


@pytest.mark.parametrize("library", by_library(ROWS), ids=lambda rows: rows[0]["script"])
def test_an_answer_of_attention_is_the_product_of_its_kernels(library):
    inside, outside = find(library, "attention_in"), find(library, "attention_out")
    if inside:
        product = float(inside["sigma_w2"]) * float(outside["sigma_w2"])
        assert float(outside["rms"]) == pytest.approx(math.sqrt(product), rel=0.05)


@pytest.mark.parametrize("library", by_library(ROWS), ids=lambda rows: rows[0]["script"])
def test_what_a_reader_is_told_to_type_keeps_the_signal(library):
    recipe = {role: find(library, "dense", role) for role in ("relu", "tanh")}
    if not any(recipe.values()):
        assert library[0]["script"] == "opencv"  # which has no option
        return
    for role, keeps in (("relu", 2), ("tanh", 1)):
        assert float(recipe[role]["sigma_w2"]) == pytest.approx(keeps, rel=0.03)
        assert recipe[role]["code"].split("; ")[0] in recipes(library)


def test_the_largest_surprises_are_there():
    def stored(script, layer, role="default", column="sigma_w2"):
        return float(find([r for r in ROWS if r["script"] == script], layer, role)[column])

    assert stored("pytorch", "dense") == pytest.approx(1 / 3, rel=0.03)
    assert stored("tensorflow.js", "dense", "he") == pytest.approx(2 * 0.7737, rel=0.03)
    assert stored("mlx", "dense", "he") == pytest.approx(1, rel=0.03)
    assert stored("keras-3.15", "depthwise", "he") == pytest.approx(2 / 32, rel=0.03)
    before, after = (stored(f"keras-3.{v}", "attention_in") for v in (14, 15))
    assert after / before == pytest.approx(36, rel=0.05)


# --- what the page makes of them -----------------------------------------------------------------


def test_numbers_have_two_digits():
    numbers = (1 / 3, 0.5, 0.00195, 0.997, 1.547, 43691.0)
    assert [size(n) for n in numbers] == [
        "0.33",
        "0.50",
        "0.0019",
        "1.0",
        "1.5",
        "4.4\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁴",
    ]


def test_days_are_in_spanish():
    assert day("2026-11-03") == "3 de noviembre de 2026"
    rows = [{"date": "2026-11-30"}, {"date": "2026-12-01"}]
    assert days(rows[:1]) == "el 30 de noviembre de 2026"
    assert days(rows) == "entre el 30 de noviembre de 2026 y el 1 de diciembre de 2026"


def test_a_table_is_one_of_markdown():
    assert markdown("ab", [("1", "2")]) == "| a | b |\n| --- | --: |\n| 1 | 2 |"


def test_a_layer_that_was_not_measured_has_no_row():
    text = told([row for row in ROWS if row["script"] == "synaptic"])
    assert "| Densa |" in text and "Convolución" not in text


def test_the_page_has_a_section_with_code_for_each_library():
    page = HTML / "bibliotecas.html"
    if not page.exists():
        missing("el libro no está construido: make html")
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    for library in by_library(ROWS):
        section = soup.find(id=re.sub(r"[^a-z0-9]+", "-", f"biblioteca-{library[0]['script']}"))
        assert library[0]["version"] in section.find("h3").get_text()
        rows = section.find("table").find_all("tr")[1:]
        layers = {row["layer"] for row in library if row["role"] in ("default", "he")}
        assert len(rows) == len(layers - {"leaky_relu"})
        if find(library, "dense", "relu"):
            assert section.select_one("pre")


# --- the command that redoes them ----------------------------------------------------------------


@pytest.fixture
def command(tmp_path):
    """Return the command, in a folder with scripts of two made-up libraries."""
    for file in ("__main__.py", "room.sh"):
        (tmp_path / file).write_bytes((FOLDER / file).read_bytes())

    def script(name, *lines):
        (tmp_path / f"{name}.sh").write_text("\n".join(lines))

    def run(*names):
        line = [sys.executable, str(tmp_path), *names]
        done = subprocess.run(line, capture_output=True, text=True)
        stored = tmp_path / "measured.csv"
        rows = list(csv.DictReader(stored.open())) if stored.exists() else []
        return done, [(row["script"], row["sigma_w2"]) for row in rows]

    return script, run


def printed(name, value, when=None):
    when = when or date.today().isoformat()
    return "echo script,date,sigma_w2", f"echo {name},{when},{value}"


def test_rows_are_replaced_and_what_was_measured_today_is_not_asked_again(command):
    script, run = command
    script("one", *printed("one", 1))
    script("two", *printed("two", 2, "2020-01-01"))
    done, rows = run()
    assert (done.returncode, rows) == (0, [("one", "1"), ("two", "2")])
    script("one", *printed("one", 5))
    script("two", *printed("two", 6))
    assert run()[1] == [("one", "1"), ("two", "6")]
    assert run("one")[1] == [("one", "5"), ("two", "6")]


def test_a_library_that_fails_is_named_and_keeps_its_rows(command):
    script, run = command
    script("one", *printed("one", 1))
    script("two", *printed("two", 2))
    run()
    script("one", *printed("one", 9), "echo no such version >&2; exit 1")
    done, rows = run("one", "two")
    assert (done.returncode, rows) == (1, [("one", "1"), ("two", "2")])
    assert "no such version" in done.stdout and "Sin medir de nuevo: one." in done.stderr


def test_a_library_that_there_is_not_is_refused_in_one_line(command):
    script, run = command
    script("pytorch", *printed("pytorch", 1))
    done, rows = run("pitorch")
    assert (done.returncode, done.stderr.count("\n"), rows) == (2, 1, [])
    assert "«pitorch»" in done.stderr and "pytorch" in done.stderr


# --- the counts on which all rows rest -----------------------------------------------------------


@pytest.fixture
def measure(monkeypatch):
    """Return findings/libraries/measure.py, as a script of the folder finds it."""
    monkeypatch.setenv("SCRIPT", "made_up")
    module = runpy.run_path(str(FOLDER / "measure.py"))
    return module


def faults(measure, weights, stated=1, distribution="normal", run=None):
    library = measure["Library"]("made up", "1.0", "pass")
    parts = lambda layer: (weights, None, run or (lambda x: x @ weights))  # noqa: E731
    library.layer("dense", "default", "layer = None", parts, (256,), stated, distribution)
    return library.faults


def test_a_layer_that_is_as_stated_has_no_fault(measure):
    weights = measure["random"].normal(0, 1 / 16, (256, 256))
    assert faults(measure, weights) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stated": 2}, "σ_w² is"),
        ({"distribution": "uniform"}, "weights are normal, not uniform"),
    ],
)
def test_what_is_not_as_stated_is_told(measure, change, words):
    weights = measure["random"].normal(0, 1 / 16, (256, 256))
    (fault,) = faults(measure, weights, **change)
    assert words in fault


def test_inputs_that_do_not_reach_an_output_are_not_counted(measure):
    weights = measure["random"].normal(0, 1 / 16, (256, 256))
    found = faults(measure, weights, run=lambda x: x[:, :128] @ weights[:128])
    assert "an output sums 128 inputs, not 256" in found[0]
    assert re.search(r"σ_w² is 0\.(49|50)", found[-1])


def gru_faults(measure, keep=0.0, told=0.04, hears=1.0):
    """Return the faults of a GRU: a bias in its gate, one told, and what it hears of its state."""
    np, random = measure["np"], measure["random"]
    kernel, recurrent = random.uniform(-1 / 16, 1 / 16, (2, 256, 768))
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731

    def step(x, h):
        (r, z, n), (u_r, u_z, u_n) = (np.split(i, 3, axis=1) for i in (x @ kernel, h @ recurrent))
        z = sigmoid(z + u_z + keep)
        return z * h + (1 - z) * np.tanh(n + 0.04 + hears * sigmoid(r + u_r) * u_n)

    library = measure["Library"]("made up", "1.0", "pass")
    parts = lambda layer: (kernel, recurrent, (np.full(768, told), None), step)  # noqa: E731
    library.gru("default", "layer = None", parts, (1 / 3, 1 / 3), ("uniform", "uniform"))
    return library.faults


def test_a_gru_that_is_as_stated_has_no_fault(measure):
    assert gru_faults(measure) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"keep": 1}, "gru default: what it keeps of its state is 0.73"),
        ({"told": 0}, "gru default: the bias, through the cell is 0.0"),
        ({"hears": 0.5}, "gru_recurrent default: σ_w² through the cell is 0.08"),
    ],
)
def test_what_a_gru_does_otherwise_is_told(measure, change, words):
    (fault,) = gru_faults(measure, **change)
    assert words in fault


def test_shapes_are_told_apart(measure):
    random, shape_of = measure["random"], measure["shape_of"]
    normal = random.normal(size=400_000)
    shapes = {
        "normal": normal,
        "truncated": normal[abs(normal) < 2],
        "uniform": random.uniform(-1, 1, 60_000),
        "off-centre": random.uniform(0, 1, 60_000),
        "constant": normal * 0 + 3,
        "orthogonal": measure["np"].linalg.qr(random.normal(size=(64, 64)))[0],
    }
    assert {name: shape_of([drawn]) for name, drawn in shapes.items()} == {n: n for n in shapes}

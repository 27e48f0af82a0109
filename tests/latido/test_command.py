"""The command: what it says, how it ends, and what it refuses; diagnose.py is its door."""

import argparse
import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import HEAVY, ROOT
from languages import foreign

import diagnose
from lab import data, model
from latido import command as command_module
from latido import examine, saved

SCRIPT = ROOT / "snippets" / "diagnose.py"
L = keras.layers


def own_loss(y, answer):
    return keras.losses.sparse_categorical_crossentropy(y, answer, from_logits=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Models and data on disk, sound and not."""
    here = tmp_path_factory.mktemp("diagnose")
    images = data.load()
    x, y = images.x_train[:300], images.y_train[:300]
    broken = x.copy()
    broken[[3, 7], 2] = np.inf
    late = y.copy()
    late[1] = 10  # a row that the batch, evenly spread, leaves out
    arrays = {
        "good": {"x": x, "y": y},
        "broken": {"x": broken, "y": y},
        "narrow": {"x": x[:, :30], "y": y},
        "labels": {"x": x, "y": late},
        "two": {"x_a": x, "x_b": x[:, :8], "y": y},
        "no_y": {"x": x},
        "objects": {"x": np.array([None, {}]), "y": y},
        "lengths": {"x": x, "y": y[:10]},
        "none": {"x": x[:0], "y": y[:0]},
        "words": {"x": x, "y": y.astype(str)},
    }
    for name, parts in arrays.items():
        np.savez(here / f"{name}.npz", **parts)
    (here / "folder.json").mkdir()
    (here / "text.npz").write_text("hola")
    (here / "text.keras").write_text("hola")

    sound = model.mlp("relu", "he_normal", 2, 32)
    sound.save(here / "sound.keras")
    sick = model.mlp("sigmoid", "glorot_uniform", 6, 16)
    sick.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    sick.save(here / "sick.keras")
    sick.save(here / "sick.h5")
    sick.compile("sgd", own_loss)
    sick.save(here / "own.keras")
    twice = [keras.Input((64,)), L.Lambda(lambda t: 2 * t), L.Dense(10)]
    keras.Sequential(twice).save(here / "lambda.keras")
    keras.Sequential(twice).save(here / "lambda.h5")
    keras.Sequential([keras.Input((64,)), L.Flatten()]).save(here / "empty.keras")
    a, b = keras.Input((64,), name="a"), keras.Input((8,), name="b")
    joined = L.Concatenate()([L.Dense(8, "relu")(a), L.Dense(8, "tanh")(b)])
    keras.Model([a, b], L.Dense(10, "softmax")(joined)).save(here / "two.keras")
    return here


@pytest.fixture
def command(folder, monkeypatch, capsys):
    """Run the command in that folder: (code, out, err)."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["diagnose.py"])

    def run(*arguments):
        try:
            code = diagnose.main(list(arguments))
        except SystemExit as exit_:
            code = exit_.code
        return code, *capsys.readouterr()

    return run


def test_the_report_is_that_of_examine(command, folder):
    command("sick.keras", "good.npz", "--output", "same.json")
    arrays = np.load(folder / "good.npz")
    expected = examine(keras.models.load_model(folder / "sick.keras"), arrays["x"], arrays["y"])
    assert (folder / "same.json").read_text() == expected.to_json()


def test_a_healthy_model_ends_with_0(command):
    code, out, err = command("sound.keras", "good.npz")
    assert (code, err) == (0, "")
    assert out.startswith("sound.keras: sana, ningún síntoma (3 capas con pesos")


@pytest.mark.parametrize("name", ["sick.keras", "sick.h5"])
def test_a_sick_model_ends_with_1_and_gets_advice(command, name):
    code, out, err = command(name, "good.npz")
    assert (code, err) == (1, "")
    assert "síntomas" in out and "señal que se desvanece" in out and "z6" in out
    assert "señal que se desvanece, en z6: Hay 6 capas ocultas con sigmoid" in out


def test_training_is_watched(command):
    code, out, _ = command(
        *("sound.keras", "good.npz", "--epochs", "7", "--optimizer", "sgd"),
        *("--learning-rate", "1e-9"),
    )
    assert code == 1 and "pérdida estancada" in out and "es muy pequeña" in out


def test_a_trial_says_what_came_of_it_and_what_it_took(command):
    code, out, _ = command("sick.keras", "good.npz", "--trial", "5")
    assert code == 1
    assert "prueba: una copia, 5 pasos con 256 ejemplos (SGD, " in out
    assert " s), no aprende ni ese lote: su pérdida va de 2." in out
    code, out, _ = command(
        *("sound.keras", "good.npz", "--trial", "60"),
        *("--optimizer", "adam", "--learning-rate", "0.01"),
    )
    assert code == 0 and " (Adam, " in out and " s), aprende: su pérdida va de" in out


def test_a_model_of_two_inputs_that_was_never_compiled_can_be_trained(command):
    assert command("two.keras", "two.npz", "--epochs", "1")[0] == 0


def test_reports_are_written(command, folder):
    code, _, err = command("sick.keras", "good.npz", "--output", "r.json", "--output", "r.html")
    assert code == 1 and err == "guardado: r.json\nguardado: r.html\n"
    content = json.loads((folder / "r.json").read_text())
    symptoms = {finding["symptom"] for finding in content["findings"]}
    assert {"vanishing_signal", "vanishing_gradient"} <= symptoms
    page = BeautifulSoup((folder / "r.html").read_text(), "html.parser")
    assert page.html["lang"] == "es" and not page.find_all(["script", "link", "img"])
    assert len(page.find_all("table")[1].find_all("tr")) == 1 + 7  # one row per layer


#: Arguments → what the one line on stderr says.
REFUSED = {
    "missing.keras good.npz": "no existe el archivo «missing.keras»",
    "sound.keras missing.npz": "no existe el archivo «missing.npz»",
    "text.keras good.npz": "no es un modelo guardado por Keras",
    "sound.keras text.npz": "no es un .npz con números",
    "sound.keras objects.npz": "no es un .npz con números",
    "sound.keras no_y.npz": "hacen falta x e y; contiene: x",
    "sound.keras lengths.npz": "los mismos ejemplos",
    "sound.keras none.npz": "dos o más; recibidos: 0",
    "sound.keras words.npz": "y tiene textos",
    "sound.keras narrow.npz": "tiene forma (30,) y el modelo espera (64,)",
    "sound.keras broken.npz": "x tiene valores no finitos en 2 filas: 3, 7",
    "sound.keras labels.npz": "la salida «logits» tiene 10 clases",
    "two.keras good.npz": "entradas del modelo: 2; las que se han dado: 1",
    "own.keras good.npz": "di con --loss qué pérdida hay que mirar",
    "empty.keras good.npz": "no tiene pesos entrenables",
    "lambda.keras good.npz": "repite con --allow-lambda",
    "lambda.h5 good.npz": "repite con --allow-lambda",
    "sound.keras good.npz --loss nada": "la pérdida «nada» no existe",
    "sound.keras good.npz --output r.txt": "valen .json y .html",
    "sound.keras good.npz --output folder.json": "es una carpeta",
    "sound.keras good.npz --output no/r.json": "la carpeta «no» no existe",
    "sound.keras good.npz --epochs -1": "recibido «-1»",
    "sound.keras good.npz --optimizer sdg": "¿Querías decir «sgd»?",
    "sound.keras": "falta DATOS",
    "sound.keras good.npz --epochs": "--epochs: falta su valor",
    "sound.keras good.npz --allow-lambda=1": "--allow-lambda: no lleva valor (recibido: '1')",
    "sound.keras good.npz --learning-rate 0": "hace falta un número mayor que 0",
    "sound.keras good.npz --epoch 3": "no se entiende «--epoch». ¿Querías decir «--epochs»?",
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_bad_input_ends_with_2_and_one_line(command, arguments):
    code, out, err = command(*arguments.split())
    assert (code, out) == (2, "")
    assert REFUSED[arguments] in err and err.count("\n") == 1


@pytest.mark.parametrize("arguments", REFUSED)
def test_bad_input_is_refused_in_english_too(command, arguments):
    code, out, err = command(*arguments.split(), "--lang", "en")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert foreign(err, "en") == set(), err


HELP = {"es": "uso: diagnose.py [-h]", "en": "usage: diagnose.py [-h]"}


@pytest.mark.parametrize("lang", HELP)
def test_the_language_asked_for_comes_before_the_environment_s(command, monkeypatch, lang):
    for environment in HELP:
        monkeypatch.setenv("LATIDO_LANG", environment)
        code, out, err = command("--help", "--lang", lang)
        assert (code, err) == (0, "") and out.startswith(HELP[lang])
        assert foreign(out, lang, ["diagnose"]) == set()
        assert command("--help")[1].startswith(HELP[environment])
        assert command(f"--lang={lang}", "--help")[1] == out


@pytest.mark.parametrize("lang", HELP)
def test_a_report_is_in_the_language_asked_for(command, folder, lang):
    written = *("--output", "l.json"), *("--output", "l.html")
    code, out, err = command("sick.keras", "good.npz", "--trial", "3", "--lang", lang, *written)
    assert code == 1 and foreign(out + err, lang, ["logits", "z6"]) == set()
    assert {"es": "guardado: l.json", "en": "saved: l.json"}[lang] in err
    assert {"es": ": 2 síntomas (7 capas", "en": ": 2 symptoms (7 layers"}[lang] in out
    content = json.loads((folder / "l.json").read_text())
    assert content["findings"][0]["level"] == {"es": "va a fallar", "en": "will fail"}[lang]
    assert BeautifulSoup((folder / "l.html").read_text(), "html.parser").html["lang"] == lang


@pytest.mark.parametrize(("value", "environment"), [("fr", "es"), ("fr", "en"), ("", "en")])
def test_another_language_ends_with_2_and_one_line(command, monkeypatch, value, environment):
    monkeypatch.setenv("LATIDO_LANG", environment)
    code, out, err = command("sound.keras", "good.npz", f"--lang={value}")
    assert (code, out, err.count("\n")) == (2, "", 1)
    known = {
        "es": "no existe; nombres válidos: es, en",
        "en": "does not exist; valid names: es, en",
    }
    assert known[environment] in err and "--lang" in err


def test_the_door_of_the_book_speaks_spanish(tmp_path):
    english = dict.fromkeys(("LC_ALL", "LANG"), "en_US.UTF-8")
    environment = {k: v for k, v in os.environ.items() if k != "LATIDO_LANG"} | english
    for options, usage in (([], "uso: "), (["--lang", "en"], "usage: ")):
        done = subprocess.run(
            [sys.executable, SCRIPT, "--help", *options],
            env={**environment, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
        )
        assert (done.returncode, done.stdout[: len(usage)]) == (0, usage)


def test_a_disk_that_fills_up_leaves_the_last_report(tmp_path, monkeypatch):
    report = tmp_path / "report.json"
    report.write_text("the last one")

    def fill(path, text, **options):
        with path.open("w") as file:
            file.write(text[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(report), "write_text", fill)
    with pytest.raises(OSError, match="No space"):
        command_module._write(report, "a new one")
    assert report.read_text() == "the last one"
    assert list(tmp_path.iterdir()) == [report]


def test_a_model_with_a_loss_of_its_own_takes_another(command):
    code, out, err = command("own.keras", "good.npz", "--loss", "sparse_categorical_crossentropy")
    # It comes without its optimizer, and with Adam such a network may learn; but not so.
    assert (code, err) == (1, "")
    assert "gradiente que se desvanece" in out and "vigila" in out
    assert out.count("va a fallar") == 1 and "no lleva activación y da logits" in out


@pytest.mark.parametrize("name", ["lambda.keras", "lambda.h5"])
def test_a_lambda_layer_can_be_allowed(command, name):
    assert command(name, "good.npz", "--allow-lambda")[0] == 0


def test_the_script_answers_help_with_nothing_heavy(tmp_path):
    for name in HEAVY:
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} was imported')")
    done = subprocess.run(
        [sys.executable, SCRIPT, "--help"],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("uso: diagnose.py")
    assert "--allow-lambda" in done.stdout


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "Exception encountered.\n\n\x1b[1mShapes differ\nat axis 1\x1b[0m\n\nArguments: x",
            "Shapes differ",
        ),
        (
            "Graph execution error:\n\nDetected at node …\nindices[0] = 25 is not in [0, 20)\n"
            "\t [[{{node GatherV2}}]] [Op:x]",
            "indices[0] = 25 is not in [0, 20)",
        ),
        ("", "ValueError"),
    ],
)
def test_of_the_many_lines_of_keras_one_is_shown(text, line):
    assert saved.reason(ValueError(text)) == line


def test_another_rate_for_an_optimizer_that_has_a_schedule_inside_a_loss_scale():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    inside = keras.optimizers.SGD(schedule, momentum=0.5)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(keras.optimizers.LossScaleOptimizer(inside), "mse")
    options = argparse.Namespace(optimizer=None, learning_rate=0.01, loss=None)
    saved.compile_model(model, options, [])
    inside = model.optimizer.inner_optimizer
    assert float(inside.learning_rate) == pytest.approx(0.01) and inside.momentum == 0.5
    assert model.loss == "mse"

"""The command ``latido MODEL.keras DATA.npz``: diagnose a saved model with your own data.

What it says is explained in the page "Diagnostica tu propia red"; the work is done by
``latido.monitor``. Exit code 0: no alarm; 1: an alarm, «va a fallar»; 2: bad input.
"""

import contextlib
import functools
import html
import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from latido import arguments
from latido.arguments import Refused, language_asked, one_of, positive, whole
from latido.saved import compile_model, known_loss, load_data, load_model, reason
from latido.words import LANGUAGES, Text, chained, language, why

REPORTS = (".json", ".html")

#: Read by TensorFlow when it is first imported, unless the reader has set them. oneDNN's
#: products of matrices are faster; TensorFlow's own choice depends on the processor.
SETTINGS = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "1"}
BACKEND = "KERAS_BACKEND"


def main(argv: list[str] | None = None, lang: str | None = None) -> int:
    """Run the command; return its exit code.

    Args:
        argv: the arguments; by default, those of the terminal.
        lang: what it speaks unless --lang says so; by default, the environment's language.
    """
    lang = language_asked(argv) or language(lang)
    options = make_parser(lang).parse_args(argv)
    with _terminal():
        try:
            os.environ[BACKEND] = backend()
            report = diagnose(options)
            name = options.model.name
            for path in options.outputs:
                text = report.to_json() if path.suffix == ".json" else page(report, name)
                _write(path, text)
        except KeyboardInterrupt:
            return 130
        except Exception as error:
            # Whatever it was, one line. Ours have one; Keras's, when it can't run the model, many.
            ours = isinstance(error, ValueError | OSError) and "\n" not in str(error)
            keras = Text(
                "Keras no puede con este modelo y estos datos: {reason}", reason=reason(error)
            )
            arguments.fail(why(error) if ours else keras, lang)
        print(text_of(report, name))
        for path in options.outputs:
            print(Text("guardado: {path}", path=path).into(lang), file=sys.stderr)
    return 0 if report.healthy else 1


def _write(path: Path, text: str) -> None:
    """Write a report whole, or leave what was there: a full disk ends it in the middle."""
    unfinished = path.with_name(f".{os.getpid()}{path.suffix}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextlib.contextmanager
def _terminal() -> Iterator[None]:
    """Set what concerns the terminal and this command alone, until the end of the block."""
    streams = {stream: stream.errors for stream in (sys.stdout, sys.stderr)}
    before = {name: os.environ.get(name) for name in [*SETTINGS, BACKEND]}
    try:
        for stream in streams:
            stream.reconfigure(errors="replace")  # one that has no δ gets a "?"
        os.environ.update(SETTINGS | os.environ)
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        for stream, errors in streams.items():
            stream.reconfigure(errors=errors)


def backend() -> str:
    """Return the backend to load the model with: the reader's, or the first that is installed.

    Raises ValueError, in one line, if there is none.
    """
    asked = os.environ.get(BACKEND, "")
    installed = [name for name in ("tensorflow", "jax", "torch") if find_spec(name)]
    if not installed:
        raise ValueError(Text("hace falta TensorFlow, JAX o PyTorch: pip install tensorflow"))
    return asked if asked in installed else installed[0]


@contextlib.contextmanager
def _without_greeting() -> Iterator[None]:
    """Lose what C++ writes to the terminal before it has read how much it may say."""
    if sys.stderr is None:
        yield
        return
    sys.stderr.flush()
    terminal, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
        os.close(nowhere)


def diagnose(options):
    """Load, look, and train under watch if asked to; return the Report."""
    if "tensorflow" not in sys.modules and os.environ[BACKEND] == "tensorflow":
        with _without_greeting():
            import tensorflow  # noqa: F401
    from latido.engine import check_version

    check_version()
    x, y = load_data(options.data)
    model = load_model(options.model, options.allow_lambda, options.loss)

    from latido import trial as trials
    from latido.batch import checked, sample
    from latido.monitor import SignalMonitor, steps_of
    from latido.observer import Observer
    from latido.report import Report

    loss = known_loss(options.loss)
    few = sample(*checked(x, y), model)
    observer = Observer(model, loss)
    look = observer(*few, steps_of(model))  # says what does not fit, before any training
    observer.check_labels(y)
    if options.trial or options.epochs:
        compile_model(model, options, observer.trained)
    trial = options.trial and trials.run(model, *few, options.trial, observer)
    if not options.epochs:
        return Report.of([look], trial=trial, lang=options.lang)
    monitor = SignalMonitor(*few)
    model.fit(
        x,
        y,
        epochs=options.epochs,
        batch_size=options.batch_size,
        verbose=0,
        callbacks=[monitor],
    )
    return Report.of(monitor.report.snapshots, trial=trial, lang=options.lang)


def make_parser(lang: str) -> arguments.Parser:
    """Describe the options, in a language."""
    parser = arguments.Parser(
        Text(
            "Diagnostica un modelo de Keras guardado, con tus datos. "
            "Termina con 0 si no hay alarmas, con 1 si las hay y con 2 si no se puede mirar."
        ),
        lang,
    )
    add, existing = functools.partial(parser.add, parser.inputs), _existing(lang)
    add("model", metavar=Text("MODELO"), type=existing, help=Text("archivo .keras o .h5"))
    add(
        "data",
        metavar=Text("DATOS"),
        type=existing,
        help=Text("archivo .npz con x e y (con varias entradas: x_NOMBRE, una por entrada)"),
    )
    add = functools.partial(parser.add, parser.options)
    add(
        "--epochs",
        metavar="N",
        type=whole(0),
        default=0,
        help=Text(
            "épocas de entrenamiento que se vigilan; con 0 solo se mira la red como está [0]"
        ),
    )
    add(
        "--trial",
        metavar="N",
        type=whole(0),
        default=0,
        help=Text("pasos que se entrena una copia con un lote, para ver si puede aprender [0]"),
    )
    add(
        "--optimizer",
        metavar=Text("NOMBRE"),
        type=one_of(("sgd", "adam", "rmsprop", "adamw"), Text("el optimizador")),
        help=Text("sgd, adam, rmsprop o adamw [el del modelo, o adam]"),
    )
    add(
        "--learning-rate",
        metavar="X",
        type=positive,
        help=Text("tasa de aprendizaje [la del optimizador]"),
    )
    add("--batch-size", metavar="N", type=whole(1), default=32, help=Text("ejemplos por paso [32]"))
    add(
        "--loss",
        metavar=Text("NOMBRE"),
        help=Text("pérdida de Keras [la del modelo, o la que encaje]"),
    )
    add(
        "--allow-lambda",
        action="store_true",
        help=Text("carga también capas Lambda, que pueden ejecutar cualquier código"),
    )
    add(
        "--output",
        dest="outputs",
        metavar=Text("ARCHIVO"),
        type=_report_file,
        action="append",
        default=[],
        help=Text("guarda el informe (.json o .html), repetible"),
    )
    add(
        "--lang",
        metavar=Text("IDIOMA"),
        type=one_of(LANGUAGES, Text("el idioma")),
        default=lang,
        help=Text("idioma de lo que dice, es o en [el del sistema]"),
    )
    return parser


def _existing(lang: str) -> Callable[[str], Path]:
    def check(text: str) -> Path:
        path = Path(text)
        if not path.is_file():
            arguments.fail(Text("no existe el archivo «{text}»", text=text), lang)
        return path

    return check


def _report_file(text: str) -> Path:
    path = Path(text)
    if path.suffix not in REPORTS:
        raise Refused(
            Text(
                "«{text}» no dice en qué formato; valen {a} y {b}",
                text=text,
                a=REPORTS[0],
                b=REPORTS[1],
            )
        )
    if path.is_dir():
        raise Refused(Text("«{text}» es una carpeta; di qué archivo", text=text))
    if not path.parent.is_dir():
        raise Refused(
            Text("la carpeta «{folder}» no existe; créala o elige otra", folder=path.parent)
        )
    return path


def text_of(report, name: str) -> str:
    """Return what the terminal shows, in the language of the report."""
    last = report.snapshots[-1]
    many = len(last.layers)
    layers = Text("{count} capas con pesos", count=many) if many > 1 else Text("1 capa con pesos")
    first = Text(
        "{name}: {state} ({layers}, pérdida {loss:.3g})",
        name=name,
        state=state_of(report),
        layers=layers,
        loss=last.loss,
    )
    lines = [first]
    if report.trial:
        lines.append(tried(report.trial))
    if report.findings:
        table = report.table()
        lines += ["", table.drop(columns=table.columns[-1]).to_string(index=False), ""]
        lines += [
            Text("{what}, en {where}: {advice}", what=row[0], where=row[3], advice=row[-1])
            for row in table.itertuples(index=False)
        ]
    lines += [*_risks(report), *_skipped(report), *report.notes]
    return chained("\n", lines).into(report.lang)


def _risks(report) -> list[Text]:
    """Say what is only to be watched."""
    risks = report.risks.items()
    return [Text("vigila {where}: {advice}", where=where, advice=said) for where, said in risks]


def _skipped(report) -> list[Text]:
    """Say what was not looked at."""
    skipped = report.skipped.items()
    return [
        Text("no se ha mirado «{layer}»: {why}", layer=name, why=said) for name, said in skipped
    ]


def state_of(report) -> Text:
    """Return how a network stands, in a few words."""
    alarms = len(report.alarms)
    if alarms:
        return Text("1 síntoma") if alarms == 1 else Text("{count} síntomas", count=alarms)
    if watched := sum(finding.active for finding in report.findings) - alarms:
        one = Text("sin alarma, 1 síntoma por vigilar")
        return (
            one if watched == 1 else Text("sin alarma, {count} síntomas por vigilar", count=watched)
        )
    if report.findings:
        return Text("sin alarma, lo que hubo ha pasado")
    if report.skipped:
        return Text("ningún síntoma en lo que se ha mirado")
    return Text("sana, ningún síntoma")


def tried(trial) -> Text:
    """Return what came of a trial, and what it took."""
    known = trial.constant_loss == trial.constant_loss
    constant = Text(
        " y responder siempre lo mismo cuesta {constant:.3g}", constant=trial.constant_loss
    )
    return Text(
        "prueba: una copia, {steps} pasos con {samples} ejemplos ({optimizer}, {seconds:.1f} s), "
        "{verdict}: su pérdida va de {first:.3g} a {last:.3g}{beside}",
        steps=trial.steps,
        samples=trial.samples,
        optimizer=trial.optimizer,
        seconds=trial.seconds,
        verdict=Text("aprende") if trial.learned else Text("no aprende ni ese lote"),
        first=trial.curve[0],
        last=trial.curve[-1],
        beside=constant if known else "",
    )


def page(report, name: str) -> str:
    """Return the report as one HTML page that needs nothing else, in the report's language."""

    def said(template: str, **values) -> str:
        return html.escape(Text(template, **values).into(report.lang))

    title = html.escape(Text("Diagnóstico de {name}", name=name).into(report.lang))
    findings = report.table()
    body = (
        findings.to_html(index=False, border=0, justify="left")
        if report.findings
        else f"<p>{html.escape(Text('Ningún síntoma.').into(report.lang))}</p>"
    )
    if report.trial:
        body += f"\n<p>{html.escape(tried(report.trial).into(report.lang).capitalize())}.</p>"
    risks = "".join(f"<p>{said('{risk!c}', risk=risk)}</p>" for risk in _risks(report))
    layers = report.layers().to_html(index=False, border=0, float_format="{:.3g}".format)
    skipped = "".join(f"<p>{said('{text!c}.', text=text)}</p>" for text in _skipped(report))
    skipped += "".join(f"<p>{html.escape(note)}</p>" for note in report.notes)
    by_layer = Text("Capa a capa").into(report.lang)
    return (
        f'<!doctype html>\n<html lang="{report.lang}"><meta charset="utf-8">'
        f"<title>{title}</title>\n"
        "<style>body{font:16px system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}"
        "td,th{padding:.3rem .6rem;text-align:left;border-bottom:1px solid #ccc}"
        "table{border-collapse:collapse;display:block;overflow-x:auto}</style>\n"
        f"<h1>{title}</h1>\n{body}\n{risks}{skipped}<h2>{by_layer}</h2>\n{layers}\n</html>\n"
    )


if __name__ == "__main__":
    sys.exit(main())

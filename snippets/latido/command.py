"""The command ``latido MODEL.keras DATA.npz``: diagnose a saved model with your own data.

What it says is explained in the page "Diagnostica tu propia red"; the work is done by
``latido.monitor``. Exit code 0: no alarm; 1: an alarm, «va a fallar»; 2: bad input.
"""

import contextlib
import html
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from latido import arguments
from latido.arguments import Refused, one_of, positive, whole
from latido.saved import compile_model, known_loss, load_data, load_model, reason

REPORTS = (".json", ".html")

#: Read by TensorFlow when it is first imported, unless the reader has set them. oneDNN's
#: products of matrices are faster; TensorFlow's own choice depends on the processor.
SETTINGS = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "1"}
BACKEND = "KERAS_BACKEND"


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = make_parser().parse_args(argv)
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
            keras = f"Keras no puede con este modelo y estos datos: {reason(error)}"
            arguments.fail(error if ours else keras)
        print(text_of(report, name))
        for path in options.outputs:
            print(f"guardado: {path}", file=sys.stderr)
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

    Raises ValueError, in one Spanish line, if there is none.
    """
    asked = os.environ.get(BACKEND, "")
    installed = [name for name in ("tensorflow", "jax", "torch") if find_spec(name)]
    if not installed:
        raise ValueError("hace falta TensorFlow, JAX o PyTorch: pip install tensorflow")
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
        return Report.of([look], trial=trial)
    monitor = SignalMonitor(*few)
    model.fit(
        x,
        y,
        epochs=options.epochs,
        batch_size=options.batch_size,
        verbose=0,
        callbacks=[monitor],
    )
    return Report.of(monitor.report.snapshots, trial=trial)


def make_parser() -> arguments.Parser:
    """Describe the options."""
    parser = arguments.Parser(
        "Diagnostica un modelo de Keras guardado, con tus datos. "
        "Termina con 0 si no hay alarmas, con 1 si las hay y con 2 si no se puede mirar."
    )
    add = parser.inputs.add_argument
    add("model", metavar="MODELO", type=_existing, help="archivo .keras o .h5")
    add(
        "data",
        metavar="DATOS",
        type=_existing,
        help="archivo .npz con x e y (con varias entradas: x_NOMBRE, una por entrada)",
    )
    add = parser.options.add_argument
    add(
        "--epochs",
        metavar="N",
        type=whole(0),
        default=0,
        help="épocas de entrenamiento que se vigilan; con 0 solo se mira la red como está [0]",
    )
    add(
        "--trial",
        metavar="N",
        type=whole(0),
        default=0,
        help="pasos que se entrena una copia con un lote, para ver si puede aprender [0]",
    )
    add(
        "--optimizer",
        metavar="NOMBRE",
        type=one_of(("sgd", "adam", "rmsprop", "adamw"), "el optimizador"),
        help="sgd, adam, rmsprop o adamw [el del modelo, o adam]",
    )
    add(
        "--learning-rate",
        metavar="X",
        type=positive,
        help="tasa de aprendizaje [la del optimizador]",
    )
    add("--batch-size", metavar="N", type=whole(1), default=32, help="ejemplos por paso [32]")
    add("--loss", metavar="NOMBRE", help="pérdida de Keras [la del modelo, o la que encaje]")
    add(
        "--allow-lambda",
        action="store_true",
        help="carga también capas Lambda, que pueden ejecutar cualquier código",
    )
    add(
        "--output",
        dest="outputs",
        metavar="ARCHIVO",
        type=_report_file,
        action="append",
        default=[],
        help="guarda el informe (.json o .html), repetible",
    )
    return parser


def _existing(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        arguments.fail(f"no existe el archivo «{text}»")
    return path


def _report_file(text: str) -> Path:
    path = Path(text)
    if path.suffix not in REPORTS:
        raise Refused(f"«{text}» no dice en qué formato; valen {' y '.join(REPORTS)}")
    if path.is_dir():
        raise Refused(f"«{text}» es una carpeta; di qué archivo")
    if not path.parent.is_dir():
        raise Refused(f"la carpeta «{path.parent}» no existe; créala o elige otra")
    return path


def text_of(report, name: str) -> str:
    """Return what the terminal shows."""
    last = report.snapshots[-1]
    layers = f"{len(last.layers)} capa{'s' if len(last.layers) > 1 else ''} con pesos"
    lines = [f"{name}: {state_of(report)} ({layers}, pérdida {last.loss:.3g})"]
    if report.trial:
        lines.append(tried(report.trial))
    if report.findings:
        table = report.table()
        lines += ["", table.drop(columns="consejo").to_string(index=False), ""]
        lines += [
            f"{row.síntoma}, en {row.capa}: {row.consejo}" for row in table.itertuples(index=False)
        ]
    lines += [f"vigila {where}: {advice}" for where, advice in report.risks.items()]
    lines += [f"no se ha mirado «{layer}»: {why}" for layer, why in report.skipped.items()]
    lines += report.notes
    return "\n".join(lines)


def state_of(report) -> str:
    """Return how a network stands, in a few words."""
    alarms = len(report.alarms)
    if alarms:
        return "1 síntoma" if alarms == 1 else f"{alarms} síntomas"
    if watched := sum(finding.active for finding in report.findings) - alarms:
        return f"sin alarma, {watched} síntoma{'s' if watched > 1 else ''} por vigilar"
    if report.findings:
        return "sin alarma, lo que hubo ha pasado"
    return "ningún síntoma en lo que se ha mirado" if report.skipped else "sana, ningún síntoma"


def tried(trial) -> str:
    """Return what came of a trial, and what it took."""
    verdict = "aprende" if trial.learned else "no aprende ni ese lote"
    return (
        f"prueba: una copia, {trial.steps} pasos con {trial.samples} ejemplos "
        f"({trial.optimizer}, {trial.seconds:.1f} s), {verdict}: su pérdida va de "
        f"{trial.curve[0]:.3g} a {trial.curve[-1]:.3g}"
        + (
            ""
            if trial.constant_loss != trial.constant_loss
            else f" y responder siempre lo mismo cuesta {trial.constant_loss:.3g}"
        )
    )


def page(report, name: str) -> str:
    """Return the report as one HTML page that needs nothing else."""
    title = f"Diagnóstico de {html.escape(name)}"
    findings = report.table()
    body = (
        findings.to_html(index=False, border=0, justify="left")
        if report.findings
        else "<p>Ningún síntoma.</p>"
    )
    if report.trial:
        body += f"\n<p>{html.escape(tried(report.trial).capitalize())}.</p>"
    risks = "".join(
        f"<p>Vigila {html.escape(where)}: {html.escape(advice)}</p>"
        for where, advice in report.risks.items()
    )
    layers = report.layers().to_html(index=False, border=0, float_format="{:.3g}".format)
    skipped = "".join(
        f"<p>No se ha mirado «{html.escape(layer)}»: {why}.</p>"
        for layer, why in report.skipped.items()
    ) + "".join(f"<p>{html.escape(note)}</p>" for note in report.notes)
    return (
        f'<!doctype html>\n<html lang="es"><meta charset="utf-8"><title>{title}</title>\n'
        "<style>body{font:16px system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}"
        "td,th{padding:.3rem .6rem;text-align:left;border-bottom:1px solid #ccc}"
        "table{border-collapse:collapse;display:block;overflow-x:auto}</style>\n"
        f"<h1>{title}</h1>\n{body}\n{risks}{skipped}<h2>Capa a capa</h2>\n{layers}\n</html>\n"
    )


if __name__ == "__main__":
    sys.exit(main())

"""Diagnose a saved Keras model with your own data: python diagnose.py MODEL.keras DATA.npz.

What the command says is explained in the page "Diagnostica tu propia red"; the work is done by
``latido.monitor``. Exit code 0: healthy; 1: something was found; 2: bad input.
"""

import html
import logging
import re
import sys
import warnings
from pathlib import Path

from lab import cli

REPORTS = (".json", ".html")


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    options = make_parser().parse_args(argv)
    try:
        report = diagnose(options)
        for path in options.outputs:
            text = report.to_json() if path.suffix == ".json" else page(report, options.model.name)
            path.write_text(text, encoding="utf-8")
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        # Whatever it was, one line. Ours have one; Keras's, when it can't run the model, many.
        ours = isinstance(error, ValueError | OSError) and "\n" not in str(error)
        keras = f"Keras no puede con este modelo y estos datos: {reason(error)}"
        cli.fail(error if ours else keras, Path(sys.argv[0]).name)
    print(text_of(report, options.model.name))
    for path in options.outputs:
        print(f"guardado: {path}", file=sys.stderr)
    return 0 if report.healthy else 1


def reason(error: Exception) -> str:
    """Return the line in which Keras or TensorFlow says what happened."""
    bold = re.search(r"\x1b\[1m(.+?)\x1b\[0m", str(error), re.DOTALL)
    lines = (bold[1] if bold else str(error)).strip().splitlines() or [type(error).__name__]
    node = next((i for i, line in enumerate(lines) if "[[{{node" in line), 1)
    return lines[max(node - 1, 0)].strip()


def make_parser() -> cli.Parser:
    """Describe the options."""
    parser = cli.Parser(
        description="Diagnostica un modelo de Keras guardado, con tus datos. "
        "Termina con 0 si está sano, con 1 si hay síntomas y con 2 si no se puede mirar.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("model", metavar="MODELO", type=_existing, help="archivo .keras o .h5")
    add(
        "data",
        metavar="DATOS",
        type=_existing,
        help="archivo .npz con x e y (con varias entradas: x_NOMBRE, una por entrada)",
    )
    add(
        "--epochs",
        metavar="N",
        type=cli._type(cli.whole(0)),
        default=0,
        help="épocas de entrenamiento que se vigilan; con 0 solo se mira la red como está [0]",
    )
    add(
        "--optimizer",
        metavar="NOMBRE",
        type=cli._type(cli.one_of(("sgd", "adam", "rmsprop", "adamw"), "el optimizador")),
        help="sgd, adam, rmsprop o adamw [el del modelo, o adam]",
    )
    add(
        "--learning-rate",
        metavar="X",
        type=cli._type(cli.real("mayor que 0", lambda value: value > 0)),
        help="tasa de aprendizaje [la del optimizador]",
    )
    add(
        "--batch-size",
        metavar="N",
        type=cli._type(cli.whole(1)),
        default=32,
        help="ejemplos por paso [32]",
    )
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
        type=cli._type(_report_file),
        action="append",
        default=[],
        help="guarda el informe (.json o .html), repetible",
    )
    return parser


def _existing(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        cli.fail(f"no existe el archivo «{text}»", Path(sys.argv[0]).name)
    return path


def _report_file(text: str) -> Path:
    path = Path(text)
    if path.suffix not in REPORTS:
        raise ValueError(f"«{text}» no dice en qué formato; valen {' y '.join(REPORTS)}")
    if path.is_dir():
        raise ValueError(f"«{text}» es una carpeta; di qué archivo")
    if not path.parent.is_dir():
        raise ValueError(f"la carpeta «{path.parent}» no existe; créala o elige otra")
    return path


def diagnose(options):
    """Load, look, and train under watch if asked to; return the Report."""
    x, y = load_data(options.data)
    model = load_model(options.model, options.allow_lambda, options.loss)

    from latido.monitor import SignalMonitor, batch, checked, examine
    from latido.observer import Observer

    loss = known_loss(options.loss)
    few = batch(*checked(x, y), model)
    look = Observer(model, loss)
    look(*few)  # says what does not fit, before any training
    look.check_labels(y)
    if not options.epochs:
        return examine(model, *few, loss)
    compile_model(model, options, look.trained)
    monitor = SignalMonitor(*few)
    model.fit(
        x,
        y,
        epochs=options.epochs,
        batch_size=options.batch_size,
        verbose=0,
        callbacks=[monitor],
    )
    return monitor.report


def load_data(path: Path):
    """Return x and y of an .npz file; x is a dict if there are several inputs.

    Raises ValueError if it is no such file, lacks a part, or holds NaN or infinity.
    """
    import zipfile

    import numpy as np

    from latido.monitor import check_finite

    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, zipfile.BadZipFile, AttributeError, EOFError, TypeError):
        raise ValueError(
            f"«{path}» no es un .npz con números; créalo con numpy.savez({path.stem!r}, x=x, y=y)"
        ) from None
    x = arrays.get("x")
    if x is None:
        x = {name[2:]: array for name, array in arrays.items() if name.startswith("x_")}
    if "y" not in arrays or (isinstance(x, dict) and not x):
        raise ValueError(f"en «{path}» hacen falta x e y; contiene: {', '.join(arrays) or 'nada'}")
    check_finite(x, arrays["y"])
    return x, arrays["y"]


def load_model(path: Path, allow_lambda: bool, loss: str | None = None):
    """Return the model of a file; without its own loss if that is unknown and another is named.

    Raises ValueError if it is none, if it can't be loaded here, or if it holds a Lambda layer
    and nobody has allowed it.
    """
    import keras

    logging.getLogger("absl").setLevel(logging.ERROR)  # Keras tells there how old a file is
    with path.open("rb") as file:
        signature = file.read(4)
    if signature not in (b"PK\x03\x04", b"\x89HDF"):
        raise ValueError(f"«{path.name}» no es un modelo guardado por Keras (.keras o .h5)")
    refusal = (
        f"«{path.name}» lleva una capa Lambda, que puede ejecutar cualquier código al cargarse. "
        "Si te fías de quien lo hizo, repite con --allow-lambda"
    )

    def load(**options):
        with warnings.catch_warnings():
            # Of a model saved before its first training; nothing here needs that state.
            warnings.filterwarnings("ignore", "Skipping variable loading for optimizer")
            return keras.models.load_model(path, safe_mode=not allow_lambda, **options)

    try:
        model = load()
    except Exception as error:  # each format fails in its own way
        if "Lambda" in str(error) and not allow_lambda:
            raise ValueError(refusal) from None
        try:
            model = load(compile=False)
        except Exception:
            reason = str(error).strip().partition("\n")[0]
            raise ValueError(f"Keras no puede cargar «{path.name}»: {reason}") from None
        if loss is None:
            raise ValueError(
                f"«{path.name}» lleva una pérdida o una métrica que Keras no conoce; di con "
                "--loss qué pérdida hay que mirar"
            ) from None
    # The older format does not refuse by itself.
    if not allow_lambda and any(
        isinstance(a, keras.layers.Lambda) for a in model._flatten_layers()
    ):
        raise ValueError(refusal)
    return model


def known_loss(name: str | None):
    """Return the name of a loss that Keras knows; ValueError if it does not."""
    import keras

    if name is not None:
        try:
            keras.losses.get(name)
        except ValueError:
            raise ValueError(
                f"la pérdida «{name}» no existe en Keras; por ejemplo: mse, "
                "sparse_categorical_crossentropy, binary_crossentropy"
            ) from None
    return name


def compile_model(model, options, trained) -> None:
    """Give the model the optimizer and loss that it lacks, or those that were asked for."""
    import keras

    from latido.losses import weights_of

    optimizer = None if options.optimizer else getattr(model, "optimizer", None)
    if optimizer is None:
        optimizer = keras.optimizers.get(options.optimizer or "adam")
    if options.learning_rate:
        # Anew: a rate that follows a schedule can't be set.
        inner = getattr(optimizer, "inner_optimizer", optimizer)
        settings = {**inner.get_config(), "learning_rate": options.learning_rate}
        fresh = type(inner).from_config(settings)
        optimizer = fresh if inner is optimizer else type(optimizer)(fresh)
    loss, weights = getattr(model, "loss", None), weights_of(model)
    if options.loss or loss is None:
        loss, weights = [one.loss for one in trained], None
        loss = loss if len(loss) > 1 else loss[0]
    model.compile(optimizer, loss, loss_weights=weights)


def text_of(report, name: str) -> str:
    """Return what the terminal shows."""
    last = report.snapshots[-1]
    count = len(report.findings)
    state = {0: "sana, ningún síntoma", 1: "1 síntoma"}.get(count, f"{count} síntomas")
    layers = f"{len(last.layers)} capa{'s' if len(last.layers) > 1 else ''} con pesos"
    lines = [f"{name}: {state} ({layers}, pérdida {last.loss:.3g})"]
    if count:
        table = report.table()
        lines += ["", table.drop(columns="consejo").to_string(index=False), ""]
        lines += [
            f"{row.síntoma}, en {row.capa}: {row.consejo}" for row in table.itertuples(index=False)
        ]
    lines += [f"no se ha mirado «{layer}»: {why}" for layer, why in report.skipped.items()]
    return "\n".join(lines)


def page(report, name: str) -> str:
    """Return the report as one HTML page that needs nothing else."""
    title = f"Diagnóstico de {html.escape(name)}"
    findings = report.table()
    body = (
        "<p>Ningún síntoma.</p>"
        if report.healthy
        else findings.to_html(index=False, border=0, justify="left")
    )
    layers = report.layers().to_html(index=False, border=0, float_format="{:.3g}".format)
    skipped = "".join(
        f"<p>No se ha mirado «{html.escape(layer)}»: {why}.</p>"
        for layer, why in report.skipped.items()
    )
    return (
        f'<!doctype html>\n<html lang="es"><meta charset="utf-8"><title>{title}</title>\n'
        "<style>body{font:16px system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}"
        "td,th{padding:.3rem .6rem;text-align:left;border-bottom:1px solid #ccc}"
        "table{border-collapse:collapse;display:block;overflow-x:auto}</style>\n"
        f"<h1>{title}</h1>\n{body}\n{skipped}<h2>Capa a capa</h2>\n{layers}\n</html>\n"
    )


if __name__ == "__main__":
    sys.exit(main())

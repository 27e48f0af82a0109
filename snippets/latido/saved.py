"""A model and data that lie in files, and what the model still lacks to be trained."""

import contextlib
import logging
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from latido.words import Text, why


def reason(error: Exception) -> str:
    """Return the line in which Keras or TensorFlow says what happened, or we do."""
    if isinstance(told := why(error), Text):
        return told
    bold = re.search(r"\x1b\[1m(.+?)\x1b\[0m", str(error), re.DOTALL)
    lines = (bold[1] if bold else str(error)).strip().splitlines() or [type(error).__name__]
    node = next((i for i, line in enumerate(lines) if "[[{{node" in line), 1)
    return lines[max(node - 1, 0)].strip()


def load_data(path: Path):
    """Return x and y of an .npz file; x is a dict if there are several inputs.

    Raises ValueError if it is no such file, lacks a part, or holds NaN or infinity.
    """
    import zipfile

    import numpy as np

    from latido.batch import check_finite

    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, zipfile.BadZipFile, AttributeError, EOFError, TypeError):
        raise ValueError(
            Text(
                "«{path}» no es un .npz con números; créalo con numpy.savez({name}, x=x, y=y)",
                path=path,
                name=repr(path.stem),
            )
        ) from None
    x = arrays.get("x")
    if x is None:
        x = {name[2:]: array for name, array in arrays.items() if name.startswith("x_")}
    if "y" not in arrays or (isinstance(x, dict) and not x):
        raise ValueError(
            Text(
                "en «{path}» hacen falta x e y; contiene: {names}",
                path=path,
                names=", ".join(arrays) or Text("nada"),
            )
        )
    check_finite(x, arrays["y"])
    return x, arrays["y"]


def load_model(path: Path, allow_lambda: bool, loss: str | None = None):
    """Return the model of a file; without its own loss if that is unknown and another is named.

    Raises ValueError if it is none, if it can't be loaded here, or if it holds a Lambda layer
    and nobody has allowed it.
    """
    import keras

    with path.open("rb") as file:
        signature = file.read(4)
    if signature not in (b"PK\x03\x04", b"\x89HDF"):
        raise ValueError(
            Text("«{name}» no es un modelo guardado por Keras (.keras o .h5)", name=path.name)
        )
    refusal = Text(
        "«{name}» lleva una capa Lambda, que puede ejecutar cualquier código al cargarse. Si te "
        "fías de quien lo hizo, repite con --allow-lambda",
        name=path.name,
    )

    def load(**options):
        with _quiet():
            return keras.models.load_model(path, safe_mode=not allow_lambda, **options)

    try:
        model = load()
    except Exception as error:  # each format fails in its own way
        if "Lambda" in str(error) and not allow_lambda:
            raise ValueError(refusal) from None
        try:
            model = load(compile=False)
        except Exception:
            raise ValueError(
                Text(
                    "Keras no puede cargar «{name}»: {reason}",
                    name=path.name,
                    reason=str(error).strip().partition("\n")[0],
                )
            ) from None
        if loss is None:
            raise ValueError(
                Text(
                    "«{name}» lleva una pérdida o una métrica que Keras no conoce; di con --loss "
                    "qué pérdida hay que mirar",
                    name=path.name,
                )
            ) from None
    # The older format does not refuse by itself.
    if not allow_lambda and any(
        isinstance(a, keras.layers.Lambda) for a in model._flatten_layers()
    ):
        raise ValueError(refusal)
    return model


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Lose what Keras says about a file that is old, or was saved before its first training."""
    log = logging.getLogger("absl")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Skipping variable loading for optimizer")
            yield
    finally:
        log.setLevel(level)


def known_loss(name: str | None):
    """Return the name of a loss that Keras knows; ValueError if it does not."""
    import keras

    if name is not None:
        try:
            keras.losses.get(name)
        except ValueError:
            raise ValueError(
                Text(
                    "la pérdida «{name}» no existe en Keras; por ejemplo: mse, "
                    "sparse_categorical_crossentropy, binary_crossentropy",
                    name=name,
                )
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


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()

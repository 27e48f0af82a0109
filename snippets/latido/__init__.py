"""Latido («heartbeat»): what ails any Keras network, before it is trained and while it is.

::

    from latido import SignalMonitor, examine

    print(examine(model, x, y).table())
    model.fit(x, y, callbacks=[SignalMonitor(x[:256], y[:256])])

Or from the terminal: ``latido MODEL.keras DATA.npz``. It speaks Spanish and English
(``latido.words``).
"""

import importlib

__version__ = "1.0"
__all__ = ["Finding", "Report", "SignalMonitor", "examine", "judge"]


def __getattr__(name: str):
    """Import what is asked for when it is: Keras takes seconds, and --help needs none of it."""
    homes = {
        **dict.fromkeys(("Finding", "Report", "judge"), "report"),
        **dict.fromkeys(("SignalMonitor", "examine"), "monitor"),
    }
    if name not in homes:
        raise AttributeError(f"module 'latido' has no attribute '{name}'")
    try:
        _check_version()
        home = importlib.import_module(f"latido.{homes[name]}")
    except ModuleNotFoundError as error:
        if error.name not in ("tensorflow", "jax", "torch"):
            raise
        raise ImportError(not_installed(error.name)) from None
    return getattr(home, name)


def _check_version() -> None:
    """Raise ImportError, in one line, if Keras is older than what the package is made of."""
    from latido.engine import check_version
    from latido.words import language

    try:
        check_version()
    except ValueError as error:
        raise ImportError(error.args[0].into(language())) from None


def not_installed(backend: str) -> str:
    """Say in one line, in the environment's language, that a backend is not there."""
    from latido.words import Text, language

    return Text(
        "KERAS_BACKEND={backend}, que no está instalado: pip install {backend}, o pon otro "
        "(tensorflow, jax, torch)",
        backend=backend,
    ).into(language())


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

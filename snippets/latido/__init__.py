"""Latido («heartbeat»): what ails any Keras network, before it is trained and while it is.

::

    from latido import SignalMonitor, examine

    print(examine(model, x, y).table())
    model.fit(x, y, callbacks=[SignalMonitor(x[:256], y[:256])])

Or from the terminal: ``latido MODEL.keras DATA.npz``. It speaks Spanish and English
(``latido.words``).
"""

__version__ = "1.0"
__all__ = ["Finding", "Report", "SignalMonitor", "examine", "judge"]


def __getattr__(name: str):
    """Import what is asked for when it is: Keras takes seconds, and --help needs none of it."""
    if name in ("Finding", "Report", "judge"):
        from latido import report as home
    elif name in ("SignalMonitor", "examine"):
        from latido import monitor as home
    else:
        raise AttributeError(f"module 'latido' has no attribute '{name}'")
    return getattr(home, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

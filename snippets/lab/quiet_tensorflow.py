"""TensorFlow is imported without its greeting.

With oneDNN on, which saves an eighth of a training's time, TensorFlow 2.21 writes four lines to
the terminal while it is loaded. They come from C++, before it has read the setting that silences
the rest (TF_CPP_MIN_LOG_LEVEL): issue 100442 of TensorFlow. Once that is closed, this module can
go.
"""

import contextlib
import importlib.util
import os
import sys
from collections.abc import Iterator


def silence() -> None:
    """Have the import of TensorFlow, unless it has happened, go without a word."""
    if "tensorflow" not in sys.modules and Silencer not in sys.meta_path:
        sys.meta_path.insert(0, Silencer)


class Silencer:
    """A finder of modules that sees to the import of TensorFlow and then takes its leave."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        """Find TensorFlow, to be executed in silence; leave other modules to other finders."""
        if name != "tensorflow":
            return None
        sys.meta_path.remove(cls)
        if spec := importlib.util.find_spec(name):
            spec.loader.exec_module = silent()(spec.loader.exec_module)
        return spec


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Lose what is written to the terminal's error channel; exceptions pass."""
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


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()

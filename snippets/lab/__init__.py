"""The instruments that the book's experiments share.

================ ==============================================================
catalog          names of activations, initializers, datasets (no heavy imports)
data             THE dataset
model            THE network
probe            every layer's signals, in one forward/backward pass
numpy_network    the same pass in NumPy: the book's formulas and nothing else
theory           what mean-field theory predicts for them
training         the same network trained over many seeds
stats            spread over seeds
figures          one look for all figures
language         what is said in Spanish, in English
english          Spanish template → English template
schematics       the drawings that explain, without data
panels           what a narrow screen shows of a figure
cli              one behaviour for all command lines
arguments        what a command line takes, and its answer to bad input
spanish_numbers  numbers as Spanish text writes them
notebook         measured numbers for the prose, tables for the page
provenance       which code a module depends on
store            a measurement is made once per build
quiet_tensorflow TensorFlow is imported without a word
================ ==============================================================

An experiment is a file with a few functions, each of which measures, or draws, or words:

- ``measure(depth=20, …)`` returns the data: a table of pandas, one row per seed and place, or a
  few of them. Each parameter is an option of the command line (``cli.OPTIONS``, or the file's
  own) and part of the name under which the result is stored.
- ``predict(data, …)``, where there is a theory, returns what it expects, with nothing fitted.
- ``draw(data)`` returns a figure with an alternative text; a second figure is ``draw_…``.
- ``summary(data)`` returns the numbers of the prose, by name; ``table(data)``, what the terminal
  shows, with Spanish headings.
- ``cli.main`` makes a command of them.

Packages that load slowly are imported inside these functions, so that ``--help`` and the answer
to bad input take a tenth of a second and not five. By plain import statements, for those are
what ``provenance`` reads.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

from lab import quiet_tensorflow

# Read by TensorFlow when it is first imported. oneDNN's products of matrices are faster, and
# round the same with most processors' instructions; TensorFlow's own choice depends on them.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
# That of a book, whose terminal is part of what it shows; a library may not do this to its users.
quiet_tensorflow.silence()


def not_an_experiment(
    what: str = "un instrumento de los que usan los experimentos (página «Los instrumentos»)",
) -> NoReturn:
    """Say of the file that was run what it is, in one line; exit code 2.

    For ``if __name__ == "__main__"`` of a file that has nothing to run.
    """
    line = f"no es un experimento, sino {what}; «python snippets» enumera los experimentos"
    from lab import language

    print(f"{Path(sys.argv[0]).name}: {language.say(line)}", file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    not_an_experiment()

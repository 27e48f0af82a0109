"""Put the verdicts beside the HTML as data: veredictos.json and veredictos.csv.

The page glues its rows as CSV, so the files hold what the page shows even when its cells were
executed by an earlier build.
"""

import io
from pathlib import Path

from chapters import read_notebook
from downloads import glued_values
from execution import executions

PAGE, ROWS = "veredictos", "verdict_rows"


def write_files(app, exception):
    """Write both files once the book is built, if the book has that page."""
    if exception or app.builder.format != "html" or PAGE not in app.env.found_docs:
        return
    (execution,) = executions(app.env).get(PAGE) or [None]
    if not (execution and execution.succeeded):  # the log says why
        return
    source = execution.file
    executed = read_notebook(source)
    if executed is None:  # code was edited while the page ran: the next build runs it again
        return
    from lab import cli

    files = [Path(app.outdir, PAGE + suffix) for suffix in cli.DATA]
    # Whoever reads the page touches the notebook.
    if all(file.exists() and file.stat().st_mtime > source.stat().st_mtime for file in files):
        return
    import pandas as pd

    rows = glued_values(executed)[ROWS]
    table = pd.read_csv(io.StringIO(rows), float_precision="round_trip")
    for file in files:
        cli.write(file, table, None, lambda rows: rows)


def setup(app):
    """Write the files when the build ends."""
    app.connect("build-finished", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

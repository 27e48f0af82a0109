"""Put the verdicts beside the HTML as data: veredictos.json and veredictos.csv.

The page glues the text of both, so the files hold what the page shows even when its cells were
executed by an earlier build.
"""

from pathlib import Path

from chapters import read_notebook
from downloads import glued_values
from execution import executions
from tongue import page_called

PAGE = page_called("veredictos")
NAME = "veredictos"  # of the files, which are the same in each edition


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
    from lab.cli import DATA
    from lab.store import replacing

    files = [Path(app.outdir, NAME + suffix) for suffix in DATA]
    # Whoever reads the page touches the notebook.
    if all(file.exists() and file.stat().st_mtime > source.stat().st_mtime for file in files):
        return
    texts = glued_values(executed)
    for file in files:
        with replacing(file) as unfinished:
            unfinished.write_text(texts[file.name], encoding="utf-8", newline="")


def setup(app):
    """Write the files when the build ends."""
    app.connect("build-finished", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

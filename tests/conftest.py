"""What the tests share: where the project lies, the pages of the built book, a browser."""

import gc
import os
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "_build" / "html"
# What no command line may import before it has answered to bad input
HEAVY = ("keras", "matplotlib", "numpy", "pandas", "scipy", "sklearn", "tensorflow", "tqdm")

os.environ |= {
    # As in conf.py, whatever the machine speaks
    "LAB_LANG": "es",
    "LATIDO_LANG": "es",
    "NO_COLOR": "1",  # Sphinx colours what it says to a server that sets CI
    # As in conf.py: tests run side by side, one thread each
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def missing(what: str):
    """Skip a test for want of `what`; on the server that checks every change, fail."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


def pytest_generate_tests(metafunc):
    """Run a test that takes `page` once for each page of the book."""
    if "page" in metafunc.fixturenames:
        pages = sorted(path.name for path in HTML.glob("*.html"))
        metafunc.parametrize("page", pages or [None], indirect=True, scope="module")


@pytest.fixture(scope="module")
def page(request):
    """Return the file name of a page of the book, which `make html` has built."""
    if request.param is None:
        missing("el libro no está construido: make html")
    return request.param


class QuietHandler(SimpleHTTPRequestHandler):
    """Serve files without a line on the terminal for each."""

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def site():
    """Return the address of a server of the built book."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=HTML))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser():
    """Return the Chromium that the system has."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    command = next(filter(None, map(shutil.which, names)), None) or missing(
        "las páginas en un navegador: falta Chromium"
    )
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command, args=quiet)
        yield browser
        browser.close()


def pytest_collection_finish():
    # Or the collector would walk TensorFlow again and again: a fifth of the processor's time of
    # the tests that train networks.
    gc.freeze()

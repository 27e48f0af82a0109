"""What the tests share: where the project lies, and the pages of the built book."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "_build" / "html"

os.environ |= {
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

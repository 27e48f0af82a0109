"""Make editions of the book that is built:  python book/_ext/formats pdf slides."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from formats import ebook, paper, slides  # noqa: E402
from formats.site import Site  # noqa: E402

HTML = ROOT / "_build" / "html"
EDITIONS = {"epub": ebook.make, "pdf": paper.make, "slides": slides.make}


def make(names: list[str], html: Path = HTML) -> list[Path]:
    """Make editions in each language that is built, beside its pages; return their files.

    Raises:
        LookupError: an edition needs something that the pages do not have.
        FileNotFoundError: nothing is built in `html`.
    """
    sites = [Site(html)]
    sites += [Site(folder) for folder in (html / "en",) if (folder / "index.html").exists()]
    return [EDITIONS[name](site) for site in sites for name in names]


def main(names: list[str]) -> None:
    """Make the editions that are named, and say where they are."""
    if not names or set(names) - EDITIONS.keys():
        fail(f"Has pedido «{' '.join(names)}»; hay: {', '.join(EDITIONS)}")
    try:
        for file in make(names):
            print(file)
    except (LookupError, FileNotFoundError) as error:
        fail(f"{error}. ¿Está construido el libro? make html")


def fail(why: str) -> None:
    """Say why it cannot be, and end."""
    print(why, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])

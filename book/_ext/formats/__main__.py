"""Make other shapes of the book that is built:  python book/_ext/formats pdf slides."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from formats import ebook, paper, slides  # noqa: E402
from formats.site import Site  # noqa: E402

HTML = ROOT / "_build" / "html"
SHAPES = {"epub": ebook.make, "pdf": paper.make, "slides": slides.make}


def make(names: list[str], html: Path) -> list[Path]:
    """Make shapes of the book beside the pages of one language; return their files.

    Raises:
        LookupError: one of them needs something that the pages or the system do not have.
        FileNotFoundError: nothing is built in `html`.
    """
    site = Site(html)
    return [SHAPES[name](site) for name in names]


def main(names: list[str]) -> None:
    """Make the shapes that are named, in both languages, and say where they are."""
    if not names or set(names) - SHAPES.keys():
        fail(f"Has pedido «{' '.join(names)}»; hay: {', '.join(SHAPES)}")
    try:
        for html in (HTML, HTML / "en"):
            print(*make(names, html), sep="\n")
    except (LookupError, FileNotFoundError) as error:
        fail(f"{error}. ¿Está construido el libro? make html")


def fail(why: str) -> None:
    """Say why it cannot be, and end."""
    print(why, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])

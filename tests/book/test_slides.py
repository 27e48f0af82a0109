"""The map from the slides to the chapters: what it links, and what it does not let pass."""

import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

sys.path.append(str(ROOT / "book" / "_ext"))

from slides import read_slides

FILES = {
    "conf.py": f"""\
import sys
sys.path.append({str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "slides"]
language = "es"
numfig = True
exclude_patterns = ["html"]
""",
    "index.md": """\
# Libro

```{toctree}
:numbered: 1

uno
dos
```

```{toctree}
mapa
```
""",
    "uno.md": """\
# Primero

(s1-1)=
Un párrafo.

## Una sección

(s1-2)=
(s1-3)=
Un párrafo para dos frases.

```{figure} dibujo.svg
:name: fig-dibujo

Un dibujo.
```
""",
    "dos.md": "# Segundo\n\n## Otra sección\n\n- Una lista.\n\n(s1-q)=\n> Una cita.\n",
    "mapa.md": "# Mapa\n\n```{slide-map} slides.toml\n```\n",
    "dibujo.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "slides.toml": """\
[[slide]]
id = "S1"
title = "La primera"
lines = [
  { id = "s1-1", text = "Una frase." },
  { id = "s1-2", text = "Otra frase.", figure = "fig-dibujo" },
  { id = "s1-3", text = "Otra más." },
  { id = "s1-q", text = "¿Y esto?" },
]
""",
}


class Project:
    """A book of two chapters and a map."""

    def __init__(self, root: Path):
        self.root = root
        for name, text in FILES.items():
            (root / name).write_text(text)

    def build(self) -> tuple[int, str]:
        """Build it as the real one; return the exit code and the warnings."""
        command = [sys.executable, "-m", "sphinx", ".", "html", "-q", "-W", "-n", "-j", "2"]
        ended = subprocess.run(
            [*command, "--keep-going"], cwd=self.root, capture_output=True, text=True
        )
        return ended.returncode, ended.stderr

    def edit(self, name: str, old: str, new: str):
        """Replace text that a file has once, from its original content."""
        assert FILES[name].count(old) == 1
        (self.root / name).write_text(FILES[name].replace(old, new))

    def rows(self) -> list[list[tuple[str, str | None]]]:
        """Return text and link of the cells of the map's body."""
        page = BeautifulSoup((self.root / "html" / "mapa.html").read_text(), "html.parser")
        return [
            [(cell.text.strip(), cell.a and cell.a["href"]) for cell in row("td")]
            for row in page.select("table tbody tr")
        ]


def test_map_links_every_statement_and_follows_its_sources(tmp_path):
    book = Project(tmp_path)
    assert book.build() == (0, "")
    assert book.rows() == [
        [("Una frase.", None), ("Capítulo 1", "uno.html#s1-1"), ("—", None)],
        [
            ("Otra frase.", None),
            ("Capítulo 1, §\N{NO-BREAK SPACE}Una sección", "uno.html#s1-2"),
            ("Figura 1.1", "uno.html#fig-dibujo"),
        ],
        [
            ("Otra más.", None),
            ("Capítulo 1, §\N{NO-BREAK SPACE}Una sección", "uno.html#s1-3"),
            ("—", None),
        ],
        [
            ("¿Y esto?", None),
            ("Capítulo 2, §\N{NO-BREAK SPACE}Otra sección", "dos.html#s1-q"),
            ("—", None),
        ],
    ]
    page = BeautifulSoup((tmp_path / "html" / "mapa.html").read_text(), "html.parser")
    assert page.table.caption.strong.text == "S1 · La primera"
    targets = BeautifulSoup((tmp_path / "html" / "uno.html").read_text(), "html.parser")
    assert all(targets.find(id=label) for label in ("s1-1", "s1-2", "s1-3", "fig-dibujo"))

    # Editing a chapter alone, or the statements alone, renews the map.
    book.edit("dos.md", "Otra sección", "Sección nueva")
    assert book.build() == (0, "")
    assert book.rows()[3][1] == ("Capítulo 2, §\N{NO-BREAK SPACE}Sección nueva", "dos.html#s1-q")
    book.edit("slides.toml", "Una frase.", "Una frase corregida.")
    assert book.build() == (0, "")
    assert book.rows()[0][0] == ("Una frase corregida.", None)


def test_what_does_not_fit_fails_the_build_and_is_named(tmp_path):
    book = Project(tmp_path)
    book.edit("uno.md", "(s1-1)=\n", "(s1-q)=\n")
    book.edit("dos.md", "(s1-q)=\n", "(s1-q)=\n(s9-4)=\n")
    book.edit("slides.toml", "fig-dibujo", "fig-otro")
    code, warnings = book.build()
    assert code == 1
    assert {line.removeprefix(f"{tmp_path}/") for line in warnings.splitlines()} == {
        "dos.md: WARNING: ninguna diapositiva dice «s9-4»",
        "uno.md: WARNING: «s1-q» ya se cuenta en la página «dos»",
        "mapa.md:3: WARNING: S1: ningún párrafo lleva la etiqueta (s1-1)= «Una frase.»",
        "mapa.md:3: WARNING: S1: la figura «fig-otro» de «s1-2» no existe",
    }


def test_chapter_edited_after_a_good_build_is_checked_again(tmp_path):
    book = Project(tmp_path)
    assert book.build() == (0, "")
    book.edit("dos.md", "(s1-q)=\n", "")
    code, warnings = book.build()
    assert code == 1
    assert "mapa.md:3: WARNING: S1: ningún párrafo lleva la etiqueta (s1-q)= «¿Y esto?»" in warnings


def test_unknown_key_fails_the_build(tmp_path):
    book = Project(tmp_path)
    book.edit("slides.toml", "figure =", "figura =")
    code, warnings = book.build()
    assert code == 1
    assert (
        "mapa.md:3: ERROR: slides.toml: S1: clave desconocida «figura»; "
        "claves válidas: id, text, figure"
    ) in warnings


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[slide]]", "[[slides]]", "solo se esperan tablas"),
        ("[[slide]]", "[slide]", "solo se esperan tablas"),
        ('title = "La primera"', "", "falta la clave «title»"),
        ('title = "La primera"', "title = 1", "«title» no puede ser 1"),
        ('{ id = "s1-1", text = "Una frase." }', '"Una frase."', "no es una tabla"),
        ('"s1-1"', '"s2-1"', "el id «s2-1» no es s1-…"),
        ('"s1-1"', '"s1-2"', "el id «s1-2» aparece dos veces"),
        ('"s1-1"', '"s1-1', "line 5"),
    ],
)
def test_bad_statements_are_named(tmp_path, old, new, message):
    assert FILES["slides.toml"].count(old) == 1
    file = tmp_path / "slides.toml"
    file.write_text(FILES["slides.toml"].replace(old, new))
    with pytest.raises(ValueError, match=message):
        read_slides(file)


def test_statements_of_the_book_are_sound():
    slides = read_slides(ROOT / "book" / "slides.toml")
    assert [slide.id for slide in slides] == [f"S{n}" for n in range(1, 16)]
    assert all(slide.lines[-1].id == f"{slide.id.lower()}-q" for slide in slides)

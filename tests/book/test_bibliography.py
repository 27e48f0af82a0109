"""The bibliography and the citations read in Spanish, whatever kind an entry is."""

import subprocess
import sys

from bs4 import BeautifulSoup
from conftest import ROOT

FILES = {
    "conf.py": f"""\
import sys
sys.path.append({str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "sphinxcontrib.bibtex", "bibliography"]
language = "es"
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = bibtex_reference_style = "book"
exclude_patterns = ["html"]
""",
    "index.md": "# Citas\n\n- {cite:t}`paper`\n- {cite:p}`paper,three`\n- {cite:t}`three`\n"
    "- {cite:t}`deck`\n\n```{bibliography}\n```\n",
    "references.bib": """\
@inproceedings{paper,
  author = {Curie, Marie and Curie, Pierre}, title = {A new {X} of Things},
  booktitle = {Proceedings of It}, series = {Notes}, volume = {9}, pages = {249--256},
  year = {1901}, url = {https://example.org/x},
}
@article{three,
  author = {Ochoa, Severo and Ramón y Cajal, Santiago and Leloir, Luis}, title = {Ideas},
  journal = {Nature}, volume = {28}, number = {5}, pages = {1--2}, year = {1959},
  doi = {10.1/x},
}
@misc{deck, author = {García, Ana}, title = {Unas diapositivas}, howpublished = {Curso},
  year = {2025}}
""",
}


def test_citations_and_entries_are_spanish(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "sphinx", ".", "html", "-q", "-W", "-n"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")

    page = BeautifulSoup((tmp_path / "html" / "index.html").read_text(), "html.parser")
    assert [item.get_text().strip() for item in page.select("section li")] == [
        "Curie y Curie (1901)",
        "(Curie y Curie, 1901; Ochoa et al., 1959)",
        "Ochoa et al. (1959)",
        "García (2025)",
    ]
    assert [" ".join(entry.p.get_text().split()) for entry in page.select(".citation")] == [
        "Marie Curie y Pierre Curie. A new X of things. En Proceedings of It, Notes, vol. 9, "
        "págs. 249–256, 1901. URL: https://example.org/x.",
        "Ana García. Unas diapositivas. Curso, 2025.",
        "Severo Ochoa, Santiago Ramón y Cajal y Luis Leloir. Ideas. Nature, vol. 28(5), "
        "págs. 1–2, 1959. doi:10.1/x.",
    ]

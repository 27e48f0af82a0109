"""Buttons that lead to the repository, and what a page says it was built of."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import HTML, ROOT
from docutils import nodes

import publication

REPOSITORY = "https://github.com/alguien/libro"


def context_of(repository, language="es", notebook="07-xavier.ipynb"):
    """Return what a page is made of once `publication` has been there."""
    folder = {"es": "book", "en": "book/en"}[language]
    app = SimpleNamespace(
        srcdir=ROOT / folder,
        confdir=ROOT,
        config=SimpleNamespace(language=language, publication=repository),
        env=SimpleNamespace(titles={"07-xavier": nodes.title("", "Xavier")}),
    )
    context = {
        "header_buttons": [],
        "page_source_suffix": ".md",
        "ipynb_source": notebook,
        "pathto": lambda path, resource: path,
    }
    publication.offer(app, "07-xavier", "page.html", context, None)
    return context


def addresses(context) -> dict[str, str]:
    """Return where each button leads."""
    return {
        button["label"]: button["url"]
        for group in context["header_buttons"]
        for button in group["buttons"]
    }


def test_with_a_repository_a_page_leads_to_its_file_its_errors_and_its_notebook():
    found = addresses(context_of(REPOSITORY))
    assert found["edit-button"] == f"{REPOSITORY}/edit/main/book/07-xavier.md"
    assert found["issue-button"].startswith(f"{REPOSITORY}/issues/new?title=En%20la%20p")
    assert found["colab-button"] == (
        "https://colab.research.google.com/github/alguien/libro/blob/notebooks/es/07-xavier.ipynb"
    )


def test_the_english_page_leads_to_its_own():
    found = addresses(context_of(REPOSITORY, "en"))
    assert found["edit-button"] == f"{REPOSITORY}/edit/main/book/en/07-xavier.md"
    assert found["colab-button"].endswith("/en/07-xavier.ipynb")


def test_a_page_without_a_notebook_has_no_button_for_colab():
    assert "colab-button" not in addresses(context_of(REPOSITORY, notebook=None))


def test_without_a_repository_there_is_no_button_and_no_link():
    context = context_of("")
    assert context["header_buttons"] == []
    assert "href" not in context["theme_extra_footer"]


def test_the_branch_and_the_folders_of_the_notebooks_are_those_of_the_workflow():
    workflow = (ROOT / ".github" / "workflows" / "book.yml").read_text()
    assert f"--initial-branch={publication.NOTEBOOKS}" in workflow
    assert {"_build/notebooks/es", "_build/notebooks/en"} <= set(workflow.split())
    assert "BOOK_REPOSITORY" in workflow


def test_the_published_book_leads_to_its_other_shapes():
    footer = context_of(REPOSITORY)["theme_extra_footer"]
    targets = {"inicializacion-y-activacion.pdf", "inicializacion-y-activacion.epub"}
    assert {*targets, "presentacion/"} <= set(re.findall(r'href="([^"]+)"', footer))


def test_a_page_says_what_it_was_built_of(page):
    text = (HTML / page).read_text("utf-8")
    built = re.search(r'<p class="built"[^>]*>(.*?)</p>', text)
    assert built, page
    version = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)[1]
    assert f"Versión {version}" in built[1]


def test_a_copy_that_says_nothing_of_itself_is_built_all_the_same(tmp_path):
    assert publication.state_of(tmp_path) == ("", "", "", False)


def test_the_commit_is_the_one_of_the_folder_and_the_date_its_own(tmp_path):
    (tmp_path / "CITATION.cff").write_text("version: 1.2.3\n")
    publication.state_of.cache_clear()
    assert publication.state_of(tmp_path) == ("1.2.3", "", "", False)  # without git

    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "CITATION.cff").write_text("version: 2.0.0\n")
    dates = {
        "GIT_COMMITTER_DATE": "2026-03-04T12:00:00Z",
        "GIT_AUTHOR_DATE": "2026-03-05T12:00:00Z",
    }
    for order in ("init -q", "add .", "-c user.name=a -c user.email=a@b commit -qm a"):
        subprocess.run(["git", *order.split()], cwd=inside, env=os.environ | dates, check=True)
    version, commit, date, changed = publication.state_of(inside)
    assert (version, date, changed) == ("2.0.0", "2026-03-04", False)
    assert re.fullmatch("[0-9a-f]{7,}", commit)

    (inside / "CITATION.cff").write_text("version: 2.0.1\n")
    publication.state_of.cache_clear()
    assert publication.state_of(inside).changed


@pytest.mark.parametrize("address", ["libro", "http://github.com/a/b", "https://github.com/a"])
def test_an_address_that_is_no_repository_is_told_in_a_line(address, tmp_path):
    build = [sys.executable, "-m", "sphinx", "-q", "-c", ROOT, ROOT / "book", tmp_path]
    done = subprocess.run(
        build, env=os.environ | {"BOOK_REPOSITORY": address}, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1 and address in done.stderr
    assert "https://github.com/alguien/libro" in done.stderr
    assert not Path(tmp_path, "index.html").exists()

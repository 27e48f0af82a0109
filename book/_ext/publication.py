"""Where the book is published, and of which state of the project it was built.

One setting, ``BOOK_REPOSITORY``, the address of the repository at GitHub, which the workflow
sets: with it a page offers to edit it, to say what is wrong, and to open its notebook in Colab,
and its footer leads to the other shapes of the book, which the workflow publishes beside the
pages. Without it there is no button that leads nowhere.
"""

import os
import re
import subprocess
import sys
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from formats.words import WORDS as FORMATS

REPOSITORY = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)/?")
BRANCH = "main"
#: Colab opens notebooks of a repository and no others: the workflow puts those of the pages here.
NOTEBOOKS = "notebooks"

WORDS = {
    "es": {
        "wrong": (
            "BOOK_REPOSITORY es «{value}», y se espera la dirección de un repositorio de GitHub, "
            "como https://github.com/alguien/libro"
        ),
        "take part": "Participar",
        "edit": "Proponer un cambio",
        "issue": "Avisar de un error",
        "colab": "Abrir el cuaderno en Colab",
        "title": "En la página «{page}»",
        "version": "Versión {version}",
        "commit": "construida del commit {commit}, del {date}",
        "changed": "con cambios sin guardar",
        "slides": "presentación",
        "shapes": "El libro entero",
    },
    "en": {
        "wrong": (
            "BOOK_REPOSITORY is “{value}”; it should be the address of a repository at GitHub, "
            "such as https://github.com/someone/book"
        ),
        "take part": "Take part",
        "edit": "Suggest a change",
        "issue": "Report an error",
        "colab": "Open the notebook in Colab",
        "title": "On the page “{page}”",
        "version": "Version {version}",
        "commit": "built from commit {commit}, of {date}",
        "changed": "with changes not committed",
        "slides": "presentation",
        "shapes": "The whole book",
    },
}


class State(NamedTuple):
    """What the project was when the book was built; what is not known is empty."""

    version: str = ""
    commit: str = ""
    date: str = ""
    changed: bool = False


@cache
def state_of(root: Path) -> State:
    """Return the state of the project that lies in `root`."""
    citation = root / "CITATION.cff"
    found = citation.exists() and re.search(
        r"^version: (\S+)$", citation.read_text("utf-8"), re.MULTILINE
    )
    version = found[1] if found else ""
    if not (root / ".git").exists():  # a copy of the project inside another one
        return State(version)
    try:
        git = ["git", "-C", str(root)]
        log = subprocess.run([*git, "log", "-1", "--format=%h %cs"], capture_output=True, text=True)
        commit, date = log.stdout.split()
        status = [*git, "status", "--porcelain", "--untracked-files=no"]
        changed = subprocess.run(status, capture_output=True, text=True).stdout != ""
    except (OSError, ValueError):  # no git, or none that reads this folder
        return State(version)
    return State(version, commit, date, changed)


def check(app, config):
    """Refuse the address of a repository that is none."""
    value = os.environ.get("BOOK_REPOSITORY", "")
    if value and not REPOSITORY.fullmatch(value):
        print(WORDS[config.language]["wrong"].format(value=value), file=sys.stderr)
        sys.exit(2)  # an exception of Sphinx's would come with its traceback
    config.publication = value.rstrip("/")  # pages are written again when it changes


def offer(app, pagename, templatename, context, doctree):
    """Put the buttons of a page at its top, and what it was built of at its foot."""
    words, repository = WORDS[app.config.language], app.config.publication
    context["theme_extra_footer"] = footer(app, context["pathto"])
    if not repository or not context.get("page_source_suffix"):
        return
    folder = Path(app.srcdir).relative_to(app.confdir).as_posix()
    edit = f"{repository}/edit/{BRANCH}/{folder}/{pagename}.md"
    title = quote(words["title"].format(page=app.env.titles[pagename].astext()))
    buttons = [
        button(edit, words["edit"], "fas fa-pencil-alt", "edit-button"),
        button(
            f"{repository}/issues/new?title={title}",
            *(words["issue"], "fas fa-lightbulb", "issue-button"),
        ),
    ]
    if context.get("ipynb_source"):
        buttons.append(
            button(
                colab(repository, context["ipynb_source"], app.config.language),
                *(words["colab"], "fas fa-rocket", "colab-button"),
            )
        )
    context["header_buttons"].append(
        {
            "type": "group",
            "tooltip": words["take part"],
            "icon": "fab fa-github",
            "buttons": buttons,
            "label": "repository-buttons",
        }
    )


def button(address: str, words: str, icon: str, label: str) -> dict[str, str]:
    """Return a button as the theme has it."""
    about = {"url": address, "text": words, "tooltip": words, "icon": icon, "label": label}
    return {"type": "link", **about}


def colab(repository: str, notebook: str, language: str) -> str:
    """Return the address where Colab opens a notebook; each language has its folder."""
    owner, name = REPOSITORY.fullmatch(repository).groups()
    place = f"{owner}/{name}/blob/{NOTEBOOKS}/{language}/{notebook}"
    return f"https://colab.research.google.com/github/{place}"


def footer(app, pathto) -> str:
    """Return what stands at the foot of each page."""
    words, repository = WORDS[app.config.language], app.config.publication
    state = state_of(Path(app.confdir))
    said = [words["version"].format(version=state.version)] if state.version else []
    if state.commit:
        commit = f"<code>{state.commit}</code>"
        if repository:
            commit = f'<a href="{repository}/commit/{state.commit}">{commit}</a>'
        said.append(words["commit"].format(commit=commit, date=state.date))
    if state.changed:
        said.append(words["changed"])
    text = f'<p class="built" data-date="{state.date}">{", ".join(said)}.</p>' if said else ""
    if repository:
        file, slides = (FORMATS[app.config.language][name] for name in ("file", "slides"))
        shapes = {"PDF": f"{file}.pdf", "EPUB": f"{file}.epub", words["slides"]: f"{slides}/"}
        links = (
            f'<a href="{escape(pathto(where, resource=True))}">{name}</a>'
            for name, where in shapes.items()
        )
        text += f"<p>{words['shapes']}: {' · '.join(links)}.</p>"
    return text


def setup(app):
    """Know where the book is published, and say it on every page."""
    app.add_config_value("publication", "", "html", str)
    app.connect("config-inited", check)
    app.connect("html-page-context", offer, priority=600)  # after the theme's own buttons
    return {"parallel_read_safe": True, "parallel_write_safe": True}

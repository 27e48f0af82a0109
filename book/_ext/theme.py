"""Mend what Sphinx and the theme leave in English, misspell, or make hard to reach.

Each table maps what they write to what a reader of this book should get. The tests of the
pages say when an entry is missing. None was in vain with Sphinx 9.0.4, sphinx-book-theme 1.4.0
and pydata-sphinx-theme 0.20.0, the only one that this book theme takes, nor with 0.24.0.
"""

import re
from gettext import NullTranslations
from pathlib import Path

from jinja2.ext import Extension
from myst_nb.sphinx_ext import add_global_html_resources
from sphinx import locale
from sphinx_exercise import copy_asset_files

from tongue import say

# Asked from the catalogues of messages, by catalogue: Sphinx's lacks them in Spanish, and the
# others' are wrong («Descarga esta pagina»)
MESSAGES = {
    "sphinx": {
        "Link to this heading": "Enlace a esta sección",
        "Link to this image": "Enlace a esta figura",
        "Link to this table": "Enlace a esta tabla",
        "Link to this code": "Enlace a este código",
        "Link to this definition": "Enlace a esta definición",
        "Link to this term": "Enlace a este término",
        "Link to this toctree": "Enlace a este índice",
        "Keyword-only parameters separator (PEP 3102)": "Los que siguen se dan por su nombre",
    },
    "exercise": {"Solution to": "Solución del"},
    "booktheme": {
        "Download this page": "Descargar esta página",
        "Download notebook file": "Descargar el cuaderno, con sus resultados",
        "Download source file": "Descargar la fuente",
        "Print to PDF": "Imprimir o guardar como PDF",
    },
}

# Written into the templates of sphinx-book-theme and pydata-sphinx-theme, past the catalogues
TEMPLATES = {
    'title="Toggle primary sidebar"': f'title="{say("Mostrar u ocultar el índice del libro")}"',
    'title="Toggle secondary sidebar"': (
        f'title="{say("Mostrar u ocultar el índice de la página")}"'
    ),
    'aria-label="Main"': f'aria-label="{say("Capítulos")}"',
    'aria-label="Page"': f'aria-label="{say("Secciones de la página")}"',
    # A screen reader jumps from landmark to landmark; the sidebar is none.
    'id="pst-primary-sidebar" ': (
        f'id="pst-primary-sidebar" role="region" aria-label="{say("Libro")}" '
    ),
}

# Written into the text of a page
BODY = {
    'role="doc-biblioentry"': 'role="listitem"',  # the first one is deprecated
    '>Muestra<span class="colon">': '>Lanza<span class="colon">',  # Sphinx's word for Raises
    "<th></th>": "<td></td>",  # the corner of a pandas table heads nothing
}

# A signature with a line for each parameter: inside a <dt> no list of definitions may stand.
SIGNATURE = re.compile(r"<dl>(\s*(?:<dd><em class=\"sig-param\">.*?</dd>\s*)+)</dl>", re.DOTALL)

# Written into a script, by sphinx-togglebutton 0.4.5
SCRIPTS = {
    "togglebutton.js": {"Toggle hidden content": say("Mostrar u ocultar la solución")},
}


class Mended(NullTranslations):
    """A catalogue that looks in `messages` first and then in its fallback."""

    def __init__(self, messages: dict[str, str]):
        super().__init__()
        self.messages = messages

    def gettext(self, message: str) -> str:
        """Return the translation of `message`."""
        return self.messages.get(message) or super().gettext(message)


def replace_all(text: str, table: dict[str, str]) -> str:
    """Return `text` with every key of `table` replaced by its value."""
    for old, new in table.items():
        text = text.replace(old, new)
    return text


class MendTemplates(Extension):
    """Mend each template before Jinja compiles it."""

    def preprocess(self, source, name, filename=None):
        """Return the mended source of a template."""
        return replace_all(source, TEMPLATES)


def mend_templates(app):
    """Have the templates of an HTML build pass through `MendTemplates`."""
    if app.builder.format == "html":
        app.builder.templates.environment.add_extension(MendTemplates)


def mend_body(app, pagename, templatename, context, doctree):
    """Mend the text of a page before it is written."""
    if "body" in context:
        body = SIGNATURE.sub(spell_out, replace_all(context["body"], BODY))
        context["body"] = body


def spell_out(signature: re.Match) -> str:
    """Return the parameters of a signature as plain boxes, one below the other."""
    return replace_all(signature[1], {"<dd>": '<span class="sig-line">', "</dd>": "</span>"})


def mend_scripts(app, exception):
    """Mend the scripts that Sphinx has just copied."""
    for name, table in SCRIPTS.items():
        script = Path(app.outdir, "_static", name)
        if script.exists():
            script.write_text(replace_all(script.read_text("utf-8"), table), "utf-8")


def copy_styles(app, builder):
    """Put the extensions' own styles where the pages that are to be written look for them.

    MyST-NB 1.4.0 and sphinx-exercise 1.2.1 copy them when the build ends. A page of the first
    build would lack the part of their address that tells a browser whether it has seen them.
    """
    if builder.format == "html":
        Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
        for copy in (add_global_html_resources, copy_asset_files):
            copy(app, None)


def setup(app):
    """Stand before the catalogues that are loaded, and before those still to come."""
    for catalogue, messages in MESSAGES.items() if app.config.language == "es" else ():
        mended = Mended(messages)
        if known := locale.translators.get(("general", catalogue)):
            mended.add_fallback(known)
        locale.translators["general", catalogue] = mended
    app.connect("builder-inited", mend_templates)
    app.connect("write-started", copy_styles)
    app.connect("html-page-context", mend_body)
    app.connect("build-finished", mend_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

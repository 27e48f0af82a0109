"""Sphinx configuration:  sphinx-build -c . book _build/html  (or simply: make html)."""

import atexit
import gc
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / "_build"

# What this process imports, for the extensions and for the page that documents lab
sys.path[:0] = [str(ROOT / "snippets"), str(ROOT / "book" / "_ext")]

# BOOK_LANG=en builds the English edition, of book/en
from tongue import LANGUAGE, say  # noqa: E402

# The book
language = LANGUAGE
project = say("Inicialización de pesos y funciones de activación")
author = "César García"
copyright = say("2026, César García. Texto: CC BY 4.0; código: MIT")
# Names from other packages appear in signatures, but their documentation lies elsewhere.
nitpick_ignore_regex = [(r"py:.*", r"(?!(lab|latido|verdicts)\.).*")]
exclude_patterns = ["_ext", "_static", "_templates", "en", "**.ipynb_checkpoints"]

# A page is a tree of thousands of nodes, through which the collector would go again and again,
# and once more on the way out: 2.75 s of the processor when nothing changed, 1.55 without it.
# Reading all pages takes 755 MiB instead of 730.
gc.disable()
atexit.register(gc.freeze)

# What the kernels inherit
os.environ |= {
    "PYTHONPATH": str(ROOT / "snippets"),
    "LAB_STORE": str(BUILD / "measurements"),  # chapters share what they measure
    # Whatever the machine speaks, and the edition: what a cell shows is said in English later.
    "LAB_LANG": "es",
    "LATIDO_LANG": "es",
    "MPLBACKEND": "agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",  # or TensorFlow's greetings land on the page
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",  # chapters run side by side, one thread each
    "TF_NUM_INTEROP_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",  # NumPy's; threads that share a core wait for each other
}

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_exercise",
    "sphinx_togglebutton",
    "sphinxcontrib.bibtex",
    # From book/_ext
    "bibliography",
    "class_plan",
    "environment",
    "execution",
    "experiments",
    "laboratory",
    "libraries",
    "mathml",
    "numbering",
    "slides",
    "theme",
    "transfer",
    "twins",
    "typography",
    "verdict_files",
]

# Text
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
numfig = True
math_numfig = False
bibtex_bibfiles = ["book/references.bib"]
bibtex_default_style = bibtex_reference_style = "book"
autodoc_mock_imports = ["keras", "scipy", "tensorflow"]  # signatures name them as we write them
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_use_ivar = True  # attributes as a list
python_maximum_signature_line_length = 60  # a longer one takes a line for each parameter

# Execution
nb_custom_formats = {".md": "execution.read_page"}  # which executes cells, or knows their outputs
nb_execution_mode = "off"
nb_execution_cache_path = str(BUILD / "executions")
nb_execution_timeout = 600
nb_output_stderr = "remove-warn"  # what a cell writes there is a fault, not content
nb_code_prompt_show = say("Mostrar el código")
nb_code_prompt_hide = say("Ocultar el código")

# Pages
html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["book/_static"]
html_css_files = ["book.css"]
html_js_files = [("switch.js", {"defer": "defer"})]
templates_path = ["book/_templates"]
html_math_renderer = "mathml"
html_context = {"default_mode": "auto"}
html_theme_options = {
    "article_header_end": ["language-switch.html", "article-header-buttons.html"],
    "navbar_persistent": [],  # the sidebar has a search button already
    "home_page_in_toc": True,
    "toc_title": say("En esta página"),
    "search_bar_text": say("Buscar en el libro…"),
    "use_fullscreen_button": False,
}
html_use_index = False
html_domain_indices = False
togglebutton_hint = say("Mostrar")
togglebutton_hint_hide = say("Ocultar")
copybutton_exclude = ".linenos, .gp, .go"

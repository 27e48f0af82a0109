"""The chapters of a second part go on with the numbers of the first.

Sphinx begins again at 1 in each numbered toctree, so that there would be two Figures 1.1; but
the parts are toctrees apart, for their captions. Here the numbers are given as if all the
toctrees of a page were one. (sphinx-multitoc-numbering 0.1.3 does so with a copy of Sphinx's
code of 2021.) A Sphinx whose toctrees go on counting would make it unnecessary.
"""

from docutils import nodes
from sphinx.addnodes import toctree
from sphinx.environment.collectors.toctree import TocTreeCollector

number_sections = TocTreeCollector.assign_section_numbers


def number_as_one(collector, env) -> list[str]:
    """Give the sections their numbers; return the pages that have others than before."""
    read = env.get_doctree  # anew from the disk each time: what is done to it ends here
    env.get_doctree = lambda page: joined(read(page))
    try:
        return number_sections(collector, env)
    finally:
        del env.get_doctree


def joined(page: nodes.document) -> nodes.document:
    """Return a page with the entries of its numbered toctrees in the first of them."""
    first, *others = (tree for tree in page.findall(toctree) if tree.get("numbered"))
    for tree in others:
        first["entries"] += tree["entries"]
        tree["numbered"] = 0
    return page


def setup(app):
    """Register the numbering."""
    TocTreeCollector.assign_section_numbers = number_as_one
    return {"parallel_read_safe": True, "parallel_write_safe": True}

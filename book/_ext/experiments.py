"""The page of the experiments: what each one does, how to run it, which chapter tells it.

``{experiments}`` makes it from what is said elsewhere: the list of ``python snippets``, the
cells of the chapters, which import experiments and glue their figures, and the notebooks with
those figures. An experiment's thumbnail is the first figure that a chapter glued of it.
"""

import ast
import hashlib
import json
import re
import runpy
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from docutils import nodes
from IPython.core.inputtransformer2 import TransformerManager
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from chapters import snippets_of
from downloads import FIGURE, GLUED
from execution import executions
from lab.language import HTML
from tongue import LANGUAGE, page_called, say, say_experiments

PAGE = page_called("experimentos")
SPACE = "\N{NO-BREAK SPACE}"
SHOWN = f"{GLUED}text/html" if LANGUAGE == "es" else f"{GLUED}{HTML}"
FOLDER = "_static/experiments"
COMMAND = re.compile(r"^python snippets/(\S+)\.py\b", re.MULTILINE)
LABEL = re.compile(r"^:name: (\S+)", re.MULTILINE)

# Of what a cell shows: the figure without its panels one by one
WHOLE = re.compile(r"<svg.*?</svg>", re.DOTALL)
# Of the figure's code: what is too small for a thumbnail, and what its numbers look like
SMALL = re.compile(r"<text.*?</text>|<g>\s*</g>", re.DOTALL)
PLACE = re.compile(r'(?<= d=")[^"]*|(?<= [xy]=")[^"]*')
DECIMALS = re.compile(r"-?\d+\.\d+")
REPEATED = re.compile(r"(\nL \S+ \S+ )\1+")


# --- what the chapters do with the experiments ------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """A figure that a chapter glues as `key` and shows under `label`: `module`.`function`(…)."""

    module: str
    function: str
    key: str
    label: str


@dataclass(frozen=True)
class Told:
    """The modules that a page imports or runs, the figures that it draws, and where these lie.

    Where does not matter: who edits a word of a verdict has the same figures in a new notebook.
    ``seen`` is the digest of the figures.
    """

    modules: set[str]
    figures: list[Drawn]
    seen: str
    notebook: str = field(compare=False)


class Chapters(EnvironmentCollector):
    """Note what each page does with experiments: ``env.told[docname]``.

    The page of the experiments is written again when something of it, or a number or a title
    of a chapter, is not what it was; and at no other time.
    """

    def get_outdated_docs(self, app, env, added, changed, removed):
        """Have the page read again if there is a new file; of those that it read Sphinx knows."""
        files = {path.as_posix() for path in snippets_of(app).glob("**/*.py")}
        then, env.files_then = getattr(env, "files_then", files), files
        return [PAGE] if files - then else []

    def process_doc(self, app, doctree):
        """Note what a page that has just been read, and executed, imports and draws."""
        kept = executions(app.env).get(app.env.docname)
        if not kept:
            return
        imported = {name for execution in kept for name in execution.names}
        notebook = str(kept[0].file)
        text = Path(app.env.doc2path(app.env.docname)).read_text("utf-8")
        run = {name.replace("/", ".") for name in COMMAND.findall(text)}
        cells = ["".join(cell["source"]) for cell in cells_of(notebook)]
        figures = figures_of(cells, labels_of(text))
        shown = glued(notebook)
        seen = repr([shown.get(figure.key) for figure in figures]).encode()
        digest = hashlib.sha256(seen).hexdigest()
        told_of(app.env)[app.env.docname] = Told(run.union(imported), figures, digest, notebook)

    def clear_doc(self, app, env, docname):
        """Forget a page."""
        told_of(env).pop(docname, None)

    def merge_other(self, app, env, docnames, other):
        """Take over the pages that another process has read."""
        told = told_of(other)
        told_of(env).update({name: told[name] for name in docnames if name in told})

    def get_updated_docs(self, app, env):
        """Have the page written again if what it tells has changed."""
        shown = {name: (told, name_of(name, env)) for name, told in told_of(env).items()}
        if PAGE not in env.found_docs or getattr(env, "told_then", None) == shown:
            return []
        env.told_then = shown
        return [PAGE]


def told_of(env) -> dict[str, Told]:
    """Return what is known of each page, by its name."""
    if not hasattr(env, "told"):
        env.told = {}
    return env.told


def name_of(docname: str, env) -> str:
    """Return "Capítulo 3", or the title of a page without a number."""
    if docname == env.config.root_doc:
        return say("Portada")  # its title is the book's
    number = env.toc_secnumbers.get(docname, {}).get("")
    return (
        say(f"Capítulo {number[0]}").replace(" ", SPACE) if number else env.titles[docname].astext()
    )


def labels_of(text: str) -> dict[str, str]:
    """Map the names of glued figures to the labels under which a page shows them."""
    return {key: label[1] for key, body in FIGURE.findall(text) if (label := LABEL.search(body))}


def figures_of(cells: list[str], labels: dict[str, str]) -> list[Drawn]:
    """Return the figures of experiments that cells glue and the page shows: they have a label.

    Such a cell says ``glue("flow", gradient_flow.draw(flow))``.
    """
    modules, found = {}, []
    for cell in cells:
        try:
            tree = ast.parse(TransformerManager().transform_cell(cell))
        except SyntaxError:  # its execution has shown it
            continue
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    modules |= {alias.asname or alias.name: alias.name for alias in names}
                case ast.ImportFrom(module=package, names=names):
                    modules |= {a.asname or a.name: f"{package}.{a.name}" for a in names}
                case ast.Call(
                    func=ast.Name(id="glue") | ast.Attribute(attr="glue"),
                    args=[
                        ast.Constant(value=key),
                        ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=function)),
                        *_,
                    ],
                ) if name in modules and key in labels:
                    found.append(Drawn(modules[name], function, key, labels[key]))
    return found


# --- the page ---------------------------------------------------------------------------------


class Picture(nodes.General, nodes.Element):
    """Stands for the thumbnail of the experiment ``module`` until all chapters are known."""


class Tellers(nodes.General, nodes.Element):
    """Stands for the links to the pages that tell the experiment ``module``."""


class Experiments(SphinxDirective):
    """``{experiments}``: a section for each theme, with a box for each experiment."""

    def run(self):
        """Return the sections."""
        snippets = snippets_of(self.env.app)
        door = runpy.run_path(str(snippets / "__main__.py"))
        self.env.note_dependency(snippets / "__main__.py")
        return [
            self.section(title, snippets / theme, door) for theme, title in door["THEMES"].items()
        ]

    def section(self, title: str, folder: Path, door: dict) -> nodes.section:
        """Return the section of a theme."""
        root = snippets_of(self.env.app)
        section = nodes.section(
            "", nodes.title(text=say_experiments(title)), ids=[nodes.make_id(title)]
        )
        self.set_source_info(section)
        for file, sentence in door["experiments"](folder.relative_to(root).as_posix()):
            self.env.note_dependency(file)
            module = ".".join(file.relative_to(root).with_suffix("").parts)
            command = f"python {root.name} {file.stem}"
            text = nodes.container("", nodes.paragraph(text=say_experiments(sentence)))
            text += nodes.literal_block(command, command, language="bash")
            text += Tellers(module=module)
            box = nodes.container(classes=["experiment"], ids=[nodes.make_id(file.stem)])
            box += [Picture(module=module), text]
            section += box
        return section


class Fill(SphinxPostTransform):
    """Put thumbnails and links where `Picture` and `Tellers` stand."""

    default_priority = 5

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.glued = cache(glued)

    def run(self, **kwargs):
        """Replace them, and write the thumbnails beside the page."""
        places = list(self.document.findall(lambda node: isinstance(node, Picture | Tellers)))
        if places:  # those of experiments that are no more
            shutil.rmtree(Path(self.app.outdir, FOLDER), ignore_errors=True)
        for place in places:
            fill = self.picture if isinstance(place, Picture) else self.links
            place.replace_self(fill(place["module"]))

    def links(self, module: str) -> list[nodes.Node]:
        """Return the sentence with links to the pages that tell an experiment, if any does."""
        pages = [
            nodes.reference("", name_of(page, self.env), refuri=self.uri(page), internal=True)
            for page, told in sorted(told_of(self.env).items())
            if module in told.modules
        ]
        return [nodes.paragraph("", say("Se cuenta en: "), *joined(pages))] if pages else []

    def picture(self, module: str) -> list[nodes.Node]:
        """Return the thumbnail of an experiment as a link to its figure, if it has one."""
        drawn = [
            (figure.function != "draw", page, figure)
            for page, told in sorted(told_of(self.env).items())
            for figure in told.figures
            if figure.module == module and figure.key in self.glued(told.notebook)
        ]
        if not drawn or self.app.builder.format != "html":
            return []
        _, page, figure = min(drawn, key=lambda found: found[:2])
        drawn = self.glued(told_of(self.env)[page].notebook)[figure.key]
        svg = WHOLE.search(drawn)[0]
        file = Path(self.app.outdir, FOLDER, f"{module}.svg")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(thumbnail(svg), "utf-8")
        address = relative_uri(self.app.builder.get_target_uri(PAGE), f"{FOLDER}/{file.name}")
        width, height = re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups()
        text = re.search(r'aria-label="([^"]*)"', drawn)[1]
        picture = (
            f'<img src="{address}" alt="{text}" class="dark-light" loading="lazy"'
            f' width="{float(width):.0f}" height="{float(height):.0f}">'
        )
        link = self.uri(page) + "#" + nodes.make_id(figure.label)
        picture = nodes.raw("", picture, format="html")
        return [nodes.paragraph("", "", nodes.reference("", "", picture, refuri=link))]

    def uri(self, page: str) -> str:
        """Return the address of another page, as seen from this one."""
        return self.app.builder.get_relative_uri(self.env.current_document.docname, page)


def joined(pages: list[nodes.Node]) -> list[nodes.Node]:
    """Return links with what a sentence has between them."""
    marks = [nodes.Text(", ")] * (len(pages) - 2) + [nodes.Text(f" {say('y')} ")] * (len(pages) > 1)
    return [node for pair in zip(pages, [*marks, nodes.Text(".")], strict=True) for node in pair]


def glued(notebook: str) -> dict[str, str]:
    """Return the figures that a notebook glued, by name."""
    outputs = [output for cell in cells_of(notebook) for output in cell["outputs"]]
    return {
        output["metadata"]["scrapbook"]["name"]: "".join(
            output["data"].get(SHOWN) or output["data"][f"{GLUED}text/html"]
        )
        for output in outputs
        if f"{GLUED}text/html" in output.get("data", {})
    }


def cells_of(notebook: str) -> list[dict]:
    """Return the code cells of an executed notebook; none if the execution failed."""
    try:
        cells = json.loads(Path(notebook).read_text("utf-8"))["cells"]
    except (OSError, ValueError):
        return []
    return [cell for cell in cells if cell["cell_type"] == "code"]


def thumbnail(svg: str) -> str:
    """Return a figure to be looked at from afar: no words, and no more digits than can be seen.

    It weighs a third to a half. Each is a file of its own, which a browser asks for when it
    comes into sight: all of them in the page would be 240 KB, compressed.
    """

    def coarse(number: re.Match) -> str:
        value = float(number[0])
        return f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"  # a mark is a few points wide

    svg = PLACE.sub(lambda place: REPEATED.sub(r"\1", DECIMALS.sub(coarse, place[0])), svg)
    return SMALL.sub("", SMALL.sub("", svg))


def setup(app):
    """Add the directive ``experiments`` and what it needs to know of the chapters."""
    app.add_env_collector(Chapters)
    app.add_node(Picture)
    app.add_node(Tellers)
    app.add_directive("experiments", Experiments)
    app.add_post_transform(Fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 2}

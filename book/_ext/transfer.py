"""What a page sends: only the scripts, styles, icons and decimals that some page uses."""

import logging
import re
from pathlib import Path, PurePosixPath

from jinja2.ext import Extension

# In the theme's templates (pydata-sphinx-theme 0.20): a script that draws the icons, which the
# styles draw from a font as well, and the search of the whole book, which search.html asks for
# itself and another page would only use to search while one types, which is off.
TEMPLATES = ("layout.html", "webpack-macros.html")
UNUSED = re.compile(
    r"<script[^>]*(?:fontawesome|searchtools|language_data|searchindex)\.js[^>]*></script>\n?"
)

# From the extensions: the classes that a script works on
WORKS_ON = {
    "clipboard.min.js": "highlight",
    "copybutton.js": "highlight",
    "design-tabs.js": "sd-tab-set",
    "togglebutton.js": "dropdown|toggle",
}

# Figures as Matplotlib writes them: millionths of a point, and every point of a straight run
FIGURE = re.compile(r'<div[^>]*class="lab-figure".*?</div>', re.DOTALL)
PLACE = re.compile(r'(?<= )([dxy])="([^"]*)"')
LONG = re.compile(r"-?\d+\.\d{3,}")

# The style sheets that bring more than pages use: 72 KB gzipped, and 20 without it
SHEETS = ("styles/pydata-sphinx-theme.css", "sphinx-design.min.css")
# A rule in them is a list of selectors, each with names of elements, .classes and #ids.
SHORTENED = "\n/* What no page uses is left out. */\n"  # the last line of one that is done
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{};]+)(\{[^{}]*\})")
EMPTY = re.compile(r"@[^{};]+\{\s*\}")
NESTED = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"  # :not(:is(a, b:nth-child(2)))
SELECTOR = re.compile(rf"(?:[^,()]|{NESTED})+")
CONDITION = re.compile(rf"\[[^\]]*\]|::?[\w-]+(?:{NESTED})?")  # of these, every one may hold
NAME = re.compile(r"[.#]?((?:[A-Za-z_-]|\\.)(?:[\w-]|\\.)*)")
TAG = re.compile(r"<[A-Za-z][^>]*>")
WORD = re.compile(r"[\w-]+")
BEGINNING = re.compile(r"([\w-]+-)(?=\$\{|[\"'`])")  # a script that adds `bs-${name}-auto`
SCRIPT = re.compile(r'<script(?:[^>]* src="([^"?]+))?[^>]*>(.*?)</script>', re.DOTALL)
IMPORT = re.compile(r"\b(?:from|import) ?\(?\"(\./[^\"]+)\"")
# Icons: characters for private use, of a font that the theme lays three folders down
ICON = re.compile("[\ue000-\uf8ff]|(?<=\\\\)[ef][0-9a-f]{3}")
ICONS = re.compile(r"\.\./(vendor/fontawesome/webfonts/([\w-]+\.woff2))")


class DropScripts(Extension):
    """Take out of the theme's templates the scripts that no page uses."""

    def preprocess(self, source, name, filename=None):
        """Return the source of a template without them."""
        return UNUSED.sub("", source) if str(name).endswith(TEMPLATES) else source


def drop_scripts(app):
    """Have the templates of an HTML build pass through `DropScripts`."""
    if app.builder.format == "html":
        app.builder.templates.environment.add_extension(DropScripts)


def lighten_page(app, pagename, templatename, context, doctree):
    """Leave out the scripts that have nothing to work on in this page, and thin its figures."""
    body = context.get("body", "")

    def works(script) -> bool:
        classes = WORKS_ON.get(PurePosixPath(script.filename or "").name, "")
        return not classes or re.search(rf'class="(?:[^"]* )?(?:{classes})[ "]', body)

    context["script_files"] = [script for script in context["script_files"] if works(script)]
    if body:
        context["body"] = FIGURE.sub(lambda figure: PLACE.sub(thin, figure[0]), body)


def thin(place: re.Match) -> str:
    """Return a coordinate or a path to a hundredth of a point, and straight runs without middle.

    What stands in a run along an axis, between its ends, is not seen.
    """
    kept = []
    for step in LONG.sub(rounded, place[2]).split("\n"):
        point = step.split()
        if len(kept) > 1 and between(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return f'{place[1]}="{" ".join(word for point in kept for word in point)}"'


def rounded(number: re.Match) -> str:
    """Return a number with at most two decimals."""
    short = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def between(before: list[str], point: list[str], after: list[str]) -> bool:
    """Tell whether a line passes through `point` on its way along an axis."""
    if not (before and point[:1] == after[:1] == ["L"] and len(before) == len(point) == len(after)):
        return False
    for along, across in ((1, 2), (2, 1)):
        if before[across] == point[across] == after[across]:
            one, middle, other = (float(step[along]) for step in (before, point, after))
            return min(one, other) <= middle <= max(one, other)
    return False


class Names:
    """The names that the pages have in their tags, and those that their scripts may add."""

    def __init__(self, folder: Path):
        """Read the pages of `folder` and the scripts that they load."""
        pages = [page.read_text("utf-8") for page in folder.glob("*.html")]
        tags = {tag for page in pages for tag in TAG.findall(FIGURE.sub(opening, page))}
        loaded = {script for page in pages for script in SCRIPT.findall(page)}
        scripts = {written for file, written in loaded if not file}
        scripts |= texts_of({folder / file for file, _ in loaded if file})
        self.whole = {"from", "to"}  # of an animation
        self.whole.update(word for text in (*tags, *scripts) for word in WORD.findall(text))
        self.beginnings = tuple({part for text in scripts for part in BEGINNING.findall(text)})

    def have(self, selector: str) -> bool:
        """Tell whether something on a page may be what `selector` names."""
        names = (
            re.sub(r"\\(.)", r"\1", name) for name in NAME.findall(CONDITION.sub("", selector))
        )
        return all(name in self.whole or name.startswith(self.beginnings) for name in names)


def texts_of(files: set[Path]) -> set[str]:
    """Return the texts of scripts and of the modules that they import."""
    texts, waiting = {}, set(files)
    while waiting:
        file = waiting.pop()
        texts[file] = file.read_text("utf-8")
        waiting |= {file.parent / name for name in IMPORT.findall(texts[file])} - texts.keys()
    return set(texts.values())


def opening(figure: re.Match) -> str:
    """Return the tag that begins a figure; what is drawn in it has styles of its own."""
    return TAG.match(figure[0])[0]


def shorten(styles: str, names: Names) -> str:
    """Return a style sheet without the rules for what no page has."""

    def keep(rule: re.Match) -> str:
        selectors, block = rule[1], rule[2]
        if selectors.lstrip().startswith("@"):  # @font-face, @page
            return rule[0]
        kept = [one.strip() for one in SELECTOR.findall(selectors) if names.have(one)]
        return ",".join(kept) + block if kept else ""

    styles = RULE.sub(keep, COMMENT.sub("", styles))
    while (fewer := EMPTY.sub("", styles)) != styles:
        styles = fewer
    return styles + SHORTENED


def lighten_files(app, exception):
    """Leave out of the style sheets, and of the fonts of icons, what no page uses.

    Sphinx copies them anew whenever it writes a page.
    """
    static = Path(app.outdir, "_static")
    if exception or app.builder.format != "html":
        return
    paths = [static / name for name in SHEETS]
    sheets = {path: path.read_text("utf-8") for path in paths if path.exists()}
    if all(styles.endswith(SHORTENED) for styles in sheets.values()):
        return
    names = Names(Path(app.outdir))
    sheets = {sheet: shorten(styles, names) for sheet, styles in sheets.items()}
    together = "".join(sheets.values())
    icons = {icon if len(icon) == 1 else chr(int(icon, 16)) for icon in ICON.findall(together)}
    for source, name in set(ICONS.findall(together)):
        cut_font(app, static / source, static / name, icons)
    for sheet, styles in sheets.items():
        sheet.write_text(ICONS.sub(r"../\2", styles), "utf-8")


def cut_font(app, source: Path, target: Path, characters: set[str], mend=None):
    """Write a font in WOFF2 with these characters alone, unless it is there already.

    `mend` changes the font before it is written.
    """
    known = Path(app.doctreedir, f"{target.name}.txt")
    wanted = f"{source.stat().st_size} {''.join(sorted(characters))}"
    if target.exists() and known.exists() and known.read_text("utf-8") == wanted:
        return
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    # accessible-pygments 0.0.5, which the theme imports, has every package say what it does.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    font = TTFont(source, recalcTimestamp=False)
    # The forms that a browser asks for by itself: ssty are the sub- and superscripts of formulas.
    features = ["ccmp", "dtls", "flac", "kern", "ssty"]
    cutter = Subsetter(Options(hinting=False, layout_features=features))
    cutter.populate(text="".join(characters))
    cutter.subset(font)
    if mend:
        mend(font)
    font.flavor = "woff2"
    font.save(target)
    known.write_text(wanted, "utf-8")


def setup(app):
    """Lighten each page before it is written, and in the end the files that pages share."""
    app.connect("builder-inited", drop_scripts)
    app.connect("html-page-context", lighten_page, priority=900)  # after who adds scripts
    app.connect("build-finished", lighten_files, priority=900)  # after who copies files
    return {"parallel_read_safe": True, "parallel_write_safe": True}

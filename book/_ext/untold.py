"""What the experiments say and no catalogue has in English:  python book/_ext/untold.py [FOLDER …].

It reads the code of `snippets` and finds the texts that a reader sees: literals with a word that
is no name of the code. It writes them as the entries that are missing in the ``english.py`` of
each folder, file by file. ("top" is the folder of the scripts that lie in none.)
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SNIPPETS = ROOT / "snippets"
if __name__ == "__main__":
    sys.path.insert(0, str(SNIPPETS))

from lab.language import BLOCK, Catalogue, catalogue_of, room_of  # noqa: E402

#: Folders that say nothing of their own, and the tool, which keeps two languages itself.
ELSEWHERE = ("latido",)
TOP = "top"


def words(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


# What Matplotlib, pandas and argparse take: no word of these is text.
CODE_WORDS = words("""
    pdf py es en nt lab mse selu sci pct orelse finalbody handlers arrowstyle purelib checkup
    gelu silu labels images python role checkerboard tasks date mnist almost truncated calibrate
    trained grid orthogonal png txt toml unexpected theories accordion
    abbrev above after args ascii attr auto axes axs baseline before below bin black bold
    bottom both box center class clip color col colgroup columns constrained container
    count csv data deg dev dest digits dpi edge equal even exact extend figure file first
    fixed float folder font fraction gray grid hidden href html ignore img index inline
    inner int item items json key large last layout left left_on line linear list log
    lower major max mean median middle min minor mixed mock none nonexistent normal odd
    offset ops outer outside pixels png points polar raise ratio readonly records replace
    right role row rows scope second self serif sgd shared sharex size skip sort span
    split spread square start steps str strict style sum svg symlog tab table tbody td
    test text thead tick title top total tr train transform true under upper utf values
    view white width write zeros centred funnel
""")
# Functions and arguments whose strings are code
CODE_CALLS = words("""
    query groupby sort_values set_index pivot_table rename_axis_ getattr hasattr setattr
    import_module compile sub findall fullmatch finditer search match split rsplit
    partition removeprefix removesuffix startswith endswith replace_ open read_csv agg
    astype setdefault environ get_or einsum encode decode reindex_ drop isin merge melt
    set_xscale set_yscale patched add_package set_random_seed
""")
CODE_ARGUMENTS = words("""
    loc xycoords textcoords ha va horizontalalignment verticalalignment linestyle marker
    color colors cmap mode orient weight fontweight dest action metavar_ encoding errors
    key kind how family facecolor edgecolor transform which axis method dtype by on
""")
WORD = re.compile(r"[^\W\d_⁰¹²³⁴-⁹₀-₉ᵀ]{2,}")
SPANISH = re.compile(r"[áéíóúüñ¿¡«»ÁÉÍÓÚÑ]")
TAG = re.compile(r"<[^>]*>")
# A pattern, a formula, a line of code, an attribute, a type of file
CODE = re.compile(
    r"\\|^\$|^(?:import|from|if __\w+) |^argument |\(\.\*\)|\[!|\w=\"|^text/|-idx\d|\w\^\w",
    re.MULTILINE,
)
NAME = re.compile(r"[\w.:/\-*]*[._:/=][\w.:/\-=*]*|\w*\d\w*|[A-Z]+|\w*[a-z][A-Z]\w*")


def untold(room: str) -> dict[str, list[str]]:
    """Map the files of a folder to the texts in them that have no English, as templates."""
    catalogue = catalogue_of(*dict.fromkeys(("", "lab", room)))
    return {
        name: lacking
        for file in files_of(room)
        if (lacking := [text for text in texts(file) if not known(text, catalogue)])
        for name in [file.relative_to(SNIPPETS).as_posix()]
    }


def known(template: str, catalogue: Catalogue) -> bool:
    """Tell whether a catalogue says a template in English, whatever is in its places."""
    if template in catalogue.entries:
        return True
    text = template.replace("{}", "0").replace("{{", "{").replace("}}", "}")
    return not catalogue.english(" ".join(text.split("\N{NO-BREAK SPACE}"))).lacking


def rooms() -> list[str]:
    """Return the folders of `snippets` with code that speaks to a reader."""
    found = {room_of(file) for file in SNIPPETS.rglob("*.py")} - {*ELSEWHERE}
    return sorted(found)


def files_of(room: str) -> list[Path]:
    """Return the files of a folder."""
    files = SNIPPETS.joinpath(room).rglob("*.py") if room else SNIPPETS.glob("*.py")
    return sorted(file for file in files if file.name != "english.py")


def texts(file: Path) -> list[str]:
    """Return the texts of a file that a reader sees, as templates, in their order."""
    tree = ast.parse(file.read_text("utf-8"))
    found = {}
    for template in _texts(tree):
        for part in BLOCK.split(template):  # of HTML, a text is what stands in one block
            if not BLOCK.fullmatch(part) and seen(part):
                found[part] = None
    return list(found)


def seen(template: str) -> bool:
    """Tell whether a string is text: it has a word that is no name of the code.

    What is written into a module of code is not.
    """
    if template.startswith(('"""', "#:", "Made by ``")):
        return False
    text = re.sub(r"(?<!\S)--[a-z-]+", " ", TAG.sub(" ", template.replace("{}", " ")))
    if SPANISH.search(text):
        return True
    if CODE.search(template):
        return False
    tokens = [token.strip(".,;:!?()[]'\"`|→=<>·") for token in text.split()]
    words = [token for token in tokens if WORD.search(token) and not NAME.fullmatch(token)]
    return any(word.lower() not in CODE_WORDS and word not in names() for word in words)


@cache
def names() -> frozenset[str]:
    """Return the names that the code has for its own things: it is English."""
    found = set()
    for file in SNIPPETS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                    found.add(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
                case ast.keyword(arg=str(name)):
                    found.add(name)
                case ast.Subscript(slice=ast.Constant(value=str(name))):
                    found.add(name)
                case ast.alias(name=name):
                    found.update(name.split("."))
    found |= {folder for file in SNIPPETS.rglob("*.py") for folder in file.parent.parts}
    return frozenset(part for name in found for part in (name, *name.split("_")))


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the strings below a node as templates; those put together by + are one."""
    if _is_text(node):
        template, inside = _template(node)
        yield template
        for part in inside:
            yield from _texts(part)
        return
    for child in _children(node):
        yield from _texts(child)


def _children(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert):
        return
    if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test):
        pass
    if isinstance(node, ast.Subscript):
        yield from _children(node.value) if not _is_text(node.value) else [node.value]
        if not isinstance(node.slice, ast.Constant):
            yield node.slice
        return
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        yield node.func
        if name not in CODE_CALLS:
            yield from node.args
            yield from (k.value for k in node.keywords if k.arg not in CODE_ARGUMENTS)
        return
    if isinstance(node, ast.Dict):
        # A key is text if what it leads to is no text of its own: a heading of a table.
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                yield key
            yield value
        return
    yield from ast.iter_child_nodes(node)


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.Call):
        function = node.func
        return (
            isinstance(function, ast.Attribute)
            and function.attr == "format"
            and _is_text(function.value)
        )
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _template(node: ast.AST) -> tuple[str, list[ast.AST]]:
    """Return a text with ``{}`` in its places, and the code that goes there."""
    if isinstance(node, ast.BinOp):
        (left, some), (right, others) = _template(node.left), _template(node.right)
        return left + right, some + others
    if isinstance(node, ast.Call) and _is_text(node):
        text = node.func.value.value if isinstance(node.func.value, ast.Constant) else "{}"
        return re.sub(r"(?<!{){[^{}]*}", "{}", text), [*node.args, *node.keywords]
    if isinstance(node, ast.JoinedStr):
        parts = [_template(part) for part in node.values]
        return "".join(text for text, _ in parts), [x for _, inside in parts for x in inside]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("{", "{{").replace("}", "}}"), []
    if isinstance(node, ast.FormattedValue):
        return "{}", [node.value]
    return "{}", [node]


def entry(template: str) -> str:
    """Return an entry to fill in."""
    return f"    {quoted(template)}: (\n        \n    ),"


def quoted(text: str, width: int = 88) -> str:
    """Return a literal, in pieces of a line each."""
    if len(text) <= width:
        return repr(text) if '"' in text else f'"{repr(text)[1:-1]}"'.replace("\\'", "'")
    pieces, line = [], ""
    for word in re.findall(r"\S+\s*|\s+", text):
        if len(line) + len(word) > width and line:
            pieces.append(line)
            line = ""
        line += word
    pieces.append(line)
    return "\n    ".join(quoted(piece) for piece in pieces if piece)


def main(asked: list[str]) -> int:
    """Write what is missing; 1 if anything is."""
    count = 0
    for room in [("" if name == TOP else name) for name in asked] or rooms():
        lacking = untold(room)
        if lacking:
            print(f"=== snippets/{f'{room}/english.py'.lstrip('/')}")
        for file, templates in lacking.items():
            print(f"    # --- {Path(file).stem} ---")
            print(*map(entry, templates), sep="\n")
            count += len(templates)
    print(f"{count} textos sin inglés", file=sys.stderr)
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Join modules of JavaScript into one classic script, which a page opened as a file can run too.

From a file, browsers load no module, start no worker and fetch nothing. Node has tools that join
modules, and the book is built without Node. Taken is what our own modules need:

    import { one, other as renamed } from "./module.js";
    import words from "./words.json" with { type: "json" };
    export const one = …;        export function …, export async function …, export class …
    new Worker(new URL("module.js", import.meta.url), { type: "module" })

Each at the beginning of a line, but the worker. Whatever else only a module may hold is an error,
and so are a name that its module does not export and modules that import each other in a ring.
"""

import json
import re
from collections.abc import Mapping

from sphinx.errors import SphinxError

IMPORT = re.compile(
    r'^import\s+(?:\{(?P<names>[^}]*)\}|(?P<whole>\w+))\s+from\s+"\./(?P<module>[\w.]+)"'
    r'(?:\s+with\s+\{\s*type:\s*"json"\s*\})?;\n',
    re.MULTILINE,
)
EXPORT = re.compile(r"^export (?=(?:(?:async )?function|class|const) (\w+)\b)", re.MULTILINE)
WORKER = re.compile(r'new Worker\(new URL\("([\w.]+)", import\.meta\.url\), \{ type: "module" \}\)')
LEFT = re.compile(r"^(?:import|export)\b.*|import\.meta.*|(?<!\{)\bimport\(.*", re.MULTILINE)

# A worker runs the text of the function that holds all modules: no second file.
SCRIPT = """\
(function $bundle(entry) {
"use strict";
const made = new Map();
function $module(name) {
  if (!made.has(name)) made.set(name, modules[name]());
  return made.get(name);
}
function $worker(name) {
  const text = `(${$bundle})(${JSON.stringify(name)});`;
  return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}
const modules = {
%s};
$module(entry);
})(%s);
"""


class BundleError(SphinxError):
    """A module holds what `join` does not take."""

    category = "Los módulos de JavaScript"


def join(files: Mapping[str, str], entry: str) -> str:
    """Return one script that runs the module `entry`, and what it imports or starts as a worker.

    Args:
        files: name → text of the modules, and of JSON that they import.
        entry: the name of the first one.

    Raises:
        BundleError: a module holds something else than what is taken here.
    """
    exported = {name: EXPORT.findall(text) for name, text in files.items()}
    done, ring = {}, []

    def take(name: str, asker: str):
        if name not in files:
            raise BundleError(f"{asker}: no existe {name}")
        if name in ring:
            raise BundleError(f"se importan en círculo: {' → '.join([*ring, name])}")
        if name in done:
            return
        if name.endswith(".json"):
            done[name] = f"() => ({json.dumps(json.loads(files[name]), ensure_ascii=False)})"
            return
        text = files[name]
        ring.append(name)
        for found in IMPORT.finditer(text):
            take(found["module"], name)
        ring.pop()
        done[name] = factory(name, text)
        for found in WORKER.finditer(text):
            take(found[1], name)

    def factory(name: str, text: str) -> str:
        def imported(found: re.Match) -> str:
            source = f'$module("{found["module"]}");\n'
            if found["whole"]:
                if not found["module"].endswith(".json"):
                    raise BundleError(f"{name}: {found[0].strip()}")
                return f"const {found['whole']} = {source}"
            pairs = [
                part.split(" as ") for part in re.split(r"[\s,]*,[\s,]*", found["names"].strip())
            ]
            pairs = [[word.strip() for word in pair] for pair in pairs if pair != [""]]
            for wanted, *_ in pairs:
                if wanted not in exported[found["module"]]:
                    raise BundleError(f"{name}: {found['module']} no exporta {wanted}")
            return f"const {{ {', '.join(': '.join(pair) for pair in pairs)} }} = {source}"

        text = IMPORT.sub(imported, text)
        text = WORKER.sub(r'$worker("\1")', EXPORT.sub("", text))
        if left := LEFT.search(text):
            raise BundleError(f"{name}: no se sabe unir «{left[0]}»")
        return f"() => {{\n{text}return {{ {', '.join(exported[name])} }};\n}}"

    take(entry, entry)
    modules = "".join(f"{json.dumps(name)}: {text},\n" for name, text in done.items())
    return SCRIPT % (modules, json.dumps(entry))

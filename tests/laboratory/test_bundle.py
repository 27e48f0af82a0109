"""Modules joined into one script: it does what they do, and refuses what it cannot join."""

import shutil
import subprocess

import pytest
from node import CODE

import bundle

MODULES = {
    "main.js": """\
import { double, Sum as Total, SECRET, later } from "./numbers.js";
import words from "./words.json" with { type: "json" };

/** @typedef {import("./numbers.js").Sum} Kind */
const made = [];
export const ignored = `
  import { this } from text
`;
later().then((value) => console.log(JSON.stringify(
  [double(4), new Total(1, 2).value, SECRET, words.á, value, made, load("mine")])));
function load(word) { return word; }
""",
    "numbers.js": """\
import {
  factor,
} from "./factor.js";
export const SECRET = "$& \\\\1 «ñ»";
export function double(number) { return factor * number; }
export async function later() { return `later ${factor}`; }
export class Sum {
  constructor(one, other) { this.value = one + other; }
}
""",
    "factor.js": "export const factor = 2;\nconsole.log('once');\n",
    "words.json": '{"á": "ü\\n"}',
    "unused.js": "nobody = asks for it",
}


def test_the_script_does_what_the_modules_do(tmp_path):
    script = tmp_path / "script.js"
    script.write_text(bundle.join(MODULES, "main.js"), "utf-8")
    assert "nobody" not in script.read_text("utf-8")
    command = shutil.which("node") or pytest.skip("el guion de los módulos: falta Node")
    told = subprocess.check_output([command, script], text=True, encoding="utf-8")
    assert told.splitlines() == ["once", '[8,3,"$& \\\\1 «ñ»","ü\\n","later 2",[],"mine"]']


WORKERS = {
    "main.js": """\
const one = new Worker(new URL("work.js", import.meta.url), { type: "module" });
one.onmessage = ({ data }) => (document.title = data);
""",
    "work.js": 'import { told } from "./told.js";\npostMessage(told);\n',
    "told.js": "export const told = 41 + 1;\n",
}


def test_a_worker_has_the_text_of_the_page(browser, tmp_path):
    """From a file, where a browser gives it no other."""
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><script>{bundle.join(WORKERS, 'main.js')}</script>")
    tab = browser.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_function("document.title == '42'")
    tab.close()


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        ({"main.js": 'import { one } from "./other.js";\n'}, "main.js: no existe other.js"),
        (
            {"main.js": 'import { two } from "./one.js";\n', "one.js": "export const one = 1;\n"},
            "main.js: one.js no exporta two",
        ),
        (
            {
                "main.js": 'import { b } from "./b.js";\n',
                "b.js": 'import { a } from "./main.js";\n',
            },
            "main.js → b.js → main.js",
        ),
        ({"main.js": "export default 1;\n"}, "main.js: no se sabe unir «export default 1;»"),
        ({"main.js": "export let one = 1;\n"}, "main.js: no se sabe unir «export let one"),
        ({"main.js": 'export { one } from "./b.js";\n'}, "main.js: no se sabe unir «export {"),
        ({"main.js": 'import * as b from "./b.js";\n'}, "main.js: no se sabe unir «import *"),
        ({"main.js": 'import "./b.js";\n'}, "main.js: no se sabe unir «import"),
        ({"main.js": 'const b = await import("./b.js");\n'}, "no se sabe unir «import("),
        ({"main.js": "fetch(new URL('a', import.meta.url));\n"}, "no se sabe unir «import.meta"),
        (
            {"main.js": 'import b from "./b.js";\n', "b.js": "export const b = 1;\n"},
            'main.js: import b from "./b.js";',
        ),
        # What is not exported by itself is missing where it is imported.
        (
            {
                "main.js": 'import { two } from "./b.js";\n',
                "b.js": "export const one = 1, two = 2;\n",
            },
            "main.js: b.js no exporta two",
        ),
    ],
)
def test_what_it_does_not_join_is_said(modules, words):
    with pytest.raises(bundle.BundleError) as error:
        bundle.join(modules, "main.js")
    assert words in str(error.value)


def test_the_laboratory_is_joined_whole():
    files = {file.name: file.read_text("utf-8") for file in CODE.glob("*.js*")}
    script = bundle.join(files, "main.js")
    for name in files.keys() - {"small.js"}:
        assert f'"{name}": ' in script, f"{name}: nadie lo importa"

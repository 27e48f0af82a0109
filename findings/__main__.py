"""The command that repeats the findings: python findings [NAME …]   (make findings).

Each script shows a surprise about somebody else's tool, in a temporary folder, and fails if the
tool does not surprise any more. Without names, all of them.
"""

import difflib
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIMIT = 1800  # seconds that a script may take, most of them to download


def main(names: list[str]) -> int:
    """Run the scripts and say which hold; return 1 if one does not."""
    scripts = {path.stem: path for path in sorted(HERE.glob("*.sh"))}
    if unknown := [name for name in names if name not in scripts]:
        near = difflib.get_close_matches(unknown[0], scripts) or list(scripts)
        print(f"findings: no hay «{unknown[0]}». Hay: {', '.join(near)}", file=sys.stderr)
        return 2
    chosen = names or list(scripts)
    gone = []
    for place, name in enumerate(chosen, 1):
        print(f"[{place}/{len(chosen)}] {name}… ", end="", flush=True)
        start = time.monotonic()
        words = complaint(scripts[name])
        gone += [name] if words else []
        print(words or f"se cumple, {time.monotonic() - start:.0f} s")
    print(f"Se cumplen {len(chosen) - len(gone)} de {len(chosen)}.")
    if gone:
        print(f"No se cumplen, o no se han podido repetir: {', '.join(gone)}.", file=sys.stderr)
    return bool(gone)


def complaint(script: Path) -> str:
    """Run a script; return nothing if it holds, else what it said last."""
    try:
        done = subprocess.run(["bash", script], capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return f"no: más de {LIMIT} s"
    if not done.returncode:
        return ""
    said = (done.stdout + done.stderr).strip().splitlines()[-5:]
    return "\n    ".join(["no:", *said])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

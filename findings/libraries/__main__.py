"""The command that redoes the table: python findings/libraries [NAME …]   (make libraries).

Each script measures one library and prints its rows, which take the place of its old ones in
measured.csv. A library that can not be installed, or does not draw what its script states, keeps
its old rows. Without names: all that were not measured today, so that what was interrupted goes on.
"""

import csv
import difflib
import io
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
STORED = HERE / "measured.csv"
LIMIT = 1800  # seconds that a library may take, most of them to be downloaded


def main(names: list[str]) -> int:
    """Measure the libraries; return 1 if one of them keeps its old rows."""
    scripts = {path.stem: path for path in sorted(HERE.glob("*.sh")) if path.name != "room.sh"}
    if unknown := [name for name in names if name not in scripts]:
        near = difflib.get_close_matches(unknown[0], scripts) or list(scripts)
        print(f"libraries: no hay «{unknown[0]}». Hay: {', '.join(near)}", file=sys.stderr)
        return 2
    stored = read(scripts)
    today = date.today().isoformat()
    chosen = names or [name for name in scripts if dates(stored.get(name, ())) != {today}]
    failed = []
    for place, name in enumerate(chosen, 1):
        print(f"[{place}/{len(chosen)}] {name}… ", end="", flush=True)
        start = time.monotonic()
        try:
            stored[name] = rows_of(scripts[name])
        except (ValueError, subprocess.SubprocessError) as error:
            failed.append(name)
            print(f"no: {kept(stored.get(name, ()))}\n    {error}")
            continue
        write(stored)
        print(f"{len(stored[name])} filas, {time.monotonic() - start:.0f} s")
    if failed:
        print(f"Sin medir de nuevo: {', '.join(failed)}.", file=sys.stderr)
    elif not chosen:
        print("Todas se midieron hoy; con su nombre, se mide otra vez.")
    return bool(failed)


def rows_of(script: Path) -> list[dict]:
    """Run a script and return its rows; ValueError, with its words, if it fails."""
    done = subprocess.run(["bash", script], capture_output=True, text=True, timeout=LIMIT)
    if done.returncode:
        raise ValueError("\n    ".join(done.stderr.strip().splitlines()[-5:]))
    return list(csv.DictReader(io.StringIO(done.stdout)))


def read(scripts: Iterable[str]) -> dict[str, list[dict]]:
    """Return the stored rows of the scripts that there are, by script."""
    stored = {}
    if STORED.exists():
        with STORED.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["script"] in scripts:
                    stored.setdefault(row["script"], []).append(row)
    return stored


def write(stored: dict[str, list[dict]]) -> None:
    """Replace the stored rows, entirely or not at all."""
    rows = [row for name in sorted(stored) for row in stored[name]]
    unfinished = STORED.with_suffix(".new")
    with unfinished.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    unfinished.replace(STORED)


def dates(rows: Iterable[dict]) -> set[str]:
    """Return the days on which rows were measured."""
    return {row["date"] for row in rows}


def kept(rows: Iterable[dict]) -> str:
    """Say which rows a library that failed is left with."""
    days = ", ".join(sorted(dates(rows)))
    return f"se quedan sus filas del {days}" if days else "se queda sin filas"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

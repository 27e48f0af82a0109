"""What the slides state, measured and judged."""

import sys
from pathlib import Path
from typing import NoReturn


def not_an_experiment() -> NoReturn:
    """Say of the file that was run what it is; exit code 2, and no import of lab."""
    answer = "es parte de los veredictos, que da «python snippets judge_all»"
    print(f"{Path(sys.argv[0]).name}: {answer}", file=sys.stderr)
    raise SystemExit(2)

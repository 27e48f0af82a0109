"""``python -m latido`` is the command ``latido``."""

import sys

from latido.command import main

if __name__ == "__main__":
    sys.exit(main())

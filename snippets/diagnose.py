"""Diagnose a saved Keras model with your own data: python diagnose.py MODEL.keras DATA.npz.

The door to the command of the package ``latido``, which speaks Spanish here, as the book does,
unless --lang says otherwise.
"""

import sys

from latido.command import main

if __name__ == "__main__":
    sys.exit(main(lang="es"))

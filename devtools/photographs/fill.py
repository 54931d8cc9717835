"""`python -m devtools.photographs.fill FILE`: the scene, where the file says which demo is to be filled up."""

import sys
from importlib import import_module
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()  # before the scene is read, which has models in it
    import_module("devtools.photographs.scene").fill(Path(sys.argv[1]))

#!/usr/bin/env python3
# Set-up, development server, tests and linters: python3 dev.py --help. What it does lies in devtools/.
# This file stays readable for every Python: an old one is told what it lacks, not what it fails to parse.
import sys

if sys.version_info < (3, 11):  # noqa: UP036  a clear word instead of a syntax error
    sys.exit(
        "Troupe needs Python 3.11 or newer; this is " + sys.version.split()[0] + " (" + sys.executable + ").\n"
        "Install one (Debian, Ubuntu: apt install python3.11 python3.11-venv), then: python3.11 dev.py ..."
    )

from devtools.commands import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench NAME [--small | --tiny] [--write]`: runs one benchmark, or `all`, and prints its ratios."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from bench import machine, report
from bench.stage import staged
from devtools import processes
from devtools.steps import say

NAMES = ("fanout", "order", "reconnect", "ingest", "pages", "images", "dice", "overlay", "sheets")
SIZES = ("full", "small", "tiny")


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser(prog="dev.py bench", description="Ratios from one run, with the raw figures.")
    main.add_argument("name", choices=[*NAMES, "all"])
    size = main.add_mutually_exclusive_group()
    size.add_argument("--small", dest="size", action="store_const", const="small", help="a tenth of the load")
    size.add_argument("--tiny", dest="size", action="store_const", const="tiny", help="only shows that it runs")
    main.add_argument("--write", action="store_true", help="renew this benchmark's section of bench/RESULTS.md")
    main.set_defaults(size="full")
    return main


def main(argv: Sequence[str] | None = None) -> int:
    """0 when every ratio holds, 3 when one does not; a tiny run proves nothing and has no bars."""
    arguments = parser().parse_args(argv)
    names = NAMES if arguments.name == "all" else (arguments.name,)
    machine.keep_to_load_cpu()
    holds = True
    with processes.sigterm_as_exit(), staged() as stage:
        for name in names:
            # Imported now: these need Django, which needs the stage.
            outcome = importlib.import_module(f"bench.{name}").run(stage, arguments.size)
            say(report.rendered(name, arguments.size, outcome))
            if arguments.write:
                report.write(name, arguments.size, outcome)
            holds = holds and outcome.holds
    return 0 if holds or arguments.size == "tiny" else 3


if __name__ == "__main__":
    sys.exit(main())

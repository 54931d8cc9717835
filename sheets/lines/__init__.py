"""The game lines that there are: every module of this package with a `LINE`, and what somebody registers besides."""

import pkgutil
from functools import cache
from importlib import import_module

from django.conf import settings

from contract.refusals import NotVisible
from sheets.lines.shape import Line

_registered: dict[str, Line] = {}


def register(line: Line) -> None:
    _registered[line.code] = line


def forget(code: str) -> None:
    _registered.pop(code, None)


@cache
def _found() -> dict[str, Line]:
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    lines = [module.LINE for module in modules if hasattr(module, "LINE")]
    return {line.code: line for line in sorted(lines, key=lambda line: line.name, reverse=True)}


def every() -> dict[str, Line]:
    """Code to line, also of those that are switched off: sheets of theirs are still there."""
    return {**_found(), **_registered}


def enabled() -> dict[str, Line]:
    return every() if settings.WOD_ENABLED else dict(_registered)


def line(code: str) -> Line:
    """Raises NotVisible for a line that is not there or is switched off."""
    found = enabled().get(code)
    if found is None:
        raise NotVisible
    return found

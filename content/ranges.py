"""Which part of a file is asked for (RFC 9110, 14): players of sound and video fetch what they need. Pure."""

import re

MOST = 2 * 1024 * 1024  # bytes of one part; who wants more asks again from there
_ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class Unsatisfiable(ValueError):
    """The part begins after the end."""


def asked(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte. None for the whole file, also for several parts at once, which nobody has to be given.

    Raises Unsatisfiable.
    """
    found = _ONE.fullmatch(header.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:  # so many from the end
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(size - 1, int(last)) if last else size - 1
        if last and int(last) < start:
            return None
    if start >= size:
        raise Unsatisfiable
    return start, min(end, start + MOST - 1)

"""Which user names people may choose: short, plain, not mistaken for the house or for somebody else."""

import re

from accounts.models import User

SHORTEST, LONGEST = 3, 30
RULE = "3 to 30 characters: letters a to z, digits, and . _ - between them."
_FORM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# What stands in addresses, what mail systems know, and who speaks for the site.
_RESERVED = (
    "abuse account accounts admin administrator anonymous api everyone gm guest help here host info mail me moderator "
    "nobody noreply null official overlay owner postmaster root security staff support sysop system troupe undefined "
    "user users webmaster you"
)
RESERVED = frozenset(_RESERVED.split())


class NotUsable(ValueError):
    """The message is a sentence for the person who typed."""


def check(name: str) -> str:
    """The name, when a new account may have it. Raises NotUsable."""
    if not SHORTEST <= len(name) <= LONGEST or not _FORM.fullmatch(name):
        raise NotUsable(f"Choose {RULE}")
    if is_reserved(name) or is_taken(name):
        raise NotUsable("This name is taken. Choose another one.")
    return name


def is_reserved(name: str) -> bool:
    return name.casefold().strip("._-") in RESERVED


def is_taken(name: str) -> bool:
    """Names that differ only in capitals are the same to people."""
    return User.objects.filter(username__iexact=name).exists()


def free_like(wish: str) -> str:
    """A name that nobody has, as near to the wish as the rule allows."""
    plain = re.sub(r"[^a-z0-9._-]+", "", wish.casefold()).strip("._-")[: LONGEST - 6].strip("._-")
    base = plain if len(plain) >= SHORTEST and not is_reserved(plain) else f"player-{plain}".strip("-")
    name, number = base, 2
    while is_taken(name):
        name, number = f"{base}-{number}", number + 1
    return name

"""Whose file is it? By its content, whatever its name; a wrong one is told apart and said so."""

from collections.abc import Mapping
from typing import Any

from sheets.exchange import foundry, inconnu, ours, progeny
from sheets.exchange.imported import Imported, Unreadable, mapping

READERS: tuple[Any, ...] = (ours, foundry, progeny, inconnu)
WANTED = "Send a Foundry WoD5E actor, a Progeny or Inconnu character, or a sheet exported here."


def read(document: Any) -> Imported:
    """Raises Unreadable."""
    if not isinstance(document, Mapping):
        raise Unreadable(f"This is no character. {WANTED}")
    for reader in READERS:
        if reader.recognises(document):
            found: Imported = reader.read(document)
            found.leave_out_absent()
            if not found.fields.get("name"):
                found.fields["name"] = "Nameless"
                found.findings.append(("name", "The file has no name; give one."))
            return found
    raise Unreadable(f"{_told_apart(document)} {WANTED}")


def _told_apart(document: Mapping[str, Any]) -> str:
    type_, system = document.get("type"), mapping(document.get("system"))
    if type_ == "werewolf":
        return "This is a werewolf of Foundry, a line that is not here yet."
    if type_ == "group":
        return "This is a group of Foundry; export its members one by one."
    if "abilities" in system:
        return "This is an actor of another game of Foundry; bring it in on the page of its campaign."
    if "statblock_name" in document or "ownership" in document:
        return "This is something of Foundry, but no actor of WoD5E."
    return "This is no character that we know."

"""Says in one sentence what a file or document is when it is none that an importer reads."""

from __future__ import annotations

import re
from typing import Any

from characters.importers.fields import dig, listing, mapping

_EXPORT = "In Foundry, right-click the character in the Actors tab, choose “Export Data” and send that file."

_SIGNATURES: list[tuple[bytes, str]] = [
    (b"\x89PNG", "This is a PNG picture, not a character file."),
    (b"\xff\xd8\xff", "This is a JPEG picture, not a character file."),
    (b"GIF8", "This is a GIF picture, not a character file."),
    (b"RIFF", "This is a picture, sound or video, not a character file."),
    (b"PK\x03\x04", "This is a ZIP archive. Unpack it and send the character files inside it."),
    (b"PK\x05\x06", "This is an empty ZIP archive."),
    (b"\x1f\x8b", "This is a gzip archive. Unpack it and send the character files inside it."),
    (b"7z\xbc\xaf", "This is a 7z archive. Unpack it and send the character files inside it."),
    (b"Rar!", "This is a RAR archive. Unpack it and send the character files inside it."),
    (b"%PDF", "This is a PDF. A PDF sheet cannot be read; export the character as JSON from its game table."),
    (b"SQLite format 3", "This is a SQLite database, not a character file."),
]
_LEVELDB_FOOTER = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"
_ENCODING_MARKS = (b"\xff\xfe", b"\xfe\xff")


def foreign_bytes(content: bytes) -> str | None:
    """A sentence for content that can be told apart before it is decoded, else None."""
    for signature, sentence in _SIGNATURES:
        if content.startswith(signature):
            return f"{sentence} {_EXPORT}" if "picture" in sentence else sentence
    if content.endswith(_LEVELDB_FOOTER):
        return f"This is a database file of Foundry (LevelDB). {_EXPORT}"
    if content.startswith(_ENCODING_MARKS):
        return "This file is UTF-16 text. Save it as UTF-8 and send it again."
    return _markup(content[:4096])


def _markup(head: bytes) -> str | None:
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not head.startswith(b"<"):
        return None
    if head.startswith((b"<!doctype html", b"<html")):
        return f"This is a web page (HTML), not a character file. {_EXPORT}"
    if b"<root" in head and b"<character" in head:
        return "This is a Fantasy Grounds character (XML), which cannot be imported. Foundry dnd5e actors can."
    return "This is an XML file, not a character file that can be imported here. Foundry dnd5e actors can."


def foreign_document(document: object) -> str | None:
    """A sentence for a parsed document of a known kind that is not a Foundry actor, else None."""
    if not isinstance(document, dict):
        return f"This entry is not an object, so it is not a character. {_EXPORT}"
    for looks_like, sentence in _KINDS:
        if looks_like(document):
            return sentence
    return None


def _is_dnd_beyond(document: dict[str, Any]) -> bool:
    character = document.get("data") if "success" in document else document
    return isinstance(dig(character, "stats"), list) and isinstance(dig(character, "classes"), list)


def _is_private_dnd_beyond(document: dict[str, Any]) -> bool:
    return document.get("success") is False and "message" in document


def _is_pathbuilder(document: dict[str, Any]) -> bool:
    return isinstance(dig(document, "build", "abilities"), dict)


def _is_improved_initiative(document: dict[str, Any]) -> bool:
    block = mapping(document.get("StatBlock")) or document
    return "Value" in mapping(block.get("HP")) and ("AC" in block or "Abilities" in block)


def _is_roll20(document: dict[str, Any]) -> bool:
    return "attribs" in mapping(document.get("character")) or isinstance(document.get("attribs"), list)


def _is_obs(document: dict[str, Any]) -> bool:
    return "scene_order" in document and bool(listing(document.get("sources")))


_KINDS = [
    (
        _is_dnd_beyond,
        "This is a D&D Beyond character, which cannot be imported here. Foundry dnd5e actors can.",
    ),
    (
        _is_private_dnd_beyond,
        "This is an error answer of D&D Beyond, not a character: the sheet is probably private.",
    ),
    (
        _is_pathbuilder,
        "This is a Pathbuilder 2e character (Pathfinder), which cannot be imported here. Foundry dnd5e actors can.",
    ),
    (
        _is_improved_initiative,
        "This is an Improved Initiative stat block, which cannot be imported here. Foundry dnd5e actors can.",
    ),
    (_is_roll20, "This is a Roll20 character, which cannot be imported here. Foundry dnd5e actors can."),
    (_is_obs, "This is an OBS scene collection, not a character file."),
]

_SENTENCE = re.compile(r"[A-Za-z]{2,}")


def undecodable(content: bytes) -> str:
    if b"\x00" in content[:4096]:
        return f"This is a binary file of an unknown kind, not a character file. {_EXPORT}"
    return "This file is not UTF-8 text. Save it as UTF-8 and send it again."


def plain_words(text: str) -> str:
    """The sentence for text that is neither JSON nor YAML with fields."""
    if _SENTENCE.search(text):
        return f"This is a text file, not a character file. {_EXPORT}"
    return f"This file holds no character. {_EXPORT}"

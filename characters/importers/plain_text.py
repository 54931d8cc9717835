from __future__ import annotations

import re
from html.parser import HTMLParser

from characters.importers.fields import printable

# Python's parser is quadratic on some broken markup, so only so much of a text is looked at.
_LONGEST_MARKUP = 40_000
_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "section"}
_SILENT = {"script", "style", "template", "iframe", "object", "noscript"}
_LABELLED_LINK = re.compile(r"@\w{1,20}\[[^\]]{0,300}\]\{([^}]{0,300})\}")
_BARE_LINK = re.compile(r"@\w{1,20}\[[^\]]{0,300}\]")
_REFERENCE = re.compile(r"&Reference\[([^\]]{0,300})\](?:\{([^}]{0,300})\})?", re.IGNORECASE)
_ROLL = re.compile(r"\[\[[^\]]{0,300}\]\](?:\{([^}]{0,300})\})?")


class _Text(HTMLParser):
    """Collects what a reader without rights would see: no scripts, no Foundry secret blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.secret_depth = 0
        self.silent: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.silent:
            return
        if tag in _SILENT:
            self.silent = tag
        elif tag == "section" and (self.secret_depth or _is_secret(attrs)):
            self.secret_depth += 1
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.silent:
            self.silent = None
        elif tag == "section" and self.secret_depth and not self.silent:
            self.secret_depth -= 1
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent and not self.secret_depth:
            self.pieces.append(data)


def _is_secret(attrs: list[tuple[str, str | None]]) -> bool:
    classes = (dict(attrs).get("class") or "").lower().split()
    return "secret" in classes and "revealed" not in classes


def plain_text(markup: object, longest: int = 4000) -> str:
    """Text of Foundry HTML without tags, links' addresses, scripts and secret blocks; empty if unreadable."""
    if not isinstance(markup, str):
        return ""
    reader = _Text()
    try:
        reader.feed(markup[:_LONGEST_MARKUP])
        reader.close()
    except AssertionError:  # the standard parser gives up on some "<![" sequences this way
        return ""
    return _tidy("".join(reader.pieces))[:longest].rstrip()


def _tidy(text: str) -> str:
    text = _LABELLED_LINK.sub(r"\1", text)
    text = _REFERENCE.sub(lambda match: match[2] or match[1], text)
    text = _ROLL.sub(lambda match: match[1] or "", _BARE_LINK.sub("", text))
    lines = (" ".join(line.split()) for line in printable(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

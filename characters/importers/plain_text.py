from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from characters.importers.fields import printable

# No HTML parser: the one of the standard library takes quadratic time on broken markup, and all that is wanted
# is text. What this scanner gets wrong is a matter of looks, except secrets, which it rather hides too much.
_LONGEST_MARKUP = 200_000
_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "section"}
_SILENT = {"script", "style", "template", "iframe", "object", "noscript"}
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,20})|<(?=[!?/])", re.IGNORECASE)
_SECTION = re.compile(r"<section\b(?:[^>\"']|\"[^\"]*\"|'[^']*'){0,2000}>", re.IGNORECASE)
_LABELLED_LINK = re.compile(r"@\w{1,20}\[[^\]]{0,300}\]\{([^}]{0,300})\}")
_BARE_LINK = re.compile(r"@\w{1,20}\[[^\]]{0,300}\]")
_REFERENCE = re.compile(r"&Reference\[([^\]]{0,300})\](?:\{([^}]{0,300})\})?", re.IGNORECASE)
_ROLL = re.compile(r"\[\[[^\]]{0,300}\]\](?:\{([^}]{0,300})\})?")


def plain_text(markup: object, longest: int = 4000) -> str:
    """What a reader without rights would see of Foundry HTML: no tags, links, scripts or secret blocks."""
    if not isinstance(markup, str):
        return ""
    return _tidy("".join(_visible(markup[:_LONGEST_MARKUP])))[:longest].rstrip()


def _visible(markup: str) -> Iterator[str]:
    secret_depth = 0
    for kind, value in _pieces(markup):
        if kind == "secret" or (kind == "start" and value == "section" and secret_depth):
            secret_depth += 1
            yield "\n"
        elif (kind, value) == ("end", "section") and secret_depth:
            secret_depth -= 1
        elif not secret_depth:
            if kind == "text":
                yield unescape(value)
            elif value in _BLOCKS:
                yield "\n"


def _pieces(markup: str) -> Iterator[tuple[str, str]]:
    """Texts and tags in order; what follows a tag or comment that never closes is lost."""
    position = 0
    while tag := _TAG.search(markup, position):
        yield "text", markup[position : tag.start()]
        kind, name = ("end" if tag[1] else "start"), (tag[2] or "").lower()
        end = _end_of_tag(markup, tag.start(), name if kind == "start" else "")
        if not end:
            return
        if name == "section" and _is_secret(markup[tag.start() : end]):
            kind = "secret"
        yield kind, name
        position = end
    yield "text", markup[position:]


def _end_of_tag(markup: str, start: int, name: str) -> int:
    """The position behind a tag, a comment or an element without text of its own; 0 when it does not end."""
    if name == "section":
        section = _SECTION.match(markup, start)
        return section.end() if section else 0
    if name in _SILENT:
        ending = re.compile(f"</{name}[^>]*>", re.IGNORECASE).search(markup, start)
        return ending.end() if ending else 0
    closing = "-->" if markup.startswith("<!--", start) else ">"
    found = markup.find(closing, start)
    return found + len(closing) if found >= 0 else 0


def _is_secret(tag: str) -> bool:
    return "secret" in tag.lower() and "revealed" not in tag.lower()


def _tidy(text: str) -> str:
    text = _LABELLED_LINK.sub(r"\1", text)
    text = _REFERENCE.sub(lambda match: match[2] or match[1], text)
    text = _ROLL.sub(lambda match: match[1] or "", _BARE_LINK.sub("", text))
    lines = (" ".join(line.split()) for line in printable(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

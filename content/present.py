"""A picture as pages, overlay and API are told of it."""

from typing import Any, TypedDict

from content.addresses import address_of
from content.models import StoredFile, Version
from content.queries import files_of

# Names of files that stand beside the main one in a `srcset`; their width is in them.
WIDTHS = "w"
MAIN = "webp"
AVIF = "avif"
DOCUMENT = "document"


class Source(TypedDict):
    url: str
    width: int


class Playable(TypedDict):
    url: str
    type: str


class Recording(TypedDict):
    """`loudness` in LUFS and `true_peak` in dBFS, as it was sent; `peaks` from 0 to 100 in equal steps over the whole.

    `sources` are in the order in which a browser should try them; empty until they are made.
    """

    seconds: float
    width: int
    height: int
    loudness: float | None
    true_peak: float | None
    peaks: list[int]
    sources: list[Playable]
    poster_url: str | None
    original_url: str | None
    colour: str
    blur: str
    alt_text: str


class Written(TypedDict):
    """`format` is one of content.documents.FORMATS; `pages` only of a PDF, `words` only of text; `size` in bytes."""

    format: str
    url: str
    size: int
    pages: int | None
    words: int | None


class Shown(TypedDict):
    """`width` and `height` are those of `url`, in pixels; `srcset` names it and what is narrower, the widest last.
    `avif_srcset` is empty until it is made, and where it would be no smaller.
    """

    url: str
    thumb_url: str
    original_url: str
    avif_url: str | None
    srcset: list[Source]
    avif_srcset: list[Source]
    width: int
    height: int
    colour: str
    blur: str
    alt_text: str


def shown(version: Version, *, public: bool) -> Shown:
    files = files_of(version)
    addresses = {name: address_of(file, public=public) for name, file in files.items()}
    main = files[MAIN]
    return {
        "url": addresses[MAIN],
        "thumb_url": addresses.get("thumb") or addresses["optimized"],
        "original_url": addresses["original"],
        "avif_url": addresses.get(AVIF),
        "srcset": _sources(files, addresses, MAIN, WIDTHS),
        "avif_srcset": _sources(files, addresses, AVIF, AVIF) if AVIF in files else [],
        "width": main.width or 0,
        "height": main.height or 0,
        "colour": version.colour,
        "blur": version.blur,
        "alt_text": version.asset.alt_text,
    }


# WebM is there only where something is see-through, which MP4 would show black.
PLAYED = ("webm", "mp4", "opus", "aac")


def recording(version: Version, *, public: bool) -> Recording:
    files, facts = files_of(version), version.facts
    addresses = {name: address_of(file, public=public) for name, file in files.items()}
    loudness = facts.get("loudness") or {}
    return {
        "seconds": facts["seconds"],
        "width": version.width or 0,
        "height": version.height or 0,
        "loudness": loudness.get("integrated"),
        "true_peak": loudness.get("true_peak"),
        "peaks": facts.get("peaks", []),
        "sources": [{"url": addresses[name], "type": files[name].media_type} for name in PLAYED if name in files],
        "poster_url": addresses.get("poster"),
        "original_url": addresses.get("original"),
        "colour": version.colour,
        "blur": version.blur,
        "alt_text": version.asset.alt_text,
    }


def document(version: Version) -> Written:
    """Never at the host that serves the bucket to everybody: what a browser may do with it is said by our answer."""
    file, facts = files_of(version)[DOCUMENT], version.facts
    return {
        "format": facts["format"],
        "url": address_of(file, public=False),
        "size": file.size,
        "pages": facts["pages"],
        "words": facts["words"],
    }


def _sources(files: dict[str, StoredFile], addresses: dict[str, str], main: str, narrower: str) -> list[Source]:
    found = [file for name, file in files.items() if name == main or name.startswith(narrower + "_")]
    found.sort(key=lambda file: file.width or 0)
    return [{"url": addresses[file.name], "width": file.width or 0} for file in found]


def main_address(version: Version, *, public: bool) -> str:
    return address_of(files_of(version)[MAIN], public=public)


def as_json(found: Shown) -> dict[str, Any]:
    return dict(found)

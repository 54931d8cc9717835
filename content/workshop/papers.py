"""A strange PDF written anew, from its pages alone. Runs in a limited child only: pypdf, no Django.

    python -I -c "…; papers.main()"        # content.documents starts it

What a page paints with is copied: its contents, fonts, pictures, colours. What acts, or hides, has no way through:
scripts, launches and links, forms, embedded files, layers, metadata, whatever stands after the end. What annotations
and filled-in fields look like is painted onto the page, so that what one would print stays.
"""

import io
import json
import os
import resource
import sys
from contextlib import suppress
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

UNREADABLE = "This PDF is damaged and cannot be read. Save or print it to a PDF anew and send that."
LOCKED = "This PDF is locked with a password. Save it without one and send it again."

OF_A_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group")
# Wherever they stand. Of streams, the first three say that their bytes lie in another file.
LEFT_OUT = frozenset(
    {
        *("/F", "/FFilter", "/FDecodeParms", "/A", "/AA", "/AF", "/Annots", "/Dest", "/EF", "/JS", "/LastModified"),
        *("/Metadata", "/Names", "/OC", "/OPI", "/OpenAction", "/P", "/Parent", "/PieceInfo", "/Ref"),
        *("/RichMediaContent", "/StructParent", "/StructParents", "/Thumb"),
    }
)
# Under these stand parts by names that somebody chose, and that may be the same as one of the above.
NAMING = frozenset(
    {"/CharProcs", "/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading", "/XObject"}
)
# Kinds of dictionaries that are nothing to paint with: by /Type, by /Subtype, and actions by /S.
TYPES = frozenset({"/Action", "/Annot", "/Catalog", "/EmbeddedFile", "/F", "/Filespec", "/Metadata", "/Page", "/Pages"})
SUBTYPES = frozenset({"/PS", "/XML"})
ACTIONS = frozenset(
    {
        *("/GoTo", "/GoTo3DView", "/GoToE", "/GoToR", "/Hide", "/ImportData", "/JavaScript", "/Launch", "/Movie"),
        *("/Named", "/Rendition", "/ResetForm", "/RichMediaExecute", "/SetOCGState", "/Sound", "/SubmitForm"),
        *("/Thread", "/URI"),
    }
)
HIDDEN = 2 | 32  # flags of an annotation that is not seen
UNPAINTED = frozenset({"/Link", "/Popup"})
DEEPEST = 100
Matrix = tuple[float, float, float, float, float, float]


class NotTaken(ValueError):
    """The message is a sentence for the person who sent the file."""


def main() -> None:
    """File descriptors of the PDF, of what is made of it and of the report, then the limits, as arguments."""
    source, target, report = (int(argument) for argument in sys.argv[1:4])
    limits = json.loads(sys.argv[4])
    rehearse()
    _limit(limits)
    with os.fdopen(source, "rb") as file, os.fdopen(target, "r+b") as made, os.fdopen(report, "w") as told:
        try:
            answer: dict[str, Any] = {"pages": rewrite(file, made, limits["pages"])}
        except NotTaken as refusal:
            answer = {"refused": str(refusal)}
        json.dump(answer, told)


def _limit(limits: dict[str, int]) -> None:
    """Bytes of address space and of the written file, seconds of processor. The kernel ends who exceeds."""
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))  # those that are open stay so; there will be no other


def rehearse() -> None:
    """pypdf loads its parts when it first needs them; under the limits no file can be opened any more."""
    sheaf, first = Sheaf(), io.BytesIO()
    sheaf.add_page(DictionaryObject())
    sheaf.write(first)
    rewrite(first, io.BytesIO(), 1)


def rewrite(file: BinaryIO, target: BinaryIO, most_pages: int) -> int:
    """How many pages there are. Raises NotTaken."""
    try:
        reader = PdfReader(file, strict=False)
        if reader.is_encrypted:
            raise NotTaken(LOCKED)
        count = len(reader.pages)
        if not 0 < count <= most_pages:
            raise NotTaken(f"This PDF has {count} pages. Send 1 to {most_pages}.")
        sheaf = Sheaf()
        for page in reader.pages:
            sheaf.add_page(page)
        sheaf.write(target)
        return count
    except NotTaken:
        raise
    except MemoryError as error:
        raise NotTaken("This PDF needs too much memory. Print it to a PDF anew, or send less of it.") from error
    except Exception as error:  # whatever a hostile file makes of a parser, RecursionError too
        raise NotTaken(UNREADABLE) from error


class Sheaf:
    """A PDF in the making: objects numbered from 1, of which the first two are the catalog and the tree of pages."""

    def __init__(self) -> None:
        self.objects: list[PdfObject] = [NullObject(), NullObject()]
        self.pages = ArrayObject()
        self.copies: dict[tuple[int, int], IndirectObject] = {}
        self.stamps = 0

    def add(self, made: PdfObject) -> IndirectObject:
        self.objects.append(made)
        return IndirectObject(len(self.objects), 0, self)

    def add_page(self, page: DictionaryObject) -> None:
        made = DictionaryObject({NameObject("/Type"): NameObject("/Page"), NameObject("/Parent"): self._at(2)})
        for name in OF_A_PAGE:
            if name in page:
                made[NameObject(name)] = self.copied(page.raw_get(name))
        made.setdefault(NameObject("/MediaBox"), _numbers(0, 0, 612, 792))
        # Its own, not one that pages share: what annotations look like is added to it.
        resources = self.copied(_plain(page.get("/Resources")))
        found = resources if isinstance(resources, DictionaryObject) else DictionaryObject()
        made[NameObject("/Resources")] = found
        made[NameObject("/Contents")] = self._contents(page, found)
        self.pages.append(self.add(made))

    def _contents(self, page: DictionaryObject, resources: DictionaryObject) -> ArrayObject:
        contents = _plain(page.get("/Contents"))
        streams = (
            contents if isinstance(contents, list) else [page.raw_get("/Contents")] if contents is not None else []
        )
        copied = [self.copied(each) for each in streams]
        stamps = self._stamps(page, resources)
        painted = ArrayObject(each for each in copied if isinstance(each, IndirectObject))
        if stamps:
            return ArrayObject([self.add(_stream(b"q")), *painted, self.add(_stream(b"Q\n" + stamps))])
        return painted

    def _stamps(self, page: DictionaryObject, resources: DictionaryObject) -> bytes:
        """Operators that paint the annotations of the page where they are seen."""
        annotations = _plain(page.get("/Annots"))
        drawn = []
        for each in annotations if isinstance(annotations, list) else ():
            annotation = _plain(each)
            looks = _looks(annotation) if isinstance(annotation, DictionaryObject) else None
            if looks is None:
                continue
            appearance, matrix = looks
            copy = self.copied(appearance)
            if isinstance(copy, IndirectObject):
                self.stamps += 1
                drawn.append(b"q %.4f %.4f %.4f %.4f %.4f %.4f cm /Stamp%d Do Q" % (*matrix, self.stamps))
                _part_of(resources, "/XObject")[NameObject(f"/Stamp{self.stamps}")] = copy
        return b"\n".join(drawn)

    def get_object(self, reference: IndirectObject) -> PdfObject:
        return self.objects[reference.idnum - 1]

    def copied(self, found: Any, depth: int = 0) -> PdfObject:
        """Of this file, without what acts. Streams are always objects of their own. Raises RecursionError."""
        if depth > DEEPEST:
            raise RecursionError
        if isinstance(found, IndirectObject):
            return self._copied_once(found, depth)
        if isinstance(found, TextStringObject):  # as it stood: a table of colours is a string, too
            return ByteStringObject(found.original_bytes)
        made = self._made(found, depth)
        return self.add(made) if isinstance(made, StreamObject) else made

    def _copied_once(self, reference: IndirectObject, depth: int) -> PdfObject:
        key = (reference.idnum, reference.generation)
        if key not in self.copies:
            found = reference.get_object()
            if not isinstance(found, DictionaryObject | ArrayObject):
                return self.copied(found, depth + 1)
            own = self.copies[key] = self.add(NullObject())  # there before what it holds, which may name it
            self.objects[own.idnum - 1] = self._made(found, depth + 1)
        return self.copies[key]

    def _made(self, found: Any, depth: int) -> PdfObject:
        if isinstance(found, DictionaryObject):
            if _acts(found):
                return NullObject()
            return self._stream(found, depth) if isinstance(found, StreamObject) else self._dictionary(found, depth)
        if isinstance(found, ArrayObject):
            return ArrayObject(self.copied(each, depth + 1) for each in found)
        return found if isinstance(found, PdfObject) else NullObject()

    def _dictionary(self, found: DictionaryObject, depth: int, names: bool = False) -> DictionaryObject:
        """With `names`, what it holds stands under names that somebody chose."""
        made = DictionaryObject()
        for name in found:
            if not names and name in LEFT_OUT:
                continue
            part = _plain(found.raw_get(name))
            if name in NAMING and isinstance(part, DictionaryObject) and not isinstance(part, StreamObject):
                made[NameObject(name)] = self._dictionary(part, depth + 1, names=True)
            else:
                made[NameObject(name)] = self.copied(found.raw_get(name), depth + 1)
        return made

    def _stream(self, found: StreamObject, depth: int) -> StreamObject:
        made = _stream(found._data)
        made.update(self._dictionary(found, depth))
        made.pop("/Length", None)
        if _plain(found.get("/Filter")) == "/DCTDecode":
            made._data = bare_jpeg(made._data)
        return made

    def _at(self, number: int) -> IndirectObject:
        return IndirectObject(number, 0, self)

    def write(self, target: BinaryIO) -> None:
        self.objects[0] = _named(Type=NameObject("/Catalog"), Pages=self._at(2))
        self.objects[1] = _named(Type=NameObject("/Pages"), Kids=self.pages, Count=NumberObject(len(self.pages)))
        target.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, each in enumerate(self.objects, 1):
            places.append(target.tell())
            target.write(b"%d 0 obj\n" % number)
            each.write_to_stream(target)
            target.write(b"\nendobj\n")
        at = target.tell()
        target.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
        for place in places:
            target.write(b"%010d 00000 n \n" % place)
        target.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, at))
        target.flush()


def _acts(found: DictionaryObject) -> bool:
    type_, subtype, action = (str(_plain(found.get(name))) for name in ("/Type", "/Subtype", "/S"))
    return type_ in TYPES or subtype in SUBTYPES or action in ACTIONS


def _looks(annotation: DictionaryObject) -> tuple[PdfObject, Matrix] | None:
    """The stream that paints the annotation, and where to."""
    flags = _plain(annotation.get("/F"))
    if (isinstance(flags, int) and flags & HIDDEN) or _plain(annotation.get("/Subtype")) in UNPAINTED:
        return None
    normal = _dictionary_in(annotation.get("/AP"), "/N")
    if normal is not None and not isinstance(_plain(normal), StreamObject):  # one for each state of a box
        normal = _dictionary_in(normal, str(_plain(annotation.get("/AS"))))
    form, rectangle = _plain(normal), _box(annotation.get("/Rect"))
    if not isinstance(form, StreamObject) or rectangle is None:
        return None
    matrix = _placed(_box(form.get("/BBox")), _matrix(form.get("/Matrix")), rectangle)
    return (normal, matrix) if normal is not None and matrix else None


def _placed(box: list[float] | None, own: Matrix, rectangle: list[float]) -> Matrix | None:
    """PDF 32000-1, 12.5.5: the box as the form's own matrix turns it is stretched over the rectangle."""
    if box is None:
        return None
    a, b, c, d, e, f = own
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    left, bottom = (min(corner[axis] for corner in corners) for axis in (0, 1))
    width, height = (max(corner[axis] for corner in corners) - low for axis, low in ((0, left), (1, bottom)))
    if not width or not height:
        return None
    across, up = (rectangle[2] - rectangle[0]) / width, (rectangle[3] - rectangle[1]) / height
    return across, 0, 0, up, rectangle[0] - left * across, rectangle[1] - bottom * up


def bare_jpeg(raw: bytes) -> bytes:
    """Without comments and whatever programs and cameras wrote of themselves; colours are said by the PDF."""
    if not raw.startswith(b"\xff\xd8"):
        return raw
    kept, at = bytearray(b"\xff\xd8"), 2
    while at + 4 <= len(raw) and raw[at] == 0xFF and raw[at + 1] != 0xDA:
        length = 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        marker = raw[at + 1]
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE) or marker == 0xEE:  # 0xEE says how its colours are meant
            kept += raw[at : at + length]
        at += length
    return bytes(kept) + raw[at:]


def _plain(found: Any) -> Any:
    return found.get_object() if isinstance(found, PdfObject) else found


def _dictionary_in(found: Any, name: str) -> Any:
    there = _plain(found)
    return there.raw_get(name) if isinstance(there, DictionaryObject) and name in there else None


def _part_of(resources: DictionaryObject, name: str) -> DictionaryObject:
    """The part, which belongs to this page alone from here on."""
    there = _plain(resources.get(name))
    own = DictionaryObject(there) if isinstance(there, DictionaryObject) else DictionaryObject()
    resources[NameObject(name)] = own
    return own


def _box(found: Any) -> list[float] | None:
    numbers = _floats(found, 4)
    if numbers is None:
        return None
    left, right, bottom, top = *sorted(numbers[::2]), *sorted(numbers[1::2])
    return [left, bottom, right, top]


def _matrix(found: Any) -> Matrix:
    numbers = _floats(found, 6)
    return tuple(numbers) if numbers else (1, 0, 0, 1, 0, 0)  # type: ignore[return-value]


def _floats(found: Any, count: int) -> list[float] | None:
    there = _plain(found)
    if not isinstance(there, list) or len(there) != count:
        return None
    with suppress(TypeError, ValueError):
        return [float(_plain(each)) for each in there]
    return None


def _stream(data: bytes) -> StreamObject:
    made = StreamObject()
    made._data = data
    return made


def _named(**parts: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): part for name, part in parts.items()})


def _numbers(*values: float) -> ArrayObject:
    return ArrayObject(FloatObject(value) for value in values)

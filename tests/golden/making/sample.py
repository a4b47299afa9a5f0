"""What a format sample is, and which kinds of hidden content there are to show."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Need: TypeAlias = Literal["recognition", "conversion"]

# Each kind, and how a block of that kind is known: by its part, by the file inside
# which it stands, or by being hidden.
KINDS: Final[Mapping[str, str]] = {
    # documents
    "tracked insertion": "insertion",
    "tracked deletion": "deletion",
    "comment": "hidden",
    "comment reply": "hidden",
    "hidden run": "hidden",
    "white text": "hidden",
    "tiny text": "hidden",
    "text box": "textbox",
    "header": "header",
    "footer": "footer",
    "footnote": "footnote",
    "endnote": "footnote",
    "alternative text": "hidden",
    "field code": "hidden",
    "document variable": "hidden",
    "author": "hidden",
    "company": "hidden",
    "template path": "hidden",
    "last printed": "hidden",
    "custom property": "hidden",
    "revision ids": "hidden",
    "embedded object": "inside",
    "external link": "hidden",
    "remote template": "hidden",
    "macro": "hidden",
    # tables
    "hidden sheet": "hidden",
    "very hidden sheet": "hidden",
    "hidden row": "hidden",
    "hidden column": "hidden",
    "hidden name": "hidden",
    "cell comment": "comment",
    "cached value": "hidden",
    "pivot cache": "hidden",
    "linked workbook": "hidden",
    "masked number": "hidden",
    # slides
    "speaker notes": "notes",
    "hidden slide": "hidden",
    "shape off the slide": "hidden",
    # PDF and OFD
    "annotation": "annotation",
    "attachment": "inside",
    "layer that is off": "hidden",
    "invisible text": "hidden",
    "text outside the crop box": "hidden",
    "text under a black box": "hidden",
    "text under a picture": "hidden",
    "form field": "hidden",
    "JavaScript": "hidden",
    "XMP": "hidden",
    "earlier revision": "hidden",
    # pictures
    "EXIF": "hidden",
    "GPS": "hidden",
    "thumbnail": "hidden",
    "cropped picture": "hidden",
    # web pages
    "HTML comment": "hidden",
    "hidden element": "hidden",
    "data attribute": "hidden",
    # mails and archives
    "blind copy": "hidden",
    "mail header": "hidden",
    "other half of a mail": "hidden",
    "archive remark": "hidden",
    "data behind the end": "inside",
}
# These a reader of the page sees; what counts is that they are read, and where.
SEEN: Final = frozenset({"text box", "header", "footer", "footnote", "endnote"})


@dataclass(frozen=True, slots=True)
class Sample:
    """A file to be read, and what was put into it.

    `shows` is what a reader of the page sees, piece by piece; `hides` is the text of
    each hidden thing by its kind.
    """

    file: str
    about: str
    make: Callable[[], bytes]
    shows: tuple[str, ...]
    hides: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()


def still(data: bytes) -> bytes:
    """Return a zip whose members all bear the same moment."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(made, "w") as target,
    ):
        for old in source.infolist():
            new = zipfile.ZipInfo(old.filename, (2026, 9, 1, 8, 0, 0))
            new.compress_type, new.external_attr = old.compress_type, 0o644 << 16
            new.comment = old.comment
            target.writestr(new, source.read(old))
        target.comment = source.comment
    return made.getvalue()


def ticks(day: int) -> int:
    """Return eight in the morning (UTC) of a day of September 2026, as Windows counts."""
    seconds = 1_788_220_800 + (day - 1) * 86_400 + 8 * 3600
    return (seconds + 11_644_473_600) * 10_000_000


def integer(value: int) -> bytes:
    """Return a number as four bytes."""
    return struct.pack("<I", value)

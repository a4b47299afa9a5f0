"""Old presentations made by hand: records, and a list of where each object stands."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from review.extract.old import ppt_file as kinds
from review.extract.ole.write import packed
from tests.unit.extract.word_files import art

WIDTH, HEIGHT = 5760, 4320
TITLE, BODY, OTHER = 0, 1, 4
_EDIT, _DIRECTORY, _DRAWING_GROUP = 4085, 6002, 0xF002
_PLAIN_TOKEN, _LOCKED_TOKEN = 0xE391C05F, 0xF3D1C4DF


def atom(kind: int, data: bytes = b"", instance: int = 0) -> bytes:
    return art(kind, data, instance)


def container(kind: int, *parts: bytes, instance: int = 0) -> bytes:
    return art(kind, b"".join(parts), instance, 15)


def string(value: str, instance: int = 0) -> bytes:
    return atom(kinds.STRING, value.encode("utf-16-le"), instance)


def texts(value: str, kind: int = OTHER) -> bytes:
    """A text after its head: in one byte a letter where that is enough."""
    head = atom(kinds.TEXT_HEAD, struct.pack("<I", kind))
    if value.isascii():
        return head + atom(kinds.TEXT_BYTES, value.encode("latin-1"))
    return head + atom(kinds.TEXT_WIDE, value.encode("utf-16-le"))


def shape(
    *inner: bytes,
    at: tuple[int, int, int, int] = (10, 10, 500, 500),
    options: Mapping[int, int] | None = None,
    client: bytes = b"",
    child: bool = False,
) -> bytes:
    """A shape with a text box; `at` is left, top, right, bottom."""
    left, top, right, bottom = at
    place = atom(kinds.PLACE, struct.pack("<4h", top, left, right, bottom))
    if child:
        place = atom(kinds.CHILD_PLACE, struct.pack("<4i", *at))
    heads = b"".join(struct.pack("<HI", n, v) for n, v in (options or {}).items())
    fopt = art(0xF00B, heads, len(heads) // 6, 3)
    box = container(kinds.TEXTBOX, *inner) if inner else b""
    holder = container(kinds.CLIENT, client) if client else b""
    return container(kinds.SHAPE, fopt, place, holder, box)


def outline(number: int) -> bytes:
    return atom(kinds.OUTLINE_REF, struct.pack("<I", number))


def table(*rows: Sequence[str]) -> bytes:
    """A group that is a table; its cells are shapes, the lower right one first."""
    first = shape(options={0x039F: 1})
    cells = [
        shape(texts(said), at=(100 * c, 50 * r, 100 * c + 99, 50 * r + 49), child=True)
        for r, row in enumerate(rows)
        for c, said in enumerate(row)
    ]
    return container(kinds.GROUP, first, *reversed(cells))


def drawing(*shapes: bytes) -> bytes:
    group = container(kinds.GROUP, *shapes)
    return container(kinds.DRAWING, container(_DRAWING_GROUP, group))


def show(*, hidden: bool) -> bytes:
    flags = 4 if hidden else 0
    return atom(kinds.SLIDE_SHOW, struct.pack("<IIBBHB3x", 0, 0, 0, 0, flags, 0))


def comment(author: str, said: str) -> bytes:
    """A comment in the tags of a slide, dated the fifth of March 2026."""
    when = struct.pack("<I8H8x", 1, 2026, 3, 4, 5, 10, 0, 0, 0)
    one = container(
        kinds.COMMENT,
        string(author, 0),
        string(said, 1),
        atom(kinds.COMMENT_ATOM, when),
    )
    tag = container(5002, string("___PPT10"), atom(kinds.TAG_DATA, one))
    return container(5000, tag)


@dataclass
class Slides:
    """A presentation: for each slide the texts of its outline and its records."""

    slides: Sequence[tuple[bytes, bytes]] = ()
    masters: Sequence[bytes] = ()
    notes: Sequence[tuple[int, bytes]] = ()  # the number of the slide, and records
    document: bytes = b""
    behind: bytes = b""  # records that no list names
    pictures: bytes = b""
    writer: str = ""
    locked: bool = False
    streams: dict[tuple[str, ...], bytes] = field(default_factory=dict)

    def tree(self) -> dict[tuple[str, ...], bytes]:
        """The streams of the file."""
        objects: list[bytes] = []
        lists = b""
        for instance, bodies in enumerate(
            (
                [(kinds.SLIDE, said, body) for said, body in self.slides],
                [(kinds.MASTER, b"", body) for body in self.masters],
                [
                    (
                        kinds.NOTES,
                        b"",
                        atom(kinds.NOTES_ATOM, struct.pack("<I4x", 255 + slide)) + body,
                    )
                    for slide, body in self.notes
                ],
            )
        ):
            inner = b""
            for number, (kind, said, body) in enumerate(bodies):
                objects.append(container(kind, body))
                place = struct.pack("<IIIII", len(objects), 0, 0, 256 + number, 0)
                inner += atom(kinds.SLIDE_PLACE, place) + said
            if inner:
                lists += container(kinds.TEXTS, inner, instance=instance)
        head = atom(kinds.DOCUMENT_ATOM, struct.pack("<II32x", WIDTH, HEIGHT))
        objects.append(container(kinds.DOCUMENT, head, lists, self.document))
        body, offsets = self.behind, []
        for one in objects:
            offsets.append(len(body))
            body += one
        directory = len(body)
        listed = struct.pack("<I", len(objects) << 20 | 1)
        body += atom(_DIRECTORY, listed + struct.pack(f"<{len(offsets)}I", *offsets))
        edit = len(body)
        body += atom(
            _EDIT, struct.pack("<IIIIIII", 0, 0, 0, directory, len(objects), 0, 0)
        )
        return {
            ("PowerPoint Document",): body,
            ("Current User",): self._user(edit),
            ("Pictures",): self.pictures,
            **self.streams,
        }

    def _user(self, edit: int) -> bytes:
        token = _LOCKED_TOKEN if self.locked else _PLAIN_TOKEN
        narrow = self.writer.encode("gbk", "replace")
        length = len(self.writer)
        head = struct.pack("<IIIHHBBH", 20, token, edit, length, 0x03F4, 3, 0, 0)
        wide = self.writer.encode("utf-16-le")
        raw = head + narrow[:length] + struct.pack("<I", 8) + wide
        return atom(0x0FF6, raw)

    def saved(self) -> bytes:
        """The file."""
        return packed(self.tree())


LEFT: Final = (-900, 10, -100, 500)

"""Between reading and what helps it: a reader in a child asks, its parent answers.

A child that reads a draft may start no other process. What it needs (another format,
the text of a picture) it asks of its parent and ends; the parent has the work done
in children of their own, and lets the draft be read anew with the answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, TypeAlias

from review import digests
from review.errors import (
    BombError,
    CorruptError,
    EncryptedError,
    OutOfTimeError,
    TooLargeError,
    UnreadableError,
    UnsupportedError,
)
from review.extract.interface import Block, Convertible, Document, Gap, Line
from review.spans import Location

Wish: TypeAlias = Literal["docx", "xlsx", "pptx", "lines"]

_ERRORS: Final[Mapping[str, type[UnreadableError]]] = {
    one.code: one
    for one in (
        BombError,
        CorruptError,
        EncryptedError,
        OutOfTimeError,
        TooLargeError,
        UnsupportedError,
    )
}


@dataclass(frozen=True, slots=True)
class Ask:
    """What is wanted of some bytes: another format, or the lines of a picture."""

    wish: Wish
    data: bytes

    @property
    def name(self) -> str:
        """Return what the same wish always has as its name."""
        return f"{self.wish}:{digests.of_bytes(self.data)}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a wish: exactly one of the three is set."""

    data: bytes | None = None
    lines: tuple[Line, ...] | None = None
    error: UnreadableError | None = None


@dataclass(slots=True)
class Recorded:
    """Aids that know the replies so far and note down what else is asked.

    While anything is asked, what was read is not the whole; it is thrown away.
    """

    replies: Mapping[str, Reply]
    asked: dict[str, Ask] = field(default_factory=dict)

    def converted(self, data: bytes, to: Convertible) -> bytes:
        """Return the file in another format, if that was answered."""
        made = self._reply(Ask(to, data)).data
        if made is None:
            raise CorruptError("")
        return made

    def recognized(self, picture: bytes) -> tuple[Line, ...]:
        """Return the lines of a picture, if that was answered."""
        return self._reply(Ask("lines", picture)).lines or ()

    def _reply(self, ask: Ask) -> Reply:
        reply = self.replies.get(ask.name)
        if reply is None:
            self.asked.setdefault(ask.name, ask)
            return Reply(lines=()) if ask.wish == "lines" else Reply()
        if reply.error is not None:
            raise reply.error
        return reply


def packed_replies(replies: Mapping[str, Reply]) -> tuple[list[Any], bytes]:
    """Return replies as JSON carries them, and the bytes that go with them."""
    heads: list[Any] = []
    bodies: list[bytes] = []
    for name, one in replies.items():
        head: dict[str, Any] = {"name": name}
        if one.error is not None:
            head["error"] = {"code": one.error.code, "message": one.error.message}
        elif one.lines is not None:
            head["lines"] = [[line.text, line.score] for line in one.lines]
        else:
            bodies.append(one.data or b"")
            head["length"] = len(bodies[-1])
        heads.append(head)
    return heads, b"".join(bodies)


def unpacked_replies(heads: Sequence[Any], data: bytes) -> dict[str, Reply]:
    """Undo `packed_replies`."""
    at = 0
    found: dict[str, Reply] = {}
    for head in heads:
        if "error" in head:
            found[head["name"]] = Reply(error=error_of(head["error"]))
        elif "lines" in head:
            found[head["name"]] = Reply(lines=lines_of(head["lines"]))
        else:
            end = at + head["length"]
            found[head["name"]] = Reply(data=data[at:end])
            at = end
    return found


def error_of(said: Mapping[str, Any]) -> UnreadableError:
    """Return the error that a code and a message tell of."""
    return _ERRORS.get(str(said["code"]), CorruptError)(str(said["message"]))


def lines_of(said: Sequence[Any]) -> tuple[Line, ...]:
    """Return recognized lines from pairs of text and score.

    Raises:
        TypeError: They are no such pairs.
        ValueError: The same.
    """
    return tuple(Line(str(text), float(score)) for text, score in said)


def document_to_json(document: Document) -> dict[str, Any]:
    """Return a document as JSON carries it."""
    return {
        "name": document.name,
        "format": document.format,
        "sha256": document.sha256,
        "size": document.size,
        "blocks": [
            [
                one.text,
                _place_to_json(one.where),
                one.hidden,
                one.role,
                one.cells,
                one.detail,
            ]
            for one in document.blocks
        ],
        "gaps": [
            [_place_to_json(one.where), one.code, one.message] for one in document.gaps
        ],
    }


def document_from_json(said: Mapping[str, Any]) -> Document:
    """Undo `document_to_json`.

    Raises:
        TypeError: It is no document.
        KeyError: The same.
        ValueError: The same.
    """
    return Document(
        name=str(said["name"]),
        format=str(said["format"]),
        sha256=str(said["sha256"]),
        size=int(said["size"]),
        blocks=tuple(
            Block(text, Location(**where), hidden, role, tuple(cells), detail)
            for text, where, hidden, role, cells, detail in said["blocks"]
        ),
        gaps=tuple(
            Gap(Location(**where), code, message)
            for where, code, message in said["gaps"]
        ),
    )


def _place_to_json(where: Location) -> dict[str, Any]:
    return {name: value for name, value in asdict(where).items() if value is not None}

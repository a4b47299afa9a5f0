"""The value that stands for what a reader can see, and how it is kept as JSON.

Two contents with the same digest show a reader the same characters, links,
pictures and table cells; how they are wrapped in markup does not matter.
"""

import json
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from review import digests
from review.errors import CorruptError

VERSION: Final = "xianshen-contents/1"
_DAMAGED: Final = "保存的稿件内容摘要已损坏，无法比对，请重新提交稿件。"

Kind: TypeAlias = Literal[
    "text",  # canonical characters
    "image",  # "sha256:…" of its bytes, or the address as given
    "media",  # sound or film: likewise
    "object",  # an embedded file or chart: "sha256:…"
    "alt",  # what stands for a picture
    "link",  # a link with nothing to see in it, or where a form sends
    "math",  # a formula, by its structure
    "form",  # a state that is seen: checked, selected
    "style",  # style sheets that can write or draw
    "active",  # what runs or loads something else
    "table",  # a table begins
    "row",  # a row begins
    "cell",  # a cell begins; "2x1" where it spans columns x rows
    "end",  # the table ends
    "bytes",  # "sha256:…" of the whole file: a part of it could not be read
]
Mark: TypeAlias = Literal["rt", "rtl", "strike", "sub", "sup"]

_KINDS: Final[dict[str, Kind]] = {kind: kind for kind in get_args(Kind)}
_MARKS: Final[dict[str, Mark]] = {mark: mark for mark in get_args(Mark)}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the body, in reading order.

    `link` is the target that a click on it leads to; `marks` (sorted) are
    those that change what characters mean: 10² is not 102.
    """

    kind: Kind
    value: str = ""
    link: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the body; `digest` is the SHA-256 of its bytes."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that one version of an item would publish.

    `hidden` holds the sorted digests of texts that no reader sees on the page
    (comments, deletions, metadata, `display: none`); they are no part of the
    digest, so that a page may lose them, and are kept so that it gains none.
    """

    body: tuple[Piece, ...]
    hidden: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def digest(self) -> str:
        """Return the SHA-256 over the body and the attachments' bytes."""
        attached = sorted(one.digest for one in self.attachments)
        body = [_as_list(piece) for piece in self.body]
        return digests.of_json(
            {"version": VERSION, "body": body, "attachments": attached}
        )


def to_json(contents: Contents) -> str:
    """Return canonical JSON; it holds the text, so store it encrypted."""
    value = {
        "version": VERSION,
        "body": [_as_list(piece) for piece in contents.body],
        "hidden": list(contents.hidden),
        "attachments": [[one.name, one.digest] for one in contents.attachments],
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Contents:
    """Read what `to_json` wrote.

    Raises:
        CorruptError: The text is no JSON of this version and shape.
    """
    try:
        value = json.loads(text)
        if value["version"] != VERSION:
            raise CorruptError(_DAMAGED)
        return Contents(
            body=tuple(_piece(*entry) for entry in value["body"]),
            hidden=tuple(_text(entry) for entry in value["hidden"]),
            attachments=tuple(
                Attachment(_text(name), _text(digest))
                for name, digest in value["attachments"]
            ),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise CorruptError(_DAMAGED) from fault


def _as_list(piece: Piece) -> list[object]:
    return [piece.kind, piece.value, piece.link, list(piece.marks)]


def _piece(kind: object, value: object, link: object, marks: object) -> Piece:
    if not isinstance(marks, list):
        raise TypeError("marks are a list")
    return Piece(
        _KINDS[_text(kind)],
        _text(value),
        _text(link),
        tuple(_MARKS[_text(mark)] for mark in marks),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is needed")
    return value

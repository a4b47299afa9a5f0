"""Texts that no reader sees, kept as digests so that a page gains none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import regex

from review import digests
from review.contents import fold
from review.contents.interface import Piece

# What clipboards and editors write by themselves.
_BOILERPLATE: Final = regex.compile(
    r"\s*(?:(?:Start|End)Fragment|\[if [!a-zA-Z0-9 ]{1,30}\]>?<?!?|<?!?\[endif\]"
    r"|more|nextpage|/?wp:[a-z/-]{1,40}|\?xml[:\w]*(?:\s[\w:]+\s?=\s?\"[\w:./#-]*\")*\s*/?\??)\s*"
)


@dataclass(slots=True)
class Hidden:
    """The digests of hidden texts, as they gather."""

    _digests: set[str] = field(default_factory=set)

    def text(self, raw: str) -> None:
        """Keep one text; what says nothing at all is not kept."""
        if fold.says_something(raw):
            self._digests.add(digest_of(raw))

    def comment(self, raw: str) -> None:
        """Keep a comment, unless an editor or the clipboard wrote it by itself."""
        if not _BOILERPLATE.fullmatch(raw):
            self.text(raw)

    def pieces(self, pieces: Iterable[Piece]) -> None:
        """Keep what a hidden part of a page holds: its text, and each object."""
        texts: list[str] = []
        for piece in pieces:
            if piece.link:
                self.text(f"link:{piece.link}")
            if piece.kind in {"text", "alt"}:
                texts.append(piece.value)
            elif piece.value:
                self.text(f"{piece.kind}:{piece.value}")
        self.text(" ".join(texts))

    def all(self) -> tuple[str, ...]:
        """Return the digests in order."""
        return tuple(sorted(self._digests))


def digest_of(raw: str) -> str:
    """Return what one text is known by among those that are hidden."""
    return digests.of_bytes(fold.plain(raw).encode("utf-8", "surrogatepass"))

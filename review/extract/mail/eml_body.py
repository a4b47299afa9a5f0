"""The body of a mail, written once or as several versions of the same text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from review.extract.interface import Block, Extraction, Gap
from review.extract.limits import Limits
from review.extract.plain.csv import Csv
from review.extract.plain.text import Text
from review.extract.web.html import Html

_BOM: Final = b"\xef\xbb\xbf"
_MOST_SEARCHING: Final = 500_000_000
_FOREIGN_IMAGE: Final = r"<img\b(?![^<>]*\bsrc\s*=\s*[\"']?\s*cid:)"
_OTHER: Final = "与所见正文不同的另一版本"


@dataclass(slots=True)
class Told:
    """What was read already, letters only, to tell repetition from news."""

    letters: str
    _at: int = 0
    _searched: int = 0

    def holds(self, text: str) -> bool:
        """Tell whether a text was read already; it mostly follows the last one."""
        wanted = letters_of(text)
        found = self.letters.find(wanted, self._at)
        if found < 0 and self._searched < _MOST_SEARCHING:
            self._searched += len(self.letters)
            found = self.letters.find(wanted)
        if found < 0:
            return False
        self._at = found + len(wanted)
        return True


def letters_of(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(c for c in text if c.isalnum())


def body_of(
    versions: Sequence[tuple[str, str]], limits: Limits, *, held: bool = False
) -> Extraction:
    """Read the versions of one body: the page first, of the others what it lacks.

    A version is its type (`text/html` or another) and its text. A reader sees the
    page, or the plain text if there is none. `held` says that the pictures which the
    page shows from inside the mail are looked at elsewhere.

    Raises:
        TooLargeError: There are more characters than allowed.
    """
    ordered = sorted(versions, key=lambda one: one[0] != "text/html")
    whole = Extraction(())
    for number, (kind, text) in enumerate(ordered):
        read = _read(kind, text, limits, held=held)
        blocks = read.blocks
        if number:
            blocks = _news(whole.blocks, blocks)
        whole = Extraction(
            (*whole.blocks, *blocks),
            tuple(dict.fromkeys((*whole.gaps, *read.gaps))),
            (*whole.embedded, *read.embedded),
            (*whole.pictures, *read.pictures),
        )
    return whole


def _read(kind: str, text: str, limits: Limits, *, held: bool) -> Extraction:
    data = _BOM + text.encode("utf-8", "replace")
    if kind != "text/html":
        if not text.strip():
            return Extraction(())
        table = Csv()
        return (table if table.recognizes(data) else Text()).extract(data, limits)
    read = Html().extract(data, limits)
    if held and not re.search(_FOREIGN_IMAGE, text, re.IGNORECASE):
        return replace(read, gaps=tuple(g for g in read.gaps if not _is_of_images(g)))
    return read


def _is_of_images(gap: Gap) -> bool:
    return gap.code == "image_without_text" and gap.where.part == "image"


def _news(told: Sequence[Block], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks that say something else; whoever opens the mail misses them."""
    before = Told(letters_of("".join(block.text for block in told)))
    return tuple(
        replace(block, hidden=True, detail=block.detail or _OTHER)
        for block in blocks
        if not before.holds(block.text)
    )

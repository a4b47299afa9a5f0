"""How much of a file is read at most: frozen bounds against hostile files."""

from dataclasses import dataclass
from typing import Final

# A row of a table takes as much memory as so many cells, besides its own.
A_ROW: Final = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one extraction; sizes in bytes, depth in levels.

    `frames` are those of a moving picture, `blocks` paragraphs and rows, `drawn` is what
    units that are used again and again may draw on the pages of an OFD file.
    """

    file_bytes: int = 200 * 1024 * 1024
    unpacked_bytes: int = 512 * 1024 * 1024
    unpacked_ratio: int = 200
    members: int = 10_000
    pages: int = 3_000
    cells: int = 2_000_000
    characters: int = 20_000_000
    depth: int = 3
    pictures: int = 300
    frames: int = 30
    blocks: int = 500_000
    drawn: int = 100_000

"""How much of a file is read at most: frozen bounds against hostile files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one extraction; sizes in bytes, depth in levels."""

    file_bytes: int = 200 * 1024 * 1024
    unpacked_bytes: int = 512 * 1024 * 1024
    unpacked_ratio: int = 200
    members: int = 10_000
    pages: int = 3_000
    cells: int = 2_000_000
    characters: int = 20_000_000
    depth: int = 3
    pictures: int = 300

"""The office's own lexicons: their rule files, and what a preview of each showed.

Who proposed what, and which version is in force, the ledger alone says.
"""

from typing import Protocol


class LexiconsReading(Protocol):
    """A look at what is kept, sealed: terms may themselves be sensitive."""

    def files(self, change: str) -> bytes | None:
        """Return the sealed rule files of a version, None if there is no such one."""
        ...

    def preview(self, change: str) -> bytes | None:
        """Return the sealed last preview of a version, None if there is none."""
        ...


class Lexicons(LexiconsReading, Protocol):
    """The same within a transaction."""

    def put_files(self, change: str, sealed: bytes) -> None:
        """Keep a version's sealed rule files, in place of the same under an older key."""
        ...

    def put_preview(self, change: str, sealed: bytes) -> None:
        """Keep a sealed preview in place of the version's last one."""
        ...

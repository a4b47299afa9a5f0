"""What the vault stands on: envelopes kept by address, wherever they lie.

An address is the SHA-256 of the plaintext, 64 lower-case hexadecimal digits;
an envelope is opaque here and useless without the keys.
"""

from collections.abc import Iterator
from typing import Protocol


class Blobs(Protocol):
    """A durable place for envelopes.

    What a call changed has reached the disk when it returns, and no crash
    leaves half an envelope: the old one stands, or the new one, or none.
    Every call raises `UsageError` for an address that is not one.
    """

    def put(self, address: str, envelope: bytes) -> None:
        """Keep `envelope` at `address`, in place of one that lies there."""
        ...

    def replace(self, address: str, envelope: bytes) -> bool:
        """Put `envelope` only where one lies already; tell whether one did.

        Never brings back what a concurrent `delete` took away: a rotation of
        keys must not undo a purge.
        """
        ...

    def get(self, address: str) -> bytes:
        """Return the envelope at `address`.

        Raises:
            MissingContentsError: Nothing lies there.
        """
        ...

    def exists(self, address: str) -> bool:
        """Tell whether an envelope lies at `address`."""
        ...

    def delete(self, address: str) -> bool:
        """Take the envelope away for good; tell whether there was one."""
        ...

    def addresses(self) -> Iterator[str]:
        """Yield the address of every envelope, in any order."""
        ...

"""Small secrets at rest: a second factor's seed, a webhook's key."""

from typing import Protocol


class Secrets(Protocol):
    """Seals small secrets, so that a copy of the database shows none."""

    def seal(self, secret: bytes, *, purpose: str) -> bytes:
        """Return the secret sealed for this purpose only, as `account:zhang:totp`."""
        ...

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Return what was sealed for this purpose.

        Raises:
            XianshenError: It was changed, sealed for another purpose, or the key is gone.
        """
        ...

    def rewrap(self, sealed: bytes, *, purpose: str) -> bytes | None:
        """Return it under the present key, or None if it is already.

        Raises:
            XianshenError: It was changed, or its key is gone.
        """
        ...

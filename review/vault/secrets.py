"""Small secrets sealed with the vault's keys, for rows of the database."""

from review import digests
from review.vault import envelope
from review.vault.envelope import Algorithm
from review.vault.keys import KeyRing


class SealedSecrets:
    """What `review.ports.secrets.Secrets` promises, with the keys of the vault."""

    def __init__(self, keys: KeyRing, algorithm: Algorithm = "AES-256-GCM") -> None:
        """Take the ring; its current key seals."""
        self._keys = keys
        self._algorithm: Algorithm = algorithm

    def seal(self, secret: bytes, *, purpose: str) -> bytes:
        """Return the secret sealed for this purpose only."""
        return envelope.seal(
            secret,
            address=_address(purpose),
            key=self._keys.current,
            algorithm=self._algorithm,
        )

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Return what was sealed for this purpose.

        Raises:
            VaultKeyError: The ring lacks its key.
            VaultDamagedError: It was changed, or sealed for another purpose.
        """
        return envelope.unseal(sealed, address=_address(purpose), ring=self._keys)

    def rewrap(self, sealed: bytes, *, purpose: str) -> bytes | None:
        """Return it under the ring's current key, or None if it is already."""
        return envelope.rewrap(sealed, address=_address(purpose), ring=self._keys)


def _address(purpose: str) -> str:
    # An envelope is bound to an address; a draft's is its own digest, never this one.
    return digests.of_bytes(f"secret:{purpose}".encode())

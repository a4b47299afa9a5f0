"""The vault: the contents of drafts, sealed, found again by their digest.

What lies in it can be had only with a key of the ring, and only as it was
put. A purge takes the envelope away; what a disk or a backup still remembers
of it is sealed, and ends for good when its master key is rotated and destroyed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from review import digests
from review.errors import MissingContentsError, VaultDamagedError, VaultError
from review.vault.envelope import Algorithm, require_key, rewrap, seal, unseal
from review.vault.interface import Blobs
from review.vault.keys import KeyRing

# Never a draft: what a start-up opens to know that the keys fit.
_SENTINEL: Final = b"xianshen vault sentinel\n"
SENTINEL: Final = digests.of_bytes(_SENTINEL)


@dataclass(frozen=True, slots=True)
class Unopened:
    """An address whose envelope does not open, and why (code and message)."""

    address: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did: how many there are, how many it wrapped anew.

    The old key may go only when `unopened` is empty.
    """

    total: int
    rewrapped: int
    unopened: tuple[Unopened, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: how many there are, which of them do not open."""

    total: int
    unopened: tuple[Unopened, ...] = ()


class Vault:
    """Sealed contents by their SHA-256; the keys stay inside."""

    def __init__(
        self, blobs: Blobs, keys: KeyRing, algorithm: Algorithm = "AES-256-GCM"
    ) -> None:
        """Join a place and the keys; `algorithm` is for what is put from now on."""
        self._blobs = blobs
        self._keys = keys
        self._algorithm: Algorithm = algorithm
        self._probed = False

    def probe(self) -> "Vault":
        """Check at start-up that the keys open this vault; mark a new one as theirs.

        Raises:
            VaultKeyError: The vault was filled with other keys.
            VaultDamagedError: The mark itself was changed.
        """
        if not self._blobs.exists(SENTINEL):
            self._require_own()
            self._put(SENTINEL, _SENTINEL)
        # Read back even when just written: another process may have been first.
        self.get(SENTINEL)
        self._probed = True
        return self

    def put(self, data: bytes) -> str:
        """Keep `data` and return its digest; it is durable then.

        The same contents twice are one blob; a damaged one is made whole.

        Raises:
            VaultKeyError: The vault was filled with other keys.
            VaultError: It could not be written.
        """
        if not self._probed:
            self.probe()
        address = digests.of_bytes(data)
        if not self._holds(address):
            self._put(address, data)
        return address

    def get(self, digest: str) -> bytes:
        """Return the contents with this digest, exactly as they were put.

        Raises:
            UsageError: `digest` is not one.
            MissingContentsError: They are not here (any more).
            VaultKeyError: Their key is not on the ring.
            VaultDamagedError: They were changed.
        """
        envelope = self._blobs.get(digest)
        data = unseal(envelope, address=digest, ring=self._keys)
        if digests.of_bytes(data) != digest:
            # Only a holder of the key could have sealed them there.
            raise VaultDamagedError(
                f"加密存储里摘要为 {digest[:12]}… 的内容与摘要不符，已拒绝使用。"
                "请从备份恢复，并报告保密办查明原因。"
            )
        return data

    def exists(self, digest: str) -> bool:
        """Tell whether contents with this digest lie here, opened or not.

        Raises:
            UsageError: `digest` is not one.
        """
        return self._blobs.exists(digest)

    def purge(self, digest: str) -> bool:
        """Destroy the contents with this digest; tell whether there were any.

        Raises:
            UsageError: `digest` is not one.
        """
        return self._blobs.delete(digest)

    def digests(self) -> Iterator[str]:
        """Return the digests of all contents that lie here, opened or not."""
        return (one for one in self._blobs.addresses() if one != SENTINEL)

    def rotate(self, progress: Callable[[int, int], None] | None = None) -> Rotation:
        """Put every envelope under the current key; the contents stay sealed.

        Interrupted, it can be run again: what is done is passed over. What
        does not open is left as it is and told. `progress` is called with how
        many are done, of how many.
        """
        addresses = tuple(self._blobs.addresses())
        rewrapped = 0
        unopened: list[Unopened] = []
        for done, address in enumerate(addresses, start=1):
            try:
                rewrapped += self._rewrap(address)
            except VaultError as error:
                unopened.append(Unopened(address, error.code, error.message))
            if progress is not None:
                progress(done, len(addresses))
        return Rotation(len(addresses), rewrapped, tuple(unopened))

    def check(self) -> Checked:
        """Open everything once and tell what does not open, or is not itself."""
        total = 0
        unopened: list[Unopened] = []
        for total, address in enumerate(self._blobs.addresses(), start=1):  # noqa: B007 - the count
            try:
                self.get(address)
            except VaultError as error:
                unopened.append(Unopened(address, error.code, error.message))
        return Checked(total, tuple(unopened))

    def _put(self, address: str, data: bytes) -> None:
        key, algorithm = self._keys.current, self._algorithm
        envelope = seal(data, address=address, key=key, algorithm=algorithm)
        self._blobs.put(address, envelope)

    def _holds(self, address: str) -> bool:
        """Tell whether the contents lie here whole; a damaged blob does not count."""
        if not self._blobs.exists(address):
            return False
        try:
            self.get(address)
        except VaultDamagedError:
            return False
        return True

    def _require_own(self) -> None:
        """Refuse a vault without a mark whose contents other keys sealed."""
        for address in self._blobs.addresses():
            try:
                envelope = self._blobs.get(address)
                require_key(envelope, address=address, ring=self._keys)
            except (VaultDamagedError, MissingContentsError):
                continue
            return

    def _rewrap(self, address: str) -> bool:
        envelope = self._blobs.get(address)
        anew = rewrap(envelope, address=address, ring=self._keys)
        return anew is not None and self._blobs.replace(address, anew)

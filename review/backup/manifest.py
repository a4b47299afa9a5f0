"""What a backup says of itself, signed by the ledger's key.

The manifest is the archive's last member. It counts and digests every member
before it, so that none can be changed, added, dropped or moved; whose signature
it is, is compared with the key at hand or with the one that every form bears.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Self, cast

from review.errors import BackupError, LedgerError
from review.ledger.entry import canonical, decode
from review.ledger.keys import PublicKey, SigningKey

FORMAT: Final = "xianshen-backup/1"
NAME: Final = "manifest.json"
LONGEST: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is inside, as of which moment.

    `revision` is the database's version; `entries` and `head` are the ledger's end
    in the snapshot; `key` the public key whose turn it is, which signs this;
    `rows` counts each table's rows, `envelopes` the vault's; `members` and
    `digest` are over the list of all members before; `has_keys` tells whether the
    secret keys are inside.
    """

    at: str
    program: str
    office: str
    revision: str
    entries: int
    head: str
    key: str
    rows: Mapping[str, int]
    envelopes: int = 0
    has_keys: bool = False
    members: int = 0
    digest: str = ""
    signature: str = ""

    @property
    def public_key(self) -> PublicKey:
        """Return the key that signed it; its fingerprint stands on every form."""
        return PublicKey(self.key)

    def signed(self, key: SigningKey) -> Self:
        """Return the manifest with that key's signature."""
        return replace(self, signature=key.sign(self._message()))

    def to_bytes(self) -> bytes:
        """Return the member's contents."""
        return (canonical({"format": FORMAT, **asdict(self)}) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read it back and check that its own key signed it.

        Raises:
            BackupError: It is none, or the signature is not its key's.
        """
        try:
            manifest = cls(**_fields(decode(data.decode())))
            genuine = manifest.to_bytes() == data and PublicKey(manifest.key).signed(
                manifest._message(),
                manifest.signature,
            )
        except (ValueError, TypeError, LedgerError):
            genuine, manifest = False, None
        if manifest is None or not genuine:
            raise BackupError(
                "备份的清单被改动或已损坏，签名不符，不能采用；请改用另一份备份。"
            )
        return manifest

    def _message(self) -> bytes:
        said = {"format": FORMAT, **asdict(replace(self, signature=""))}
        return f"{FORMAT} manifest {canonical(said)}".encode()


class Tally:
    """Counts and digests the members of an archive, in their order."""

    def __init__(self) -> None:
        """Begin before the first."""
        self._digest = hashlib.sha256()
        self.members = 0

    def add(self, name: str, data: bytes) -> None:
        """Take the next member."""
        line = canonical([name, len(data), hashlib.sha256(data).hexdigest()])
        self._digest.update(line.encode() + b"\n")
        self.members += 1

    @property
    def digest(self) -> str:
        """Return the digest of the list so far."""
        return self._digest.hexdigest()


def _fields(said: object) -> dict[str, Any]:
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ValueError("no manifest")
    names = {one.name for one in fields(Manifest)}
    if set(said) != {*names, "format"}:
        raise ValueError("other fields")
    return {name: cast("Any", said[name]) for name in names}

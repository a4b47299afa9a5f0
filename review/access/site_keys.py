"""Keys that sites come with: `xs_<id>_<random>`, of which only a digest is kept."""

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

import regex

from review import digests
from review.access.sites import SiteKey

_ID_BYTES: Final = 6
_RANDOM_BYTES: Final = 32  # too many to guess, so that a plain digest is enough
_KEY: Final = r"xs_([0-9a-f]{12})_[0-9a-f]{64}"
_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """A key as somebody presented it; it never appears in a log."""

    id: str
    text: str = field(repr=False)

    @property
    def digest(self) -> str:
        """Return what is kept of the key."""
        return digests.of_bytes(self.text.encode())

    def opens(self, known: SiteKey) -> bool:
        """Tell whether it is the key that this digest was made of."""
        return hmac.compare_digest(self.digest, known.digest)


def new_key() -> PresentedKey:
    """Make a key; it is shown once."""
    name = secrets.token_hex(_ID_BYTES)
    return PresentedKey(name, f"xs_{name}_{secrets.token_hex(_RANDOM_BYTES)}")


def presented(text: str) -> PresentedKey | None:
    """Return the key that somebody presents, or None where it is none of ours."""
    match = regex.fullmatch(_KEY, text)
    return None if match is None else PresentedKey(match[1], text)


def new_webhook_secret() -> str:
    """Make a secret that webhooks to a site are signed with; it is shown once."""
    return f"xswh_{secrets.token_hex(_SECRET_BYTES)}"

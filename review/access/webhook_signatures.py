"""How a webhook is signed: HMAC-SHA256 over the moment and the body.

Whoever receives one checks it with the secret of his own site, and takes none
that is older than a few minutes or whose id he has seen.
"""

import hmac
from hashlib import sha256
from typing import Final

HEADER: Final = "X-Xianshen-Signature"


def signature(body: bytes, *, secret: bytes, timestamp: int) -> str:
    """Return the header's value: `t=<seconds since 1970>,v1=<hexadecimal>`."""
    message = f"{timestamp}.".encode() + body
    return f"t={timestamp},v1={hmac.new(secret, message, sha256).hexdigest()}"

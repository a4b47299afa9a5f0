"""The second factor: a code of six digits that changes every half minute (RFC 6238).

A code is good for its own step and one step before and after, since clocks
differ, and never twice. Ten recovery codes stand in for a lost device, each once.
"""

import base64
import hmac
import io
import secrets
import string
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pyotp
import segno

from review import digests

_SEED_BYTES: Final = 20
_STEP_SECONDS: Final = 30
_CODE_DIGITS: Final = 6
_RECOVERY_CODES: Final = 10
# 16 of 32 signs: 80 bits, beyond guessing even for who has the digests.
_RECOVERY_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_RECOVERY_LENGTH: Final = 16
_GROUP: Final = 4
_DOTS: Final = 4


def purpose(account: str) -> str:
    """Return what an account's seed is sealed for."""
    return f"account:{account}:totp"


def new_seed() -> bytes:
    """Return a random seed, to be sealed."""
    return secrets.token_bytes(_SEED_BYTES)


def written(seed: bytes) -> str:
    """Return the seed as a person types it into a device."""
    return base64.b32encode(seed).decode("ascii")


def step_of(at: datetime) -> int:
    """Return the number of the half minute."""
    return int(at.timestamp()) // _STEP_SECONDS


def code_at(seed: bytes, step: int) -> str:
    """Return the code of a step."""
    return pyotp.HOTP(written(seed), digits=_CODE_DIGITS).at(step)


def step_of_code(
    seed: bytes, code: str, *, at: datetime, after: int | None
) -> int | None:
    """Return the step that a code is of, if it is good now; only steps later than `after`."""
    typed = "".join(code.split())
    now = step_of(at)
    found = None
    for step in (now - 1, now, now + 1):
        # Each is compared, so that the time taken tells nothing.
        same = hmac.compare_digest(code_at(seed, step).encode(), typed.encode())
        if same and (after is None or step > after):
            found = step
    return found


def is_recovery_code(code: str) -> bool:
    """Tell whether something typed is meant as a recovery code."""
    return len(_plain(code)) == _RECOVERY_LENGTH


def provisioning_uri(seed: bytes, *, account: str, office: str) -> str:
    """Return the address that a device takes the seed from, shown as a QR code."""
    made = pyotp.TOTP(written(seed), digits=_CODE_DIGITS, interval=_STEP_SECONDS)
    return made.provisioning_uri(name=account, issuer_name=f"先审 {office}")


def qr_svg(uri: str) -> str:
    """Return the address as a QR code, as SVG that stands in a page."""
    out = io.BytesIO()
    code = segno.make_qr(uri, encoding="utf-8")
    code.save(out, kind="svg", scale=_DOTS, xmldecl=False, svgns=True)
    return out.getvalue().decode("utf-8")


def new_recovery_codes() -> tuple[str, ...]:
    """Return ten codes, to be shown once."""
    return tuple(_recovery_code() for _ in range(_RECOVERY_CODES))


def recovery_digest(account: str, code: str) -> str:
    """Return what is stored of a recovery code."""
    return digests.of_bytes(f"recovery:{account}:{_plain(code)}".encode())


def spent(account: str, code: str, *, unused: Sequence[str]) -> tuple[str, ...] | None:
    """Return the digests that are left after the code was used; None if it is none of them."""
    given = recovery_digest(account, code)
    left = tuple(one for one in unused if not hmac.compare_digest(one, given))
    return left if len(left) < len(unused) else None


def _recovery_code() -> str:
    letters = [secrets.choice(_RECOVERY_LETTERS) for _ in range(_RECOVERY_LENGTH)]
    groups = range(0, _RECOVERY_LENGTH, _GROUP)
    return "-".join("".join(letters[at : at + _GROUP]) for at in groups)


def _plain(code: str) -> str:
    kept = frozenset(string.ascii_lowercase + string.digits)
    return "".join(one for one in code.lower() if one in kept)

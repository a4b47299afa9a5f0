"""What the parts of the proxy hand on to one another, and what stops an answer."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Code: TypeAlias = Literal[
    "path",  # an address that is written in no plain way
    "method",  # anything but GET and HEAD
    "missing",  # the site behind has no such page
    "upstream",  # the site behind does not answer, or nothing that can be passed on
    "too_large",  # more than can be checked
    "template",  # no page of the template that was agreed on
    "unlisted",  # on the list of what needs no review, and not as listed
    "refused",  # the gate said no
    "gate",  # the gate did not answer, or in a way that nobody understands
]
STATUSES: dict[Code, int] = {
    "path": 400,
    "method": 405,
    "missing": 404,
    "upstream": 502,
    "too_large": 403,
    "template": 403,
    "unlisted": 403,
    "refused": 403,
    "gate": 503,
}


class StopError(Exception):
    """Nothing of the page is sent; `why` is for the log, never for the reader."""

    def __init__(self, code: Code, why: str = "") -> None:
        """Keep the code, and what a log may say."""
        super().__init__(code)
        self.code = code
        self.why = why


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the site behind answered; `data` is unpacked and whole."""

    status: int
    kind: str  # the media type alone, in lower case
    charset: str | None
    location: str | None
    modified: str | None
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer: `code` says why not, and is None exactly if `allowed`."""

    allowed: bool
    code: str | None = None

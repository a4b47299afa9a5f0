"""What happened to the office's own lexicons and model, and which copies were made.

The same values are what the ledger seals, so a field may be added with a
default, and none may ever be renamed. Terms are not in one: an office's own
lexicon may itself be sensitive, so digests stand for it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from review.case.people import By


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconProposed:
    """Somebody proposed a new version of the office's own lexicon.

    `base` is the version that was in force then, None where none was.
    """

    at: datetime
    by: By
    change: str
    digest: str
    reason: str
    base: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconActivated:
    """Another person put the proposed version into force, having seen the preview.

    `lexicons` is the digest of all lexicons together, as reports cite it.
    """

    at: datetime
    by: By
    change: str
    digest: str
    preview: str
    lexicons: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconRejected:
    """A proposed version was turned down."""

    at: datetime
    by: By
    change: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A copy of the whole installation was made; `digest` is that of its manifest."""

    at: datetime
    by: By
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExported:
    """Somebody took the whole record out; `digest` is the SHA-256 of that export."""

    at: datetime
    by: By
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagesExported:
    """Somebody took labelled passages of drafts out, to train a model on.

    `digest` is the SHA-256 of the file, `passages` how many are in it, from how
    many `cases`.
    """

    at: datetime
    by: By
    digest: str
    passages: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelActivated:
    """Somebody put another classifier into force, having seen it compared.

    `model` is its digest and `before` that of the one before, as reports cite them.
    `shipped`: it is the one that came with the program, whatever its digest becomes
    when the program is upgraded.
    """

    at: datetime
    by: By
    model: str
    before: str
    shipped: bool = False


UpkeepEvent: TypeAlias = (
    LexiconProposed
    | LexiconActivated
    | LexiconRejected
    | BackedUp
    | LedgerExported
    | PassagesExported
    | ModelActivated
)

"""What an audit of a site takes and gives: cleared items, what was seen, findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias

from review.contents.interface import Contents
from review.contents.survey import Survey

# As the gate answers, and one more: cleared, and today's lexicons or model object.
AuditKind: TypeAlias = Literal[
    "not_reviewed",
    "changed",
    "attachment",
    "revoked",
    "expired",
    "refused",
    "pending",
    "channel",
    "flagged",
]
Standing: TypeAlias = Literal[
    "live", "revoked", "expired", "refused", "pending", "channel", "not_reviewed"
]
AuditMode: TypeAlias = Literal["site", "folder", "published"]

KIND_WORDS: Final[Mapping[AuditKind, str]] = {
    "not_reviewed": "没有审查过",
    "changed": "与审查通过的不一致",
    "attachment": "附件或图片与审查通过的不一致",
    "revoked": "许可已撤销，仍在公开",
    "expired": "许可已到期，仍在公开",
    "refused": "结论是不予公开，仍在公开",
    "pending": "审查没有办完就公开了",
    "channel": "没有得到在网站公开的许可",
    "flagged": "现行词库或模型发现新的疑点",
}

MODE_WORDS: Final[Mapping[AuditMode, str]] = {
    "site": "网站",
    "folder": "网站文件夹",
    "published": "已公开的审查件（现行词库和模型复查）",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """One place that today's machine marks, in words: severity, tier and clauses too."""

    rule: str
    severity: str
    tier: str
    place: str
    reason: str
    excerpt: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What the record knows of a case, as far as what is published is held against it.

    `contents` is what a reader would see of it, None where it could not be had or was
    purged. `files` are the digests of its body, attachments and pictures, `hidden`
    those of its hidden texts. `words` are names that a page may tell of it besides:
    who drafted it, the department.
    """

    case: str
    title: str
    department: str
    standing: Standing
    contents: Contents | None = None
    files: frozenset[str] = frozenset()
    attachments: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    addresses: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """A page that was visited, with what it shows.

    `links` and `pictures` are spelled addresses of the same site. `address` is where
    it answered.
    """

    address: str
    digest: str
    survey: Survey
    links: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFile:
    """A file that was visited and is no page; `pages` are the addresses that name it."""

    address: str
    digest: str
    size: int
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One thing that should not be public as it is: one item of its own (一事一审).

    `reasons` say in Chinese what is wrong and where; `case` is what it belongs to,
    where that is known. `digest` is the SHA-256 of the bytes that were found. `opened` is
    the case of its own that it became at an earlier audit.
    """

    address: str
    kind: AuditKind
    title: str
    digest: str
    case: str | None = None
    department: str | None = None
    reasons: tuple[str, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    opened: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unexamined:
    """What was not examined, and why: never to be read as fine."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What an audit found.

    `pages` and `files` count what was held against the record; `assets` what was left
    out since it only dresses pages. `notes` say what is no deviation and should be
    known all the same. `run` and `ends` are as the record has them, of a portion of a look.
    """

    audit: str
    mode: AuditMode
    place: str
    at: datetime
    ended_at: datetime
    office: str
    lexicons: str
    model: str
    xianshen: str
    run: str | None = None
    ends: bool = True
    pages: int = 0
    files: int = 0
    assets: int = 0
    cases: int = 0
    found: tuple[Deviation, ...] = ()
    unexamined: tuple[Unexamined, ...] = ()
    notes: tuple[str, ...] = field(default=())

"""What a page is given to draw a draft with: its text in order, cut at every finding.

Only values for templates; nothing here is HTML, and every text is the draft's own.
"""

from dataclasses import dataclass

from review.detect.interface import Level, Severity, Tier


@dataclass(frozen=True, slots=True)
class Run:
    """Text that the same findings cover, from its first to its last character.

    `findings` are ids in the report's order, `severity` the gravest of theirs;
    `begins` names those whose first characters these are, each once a file.
    It lies in one `passage` and begins at its character `start`; both are None for
    blanks between passages.
    """

    text: str
    findings: tuple[str, ...] = ()
    severity: Severity | None = None
    begins: tuple[str, ...] = ()
    passage: int | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; one that stands alone in its row may span several columns."""

    runs: tuple[Run, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `detail` says in Chinese what is special about it."""

    cells: tuple[Cell, ...]
    place: str = ""
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """A paragraph with its `runs`, or a whole table with its `rows`.

    `kind` is title, heading, paragraph, item, note, row (one without cells) or table.
    `place` says where it stands, as a reviewer would; of what is `in_body`, the
    running text and its tables, a page need not say it.
    """

    kind: str
    place: str = ""
    in_body: bool = True
    detail: str | None = None
    runs: tuple[Run, ...] = ()
    rows: tuple[Row, ...] = ()
    columns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFinding:
    """A finding as the machine explained it; `passage` is None for a whole file.

    One that a person added has the person's reason, and says by whom it was marked.
    """

    id: str
    severity: Severity
    tier: Tier
    level: Level | None
    category: str
    detector: str
    rule: str
    score: float
    text: str
    place: str
    page: int | None
    passage: int | None
    hidden: bool
    reason: str
    suggestion: str | None
    releasable_when: str | None
    clauses: tuple[str, ...]
    marked_by: str | None = None


@dataclass(frozen=True, slots=True)
class DraftGap:
    """A part that was not examined; the id is None where a whole file was not read."""

    id: str | None
    code: str
    message: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFile:
    """One file of a round: what a reader sees, and apart from it what he does not.

    `about_whole` names findings on the file as a whole; `error` says why nothing
    could be read. `laid_out` is false for reports that kept no layout: then every
    passage is a paragraph.
    """

    name: str
    role: str
    format: str | None
    verdict: str
    error: str | None
    passages: int
    findings: tuple[DraftFinding, ...]
    about_whole: tuple[DraftFinding, ...]
    gaps: tuple[DraftGap, ...]
    visible: tuple[DraftBlock, ...]
    hidden: tuple[DraftBlock, ...]
    laid_out: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A round's files: the title, the body, the attachments."""

    number: str
    round: int
    files: tuple[DraftFile, ...]

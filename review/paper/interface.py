"""What the forms are made from: plain frozen values, filled by the caller.

Every `str` is printed as it stands, so it holds the Chinese words that people
read (机密, 同意公开, 网站), not codes. An empty string or None means "not known
yet" and is printed as a blank to be filled in by hand. Times are aware; they
are printed in China's time. `printed_at` is the only time that a file carries.
Nothing here is the draft's own text, unless a caller gives an `excerpt`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

FIRST_PASS: Final = ("拟同意", "须修改", "存疑报保密办", "不予公开")
OUTCOMES: Final = (
    "同意公开",
    "修改后再审",
    "部分公开",
    "不予公开",
    "报请上级或保密行政管理部门确定",
    "征求来源单位意见",
)
GROUNDS: Final = ("国家秘密", "工作秘密", "商业秘密", "个人隐私", "其他")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file of the draft; `size` in bytes, `sha256` as 64 hex digits."""

    name: str
    size: int
    sha256: str
    role: str = "正文"


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """A part that the machine could not examine, and who looked at it instead."""

    place: str
    what: str
    acknowledged_by: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineScan:
    """The machine's pass: when, with what, and what came of it.

    `lexicons` and `model` are digests, shortened as the caller likes.
    """

    at: datetime
    verdict: str
    findings: int
    xianshen: str
    lexicons: str
    model: str
    gaps: tuple[GapLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding and what people made of it.

    `clauses` name the regulation too (院保密规定第十二条第十五项).
    """

    number: int
    place: str
    clauses: tuple[str, ...]
    tier: str
    severity: str
    reason: str
    level: str = ""
    disposition: str = ""
    disposer: str = ""
    because: str = ""
    evidence: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one post says; empty fields are left for the pen.

    The secrecy office is always asked for its `ground` (依据); others' is printed
    where there is one.
    """

    conclusion: str = ""
    opinion: str = ""
    name: str = ""
    day: date | None = None
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A question to a superior or to the source unit, and the answer.

    `number` is that of the letter sent, `answer_number` that of the reply.
    """

    addressee: str
    question: str
    number: str = ""
    sent: date | None = None
    answer: str = ""
    answer_number: str = ""
    answered_by: str = ""
    answered: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalResult:
    """How the review ended; a clearance is named only where there is one."""

    result: str
    clearance: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRound:
    """A round before this one, in a line."""

    number: int
    submitted: date
    result: str
    ended: date | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerProof:
    """Where the record ledger stood when the form was made.

    `digest` is the head's digest, `key` the signing key's fingerprint,
    `verification` the line that tells anyone how to check them.
    """

    index: int
    digest: str
    key: str
    verification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForm:
    """The form of one item and round (信息公开保密审查表)."""

    office: str
    number: str
    title: str
    department: str
    drafted_by: str
    submitted_by: str
    submitted_at: datetime
    source: str
    channels: tuple[str, ...]
    round: int
    files: tuple[FileLine, ...]
    printed_at: datetime
    source_number: str = ""
    planned: date | None = None
    scan: MachineScan | None = None
    findings: tuple[FindingLine, ...] = ()
    first_pass: Opinion = Opinion()
    head: Opinion | None = None
    secrecy_office: Opinion = Opinion()
    referral: Referral | None = None
    leader: Opinion | None = None
    result: FinalResult | None = None
    earlier: tuple[EarlierRound, ...] = ()
    proof: LedgerProof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One item in the register; `working_days` from submission to the end."""

    number: str
    title: str
    department: str
    submitted_by: str
    submitted: date
    source: str
    channels: tuple[str, ...]
    rounds: int
    findings: int
    state: str
    first_reviewer: str = ""
    first_conclusion: str = ""
    outcome: str = ""
    ground: str = ""
    signer: str = ""
    signed: date | None = None
    clearance: str = ""
    valid_until: date | None = None
    published: str = ""
    working_days: int | None = None
    overdue: bool = False
    ledger_index: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The register of a span of days, both included (审查台账)."""

    office: str
    since: date
    until: date
    rows: tuple[RegisterRow, ...]
    printed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentCounts:
    """What a department handed in and what became of it.

    `working_days` is the sum over the `concluded` items, so that a mean over
    several departments is the mean over items, not over departments.
    """

    department: str
    submitted: int = 0
    rounds: int = 0
    cleared: int = 0
    cleared_after_changes: int = 0
    partly: int = 0
    refused: int = 0
    withdrawn: int = 0
    referred: int = 0
    concluded: int = 0
    working_days: int = 0
    overdue: int = 0
    findings: int = 0
    incidents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlySummary:
    """The month, a row for each department (月度汇总表)."""

    office: str
    year: int
    month: int
    rows: tuple[DepartmentCounts, ...]
    printed_at: datetime
    prepared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyRow:
    """A department's year.

    `first_round` counts items concluded in round one, `overturned` those on
    which the secrecy office decided otherwise than the first pass, and
    `unreviewed` what was found published without a review (001:53). Of the findings
    of site audits `audit_found` became cases, of which `audit_settled` are decided.
    """

    counts: DepartmentCounts
    first_round: int = 0
    overturned: int = 0
    unreviewed: int = 0
    audit_found: int = 0
    audit_settled: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyFigures:
    """Figures for the departments' yearly assessment (001:54)."""

    office: str
    year: int
    rows: tuple[YearlyRow, ...]
    printed_at: datetime
    prepared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsible:
    """Who answers for an incident: 001:75(1) item 2."""

    name: str = ""
    post: str = ""
    political_status: str = ""
    department: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretMatter:
    """What leaked: 001:75(1) item 3; the kind of contents, never the text."""

    name: str = ""
    contents: str = ""
    level: str = ""
    quantity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterReport:
    """What is reported after the handling: 001:75(2)."""

    causes: str = ""
    handling: str = ""
    remedies: str = ""
    reported: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReport:
    """The report of an incident (泄密事件/隐患报告表; 001:73-75).

    `kind` is 泄密事件 or 泄密隐患; `grade` 一般 or 重大. `facts` are what the
    system itself recorded (file digest, sealed or purged, when).
    """

    kind: str
    number: str
    office: str
    addressee: str
    discovered_at: datetime
    deadline: datetime
    printed_at: datetime
    grade: str = ""
    discovered_place: str = ""
    happened_at: datetime | None = None
    happened_place: str = ""
    course: str = ""
    responsible: tuple[Responsible, ...] = ()
    matters: tuple[SecretMatter, ...] = ()
    harm: str = ""
    remedies: str = ""
    plan: str = ""
    facts: tuple[str, ...] = ()
    prepared_by: str = ""
    reported_at: datetime | None = None
    later: LaterReport = LaterReport()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLetter:
    """A question sent out: 请示 to a superior, 征求意见函 to a source unit.

    `number` is the letter's own number, `case` the item's.
    """

    kind: str
    number: str
    office: str
    addressee: str
    case: str
    title: str
    question: str
    day: date
    printed_at: datetime
    background: str = ""
    answer_by: date | None = None
    attachments: tuple[str, ...] = ()
    contact: str = ""
    telephone: str = ""
    copy_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceLetter:
    """The letter that a cleared item goes to an editor with (公开许可书).

    `contents` is the digest of what a reader sees, `token` that of the signed
    clearance; `address` is where anybody can look the number up, empty where the
    office has no such page.
    """

    office: str
    number: str
    case: str
    title: str
    department: str
    drafted_by: str
    round: int
    channels: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime
    clearance: str
    contents: str
    token: str
    files: tuple[FileLine, ...]
    signed_by: str
    signed: date
    printed_at: datetime
    address: str = ""

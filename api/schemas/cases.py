"""Cases as they go out, and what people say of them as it comes in.

Going out, the values of the review itself are shown: their fields are sealed in
the ledger and never renamed, so the interface is as stable as the records. A
sealed draft's title and file names stay inside (rule 8).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from review.case.authority import Permission
from review.case.authority_table import Verb
from review.case.case import SEALED_TITLE, Case, Round, Stage
from review.case.people import By
from review.case.request import Addition, Decision, Judgment
from review.case.values import (
    Acknowledgment,
    AddedFinding,
    Channel,
    Conclusion,
    Disposition,
    Endorsement,
    Evidence,
    FirstPass,
    Grant,
    Ground,
    Incident,
    Item,
    LeaderDecision,
    Opinion,
    Publication,
    Published,
    Referral,
    RevocationCause,
    RoundReport,
    SignedOutcome,
    SignOff,
)
from review.case.words import STAGES
from review.detect.interface import Category, Tier
from review.ports.records import RegisterRow

_SEALED_FILE = "（已封存）"

Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Line = Annotated[str, Field(min_length=1, max_length=200)]


class In(BaseModel):
    """What comes in: unknown fields are refused, since a misspelt one is one not said."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PermissionOut(BaseModel):
    """Whether the asker may take a step now, and if not, why."""

    allowed: bool
    reason: str | None = None


class RoundOut(BaseModel):
    """One round: the item as handed in, the machine's report, and all that was said."""

    number: int
    item: Item
    contents: str = Field(description="稿件全部文件的摘要（SHA-256）")
    by: By
    at: datetime
    report: RoundReport | None
    scanned_at: datetime | None
    added: tuple[AddedFinding, ...] = Field(description="人工补充的疑点")
    acknowledgments: tuple[Acknowledgment, ...]
    dispositions: tuple[Disposition, ...]
    open_findings: tuple[str, ...] = Field(description="还没有处置的疑点")
    open_gaps: tuple[str, ...] = Field(description="还没有确认的未能检查项")
    first_pass: FirstPass | None
    endorsement: Endorsement | None
    sign_off: SignOff | None
    fast_lane: bool
    leader: LeaderDecision | None


class CaseOut(BaseModel):
    """One item under review, as far as the asker may see it."""

    number: str = Field(examples=["2026-000123"])
    title: str
    stage: Stage
    stage_word: str = Field(examples=["待初审"])
    version: int = Field(description="与 ETag 相同；办理时放进 If-Match")
    since: datetime
    submitted_at: datetime
    rounds: tuple[RoundOut, ...]
    referrals: tuple[Referral, ...]
    clearances: tuple[Grant, ...]
    publications: tuple[Publication, ...]
    incident: Incident | None
    withdrawn_because: str | None
    sealed: bool
    purged: bool
    closed_at: datetime | None
    may: dict[str, PermissionOut] = Field(
        description="您现在对这一件能办什么；不能办的说明原因"
    )


class CaseRow(BaseModel):
    """A case as the register shows it."""

    number: str
    title: str
    department: str
    channels: tuple[Channel, ...]
    stage: Stage
    stage_word: str
    version: int
    round: int
    drafted_by: str
    submitted_by: str
    submitted_at: datetime
    since: datetime
    planned_on: date | None
    due_on: date | None
    late_steps: int
    findings: int
    open_findings: int
    incidents: int
    outcome: str | None
    ground: str | None
    decided_at: datetime | None
    clearance: str | None
    valid_until: datetime | None
    published_at: datetime | None
    closed_at: datetime | None
    purged: bool
    external_id: str | None


class CasePage(BaseModel):
    """A page of the register, newest first; `next` leads to the following one."""

    items: tuple[CaseRow, ...]
    next: str | None = Field(description="下一页的地址；没有了则为 null")


class DispositionIn(In):
    """What becomes of one finding, and why."""

    opinion: Opinion = Field(
        description="not_sensitive 不涉密、must_change 须删改、uncertain 存疑"
    )
    reason: Text
    published_kind: Evidence | None = Field(
        None, description="已经公开的依据：document_number 文号，address 网址"
    )
    published_value: Line | None = None

    @model_validator(mode="after")
    def _has_whole_evidence(self) -> Self:
        # The kind alone is what a form's list says before anything is filled in.
        if self.published_value is not None and self.published_kind is None:
            raise ValueError("已经公开的依据，请用 published_kind 说明是文号还是网址")
        return self

    def judgment(self, finding: str) -> Judgment:
        """Return it as the review's own value."""
        published = None
        if self.published_kind is not None and self.published_value is not None:
            published = Published(kind=self.published_kind, value=self.published_value)
        return Judgment(
            finding=finding,
            opinion=self.opinion,
            reason=self.reason,
            published=published,
        )


class AdditionIn(In):
    """Words of the draft that are a finding, and that the machine missed."""

    file: int = Field(
        ge=0, le=9_999, description="第几个文件：0 标题，1 正文，2 起是附件；同疑点编号"
    )
    passage: int = Field(ge=0, le=10_000_000, description="机检报告里片段的编号")
    start: int = Field(ge=0, le=10_000_000, description="从片段的第几个字符起，从 0 数")
    end: int = Field(ge=1, le=10_000_000, description="到第几个字符之前")
    category: Category = Field(
        description="事项类别；密级标志（marking）不能补充，请直接报告保密办"
    )
    tier: Tier | None = Field(None, description="类别；不填的按事项类别通常的")
    clauses: tuple[Line, ...] = Field((), max_length=20, examples=[["001:12(15)"]])
    reason: Text = Field(description="为什么要标出；不要抄录稿件原文")

    def addition(self) -> Addition:
        """Return it as the review's own value."""
        return Addition(
            file=self.file,
            passage=self.passage,
            start=self.start,
            end=self.end,
            category=self.category,
            tier=self.tier,
            clauses=self.clauses,
            reason=self.reason,
        )


class AcknowledgmentIn(In):
    """That a person looked at what the machine could not examine, and how."""

    note: Text


class FirstPassIn(In):
    """The department's conclusion."""

    conclusion: Conclusion = Field(
        description="agree 拟同意、must_change 须修改、uncertain 存疑报保密办、refuse 不予公开"
    )
    opinion: Text
    ground: Ground | None = None


class AgreementIn(In):
    """The head's or the leader's word."""

    agreed: bool
    opinion: Text


class DepartmentDecisionIn(In):
    """The head finishes a general item, where the policy allows it."""

    opinion: Text
    channels: tuple[Channel, ...] = Field(min_length=1)


class SignOffIn(In):
    """The secrecy office's decision."""

    outcome: SignedOutcome = Field(
        description="clear 同意公开、return 修改后再审、partial 部分公开、refuse 不予公开"
    )
    opinion: Text
    ground: Ground | None = None
    clauses: tuple[Line, ...] = Field((), max_length=50)
    channels: tuple[Channel, ...] = ()

    def decision(self) -> Decision:
        """Return it as the review's own value."""
        return Decision(
            outcome=self.outcome,
            opinion=self.opinion,
            ground=self.ground,
            clauses=self.clauses,
            channels=self.channels,
        )


class ReferralIn(In):
    """A question to a superior, the secrecy administration or the source unit."""

    kind: Literal["refer_upward", "ask_source"]
    to: Line
    question: Text


class AnswerIn(In):
    """The answer that came, on which paper, on which day."""

    text: Text
    document: Line
    answered_on: date


class ReasonIn(In):
    """Why an item is taken back."""

    reason: Text


class RevocationIn(In):
    """Why a clearance is taken back."""

    cause: RevocationCause
    reason: Text


class PublicationIn(In):
    """Where and when the item went out."""

    channel: Channel
    address: Line
    published_at: AwareDatetime


class IncidentJudgmentIn(In):
    """Whether the marking is genuine."""

    genuine: bool
    opinion: Text


class IncidentReportIn(In):
    """To whom the incident was reported, and by which paper."""

    to: Line
    document: Line


def case_out(case: Case, may: Mapping[Verb, Permission]) -> CaseOut:
    """Return the case as it goes out; a sealed one without its title and names."""
    return CaseOut(
        number=case.number,
        title=case.open_title,
        stage=case.stage,
        stage_word=STAGES[case.stage],
        version=case.version,
        since=case.since,
        submitted_at=case.submitted_at,
        rounds=tuple(_round(one, sealed=case.sealed) for one in case.rounds),
        referrals=case.referrals,
        clearances=case.grants,
        publications=case.publications,
        incident=case.incident,
        withdrawn_because=case.withdrawn_because,
        sealed=case.sealed,
        purged=case.purged,
        closed_at=case.closed_at,
        may={
            verb: PermissionOut(allowed=one.allowed, reason=one.reason)
            for verb, one in may.items()
        },
    )


def row_out(row: RegisterRow) -> CaseRow:
    """Return a row of the register as it goes out."""
    fields = {
        name: getattr(row, name)
        for name in CaseRow.model_fields
        if name != "stage_word"
    }
    return CaseRow(**fields, stage_word=STAGES[row.stage])


def _round(one: Round, *, sealed: bool) -> RoundOut:
    report, item, added = one.report, one.item, one.added
    if sealed:
        item = _sealed(item)
        report = report and _without_names(report)
        added = tuple(_without_name(each) for each in added)
    return RoundOut(
        number=one.number,
        item=item,
        contents=one.item.contents,
        by=one.by,
        at=one.at,
        report=report,
        scanned_at=one.scanned_at,
        added=added,
        acknowledgments=one.acknowledgments,
        dispositions=one.dispositions,
        open_findings=one.open_findings,
        open_gaps=one.open_gaps,
        first_pass=one.first_pass,
        endorsement=one.endorsement,
        sign_off=one.sign_off,
        fast_lane=one.fast_lane,
        leader=one.leader,
    )


def _sealed(item: Item) -> Item:
    files = tuple(replace(one, name=_SEALED_FILE) for one in item.files)
    return replace(item, title=SEALED_TITLE, files=files)


def _without_names(report: RoundReport) -> RoundReport:
    return replace(
        report,
        findings=tuple(replace(one, file=_SEALED_FILE) for one in report.findings),
        gaps=tuple(replace(one, file=_SEALED_FILE) for one in report.gaps),
    )


def _without_name(added: AddedFinding) -> AddedFinding:
    return replace(added, note=replace(added.note, file=_SEALED_FILE))

"""Lexicons as they go out, and what people want of the office's own as it comes in."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.cases import In, Line, Text
from review.case.people import By
from review.detect.interface import Category, Level, Severity, Tier
from review.detect.lexicon_edit import Action, Edit, Word, WordField
from review.service.lexicons.book import Book, Origin, Rule
from review.service.lexicons.effect import DraftLine
from review.service.lexicons.preview import FailedLine, FileLine, Kept
from review.service.lexicons.proposal import Wanted
from review.upkeep.lexicons import STATES, LexiconVersion, VersionState

RuleName = Annotated[
    str,
    Field(max_length=200, examples=["xishuangbanna-college/12-15-启用前试题"]),
]
Change = Annotated[str, Field(examples=["词0001"])]
# As much as a cell of the spreadsheet holds.
Typing = Annotated[str, Field(max_length=20_000)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["0" * 64])]


class WordOut(BaseModel):
    """A word and its points."""

    text: str
    weight: float


class RuleOut(BaseModel):
    """One rule with its words; patterns are summed up by their number."""

    id: RuleName
    origin: Origin = Field(
        description="shipped 随附、folder 词库目录、office 本单位词库"
    )
    status: str = Field(examples=["active"])
    clauses: tuple[str, ...]
    item: int | None
    label: str
    category: Category
    tier: Tier
    level: Level | None
    severity: Severity
    releasable_when: str | None
    because: str
    suggestion: str
    terms: tuple[WordOut, ...]
    shields: tuple[str, ...]
    status_words: tuple[WordOut, ...]
    mention_words: tuple[WordOut, ...]
    patterns: int
    flagged: tuple[str, ...] = Field(description="应标出的例文")
    passing: tuple[str, ...] = Field(description="应放过的例文")


class ClauseOut(BaseModel):
    """A clause that a regulation lists, and the rules that watch over it."""

    clause: str = Field(examples=["001:12(15)"])
    about: str
    items: tuple[str, ...]
    rules: tuple[str, ...]


class RegulationOut(BaseModel):
    """A regulation and the clauses that it lists."""

    number: str
    id: str
    title: str
    clauses: tuple[ClauseOut, ...]


class LexiconsOut(BaseModel):
    """The lexicons in force, by clause."""

    digest: str = Field(description="与机检报告里的词库版本相同")
    change: str | None = Field(description="启用中的本单位词库改动，没有就是 null")
    rules: int
    regulations: tuple[RegulationOut, ...]


class RulePage(BaseModel):
    """A page of rules by name; `next` leads to the following one."""

    items: tuple[RuleOut, ...]
    next: str | None


class VersionOut(BaseModel):
    """One version of the office's own lexicon."""

    change: Change
    digest: str
    base: str | None = Field(description="由哪一版改来")
    reason: str
    state: VersionState
    state_word: str = Field(examples=["待启用"])
    proposed_by: By
    proposed_at: datetime
    decided_by: By | None
    decided_at: datetime | None
    rejected_because: str | None
    preview: str | None = Field(description="启用的人看过的预演")
    lexicons: str | None = Field(description="启用后全部词库的版本")


class RuleFile(In):
    """A rule file, as text."""

    name: str = Field(max_length=200, examples=["xishuangbanna-college/12-15-甲.yaml"])
    text: str = Field(max_length=256 * 1024)


class WordIn(In):
    """A word and its points."""

    text: str = Field(min_length=1, max_length=60)
    weight: float = Field(default=1.0, gt=0, le=3)


class EditIn(In):
    """One change to one rule, without writing YAML."""

    rule: RuleName
    action: Action = Field(
        description="add 加词、remove 删词、retire 停用、resume 恢复启用"
    )
    field: WordField = "terms"
    words: tuple[WordIn, ...] = Field(default=(), max_length=500)

    def edit(self) -> Edit:
        """Return it as the review knows it."""
        words = tuple(Word(text=one.text, weight=one.weight) for one in self.words)
        return Edit(rule=self.rule, action=self.action, field=self.field, words=words)


class ProposalIn(In):
    """What is to change, carried out in this order: drop, files, edits."""

    reason: Line
    from_version: str | None = Field(
        default=None, max_length=32, description="从以前的哪一版改起"
    )
    drop: tuple[str, ...] = Field(default=(), max_length=500)
    files: tuple[RuleFile, ...] = Field(default=(), max_length=500)
    edits: tuple[EditIn, ...] = Field(default=(), max_length=500)

    def wanted(self) -> Wanted:
        """Return it as the review knows it."""
        return Wanted(
            from_version=self.from_version,
            drop=self.drop,
            files=tuple((one.name, one.text.encode()) for one in self.files),
            edits=tuple(one.edit() for one in self.edits),
        )


class RuleIn(In):
    """A rule as typed into a form, a text a field, written as in the spreadsheet."""

    clause: Typing = Field(default="", examples=["001:12(15)"])
    item: Typing = ""
    also: Typing = ""
    label: Typing = ""
    category: Typing = ""
    tier: Typing = ""
    level: Typing = ""
    severity: Typing = ""
    releasable_when: Typing = ""
    because: Typing = ""
    suggestion: Typing = ""
    terms: Typing = Field(default="", examples=["赛题、评分点、赛题原件*2"])
    shields: Typing = ""
    status: Typing = Field(default="", alias="disclosure.status")
    status_lists: Typing = Field(default="", alias="disclosure.uses")
    content: Typing = Field(default="", alias="disclosure.content")
    mention_words: Typing = Field(default="", alias="mention.words")
    mention_lists: Typing = Field(default="", alias="mention.uses")
    mention_patterns: Typing = Field(default="", alias="mention.patterns")
    flagged: Typing = Field(default="", alias="examples.flagged")
    passing: Typing = Field(default="", alias="examples.passing")

    def texts(self) -> dict[str, str]:
        """Return the fields by the names that the spreadsheet's columns have."""
        said: dict[str, str] = self.model_dump(by_alias=True, exclude={"reason"})
        return said


class ProposedRuleIn(RuleIn):
    """The same, with the reason why it is wanted."""

    reason: Line


class TrialOut(BaseModel):
    """What became of a rule's examples; nothing was proposed."""

    rule: RuleName
    examples: int
    failed: tuple[FailedLine, ...]


class ActivationIn(In):
    """Which preview the asker has seen."""

    preview: Digest


class RejectionIn(In):
    """Why a version is turned down."""

    reason: Text


class PreviewOut(BaseModel):
    """What a version would change; `digest` goes back with the activation."""

    digest: str
    sound: bool = Field(description="格式正确，例文全部符合，可以启用")
    change: Change
    version: str
    lexicons: str
    against: str
    problem: str | None
    files: tuple[FileLine, ...]
    failed: tuple[FailedLine, ...]
    drafts: tuple[DraftLine, ...] = Field(description="机检结果会变的审查件")
    examined: int
    left_out: int
    by: By
    at: datetime


def lexicons_out(book: Book) -> LexiconsOut:
    """Return the lexicons by clause."""
    watching: dict[str, list[str]] = {}
    for rule in book.rules:
        for clause in rule.clauses:
            watching.setdefault(clause, []).append(rule.id)
    return LexiconsOut(
        digest=book.digest,
        change=book.change,
        rules=len(book.rules),
        regulations=tuple(
            RegulationOut(
                number=one.number,
                id=one.id,
                title=one.title,
                clauses=tuple(
                    ClauseOut(
                        clause=each.clause,
                        about=each.about,
                        items=each.items,
                        rules=tuple(watching.get(each.clause, ())),
                    )
                    for each in one.clauses
                ),
            )
            for one in book.regulations
        ),
    )


def rule_out(rule: Rule) -> RuleOut:
    """Return a rule as it goes out."""
    file = rule.file
    words = {
        name: tuple(WordOut(text=one.text, weight=one.weight) for one in some)
        for name, some in (
            ("terms", file.terms),
            ("status_words", file.disclosure.status),
            ("mention_words", file.mention.words),
        )
    }
    return RuleOut(
        id=rule.id,
        origin=rule.origin,
        status=file.status,
        clauses=rule.clauses,
        item=file.item,
        label=file.label,
        category=file.category,
        tier=file.tier,
        level=file.level,
        severity=file.severity,
        releasable_when=file.releasable_when,
        because=file.because,
        suggestion=file.suggestion,
        shields=file.shields,
        patterns=len(file.disclosure.content) + len(file.mention.patterns),
        flagged=file.examples.flagged,
        passing=file.examples.passing,
        **words,
    )


def version_out(version: LexiconVersion) -> VersionOut:
    """Return a version as it goes out."""
    return VersionOut(
        change=version.change,
        digest=version.digest,
        base=version.base,
        reason=version.reason,
        state=version.state,
        state_word=STATES[version.state],
        proposed_by=version.proposed_by,
        proposed_at=version.proposed_at,
        decided_by=version.decided_by,
        decided_at=version.decided_at,
        rejected_because=version.rejected_because,
        preview=version.preview,
        lexicons=version.lexicons,
    )


def preview_out(kept: Kept) -> PreviewOut:
    """Return a preview as it goes out."""
    found = kept.preview
    return PreviewOut(
        digest=found.digest,
        sound=found.sound,
        change=found.change,
        version=found.version,
        lexicons=found.lexicons,
        against=found.against,
        problem=found.problem,
        files=found.files,
        failed=found.failed,
        drafts=found.drafts,
        examined=found.examined,
        left_out=found.left_out,
        by=kept.by,
        at=kept.at,
    )

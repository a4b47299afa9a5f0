"""The schema of a rule file: one listed scope of one regulation.

`lexicons/README.md` describes it for the people who write the files. Words
may be written plainly (weight 1) or as `{text: …, weight: …}`.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from review.detect.interface import Category, Level, Severity, Tier

CLAUSE_FORM = r"^\d{3}(-\d{1,2})?:\S+$"
MOST_WEIGHT = 3.0


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Word(_Strict):
    """A word, and how many points it weighs."""

    text: str = Field(min_length=1, max_length=60)
    weight: float = Field(default=1.0, gt=0, le=MOST_WEIGHT)


class Pattern(_Strict):
    """A regular expression on folded text, tried where an anchor occurs."""

    pattern: str = Field(min_length=1, max_length=400)
    anchors: tuple[str, ...] = ()
    weight: float = Field(default=1.0, gt=0, le=MOST_WEIGHT)
    why: str = ""


def _as_word(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


def _as_pattern(value: Any) -> Any:
    return {"pattern": value} if isinstance(value, str) else value


AnyWord: TypeAlias = Annotated[Word, BeforeValidator(_as_word)]
AnyPattern: TypeAlias = Annotated[Pattern, BeforeValidator(_as_pattern)]


class Disclosure(_Strict):
    """Context that makes a disclosure: status words and verbatim content."""

    uses: tuple[str, ...] = ()
    status: tuple[AnyWord, ...] = ()
    content: tuple[AnyPattern, ...] = ()


class Mention(_Strict):
    """Context that makes a mere mention: it takes points away."""

    uses: tuple[str, ...] = ()
    words: tuple[AnyWord, ...] = ()
    patterns: tuple[AnyPattern, ...] = ()


class Examples(_Strict):
    """Texts that run as tests: flagged by this rule, or passed by it."""

    flagged: tuple[str, ...] = Field(min_length=3)
    passing: tuple[str, ...] = Field(min_length=3)


class ScopeFile(_Strict):
    """One listed scope: its legal ground, its words, its proof."""

    clause: str = Field(pattern=CLAUSE_FORM)
    item: int | None = Field(default=None, ge=1)
    also: tuple[str, ...] = ()
    label: str = Field(min_length=2, max_length=60)
    category: Category
    tier: Tier
    level: Level | None = None
    status: Literal["draft", "active", "retired"] = "active"
    severity: Severity = "review"
    releasable_when: str | None = None
    because: str = Field(min_length=6, max_length=120)
    suggestion: str = Field(min_length=4, max_length=120)
    terms: tuple[AnyWord, ...] = Field(min_length=1)
    shields: tuple[str, ...] = ()
    disclosure: Disclosure = Disclosure()
    mention: Mention = Mention()
    examples: Examples
    added: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")

    @field_validator("added", mode="before")
    @classmethod
    def _date_as_text(cls, value: Any) -> Any:
        return value if isinstance(value, str) else str(value)


class ContextFile(_Strict):
    """Words and patterns that many rules share, under a name."""

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    side: Literal["disclosure", "mention", "shield"]
    about: str
    words: tuple[AnyWord, ...] = ()
    patterns: tuple[AnyPattern, ...] = ()


class ClauseEntry(_Strict):
    """A clause that a rule file must exist for, with its listed items."""

    clause: str = Field(pattern=CLAUSE_FORM)
    about: str
    items: tuple[str, ...] = ()


class Regulation(_Strict):
    """One regulation: its number, its speaking id, the clauses that it lists."""

    number: str = Field(pattern=r"^\d{3}$")
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    clauses: tuple[ClauseEntry, ...]


class RegulationsFile(_Strict):
    """`regulations.yaml`: what `lexicon coverage` measures against."""

    regulations: tuple[Regulation, ...]

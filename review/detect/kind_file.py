"""The schema of a document kind's file in `lexicons/kinds/`."""

from pydantic import BaseModel, ConfigDict

from review.detect.interface import Category, Severity, Tier


class KindFile(BaseModel):
    """One kind of document; a kind without clauses may be published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    titles: tuple[str, ...]
    formulae: tuple[str, ...]
    against: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    category: Category = "meeting"
    tier: Tier = "work"
    severity: Severity = "review"
    releasable_when: str | None = None
    because: str = ""
    suggestion: str = ""

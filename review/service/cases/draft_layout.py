"""The blocks of a file's full report, put together again with the findings in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from review.report.as_json import location_from_json
from review.service.cases.draft_marks import Text, joined
from review.spans import Location


@dataclass(frozen=True, slots=True)
class Laid:
    """A block as the report laid it out; `cells` are the lengths of a row's cells."""

    role: str
    where: Location
    text: Text
    hidden: bool = False
    detail: str | None = None
    cells: tuple[int, ...] = ()

    @property
    def table(self) -> tuple[object, ...] | None:
        """Return what the rows of one table share; None outside tables."""
        if not self.cells:
            return None
        where = self.where
        return (where.path, where.sheet, where.page, where.table, where.part)


def is_laid_out(full: Mapping[str, Any]) -> bool:
    """Tell whether the report kept where its passages stand; older ones did not."""
    return "layout" in full


def laid(full: Mapping[str, Any]) -> Iterator[Laid]:
    """Yield the file's blocks in reading order; its passages, where no layout was kept."""
    texts = {one["passage"]: one["text"] for one in full.get("text", ())}
    found: dict[int, list[Mapping[str, Any]]] = {}
    for one in full["findings"]:
        if one["passage"] is not None:
            found.setdefault(one["passage"], []).append(one)
    if not is_laid_out(full):
        for one in full.get("text", ()):
            text = joined([one["passage"]], texts, found)
            yield Laid("paragraph", Location(), text, hidden=one["hidden"])
        return
    for one in full["layout"]:
        yield Laid(
            role=one["role"],
            where=location_from_json(one["where"]),
            text=joined(one["pieces"], texts, found),
            hidden=one.get("hidden", False),
            detail=one.get("detail"),
            cells=tuple(one.get("cells", ())),
        )

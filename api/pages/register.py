"""The register (审查台账): every view of it is an address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.filters import RegisterFilters
from api.pages.frame import Looking, draw
from api.paths import Before
from review import clock
from review.case.case import Stage
from review.case.words import STAGES
from review.service.papers import register, views
from review.service.papers.register import GROUPS, StageGroup

router: Final = APIRouter()

_PATH: Final = "/register"
_ROWS: Final = 50
_GROUPS: Final[Mapping[StageGroup, str]] = {
    "under_way": "在办",
    "released": "可公开和已公开",
    "ended": "其他办结",
}


@dataclass(frozen=True, slots=True)
class _View:
    """A quick filter: where it leads, how many cases it shows, whether it is on."""

    name: str
    address: str
    cases: int
    chosen: bool


@router.get(_PATH, response_class=HTMLResponse)
def page(
    request: Request,
    by: Looking,
    asked: Annotated[RegisterFilters, Depends()],
    before: Before = None,
) -> HTMLResponse:
    """Show a page of the register, newest first."""
    query = asked.query(by.desk, person=by.person)
    wanted = replace(query, before=before, limit=_ROWS + 1)
    rows = register.page(by.desk, wanted, person=by.person)
    department = asked.departments[0] if len(asked.departments) == 1 else None
    counts = register.counts(by.desk, person=by.person, department=department)
    return draw(
        request,
        "register.html",
        by=by,
        asked=asked,
        rows=rows[:_ROWS],
        today=clock.china_date(by.desk.now()),
        departments=register.departments(by.desk, person=by.person),
        groups=_groups(asked, counts),
        stages=_stages(asked, counts),
        first=_address(asked.said) if before else None,
        following=_following(asked, rows[_ROWS - 1].sequence)
        if len(rows) > _ROWS
        else None,
        query=urlencode(asked.said),
        saved=views.views_of(by.desk, person=by.person),
    )


def _groups(asked: RegisterFilters, counts: Mapping[Stage, int]) -> tuple[_View, ...]:
    of = {group: sum(counts.get(one, 0) for one in GROUPS[group]) for group in GROUPS}
    everything = _View(
        "全部",
        _address(_without_stage(asked)),
        sum(counts.values()),
        not asked.stages and asked.group is None,
    )
    return everything, *(
        _View(
            name,
            _address((*_without_stage(asked), ("group", group))),
            of[group],
            not asked.stages and asked.group == group,
        )
        for group, name in _GROUPS.items()
    )


def _stages(asked: RegisterFilters, counts: Mapping[Stage, int]) -> tuple[_View, ...]:
    """Return the stages at which any case stands, and what is chosen."""
    return tuple(
        _View(
            name,
            _address((*_without_stage(asked), ("stage", stage))),
            counts.get(stage, 0),
            stage in asked.stages,
        )
        for stage, name in STAGES.items()
        if counts.get(stage) or stage in asked.stages
    )


def _without_stage(asked: RegisterFilters) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in asked.said if one[0] not in {"stage", "group"})


def _following(asked: RegisterFilters, before: int) -> str:
    return _address((*asked.said, ("before", str(before))))


def _address(said: tuple[tuple[str, str], ...]) -> str:
    return f"{_PATH}?{urlencode(said)}" if said else _PATH

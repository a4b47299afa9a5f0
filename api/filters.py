"""The register's filters, as its page and its export are asked with them."""

from typing import Annotated

from fastapi import Query

from api.periods import NONE_IF_EMPTY, Day
from review import clock
from review.case.case import Stage
from review.case.values import Channel
from review.errors import UsageError
from review.ports.records import RegisterQuery
from review.service.desk import Desk
from review.service.papers import register
from review.service.papers.register import GROUPS, StageGroup

_Words = Annotated[str, Query(max_length=100, description="标题或编号里的字")]
_Stages = Annotated[tuple[Stage, ...], Query(description="状态，可多个")]
_Group = Annotated[
    StageGroup | None,
    NONE_IF_EMPTY,
    Query(description="under_way 在办、released 可公开或已公开、ended 其他办结"),
]
_Departments = Annotated[tuple[str, ...], Query(max_length=50, description="部门")]
_Channel = Annotated[Channel | None, NONE_IF_EMPTY, Query(description="公开方式")]
_Since = Annotated[Day | None, NONE_IF_EMPTY, Query(description="送审日期，自")]
_Until = Annotated[Day | None, NONE_IF_EMPTY, Query(description="送审日期，至（含）")]
_Overdue = Annotated[bool, Query(description="只要超期的")]
_Mine = Annotated[bool, Query(description="只要本人送审的")]


class RegisterFilters:
    """What of the register is wanted; all that is said must hold."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a field of the form
        self,
        q: _Words = "",
        stage: _Stages = (),
        group: _Group = None,
        department: _Departments = (),
        channel: _Channel = None,
        since: _Since = None,
        until: _Until = None,
        overdue: _Overdue = False,  # noqa: FBT002 - a field
        mine: _Mine = False,  # noqa: FBT002 - a field
    ) -> None:
        """Keep what was said.

        Raises:
            UsageError: The last day is before the first.
        """
        if since and until and until < since:
            raise UsageError("送审日期的截止日早于起始日，请改正。")
        self.q = q.strip()
        self.stages = stage
        self.group = group
        self.departments = tuple(one for one in department if one)
        self.channel = channel
        self.since, self.until = since, until
        self.overdue, self.mine = overdue, mine

    def query(self, desk: Desk, *, person: str) -> RegisterQuery:
        """Return the query for the person who asks."""
        name = register.name_of(desk, person=person) if self.mine else None
        return RegisterQuery(
            departments=self.departments or None,
            stages=self.stages or (GROUPS[self.group] if self.group else ()),
            words=self.q,
            channel=self.channel,
            submitted_by=name,
            overdue_on=clock.china_date(desk.now()) if self.overdue else None,
            submitted_from=clock.midnight(self.since) if self.since else None,
            submitted_until=clock.midnight(self.until, days=1) if self.until else None,
        )

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Return what was said as an address holds it; nothing if nothing was."""
        told = (
            ("q", self.q),
            *(("stage", one) for one in self.stages),
            ("group", self.group or ""),
            *(("department", one) for one in self.departments),
            ("channel", self.channel or ""),
            ("since", self.since.isoformat() if self.since else ""),
            ("until", self.until.isoformat() if self.until else ""),
            ("overdue", "true" if self.overdue else ""),
            ("mine", "true" if self.mine else ""),
        )
        return tuple((name, value) for name, value in told if value)

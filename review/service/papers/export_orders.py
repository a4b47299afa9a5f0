"""Exports that take their time: ordered, made by a worker, fetched by who ordered.

An order's task names what is wanted and for whom, by ids and dates alone. What was
made lies encrypted in the vault until the task is forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from review.errors import NotFoundError, UsageError, WrongStageError
from review.ports.tasks import Task
from review.service.acting import noting_refusals
from review.service.desk import Desk
from review.service.papers import exports, sheets
from review.service.papers.exports import Exported
from review.service.papers.register import visible_departments

Kind: TypeAlias = Literal["register", "monthly", "yearly"]

_TASK: Final = "export"
_LANE: Final = "bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is wanted: the register of days, both included; a month or year by its first."""

    kind: Kind
    since: date
    until: date

    def subject(self, person: str) -> str:
        """Return how a task names it."""
        days = f"{self.since.isoformat()}:{self.until.isoformat()}"
        return f"{self.kind}:{days}:{person}"


def order(desk: Desk, wanted: Order, *, person: str) -> Task:
    """Let a worker make an export; the same asked twice is made once.

    Raises:
        NotPermittedError: The person holds no post that sees the register today.
        UsageError: The period ends before it begins.
    """
    if wanted.until < wanted.since:
        raise UsageError("导出的截止日期早于起始日期，请改正。")
    with noting_refusals(desk, person, "register"), desk.store.writing() as work:
        visible_departments(desk, work, person)
        subject = wanted.subject(person)
        return work.tasks.add(_TASK, subject, queue=_LANE, at=desk.now())


def make(desk: Desk, subject: str) -> bytes:
    """Make what a task names, as far as who ordered it may see it now."""
    wanted, person = _read(subject)
    return _MAKERS[wanted.kind](desk, wanted, person).data


def status(desk: Desk, number: int, *, person: str) -> Task:
    """Return one's own order.

    Raises:
        NotFoundError: There is no such order of his; it may be forgotten by now.
    """
    with desk.store.reading() as records:
        task = records.tasks.find(number)
    if task is None or task.kind != _TASK or _read(task.subject)[1] != person:
        raise NotFoundError("没有这一次导出，或结果已过保存期，请重新导出。")
    return task


def fetch(desk: Desk, number: int, *, person: str) -> Exported:
    """Return what was made of one's own order.

    Raises:
        NotFoundError: There is no such order of his.
        WrongStageError: It is not made yet, or could not be made.
    """
    task = status(desk, number, person=person)
    if task.state == "failed":
        raise WrongStageError("这次导出没有做成，请缩小范围后重新导出。")
    if task.result is None:
        raise WrongStageError("导出还在进行，请稍候再取。")
    wanted, _ = _read(task.subject)
    name = f"{_NAMES[wanted.kind]}-{wanted.since.isoformat()}.xlsx"
    data = desk.contents.get(task.result)
    return Exported(name=name, media_type=exports.XLSX, data=data)


def _read(subject: str) -> tuple[Order, str]:
    kind, since, until, person = subject.split(":", 3)
    known: dict[str, Kind] = {one: one for one in _MAKERS}
    days = date.fromisoformat(since), date.fromisoformat(until)
    return Order(kind=known[kind], since=days[0], until=days[1]), person


def _register(desk: Desk, wanted: Order, person: str) -> Exported:
    query = sheets.handed_in(wanted.since, wanted.until)
    return exports.register(desk, query, person=person)


def _monthly(desk: Desk, wanted: Order, person: str) -> Exported:
    day = wanted.since
    return exports.monthly(desk, year=day.year, month=day.month, person=person)


def _yearly(desk: Desk, wanted: Order, person: str) -> Exported:
    return exports.yearly(desk, year=wanted.since.year, person=person)


_MAKERS: Final[dict[Kind, Callable[[Desk, Order, str], Exported]]] = {
    "register": _register,
    "monthly": _monthly,
    "yearly": _yearly,
}
_NAMES: Final[dict[Kind, str]] = {
    "register": "审查台账",
    "monthly": "月度汇总表",
    "yearly": "年度考核数据",
}

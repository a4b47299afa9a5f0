"""A person's own views of the register: kept under a name, shown to nobody else.

A view is filters and no cases: what it shows is asked of the register each time,
as far as the person may see it then.
"""

from typing import Final

from review.errors import NotFoundError, UsageError
from review.ports.views import SavedView
from review.service.acting import noting_refusals
from review.service.desk import Desk
from review.service.papers.register import visible_departments

MOST_VIEWS: Final = 20


def views_of(desk: Desk, *, person: str) -> tuple[SavedView, ...]:
    """Return the person's views, the first saved first."""
    with desk.store.reading() as records:
        return records.views.of(person)


def save(desk: Desk, *, name: str, query: str, person: str) -> SavedView:
    """Keep filters under a name; the same name again takes the new ones.

    Raises:
        NotPermittedError: He holds no post that sees the register today.
        UsageError: The name is blank, nothing is filtered, or he has too many.
    """
    name = " ".join(name.split())
    with noting_refusals(desk, person, "register"), desk.store.writing() as work:
        visible_departments(desk, work, person)
        if not name:
            raise UsageError("请给这个视图起个名字。")
        if not query:
            raise UsageError("现在没有加任何条件，请先选好条件再保存。")
        known = work.views.of(person)
        same = [one.number for one in known if one.name == name]
        if not same and len(known) >= MOST_VIEWS:
            raise UsageError(f"最多保存 {MOST_VIEWS} 个视图，请先删去不用的。")
        number = same[0] if same else max((one.number for one in known), default=0) + 1
        view = SavedView(person=person, number=number, name=name, query=query)
        work.views.put(view)
        return view


def forget(desk: Desk, number: int, *, person: str) -> None:
    """Forget one of the person's own views.

    Raises:
        NotFoundError: He has none of that number.
    """
    with desk.store.writing() as work:
        if not work.views.drop(person, number):
            raise NotFoundError("没有这个视图，可能已经删去了。")

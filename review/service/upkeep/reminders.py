"""What the office's messengers say: who is waited for, and what is overdue.

Case numbers and steps, never a title: a messenger's server is not ours.
"""

from typing import Final

from review import clock
from review.case.words import STAGES
from review.ports.records import RegisterQuery, RegisterRow
from review.service.desk import Desk
from review.service.errands import WAITED_FOR

_MOST: Final = 30  # cases named in one message
_WHO: Final = {
    "first_pass": "请本部门初审员登录先审办理",
    "endorsing": "请部门负责人登录先审办理",
    "signing": "请保密办审查员登录先审办理",
    "leading": "请分管领导登录先审办理",
    "rework": "请送审部门登录先审，按意见修改后重新送审",
    "incident": "请保密办立即登录先审核实",
}


def remind(desk: Desk) -> int:
    """Tell the office which steps are overdue today; return how many.

    Raises:
        MessengerError: The message did not go out.
    """
    today = clock.china_date(desk.now())
    with desk.store.reading() as records:
        query = RegisterQuery(overdue_on=today, limit=_MOST + 1)
        late = records.register(query)
    if late and desk.messengers is not None:
        desk.messengers.tell(_overdue(late))
    return len(late)


def tell_waiting(desk: Desk, subject: str) -> bool:
    """Tell the office that a case waits for somebody, if it still does; tell whether.

    `subject` is the case's number and the stage that it had reached.

    Raises:
        MessengerError: The message did not go out.
    """
    number, _, stage = subject.partition(":")
    with desk.store.reading() as records:
        row = records.register_row(number)
    waits = row is not None and row.stage == stage and row.stage in WAITED_FOR
    if row is None or not waits or desk.messengers is None:
        return False
    desk.messengers.tell(f"先审：{number} {STAGES[row.stage]}，{_WHO[row.stage]}。")
    return True


def _overdue(late: tuple[RegisterRow, ...]) -> str:
    lines = [
        f"{one.number} {STAGES[one.stage]}，应于 {one.due_on} 前办结"
        for one in late[:_MOST]
    ]
    more = "……\n其余请登录先审查看。" if len(late) > _MOST else "请登录先审办理。"
    return "\n".join(["先审：下列审查件已超过办理期限", *lines, more])

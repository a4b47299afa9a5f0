"""What is to be done later because something happened, noted in the same transaction.

`recording.seal` calls `follow` for every event of a case: whatever was promised
by the record is promised here too, and a crash takes both or none.
"""

from collections.abc import Sequence
from typing import Final

from review.case.case import Case, Stage
from review.case.events import CaseEvent
from review.case.values import File
from review.ports.records import Writing
from review.ports.tasks import Lane
from review.service.desk import Desk
from review.service.telling import tell

# Stages at which somebody has to act, and hears of it where messengers are set up.
WAITED_FOR: Final[frozenset[Stage]] = frozenset(
    {"first_pass", "endorsing", "signing", "leading", "rework", "incident"}
)
# Bytes that the machine examines in a second, rather less than more, by the name's end.
_BYTES_A_SECOND: Final = {".pdf": 60_000, ".txt": 60_000}
_OTHERS: Final = 250_000  # packed formats with pictures; web pages
_LONG: Final = 10  # seconds: longer than that is bulk


def follow(
    desk: Desk, work: Writing, before: Case | None, after: Case, event: CaseEvent
) -> None:
    """Add the tasks that an event leads to; close those that it settles."""
    if after.stage == "scanning":
        lane = lane_of(after.item.files)
        work.tasks.add("scan", after.number, queue=lane, at=event.at)
    elif before is not None and before.stage == "scanning":
        work.tasks.close("scan", after.number, at=event.at)
    _tell_people(desk, work, before, after, event)
    tell(work, before, after, event)


def lane_of(files: Sequence[File]) -> Lane:
    """Return the lane of a scan: what looks long must not stand before what is short.

    Only a guess by names and sizes: what turns out long is moved to the bulk lane.
    """
    seconds = sum(one.size / _rate(one) for one in files)
    return "bulk" if seconds > _LONG else "quick"


def _rate(file: File) -> int:
    ends = (rate for end, rate in _BYTES_A_SECOND.items() if _ends(file, end))
    return next(ends, _OTHERS)


def _ends(file: File, end: str) -> bool:
    return file.name.lower().endswith(end)


def _tell_people(
    desk: Desk, work: Writing, before: Case | None, after: Case, event: CaseEvent
) -> None:
    """Let the office's messengers say that somebody is waited for, if there are any."""
    moved = before is None or before.stage != after.stage
    if desk.messengers is not None and moved and after.stage in WAITED_FOR:
        subject = f"{after.number}:{after.stage}"
        work.tasks.add("notify", subject, queue="out", at=event.at)

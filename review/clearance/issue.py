"""From sealed entries to a clearance: a second look that trusts no decision.

`issue` takes the case's entries as they stand in the ledger, replays them, and
performs the numbered checks below by itself. It shares no rule with
`review.case.rules`, so that an error there does not let an item out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from review.case import events
from review.case.case import Case
from review.case.events import CaseEvent
from review.case.evolve import replay
from review.case.policy import Policy
from review.clearance.interface import Clearance
from review.errors import ClearanceError
from review.ledger import statement
from review.ledger.entry import Entry, is_whole
from review.ledger.statement import Statement


@dataclass(frozen=True, slots=True)
class _Round:
    """What the entries say of the round that is to be cleared."""

    number: int
    contents: str
    said: tuple[Statement, ...]

    def last(self, kind: type) -> Statement | None:
        """Return the last statement of that kind of event."""
        of_kind = (one for one in reversed(self.said) if isinstance(one.event, kind))
        return next(of_kind, None)


def clearance_id(case: Case) -> str:
    """Return the id that the case's next clearance gets: number, round, running number."""
    return f"{case.number}-r{case.round.number}-c{len(case.grants) + 1}"


def issue(
    entries: Sequence[Entry], *, name: str, at: datetime, issuer: str, policy: Policy
) -> Clearance:
    """Return the clearance that the case's entries lead to.

    Raises:
        ClearanceError: One of the checks fails; nothing may be published.
    """
    # 1. Every entry is what was sealed, and they are one case's, whole and in order.
    statements = _whole(entries)
    case = replay(_event(one) for one in statements)
    last = _last_round(case, statements)
    # 2. The machine finished its pass over these contents and could read all of them.
    scanned = _scanned(last)
    # 3. The item's own department concluded its first pass on these contents.
    _first_pass(last, case)
    # 4. Somebody else signed off on these contents, for channels that were asked for.
    signed = _signed(last, case, statements)
    # 5. The leader in charge agreed where his word was asked for.
    _led(last, signed)
    # 6. Nothing was decided after that, and no incident is open.
    if case.stage != "clearing":
        raise ClearanceError("审查手续没有办完，不能签发公开许可。")
    report = scanned.report
    return Clearance(
        id=name,
        case=case.number,
        round=last.number,
        contents=report.canonical or "",
        attachments=tuple(sorted(set(report.attachments))),
        hidden=tuple(sorted(set(report.hidden))),
        channels=signed.channels,
        issued_at=at,
        valid_from=at,
        valid_until=at + timedelta(days=policy.clearance_valid_days),
        ledger_index=entries[-1].index,
        ledger_digest=entries[-1].digest,
        issuer=issuer,
    )


def _whole(entries: Sequence[Entry]) -> tuple[Statement, ...]:
    read = []
    for version, entry in enumerate(entries, start=1):
        said = statement.read(entry.statement) if is_whole(entry) else None
        if said is None or said.context.version != version:
            raise ClearanceError("审查记录与记录链不符，不能签发公开许可；请立即报告。")
        read.append(said)
    if not read or len({one.context.case for one in read}) != 1:
        raise ClearanceError("没有这一件完整的审查记录，不能签发公开许可。")
    return tuple(read)


def _event(said: Statement) -> CaseEvent:
    if not isinstance(said.event, events.CaseEvent):
        raise ClearanceError("审查记录与记录链不符，不能签发公开许可；请立即报告。")
    return said.event


def _last_round(case: Case, statements: Iterable[Statement]) -> _Round:
    number, contents = case.round.number, case.item.contents
    said = tuple(
        one
        for one in statements
        if _event(one).round == number and one.context.contents == contents
    )
    return _Round(number, contents, said)


def _scanned(last: _Round) -> events.Scanned:
    said = last.last(events.Scanned)
    if said is None or not isinstance(said.event, events.Scanned):
        raise ClearanceError("这一版稿件没有完成机检，不能签发公开许可。")
    report = said.event.report
    if report.canonical is None or any(one.unreadable for one in report.gaps):
        raise ClearanceError("这一版稿件没有全部读出，不能签发公开许可。")
    return said.event


def _first_pass(last: _Round, case: Case) -> None:
    said = last.last(events.FirstPassConcluded)
    if said is None or said.event.by.department != case.item.department:
        raise ClearanceError("这一版稿件没有本部门的初审结论，不能签发公开许可。")


def _signed(
    last: _Round, case: Case, statements: Iterable[Statement]
) -> events.SignedOff:
    said = last.last(events.SignedOff)
    if said is None or not isinstance(said.event, events.SignedOff):
        raise ClearanceError("这一版稿件没有终审意见，不能签发公开许可。")
    signed = said.event
    if signed.outcome != "clear" or signed.by.id in _hands(statements):
        raise ClearanceError("终审意见不是他人作出的同意公开，不能签发公开许可。")
    if signed.by.post != ("head" if signed.fast_lane else "office"):
        raise ClearanceError("终审意见不是有权的人作出的，不能签发公开许可。")
    if not signed.channels or not set(signed.channels) <= set(case.item.channels):
        raise ClearanceError("公开方式与送审的不符，不能签发公开许可。")
    return signed


def _hands(statements: Iterable[Statement]) -> frozenset[str]:
    """Return who handed in or concluded for the department, in any round."""
    kinds = (events.Submitted, events.Resubmitted, events.FirstPassConcluded)
    said = (one.event for one in statements)
    return frozenset(one.by.id for one in said if isinstance(one, kinds))


def _led(last: _Round, signed: events.SignedOff) -> None:
    if not signed.needs_leader:
        return
    after = [one.event for one in last.said]
    led = [
        one
        for one in after[after.index(signed) :]
        if isinstance(one, events.LeaderDecided)
    ]
    if not led or not led[-1].agreed or led[-1].by.id == signed.by.id:
        raise ClearanceError("还缺分管领导同意的意见，不能签发公开许可。")

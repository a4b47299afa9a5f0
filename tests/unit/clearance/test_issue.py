"""The second look before a clearance: it believes entries, and no decision."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from review.case import events as e
from review.case.events import CaseEvent, OfficeEvent
from review.case.evolve import replay
from review.clearance.interface import Clearance
from review.clearance.issue import clearance_id, issue
from review.errors import ClearanceError
from review.ledger import statement
from review.ledger.entry import Algorithm, Entry, digest_of
from review.ledger.statement import Context
from tests.unit.case import making as m

_ISSUER = "云山职业学院保密办"
_NAME = "2026-000001-r1-c1"
_FIRST = 7  # the ledger's number of the case's first entry
_CHANGED = m.item(files=(m.file(digest="e" * 64),))
_NEW = m.resubmitted(item=_CHANGED, by=m.by("site", "second"))

_BROKEN = "审查记录与记录链不符，不能签发公开许可；请立即报告。"
_NOT_WHOLE = "没有这一件完整的审查记录，不能签发公开许可。"
_UNSCANNED = "这一版稿件没有完成机检，不能签发公开许可。"
_UNREAD = "这一版稿件没有全部读出，不能签发公开许可。"
_NOT_CONCLUDED = "这一版稿件没有本部门的初审结论，不能签发公开许可。"
_UNSIGNED = "这一版稿件没有终审意见，不能签发公开许可。"
_NOT_ANOTHER = "终审意见不是他人作出的同意公开，不能签发公开许可。"
_NO_RIGHT = "终审意见不是有权的人作出的，不能签发公开许可。"
_CHANNELS = "公开方式与送审的不符，不能签发公开许可。"
_NO_LEADER = "还缺分管领导同意的意见，不能签发公开许可。"
_UNFINISHED = "审查手续没有办完，不能签发公开许可。"


def _entry(
    event: CaseEvent | OfficeEvent,
    version: int,
    *,
    algorithm: Algorithm = "sha256",
    **said: Any,
) -> Entry:
    """One event as the ledger holds it, in its place."""
    plain = {"via": "cli", "policy": "a" * 16, "case": "2026-000001"}
    context = Context(**{**plain, "version": version, **said})
    text = statement.write(event, context)
    index, previous, key = _FIRST + 3 * (version - 1), "9" * 64, "0123456789abcdef"
    digest = digest_of(
        text, index=index, previous=previous, algorithm=algorithm, key=key
    )
    return Entry(index, previous, algorithm, text, key, digest, "0" * 128)


def _entries(*happened: CaseEvent, **said: Any) -> list[Entry]:
    """The case's entries, each on the contents that were last handed in."""
    entries: list[Entry] = []
    contents = ""
    for version, event in enumerate(happened, start=1):
        if isinstance(event, e.Submitted | e.Resubmitted):
            contents = event.item.contents
        entries.append(_entry(event, version, **{"contents": contents, **said}))
    return entries


def _issued(entries: list[Entry]) -> Clearance:
    return issue(entries, name=_NAME, at=m.AT, issuer=_ISSUER, policy=m.policy())


def _second(event: Any, **changes: Any) -> Any:
    """The same of the second round."""
    return replace(event, round=2, **changes)


_GOOD = (m.submitted(), m.scanned(), m.concluded(), m.signed())


def test_a_clearance_says_exactly_what_was_reviewed() -> None:
    scanned = m.scanned(
        canonical="c" * 64,
        attachments=("f" * 64, "b" * 64, "f" * 64),
        hidden=("8" * 64, "2" * 64, "8" * 64),
    )
    entries = _entries(m.submitted(), scanned, m.concluded(), m.signed())

    assert _issued(entries) == Clearance(
        id=_NAME,
        case="2026-000001",
        round=1,
        contents="c" * 64,
        attachments=("b" * 64, "f" * 64),
        hidden=("2" * 64, "8" * 64),
        channels=("website",),
        issued_at=m.AT,
        valid_from=m.AT,
        valid_until=m.AT + timedelta(days=m.policy().clearance_valid_days),
        ledger_index=_FIRST + 9,
        ledger_digest=entries[-1].digest,
        issuer=_ISSUER,
    )


def test_the_second_round_is_what_is_cleared() -> None:
    entries = _entries(
        m.submitted(),
        m.scanned(),
        m.concluded("must_change"),
        _NEW,
        _second(m.scanned(canonical="4" * 64)),
        _second(m.concluded()),
        _second(m.signed()),
    )

    issued = _issued(entries)

    assert (issued.round, issued.contents) == (2, "4" * 64)


def test_what_was_said_last_counts() -> None:
    signed = m.signed(needs_leader=True)
    entries = _entries(
        m.submitted(),
        m.scanned(canonical=None),
        m.scanned(canonical="4" * 64),
        m.concluded(by=m.by("reviewer", "stranger")),
        m.concluded(),
        m.signed("refuse"),
        signed,
        m.led(agreed=False),
        replace(signed, at=m.AT, channels=("wechat",)),
        m.led(agreed=False),
        m.led(),
    )

    issued = _issued(entries)

    assert (issued.contents, issued.channels) == ("4" * 64, ("wechat",))


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_either_digest_is_checked(algorithm: Algorithm) -> None:
    assert _issued(_entries(*_GOOD, algorithm=algorithm)).id == _NAME


def test_a_gap_that_could_be_read_around_is_no_hindrance() -> None:
    scanned = m.scanned(gaps=(m.gap(),))

    assert _issued(_entries(m.submitted(), scanned, *_GOOD[2:])).id == _NAME


def test_all_channels_that_were_asked_for_may_be_allowed() -> None:
    signed = m.signed(channels=("wechat", "website"))

    assert _issued(_entries(*_GOOD[:3], signed)).channels == ("wechat", "website")


def test_the_head_may_sign_in_the_fast_lane() -> None:
    signed = m.signed(by=m.HEAD, fast_lane=True)

    assert _issued(_entries(*_GOOD[:3], signed)).channels == ("website",)


_REFUSED: dict[str, tuple[tuple[CaseEvent, ...], str]] = {
    "no scan": ((m.submitted(), m.concluded(), m.signed()), _UNSCANNED),
    "contents without a digest": (
        (m.submitted(), m.scanned(canonical=None), *_GOOD[2:]),
        _UNREAD,
    ),
    "one file of two unread": (
        (
            m.submitted(),
            m.scanned(gaps=(m.gap(), m.gap("g2", unreadable=True))),
            *_GOOD[2:],
        ),
        _UNREAD,
    ),
    "no first pass": ((m.submitted(), m.scanned(), m.signed()), _NOT_CONCLUDED),
    "another department's first pass": (
        (
            m.submitted(),
            m.scanned(),
            m.concluded(by=replace(m.REVIEWER, department=m.OTHER)),
            m.signed(),
        ),
        _NOT_CONCLUDED,
    ),
    "no word of the office": (_GOOD[:3], _UNSIGNED),
    "the office said no": ((*_GOOD[:3], m.signed("return")), _NOT_ANOTHER),
    "the uploader signed": (
        (*_GOOD[:3], m.signed(by=m.by("office", m.SITE.id))),
        _NOT_ANOTHER,
    ),
    "the reviewer signed": (
        (*_GOOD[:3], m.signed(by=m.by("office", m.REVIEWER.id))),
        _NOT_ANOTHER,
    ),
    "the leader signed for the office": (
        (*_GOOD[:3], m.signed(by=m.LEADER)),
        _NO_RIGHT,
    ),
    "the head signed outside the fast lane": (
        (*_GOOD[:3], m.signed(by=m.HEAD)),
        _NO_RIGHT,
    ),
    "the office signed in the fast lane": (
        (*_GOOD[:3], m.signed(fast_lane=True)),
        _NO_RIGHT,
    ),
    "no channel": ((*_GOOD[:3], m.signed(channels=())), _CHANNELS),
    "a channel nobody asked for": (
        (*_GOOD[:3], m.signed(channels=("website", "press"))),
        _CHANNELS,
    ),
    "no word of the leader": ((*_GOOD[:3], m.signed(needs_leader=True)), _NO_LEADER),
    "the leader said no": (
        (*_GOOD[:3], m.signed(needs_leader=True), m.led(agreed=False)),
        _NO_LEADER,
    ),
    "the leader said no at last": (
        (*_GOOD[:3], m.signed(needs_leader=True), m.led(), m.led(agreed=False)),
        _NO_LEADER,
    ),
    "the leader agreed to what was signed before": (
        (
            *_GOOD[:3],
            m.signed(needs_leader=True),
            m.led(),
            m.signed(at=m.AT, needs_leader=True),
        ),
        _NO_LEADER,
    ),
    "the leader is the one who signed": (
        (
            *_GOOD[:3],
            m.signed(needs_leader=True),
            replace(m.led(), by=m.by("leader", m.OFFICE.id)),
        ),
        _NO_LEADER,
    ),
    "an open incident": ((*_GOOD, m.opened()), _UNFINISHED),
    "a clearance already": ((*_GOOD, m.cleared()), _UNFINISHED),
    "a question that is open": ((*_GOOD, m.referred()), _UNFINISHED),
    "all of it in the round before": ((*_GOOD, _NEW), _UNSCANNED),
    "the first pass in the round before": (
        (*_GOOD, _NEW, _second(m.scanned()), _second(m.signed())),
        _NOT_CONCLUDED,
    ),
    "the signature in the round before": (
        (*_GOOD, _NEW, _second(m.scanned()), _second(m.concluded())),
        _UNSIGNED,
    ),
    "whoever handed in again signed": (
        (
            *_GOOD[:3],
            _NEW,
            _second(m.scanned()),
            _second(m.concluded()),
            _second(m.signed(by=m.by("office", "second"))),
        ),
        _NOT_ANOTHER,
    ),
    "the reviewer of the round before signed": (
        (
            *_GOOD[:3],
            _NEW,
            _second(m.scanned()),
            _second(m.concluded(by=m.by("reviewer", "third"))),
            _second(m.signed(by=m.by("office", m.REVIEWER.id))),
        ),
        _NOT_ANOTHER,
    ),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_one_thing_amiss_and_nothing_goes_out(name: str) -> None:
    happened, says = _REFUSED[name]

    with pytest.raises(ClearanceError) as caught:
        _issued(_entries(*happened))

    assert caught.value.message == says


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize(
    "change",
    [
        {"statement": statement.write(m.withdrawn(), Context(via="cli", policy=""))},
        {"index": 1},
        {"previous": "8" * 64},
        {"algorithm": "sm3"},
        {"key": "f" * 16},
        {"digest": "0" * 64},
    ],
    ids=lambda one: next(iter(one)),
)
def test_an_entry_that_was_not_sealed_so_stops_all(
    at: int, change: dict[str, Any]
) -> None:
    entries = _entries(*_GOOD)
    entries[at] = replace(entries[at], **change)

    with pytest.raises(ClearanceError) as caught:
        _issued(entries)

    assert caught.value.message == _BROKEN


def test_an_entry_that_is_missing_or_moved_stops_all() -> None:
    a, b, c, d = _entries(*_GOOD)

    for broken in ([b, c, d], [a, b, d], [a, c, b, d], [a, b, b, c, d]):
        with pytest.raises(ClearanceError) as caught:
            _issued(broken)
        assert caught.value.message == _BROKEN


def test_without_entries_there_is_no_clearance() -> None:
    with pytest.raises(ClearanceError) as caught:
        _issued([])
    assert caught.value.message == _NOT_WHOLE


def test_the_entries_of_two_cases_do_not_join() -> None:
    entries = _entries(*_GOOD)
    entries[1] = _entry(m.scanned(), 2, contents=m.item().contents, case="2026-000002")

    with pytest.raises(ClearanceError) as caught:
        _issued(entries)
    assert caught.value.message == _NOT_WHOLE


def test_what_happened_in_the_office_is_no_part_of_a_case() -> None:
    appointed = e.Appointed(at=m.AT, by=m.OFFICE, appointment=m.appointment("office"))
    entries = [*_entries(*_GOOD), _entry(appointed, 5)]

    with pytest.raises(ClearanceError) as caught:
        _issued(entries)
    assert caught.value.message == _BROKEN


@pytest.mark.parametrize(
    ("at", "says"), [(1, _UNSCANNED), (2, _NOT_CONCLUDED), (3, _UNSIGNED)]
)
def test_what_was_said_of_other_contents_does_not_count(at: int, says: str) -> None:
    entries = _entries(*_GOOD)
    entries[at] = _entry(_GOOD[at], at + 1, contents="0" * 64)

    with pytest.raises(ClearanceError) as caught:
        _issued(entries)
    assert caught.value.message == says


def test_the_next_clearance_gets_the_next_number() -> None:
    first = replay(_GOOD)
    again = replay((*_GOOD, m.cleared(), m.revoked(), m.resubmitted()))

    assert clearance_id(first) == "2026-000001-r1-c1"
    assert clearance_id(again) == "2026-000001-r2-c2"

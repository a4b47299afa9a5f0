"""An invented school in which the review is played: its people, policies and drafts.

Everything is drawn from one `Random`, so that a seed tells a whole story again.
Nothing here judges; what may happen is for the oracle to say.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Final, Literal, TypeVar, get_args

from review.case.people import Appointment, Post
from review.case.policy import FastLane, LeaderSigns, Policy, Retention
from review.case.policy_file import load_policy
from review.case.values import (
    Channel,
    File,
    FindingNote,
    GapNote,
    Ground,
    Item,
    RoundReport,
    Source,
)
from tests.property.review_desk import Opening

DEPARTMENTS: Final = ("教务处", "学生处")
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
GROUNDS: Final[tuple[Ground, ...]] = get_args(Ground)
NAMES: Final = {
    "p0": "张示例",
    "p1": "李样本",
    "p2": "王举例",
    "p3": "赵试样",
    "p4": "钱范本",
    "p5": "孙比方",
    "p6": "周假设",
    "p7": "吴虚构",
    "p8": "郑设想",
    "p9": "冯外人",
}
REASON: Final = "已核对原件，理由见附页。"
# What people write who do not want to write: nothing, blanks, one character.
EMPTY: Final = ("", " ", "　\n", "好")

_First: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_Seat = tuple[Post, str | None]
_Some = TypeVar("_Some")

_HERE, _THERE = DEPARTMENTS
# Each person's usual post, and what he may hold beside it.
_SEATS: Final[dict[str, tuple[_Seat, tuple[_Seat, ...]]]] = {
    "p0": (
        ("reviewer", _HERE),
        (("reviewer", _THERE), ("head", _HERE), ("office", None)),
    ),
    "p1": (("head", _HERE), (("office", None), ("leader", None), ("reviewer", _HERE))),
    "p2": (("office", None), (("leader", None), ("reviewer", _HERE))),
    "p3": (("office", None), (("head", _HERE), ("reviewer", _THERE))),
    "p4": (("leader", None), (("office", None), ("head", _THERE))),
    "p5": (("security_admin", None), (("office", None), ("auditor", None))),
    "p6": (("auditor", None), (("reviewer", _HERE), ("office", None))),
    "p7": (("reviewer", _THERE), (("site", _THERE), ("office", None))),
    "p8": (("site", _HERE), (("head", _THERE), ("reviewer", _HERE))),
    "p9": (("reviewer", _HERE), (("office", None),)),
}
_APART: Final = frozenset({"p5", "p6"})
ADMINISTRATORS: Final = frozenset[Post]({"system_admin", "security_admin", "auditor"})
# Posts that name a department.
LOCAL: Final = frozenset({"reviewer", "head", "site"})


@cache
def _shipped() -> Policy:
    return load_policy()


def china_day(at: datetime) -> date:
    """The day in China, reckoned here and not by the code that is judged."""
    return (at.astimezone(UTC) + timedelta(hours=8)).date()


def open_school(dice: Random) -> Opening:
    """Draw who is there, what the office chose, and when the story begins."""
    at = _First + timedelta(
        days=dice.randrange(400), milliseconds=dice.randrange(86_400_000)
    )
    return Opening(at=at, appointments=_appointments(dice, at), policy=policy(dice))


def _appointments(dice: Random, at: datetime) -> tuple[Appointment, ...]:
    made: list[Appointment] = []
    for person, (seat, others) in _SEATS.items():
        # Some administrators were given a second post before this system came.
        second = 0.08 if person in _APART else 0.3
        seats = [seat] if person != "p9" or dice.random() < 0.3 else []
        if dice.random() < second:
            seats.append(dice.choice(others))
        for post, department in seats:
            made.append(
                appointment(
                    dice,
                    at,
                    name=f"a{len(made)}",
                    person=person,
                    post=post,
                    department=department,
                )
            )
    return tuple(made)


def appointment(  # noqa: PLR0913 - keyword-only, all of them plain facts
    dice: Random,
    at: datetime,
    *,
    name: str,
    person: str,
    post: Post,
    department: str | None,
) -> Appointment:
    """Draw an appointment's days: most hold for long, some begin or end about now."""
    today = china_day(at)
    plain = Appointment(
        id=name,
        person=person,
        name=NAMES.get(person, person),
        post=post,
        from_day=today - dice.randrange(1, 200) * _DAY,
        until_day=today + dice.randrange(60, 500) * _DAY,
        ground="任字〔2026〕1号",
        department=department,
        deputy_for="p0" if dice.random() < 0.05 else None,
    )
    if dice.random() < 0.8:
        return plain
    edge = today + dice.randrange(-1, 4) * _DAY
    return dice.choice(
        (
            replace(plain, until_day=edge),
            replace(plain, from_day=edge),
            replace(plain, from_day=edge, until_day=edge),
            replace(plain, ended_on=edge),
        )
    )


def policy(dice: Random) -> Policy:
    """Draw a policy that the policy file would take."""
    valid = dice.choice((2, 10, 30))
    tiers: tuple[tuple[Literal["state", "work"], ...], ...] = (
        (),
        (),
        ("state",),
        ("state", "work"),
    )
    return replace(
        _shipped(),
        version=str(dice.randrange(1000)),
        clearance_valid_days=valid,
        fast_lane=FastLane(
            enabled=dice.random() < 0.5,
            channels=dice.choice((("website",), ("website", "wechat"))),
            most_severe=dice.choice(("none", "notice")),
        ),
        head_must_endorse=dice.random() < 0.3,
        leader_signs=LeaderSigns(
            channels=dice.choice(((), ("press",), ("press", "broadcast"))),
            tiers=dice.choice(tiers),
            after_answer=dice.random() < 0.3,
        ),
        marking_incident=dice.choice(("seal", "purge")),
        incident_report_hours=dice.choice((1, 24)),
        retention_days=Retention(
            cleared=valid + dice.choice((0, 20)),
            refused=dice.choice((0, 5)),
            withdrawn=dice.choice((0, 3)),
        ),
    )


def item(dice: Random, *, department: str, wild: bool = False) -> Item:
    """Draw an item; a wild one may lack something or hold two bodies."""
    sound = Item(
        title="关于举办示例活动的通知",
        department=department,
        channels=_some(dice, CHANNELS, most=2)
        if dice.random() < 0.3
        else _some(dice, ("website", "wechat", "press"), most=2),
        drafted_by="何拟稿",
        files=(
            _file(dice, "标题", "title"),
            _file(dice, "正文.docx", "body"),
            *(
                _file(dice, f"附件{n}.pdf", "attachment")
                for n in range(dice.randrange(3))
            ),
        ),
        source=Source() if dice.random() < 0.8 else Source("repost", "云山日报"),
    )
    if not wild:
        return sound
    body = _file(dice, "又一件.docx", "body")
    return dice.choice(
        (
            sound,
            replace(sound, title=" "),
            replace(sound, drafted_by=""),
            replace(sound, channels=()),
            replace(sound, files=sound.files[:1]),
            replace(sound, files=(*sound.files, body)),
        )
    )


def _file(
    dice: Random, name: str, role: Literal["title", "body", "attachment"]
) -> File:
    return File(name, role, 1 + dice.randrange(9999), f"{dice.getrandbits(256):064x}")


def report(dice: Random) -> RoundReport:
    """Draw what the machine found: mostly little, sometimes everything at once."""
    count = dice.choice((0, 0, 0, 1, 1, 2, 3))
    gaps = tuple(_gap(dice, f"g{n}") for n in range(dice.choice((0, 0, 0, 0, 1, 2))))
    return RoundReport(
        digest=f"{dice.getrandbits(256):064x}",
        verdict="needs_review",
        xianshen="0.1.0",
        lexicons="l" * 8,
        model="m" * 8,
        canonical=None if dice.random() < 0.06 else f"{dice.getrandbits(256):064x}",
        findings=tuple(_finding(dice, f"f{n}") for n in range(count)),
        gaps=gaps,
        attachments=("0" * 64,) if dice.random() < 0.3 else (),
    )


def _finding(dice: Random, name: str) -> FindingNote:
    kind = dice.random()
    plain = FindingNote(
        id=name,
        file="0" * 64,
        detector="lexicon",
        rule="mark-example",
        category=dice.choice(("exam", "privacy", "marking")),
        tier=dice.choice(("state", "work", "internal", "privacy", "business")),
        severity=dice.choice(("block", "review", "review", "notice", "notice")),
        releasable=dice.random() < 0.3,
    )
    if kind < 0.12:  # the draft itself bears it: an incident
        return replace(plain, detector="marking", tier="state", severity="block")
    if kind < 0.25:  # it is spoken of
        return replace(plain, detector="marking", tier="state", severity="review")
    return plain


def _gap(dice: Random, name: str) -> GapNote:
    unreadable = dice.random() < 0.25
    code = "encrypted" if unreadable else "image_without_text"
    return GapNote(id=name, file="0" * 64, code=code, unreadable=unreadable)


def _some(dice: Random, all_: Sequence[_Some], *, most: int) -> tuple[_Some, ...]:
    return tuple(dice.sample(all_, dice.randrange(1, most + 1)))

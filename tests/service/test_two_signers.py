"""Two people decide on one case at once: one of them does, the other is told so."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TypeAlias

import pytest
from sqlalchemy import Engine

from review.case.case import Case
from review.case.people import Appointment
from review.case.request import Decision
from review.errors import RefusedError
from review.service.cases import scan, sign_off, submit
from review.service.desk import Asker, Desk
from review.service.people import appointments as people
from review.store.engine import make_engine
from review.store.store import SqlStore
from tests.service.site import CLEAN, Site, appointment, draft, on_both

_RACES = 200
_CLEAR = Decision(outcome="clear", opinion="同意公开", channels=("website",))
_BACK = Decision(outcome="return", opinion="请改标题")

Asking: TypeAlias = Callable[[Desk], Case]

pytestmark = pytest.mark.slow


class Racers:
    """Two desks on one database, each with connections of its own."""

    def __init__(self, site: Site) -> None:
        url = site.engine.url.render_as_string(hide_password=False)
        self._engines = [make_engine(url) for _ in range(2)]
        self._desks = [_desk(site, one) for one in self._engines]
        self._pool = ThreadPoolExecutor(2)
        self._start = threading.Barrier(2)

    def race(self, *asked: Asking) -> list[Case | RefusedError]:
        """Let both ask at the same moment; return what each of them got."""
        both = zip(self._desks, asked, strict=True)
        going = [self._pool.submit(self._ask, desk, ask) for desk, ask in both]
        return [one.result() for one in going]

    def _ask(self, desk: Desk, ask: Asking) -> Case | RefusedError:
        self._start.wait()
        try:
            return ask(desk)
        except RefusedError as error:
            return error

    def close(self) -> None:
        self._pool.shutdown()
        for one in self._engines:
            one.dispose()


def _desk(site: Site, engine: Engine) -> Desk:
    store = SqlStore(
        engine,
        key=site.key,
        algorithm="sha256",
        witness=site.witness,
        now=site.clock,
    )
    return replace(site.desk, store=store)


@pytest.fixture
def racers(site: Site) -> Iterator[Racers]:
    made = Racers(site)
    yield made
    made.close()


def _sign(desk: Desk, *, number: str, decision: Decision, asker: Asker) -> Case:
    return sign_off.sign_off(desk, number, decision, asker=asker)


def _ready(site: Site) -> str:
    number = site.submit(CLEAN).number
    site.conclude(number)
    return number


@on_both
def test_of_two_signers_one_signs(site: Site, racers: Racers) -> None:
    won: Counter[str] = Counter()
    for race in range(_RACES):
        number = _ready(site)
        # They don't even agree.
        asked = [
            partial(_sign, number=number, decision=said, asker=site.by(who, number))
            for who, said in (("li", _CLEAR), ("qian", _BACK))
        ]
        results = racers.race(*(asked if race % 2 else reversed(asked)))
        (signed,) = (one for one in results if isinstance(one, Case))
        (refused,) = (one for one in results if isinstance(one, RefusedError))
        assert refused.code == "stale"
        assert site.case(number) == signed
        assert signed.round.sign_off is not None
        won[signed.round.sign_off.by.id] += 1
        assert site.kinds(number).count("signed_off") == 1
        assert len(signed.grants) == (signed.round.sign_off.by.id == "li")
    assert won.total() == _RACES
    # Else they never met, and one of them was always first.
    assert set(won) == {"li", "qian"}


def _withdraw(desk: Desk, *, number: str, asker: Asker) -> Case:
    return submit.withdraw(desk, number, reason="不发了", asker=asker)


@on_both
def test_of_a_signature_and_a_withdrawal_one_counts(site: Site, racers: Racers) -> None:
    for _ in range(20):
        number = _ready(site)
        office, department = site.by("li", number), site.by("zhang", number)
        results = racers.race(
            partial(_sign, number=number, decision=_CLEAR, asker=office),
            partial(_withdraw, number=number, asker=department),
        )
        assert sum(isinstance(one, Case) for one in results) == 1
        assert site.case(number).stage in {"cleared", "withdrawn"}


def _hand_in(desk: Desk) -> Case:
    return submit.submit(desk, draft(CLEAN), person="zhang")


def _appoint_and_hand_in(desk: Desk, *, wanted: Appointment) -> Case:
    people.appoint(desk, wanted, person="security")
    return _hand_in(desk)


@on_both
def test_numbers_have_no_gap_and_the_record_no_fork(site: Site, racers: Racers) -> None:
    numbers: list[str] = []
    for turn in range(15):
        site.clock.pass_by(minutes=1)
        wanted = appointment(f"neu{turn}", "新人甲", "reviewer", "后勤处")
        results = racers.race(_hand_in, partial(_appoint_and_hand_in, wanted=wanted))
        numbers += [one.number for one in results if isinstance(one, Case)]
    assert sorted(numbers) == [f"2026-{one:06d}" for one in range(1, 31)]
    made = people.appointments(site.desk)
    assert len({one.id for one in made}) == len(made)


def _scan(desk: Desk, *, number: str) -> Case:
    return scan.scan(desk, number)


@on_both
def test_two_workers_scan_a_round_once(site: Site, racers: Racers) -> None:
    for _ in range(10):
        number = _hand_in(site.desk).number
        results = racers.race(*(partial(_scan, number=number) for _ in range(2)))
        assert [one.stage for one in results if isinstance(one, Case)] == [
            "first_pass",
            "first_pass",
        ]
        assert site.kinds(number) == ("submitted", "scanned")

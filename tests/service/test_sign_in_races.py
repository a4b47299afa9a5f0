"""Two at once: no failure is lost, and a code lets one of them in."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TypeAlias

import pytest

from review.errors import EntryError, XianshenError
from review.service.desk import Desk
from review.service.people import accounts, own_account, sign_in
from review.service.people.accounts import NewAccount
from review.service.people.sign_in import Signed
from review.store.engine import make_engine
from review.store.store import SqlStore
from tests.service.entrance import (
    HERE,
    OTHER,
    PASSWORD,
    account_of,
    code_now,
    come_in,
    enrol,
    give,
    light_hashing,
    signed,
)
from tests.service.site import Site, on_both

__all__ = ["light_hashing"]

_RACES = 40
Asking: TypeAlias = Callable[[Desk], object]

pytestmark = pytest.mark.slow


class Racers:
    """Two desks on one database, each with connections of its own."""

    def __init__(self, site: Site) -> None:
        url = site.engine.url.render_as_string(hide_password=False)
        self._engines = [make_engine(url) for _ in range(2)]
        self._desks = [
            replace(
                site.desk,
                store=SqlStore(
                    one,
                    key=site.key,
                    algorithm="sha256",
                    witness=site.witness,
                    now=site.clock,
                ),
            )
            for one in self._engines
        ]
        self._pool = ThreadPoolExecutor(2)
        self._start = threading.Barrier(2)

    def race(self, *asked: Asking) -> list[object]:
        """Let both ask at the same moment; return what each of them got."""
        both = zip(self._desks, asked, strict=True)
        going = [self._pool.submit(self._ask, desk, ask) for desk, ask in both]
        return [one.result() for one in going]

    def _ask(self, desk: Desk, ask: Asking) -> object:
        self._start.wait()
        try:
            return ask(desk)
        except XianshenError as error:
            return error

    def close(self) -> None:
        self._pool.shutdown()
        for one in self._engines:
            one.dispose()


@pytest.fixture
def racers(site: Site) -> Iterator[Racers]:
    made = Racers(site)
    yield made
    made.close()


def _enter(
    desk: Desk, login: str, password: str = PASSWORD, code: str | None = None
) -> object:
    return sign_in.sign_in(desk, login, password, code=code, address=HERE)


@on_both
def test_of_two_wrong_passwords_at_once_both_count(site: Site, racers: Racers) -> None:
    give(site, "zhang")
    wrong = partial(_enter, login="zhang", password=OTHER)
    for race in range(1, 3):
        results = racers.race(wrong, wrong)
        assert all(isinstance(one, EntryError) for one in results)
        assert account_of(site, "zhang").failures == 2 * race
    # The fifth locks: of the next two one counts, the other comes to a locked door.
    racers.race(wrong, wrong)
    assert account_of(site, "zhang").failures == 5


@on_both
def test_of_two_with_the_same_code_one_comes_in(site: Site, racers: Racers) -> None:
    give(site, "li")
    seed, _ = enrol(site, come_in(site, "li"))
    for _ in range(_RACES):
        site.clock.pass_by(minutes=1)
        ask = partial(_enter, login="li", code=code_now(site, seed))
        got = Counter(type(one).__name__ for one in racers.race(ask, ask))
        assert got == {"Entered": 1, "WrongCodeError": 1}


@on_both
def test_of_two_with_the_same_recovery_code_one_comes_in(
    site: Site, racers: Racers
) -> None:
    give(site, "li")
    _, codes = enrol(site, come_in(site, "li"))
    for code in codes:
        ask = partial(_enter, login="li", code=code)
        got = Counter(type(one).__name__ for one in racers.race(ask, ask))
        assert got == {"Entered": 1, "WrongCodeError": 1}


def _change(desk: Desk, asker: Signed, new: str) -> object:
    return own_account.change_password(
        desk, asker, current=PASSWORD, new=new, address=HERE
    )


def test_of_two_password_changes_at_once_one_counts(site: Site, racers: Racers) -> None:
    give(site, "zhang")
    asker = come_in(site, "zhang")
    one, other = "First+2026abc", "Second+2026abc"
    results = racers.race(
        partial(_change, asker=asker, new=one),
        partial(_change, asker=asker, new=other),
    )
    assert sorted(type(each).__name__ for each in results) == ["NoneType", "StaleError"]
    won = (one, other)[results.index(None)]
    come_in(site, "zhang", won)


def test_whoever_comes_in_while_he_is_shut_out_is_not_inside_afterwards(
    site: Site, racers: Racers
) -> None:
    for race in range(10):
        login = f"zhang{race}"
        give(site, login)
        results = racers.race(
            partial(_enter, login=login),
            partial(accounts.disable, account=login, person="system"),
        )
        if isinstance(results[0], sign_in.Entered):
            with pytest.raises(EntryError):
                signed(site, results[0])


def test_of_two_accounts_of_one_name_one_is_made(racers: Racers) -> None:
    wanted = NewAccount(login="zhang", name="张示例")
    ask = partial(accounts.create, wanted=wanted, person="system")
    got = sorted(type(one).__name__ for one in racers.race(ask, ask))
    assert got == ["Given", "RefusedError"]

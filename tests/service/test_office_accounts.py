"""Accounts as the administrators keep them, and how far each of the three may go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from review.access.entrance import Entrance, Provider
from review.access.events import AccountChanged
from review.errors import (
    IncompleteError,
    NotFoundError,
    NotPermittedError,
    NotSignedInError,
    RefusedError,
    UsageError,
    XianshenError,
)
from review.service.people import accounts, sign_in
from review.service.people.accounts import NewAccount
from tests.service.entrance import (
    OTHER,
    account_of,
    code_now,
    come_in,
    enrol,
    enter,
    give,
    light_hashing,
    on_record,
    signed,
)
from tests.service.site import Site, on_both

__all__ = ["light_hashing"]

ZHANG = NewAccount(login="zhang", name="张示例", department="宣传部")
ISSUER = "https://id.example.edu.cn"


@on_both
def test_an_account_is_made_and_its_password_changed_first(site: Site) -> None:
    given = accounts.create(site.desk, ZHANG, person="system")
    assert given.password not in repr(given)
    made = account_of(site, "zhang")
    assert made == given.account
    assert (made.name, made.department, made.demo) == ("张示例", "宣传部", False)
    assert come_in(site, "zhang", given.password).must_change
    (event,) = on_record(site, AccountChanged)
    assert (event.account, event.name, event.change) == ("zhang", "张示例", "created")
    assert (event.by.id, event.by.post) == ("system", "system_admin")


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (NewAccount(login="张示例", name="张示例"), RefusedError),
        (NewAccount(login="machine", name="机器"), RefusedError),
        (NewAccount(login="zhao", name=" "), IncompleteError),
        (NewAccount(login=" ZHANG", name="另一人"), RefusedError),
    ],
)
def test_what_cannot_be_an_account_is_none(
    site: Site, wanted: NewAccount, error: type[RefusedError]
) -> None:
    give(site, "zhang")
    with pytest.raises(error):
        accounts.create(site.desk, wanted, person="system")
    assert on_record(site, AccountChanged) == ()


def test_many_accounts_are_made_or_none(site: Site) -> None:
    give(site, "zhao")
    with pytest.raises(RefusedError, match="zhao"):
        accounts.create_many(
            site.desk, (ZHANG, NewAccount(login="zhao", name="赵虚拟")), person="system"
        )
    with site.desk.store.reading() as records:
        assert records.accounts.find("zhang") is None
    assert on_record(site, AccountChanged) == ()


def test_a_reset_password_is_for_one_sign_in_and_ends_all_sessions(site: Site) -> None:
    give(site, "zhang", failures=9, locked_until=site.desk.now() + timedelta(hours=1))
    given = accounts.reset_password(site.desk, "zhang", person="system")
    entered = enter(site, "zhang", given.password)
    assert signed(site, entered).must_change
    accounts.reset_password(site.desk, "ZHANG", person="system")
    with pytest.raises(NotSignedInError):
        signed(site, entered)
    assert [one.change for one in on_record(site, AccountChanged)] == [
        "password_reset"
    ] * 2


def test_a_reset_password_leaves_the_second_factor(site: Site) -> None:
    give(site, "li")
    seed, _ = enrol(site, come_in(site, "li"))
    given = accounts.reset_password(site.desk, "li", person="system")
    site.clock.pass_by(minutes=1)
    asker = signed(site, enter(site, "li", given.password, code_now(site, seed)))
    assert asker.must_change


def test_a_closed_account_lets_nobody_in_until_it_is_opened(site: Site) -> None:
    give(site, "zhang")
    entered = enter(site, "zhang")
    accounts.disable(site.desk, "zhang", person="system")
    with pytest.raises(NotSignedInError):
        signed(site, entered)
    accounts.enable(site.desk, "zhang", person="system")
    # What ended stays ended.
    with pytest.raises(NotSignedInError):
        signed(site, entered)
    enter(site, "zhang")
    assert [one.change for one in on_record(site, AccountChanged)] == [
        "disabled",
        "enabled",
    ]


def test_nobody_closes_his_own_account(site: Site) -> None:
    give(site, "system")
    with pytest.raises(NotPermittedError, match="自己"):
        accounts.disable(site.desk, "SYSTEM", person="system")
    assert site.refusals()[-1].verb == "manage_accounts"


def test_an_unlocked_account_can_be_tried_at_once(site: Site) -> None:
    give(site, "zhang", failures=9, locked_until=site.desk.now() + timedelta(hours=1))
    accounts.unlock(site.desk, "zhang", person="system")
    enter(site, "zhang")


def test_a_lost_second_factor_is_taken_away_by_the_security_administrator(
    site: Site,
) -> None:
    give(site, "li")
    entered = enter(site, "li")
    enrol(site, signed(site, entered))
    with pytest.raises(NotPermittedError):
        accounts.remove_second_factor(site.desk, "li", person="system")
    accounts.remove_second_factor(site.desk, "li", person="security")
    with pytest.raises(NotSignedInError):
        signed(site, entered)
    assert come_in(site, "li").must_enrol
    with pytest.raises(RefusedError, match="没有绑定"):
        accounts.remove_second_factor(site.desk, "li", person="security")


@on_both
def test_a_name_and_a_department_are_corrected_on_record(site: Site) -> None:
    give(site, "zhang", name="张示列", department="宣传部")
    entered = enter(site, "zhang")
    accounts.rename(site.desk, " ZHANG", name=" 张示例 ", person="system")
    made = account_of(site, "zhang")
    assert (made.name, made.department) == ("张示例", "宣传部")
    moved = accounts.rename(site.desk, "zhang", department="教务处", person="system")
    assert (moved.name, moved.department) == ("张示例", "教务处")
    accounts.rename(site.desk, "zhang", department="", person="system")
    assert account_of(site, "zhang").department is None
    # He is who he was: what he has open stays open.
    assert signed(site, entered).name == "张示例"
    said = [
        (one.change, one.name, one.department, one.by.id)
        for one in on_record(site, AccountChanged)
    ]
    assert said == [
        ("renamed", "张示例", "宣传部", "system"),
        ("department_changed", "张示例", "教务处", "system"),
        ("department_changed", "张示例", "", "system"),
    ]


def test_both_are_corrected_at_once_and_what_is_as_it_was_is_no_change(
    site: Site,
) -> None:
    give(site, "zhang", name="张示列", department="宣传部")
    accounts.rename(
        site.desk, "zhang", name="张示例", department="教务处", person="system"
    )
    accounts.rename(
        site.desk, "zhang", name="张示例", department="教务处", person="system"
    )
    said = [one.change for one in on_record(site, AccountChanged)]
    assert said == ["renamed", "department_changed"]


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({}, UsageError),
        ({"name": " "}, IncompleteError),
        ({"name": "张" * 41}, RefusedError),
        ({"name": "张\u202e示例"}, RefusedError),
        ({"department": "宣\n传部"}, RefusedError),
        ({"name": "张示例", "department": "部" * 51}, RefusedError),
    ],
)
def test_what_is_no_name_or_department_changes_nothing(
    site: Site, wanted: dict[str, str], error: type[XianshenError]
) -> None:
    before = give(site, "zhang")
    with pytest.raises(error):
        accounts.rename(site.desk, "zhang", person="system", **wanted)
    assert account_of(site, "zhang") == before
    assert on_record(site, AccountChanged) == ()


def test_an_identity_is_linked_to_one_account(site: Site) -> None:
    give(site, "zhang")
    give(site, "zhao")
    with pytest.raises(RefusedError, match="oidc_issuer"):
        accounts.link_identity(site.desk, "zhang", "0001", person="system")
    entrance = Entrance(provider=Provider(issuer=ISSUER))
    site.desk = replace(site.desk, entrance=entrance)
    linked = accounts.link_identity(site.desk, "zhang", " 0001 ", person="system")
    assert linked.subject == f"{ISSUER} 0001"
    with pytest.raises(RefusedError, match="另一个账号"):
        accounts.link_identity(site.desk, "zhao", "0001", person="system")
    accounts.unlink_identity(site.desk, "zhang", person="system")
    accounts.link_identity(site.desk, "zhao", "0001", person="system")


_MANAGED: tuple[Callable[..., object], ...] = (
    partial(accounts.create, wanted=ZHANG),
    partial(accounts.create_many, wanted=(ZHANG,)),
    partial(accounts.reset_password, account="he"),
    partial(accounts.disable, account="he"),
    partial(accounts.enable, account="he"),
    partial(accounts.unlock, account="he"),
    partial(accounts.rename, account="he", name="何演示"),
    partial(accounts.link_identity, account="he", subject="1"),
    partial(accounts.unlink_identity, account="he"),
)
_PEOPLE = ("zhang", "wang", "li", "sun", "security", "audit", "nobody.there")


@pytest.mark.parametrize("ask", _MANAGED, ids=lambda one: one.func.__name__)
def test_only_the_system_administrator_keeps_accounts(
    site: Site, ask: Callable[..., object]
) -> None:
    before = give(site, "he")
    for person in _PEOPLE:
        with pytest.raises(NotPermittedError):
            ask(site.desk, person=person)
    assert account_of(site, "he") == before
    assert [one.by.id for one in site.refusals()] == list(_PEOPLE)


@pytest.mark.parametrize("person", ["zhang", "wang", "li", "sun", "nobody.there"])
def test_only_administrators_see_accounts(site: Site, person: str) -> None:
    give(site, "he")
    asked: tuple[Callable[..., object], ...] = (
        lambda desk: accounts.page(desk, person=person),
        lambda desk: accounts.see(desk, "he", person=person),
    )
    for ask in asked:
        with pytest.raises(NotPermittedError):
            ask(site.desk)
    for admin in ("system", "security", "audit"):
        assert [one.id for one in accounts.page(site.desk, person=admin)] == ["he"]
        assert accounts.see(site.desk, "HE", person=admin).id == "he"


def test_what_is_not_there_is_not_found(site: Site) -> None:
    for ask in (
        accounts.reset_password,
        accounts.disable,
        accounts.unlock,
        accounts.see,
        partial(accounts.rename, name="张示例"),
    ):
        with pytest.raises(NotFoundError):
            ask(site.desk, "nobody.there", person="system")


def test_accounts_for_trying_out_stand_alone(site: Site) -> None:
    people = (ZHANG, NewAccount(login="li", name="李样本"))
    made = accounts.found_demo(site.desk, people)
    assert accounts.demo_accounts(site.desk) == ("li", "zhang")
    for one in made:
        sign_in.require_ready(come_in(site, one.account.id, one.password))
    accounts.found_demo(site.desk, (NewAccount(login="he", name="何演示"),))
    give(site, "real", OTHER)
    with pytest.raises(NotPermittedError):
        accounts.found_demo(site.desk, (NewAccount(login="sun", name="孙举例"),))

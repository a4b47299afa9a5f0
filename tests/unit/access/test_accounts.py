"""Login names, ages of passwords, and for whom a password alone is too little."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.access.accounts import (
    Account,
    SecondFactor,
    as_doer,
    forbid_unfit_department,
    forbid_unfit_login,
    forbid_unfit_name,
    login_of,
)
from review.access.entrance import Entrance
from review.case.people import Appointment, Person, Post
from review.errors import IncompleteError, RefusedError

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ZHANG = Account(id="zhang", name="张示例", created_at=AT)


@pytest.mark.parametrize("login", ["zhang", "a1", "0x", "z.hang_a-b", "a" * 64])
def test_a_login_name_may_be(login: str) -> None:
    forbid_unfit_login(login)


@pytest.mark.parametrize(
    "login",
    [
        "",
        "a",
        "a" * 65,
        "Zhang",
        "张示例",
        "-a",
        ".a",
        "a b",
        "a/b",
        "a\0b",
        "machine",
        "site-news",
    ],
)
def test_a_login_name_may_not_be(login: str) -> None:
    with pytest.raises(RefusedError):
        forbid_unfit_login(login)


def test_a_login_name_is_typed_as_one_likes() -> None:
    assert login_of("  ZHANG ") == "zhang"


def test_a_name_is_one() -> None:
    forbid_unfit_name("张示例")
    with pytest.raises(IncompleteError):
        forbid_unfit_name("  ")
    for name in ("张" * 41, "张\n示例", "张\0"):
        with pytest.raises(RefusedError):
            forbid_unfit_name(name)


def test_a_department_stands_in_a_line() -> None:
    forbid_unfit_department("")
    forbid_unfit_department("宣传部")
    for department in ("部" * 51, "宣传\n部"):
        with pytest.raises(RefusedError):
            forbid_unfit_department(department)


def test_a_password_that_was_given_out_must_be_changed() -> None:
    given = ZHANG.with_password("$kept", AT, must_change=True)
    assert given.must_change_password(Entrance(), AT)
    own = given.with_password("$other", AT)
    assert not own.must_change_password(Entrance(), AT + timedelta(days=9999))
    assert not ZHANG.must_change_password(Entrance(password_days=1), AT)


@given(st.integers(1, 1000), st.integers(0, 2000))
def test_a_password_is_too_old_from_the_day_on(allowed: int, days: int) -> None:
    own = ZHANG.with_password("$kept", AT)
    rules = Entrance(password_days=allowed)
    late = own.must_change_password(rules, AT + timedelta(days=days))
    assert late is (days >= allowed)


def test_five_passwords_are_remembered_newest_first() -> None:
    account = ZHANG
    for number in range(7):
        account = account.with_password(f"${number}", AT)
    assert account.recent_hashes == ("$6", "$5", "$4", "$3", "$2")
    assert account.password_hash == account.recent_hashes[0]


@pytest.mark.parametrize("post", get_args(Post))
def test_whoever_signs_or_appoints_needs_a_second_factor(post: Post) -> None:
    signs = {"office", "leader", "head", "security_admin", "system_admin"}
    assert ZHANG.needs_second_factor({post}) is (post in signs)
    demo = Account(id="demo1", name="演示", created_at=AT, demo=True)
    assert not demo.needs_second_factor({post})


def test_nothing_by_which_one_comes_in_is_shown() -> None:
    factor = SecondFactor(sealed=b"sealed", last_step=1, recovery=("digest",))
    account = Account(
        id="li",
        name="李样本",
        created_at=AT,
        password_hash="$hash",  # noqa: S106 - made up, to be looked for
        recent_hashes=("$hash",),
        second_factor=factor,
        pending_seed=b"pending",
    )
    for secret in ("hash", "sealed'", "digest", "pending'"):
        assert f"${secret}" not in repr(account)
        assert f"b'{secret}" not in repr(account)
        assert f"'{secret}'" not in repr(account)


def test_the_record_names_the_holder_as_he_stands_today() -> None:
    made = Appointment(
        "任0001",
        "zhang",
        "张示例",
        "reviewer",
        date(2026, 1, 1),
        date(2026, 12, 31),
        "云职院〔2026〕3号",
        "宣传部",
    )
    person = Person("zhang", "张示例", (made,))
    assert as_doer(ZHANG, person, AT).post == "reviewer"
    later = as_doer(ZHANG, person, AT + timedelta(days=60))
    assert (later.id, later.name, later.post) == ("zhang", "张示例", "nobody")

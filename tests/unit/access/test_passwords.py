"""004's rule, what everybody tries first, and that unknown people cost as much."""

import string
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from review.access import passwords
from review.errors import WeakPasswordError

GOOD = "Yunshan+2026x"


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let each hash take little memory and time; it is the same function."""
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "_PASSES", 1)
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    passwords._hasher.cache_clear()
    passwords._nobody.cache_clear()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Yunshan+26", None),
        ("云山Yunshan+26", None),
        ("Yunsha+26", "不足 10 个字符"),
        ("yunshan+2026x", "缺少大写字母"),
        ("YUNSHAN+2026X", "缺少小写字母"),
        ("Yunshan+abcdx", "缺少数字"),
        ("Yunshan2026xx", "缺少符号"),
        ("yunshanyunshan", "缺少大写字母、数字、符号"),
        ("云山职业学院一二三四五", "缺少大写字母、小写字母、数字、符号"),
        ("Yunshan 2026 x", "缺少符号"),
        ("Yunshan+2026\x00", "不能输入"),
        (f"Yunshan+2026{'x' * 117}", "超过 128 个字符"),
        ("Li.ZhangSan+2026", "含有登录名"),
        ("LI.ZHANGSAN+2026x", "含有登录名"),
        ("P@ssw0rd2026!", "太常见"),
        ("2026P@ssw0rd!", "太常见"),
        ("Admin@123456", "太常见"),
        ("Qwerty+12345", "太常见"),
        ("1qaz@WSX3edc", "太常见"),
        ("Abcd+12345678", "太常见"),
        ("Aa1+Aa1+Aa1+", "太常见"),
    ],
)
def test_the_rule(password: str, said: str | None) -> None:
    if said is None:
        passwords.forbid_weak(password, login="li.zhangsan")
        return
    with pytest.raises(WeakPasswordError, match=said) as refused:
        passwords.forbid_weak(password, login="li.zhangsan")
    assert password not in refused.value.message


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(WeakPasswordError, match=r"缺少.*不足.*太常见"):
        passwords.forbid_weak("admin", login="zhang")


def test_a_login_name_of_two_letters_may_stand_in_a_password() -> None:
    passwords.forbid_weak("Qingli+2026x", login="li")


def test_the_last_five_are_not_used_again() -> None:
    kept = [passwords.hash_password(f"{GOOD}{one}") for one in range(6)]
    for one in range(5):
        with pytest.raises(WeakPasswordError, match="最近 5 次"):
            passwords.forbid_weak(f"{GOOD}{one}", login="zhang", recent=kept)
    passwords.forbid_weak(f"{GOOD}5", login="zhang", recent=kept)


_KINDS = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "+-=%#@?")


@given(st.text(alphabet="".join(_KINDS), min_size=0, max_size=14))
@settings(max_examples=500)
def test_whatever_is_taken_keeps_the_rule(password: str) -> None:
    try:
        passwords.forbid_weak(password, login="zhang")
    except WeakPasswordError:
        return
    assert len(password) >= 10
    assert all(set(password) & set(kind) for kind in _KINDS)
    assert "zhang" not in password.lower()


@settings(max_examples=20)
@given(st.sampled_from(["zhang", "li"]))
def test_first_passwords_keep_the_rule_and_differ(login: str) -> None:
    first, second = passwords.first_password(), passwords.first_password()
    assert first != second
    passwords.forbid_weak(first, login=login)


def test_a_password_fits_what_was_kept_of_it_and_nothing_else() -> None:
    kept = passwords.hash_password(GOOD)
    assert kept.startswith("$argon2id$")
    assert GOOD not in kept
    assert kept != passwords.hash_password(GOOD)
    assert passwords.fits(kept, GOOD)
    for other in (GOOD.lower(), f"{GOOD} ", "", f"{GOOD}\x00"):
        assert not passwords.fits(kept, other)


def test_two_spellings_of_one_letter_are_one() -> None:
    kept = passwords.hash_password("Caf\u00e9+2026xx")
    assert passwords.fits(kept, "Cafe\u0301+2026xx")


def test_what_is_too_long_or_damaged_fits_nothing() -> None:
    long = "Aa1+" * 40
    assert not passwords.fits(passwords.hash_password(long), long)
    assert not passwords.fits("not a hash", GOOD)
    assert not passwords.fits("", GOOD)


def test_nobody_costs_as_much_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, kept: str, password: str) -> bool:
        asked.append(kept)
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    assert not passwords.fits(None, GOOD)
    assert not passwords.fits(passwords.hash_password(GOOD), "wrong")
    assert len(asked) == 2
    nobody, somebody = (one.rsplit("$", 2)[0] for one in asked)
    assert nobody == somebody


def test_a_change_of_parameters_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = passwords.hash_password(GOOD)
    assert not passwords.is_outdated(kept)
    assert not passwords.is_outdated("not a hash")
    monkeypatch.setattr(passwords, "_PASSES", 2)
    _forget()
    assert passwords.is_outdated(kept)
    assert passwords.fits(kept, GOOD)


def test_the_parameters_are_no_less_than_what_is_asked_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    _forget()
    kept = passwords.hash_password(GOOD)
    assert kept.startswith("$argon2id$v=19$m=32768,t=2,p=1$")

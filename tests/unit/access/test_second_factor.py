"""Codes as RFC 6238 has them, good for a while, each once; recovery codes too."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.access import second_factor

AT = datetime(2026, 11, 23, 1, 0, 10, tzinfo=UTC)
SEED = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    # RFC 6238, appendix B, SHA-1, the last six digits.
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert second_factor.code_at(SEED, second_factor.step_of(at)) == code


@pytest.mark.parametrize(
    ("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_is_good_one_step_before_and_after(steps: int, *, good: bool) -> None:
    code = second_factor.code_at(SEED, second_factor.step_of(AT) + steps)
    found = second_factor.step_of_code(SEED, code, at=AT, after=None)
    assert (found is not None) is good


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(-1, 1)), max_size=20))
def test_no_step_is_ever_taken_twice_nor_an_earlier_one(
    tries: list[tuple[int, int]],
) -> None:
    at, last, taken = AT, None, []
    for seconds, shift in tries:
        at += timedelta(seconds=seconds)
        code = second_factor.code_at(SEED, second_factor.step_of(at) + shift)
        step = second_factor.step_of_code(SEED, code, at=at, after=last)
        if step is not None:
            taken.append(step)
            last = step
    assert taken == sorted(set(taken))


def test_spaces_in_a_code_do_not_matter_and_anything_else_does() -> None:
    code = second_factor.code_at(SEED, second_factor.step_of(AT))
    for typed in (code, f"{code[:3]} {code[3:]}", f" {code}\n"):
        assert second_factor.step_of_code(SEED, typed, at=AT, after=None) is not None
    for typed in ("", "0", f"{code}0", code[:-1], "一二三四五六", "abcdef"):
        assert second_factor.step_of_code(SEED, typed, at=AT, after=None) is None


def test_a_device_takes_the_seed_from_the_address() -> None:
    seed = second_factor.new_seed()
    uri = second_factor.provisioning_uri(seed, account="li", office="云山职业学院")
    parts = urlsplit(uri)
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/先审 云山职业学院:li"
    assert asked["secret"] == [second_factor.written(seed)]
    assert asked["issuer"] == ["先审 云山职业学院"]
    svg = second_factor.qr_svg(uri)
    assert svg.startswith("<svg ")
    assert "<script" not in svg


def test_seeds_and_recovery_codes_differ() -> None:
    assert len({second_factor.new_seed() for _ in range(50)}) == 50
    codes = second_factor.new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(second_factor.is_recovery_code(one) for one in codes)
    assert not second_factor.is_recovery_code("123456")


def test_each_recovery_code_counts_once_and_for_its_account() -> None:
    codes = second_factor.new_recovery_codes()
    unused = tuple(second_factor.recovery_digest("li", one) for one in codes)
    assert not any(code in digest for code in codes for digest in unused)
    typed = f" {codes[3].upper().replace('-', ' ')} "
    left = second_factor.spent("li", typed, unused=unused)
    assert left is not None
    assert set(unused) - set(left) == {unused[3]}
    assert second_factor.spent("li", codes[3], unused=left) is None
    assert second_factor.spent("qian", codes[4], unused=left) is None
    assert second_factor.spent("li", "aaaa-bbbb-cccc-dddd", unused=left) is None

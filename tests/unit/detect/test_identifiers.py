"""Numbers of persons, accounts, cars and machines; every number is made up."""

# ruff: noqa: RUF001 - look-alike characters are what is tested

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.detect.check_digits import (
    is_card_number,
    is_credit_code,
    is_identity_number,
)
from review.detect.identifier_kinds import Kind
from review.detect.identifiers import Identifier, find_identifiers, masked_form
from review.normalize.steps import fold

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _identity(first17: str) -> str:
    """Add the check character of GB 11643, computed from the standard."""
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(first17))
    return first17 + "10X98765432"[total % 11]


def _card(body: str) -> str:
    """Add the check digit of ISO/IEC 7812-1."""
    total = 0
    for at, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if at % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return body + str(-total % 10)


def _credit(first17: str) -> str:
    """Add the check character of GB 32100."""
    total = sum(_USCC.index(char) * 3**at for at, char in enumerate(first17))
    return first17 + _USCC[-total % 31]


def _other(value: str) -> str:
    """Return `value` with another last digit, so that the check fails."""
    return value[:-1] + str((int(value[-1], 36) + 1) % 10)


# Code 530199 (an undefined district) and birthdays that nobody would look up.
_ID = _identity("53019919990101123")
_ID_OLD = _identity("53019919351231001")
_ID_X = next(
    one
    for one in (_identity(f"5301991988061{n:04}") for n in range(99))
    if one.endswith("X")
)
_CARD16 = _card("622202000011122")
_CARD19 = _card("622848000011122233")
_CREDIT = _credit("12530199MB0000001")
_CREDIT_FIRM = _credit("91530199MA0000002")


def _spaced(value: str, *sizes: int, by: str = " ") -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(value[at : at + size])
        at += size
    return by.join(parts)


def _find(text: str) -> tuple[Identifier, ...]:
    return find_identifiers(fold(text).text)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        # identity numbers
        (f"身份证号{_ID}", "id_card", _ID),
        (f"身份证号：{_ID_OLD}。", "id_card", _ID_OLD),
        (f"证件号码为{_ID_X}，请核对", "id_card", _ID_X),
        (f"证件号码为{_ID_X.lower()}，请核对", "id_card", _ID_X),
        (_ID, "id_card", _ID),
        (f"（{_ID}）", "id_card", _ID),
        (f"张某{_ID}李某", "id_card", _ID),
        (f"身份证：{_spaced(_ID, 6, 8, 4)}", "id_card", _ID),
        (f"身份证：{_spaced(_ID, 6, 4, 4, 4)}", "id_card", _ID),
        (f"身份证：{_spaced(_ID, 6, 8, 4, by='-')}", "id_card", _ID),
        ("身份证： " + " ".join(_ID), "id_card", _ID),
        ("身份证：" + "\u200b".join(_ID), "id_card", _ID),
        (
            "身份证："
            + _ID.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
            "id_card",
            _ID,
        ),
        ("身份证530199990101123", "id_card", "530199990101123"),
        # mobiles
        ("手机13800000001", "mobile", "13800000001"),
        ("联系人19912345678。", "mobile", "19912345678"),
        ("电话：138-0000-0001", "mobile", "13800000001"),
        ("电话：138 0000 0001", "mobile", "13800000001"),
        ("电话： 1 3 8 0 0 0 0 0 0 0 1", "mobile", "13800000001"),
        ("电话：+86 13800000001", "mobile", "8613800000001"),
        ("电话：86-13800000001", "mobile", "8613800000001"),
        ("电话１３８００００００01", "mobile", "13800000001"),
        ("l38OOOOOOO1 王某", "mobile", "13800000001"),
        # office lines
        ("电话0999-8123456", "landline", "09998123456"),
        ("电话（099）81234567", "landline", "09981234567"),
        ("热线400-123-4567", "landline", "4001234567"),
        # cards
        (f"卡号{_CARD16}", "bank_card", _CARD16),
        (f"卡号{_CARD19}", "bank_card", _CARD19),
        (f"账号：{_CARD19}", "bank_card", _CARD19),
        (f"工行 {_spaced(_CARD16, 4, 4, 4, 4)}", "bank_card", _CARD16),
        (f"农行{_spaced(_CARD19, 4, 4, 4, 4, 3)}", "bank_card", _CARD19),
        (f"打到{_CARD19}的账户", "bank_card", _CARD19),
        # credit codes
        (f"统一社会信用代码{_CREDIT}", "uscc", _CREDIT),
        (f"（代码：{_CREDIT_FIRM}）", "uscc", _CREDIT_FIRM),
        (f"信用代码{_CREDIT.lower()}", "uscc", _CREDIT),
        # travel papers
        ("护照号E00000001", "passport", "E00000001"),
        ("护照：EA0000001", "passport", "EA0000001"),
        ("因公护照号码 P0000001", "passport", "P0000001"),
        ("外籍教师护照号码为123456789", "passport", "123456789"),
        ("港澳通行证C00000001", "hk_macau_permit", "C00000001"),
        ("往来港澳通行证号码W00000001", "hk_macau_permit", "W00000001"),
        ("回乡证H0000000101", "hk_macau_permit", "H0000000101"),
        ("台胞证00000001", "taiwan_permit", "00000001"),
        ("往来台湾通行证T00000001", "taiwan_permit", "T00000001"),
        ("香港身份证Z123456(3)", "hk_id", "Z1234563"),
        # plates
        ("车牌京A12345", "plate", "京A12345"),
        ("车主的云K·8X123停在楼下", "plate", "云K8X123"),
        ("新能源车粤BD12345", "plate", "粤BD12345"),
        ("教练车鄂A·1234学", "plate", "鄂A1234学"),
        # soldiers and students
        ("军官证号：00000001", "military_id", "00000001"),
        ("军字第12345678号", "military_id", "12345678"),
        ("学号202600000001", "student_number", "202600000001"),
        ("（学号：2026000001）", "student_number", "2026000001"),
        # addresses
        ("家住青岚县滨河路12号", "address", "滨河路12号"),
        ("住址：澜汀市砚湖区文昌街88号", "address", "文昌街88号"),
        ("青岚县滨河小区3栋2单元501室", "address", "3栋2单元501室"),
        ("户籍地址：砚湖县柳坪乡石桥村103组", "address", "石桥村103组"),
        ("家住柳坪镇东风小区5幢301室", "address", "5幢301室"),
        # machines
        ("服务器地址192.168.10.25", "ip_address", "1921681025"),
        ("数据库10.0.8.15:3306", "ip_address", "1008153306"),
        ("交换机管理地址172.16.254.1", "ip_address", "172162541"),
        ("初始密码：Abc@1234", "credential", "Abc1234"),
        ("登录口令为 xs2026！", "credential", "xs2026"),
        ("password=Qaz!2026", "credential", "Qaz2026"),
        ("WiFi密码 jiaowu888", "credential", "jiaowu888"),
        (
            "资料见 pan.example.cn/s/1AbCdEf 提取码：x7k9",
            "share_link",
            "提取码x7k9",
        ),
        ("提取码: ab12", "share_link", "ab12"),
        ("坐标 102.712345,25.040609", "coordinates", "10271234525040609"),
        ("东经102.7123°，北纬25.0406°", "coordinates", "1027123"),
        ("东经102°42′15″", "coordinates", "东经102"),
        # accounts
        ("邮箱zhangsan_01@example.com", "email", "zhangsan01examplecom"),
        ("加我微信：zhang_san2026", "wechat", "zhangsan2026"),
        ("QQ群：123456789", "qq", "123456789"),
        ("qq号12345678", "qq", "12345678"),
    ],
)
def test_an_identifier_is_found(text: str, kind: str, value: str) -> None:
    found = [one for one in _find(text) if one.kind == kind]
    assert found, _find(text)
    plain = "".join(char for char in found[0].value.upper() if char.isalnum())
    assert "".join(char for char in value.upper() if char.isalnum()) in plain
    assert found[0].valid
    assert not found[0].masked


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"身份证号{_other(_ID)}", "id_card"),
        (f"身份证号{_other(_ID_OLD)}", "id_card"),
        (f"身份证：{_spaced(_other(_ID), 6, 8, 4)}", "id_card"),
        (f"卡号{_other(_CARD16)}", "bank_card"),
        (f"卡号{_other(_CARD19)}", "bank_card"),
        (f"信用代码{_other(_CREDIT)}", "uscc"),
    ],
)
def test_a_failed_check_is_found_but_not_valid(text: str, kind: str) -> None:
    found = [one for one in _find(text) if one.kind == kind]
    assert [one.valid for one in found] == [False]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"身份证号{_ID[:6]}********{_ID[-4:]}", "id_card"),
        (f"身份证号{_ID[:6]}××××××××{_ID[-4:]}", "id_card"),
        (f"身份证号{_ID[:6]}●●●●●●●●{_ID[-4:]}", "id_card"),
        (f"身份证号{_ID[:3]}***********{_ID[-4:]}", "id_card"),
        (f"身份证号{_ID_X[:6]}********{_ID_X[-4:]}", "id_card"),
        ("手机138****0001", "mobile"),
        ("手机138xxxx0001", "mobile"),
        ("手机１３８＊＊＊＊０００１", "mobile"),
        (f"卡号{_CARD19[:4]} **** **** {_CARD19[-4:]}", "bank_card"),
    ],
)
def test_a_masked_value_is_known_as_masked(text: str, kind: str) -> None:
    assert [(one.kind, one.masked) for one in _find(text)] == [(kind, True)]


@pytest.mark.parametrize(
    "text",
    [
        "今年共招生1380人，比上年增加120人。",
        "文号青教发〔2026〕12号",
        "第20260102期简报，总第138期",
        "预算1234567.89元",
        "2026年11月22日上午9时30分",
        "20261122093000",
        "版本3.11.7，内核6.1",
        "图书编号9787000000001",
        "身份证号999999999999999999",
        "身份证号530199199913011234",
        "身份证530199991301123",
        "手机12345678901",
        "1380000000",
        "138000000012",
        "车间A1234，京都大学",
        "密码应当不少于八位",
        "请保管好账号和密码。",
        "住房保障政策宣讲",
        "地址栏留空即可",
        "QQ空间",
        "章节3.1.4节略",
        "300.1.2.3",
        "学号另行通知",
        "比分102：98",
        "气温25.6℃，湿度70.5%",
        "ISBN 978-7-000-00000-1",
        "五千零八人次",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    # a credit code or an office line is public whatever its digits say
    assert [one for one in _find(text) if one.kind not in {"uscc", "landline"}] == []


@given(
    st.integers(0, 999),
    st.dates(dt.date(1930, 1, 1), dt.date(2025, 12, 31)),
)
def test_every_well_formed_identity_number_holds(serial: int, day: dt.date) -> None:
    value = _identity(f"530199{day:%Y%m%d}{serial:03}")
    assert is_identity_number(value)
    assert not is_identity_number(_other(value))
    assert [(one.kind, one.value) for one in _find(f"证件号{value}")] == [
        ("id_card", value)
    ]


@given(st.text("0123456789", min_size=11, max_size=14))
def test_every_card_number_holds_by_its_last_digit(body: str) -> None:
    value = _card("6228" + body)
    assert is_card_number(value)
    assert not is_card_number(_other(value))


@given(st.text(_USCC, min_size=8, max_size=8))
def test_every_credit_code_holds_by_its_last_character(body: str) -> None:
    value = _credit("91530199" + body + "7")
    assert is_credit_code(value)
    assert not is_credit_code(value[:-1] + _USCC[(_USCC.index(value[-1]) + 1) % 31])


@given(st.text("0123456789 -.xX*京A号住卡证手机密码@", max_size=60))
def test_findings_stand_where_they_say_without_overlap(text: str) -> None:
    end = 0
    for one in find_identifiers(text):
        assert text[one.span.start : one.span.end] == one.value
        assert end <= one.span.start < one.span.end
        end = one.span.end


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        ("id_card", _ID, f"{_ID[:6]}********{_ID[-4:]}"),
        ("id_card", _spaced(_ID, 6, 8, 4), f"{_ID[:6]}********{_ID[-4:]}"),
        ("mobile", "138-0000-0001", "138****0001"),
        ("mobile", "+86 13800000001", "138****0001"),
        ("bank_card", _CARD16, f"{_CARD16[:6]}******{_CARD16[-4:]}"),
        ("email", "a@example.com", None),
    ],
)
def test_the_masked_form_keeps_what_practice_allows(
    kind: Kind, value: str, masked: str | None
) -> None:
    assert masked_form(kind, value) == masked
    if masked is not None:
        assert [one.masked for one in _find(f"号码{masked}")] == [True]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("家庭地址：澜汀市砚湖区文昌街88号。", "address"),
        ("户籍地址：砚湖县柳坪乡石桥村3组", "address"),
        ("电话：1 3 8 0 0 0 0 0 0 0 1", "mobile"),
        ("车牌鄂 A12345", "plate"),
    ],
)
def test_values_that_were_once_missed(text: str, kind: str) -> None:
    assert kind in {one.kind for one in _find(text)}


def test_a_masked_card_is_a_card_and_a_public_address_is_none() -> None:
    assert [one.kind for one in _find("卡号622848******2334")] == ["bank_card"]
    assert _find("章节3.1.4.2节略，外网地址8.8.4.4") == ()

"""Whose number it is: private ones are findings, public ones have an excuse."""

# ruff: noqa: RUF001 - look-alike characters are what is tested

from typing import get_args

import pytest

from review.detect.identifier_kinds import KINDS, Kind
from review.detect.interface import Detection
from review.detect.patterns import MANNERS, SILENT, PatternDetector
from review.normalize.passages import single_passage

# Made up: district 530199 does not exist; the check digits are computed.
_ID = "530199199901011236"
_CARD = "6228480000111222337"


def _detect(text: str) -> Detection:
    return PatternDetector().detect(single_passage(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"受助学生李某，身份证号{_ID}。", "id_card"),
        (f"身份证号{_ID[:-1]}{(int(_ID[-1], 36) + 1) % 10}，请核对。", "id_card"),
        ("班主任郑某手机13800000001，随时联系。", "mobile"),
        ("王某（13800000001）主动报名。", "mobile"),
        ("请拨打个人手机13800000001咨询本人。", "mobile"),
        (f"补助打入本人卡号{_CARD}。", "bank_card"),
        (f"户名：赵小满，账号{_CARD}", "bank_card"),
        (f"张某名下{_CARD}的账户欠费。", "bank_card"),
        ("外教护照号E00000001已登记。", "passport"),
        ("副院长座驾云K8X123每日7点停在家属区门口。", "plate"),
        ("车主陈某，车牌京A12345，电话见附表。", "plate"),
        ("军官证号：00000001，请勿外传。", "military_id"),
        ("该生家住柳坪镇东风小区5幢301室。", "address"),
        ("独居老人许某住滨河小区3栋2单元501室。", "address"),
        ("教务系统数据库10.0.8.15:3306，账号root。", "ip_address"),
        ("后台地址http://192.168.10.25/admin", "ip_address"),
        ("教务后台登录密码：Jw@2026xs", "credential"),
        ("办公网WiFi密码 jiaowu888", "credential"),
        ("名单见 pan.example.cn/s/1AbCdEf 提取码：x7k9", "share_link"),
        ("机房位于东经102.71234°处。", "coordinates"),
        ("有意者加我微信：zhang_san2026", "wechat"),
    ],
)
def test_a_private_value_is_a_finding(text: str, kind: str) -> None:
    detection = _detect(text)
    found = {one.rule: one for one in detection.findings}
    assert f"pattern/{kind}" in found, detection
    one = found[f"pattern/{kind}"]
    assert one.severity == "review"
    assert one.text in text
    assert one.clauses
    assert one.suggestion


@pytest.mark.parametrize(
    ("text", "kind", "because"),
    [
        # duty and service phones
        ("值班手机13800000001，24小时开机。", "mobile", "值班"),
        ("招生咨询：13800000001", "mobile", "值班"),
        ("报修热线 13800000001", "mobile", "值班"),
        ("纪委举报电话13800000001", "mobile", "值班"),
        # accounts of a unit
        (
            f"户名：砚湖教育发展基金会，账号{_CARD}，欢迎捐赠。",
            "bank_card",
            "单位公开",
        ),
        (f"投标保证金账户账号{_CARD}", "bank_card", "单位公开"),
        (f"对公账户：{_CARD}", "bank_card", "单位公开"),
        # samples in forms
        (f"填写示例：身份证号{_ID}", "id_card", "示例"),
        (f"证件号格式如：{_ID}", "id_card", "示例"),
        ("手机号请填11位，例如13800000001。", "mobile", "示例"),
        # order numbers that look like something else
        (f"您的订单号{_ID}已发货。", "id_card", "订单"),
        ("快递单号13800000001请查收。", "mobile", "订单"),
        (f"缴费流水号：{_CARD}", "bank_card", "订单"),
        # cars
        ("校车云K8X123线路调整。", "plate", "公务"),
        ("公务用车京A12345拍卖公告。", "plate", "公务"),
        ("停车场入口发现京A12345大灯未关。", "plate", "只有号牌"),
        # networks
        ("访客WiFi密码：welcome2026", "credential", "访客"),
        ("读者区无线网密码：library66", "credential", "访客"),
        ("密码：Abc12345这样的不少于8位，含大小写。", "credential", "口令设置"),
        ("例如192.168.1.1是私有地址。", "ip_address", "举例"),
        ("实验三：子网划分，主机10.0.0.1与10.0.0.2互通。", "ip_address", "举例"),
        # offices
        ("报名地点：澜汀市砚湖区文昌街188号行政楼。", "address", "办公地点"),
        ("开标地点：文昌街88号2栋1203室公共资源交易中心", "address", "办公地点"),
        # masked
        (f"身份证号{_ID[:6]}********{_ID[-4:]}", "id_card", "遮挡"),
        ("手机138****0001", "mobile", "遮挡"),
        (f"卡号{_CARD[:4]} **** **** {_CARD[-4:]}", "bank_card", "遮挡"),
    ],
)
def test_a_public_value_is_excused_with_its_reason(
    text: str, kind: str, because: str
) -> None:
    detection = _detect(text)
    assert detection.findings == ()
    excused = [one for one in detection.exemptions if one.finding.rule.endswith(kind)]
    assert excused, detection
    assert all(because in one.because for one in excused)


def test_every_kind_of_number_is_looked_for_and_has_its_words() -> None:
    """A kind without words would stop the scan of the first draft that has one."""
    kinds = set(get_args(Kind))
    assert {one.kind for one in KINDS} == kinds
    assert set(MANNERS) | SILENT == kinds
    assert not set(MANNERS) & SILENT
    for one in KINDS:
        one.may_occur("", 0)  # its row among the needs


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码12530199MB0000001F",
        "办公室电话0999-8123456",
        "客服400-123-4567",
    ],
)
def test_credit_codes_and_office_lines_are_silent(text: str) -> None:
    assert _detect(text) == Detection()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"例如本班学生的母亲身份证号{_ID}。", "id_card"),
        ("例如独居老人许某的手机13800000001。", "mobile"),
        (f"收款人：砚湖学院，患者本人卡号{_CARD}。", "bank_card"),
    ],
)
def test_an_excuse_does_not_cover_a_person(text: str, kind: str) -> None:
    assert [one.rule for one in _detect(text).findings] == [f"pattern/{kind}"]


def test_an_excuse_covers_only_the_number_beside_it() -> None:
    text = (
        "报修热线13800000001，全天受理，节假日不休息，请同学们放心拨打，谢谢配合。"
        "另：班主任郑某的手机是13800000002。"
    )
    detection = _detect(text)
    assert [one.text for one in detection.findings] == ["13800000002"]
    assert [one.finding.text for one in detection.exemptions] == ["13800000001"]


def test_a_failed_check_digit_is_said_and_weighs_less() -> None:
    good = _detect(f"李某身份证号{_ID}").findings[0]
    wrong = f"{_ID[:-1]}{(int(_ID[-1], 36) + 1) % 10}"
    bad = _detect(f"李某身份证号{wrong}").findings[0]
    assert "校验位不符" in bad.reason
    assert "校验位不符" not in good.reason
    assert bad.score < good.score


def test_the_suggestion_shows_the_masked_form() -> None:
    finding = _detect(f"李某身份证号{_ID}").findings[0]
    assert finding.suggestion is not None
    assert f"{_ID[:6]}********{_ID[-4:]}" in finding.suggestion
    assert _ID not in finding.suggestion


def test_the_excerpt_is_the_source_not_the_folded_text() -> None:
    finding = _detect("郑某手机１３８\u200b００００　０００１。").findings[0]
    assert finding.text == "１３８\u200b００００　０００１"

"""Markings at work, told apart from talk about markings."""

# ruff: noqa: RUF001 - look-alike characters are what is tested

import pytest

from review.detect.interface import Detection, Finding
from review.detect.markings import MarkingDetector
from review.extract.interface import Block, Document
from review.normalize.passages import normalize, single_passage
from review.spans import Location

_TOP, _SECRET, _CONFIDENTIAL = "top_secret", "secret", "confidential"
# A number or telegram names no level, yet belongs to the state tier.
_STATE = "state"


def _detect(text: str, title: str = "") -> Detection:
    return MarkingDetector().detect(single_passage(text, title=title))


def _only(detection: Detection) -> Finding:
    assert len(detection.findings) == 1, detection
    return detection.findings[0]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        # the star form of GB/T 9704, with every kind of period
        ("绝密★30年", _TOP),
        ("机密★10年", _SECRET),
        ("秘密★5年", _CONFIDENTIAL),
        ("秘密★6个月", _CONFIDENTIAL),
        ("机密★一年", _SECRET),
        ("绝密★长期", _TOP),
        ("秘密★启封", _CONFIDENTIAL),
        ("绝密★启用前", _TOP),
        ("机密★启用前", _SECRET),
        ("机密级★20年", _SECRET),
        ("秘密★", _CONFIDENTIAL),
        ("试卷类型：A　绝密★启用前", _TOP),
        ("机密★10年　000123", _SECRET),
        # disguised: spaced, full-width, traditional, look-alikes, zero-width
        ("机 密 ★ 10 年", _SECRET),
        ("绝 密 ★ 启 用 前", _TOP),
        ("機密★１０年", _SECRET),
        ("絕密☆30年", _TOP),
        ("机\u200b密★10年", _SECRET),
        ("秘宻✩5年", _CONFIDENTIAL),
        ("ｊｉ密★10年", _SECRET),
        ("木几密★10年", _SECRET),
        # the dot in place of the star
        ("绝密·长期", _TOP),
        ("机密・10年", _SECRET),
        ("秘密.5年", _CONFIDENTIAL),
        # labelled
        ("密级：机密", _SECRET),
        ("密级:秘密", _CONFIDENTIAL),
        ("密级为绝密", _TOP),
        ("密级：“机密”", _SECRET),
        ("涉密等级：秘密", _CONFIDENTIAL),
        ("密 级 ： 机 密", _SECRET),
        ("机密（保密期限：10年）", _SECRET),
        ("秘密 期限5年", _CONFIDENTIAL),
        # alone on a line
        ("机密", _SECRET),
        ("【秘密】", _CONFIDENTIAL),
        ("（绝密）", _TOP),
        ("机 密", _SECRET),
        ("机　　密", _SECRET),
        ("关于研究有关事项的函\n秘密\n各科室：", _CONFIDENTIAL),
        ("机密件", _SECRET),
        ("机密 编号：000123", _SECRET),
        ("秘密级编号 000045", _CONFIDENTIAL),
        # numbers of secret documents, and telegrams
        ("〔2024〕密3号", _STATE),
        ("［2024］密字第12号", _STATE),
        ("(2023)密 5 号", _STATE),
        ("青教密〔2024〕7号", _STATE),
        ("青委密发〔2025〕第18号", _STATE),
        ("密电 特急", _STATE),
        ("密码电报：各市州", _STATE),
        ("省办密电已收悉，请于月底前回复。", _STATE),
        # genuine, although the sentence around says 规定 or 请
        ("该通知首页标有“机密★10年”，全文转发如下。", _SECRET),
        ("来文密级：秘密，请按规定办理并报送执行情况。", _CONFIDENTIAL),
    ],
)
def test_a_state_marking_blocks(text: str, level: str) -> None:
    finding = _only(_detect(text))
    assert finding.severity == "block"
    assert finding.tier == "state"
    assert finding.level == (None if level == _STATE else level)
    assert finding.clauses[0] == "001:51(1)"
    assert finding.text.strip() in text


@pytest.mark.parametrize(
    "text",
    [
        "内部资料 注意保存",
        "内部资料，注意保存",
        "内 部 资 料　注 意 保 存",
        "內部資料 注意保存",
        "内部文件 请勿外传",
        "内部材料，不得外传！",
        "内部参考，阅后收回",
        "内部情况、严禁外泄",
        "（此件不予公开）",
        "此件不公开",
        "本件不得上网",
        "此件依申请公开",
        "内部明电",
        "【内部发文】",
        "本报告阅后退还党委办公室。",
        "此页阅后即焚。",
        "未经批准，不得翻印、复印、转发。",
    ],
)
def test_an_internal_marking_is_reviewed(text: str) -> None:
    finding = _only(_detect(text))
    assert finding.severity == "review"
    assert finding.tier == "internal"
    assert finding.level is None
    assert finding.releasable_when


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("例如“机密★10年”，星号前是密级，星号后是保密期限。", ""),
        ("国家秘密标志由密级、★和保密期限组成，如“绝密★30年”。", ""),
        ("什么是“秘密★5年”？小贴士告诉你。", ""),
        ("判断题：标有“绝密★启用前”的试卷可以拍照。（　）", ""),
        ("保密知识课堂：密级：机密，写法要规范。", ""),
        ("看到标有“机密★10年”的文件请立即上交。", ""),
        ("国家秘密文件应当标明密级，如“秘密★5年”。", ""),
        ("严禁复制标有“机密★20年”字样的文件。", ""),
        ("展柜里陈列着一份“绝密★长期”的电报，现已解密。", ""),
        ("这份标着“机密★10年”的历史档案已向社会开放。", ""),
        ("剧中特写：卷宗封面写着“绝密★30年”。", ""),
        ("封面上写着“绝密★长期”", "抗战时期历史档案展览"),
        ("培训讲座介绍了“内部资料 注意保存”等内部标志。", ""),
    ],
)
def test_talk_about_markings_is_exempt_with_its_reason(text: str, title: str) -> None:
    detection = _detect(text, title)
    assert detection.findings == ()
    assert detection.exemptions
    assert all(one.because for one in detection.exemptions)


@pytest.mark.parametrize(
    "text",
    [
        "明电",
        "请做好保密工作，增强保密意识。",
        "保守国家秘密是每个公民的义务。",
        "司机密切配合检查。",
        "会议传达了机密文件管理要求。",
        "他把秘密告诉了同桌。",
        "《秘密花园》读书会下午三点举行。",
        "该小区人口稠密，绿化茂密。",
        "请妥善保管个人密码。",
        "内部装修工程已完工。",
        "请注意保存好准考证。",
        "本书内部资料丰富，图文并茂。",
        "商业秘密保护工作座谈会召开。",
        "〔2024〕3号",
        "青教发〔2024〕7号",
        "密云区教育局来校调研。",
        "会上不得使用手机。",
        "公开属性：主动公开",
        "此件公开发布",
        "密度10年来持续下降。",
        "机密封圈更换完成。",
    ],
)
def test_words_without_a_marking_pass(text: str) -> None:
    assert _detect(text) == Detection()


@pytest.mark.parametrize(
    "marking",
    [
        "绝密★30年",
        "机密★启封",
        "秘密★6个月",
        "绝密★启用前",
        "机密★长期",
        "秘密★十年",
        "绝密·启封",
        "机密（保密期限：10年",
        "密级：机密",
        "〔2024〕密3号",
        "青委密发〔2025〕第18号",
        "内部资料 注意保存",
    ],
)
def test_the_whole_marking_is_quoted(marking: str) -> None:
    finding = _only(_detect(f"来文 {marking} 请查收"))
    assert finding.text.strip() == marking


def test_two_levels_in_one_text_are_two_findings() -> None:
    found = _detect("机密★10年\n正文\n秘密★5年").findings
    assert [one.level for one in found] == [_SECRET, _CONFIDENTIAL]
    assert [one.text for one in found] == ["机密★10年", "秘密★5年"]


def test_one_place_is_marked_once() -> None:
    assert "机密★10年" in _only(_detect("密级：机密★10年")).text


def test_a_marking_in_a_hidden_header_says_so() -> None:
    block = Block("机密★10年", Location(part="header"), hidden=True)
    text = normalize(Document("a.docx", "docx", "", 0, (block,)))
    finding = _only(MarkingDetector().detect(text))
    assert finding.hidden
    assert finding.where.part == "header"


@pytest.mark.parametrize(
    "text",
    [
        "（机 密★10年）",
        "该通知标有机 密★10年，请收回。",
        "机.密★10年",
        "绝|密★启用前",
        "机\n密★10年",
        "机　密☆10年",
    ],
)
def test_a_separated_level_is_a_level(text: str) -> None:
    found = MarkingDetector().detect(single_passage(text)).findings
    assert [one.severity for one in found] == ["block"]


def test_work_secrets_are_no_state_secrets() -> None:
    (found,) = MarkingDetector().detect(single_passage("工作秘密★5年")).findings
    assert (found.tier, found.level) == ("internal", None)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("机密★5年", "关于举办校史展览的通知"),
        ("机密★10年（严禁复制）", ""),
        ("秘密★1年 本期宣传工作安排如下：三月上旬完成部署", ""),
        ("【绝密★启用前】2026年统一考试培训考核试卷", ""),
    ],
)
def test_a_marking_at_the_head_is_not_excused_by_what_follows(
    text: str, title: str
) -> None:
    found = MarkingDetector().detect(single_passage(text, title=title)).findings
    assert [one.severity for one in found] == ["block"]

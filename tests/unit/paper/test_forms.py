"""The three forms say what their values say, in order, as docx and as PDF."""

import dataclasses
import re
from collections.abc import Callable

import pytest

from review.paper.incident_docx import incident_docx
from review.paper.incident_pdf import incident_pdf
from review.paper.interface import (
    FIRST_PASS,
    FindingLine,
    IncidentReport,
    LaterReport,
    Opinion,
    ReferralLetter,
    Responsible,
    ReviewForm,
    SecretMatter,
)
from review.paper.referral_docx import referral_docx
from review.paper.referral_pdf import referral_pdf
from review.paper.review_form_docx import review_form_docx
from review.paper.review_form_pdf import review_form_pdf

Reader = Callable[[bytes], str]


def _form(form: ReviewForm, kind: str) -> bytes:
    return review_form_docx(form) if kind == "docx" else review_form_pdf(form)


def _report(report: IncidentReport, kind: str) -> bytes:
    return incident_docx(report) if kind == "docx" else incident_pdf(report)


def _letter(letter: ReferralLetter, kind: str) -> bytes:
    return referral_docx(letter) if kind == "docx" else referral_pdf(letter)


def _in_order(text: str, parts: tuple[str, ...]) -> None:
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0, f"{part} is missing or out of order"
        at = found + len(part)


def test_a_full_form_reads_from_submission_to_proof(
    review_form: ReviewForm, kind: str, text_of: Reader
) -> None:
    _in_order(
        text_of(_form(review_form, kind)),
        (
            "信息公开保密审查表",
            "单位：云山职业学院保密办公室",
            "编号：审〔2026〕000123号",
            "一、送审信息",
            "标题云山职业学院2026年冬季学期校园开放日活动侧记",
            "送审部门宣传部拟稿人张示例",
            "送审人李样本送审时间2026年11月16日08:30",
            "信息来源转载原文号云职发〔2026〕18号",
            "公开渠道学院网站、公众号",
            "拟公开日期2026年11月25日审查轮次第2轮",
            "二、送审文件",
            "1正文开放日活动侧记.docx182,340" + "3f" * 32,
            "2附件获奖名单.xlsx9,120" + "a7" * 32,
            "三、机器检查",
            "2026年11月16日08:31机检结论需要人工审查",
            "疑点数3未能检查项1处，见下表",
            "先审0.2.0；词库9c41d2ab77e0；模型51e0b3c88a14",
            "四、未能检查的部分",
            "第3页图片图片中没有可读的文字李样本逐图目视，未见文字和证件",
            "五、疑点及处置",
            "1第2页正文第7段《云山职业学院保密工作管理规定》第十二条第十五项",
            "工作秘密需处置写出了尚未启用",
            "须删改该段涉及命题时间和地点，已从本轮稿件删去。证据：教务处说明",
            "处置人：李样本",
            "摘录：张示例5301**********0011",
            "国家秘密机密不得公开",
            "六、审查意见",
            "部门初审意见",
            "■存疑报保密办",
            "初审员签字：李样本2026年11月17日",
            "部门负责人意见同意报保密办审查。签字：赵假定",
            "保密办审查意见■同意公开□修改后再审",
            "签批人签字：王虚构2026年11月20日",
            "报请及答复致：云山州教育局（云职保函〔2026〕3号）",
            "答复（云教函〔2026〕9号）：同意公开。",
            "分管领导意见签字：年月日",
            "七、审查结果",
            "公开许可编号2026-000123-r2-c1",
            "许可有效期2026年11月20日至2027年5月19日",
            "八、以前各轮",
            "第1轮2026年11月10日修改后再审",
            "九、审查记录核验",
            "记录序号：345",
            "c0ffee12" * 8,
            "签名公钥指纹：8d21f09a4c5be673",
            "核验：",
            "填表说明：",
        ),
    )


def test_an_empty_form_has_blanks_and_says_that_nothing_may_go_out(
    bare_form: ReviewForm, kind: str, text_of: Reader
) -> None:
    _in_order(
        text_of(_form(bare_form, kind)),
        (
            "拟公开日期年月日",
            "无文件",
            "尚未检查。未经机检和人工审查，不得公开。",
            "尚未机检",
            "".join(f"□{one}" for one in FIRST_PASS) + "初审员签字：年月日",
            "□征求来源单位意见依据：□国家秘密",
            "签批人签字：年月日",
            "尚未办结，不得公开。",
        ),
    )
    assert "机检未发现疑点。" not in text_of(_form(bare_form, kind))


def test_optional_parts_are_left_out(
    bare_form: ReviewForm, kind: str, text_of: Reader
) -> None:
    text = text_of(_form(bare_form, kind))
    for absent in ("部门负责人意见", "分管领导意见", "报请及答复", "以前各轮", "核验"):
        assert absent not in text


def test_no_draft_text_without_an_excerpt(
    review_form: ReviewForm, kind: str, text_of: Reader
) -> None:
    without = dataclasses.replace(
        review_form,
        findings=tuple(
            dataclasses.replace(one, excerpt="") for one in review_form.findings
        ),
    )
    assert "摘录" in text_of(_form(review_form, kind))
    assert "摘录" not in text_of(_form(without, kind))


def test_a_decision_outside_the_printed_options_is_printed_all_the_same(
    bare_form: ReviewForm, kind: str, text_of: Reader
) -> None:
    form = dataclasses.replace(bare_form, first_pass=Opinion(conclusion="部门自行办结"))
    assert "部门初审意见■部门自行办结" in text_of(_form(form, kind))


def test_a_ground_is_printed_wherever_one_was_given(
    bare_form: ReviewForm, kind: str, text_of: Reader
) -> None:
    said = Opinion(conclusion="不予公开", ground="个人隐私")
    text = text_of(_form(dataclasses.replace(bare_form, first_pass=said), kind))
    assert "■不予公开依据：□国家秘密□工作秘密□商业秘密■个人隐私□其他初审员" in text
    assert text.count("依据：") == 2


def test_an_unacknowledged_gap_says_so(
    review_form: ReviewForm, kind: str, text_of: Reader
) -> None:
    assert review_form.scan is not None
    gap = dataclasses.replace(review_form.scan.gaps[0], acknowledged_by="", how="")
    scan = dataclasses.replace(review_form.scan, gaps=(gap,))
    form = dataclasses.replace(review_form, scan=scan)
    assert "图片中没有可读的文字尚未确认" in text_of(_form(form, kind))


def test_200_findings_and_names_of_60_characters(
    review_form: ReviewForm, kind: str, text_of: Reader
) -> None:
    name = "很长的名字" * 12
    findings = tuple(
        FindingLine(
            number=number,
            place=f"第{number}处",
            clauses=("《云山职业学院保密工作管理规定》第十二条第十五项",),
            tier="工作秘密",
            severity="需处置",
            reason="尚未公开的安排。",
            disposition="须删改",
            disposer=name,
        )
        for number in range(1, 201)
    )
    form = dataclasses.replace(
        review_form, drafted_by=name, title=name, findings=findings
    )
    text = text_of(_form(form, kind))
    assert all(f"第{number}处" in text for number in range(1, 201))
    assert text.count("处置人：") == 200
    assert f"拟稿人{name}" in text


def test_an_incident_report_asks_what_the_clause_asks(
    incident: IncidentReport, kind: str, text_of: Reader
) -> None:
    _in_order(
        text_of(_report(incident, kind)),
        (
            "密级：（由保密办确定）",
            "泄密隐患报告表",
            "主送云山州委机要和保密局",
            "报告时限2026年11月22日09:05",
            "文件摘要（SHA-256）：" + "be" * 32,
            "一、发生、发现的时间、地点、简要经过",
            "发现时间2026年11月21日09:05发现地点信息公开保密审查系统（上传环节）",
            "发生时间（由保密办填写）发生地点（由保密办填写）",
            "简要经过（由保密办填写）",
            "二、泄密责任人",
            "姓名职务政治面貌所在部门岗位" + "（由保密办填写）" * 5,
            "三、泄密事项",
            "名称内容（只写性质）密级数量" + "（由保密办填写）" * 4,
            "四、危害评估",
            "五、补救措施",
            "六、调查方案",
            "八、查处后报告",
            "主要原因和教训（由保密办填写）",
            "责任人处理情况（由保密办填写）",
            "补救措施和加强保密工作情况（由保密办填写）",
            "二十四小时内报告",
        ),
    )


def test_a_completed_incident_report_leaves_no_blank_but_signatures(
    incident: IncidentReport, kind: str, text_of: Reader
) -> None:
    done = dataclasses.replace(
        incident,
        kind="泄密事件",
        grade="一般",
        happened_at=incident.discovered_at,
        happened_place="某系办公室",
        course="误将带标志的扫描件上传。",
        responsible=(
            Responsible(
                name="张示例",
                post="干事",
                political_status="群众",
                department="某系",
                position="初审员",
            ),
        ),
        matters=(
            SecretMatter(
                name="某会议材料", contents="会议安排", level="秘密", quantity="1份"
            ),
        ),
        harm="仅上传人和系统可见。",
        remedies="已封存。",
        plan="由保密工作领导小组调查。",
        prepared_by="王虚构",
        later=LaterReport(
            causes="疏忽。", handling="批评教育。", remedies="全员培训。"
        ),
    )
    text = text_of(_report(done, kind))
    assert "泄密事件报告表" in text
    assert "■一般" in text
    assert "张示例干事群众某系初审员" in text
    assert "某会议材料会议安排秘密1份" in text
    # the head's opinion is a person's own
    assert text.count("（由保密办填写）") == 1


def test_a_request_asks_a_superior_and_a_letter_a_source(
    letter: ReferralLetter, kind: str, text_of: Reader
) -> None:
    asked = text_of(_letter(letter, kind))
    _in_order(
        asked,
        (
            f"关于《{letter.title}》能否公开的请示",
            "云职保请〔2026〕2号",
            "云山州国家保密局：",
            "审查件编号：审〔2026〕000123号",
            "请示事项：文中第三段",
            "请于2026年12月21日前书面答复",
            "妥否，请批示。",
            "附件：1.信息公开保密审查表2.送审稿件第三段",
            "云山职业学院保密办公室（盖章）2026年11月22日",
            "抄送：云山州教育局",
            "回执",
            "□同意公开",
        ),
    )
    consulted = text_of(
        _letter(dataclasses.replace(letter, kind="征求意见函", answer_by=None), kind)
    )
    assert f"关于征求《{letter.title}》公开意见的函" in consulted
    assert "请予支持" in consulted
    assert "妥否" not in consulted
    assert "答复前该件不公开。" in consulted


@pytest.mark.parametrize("field", ["submitted_at", "printed_at"])
def test_a_naive_time_is_refused(
    review_form: ReviewForm, kind: str, field: str
) -> None:
    naive = review_form.printed_at.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        _form(dataclasses.replace(review_form, **{field: naive}), kind)


def test_pages_are_numbered(review_form: ReviewForm, pdf_text: Reader) -> None:
    text = pdf_text(review_form_pdf(review_form))
    numbers = re.findall(r"审〔2026〕000123号第2轮第(\d)页共(\d)页", text)
    assert [int(one) for one, _ in numbers] == list(range(1, len(numbers) + 1))
    assert {int(total) for _, total in numbers} == {len(numbers)}

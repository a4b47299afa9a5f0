"""The pages on the lexicons: looked through, changed by two people, proposed without YAML."""

import io
from typing import Any

import pytest
import regex
from openpyxl import load_workbook

from review.service.lexicons import preview as lexicon_preview
from tests.api.college import College
from tests.pages.visible import codes_in, text_of
from tests.service import lexicon_material as material

_HTML = {"Accept": "text/html"}
_CHANGES = "/api/v1/lexicons/changes"


def _page(college: College, person: str, address: str, **params: str) -> Any:
    return college.browser(person).get(address, headers=_HTML, params=params)


def _read(college: College, person: str, address: str, **params: str) -> str:
    return text_of(_page(college, person, address, **params))


def _propose(college: College, **more: Any) -> str:
    files = [{"name": material.NAME, "text": material.rule().decode()}]
    said = {"reason": "赛事将近", "files": files, **more}
    answer = college.browser("li").post(_CHANGES, json=said)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["change"])


def _preview(college: College, change: str) -> None:
    lexicon_preview.preview(college.site.desk, change, person="li", drafts=0)


def test_the_clauses_stand_by_regulation_with_their_rules(standing: College) -> None:
    text = _read(standing, "zhang", "/lexicons")
    for word in ("消防救援、贯通学院保密工作管理办法", "保密工作规章制度", "随附词库"):
        assert word in text
    assert "10(1)1 要求按绝密级处理的文件 1" in text
    assert "提出改动" not in text  # a department reads only
    assert codes_in(text) == ["internal"]  # the name of a shared list


def test_a_clause_shows_its_rule_in_words(standing: College) -> None:
    text = _read(standing, "zhang", "/lexicons", clause="001:12(15)")
    for word in ("启用前的试题", "考试启用之后", "标准答案", "明说尚未公开", "应放过"):
        assert word in text
    assert "写出了题目的答案" in text
    assert "〔至少 1 个数字〕分" in text
    assert codes_in(text) == []


def test_a_clause_that_is_not_there_is_not_found(standing: College) -> None:
    for params in ({"clause": "009:1"}, {"rule": "x/y"}, {"words": "nothing"}):
        assert _page(standing, "zhang", "/lexicons", **params).status_code == 404


def test_who_knows_a_word_is_found(standing: College) -> None:
    text = _read(standing, "zhang", "/lexicons", q="拟提拔")
    assert "未公布的干部任免" in text
    assert "词语： 拟提拔" in text
    none = _read(standing, "zhang", "/lexicons", q="砚湖密卷")
    assert "没有一条规则自己写有这个词" in none
    shared = _read(standing, "zhang", "/lexicons", q="先别告诉")
    assert "有这个词的共用词表" in shared
    assert codes_in(text + none) == []


def test_a_word_is_found_in_whatever_width_it_is_typed(standing: College) -> None:
    wide = _read(standing, "zhang", "/lexicons", q="Ａ卷")
    assert "启用前的试题" in wide


def test_a_shared_list_names_the_rules_that_use_it(standing: College) -> None:
    text = _read(standing, "zhang", "/lexicons", words="unpublished")
    assert "启用前的试题" in text


def test_administrators_are_not_shown_the_words(standing: College) -> None:
    page = _page(standing, "system", "/lexicons")
    assert page.status_code == 403
    assert "试题" not in page.text


def test_what_is_searched_for_is_escaped(standing: College) -> None:
    page = _page(standing, "zhang", "/lexicons", q='<b>甲&"')
    assert '<b>甲&"' in text_of(page)
    assert "<b>甲" not in page.text


def test_changes_are_for_the_office_leader_and_auditor(standing: College) -> None:
    assert _page(standing, "zhang", "/lexicons/changes").status_code == 403
    assert _page(standing, "zhang", "/lexicons/changes/词0001").status_code == 403
    text = _read(standing, "li", "/lexicons/changes")
    assert "没有等着启用的改动" in text
    assert _page(standing, "li", "/lexicons/changes/词0001").status_code == 404


def test_who_proposed_is_told_that_another_must_decide(college: College) -> None:
    change = _propose(college, reason='<b>甲&"')
    address = f"/lexicons/changes/{change}"
    page = _page(college, "li", address)
    own = text_of(page)
    assert "请由保密办另一位审查员启用" in own
    assert "收回" in own
    assert "/activation" not in page.text
    assert '<b>甲&"' in own
    assert "<b>甲" not in page.text
    other = _page(college, "qian", address)
    assert "还没有预演" in text_of(other)
    assert "/activation" not in other.text
    # What it changes is seen before any preview.
    for word in ("新增 规则 001:12(15) 砚湖赛题", "砚湖题样*2", "启用之前"):
        assert word in text_of(other)
    assert "您提出的，等另一位审查员启用" in _read(college, "li", "/lexicons/changes")
    assert codes_in(own + text_of(other)) == []


@pytest.mark.slow
def test_a_previewed_change_is_put_into_force_by_another(college: College) -> None:
    change = _propose(college)
    address = f"/lexicons/changes/{change}"
    college.browser("qian").post(f"{_CHANGES}/{change}/preview")
    waiting = _page(college, "qian", address)
    assert "data-waits" in waiting.text
    _preview(college, change)
    seen = _page(college, "qian", address)
    kept = lexicon_preview.last_preview(college.site.desk, change, person="qian")
    assert "格式正确，例文全部符合" in text_of(seen)
    assert f'value="{kept.preview.digest}"' in seen.text
    assert "/activation" in seen.text
    said = {"preview": kept.preview.digest}
    put = college.browser("qian").post(f"{_CHANGES}/{change}/activation", json=said)
    assert put.status_code == 200, put.text
    text = _read(college, "li", address)
    assert "启用中" in text
    assert "本单位词库" in _read(college, "zhang", "/lexicons", rule=material.RULE)
    _propose(college, reason="又一次", files=[], edits=[_word("砚湖密卷")])
    changed = _read(college, "li", "/lexicons/changes/词0002")
    assert "词语 新增：砚湖密卷" in changed
    assert codes_in(text + changed) == []


@pytest.mark.slow
def test_examples_that_come_out_wrong_stand_in_the_way(college: College) -> None:
    wrong = [{"name": material.NAME, "text": material.rule("砚湖另样").decode()}]
    change = _propose(college, files=wrong)
    _preview(college, change)
    page = _page(college, "qian", f"/lexicons/changes/{change}")
    text = text_of(page)
    assert "预演没有通过，不能启用" in text
    assert "没有标出" in text
    assert "/activation" not in page.text


def test_a_rejected_change_says_why(college: College) -> None:
    change = _propose(college)
    page = _page(college, "sun", f"/lexicons/changes/{change}")
    assert "由保密办审查员办理" in text_of(page)
    assert "data-send" not in page.text.split("<main")[1]  # a leader only looks
    said = {"reason": "词语太宽"}
    college.browser("qian").post(f"{_CHANGES}/{change}/rejection", json=said)
    for text in (
        _read(college, "sun", "/lexicons/changes"),
        _read(college, "audit", f"/lexicons/changes/{change}"),
    ):
        assert "词语太宽" in text
        assert "已退回" in text
        assert codes_in(text) == []


def _word(text: str) -> dict[str, Any]:
    words = [{"text": text}]
    return {"rule": material.SHIPPED, "action": "add", "words": words}


_TYPED = {
    "clause": "001:12(15)",
    "label": "砚湖赛题",
    "category": "考试",
    "tier": "工作秘密",
    "because": "启用前的赛题只限命题人员知悉",
    "suggestion": "删去赛题后再发布",
    "terms": "砚湖题样、砚湖评分点",
    "disclosure.status": "启用之前；赛前",
    "examples.flagged": "砚湖题样启用之前不得外传。\n砚湖评分点赛前核对。\n赛前先看砚湖题样。",
    "examples.passing": "砚湖题样已经归档。\n图书馆举办讲座。\n请遵守赛场纪律。",
}
_TRIAL = "/api/v1/lexicons/trial"


def test_only_the_office_is_shown_how_to_propose(standing: College) -> None:
    for person in ("zhang", "sun", "audit", "system"):
        assert _page(standing, person, "/lexicons/propose").status_code == 403
    text = _read(standing, "li", "/lexicons/propose")
    for word in ("写一条新规则", "由表格提出", "应标出例文", "先试一试例文"):
        assert word in text
    assert codes_in(text) == []


def test_a_rule_is_changed_from_its_own_page(standing: College) -> None:
    page = _page(standing, "li", "/lexicons/propose", rule=material.SHIPPED)
    text = text_of(page)
    for word in ("加词、改分值", "删词", "停用这条规则", "标准答案"):
        assert word in text
    assert "去掉本单位的这一份" not in text  # it is the shipped one
    assert f'data-rule="{material.SHIPPED}"' in page.text
    assert codes_in(text) == []


def test_every_field_of_the_form_is_one_that_the_interface_takes(
    standing: College,
) -> None:
    page = _page(standing, "li", "/lexicons/propose")
    form = page.text.split("data-writes>")[1].split("</form>")[0]
    fields = set(regex.findall(r' name="([^"]+)"', form)) - {"reason"}
    assert fields >= set(_TYPED)
    empty = dict.fromkeys(fields, "")
    answer = standing.browser("li").post(_TRIAL, json=empty)
    assert answer.json()["code"] == "lexicon", answer.text


def test_what_is_wrong_is_said_at_the_field(standing: College) -> None:
    wrong = {**_TYPED, "clause": "12", "examples.passing": "一条", "terms": "题*9"}
    answer = standing.browser("li").post(_TRIAL, json=wrong)
    assert answer.status_code == 422
    faults = {one["field"]: one["message"] for one in answer.json()["errors"]}
    assert "001:12(15)" in faults["clause"]
    assert "至少要 3 条" in faults["examples.passing"]
    assert "分值" in faults["terms"]
    assert set(faults) == {"clause", "examples.passing", "terms"}


def test_a_rule_is_tried_before_it_is_proposed(standing: College) -> None:
    browser = standing.browser("li")
    good = browser.post(_TRIAL, json=_TYPED).json()
    assert (good["rule"], good["examples"], good["failed"]) == (material.RULE, 6, [])
    weak = browser.post(_TRIAL, json={**_TYPED, "disclosure.status": ""}).json()
    assert [one["expected"] for one in weak["failed"]] == ["flagged"] * 3
    assert browser.get(_CHANGES).json() == []  # nothing was proposed


def test_a_typed_rule_is_proposed(college: College) -> None:
    browser = college.browser("li")
    said = {**_TYPED, "reason": "赛事将近"}
    made = browser.post(f"{_CHANGES}/rule", json=said)
    assert made.status_code == 201, made.text
    (file,) = browser.get(f"{made.headers['Location']}/files").json()
    assert file["name"] == material.NAME
    assert "added: '2026-11-23'" in file["text"]
    shown = _read(college, "qian", "/lexicons/changes/词0001")
    assert "砚湖评分点" in shown


def test_the_empty_spreadsheet_can_be_filled_in(standing: College) -> None:
    answer = standing.browser("li").get("/api/v1/lexicons/template")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.content))
    assert book.worksheets[0]["A1"].value == "条款"

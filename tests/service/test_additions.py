"""What people add to a round's findings: placed in the draft, kept without its words."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from review.case.case import Case
from review.case.request import Addition, Judgment
from review.case.values import AddedFinding
from review.errors import (
    IncompleteError,
    NotPermittedError,
    RefusedError,
    StaleError,
    WrongStageError,
)
from review.ports.records import RegisterQuery
from review.report.as_json import location_as_json
from review.service import retention
from review.service.cases import look, review, submit
from review.service.cases.additions import Spot, passage_of, spots_of
from review.service.cases.draft_shapes import DraftFile, Run
from review.service.cases.draft_view import draft_view
from review.service.cases.pictures import excerpts_of
from review.service.desk import Once
from review.service.papers import forms, statistics
from review.service.record import records
from review.vault.folder import FolderBlobs
from review.vault.keys import new_key, ring_of
from review.vault.vault import Vault
from tests.service.site import CLEAN, MARKED, PHONE, Site, docx, on_both

_WORDS = "各班同学踊跃参加"
_MORE = "十二个项目"


def _spot(site: Site, number: str, words: str = _WORDS) -> Spot:
    full = look.report_of(site.desk, number, person="li")
    (spot,) = spots_of(full, words)
    return spot


def _addition(spot: Spot, **changes: Any) -> Addition:
    plain = Addition(
        file=spot.file,
        passage=spot.passage,
        start=spot.start,
        end=spot.end,
        category="student",
        reason="参加的人员还没有公布",
    )
    return replace(plain, **changes)


def _add(
    site: Site, number: str, words: str = _WORDS, *, person: str = "zhang", **more: Any
) -> AddedFinding:
    wanted = _addition(_spot(site, number, words), **more)
    asker = site.by(person, number)
    return review.add_finding(site.desk, number, wanted, asker=asker).round.added[-1]


def _dispose(site: Site, number: str, finding: str, person: str = "zhang") -> Case:
    judgment = Judgment(finding=finding, opinion="not_sensitive", reason="名单已经公布")
    asker = site.by(person, number)
    return review.dispose(site.desk, number, judgment, asker=asker)


@on_both
def test_what_people_add_stands_in_the_way_until_it_is_disposed_of(site: Site) -> None:
    number = site.submit(CLEAN).number
    added = _add(site, number)
    assert (added.note.id, added.note.file, added.by.name) == (
        "1.p1",
        "正文.txt",
        "张示例",
    )
    with site.desk.store.reading() as reading:
        (row,) = reading.register(RegisterQuery(limit=1))
    assert (row.findings, row.open_findings) == (1, 1)
    with pytest.raises(IncompleteError, match="还有 1 个疑点"):
        site.conclude(number)
    _dispose(site, number, "1.p1")
    site.conclude(number)

    assert _add(site, number, _MORE, person="li").note.id == "1.p2"
    with pytest.raises(IncompleteError, match="还有 1 个疑点"):
        site.sign(number)
    _dispose(site, number, "1.p2", "li")
    assert site.sign(number).stage == "cleared"
    assert site.kinds(number).count("finding_added") == 2
    records.check(site.desk)
    # No word of the draft is in the record, and none of the report in what was added.
    for one in records.history(site.desk, number):
        assert _WORDS not in one.entry.statement
        assert _MORE not in one.entry.statement


def test_a_new_round_begins_without_it_and_shows_what_was_said(site: Site) -> None:
    number = site.submit(CLEAN).number
    _add(site, number)
    _dispose(site, number, "1.p1")
    site.resubmit(number, f"{CLEAN}欢迎参加。\n")
    case = site.case(number)
    assert (case.round.number, case.round.open_findings) == (2, ())
    assert look.earlier_dispositions(site.desk, number, person="zhang") == {}
    _add(site, number)
    (earlier,) = look.earlier_dispositions(site.desk, number, person="zhang")["1.p1"]
    assert (earlier.round, earlier.disposition.reason) == (1, "名单已经公布")
    assert site.case(number).round.open_findings == ("1.p1",)


@pytest.mark.parametrize("person", ["he", "li", "wang", "sun", "audit", "nobody"])
def test_who_may_not_add_learns_nothing_of_the_draft(
    site: Site, person: str, tmp_path: Path
) -> None:
    number = site.submit(CLEAN).number
    wanted = _addition(_spot(site, number))
    # A vault without the draft would tell whoever got as far as opening it.
    empty = Vault(FolderBlobs(tmp_path / "empty"), ring_of(new_key()))
    site.desk = replace(site.desk, contents=empty)
    with pytest.raises(NotPermittedError):
        review.add_finding(site.desk, number, wanted, asker=site.by(person, number))
    assert [one.verb for one in site.refusals()] == ["add_finding"]
    assert site.case(number).round.added == ()


def test_after_the_conclusion_nothing_is_added(site: Site) -> None:
    number = site.cleared().number
    for person in ("zhang", "li"):
        with pytest.raises(WrongStageError):
            _add(site, number, person=person)
    marked = site.submit(MARKED, title="关于虚构事项的报告").number
    wanted = _addition(Spot(1, 0, 0, 2))
    with pytest.raises(WrongStageError):
        review.add_finding(site.desk, marked, wanted, asker=site.by("li", marked))


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Spot(-1, 0, 0, 2), "没有这一片段"),
        (Spot(9, 0, 0, 2), "没有这一片段"),
        (Spot(1, 99, 0, 2), "没有这一片段"),
        (Spot(1, 0, 0, 999), "没有选中"),
        (Spot(1, 0, 3, 3), "没有选中"),
    ],
)
def test_only_what_stands_in_the_draft_is_added(
    site: Site, wanted: Spot, words: str
) -> None:
    number = site.submit(CLEAN).number
    asker = site.by("zhang", number)
    with pytest.raises(RefusedError, match=words):
        review.add_finding(site.desk, number, _addition(wanted), asker=asker)


def test_what_the_machine_found_is_not_added_again(site: Site) -> None:
    number = site.submit(PHONE).number
    (found,) = (
        one
        for file in look.report_of(site.desk, number, person="li")["files"]
        for one in file["findings"]
    )
    with pytest.raises(RefusedError, match="不必重复补充"):
        _add(site, number, found["text"], category=found["category"])
    # For another matter it is another finding.
    assert _add(site, number, found["text"], category="meeting").note.id == "1.p1"
    with pytest.raises(RefusedError, match="不必重复补充"):
        _add(site, number, found["text"], category="meeting")


def test_an_older_page_adds_nothing_and_a_repeat_adds_once(site: Site) -> None:
    number = site.submit(CLEAN).number
    wanted = _addition(_spot(site, number))
    first = replace(site.by("zhang", number), once=Once(key="a", fingerprint="b"))
    for _ in range(2):
        review.add_finding(site.desk, number, wanted, asker=first)
    assert len(site.case(number).round.added) == 1
    other = _addition(_spot(site, number, _MORE))
    with pytest.raises(StaleError):
        review.add_finding(site.desk, number, other, asker=replace(first, once=None))


def _runs(file: DraftFile) -> list[Run]:
    blocks = (*file.visible, *file.hidden)
    cells = (each for one in blocks for row in one.rows for each in row.cells)
    return [run for one in (*blocks, *cells) for run in one.runs]


def _tabled() -> bytes:
    document = Document()
    document.add_heading("学院举行秋季运动会", level=1)
    document.add_paragraph("各班同学踊跃参加，现场气氛热烈。联系人手机13800000001。")
    table = document.add_table(rows=2, cols=2)
    for at, text in enumerate(["项目", "手机", "跳高", "13800000002"]):
        table.cell(at // 2, at % 2).text = text
    document.core_properties.comments = "内部修改稿"
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_it_is_drawn_where_it_stands(site: Site) -> None:
    number = site.submit(_tabled(), name="运动会.docx").number
    for words in (_WORDS, "跳高", "内部修改稿"):
        _add(site, number, words)
    body = draft_view(site.desk, number, person="zhang").files[1]
    marked = {one.id: one for one in body.findings if one.detector == "person"}
    shown = [
        (one.text, one.place, one.hidden, one.marked_by) for one in marked.values()
    ]
    who = "张示例（部门初审员）"
    assert shown[:2] == [
        (_WORDS, "正文第2段", False, who),
        ("跳高", "表1第2行", False, who),
    ]
    assert shown[2][0] == "内部修改稿"
    assert shown[2][2:] == (True, who)
    for name, one in marked.items():
        drawn = "".join(run.text for run in _runs(body) if name in run.findings)
        assert drawn == one.text
    # The machine's own report stays the machine's.
    full = look.report_of(site.desk, number, person="zhang")
    assert "person" not in {
        one["detector"] for file in full["files"] for one in file["findings"]
    }


def test_a_run_leads_back_to_its_place_in_the_passage(site: Site) -> None:
    number = site.submit(_tabled(), name="运动会.docx").number
    body = draft_view(site.desk, number, person="zhang").files[1]
    full = look.report_of(site.desk, number, person="zhang")
    texts = {one["passage"]: one["text"] for one in full["files"][1]["text"]}
    placed = [one for one in _runs(body) if one.passage is not None]
    for run in placed:
        assert run.passage is not None
        assert run.start is not None
        assert texts[run.passage].startswith(run.text, run.start)
    assert {run.passage for run in placed} == set(texts)
    assert not any(run.text.strip() for run in _runs(body) if run.passage is None)


def test_a_passage_stands_where_its_findings_stand(site: Site) -> None:
    number = site.submit(_tabled(), name="运动会.docx").number
    full = look.report_of(site.desk, number, person="zhang")
    found = [one for one in full["files"][1]["findings"] if one["passage"] is not None]
    assert {one["where"]["part"] for one in found} >= {"body", "table"}
    for one in found:
        passage = passage_of(full, 1, one["passage"])
        assert passage is not None
        assert location_as_json(passage.where) == one["where"]
        assert passage.text[one["start"] : one["end"]] == one["text"]
        assert (one["start"], one["end"], one["category"]) in passage.found


def test_in_a_report_without_layout_it_is_added_all_the_same(site: Site) -> None:
    number = site.submit(docx(CLEAN), name="正文.docx").number
    full = look.report_of(site.desk, number, person="zhang")
    old = json.loads(json.dumps(full))
    for one in old["files"]:
        del one["layout"]
    (spot,) = spots_of(old, _WORDS)
    passage = passage_of(old, spot.file, spot.passage)
    assert passage is not None
    assert (passage.where.part, passage.where.paragraph) == ("body", None)


def test_it_is_marked_on_the_draft_s_own_pages(site: Site) -> None:
    number = site.submit(CLEAN).number
    _add(site, number)
    full = look.marked_report_of(site.desk, number, person="zhang")
    # Words on no page are marked on none; here every block is said to be on one.
    for block in full["files"][1]["layout"]:
        block["where"]["page"] = 1
    (excerpt,) = excerpts_of(full["files"][1])
    assert (excerpt.id, excerpt.text) == ("1.p1", _WORDS)


def test_the_form_names_who_added_it_and_why(site: Site) -> None:
    number = site.submit(PHONE).number
    _add(site, number)
    site.dispose(number)
    _dispose(site, number, "1.p1")
    machine, person = forms.review_form(site.desk, number, person="zhang").findings
    assert not machine.reason.startswith("人工")
    assert person.reason == "人工补充（张示例）：参加的人员还没有公布"
    assert (person.number, person.disposition) == (2, "不涉密")
    assert person.tier == "个人隐私"
    asker = site.by("zhang", number)
    submit.withdraw(site.desk, number, reason="暂不公开", asker=asker)
    site.clock.pass_by(days=site.desk.policy.retention_days.withdrawn + 1)
    retention.purge(site.desk, number)
    gone = forms.review_form(site.desk, number, person="li").findings
    assert gone[0].reason == "（稿件内容已清除）"
    assert gone[1].reason == person.reason


def test_it_is_counted_as_a_persons(site: Site) -> None:
    number = site.submit(CLEAN).number
    _add(site, number)
    _dispose(site, number, "1.p1")
    year = site.clock().date().replace(month=1, day=1)
    until = year.replace(month=12, day=31)
    found = statistics.figures(site.desk, person="li", since=year, until=until)
    (rule,) = found.rules
    assert (rule.rule, rule.detector, rule.category) == ("person", "person", "student")
    assert (rule.found, rule.not_sensitive) == (1, 1)


def test_words_are_found_in_every_file_and_as_often_as_they_stand(site: Site) -> None:
    annex = ("名单.txt", "名单另发，名单以通知为准。".encode())
    number = site.submit(CLEAN, attachments=[annex]).number
    full = look.report_of(site.desk, number, person="zhang")
    assert [one.file for one in spots_of(full, "名单")] == [2, 2]
    assert {one.file for one in spots_of(full, "秋季运动会")} == {0, 1}
    assert list(spots_of(full, "")) == []
    assert list(spots_of(full, "没有写到的话")) == []

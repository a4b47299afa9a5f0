"""What a case, a round, an item and a report tell about themselves."""

import pytest

from review import digests
from review.case.case import Round
from review.case.people import By
from tests.unit.case import making as m


def test_the_round_under_review_is_the_last() -> None:
    case = m.replay((*m.STORIES["rework"], m.resubmitted(item=m.item(title="新标题"))))
    assert case.round.number == 2
    assert case.item.title == "新标题"


def test_the_clearance_is_the_one_last_issued() -> None:
    assert m.at("signing").grant is None
    case = m.replay((*m.STORIES["expired"], m.cleared(clearance="c2")))
    assert case.grant is not None
    assert case.grant.id == "c2"


@pytest.mark.parametrize("stage", m.STORIES)
def test_a_case_is_sealed_from_incident_on(stage: str) -> None:
    assert m.at(stage).sealed == stage.startswith("incident")  # type: ignore[arg-type]  # a stage


def test_a_sealed_cases_title_is_not_shown_in_lists() -> None:
    assert m.at("signing").open_title == m.item().title
    for stage in ("incident", "incident_confirmed", "incident_closed"):
        assert m.at(stage).open_title == "（涉密事件，标题已封存）"  # type: ignore[arg-type]  # a stage


def test_open_findings_and_gaps_are_those_without_a_word() -> None:
    plain = m.at("scanning").round
    assert (plain.open_findings, plain.open_gaps) == ((), ())
    found = (
        m.finding("f1"),
        m.finding("f2", severity="block"),
        m.finding("f3", severity="notice"),
        m.finding("f4"),
    )
    case = m.after(
        m.scanned(*found, gaps=(m.gap("g1"), m.gap("g2"))),
        m.disposed("f1"),
        m.acknowledged("g2"),
    )
    assert case.round.open_findings == ("f2", "f4")
    assert case.round.open_gaps == ("g1",)


def test_what_people_add_is_a_finding_like_the_others() -> None:
    case = m.after(m.scanned(m.finding("f1")), m.disposed("f1"), m.added())
    assert [one.id for one in case.round.findings] == ["f1", "0.p1"]
    assert case.round.finding("0.p1") == m.added().finding
    assert case.round.finding("f2") is None
    assert case.round.open_findings == ("0.p1",)
    report = case.round.report
    assert report is not None
    assert [one.id for one in report.findings] == ["f1"]


def test_the_last_word_on_a_finding_counts() -> None:
    case = m.after(
        m.scanned(m.finding("f1"), m.finding("f2")),
        m.disposed("f1", opinion="uncertain"),
        m.disposed("f2"),
        m.disposed("f1", opinion="must_change"),
    )
    last = case.round.disposition_of("f1")
    assert last is not None
    assert last.opinion == "must_change"
    assert case.round.disposition_of("f3") is None


def test_endorsers_are_heads_whose_word_stands() -> None:
    by = By(id="x", name="张示例", post="head")
    empty = Round(number=1, item=m.item(), by=by, at=m.AT)
    case = m.replace(m.at("signing"), rounds=(empty,))
    assert case.endorsers == frozenset()


def test_contents_are_the_files_in_any_order() -> None:
    body, annex = m.file(), m.file("附件.pdf", "attachment", "a" * 64)
    one, two = (
        m.item(files=(body, annex)),
        m.item(files=(annex, body), title="另一标题"),
    )
    assert one.contents == two.contents
    assert one.contents == digests.of_json(
        [["attachment", "附件.pdf", "a" * 64], ["body", "正文.docx", "b" * 64]]
    )


@pytest.mark.parametrize(
    "other",
    [
        m.file("别名.docx"),
        m.file(role="attachment"),
        m.file(digest="c" * 64),
    ],
)
def test_any_other_name_role_or_byte_is_another_contents(other: object) -> None:
    assert m.item(files=(other,)).contents != m.item().contents  # type: ignore[arg-type]  # files


@pytest.mark.parametrize(
    ("severity", "needed"), [("block", True), ("review", True), ("notice", False)]
)
def test_block_and_review_need_a_disposition(severity: str, *, needed: bool) -> None:
    assert m.finding(severity=severity).needs_disposition is needed


def test_only_a_state_secrets_marking_is_one() -> None:
    assert m.marking().is_state_marking
    assert not m.marking(tier="internal").is_state_marking
    assert not m.marking(detector="lexicon").is_state_marking
    assert m.marking().is_genuine_marking
    assert not m.marking(severity="review").is_genuine_marking
    assert not m.marking(tier="internal").is_genuine_marking


def test_a_report_finds_its_parts_by_name() -> None:
    found = m.report(m.finding("f1"), m.finding("f2"), gaps=(m.gap("g1"), m.gap("g2")))
    assert found.gap("g2") == found.gaps[1]
    assert found.gap("g9") is None
    assert not found.has_genuine_marking
    assert m.report(m.finding(), m.marking("f2")).has_genuine_marking

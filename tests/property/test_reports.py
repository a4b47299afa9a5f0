"""Whatever the draft, a report keeps its promises."""

import json
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.detect.examine import Examination, Examiner
from review.detect.interface import Category, DetectorName, Level, Severity, Tier
from review.extract.interface import Block, Document, Gap, Role
from review.normalize.interface import NormalizedText
from review.normalize.passages import normalize
from review.pipeline import Scanner, ScanReport, Versions
from review.report.as_json import report_as_json
from review.spans import Location, Part

_SENTENCES = (
    "机密★10年",
    "绝 密 ★ 启 用 前",
    "密级：秘密",
    "内部资料　注意保存",
    "例如“机密★10年”就是密级标志的写法。",
    "联系人手机13800138000，住青岚县滨河路12号3栋2单元501室。",
    "值班电话：0999-8123456，欢迎来电咨询。",
    "身份证号530199199902301234",
    "统一身份认证初始口令为 Qaz@2026。",
    "期末卷已定稿送印，考前请勿转发，A卷给一班，B卷留作补考。",
    "第三大题选C，这道题考前不要外传。",
    "会上同意5票、反对3票、弃权1票，未公布前不得外传。",
    "拟提拔张某任副处长，考察材料暂不公开。",
    "学院举行秋季运动会，师生踊跃参加。",
    "关于做好期末考试工作的通知",
    "各学院、各部门：",
    "一、提高认识，加强领导。",
    "中办发〔2025〕12号",
    "全文如下：",
    "该生患抑郁症，家庭系低保户，请辅导员每日报告。",
    "司机密切配合，路口交通有序。",
)
_NAMES = ("张三丰", "李 四", "王某某", "", "欧阳锋")
_NUMBERS = ("13900139000", "139****9000", "530199199901011234", "6222021234567890123")
_HEADINGS = ("姓名", "身份证号", "联系电话", "家庭住址", "成绩", "备注")
_PARTS = get_args(Part)

_sentence = st.one_of(
    st.sampled_from(_SENTENCES),
    st.sampled_from(_SENTENCES),
    st.text(max_size=30),
    st.text(alphabet="会议试卷机密的考前名单干部学生未公布。，：\n ", max_size=40),
)
_prose = st.lists(_sentence, min_size=1, max_size=4).map("".join)


@st.composite
def _blocks(draw: st.DrawFn) -> Block:
    return Block(
        text=draw(_prose),
        where=Location(
            part=draw(st.sampled_from(_PARTS)),
            page=draw(st.none() | st.integers(1, 3)),
            paragraph=draw(st.none() | st.integers(1, 50)),
        ),
        hidden=draw(st.booleans()),
        role=draw(st.sampled_from([role for role in get_args(Role) if role != "row"])),
    )


@st.composite
def _tables(draw: st.DrawFn) -> list[Block]:
    width = draw(st.integers(1, 4))
    cell = st.sampled_from((*_NAMES, *_NUMBERS)) | st.text(
        st.characters(exclude_characters="\t", codec="utf-8"), max_size=6
    )
    header = draw(st.permutations(_HEADINGS))[:width]
    body = draw(st.lists(st.lists(cell, min_size=width, max_size=width), max_size=4))
    table = draw(st.integers(1, 2))
    hidden = draw(st.booleans())
    return [
        Block(
            text="\t".join(row),
            where=Location(part="table", table=table, row=number),
            hidden=hidden,
            role="row",
            cells=tuple(row),
        )
        for number, row in enumerate([header, *body], start=1)
    ]


_bodies = st.lists(_blocks().map(lambda block: [block]) | _tables(), max_size=6).map(
    lambda groups: tuple(block for group in groups for block in group)
)
_gaps = st.lists(
    st.just(Gap(Location(part="image"), "image_without_text", "图片里的字没有检查。")),
    max_size=1,
).map(tuple)


def _text(blocks: tuple[Block, ...], gaps: tuple[Gap, ...] = ()) -> NormalizedText:
    return normalize(Document("稿件.docx", "docx", "", 0, blocks, gaps))


def _report(text: NormalizedText, examination: Examination) -> ScanReport:
    return ScanReport(
        file="稿件.docx",
        sha256="0" * 64,
        format="docx",
        size=1,
        versions=Versions("0", "1", "2"),
        text=text,
        examination=examination,
    )


def _assert_well_founded(text: NormalizedText, examination: Examination) -> None:
    exempted = [one.finding for one in examination.exemptions]
    for one in (*examination.findings, *exempted):
        assert one.reason.strip()
        assert one.clauses
        assert all(one.clauses)
        assert one.severity in get_args(Severity)
        assert one.tier in get_args(Tier)
        assert one.category in get_args(Category)
        assert one.detector in get_args(DetectorName)
        assert one.level is None or one.level in get_args(Level)
        assert 0 <= one.score <= 1
        if one.passage is None:
            assert one.span == (0, 0)
            continue
        passage = text.passages[one.passage]
        assert 0 <= one.span.start <= one.span.end <= len(passage.source)
        assert one.text == passage.source[one.span.start : one.span.end]
        assert one.text
        assert one.where == passage.where
        assert one.hidden == passage.hidden
    assert all(one.because.strip() for one in examination.exemptions)


@settings(max_examples=100)
@given(_bodies)
def test_every_finding_says_where_and_why(
    examiner: Examiner, blocks: tuple[Block, ...]
) -> None:
    text = _text(blocks)
    _assert_well_founded(text, examiner.examine(text))


@settings(max_examples=60)
@given(_bodies, _gaps)
def test_findings_are_in_reading_order_and_numbered(
    examiner: Examiner, blocks: tuple[Block, ...], gaps: tuple[Gap, ...]
) -> None:
    text = _text(blocks, gaps)
    examination = examiner.examine(text)
    places = [
        (-1 if one.passage is None else one.passage, one.span)
        for one in examination.findings
    ]
    assert places == sorted(places)
    told = report_as_json(_report(text, examination))
    assert [one["id"] for one in told["findings"]] == [
        f"f{number}" for number in range(1, len(places) + 1)
    ]
    names = [one["id"] for one in (*told["findings"], *told["exempted"])]
    assert len(names) == len(set(names))
    assert json.loads(json.dumps(told, ensure_ascii=False)) == told


@settings(max_examples=60)
@given(_bodies, _gaps)
def test_the_verdict_follows_from_findings_and_gaps(
    examiner: Examiner, blocks: tuple[Block, ...], gaps: tuple[Gap, ...]
) -> None:
    text = _text(blocks, gaps)
    examination = examiner.examine(text)
    report = _report(text, examination)
    severities = {one.severity for one in examination.findings}
    assert set(gaps) <= set(report.gaps)
    assert (report.verdict == "blocked") == ("block" in severities)
    clear = not report.gaps and severities <= {"notice"}
    assert (report.verdict == "clear") == clear
    told = report_as_json(report)
    assert told["coverage"]["complete"] == (not report.gaps)
    assert len(told["coverage"]["gaps"]) == len(report.gaps)


@pytest.fixture(scope="module")
def twin(examiner: Examiner) -> Examiner:
    """Return a second examiner, made from the same lexicons and model."""
    return Examiner(examiner.lexicon, examiner.classifier)


@settings(max_examples=60)
@given(_bodies, _bodies)
def test_the_same_draft_gives_the_same_report(
    examiner: Examiner,
    twin: Examiner,
    blocks: tuple[Block, ...],
    others: tuple[Block, ...],
) -> None:
    text = _text(blocks)
    first = examiner.examine(text)
    twin.examine(_text(others))  # what was remembered must not matter
    assert twin.examine(_text(blocks)) == first
    assert examiner.examine(text) == first


@settings(max_examples=60)
@given(_bodies)
def test_probabilities_rank_every_passage(
    examiner: Examiner, blocks: tuple[Block, ...]
) -> None:
    text = _text(blocks)
    examination = examiner.examine(text)
    assert len(examination.probabilities) == len(text.passages)
    assert all(0 <= one <= 1 for one in examination.probabilities)
    for one in examination.findings:
        hard = one.detector in {"marking", "pattern", "roster"}
        if one.passage is not None and hard and one.severity != "notice":
            assert examination.probabilities[one.passage] >= round(one.score, 6)


@settings(max_examples=40)
@given(_prose)
def test_a_passage_by_itself_keeps_the_same_promises(
    scanner: Scanner, text: str
) -> None:
    examination = scanner.scan_passage(text, title="关于期末考试的通知")
    assert len(examination.probabilities) == 1
    for one in examination.findings:
        if one.passage is not None:
            assert one.text == text[one.span.start : one.span.end]


@settings(max_examples=60)
@given(_bodies)
def test_no_text_is_lost_on_the_way_to_the_detectors(blocks: tuple[Block, ...]) -> None:
    text = _text(blocks)
    assert [one.index for one in text.passages] == list(range(len(text.passages)))
    kept = "".join(one.source for one in text.passages)
    given_text = "".join(block.text for block in blocks)
    assert "".join(kept.split()) == "".join(given_text.split())

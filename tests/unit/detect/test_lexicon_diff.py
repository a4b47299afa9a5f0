"""Two lexicons: what differs is named by file, field and word, and no more."""

from collections.abc import Callable
from pathlib import Path

import pytest

from review.detect.interface import Finding
from review.detect.lexicon import load_lexicon
from review.detect.lexicon_diff import (
    Change,
    LexiconDiff,
    compare,
    compare_findings,
    read_folder,
)
from review.errors import LexiconError
from review.report.lexicon_diff import diff_as_json, diff_lines
from review.resources import lexicons_folder
from review.spans import Span

_RULE_FILE = "our-office/1-试题.yaml"
_FILES = {
    "regulations.yaml": """\
regulations:
  - number: "009"
    id: our-office
    title: 本单位办法
    clauses:
      - {clause: "009:1", about: 试题, items: [试卷, 答案]}
""",
    "context/unpublished.yaml": """\
name: unpublished
side: disclosure
about: 还没有公布
words: [未公布, 考前]
""",
    "kinds/试卷.yaml": "kind: 试卷\ntitles: [试卷]\nformulae: [满分]\n",
    _RULE_FILE: """\
clause: "009:1"
label: 启用前的试题
category: exam
tier: work
because: 启用前的题目只限命题人员知悉
suggestion: 删去题目后再发
terms: [试题, {text: 绝密试卷, weight: 2}]
disclosure:
  uses: [unpublished]
  status: [开考前]
  content:
    - {pattern: '第[一二三]题选[ABCD]', anchors: [题], weight: 2, why: 写出了答案}
mention:
  words: [讲评]
examples:
  flagged: [考前流出的试题, 第一题选A, 这是绝密试卷]
  passing: [试题, 讲评试题, 推进试题库建设]
added: 2026-11-22
""",
}
_Compare = Callable[..., LexiconDiff]


def _write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def changed(tmp_path: Path) -> _Compare:
    """Return what compares the files above with a changed copy of them."""

    def compared(file: str, *edits: tuple[str, str]) -> LexiconDiff:
        text = _FILES[file]
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        before = _write(tmp_path / "old", _FILES)
        after = _write(tmp_path / "new", {**_FILES, file: text})
        return compare(read_folder(before), read_folder(after))

    return compared


def _changes(diff: LexiconDiff) -> tuple[Change, ...]:
    (one,) = diff.changed
    return one.changes


def test_equal_folders_are_equal(tmp_path: Path) -> None:
    old, new = _write(tmp_path / "a", _FILES), _write(tmp_path / "b", _FILES)
    diff = compare(read_folder(old), read_folder(new))
    assert diff.equal
    assert (diff.added, diff.removed, diff.changed) == ((), (), ())
    assert list(diff_lines(diff))[-1] == "两个词库完全相同"


def test_the_digest_is_the_one_that_reports_cite(tmp_path: Path) -> None:
    folder = _write(tmp_path, _FILES)
    assert read_folder(folder).digest == load_lexicon(folder).digest


def test_the_shipped_lexicons_can_be_compared() -> None:
    shipped = read_folder(lexicons_folder())
    assert shipped.digest == load_lexicon(lexicons_folder()).digest
    assert compare(shipped, shipped).equal


def test_new_and_removed_files_are_named_by_kind(tmp_path: Path) -> None:
    old = _write(tmp_path / "old", _FILES)
    files = dict(_FILES)
    files["our-office/2-试卷.yaml"] = files.pop(_RULE_FILE)
    del files["kinds/试卷.yaml"]
    diff = compare(read_folder(old), read_folder(_write(tmp_path / "new", files)))
    assert [(one.group, one.name) for one in diff.added] == [
        ("rule", "our-office/2-试卷.yaml")
    ]
    assert [(one.group, one.name) for one in diff.removed] == [
        ("kind", "kinds/试卷.yaml"),
        ("rule", _RULE_FILE),
    ]
    assert diff.changed == ()
    lines = list(diff_lines(diff))
    assert "新增（1）" in lines
    assert "删除（2）" in lines
    assert "  文种 kinds/试卷.yaml（试卷）" in lines


@pytest.mark.parametrize(
    ("edit", "change"),
    [
        (("[试题,", "[试题, 考题,"), Change("terms", "added", "考题", new="1")),
        (("[试题, ", "["), Change("terms", "removed", "试题", old="1")),
        (
            ("{text: 绝密试卷, weight: 2}", "{text: 绝密试卷, weight: 2.5}"),
            Change("terms", "reweighted", "绝密试卷", "2", "2.5"),
        ),
        (
            ("[试题,", "[{text: 试题, weight: 2},"),
            Change("terms", "reweighted", "试题", "1", "2"),
        ),
        (
            ("[开考前]", "[开考前, 启用前]"),
            Change("disclosure.status", "added", "启用前", new="1"),
        ),
        (("[讲评]", "[]"), Change("mention.words", "removed", "讲评", old="1")),
        (
            ("uses: [unpublished]", "uses: []"),
            Change("disclosure.uses", "removed", "unpublished"),
        ),
        (
            ("weight: 2, why", "weight: 1, why"),
            Change(
                "disclosure.content", "reweighted", "第[一二三]题选[ABCD]", "2", "1"
            ),
        ),
        (
            ("anchors: [题]", "anchors: [题, 选]"),
            Change(
                "disclosure.content",
                "changed",
                "第[一二三]题选[ABCD]",
                "2；锚词 题；写出了答案",
                "2；锚词 题、选；写出了答案",
            ),
        ),
        (
            ("第一题选A, ", "第一题选A, 第二题选B, "),
            Change("examples.flagged", "added", "第二题选B"),
        ),
        (
            ("tier: work", "tier: work\nseverity: block"),
            Change("severity", "changed", old="review", new="block"),
        ),
        (
            ("tier: work", "tier: work\nreleasable_when: 考试之后"),
            Change("releasable_when", "changed", old="", new="考试之后"),
        ),
    ],
)
def test_a_change_in_a_rule_names_field_and_word(
    changed: _Compare, edit: tuple[str, str], change: Change
) -> None:
    diff = changed(_RULE_FILE, edit)
    assert not diff.equal
    assert _changes(diff) == (change,)


def test_a_default_written_out_is_no_change(changed: _Compare) -> None:
    diff = changed(
        _RULE_FILE,
        ("tier: work", "tier: work\nseverity: review"),
        ("[开考前]", "[{text: 开考前, weight: 1}]"),
        ("added:", "# 说明\nadded:"),
    )
    assert not diff.equal
    assert _changes(diff) == ()
    assert "    只有注释、排版或次序不同" in list(diff_lines(diff))


def test_shared_lists_kinds_and_regulations_are_compared(changed: _Compare) -> None:
    assert _changes(changed("context/unpublished.yaml", ("考前", "未公开"))) == (
        Change("words", "added", "未公开", new="1"),
        Change("words", "removed", "考前", old="1"),
    )
    assert _changes(changed("kinds/试卷.yaml", ("[满分]", "[满分, 密封线]"))) == (
        Change("formulae", "added", "密封线"),
    )
    field = "regulations[009].clauses[009:1].items"
    (change,) = _changes(changed("regulations.yaml", ("试卷, 答案", "答案, 试卷")))
    assert change == Change(field, "changed", old="试卷、答案", new="答案、试卷")


def test_the_text_is_chinese_and_groups_words(changed: _Compare) -> None:
    diff = changed(
        _RULE_FILE,
        ("[试题,", "[考题, {text: 泄题, weight: 0.5},"),
        ("tier: work", "tier: work\nseverity: block"),
        ("第[一二三]题", "第[一二三四]题"),
    )
    lines = list(diff_lines(diff))
    assert "改动（1）" in lines
    assert "  规则 our-office/1-试题.yaml（009:1 启用前的试题）" in lines
    assert "    词语 新增：考题、泄题*0.5" in lines
    assert "    词语 删去：试题" in lines
    assert "    严重程度 改动：需处置 → 不得公开" in lines
    content = "第[一二三四]题选[ABCD]（2；锚词 题；写出了答案）"
    assert f"    内容句式 新增：{content}" in lines


def test_the_json_holds_digests_and_every_change(changed: _Compare) -> None:
    diff = changed(_RULE_FILE, ("[试题,", "[试题, 考题,"))
    told = diff_as_json(diff)
    assert told["equal"] is False
    assert (told["old"], told["new"]) == (diff.old, diff.new)
    assert told["changed"] == [
        {
            "file": _RULE_FILE,
            "group": "rule",
            "label": "009:1 启用前的试题",
            "changes": [
                {
                    "field": "terms",
                    "how": "added",
                    "what": "考题",
                    "old": None,
                    "new": "1",
                }
            ],
        }
    ]


def test_an_offices_own_folder_needs_no_regulations(tmp_path: Path) -> None:
    own = _write(tmp_path, {_RULE_FILE: _FILES[_RULE_FILE]})
    assert list(read_folder(own).files) == [_RULE_FILE]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "没有词库文件"),
        ({"stray.yaml": _FILES[_RULE_FILE]}, "stray"),
        ({_RULE_FILE: "clause: 1\n"}, r"1-试题\.yaml:1"),
    ],
)
def test_what_is_no_lexicon_is_refused(
    tmp_path: Path, files: dict[str, str], says: str
) -> None:
    with pytest.raises(LexiconError, match=says):
        read_folder(_write(tmp_path, files))
    with pytest.raises(LexiconError, match="找不到词库目录"):
        read_folder(tmp_path / "nowhere")


def _finding(rule: str, passage: int = 0, *, score: float = 0.9) -> Finding:
    return Finding(
        detector="lexicon",
        rule=rule,
        category="exam",
        tier="work",
        severity="review",
        score=score,
        reason="",
        passage=passage,
        span=Span(0, int(score * 10)),
    )


def test_findings_gained_and_lost_are_told_apart() -> None:
    old = (_finding("a"), _finding("b"), _finding("b"))
    new = (_finding("a", score=0.7), _finding("b"), _finding("a", 1))
    diff = compare_findings(old, new)
    assert diff.gained == (_finding("a", 1),)
    assert diff.lost == (_finding("b"),)

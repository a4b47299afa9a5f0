"""Rule files: what is wrong is named by file and line, in Chinese."""

from pathlib import Path

import pytest
import regex

from review.detect.compile_lexicon import compile_lexicon
from review.detect.lexicon import Lexicon, load_lexicon
from review.detect.rule_tests import coverage, run_examples
from review.detect.scopes import ScopeDetector
from review.errors import LexiconError
from review.normalize.passages import single_passage
from review.normalize.segment import Segmenter
from review.resources import lexicons_folder

_REGULATIONS = """\
regulations:
  - number: "009"
    id: our-office
    title: 本单位办法
    clauses:
      - clause: "009:1"
        about: 试题
"""
_CONTEXTS = {
    "context/unpublished.yaml": """\
name: unpublished
side: disclosure
about: 还没有公布
words: [未公布, 考前]
""",
    "context/news.yaml": """\
name: news
side: mention
about: 新闻
words: [{text: 记者, weight: 2}]
""",
    "context/shields.yaml": """\
name: shields
side: shield
about: 无害的长词
words: [试题库建设]
""",
}
_RULE = """\
clause: "009:1"
label: 启用前的试题
category: exam
tier: work
because: 启用前的题目只限命题人员知悉
suggestion: 删去题目后再发
terms: [试题, {text: 绝密试卷, weight: 2}]
disclosure:
  uses: [unpublished]
  content:
    - {pattern: '第[一二三]题选[ABCD]', anchors: [题], weight: 2, why: 写出了答案}
mention:
  uses: [news]
examples:
  flagged: [考前流出的试题, 第一题选A, 这是绝密试卷]
  passing: [试题, 记者看到考前的试题, 推进试题库建设]
added: 2026-11-22
"""


def _write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return _write(
        tmp_path / "lexicons",
        {
            "regulations.yaml": _REGULATIONS,
            **_CONTEXTS,
            "our-office/1-试题.yaml": _RULE,
        },
    )


def _points(lexicon: Lexicon, segmenter: Segmenter, text: str) -> float:
    passage = single_passage(text).passages[0]
    evidence = ScopeDetector(compile_lexicon(lexicon), segmenter).evidence(passage)
    return max((one.points for one in evidence), default=0.0)


def test_a_good_folder_loads(folder: Path, segmenter: Segmenter) -> None:
    lexicon = load_lexicon(folder)
    assert [one.id for one in lexicon.scopes] == ["our-office/1-试题"]
    assert run_examples(lexicon, segmenter) == []
    assert not any(row.empty for row in coverage(lexicon))


def test_points_add_up_as_the_readme_says(folder: Path, segmenter: Segmenter) -> None:
    lexicon = load_lexicon(folder)
    assert _points(lexicon, segmenter, "考前流出的试题") == 2
    assert _points(lexicon, segmenter, "未公布、考前、试题") == 3
    assert _points(lexicon, segmenter, "第一题选A") == 2
    assert _points(lexicon, segmenter, "第一题选A，考前的试题") == 4
    assert _points(lexicon, segmenter, "记者，第一题选A，考前的试题") == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('clause: "009:1"\n', "", 1, "缺少"),
        ("category: exam", "category: exams", 3, "不在允许的取值之内"),
        ("tier: work", "tier: secret", 4, "不在允许的取值之内"),
        ('clause: "009:1"', 'clause: "9:1"', 1, "写法不对"),
        ("label: 启用前的试题", "label: 题", 2, "太短"),
        ("added:", "aded: 2026\nadded:", 17, "没有这个字段"),
        ("terms: [试题,", "terms: [{text: 试题, weight: 9},", 7, "数值太大"),
        ("terms: [试题,", "terms: [{text: 试题, weigth: 1},", 7, "没有这个字段"),
        ("terms: [试题, {text: 绝密试卷, weight: 2}]", "terms: []", 7, "数量不够"),
        ("terms: [试题, {text: 绝密试卷, weight: 2}]", "terms: 试题", 7, "应为列表"),
        ("第一题选A, 这是绝密试卷]", "第一题选A]", 15, "数量不够"),
        ("uses: [unpublished]", "uses: [unheard]", 9, "unheard"),
        ("uses: [unpublished]", "uses: [news]", 9, "news"),
        ("uses: [news]", "uses: [unpublished]", 13, "unpublished"),
        ("added: 2026-11-22", "added: 今天", 17, "写法不对"),
        ("terms: [试题,", "terms: [试题", 7, "YAML"),
        ("tier: work", "tier: work\n  level: secret", 5, "YAML"),
    ],
)
def test_an_error_names_file_and_line_in_chinese(
    folder: Path, old: str, new: str, line: int, says: str
) -> None:
    path = folder / "our-office" / "1-试题.yaml"
    assert old in _RULE
    path.write_text(_RULE.replace(old, new, 1), "utf-8")
    with pytest.raises(LexiconError) as caught:
        load_lexicon(folder)
    message = caught.value.message
    assert says in message
    named = regex.match(r"(.+\.yaml):(\d+)：", message)
    assert named is not None, message
    assert Path(named[1]) == path
    assert abs(int(named[2]) - line) <= 1, message


def test_a_wrong_pattern_names_the_file(folder: Path) -> None:
    path = folder / "our-office" / "1-试题.yaml"
    path.write_text(_RULE.replace("第[一二三]题", "第(一二三题"), "utf-8")
    with pytest.raises(LexiconError, match=r"1-试题\.yaml.*正则表达式"):
        compile_lexicon(load_lexicon(folder))


def test_a_missing_folder_and_a_stray_file_are_refused(folder: Path) -> None:
    with pytest.raises(LexiconError, match="找不到词库目录"):
        load_lexicon(folder / "nowhere")
    (folder / "stray.yaml").write_text(_RULE, "utf-8")
    with pytest.raises(LexiconError, match="stray"):
        load_lexicon(folder)


def test_yaml_tags_are_no_programs(folder: Path) -> None:
    path = folder / "our-office" / "1-试题.yaml"
    path.write_text(_RULE + "item: !!python/object/apply:os.getpid []\n", "utf-8")
    with pytest.raises(LexiconError):
        load_lexicon(folder)


def test_only_active_rules_are_at_work(folder: Path) -> None:
    path = folder / "our-office" / "1-试题.yaml"
    path.write_text(_RULE + "status: retired\n", "utf-8")
    lexicon = load_lexicon(folder)
    assert lexicon.scopes == ()
    assert [row.clause for row in coverage(lexicon) if row.empty] == ["009:1"]


def test_an_own_folder_is_laid_over(folder: Path, tmp_path: Path) -> None:
    own = _write(
        tmp_path / "own",
        {
            "our-office/1-试题.yaml": _RULE.replace("试题, {", "考题, {"),
            "our-office/2-另一项.yaml": _RULE.replace("009:1", "009:2"),
        },
    )
    lexicon = load_lexicon(folder, own)
    assert [one.id for one in lexicon.scopes] == [
        "our-office/1-试题",
        "our-office/2-另一项",
    ]
    assert [word.text for word in lexicon.scopes[0].file.terms] == [
        "考题",
        "绝密试卷",
    ]
    assert lexicon.regulations == load_lexicon(folder).regulations


def test_the_own_folder_may_use_shipped_contexts(
    lexicon: Lexicon, tmp_path: Path
) -> None:
    own = _write(tmp_path / "own", {"our-office/1-试题.yaml": _RULE})
    both = load_lexicon(lexicons_folder(), own)
    assert len(both.scopes) == len(lexicon.scopes) + 1
    assert both.digest != lexicon.digest


def test_the_digest_follows_every_change(folder: Path) -> None:
    seen = {load_lexicon(folder).digest}
    assert load_lexicon(folder).digest in seen
    for name in ("our-office/1-试题.yaml", "context/news.yaml", "regulations.yaml"):
        path = folder / name
        path.write_text(path.read_text("utf-8") + "# 改动\n", "utf-8")
        seen.add(load_lexicon(folder).digest)
    (folder / "our-office/1-试题.yaml").rename(folder / "our-office/1-试卷.yaml")
    seen.add(load_lexicon(folder).digest)
    assert len(seen) == 5


def test_the_digest_does_not_depend_on_where_the_folder_lies(
    folder: Path, tmp_path: Path
) -> None:
    digest = load_lexicon(folder).digest
    assert load_lexicon(folder.rename(tmp_path / "elsewhere")).digest == digest

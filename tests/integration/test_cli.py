"""The command as people and scripts run it: output, exit status, errors."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import regex

from review.report.words import DISCLAIMER
from tests.command import Ran, xianshen

_CLEAN = "食堂改造完工。\n"
_LEAK = "机密★10年\n关于有关事项的报告\n"

# Each run loads the lexicons anew, which takes seconds.
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class _Run(Ran):
    @property
    def objects(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]


def _run(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> _Run:
    done = xianshen(*arguments, stdin=stdin, cwd=cwd)
    return _Run(done.code, done.out, done.err)


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafts")
    (folder / "a净.txt").write_text(_CLEAN, "utf-8")
    (folder / "b泄.txt").write_text(_LEAK, "utf-8")
    (folder / "c坏.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "d空.txt").write_bytes(b"")
    (folder / "e提示.html").write_text(
        "<html><body><h1>通知</h1><p>联系人手机13800000001</p></body></html>", "utf-8"
    )
    (folder / ".hidden.txt").write_text(_LEAK, "utf-8")
    (folder / "~$b泄.docx").write_bytes(b"lock")
    return folder


@pytest.fixture(scope="module")
def batch(drafts: Path) -> _Run:
    return _run("scan", "--format", "jsonl", drafts)


def _one_chinese_line(run: _Run) -> None:
    assert "Traceback" not in run.err
    lines = run.err.strip().splitlines()
    assert len(lines) == 1, run.err
    assert lines[0].startswith("错误：")
    assert regex.search(r"\p{Han}", lines[0])


def test_a_clean_text_ends_with_0(drafts: Path) -> None:
    run = _run("scan", drafts / "a净.txt")
    assert run.code == 0
    assert "机检未发现疑点" in run.out
    assert run.err == ""
    joined = "".join(regex.sub(r"[│╭╮╰╯─\s]", "", run.out).split())
    assert "".join(DISCLAIMER.split()) in joined


def test_a_leak_on_standard_input_ends_with_1() -> None:
    run = _run("scan", "-", stdin=_LEAK.encode("gb18030"))
    assert run.code == 1
    assert "不得公开" in run.out
    assert "机密★10年" in run.out
    assert "001:51(1)" in run.out


def test_quiet_says_it_by_the_exit_status_alone(drafts: Path) -> None:
    run = _run("scan", "--quiet", drafts / "b泄.txt")
    assert (run.code, run.out, run.err) == (1, "", "")


def test_an_unreadable_file_ends_with_3_and_the_others_are_reported(
    batch: _Run, drafts: Path
) -> None:
    assert batch.code == 3
    assert [one["file"] for one in batch.objects] == [
        str(drafts / name)
        for name in ("a净.txt", "b泄.txt", "c坏.docx", "d空.txt", "e提示.html")
    ]
    verdicts = [one["verdict"] for one in batch.objects]
    assert verdicts[:4] == ["clear", "blocked", "blocked", "blocked"]
    assert [one["error"] is None for one in batch.objects] == [
        True,
        True,
        False,
        False,
        True,
    ]
    for one in batch.objects[2:4]:
        assert set(one["error"]) == {"code", "message"}
        assert regex.search(r"\p{Han}", one["error"]["message"])
        assert one["coverage"]["complete"] is False


def test_what_a_folder_holds_and_nobody_looked_at_is_told(
    batch: _Run, drafts: Path
) -> None:
    assert "跳过 2 个文件，没有检查" in batch.err
    assert str(drafts / ".hidden.txt") in batch.err
    assert str(drafts / "~$b泄.docx") in batch.err
    # Named by itself it is a draft like any other.
    assert _run("scan", "--quiet", drafts / ".hidden.txt").code == 1


def test_a_folder_without_drafts_is_not_taken_for_a_clean_one(tmp_path: Path) -> None:
    (tmp_path / ".hidden.txt").write_text(_LEAK, "utf-8")
    run = _run("scan", tmp_path)
    assert run.code == 2
    assert "没有可以检查的文件" in run.err


_REPORT_KEYS = {
    "file",
    "sha256",
    "format",
    "bytes",
    "verdict",
    "document_kind",
    "error",
    "passages",
    "findings",
    "versions",
    "coverage",
}
_FINDING_KEYS = {
    "id",
    "detector",
    "category",
    "tier",
    "level",
    "clauses",
    "severity",
    "score",
    "text",
    "where",
    "start",
    "end",
    "hidden",
    "reason",
    "releasable_when",
    "suggestion",
}


def test_every_field_of_the_contract_is_there(batch: _Run) -> None:
    for one in batch.objects:
        assert set(one) >= _REPORT_KEYS
        assert set(one["coverage"]) == {"complete", "gaps"}
        assert set(one["versions"]) == {"xianshen", "lexicons", "model"}
        assert regex.fullmatch(r"[0-9a-f]{64}", one["sha256"])
        for finding in one["findings"]:
            assert set(finding) >= _FINDING_KEYS
            assert set(finding["where"]) >= {
                "part",
                "page",
                "paragraph",
                "sheet",
                "path",
            }
    leak = batch.objects[1]
    finding = leak["findings"][0]
    assert (finding["id"], finding["detector"]) == ("f1", "marking")
    assert (finding["level"], finding["severity"]) == ("secret", "block")
    assert (finding["text"], finding["start"], finding["end"]) == ("机密★10年", 0, 6)
    assert (leak["format"], leak["bytes"]) == ("txt", len(_LEAK.encode()))


def test_the_order_given_is_kept_and_jobs_change_nothing(
    batch: _Run, drafts: Path
) -> None:
    names = ["e提示.html", "b泄.txt", "a净.txt", "d空.txt", "c坏.docx"]
    run = _run(
        "scan", "--jobs", "2", "--format", "jsonl", *(drafts / name for name in names)
    )
    assert run.code == 3
    by_name = {one["file"]: one for one in batch.objects}
    assert run.objects == [by_name[str(drafts / name)] for name in names]


def test_html_reports_are_whole_and_ask_for_nothing(
    drafts: Path, tmp_path: Path
) -> None:
    hostile = tmp_path / "<b>名.txt"
    hostile.write_text("某甲 <i onload=x>与 机密★10年 & 其他\n", "utf-8")
    run = _run(
        "scan",
        "--format",
        "html",
        "-o",
        tmp_path / "out",
        drafts / "b泄.txt",
        drafts / "c坏.docx",
        hostile,
    )
    assert run.code == 3
    pages = sorted((tmp_path / "out").glob("*.html"))
    assert len(pages) == 3
    for page in pages:
        text = page.read_text("utf-8")
        assert not regex.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", text)
        assert not regex.search(r"<(?:script|link|iframe|img|object)\b", text)
        assert "@import" not in text
        assert "url(" not in text
        assert DISCLAIMER in text
    leak = next(page for page in pages if page.name.endswith("b泄.txt.html"))
    assert "机密★10年" in leak.read_text("utf-8")
    named = next(page for page in pages if "名.txt" in page.name).read_text("utf-8")
    assert "&lt;i onload=x&gt;" in named
    assert "&lt;b&gt;名.txt" in named


def test_passages_in_and_out(tmp_path: Path) -> None:
    lines = [
        {"id": "p1", "text": "学院举行运动会，师生踊跃参加。"},
        {"id": 2, "text": "机密★10年", "title": "来文", "channel": "网站"},
        {"id": "p3", "text": "受助学生李某，身份证号530199199901011236。"},
    ]
    given = "\n".join(json.dumps(one, ensure_ascii=False) for one in lines) + "\n\n"
    run = _run("scan", "--passages", "-", stdin=given.encode())
    assert run.code == 1
    keys = {"id", "flag", "score", "category", "tier", "clauses", "findings"}
    assert all(set(one) == keys for one in run.objects)
    assert [one["id"] for one in run.objects] == ["p1", 2, "p3"]
    assert [one["flag"] for one in run.objects] == [False, True, True]
    assert [one["tier"] for one in run.objects] == [None, "state", "privacy"]
    public, marked, private = run.objects
    assert public["score"] < min(marked["score"], private["score"])
    assert "001:51(1)" in marked["clauses"]
    path = tmp_path / "public.jsonl"
    path.write_text(json.dumps(lines[0]), "utf-8")
    assert _run("scan", "--passages", path, "--quiet") == _Run(0, "", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan",),
        ("scan", "没有这个文件.txt"),
        ("scan", "--passages", "坏行.jsonl"),
        ("extract", "没有这个文件.txt"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_ends_with_2_and_one_chinese_line(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    bad = '{"id": 1, "text": "通知", "label": "public"}\n{"id": 2}\n'
    (tmp_path / "坏行.jsonl").write_text(bad, "utf-8")
    run = _run(*arguments, cwd=tmp_path)
    assert run.code == 2
    _one_chinese_line(run)
    if "坏行.jsonl" in arguments:
        assert "第 2 行" in run.err
    else:
        assert run.out == ""


def test_an_unknown_option_ends_with_2() -> None:
    run = _run("scan", "--no-such-option")
    assert run.code == 2
    assert "Traceback" not in run.err


def test_extract_shows_what_the_machine_reads(drafts: Path) -> None:
    run = _run(
        "extract", "--format", "jsonl", drafts / "e提示.html", drafts / "d空.txt"
    )
    assert run.code == 3
    good, bad = run.objects
    for one in run.objects:
        assert set(one) == {"file", "format", "blocks", "coverage", "error"}
    assert good["format"] == "html"
    assert [one["text"] for one in good["blocks"]] == ["通知", "联系人手机13800000001"]
    assert all(set(one) >= {"text", "where", "hidden"} for one in good["blocks"])
    assert bad["blocks"] == []
    assert bad["error"]["code"] == "corrupt"
    assert bad["coverage"]["complete"] is False
    told = _run("extract", drafts / "e提示.html")
    assert told.code == 0
    assert "联系人手机13800000001" in told.out


def test_lexicon_check_and_coverage() -> None:
    check = _run("lexicon", "check")
    assert check.code == 0
    assert regex.search(r"\d+ 个规则文件", check.out)
    coverage = _run("lexicon", "coverage")
    assert coverage.code == 0
    assert "未覆盖 0 行" in coverage.out


def test_lexicon_test_runs_an_offices_own_examples(tmp_path: Path) -> None:
    rule = """\
clause: "001:12(15)"
label: 口头透露的考点
category: exam
tier: work
because: 启用前的题目只限命题人员知悉
suggestion: 删去题目后再发
terms: [{text: 砚湖考点清单, weight: 2}]
examples:
  flagged: [砚湖考点清单, 发了砚湖考点清单, EXAMPLE]
  passing: [考点设置, 考场规则, 考试纪律]
added: 2026-11-22
"""
    path = tmp_path / "our-office" / "1-考点.yaml"
    path.parent.mkdir()
    path.write_text(rule.replace("EXAMPLE", "又发砚湖考点清单"), "utf-8")
    wrong = path.with_name("2-考点.yaml")
    wrong.write_text(rule.replace("EXAMPLE", "没有那个词"), "utf-8")
    run = _run("lexicon", "test", "--lexicons", tmp_path, "--only", "our-office")
    assert run.code == 1
    assert "our-office/2-考点.yaml：应标出而未标出" in run.out
    assert "没有那个词" in run.out
    assert "1-考点" not in run.out
    assert "不符 1 条" in run.out
    path.write_text(rule.replace("tier: work", "tier: none"), "utf-8")
    broken = _run("lexicon", "check", "--lexicons", ".", cwd=tmp_path)
    assert broken.code == 2
    _one_chinese_line(broken)
    assert "1-考点.yaml:4" in broken.err


def test_evaluate_gives_every_figure(tmp_path: Path) -> None:
    base = {"tier": None, "clauses": [], "overt": False, "variant": "plain"}
    lines = [
        {
            "id": "1",
            "text": "机密★10年",
            "label": "sensitive",
            "category": "marking",
            **base,
            "tier": "state",
            "clauses": ["001:51(1)"],
            "overt": True,
        },
        {
            "id": "2",
            "text": "考前流出：期末卷最后一道大题考滤波电路。",
            "label": "sensitive",
            "category": "exam",
            **base,
            "tier": "work",
            "clauses": ["001:12(15)"],
        },
        {
            "id": "3",
            "text": "学院举行运动会，师生踊跃参加。",
            "label": "public",
            "category": "student",
            **base,
        },
        {
            "id": "4",
            "text": "食堂改造完工。",
            "label": "public",
            "category": "assets",
            **base,
        },
        {
            "id": "d",
            "title": "运动会",
            "channel": "网站",
            "paragraphs": [
                {"text": "各班踊跃报名。", "label": "public", "category": None, **base}
            ],
        },
    ]
    cases = [
        {
            "id": "i1",
            "type": "id_card",
            "text": "身份证号530199199901011236",
            "expected": [
                {"type": "id_card", "value": "530199199901011236", "valid": True}
            ],
        },
        {
            "id": "i2",
            "type": "mobile",
            "text": "电话12345",
            "expected": [{"type": "mobile", "value": "12345", "valid": False}],
        },
    ]
    path = tmp_path / "labelled.jsonl"
    path.write_text(
        "\n".join(json.dumps(one, ensure_ascii=False) for one in lines + cases), "utf-8"
    )
    run = _run("evaluate", "--json", path)
    assert run.code == 0, run.err
    told = json.loads(run.out)
    assert told["passages"] == 5
    figures = {
        "precision",
        "recall",
        "covert_recall",
        "f1",
        "f2",
        "average_precision",
        "roc_auc",
        "false_flag_rate",
    }
    for method in ("both", "rules", "classifier", "keywords"):
        own = told["methods"][method]
        assert figures <= set(own)
        assert set(own["intervals"]) <= figures
        assert own["sensitive"] == 2
        assert own["public"] == 3
    assert {"by_category", "by_tier", "by_overt", "by_variant"} <= set(told)
    assert told["methods"]["both"]["recall"] >= 0.5
    assert told["identifiers"]["id_card"]["recall"] == 1.0


def test_the_version_is_told() -> None:
    run = _run("--version")
    assert run.code == 0
    assert regex.fullmatch(r"xianshen \d+\.\d+\.\d+\n", run.out)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('\ufeff{"id": 1, "text": "今天天气很好，大家都在操场上跑步。"}', 0),
        ('{"id": 1, "text": "前半\\ud800后半", "title": null}', 0),
        ('{"id": 1, "text": "前半\u2028后半"}', 0),
        ('{"id": 1, "text": "正文", "title": 5}', 2),
    ],
)
def test_odd_passages_end_well(tmp_path: Path, line: str, code: int) -> None:
    file = tmp_path / "p.jsonl"
    file.write_text(line + "\n", "utf-8")
    run = _run("scan", "--passages", file)
    assert run.code == code
    assert "Traceback" not in run.err


def test_passages_in_another_encoding_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl"
    file.write_bytes('{"id": 1, "text": "正文"}'.encode("gbk"))
    run = _run("scan", "--passages", file)
    assert run.code == 2
    assert "UTF-8" in run.err


def test_pages_of_like_named_files_do_not_overwrite(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("a/b.txt", "a_b.txt"):
        (tmp_path / name).write_text("今天天气很好。", "utf-8")
    _run("scan", "--format", "html", "-o", tmp_path / "out", tmp_path)
    assert len(list((tmp_path / "out").glob("*.html"))) == 2

"""`xianshen lexicon diff` and `import` as people run them."""

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from review.resources import lexicons_folder
from tests.command import Ran, xianshen

pytestmark = pytest.mark.slow

_RULE = """\
clause: "001:12(15)"
label: 砚湖杯的赛题
category: exam
tier: work
because: 启用前的赛题只限命题人员知悉
suggestion: 删去赛题后再发布
terms: [{text: 砚湖赛题原件, weight: 2}]
examples:
  flagged: [砚湖赛题原件, 发了砚湖赛题原件, 又发砚湖赛题原件]
  passing: [砚湖杯开赛, 赛场规则, 赛场纪律]
added: 2026-11-22
"""
_FILE = "xishuangbanna-college/12-15-砚湖杯.yaml"


def _run(*arguments: str | Path) -> Ran:
    return xianshen("lexicon", *arguments)


def _write(folder: Path, text: str) -> Path:
    path = folder / _FILE
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Return an office's own folder, and the same with another word."""
    return (
        _write(tmp_path / "old", _RULE),
        _write(tmp_path / "new", _RULE.replace("terms: [", "terms: [砚湖评分点, ")),
    )


def test_diff_ends_with_0_where_nothing_differs(folders: tuple[Path, Path]) -> None:
    run = _run("diff", folders[0], folders[0])
    assert (run.code, run.err) == (0, "")
    assert "两个词库完全相同" in run.out


def test_diff_ends_with_1_and_names_the_word(folders: tuple[Path, Path]) -> None:
    run = _run("diff", *folders)
    assert (run.code, run.err) == (1, "")
    assert "词语 新增：砚湖评分点" in run.out
    told = json.loads(_run("diff", *folders, "--json").out)
    assert told["equal"] is False
    assert [one["file"] for one in told["changed"]] == [_FILE]
    assert told["old"] != told["new"]
    assert "drafts" not in told


def test_diff_ends_with_2_where_it_cannot_compare(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    run = _run("diff", folders[0], tmp_path / "nowhere")
    assert (run.code, run.out) == (2, "")
    assert "找不到词库目录" in run.err
    broken = _write(tmp_path / "broken", "clause: 1\n")
    run = _run("diff", folders[0], broken)
    assert run.code == 2
    assert "Traceback" not in run.err


def test_diff_on_drafts_lists_findings_gained_and_lost(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    (drafts / "甲.txt").write_text("转发砚湖赛题原件给各队教练。\n", "utf-8")
    (drafts / "乙.txt").write_text("食堂改造完工，欢迎前来就餐。\n", "utf-8")
    (drafts / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    old, _ = folders
    harmless = _write(tmp_path / "harmless", _RULE.replace("weight: 2", "weight: 1"))
    run = _run("diff", old, harmless, "--on", drafts)
    assert run.code == 1
    assert "检查 3 份稿件" in run.out
    assert "少标出 正文第1段 [需处置] xishuangbanna-college/12-15-砚湖杯" in run.out
    assert "乙.txt" not in run.out
    assert f"未能检查全部内容：{drafts / '坏.docx'}" in run.out

    told = json.loads(_run("diff", harmless, old, "--on", drafts, "--json").out)
    by_name = {Path(one["file"]).name: one for one in told["drafts"]}
    rules = [one["rule"] for one in by_name["甲.txt"]["gained"]]
    assert "xishuangbanna-college/12-15-砚湖杯" in rules
    assert by_name["乙.txt"]["gained"] == by_name["乙.txt"]["lost"] == []
    assert by_name["坏.docx"]["error"]


def test_diff_of_whole_lexicons_takes_the_rules_that_are_there(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(lexicons_folder(), whole)
    (whole / "xishuangbanna-college" / "12-15-启用前试题.yaml").unlink()
    draft = tmp_path / "甲.txt"
    draft.write_text("期末考试尚未开考，先把参考答案发在群里。\n", "utf-8")
    run = _run("diff", lexicons_folder(), whole, "--on", draft)
    assert run.code == 1
    assert "删除（1）" in run.out
    assert "检查 1 份稿件" in run.out


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Return the template with its example row made a real one."""
    path = tmp_path / "规则.xlsx"
    run = _run("import", "--template", path)
    assert (run.code, run.err) == (0, "")
    book = load_workbook(path)
    book.worksheets[0]["A2"] = "001:12(15)"
    book.save(path)
    return path


def test_import_writes_rules_that_pass_check_and_test(
    filled: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    run = _run("import", filled, "-o", own)
    assert (run.code, run.err) == (0, "")
    assert "共 1 个规则文件，全部例文符合预期" in run.out
    (written,) = own.rglob("*.yaml")
    assert written.parent.name == "xishuangbanna-college"
    assert _run("check", "--lexicons", own).code == 0

    before = written.read_bytes()
    again = _run("import", filled, "-o", own)
    assert again.code == 1
    assert "--replace" in again.out
    assert written.read_bytes() == before
    assert _run("import", filled, "-o", own, "--replace").code == 0
    assert written.read_bytes() == before


def test_import_writes_nothing_where_a_cell_is_wrong(
    filled: Path, tmp_path: Path
) -> None:
    book = load_workbook(filled)
    page = book.worksheets[0]
    for cell in page[2]:
        page.cell(3, cell.column).value = cell.value
    page["D3"], page["E3"], page["T3"] = "另一种赛题", "考式", "一条"
    book.save(filled)
    own = tmp_path / "own"
    run = _run("import", filled, "-o", own)
    assert run.code == 1
    assert "第 3 行“类别”列（E3）" in run.out
    assert "第 3 行“应标出例文”列（T3）" in run.out
    assert "共 2 处问题，没有写入任何文件" in run.out
    assert not own.exists()


def test_import_lists_the_examples_that_fail(filled: Path, tmp_path: Path) -> None:
    book = load_workbook(filled)
    book.worksheets[0]["T2"] = "这里没有那个词。\n赛前核对赛题。\n赛前发评分点。"
    book.save(filled)
    run = _run("import", filled, "-o", tmp_path / "own")
    assert run.code == 1
    assert "应标出而未标出（0 分）：这里没有那个词。" in run.out
    assert "例文不符 1 条" in run.out


def test_import_says_what_a_rule_replaces_in_the_shipped_lexicons(
    filled: Path, tmp_path: Path
) -> None:
    book = load_workbook(filled)
    page = book.worksheets[0]
    names = {cell.value: cell.column for cell in page[1]}
    page.cell(2, names["文件名"]).value = "12-15-启用前试题"
    book.save(filled)
    run = _run("import", filled, "-o", tmp_path / "own")
    assert "第 2 行将取代随附词库里的同名规则" in run.out


def test_import_needs_a_file_and_a_folder(filled: Path, tmp_path: Path) -> None:
    for arguments in ((), (filled,), ("-o", tmp_path / "own")):
        run = _run("import", *arguments)
        assert run.code == 2
        assert "请给出表格和写入的目录" in run.err
    assert _run("import", filled, "--template", tmp_path / "b.xlsx").code == 2
    again = _run("import", "--template", filled)
    assert again.code == 2
    assert "已有文件" in again.err

"""The office's own lexicon on the command line: proposed, previewed, put into force."""

import json
from pathlib import Path

import pytest
import regex

from tests.command import Command, founded
from tests.service import lexicon_material as material
from tests.service.lexicon_material import DRAFT, NAME

# Each run loads the program anew, which takes a second or more.
pytestmark = pytest.mark.slow


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Return the command of an office with two signers and a reviewer."""
    return founded(
        tmp_path,
        ("li", "李样本", "保密办审查员"),
        ("qian", "钱例子", "保密办审查员"),
        ("zhang", "张示例", "部门初审员", "--department", "宣传部"),
    )


def _submitted(command: Command) -> str:
    path = command.folder.parent / "稿件.txt"
    path.write_text(DRAFT, "utf-8")
    said = command(
        *("case", "submit", path, "--title", "学院筹备砚湖杯", "--as", "zhang"),
        *("--department", "宣传部", "--channel", "网站", "--drafted-by", "王虚构"),
    )
    found = regex.search(r"(\d{4}-\d{6})", said)
    assert found is not None
    return found[1]


def test_a_rule_comes_into_force_by_two_people(command: Command) -> None:
    number = _submitted(command)
    place = command.folder.parent / "own" / NAME
    place.parent.mkdir(parents=True)
    place.write_bytes(material.rule())
    own = command.folder.parent / "own"
    said = command("lexicon", "propose", own, "--reason", "赛事将近", "--as", "li")
    assert "已提出 词0001" in said
    shown = command("lexicon", "preview", "词0001", "--as", "li")
    assert f"新增 {NAME}" in shown
    assert f"{number} 多标出 1 处" in shown
    found = regex.search(r"预演摘要 ([0-9a-f]{64})", shown)
    assert found is not None
    seen = ("--preview", found[1][:12])
    refused = command("lexicon", "activate", "词0001", "--as", "li", *seen, code=2)
    assert "另一位审查员" in refused
    short = ("--preview", found[1][:11])
    refused = command("lexicon", "activate", "词0001", "--as", "qian", *short, code=2)
    assert "最新" in refused
    assert "已启用" in command("lexicon", "activate", "词0001", "--as", "qian", *seen)
    assert "启用中" in command("lexicon", "versions", "--as", "qian")
    # The next scan goes by it.
    second = _submitted(command)
    assert NAME.removesuffix(".yaml") in _rules(command, second)
    assert NAME.removesuffix(".yaml") not in _rules(command, number)


def _rules(command: Command, number: str) -> set[str]:
    """Return the rules that spoke in a case, as the record has them."""
    path = command.folder.parent / "记录.jsonl"
    command("records", "export", "-o", path)
    said = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    scanned = [
        one["statement"]["data"]["report"]
        for one in said
        if one["type"] == "entry"
        and one["statement"]["kind"] == "case.scanned"
        and one["statement"]["case"] == number
    ]
    return {each["rule"] for one in scanned for each in one["findings"]}


def test_words_spreadsheets_and_what_is_refused(command: Command) -> None:
    by_li = ("--reason", "试一试", "--as", "li")
    words = ("--rule", material.SHIPPED, "--add", "砚湖密卷*2", "--add", "砚湖样题")
    assert "词0001" in command("lexicon", "propose", *words, *by_li)
    sheet = command.folder.parent / "规则.xlsx"
    sheet.write_bytes(material.spreadsheet())
    assert "词0002" in command("lexicon", "propose", sheet, *by_li)
    wrong = command("lexicon", "propose", "--add", "砚湖", *by_li, code=2)
    assert "--rule" in wrong
    odd = ("--rule", material.SHIPPED, "--add", "砚湖*多")
    assert "分值" in command("lexicon", "propose", *odd, *by_li, code=2)
    nowhere = command("lexicon", "propose", "没有这里", *by_li, code=2)
    assert "找不到目录" in nowhere
    said = command("lexicon", "reject", "词0001", "--reason", "再议", "--as", "li")
    assert "已退回 词0001" in said
    listed = command("lexicon", "versions", "--as", "li")
    assert "再议" in listed
    whole = ("--drafts", "0", "--json", "--as", "li")
    shown = json.loads(command("lexicon", "preview", "词0002", *whole))
    assert shown["sound"]
    again = json.loads(
        command("lexicon", "preview", "词0002", "--last", "--json", "--as", "qian")
    )
    assert again["digest"] == shown["digest"]

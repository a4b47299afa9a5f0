"""The learning loop on the command line: export, compare, use, and what a scan goes by then."""

import json
import stat
from pathlib import Path

import pytest

from review.detect.classifier import load_classifier
from review.resources import passage_model_folder
from tests.command import Command, founded
from tests.service.model_material import candidate
from tests.service.site import PHONE

# Each run loads the program anew, which takes a second or more.
pytestmark = pytest.mark.slow


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Return the command of an office with a signer and a reviewer."""
    return founded(
        tmp_path,
        ("li", "李样本", "保密办审查员"),
        ("zhang", "张示例", "部门初审员", "--department", "宣传部"),
    )


def _returned(command: Command) -> None:
    """Let the department send an item back for what was found in it."""
    path = command.folder.parent / "稿件.txt"
    path.write_text(PHONE, "utf-8")
    said = command(
        *("case", "submit", path, "--title", "学院举行秋季运动会", "--as", "zhang"),
        *("--department", "宣传部", "--channel", "网站", "--drafted-by", "王虚构"),
    )
    number = next(one for one in said.split() if one.startswith("20") and "-" in one)
    by = ("--as", "zhang")
    about = ("--opinion", "须删改", "--reason", "属于个人信息")
    command("case", "dispose", number, "1.f1", *about, *by)
    conclusion = ("--conclusion", "须修改", "--opinion", "请删去")
    command("case", "conclude", number, *conclusion, *by)


def test_passages_come_out_for_their_owner_alone(command: Command) -> None:
    out = command.folder.parent / "样本.jsonl"
    nothing = command("model", "export", "-o", out, "--as", "li", code=2)
    assert "还没有可以导出的样本" in nothing
    assert not out.exists()
    _returned(command)
    refused = command("model", "export", "-o", out, "--as", "zhang", code=2)
    assert "保密办审查员" in refused
    said = command("model", "export", "-o", out, "--as", "li")
    assert "已导出 1 段" in said
    assert "按内部资料保管" in said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (line,) = out.read_text("utf-8").splitlines()
    assert json.loads(line)["label"] == "sensitive"
    assert "不会覆盖" in command("model", "export", "-o", out, "--as", "li", code=2)
    assert "-o" in command("model", "train", "--with", out, code=2)
    out.write_text("{}\n", "utf-8")
    wrong = command("model", "train", "--with", out, "-o", out.parent / "x", code=2)
    assert f"{out}:1 缺少" in wrong


def test_a_scan_goes_by_the_model_in_force(command: Command) -> None:
    folder = candidate(command.folder.parent / "候选", review_point=0.9)
    own = load_classifier(folder).digest
    shipped = load_classifier(passage_model_folder()).digest
    draft = command.folder.parent / "新闻.txt"
    draft.write_text("食堂改造完工。\n", "utf-8")

    def model() -> str:
        report = json.loads(command("scan", "--format", "jsonl", draft))
        return str(report["versions"]["model"])

    assert model() == shipped
    shown = command("model", "compare", folder, "--on", draft, "--json", code=1)
    assert json.loads(shown)["new"] == own
    assert json.loads(shown)["drafts"][0]["error"] is None
    asked = ("model", "use", folder, "--as", "li")
    assert "没有启用" in command(*asked, said="n\n", code=1)
    assert "--yes" in command(*asked, code=2)
    assert "保密办审查员" in command(*asked[:-1], "zhang", "--yes", code=2)
    assert model() == shipped
    assert "已启用本单位模型" in command(*asked, said="y\n")
    assert model() == own
    assert "分类模型：本单位的" in command("doctor", code=0)
    assert "完全相同" in command("model", "compare", folder)
    assert "片段分类模型说明" in command("model", "card")
    other = Command(command.folder.parent / "nothing")
    report = json.loads(other("scan", "--format", "jsonl", draft))
    assert report["versions"]["model"] == shipped
    command("model", "use", "--shipped", "--as", "li", "--yes")
    assert model() == shipped
    wrong = command("model", "compare", command.folder, code=2)
    assert "没有这一版程序能用的分类模型" in wrong

"""`xianshen evaluate` as people run it: the page, the worst mistakes, refusals."""

import json
from pathlib import Path

import pytest

from tests.command import Ran, xianshen

pytestmark = pytest.mark.slow

_LEAK = "考前流出：期末卷最后一道大题考滤波电路，选择题选CABDD。"
_FINE = "学院举行秋季运动会，师生踊跃参加，校园里一片欢声笑语。"


def _run(*arguments: str | Path) -> Ran:
    return xianshen("evaluate", *arguments)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return passages with their labels turned round: all are mistakes."""
    clause = ["001:12(15)"]
    lines = [
        {"id": "P1", "text": _LEAK, "label": "public", "note": "考后讲评"},
        {"id": "P2", "text": _FINE, "label": "sensitive", "clauses": clause},
    ]
    path = tmp_path_factory.mktemp("labelled") / "标注.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in lines), "utf-8")
    return path


def test_the_page_and_the_terminal_show_the_worst_mistakes(
    labelled: Path, tmp_path: Path
) -> None:
    page = tmp_path / "评测.html"
    run = _run(labelled, "--html", page, "--errors", "1")
    assert run.code == 0, run.err
    assert "已写入" in run.err
    text = page.read_text("utf-8")
    for told in (run.out, text):
        assert _LEAK in told
        assert _FINE in told
        assert "考后讲评" in told
    assert "001:12(15)" in text


def test_json_holds_the_new_figures_and_quotes_only_when_asked(
    labelled: Path, tmp_path: Path
) -> None:
    run = _run(labelled, "--json", "--html", tmp_path / "p.html")
    assert run.code == 0, run.err
    told = json.loads(run.out)
    assert len(told["calibration"]["both"]["bins"]) == 10
    assert told["by_clause"]["001:12(15)"]["missed"] == 1
    assert told["drafts"] is None
    assert 0 < told["points"]["review"]["point"] < 1
    assert _LEAK not in run.out
    asked = json.loads(_run(labelled, "--json", "--errors", "1").out)
    assert asked["errors"]["false_flag"]["worst"][0]["text"] == _LEAK


def test_the_labelled_data_is_never_overwritten(labelled: Path, tmp_path: Path) -> None:
    before = labelled.read_bytes()
    run = _run(labelled, "--html", labelled)
    assert run.code == 2
    assert labelled.read_bytes() == before
    nowhere = _run(labelled, "--html", tmp_path / "没有" / "p.html")
    assert nowhere.code == 2
    assert "没有这个文件夹" in nowhere.err

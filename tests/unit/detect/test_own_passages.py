"""An office's own passages: read strictly, told by file and line, learned from openly."""

import json
from pathlib import Path
from typing import Any

import pytest
import regex

from review import digests
from review.cli import model as commands
from review.detect.own_passages import (
    NO_PASSAGES,
    OWN_WEIGHT,
    OwnPassages,
    read_own,
)
from review.errors import UsageError
from review.resources import passage_model_folder

_GOOD: dict[str, Any] = {
    "id": "own-2026-000001-1-1-3",
    "text": "期末卷第一题考的是滤波电路，考前请勿外传。",
    "label": "sensitive",
    "category": "exam",
    "tier": "work",
    "clauses": ["001:12(15)"],
    "overt": False,
    "variant": "plain",
    "style": "other",
    "family": "own-2026-000001",
    "note": "须删改：考前题目",
}
_HARMLESS = {
    **_GOOD,
    "id": "own-2026-000002-1-1-4",
    "text": "图书馆本周延长开放时间。",
    "label": "public",
    "tier": None,
    "clauses": [],
    "family": "own-2026-000002",
}


def _file(tmp_path: Path, *lines: object, name: str = "样本.jsonl") -> Path:
    path = tmp_path / name
    texts = (
        one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)
        for one in lines
    )
    path.write_text("".join(f"{one}\n" for one in texts), "utf-8")
    return path


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in _GOOD.items() if key != name}


def test_what_is_in_order_is_read(tmp_path: Path) -> None:
    path = _file(tmp_path, _GOOD, "", {**_HARMLESS, "title": "通知"})
    (first, second), (file,) = read_own([path])
    assert (first.id, first.sensitive, first.category) == (_GOOD["id"], True, "exam")
    assert (first.clauses, first.covert, first.family) == (
        ("001:12(15)",),
        True,
        "own-2026-000001",
    )
    assert (second.sensitive, second.tier, second.title) == (False, None, "通知")
    assert (file.passages, file.digest) == (2, digests.of_bytes(path.read_bytes()))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "不是一个 JSON 对象"),
        (["文字"], "不是一个 JSON 对象"),
        (_without("family"), "缺少 family"),
        ({**_GOOD, "id": ""}, "id 应为"),
        ({**_GOOD, "text": "  "}, "text 应为"),
        ({**_GOOD, "text": 5}, "text 应为"),
        ({**_GOOD, "text": "长" * 5001}, "超过 5000 字"),
        ({**_GOOD, "label": "secret"}, "label 只能是"),
        ({**_GOOD, "label": ["public"]}, "label 只能是"),
        ({**_GOOD, "category": "试卷"}, "category 不是"),
        ({**_GOOD, "category": None}, "应写明 category"),
        ({**_GOOD, "tier": None}, "tier 只能是"),
        ({**_GOOD, "clauses": "001:12(15)"}, "clauses 应为"),
        ({**_GOOD, "overt": "false"}, "overt 只能是"),
        ({**_GOOD, "title": 3}, "title 应为"),
        ({**_HARMLESS, "tier": "work"}, "tier 应为 null"),
        ({**_HARMLESS, "clauses": ["001:12(15)"]}, "clauses 应为 []"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(
    tmp_path: Path, line: object, said: str
) -> None:
    path = _file(tmp_path, {**_HARMLESS, "id": "x"}, line)
    with pytest.raises(UsageError) as caught:
        read_own([path])
    assert f"{path}:2 " in caught.value.message
    assert said in caught.value.message
    for secret in ("滤波电路", "图书馆"):
        assert secret not in caught.value.message


def test_many_mistakes_are_counted(tmp_path: Path) -> None:
    path = _file(tmp_path, *["坏"] * 9)
    with pytest.raises(UsageError, match="另有 4 处") as caught:
        read_own([path])
    assert caught.value.message.count(str(path)) == 5


def test_a_passage_that_comes_again_is_taken_once(tmp_path: Path) -> None:
    first = _file(tmp_path, _GOOD, name="一.jsonl")
    broken = {**_GOOD, "id": "y", "text": _GOOD["text"].replace("，", "，\n")}
    second = _file(tmp_path, _GOOD, broken, _HARMLESS, name="二.jsonl")
    examples, files = read_own([first, second])
    assert [one.id for one in examples] == [_GOOD["id"], _HARMLESS["id"]]
    assert [one.passages for one in files] == [1, 1]


def test_lines_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    first = _file(tmp_path, _GOOD, name="一.jsonl")
    other = {**_HARMLESS, "text": _GOOD["text"]}
    second = _file(tmp_path, other, name="二.jsonl")
    with pytest.raises(UsageError, match="label 却不同") as caught:
        read_own([first, second])
    assert f"{second}:1" in caught.value.message
    assert f"{first}:1" in caught.value.message
    third = _file(tmp_path, {**_HARMLESS, "id": _GOOD["id"]}, name="三.jsonl")
    with pytest.raises(UsageError, match="id 相同"):
        read_own([first, third])


def test_files_that_cannot_be_had(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="找不到样本文件"):
        read_own([tmp_path / "没有.jsonl"])
    odd = tmp_path / "旧编码.jsonl"
    odd.write_bytes("文字".encode("gb18030"))
    with pytest.raises(UsageError, match="UTF-8"):
        read_own([odd])
    with pytest.raises(UsageError, match="没有一段样本"):
        read_own([_file(tmp_path, "")])


def test_without_own_passages_nothing_is_said_of_them() -> None:
    assert NO_PASSAGES.provenance() == {}
    assert NO_PASSAGES.metrics([], 0.5) == {}


def test_figures_count_what_was_flagged(tmp_path: Path) -> None:
    examples, files = read_own([_file(tmp_path, _GOOD, _HARMLESS)])
    own = OwnPassages(examples, (), files)
    assert own.metrics([0.9, 0.4], 0.5)["own"] == {
        "passages": 2,
        "disclosures": 1,
        "recall": 1.0,
        "false_flag_rate": 0.0,
    }
    assert own.metrics([0.4, 0.5], 0.5)["own"]["false_flag_rate"] == 1.0
    assert own.provenance()["own"]["weight"] == OWN_WEIGHT


def test_an_own_model_never_lands_on_the_shipped_one(tmp_path: Path) -> None:
    path = _file(tmp_path, _GOOD)
    shipped = passage_model_folder()
    before = (shipped / "model.json").read_bytes()
    for output in (None, shipped, shipped / "corpus" / ".."):
        with pytest.raises(UsageError, match="-o"):
            commands.train(own=[path], output=output)
    with pytest.raises(UsageError, match="-o"):
        commands.train(own_lexicons=tmp_path)
    assert (shipped / "model.json").read_bytes() == before


def _corpus(folder: Path) -> Path:
    """Write a corpus that is just large enough to be cross-validated."""
    folder.mkdir()
    lines = []
    for at in range(64):
        subject = "甲乙丙丁戊己庚辛"[at % 8] + "子丑寅卯辰巳午未"[at // 8]
        secret = {**_GOOD, "id": f"e{at}", "family": f"e{at}"}
        secret["text"] = f"{subject}班期末卷第{at}题考滤波电路，考前不要外传。"
        if at % 2:
            secret.update(category="finance", clauses=["001:12(2)"])
            secret["text"] = f"{subject}处预算草案拟压减{at}万元，尚未上会，请勿外传。"
        news = {**_HARMLESS, "id": f"p{at}", "family": f"p{at}"}
        news["text"] = f"{subject}学院第{at}届秋季运动会圆满落幕，师生踊跃参加。"
        lines += [secret, news]
    _file(folder, *lines)
    return folder


@pytest.mark.slow
def test_a_model_says_what_it_was_made_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = _corpus(tmp_path / "corpus")
    own = _file(tmp_path, _GOOD, _HARMLESS)
    plain, first, nothing = (tmp_path / name for name in ("plain", "first", "none"))
    nothing.mkdir()
    # With a folder of its own, however empty, nothing is compiled into the shipped one.
    commands.train(corpus=corpus, own_lexicons=nothing, output=plain)
    commands.train(corpus=corpus, own=[own], output=first)
    assert "本单位样本 2 段" in capsys.readouterr().out
    manifest = json.loads((first / "model.json").read_text("utf-8"))
    digest = digests.of_bytes(own.read_bytes())
    assert manifest["own"] == {
        "passages": 2,
        "weight": OWN_WEIGHT,
        "files": [{"digest": digest, "passages": 2}],
    }
    card = (first / "card.md").read_text("utf-8")
    assert "本单位样本 2 段" in card
    assert digest in card
    metrics = json.loads((first / "metrics.json").read_text("utf-8"))
    assert metrics["own"]["passages"] == 2
    # The corpus's own figures stay those of the corpus.
    assert metrics["passages"] == 128
    without = json.loads((plain / "model.json").read_text("utf-8"))
    assert "own" not in without
    assert without["arrays"] != manifest["arrays"]
    assert not regex.search("本单位样本", (plain / "card.md").read_text("utf-8"))

"""Labelled data is told apart by its fields; a bad line is named."""

import json
from pathlib import Path

import pytest

from review.errors import UsageError
from review.evaluation.data import read_labelled

_PASSAGE = {
    "id": "P1",
    "text": "通知",
    "label": "public",
    "category": "exam",
    "note": "只是通知",
}


def _file(folder: Path, *lines: object) -> Path:
    path = folder / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return path


def test_passages_drafts_and_identifier_cases_are_told_apart(tmp_path: Path) -> None:
    draft = {
        "id": "D1",
        "title": "题",
        "channel": "网站",
        "paragraphs": [
            {"text": "一", "label": "public"},
            {"text": "二", "label": "sensitive", "overt": True, "clauses": ["001:1"]},
        ],
    }
    case = {
        "id": "I1",
        "type": "mobile",
        "text": "13800000001",
        "expected": [{"type": "mobile", "value": "13800000001", "valid": True}],
    }
    drafts, cases = read_labelled([_file(tmp_path, _PASSAGE, draft, case)])
    assert [(one.id, one.alone) for one in drafts] == [("P1", True), ("D1", False)]
    assert drafts[0].paragraphs[0].note == "只是通知"
    assert [one.id for one in drafts[1].paragraphs] == ["D1#1", "D1#2"]
    assert [one.sensitive for one in drafts[1].paragraphs] == [False, True]
    assert drafts[1].paragraphs[1].clauses == ("001:1",)
    assert drafts[1].paragraphs[1].overt
    assert cases[0].expected == (("mobile", "13800000001", True),)


@pytest.mark.parametrize("bad", [{"id": 2}, {"id": 2, "text": "无标注"}, [1], "字"])
def test_a_line_of_no_known_form_is_named(tmp_path: Path, bad: object) -> None:
    with pytest.raises(UsageError, match=r"labelled\.jsonl:2"):
        read_labelled([_file(tmp_path, _PASSAGE, bad)])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有"):
        read_labelled([tmp_path / "没有.jsonl"])

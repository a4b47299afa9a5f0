"""What people had before them when they cleared an item, as a later look counts it."""

from typing import Any

from review.service.siteaudit import looking


def _full(severity: str) -> dict[str, Any]:
    finding = {"rule": "r", "text": "甲", "severity": severity}
    gaps = [{"message": "图片里的文字未经机器检查"}]
    return {"files": [{"findings": [finding], "coverage": {"gaps": gaps}}]}


def test_a_graver_finding_of_the_same_words_is_not_known() -> None:
    assert looking._known_then(_full("review")) == {("r", "甲", "review")}
    assert looking._known_then(_full("block")) == {
        ("r", "甲", "review"),
        ("r", "甲", "block"),
    }
    assert looking._known_then(_full("notice")) == set()


def test_gaps_that_were_told_then_are_known() -> None:
    assert looking._unread_then(_full("notice")) == {"图片里的文字未经机器检查"}

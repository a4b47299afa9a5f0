"""Hidden parts are told once each, and quiet ones not at all."""

from review.detect.hidden import HiddenDetector
from review.detect.interface import Finding
from review.extract.interface import Block, Document
from review.normalize.passages import normalize
from review.spans import Location, Part


def _block(text: str, part: Part, *, hidden: bool = True) -> Block:
    return Block(text, Location(part=part), hidden=hidden)


def _found(*blocks: Block) -> tuple[Finding, ...]:
    text = normalize(Document("a.docx", "docx", "", 0, blocks))
    return HiddenDetector().detect(text).findings


def test_each_part_is_told_once_with_its_count() -> None:
    found = _found(
        _block("正文。", "body", hidden=False),
        _block("第一条批注", "comment"),
        _block("删掉的话", "deletion"),
        _block("第二条批注", "comment"),
    )
    assert [one.rule for one in found] == ["hidden/comment", "hidden/deletion"]
    assert "批注 2 处" in found[0].reason
    assert found[0].text == "第一条批注"
    assert found[0].passage == 1
    assert {one.severity for one in found} == {"notice"}
    assert all(one.hidden for one in found)


def test_visible_parts_are_not_told() -> None:
    assert _found(_block("页眉", "header", hidden=False)) == ()


def test_properties_and_alternative_texts_are_quiet() -> None:
    assert _found(_block("作者：张某", "metadata"), _block("校门", "image")) == ()

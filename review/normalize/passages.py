"""A document's blocks become passages: paragraphs, long ones by sentences.

Headings are passages too, and every passage after one knows it. The title
is the first title or heading, else the first short line of the body.
"""

from typing import Final

import regex

from review.extract.interface import Block, Document
from review.normalize.interface import NormalizedText, Passage
from review.normalize.steps import fold

LONGEST: Final = 320
_SENTENCE: Final = regex.compile(
    r"[^。！？!?；;\n]*(?:[。！？!?；;]+[”’」』）)\"]*|\n+|$)"
)
_TITLE_LENGTH: Final = 60
_SHORTEST_TITLE: Final = 4
_ENDS_SENTENCE: Final = "。；;，,：:！!？?"


def normalize(
    document: Document, *, title: str = "", channel: str = ""
) -> NormalizedText:
    """Fold a document; `title` and `channel` as the uploader gave them."""
    passages: list[Passage] = []
    heading = ""
    for block in document.blocks:
        for piece in _pieces(block.text):
            passages.append(_passage(len(passages), piece, block, heading))
        if block.role in {"heading", "title"} and not block.hidden:
            heading = fold(block.text).text.strip()[:_TITLE_LENGTH]
    return NormalizedText(
        name=document.name,
        title=fold(title).text or _title(passages),
        passages=tuple(passages),
        gaps=document.gaps,
        channel=channel,
    )


def single_passage(text: str, *, title: str = "", channel: str = "") -> NormalizedText:
    """Fold one passage that came by itself, whatever its length."""
    passage = Passage(index=0, source=text, folded=fold(text))
    return NormalizedText(
        name="", title=fold(title).text, passages=(passage,), channel=channel
    )


def _passage(index: int, piece: str, block: Block, heading: str) -> Passage:
    return Passage(
        index=index,
        source=piece,
        folded=fold(piece),
        where=block.where,
        hidden=block.hidden,
        role=block.role,
        cells=block.cells,
        heading=heading,
        detail=block.detail,
    )


def _pieces(text: str) -> list[str]:
    """Split a long block at sentence ends into pieces of a readable length."""
    if len(text) <= LONGEST:
        return [text] if text.strip() else []
    pieces: list[str] = []
    current = ""
    for sentence in _SENTENCE.findall(text):
        if current and len(current) + len(sentence) > LONGEST:
            pieces.append(current)
            current = ""
        current += sentence
        while len(current) > LONGEST * 4:
            pieces.append(current[: LONGEST * 4])
            current = current[LONGEST * 4 :]
    pieces.append(current)
    return [piece for piece in pieces if piece.strip()]


def _title(passages: list[Passage]) -> str:
    body = [one for one in passages if one.where.part == "body" and not one.hidden]
    for one in body:
        if one.role in {"title", "heading"}:
            return one.text.strip()
    for one in body[:8]:
        line = one.text.strip().split("\n")[0]
        if (
            _SHORTEST_TITLE <= len(line) <= _TITLE_LENGTH
            and line[-1] not in _ENDS_SENTENCE
        ):
            return line
    return ""

"""A document's blocks become passages: paragraphs, long ones by sentences.

Headings are passages too, and every passage after one knows it. The title
is the first title or heading, else the first short line of the body.
"""

from pathlib import PurePath
from typing import Final

import regex

from review.extract.interface import Block, Document
from review.normalize.interface import CutBlock, NormalizedText, Passage
from review.normalize.steps import fold

LONGEST: Final = 320
_SENTENCE: Final = regex.compile(
    r"[^。！？!?；;\n]*(?:[。！？!?；;]+[”’」』）)\"]*|\n+|$)"
)
_TITLE_LENGTH: Final = 60
_SHORTEST_TITLE: Final = 4
_HEAD: Final = 14
_NAMES_ITSELF: Final = regex.compile(
    r"(?:通知|公告|公示|通报|报告|请示|批复|复函|纪要|记录|方案|预案|意见|办法|规定|决定|计划|总结|要点"
    r"|名单|名册|花名册|简章|章程|细则|试卷|答案|评分标准|情况表|汇总表|登记表|统计表|协议|合同|倡议书|讲话|致辞"
    r"|审查表|清单|台账|守则|制度|规程|指南|须知|简报|快报|专报)(?:\([^()]{1,20}\))*$"
)
_ISSUER: Final = regex.compile(
    r"(?:文件|内部使用|内部资料|内部文件)$|^(?:[^关于]{2,20}(?:学院|大学|学校|局|委员会|办公室|处|部|中心|公司))$"
)
_ENDS_SENTENCE: Final = "。；;，,：:！!？?"


def normalize(
    document: Document, *, title: str = "", channel: str = ""
) -> NormalizedText:
    """Fold a document; `title` and `channel` as the uploader gave them."""
    passages: list[Passage] = []
    layout: list[CutBlock] = []
    heading = ""
    for block in document.blocks:
        pieces: list[int | str] = []
        for piece in _pieces(block.text):
            if piece.strip():
                pieces.append(len(passages))
                passages.append(_passage(len(passages), piece, block, heading))
            else:
                pieces.append(piece)
        layout.append(CutBlock(block, tuple(pieces)))
        if block.role in {"heading", "title"} and not block.hidden:
            heading = fold(block.text).text.strip()[:_TITLE_LENGTH]
    return NormalizedText(
        name=document.name,
        title=fold(title).text or _title(passages, document.name),
        passages=tuple(passages),
        gaps=document.gaps,
        channel=channel,
        layout=tuple(layout),
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
    """Split a long block at sentence ends into pieces of a readable length.

    Joined they are the text, to the last character.
    """
    if len(text) <= LONGEST:
        return [text] if text else []
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
    return [piece for piece in pieces if piece]


def _title(passages: list[Passage], name: str) -> str:
    """Return the line that names the document; a table's is its file's name.

    A headed paper begins with the issuer and a number; its title ends with
    the kind of paper (通知, 请示, 名单 …) and may run over two lines.
    """
    head = [one for one in passages if _may_be_title(one)][:_HEAD]
    lines = [(one, _one_line(one)) for one in head]
    for at, (_, line) in enumerate(lines):
        if _NAMES_ITSELF.search(line) and not _ISSUER.search(line):
            before = lines[at - 1][1] if at else ""
            return before + line if _is_begun(before, line) else line
    for one, line in lines:
        if one.role in {"title", "heading"} and not _ISSUER.search(line):
            return line
    if passages and not any(one.where.part == "body" for one in passages):
        return fold(PurePath(name).stem).text
    return next((line for _, line in lines if not _ISSUER.search(line)), "")


def _may_be_title(passage: Passage) -> bool:
    line = _one_line(passage)
    return (
        passage.where.part == "body"
        and not passage.hidden
        and not passage.cells
        and _SHORTEST_TITLE <= len(line) <= _TITLE_LENGTH
        and line[-1] not in _ENDS_SENTENCE
    )


def _one_line(passage: Passage) -> str:
    """Return the text without its line breaks, as a centred title has them."""
    return passage.text.strip().replace("\n", "")


def _is_begun(before: str, line: str) -> bool:
    """Tell whether a title began on the line before: 关于做好 … / 期末考试工作的通知."""
    return (
        before.startswith("关于") and "关于" not in line and len(before) > len("关于")
    )

"""Lays out the letter that a cleared item goes to an editor with (公开许可书)."""

from collections.abc import Iterator
from typing import Final

from review.paper.file_table import file_table
from review.paper.interface import ClearanceLetter
from review.paper.layout import (
    Block,
    Cell,
    Heading,
    Line,
    Paragraph,
    Row,
    Sheet,
    Table,
    field,
    pair,
)
from review.paper.text import day, listed, moment

TITLE: Final = "信息公开许可书"
_NOTES: Final = (
    "说明：",
    "1. 一事一审：本许可只对上列内容有效。标题、正文、图片、附件改动一个字，应重新送审。",
    "2. 只能在准予的渠道公开；到期或撤销后不得公开，已经公开的应当撤下。",
    "3. 刊登、推送之前请扫码或按编号核对许可仍然有效，并在审查系统的“比对”页核对排好的文字。",
    "4. 公开之后请把网址或版面和时间登记到审查系统。",
)


def clearance_letter_sheet(letter: ClearanceLetter) -> Sheet:
    """Lay the letter out: what may go out where and until when, and how to check it."""
    return Sheet(
        title=TITLE,
        above=(f"单位：{letter.office}", f"编号：{letter.number}"),
        blocks=tuple(_blocks(letter)),
        notes=_NOTES,
        foot=f"{letter.number}　第{letter.round}轮",
        printed_at=letter.printed_at,
    )


def _blocks(letter: ClearanceLetter) -> Iterator[Block]:
    yield Paragraph(f"{letter.department}：", indent=False)
    yield Paragraph(
        f"你部门送审的《{letter.title}》，经保密审查，同意公开。准予公开的渠道："
        f"{listed(letter.channels)}。有效期自{moment(letter.valid_from)}至{moment(letter.valid_until)}。"
    )
    yield Paragraph(letter.office, "right", indent=False)
    yield Paragraph(f"（盖章）　{day(letter.signed)}", "right", indent=False)
    yield Heading("许可事项")
    yield Table(
        (
            field("标题", letter.title),
            pair("送审部门", letter.department, "拟稿人", letter.drafted_by),
            field("准予渠道", listed(letter.channels)),
            pair("起", moment(letter.valid_from), "止", moment(letter.valid_until)),
            pair("终审人", letter.signed_by, "审查轮次", f"第{letter.round}轮"),
            field("许可编号", letter.clearance),
            field("内容摘要", letter.contents),
            field("许可摘要", letter.token),
        )
    )
    yield Heading("准予公开的文件")
    yield file_table(letter.files)
    yield Heading("核对")
    yield _check(letter)


def _check(letter: ClearanceLetter) -> Table:
    """Return how to look the number up; the code leads to the page, or is the number."""
    where = letter.address or "向出具单位核对"
    lines = (
        Line(f"审查件编号：{letter.case}"),
        Line(f"公开核对页：{where}"),
        Line("核对页只说明这一标题的稿件获准公开；内容是否一致，以比对结果为准。"),
    )
    code = Cell((), 6, code=letter.address or f"XIANSHEN/1 {letter.case}")
    return Table((Row((Cell(lines, 18), code)),), small=True)

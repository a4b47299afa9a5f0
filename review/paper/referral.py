"""Lays out a letter that asks: 请示 to a superior, 征求意见函 to a source unit."""

from collections.abc import Iterator
from typing import Final

from review.paper.interface import ReferralLetter
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
    label,
    pair,
)
from review.paper.text import BLANK, boxes, day

REQUEST: Final = "请示"
_ANSWERS: Final = ("同意公开", "修改后公开", "部分公开", "不予公开")


def referral_sheet(letter: ReferralLetter) -> Sheet:
    """Lay the letter out, with a slip for the answer below."""
    asks = letter.kind == REQUEST
    about = f"关于《{letter.title}》能否公开的请示"
    if not asks:
        about = f"关于征求《{letter.title}》公开意见的函"
    return Sheet(
        title=about,
        above=(letter.office, letter.number),
        blocks=(*_body(letter, asks=asks), *_slip(letter)),
        foot=f"{letter.number}　审查件{letter.case}",
        printed_at=letter.printed_at,
    )


def _body(letter: ReferralLetter, *, asks: bool) -> Iterator[Block]:
    yield Paragraph(f"{letter.addressee}：", indent=False)
    yield Paragraph(
        f"我单位在信息公开保密审查中受理《{letter.title}》（审查件编号：{letter.case}）。"
        + ("该件能否公开，我单位不能确定。" if asks else "该件的内容来源于贵单位。")
    )
    if letter.background:
        yield Paragraph(f"有关情况：{letter.background}")
    yield Paragraph(f"{'请示' if asks else '征求意见'}事项：{letter.question}")
    if letter.answer_by is not None:
        yield Paragraph(f"请于{day(letter.answer_by)}前书面答复。答复前该件不公开。")
    else:
        yield Paragraph("请书面答复。答复前该件不公开。")
    yield Paragraph("妥否，请批示。" if asks else "请予支持，并将意见函复我单位。")
    for number, name in enumerate(letter.attachments, start=1):
        yield Paragraph(f"{'附件：' if number == 1 else '　　　'}{number}. {name}")
    yield Paragraph(letter.office, "right", indent=False)
    yield Paragraph(f"（盖章）　{day(letter.day)}", "right", indent=False)
    if letter.contact or letter.telephone:
        yield Paragraph(f"（联系人：{letter.contact}　电话：{letter.telephone}）")
    if letter.copy_to:
        yield Paragraph(f"抄送：{letter.copy_to}", indent=False)


def _slip(letter: ReferralLetter) -> Iterator[Block]:
    """Yield the slip that the other side fills in and sends back."""
    yield Heading("回　执")
    answer = (
        Line(boxes(_ANSWERS, "")),
        Line("意见及依据："),
        Line("\n"),
        Line(f"负责人签字：{BLANK * 2}（盖章）　{day(None)}", "right"),
    )
    yield Table(
        (
            pair("来文编号", letter.number, "审查件编号", letter.case),
            field("标题", letter.title),
            Row((label("答复意见", 4), Cell(answer, 20, height=7))),
            pair("答复单位", "", "联系人及电话", ""),
        )
    )

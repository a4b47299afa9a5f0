"""`xianshen case acknowledge`, `dispose`, `add-finding`, `conclude`, `endorse`: the first pass."""

from collections.abc import Mapping
from typing import Annotated, Final, get_args

import typer

from review.case.request import Addition, Judgment
from review.case.values import Published
from review.case.words import CONCLUSIONS, GROUNDS, OPINIONS
from review.cli.joined import As, Number, Seen, asking, code_of, say
from review.detect.category_names import CATEGORY_NAMES
from review.detect.interface import Category
from review.errors import UsageError
from review.report.words import TIERS
from review.service.cases import additions, look, review
from review.service.cases.additions import Spot

_CATEGORIES: Final[Mapping[Category, str]] = {
    one: CATEGORY_NAMES[one] for one in get_args(Category)
}


def acknowledge(
    number: Number,
    gap: Annotated[str, typer.Argument(help="未能检查项的编号，例如 1.g1")],
    note: Annotated[str, typer.Option(help="怎样人工查看、看到了什么")],
    person: As,
    seen: Seen = None,
) -> None:
    """确认一处机器未能检查的内容已经人工查看。"""
    with asking(number, person, seen) as (desk, who):
        say(review.acknowledge_gap(desk, number, gap, note=note, asker=who))


def dispose(
    number: Number,
    finding: Annotated[str, typer.Argument(help="疑点编号，例如 1.f2")],
    opinion: Annotated[str, typer.Option(help="处置意见：不涉密、须删改、存疑")],
    reason: Annotated[str, typer.Option(help="理由")],
    person: As,
    document: Annotated[str | None, typer.Option(help="内容已公开的，公开文号")] = None,
    address: Annotated[str | None, typer.Option(help="内容已公开的，公开网址")] = None,
    seen: Seen = None,
) -> None:
    """处置一个疑点；每个疑点单独处置。"""
    judgment = Judgment(
        finding=finding,
        opinion=code_of(opinion, OPINIONS, "处置意见"),
        reason=reason,
        published=_published(document, address),
    )
    with asking(number, person, seen) as (desk, who):
        say(review.dispose(desk, number, judgment, asker=who))


def _published(document: str | None, address: str | None) -> Published | None:
    """Return where the content is public already.

    Raises:
        UsageError: Both are given; the record keeps one.
    """
    if document is not None and address is not None:
        raise UsageError("--document 和 --address 请二者选一；另一个可以写进理由。")
    if document is not None:
        return Published(kind="document_number", value=document)
    if address is not None:
        return Published(kind="address", value=address)
    return None


def add_finding(
    number: Number,
    words: Annotated[
        str, typer.Option(help="要标出的文字，照抄稿件里一个段落之内连续的一段")
    ],
    category: Annotated[str, typer.Option(help="事项类别，例如 考试、会议、个人隐私")],
    reason: Annotated[str, typer.Option(help="为什么要标出；不要抄录稿件原文")],
    person: As,
    nth: Annotated[
        int | None, typer.Option(min=1, help="这段文字出现多次的，写明是第几处")
    ] = None,
    tier: Annotated[
        str | None,
        typer.Option(
            help="类别：国家秘密、工作秘密、内部件、个人隐私、商业秘密；"
            "不写的，按事项类别通常的"
        ),
    ] = None,
    clause: Annotated[
        list[str], typer.Option(help="依据条款，例如 001:12(15)，可写多次")
    ] = [],
    seen: Seen = None,
) -> None:
    """补充一个机器没有发现的疑点；它也要单独处置。"""
    matter = code_of(category, _CATEGORIES, "事项类别")
    interest = code_of(tier, TIERS, "类别") if tier else None
    with asking(number, person, seen) as (desk, who):
        full = look.report_of(desk, number, person=person)
        spot = _spot(tuple(additions.spots_of(full, words)), nth)
        addition = Addition(
            file=spot.file,
            passage=spot.passage,
            start=spot.start,
            end=spot.end,
            category=matter,
            tier=interest,
            clauses=tuple(clause),
            reason=reason,
        )
        case = review.add_finding(desk, number, addition, asker=who)
        print(f"已补充疑点 {case.round.added[-1].note.id}，请处置。")
        say(case)


def _spot(found: tuple[Spot, ...], nth: int | None) -> Spot:
    """Return the one place that is meant; what stands there is never quoted."""
    if not found:
        raise UsageError(
            "稿件里没有这段文字，请照抄一个段落之内连续的一段，标点也要一样。"
        )
    if nth is None and len(found) > 1:
        raise UsageError(
            f"这段文字在稿件里出现 {len(found)} 处，"
            "请多抄几个字，或用 --nth 写明是第几处（标题算在内）。"
        )
    if (nth or 1) > len(found):
        raise UsageError(f"这段文字在稿件里只出现 {len(found)} 处，请核对 --nth。")
    return found[(nth or 1) - 1]


def conclude(
    number: Number,
    conclusion: Annotated[
        str, typer.Option(help="结论：拟同意、须修改、存疑报保密办、不予公开")
    ],
    opinion: Annotated[str, typer.Option(help="初审意见")],
    person: As,
    ground: Annotated[
        str | None,
        typer.Option(help="依据：国家秘密、工作秘密、商业秘密、个人隐私、其他"),
    ] = None,
    seen: Seen = None,
) -> None:
    """作出部门初审结论。"""
    with asking(number, person, seen) as (desk, who):
        say(
            review.conclude(
                desk,
                number,
                conclusion=code_of(conclusion, CONCLUSIONS, "结论"),
                opinion=opinion,
                ground=code_of(ground, GROUNDS, "依据") if ground else None,
                asker=who,
            )
        )


def endorse(
    number: Number,
    opinion: Annotated[str, typer.Option(help="部门负责人意见")],
    person: As,
    agreed: Annotated[
        bool, typer.Option("--agree/--send-back", help="同意，或退回初审")
    ] = True,
    seen: Seen = None,
) -> None:
    """部门负责人审签。"""
    with asking(number, person, seen) as (desk, who):
        say(review.endorse(desk, number, agreed=agreed, opinion=opinion, asker=who))

"""`xianshen case acknowledge`, `dispose`, `conclude`, `endorse`: the first pass."""

from typing import Annotated

import typer

from review.case.request import Judgment
from review.case.values import Published
from review.case.words import CONCLUSIONS, GROUNDS, OPINIONS
from review.cli.joined import As, Number, Seen, asker, code_of, joined, say
from review.service.cases import review


def acknowledge(
    number: Number,
    gap: Annotated[str, typer.Argument(help="未能检查项的编号，例如 1.g1")],
    note: Annotated[str, typer.Option(help="怎样人工查看、看到了什么")],
    person: As,
    seen: Seen = None,
) -> None:
    """确认一处机器未能检查的内容已经人工查看。"""
    with joined() as installation:
        who = asker(installation, number, person, seen)
        say(
            review.acknowledge_gap(installation.desk, number, gap, note=note, asker=who)
        )


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
    published = None
    if document is not None:
        published = Published(kind="document_number", value=document)
    elif address is not None:
        published = Published(kind="address", value=address)
    judgment = Judgment(
        finding=finding,
        opinion=code_of(opinion, OPINIONS, "处置意见"),
        reason=reason,
        published=published,
    )
    with joined() as installation:
        who = asker(installation, number, person, seen)
        say(review.dispose(installation.desk, number, judgment, asker=who))


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
    with joined() as installation:
        who = asker(installation, number, person, seen)
        say(
            review.conclude(
                installation.desk,
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
    with joined() as installation:
        who = asker(installation, number, person, seen)
        say(
            review.endorse(
                installation.desk, number, agreed=agreed, opinion=opinion, asker=who
            )
        )

"""`xianshen case sign-off` and what the office and the leader decide besides."""

from datetime import datetime
from typing import Annotated, Final, Literal, get_args

import typer

from review.case.request import Decision
from review.case.values import SignedOutcome
from review.case.words import GROUNDS, OUTCOMES, REVOCATION_CAUSES
from review.cli.joined import As, Number, Seen, asking, channels_of, code_of, say
from review.service.cases import incidents, look, publish
from review.service.cases import sign_off as signing

# Asking a superior or the source unit is `xianshen case refer`.
_SIGNED: Final[dict[SignedOutcome, str]] = {
    one: OUTCOMES[one] for one in get_args(SignedOutcome)
}
ChannelWords = Annotated[
    list[str], typer.Option("--channel", help="同意的公开方式；不写就按送审的全部")
]
Opinion = Annotated[str, typer.Option(help="意见")]


def sign_off(
    number: Number,
    outcome: Annotated[
        str, typer.Option(help="结果：同意公开、修改后再审、部分公开、不予公开")
    ],
    opinion: Opinion,
    person: As,
    ground: Annotated[
        str | None,
        typer.Option(help="依据：国家秘密、工作秘密、商业秘密、个人隐私、其他"),
    ] = None,
    clause: Annotated[
        list[str], typer.Option(help="依据条款，例如 001:12(15)，可写多次")
    ] = [],
    channel: ChannelWords = [],
    seen: Seen = None,
) -> None:
    """保密办终审。"""
    with asking(number, person, seen) as (desk, who):
        asked = look.see(desk, number, person=person).item.channels
        decision = Decision(
            outcome=code_of(outcome, _SIGNED, "结果"),
            opinion=opinion,
            ground=code_of(ground, GROUNDS, "依据") if ground else None,
            clauses=tuple(clause),
            channels=channels_of(channel) or asked,
        )
        say(signing.sign_off(desk, number, decision, asker=who))


def finish(
    number: Number,
    opinion: Opinion,
    person: As,
    channel: ChannelWords = [],
    seen: Seen = None,
) -> None:
    """一般事项由部门负责人办结（须政策允许）。"""
    with asking(number, person, seen) as (desk, who):
        asked = look.see(desk, number, person=person).item.channels
        say(
            signing.finish_in_department(
                desk,
                number,
                opinion=opinion,
                channels=channels_of(channel) or asked,
                asker=who,
            )
        )


def refer(
    number: Number,
    to: Annotated[str, typer.Option(help="报送或征求意见的单位")],
    question: Annotated[str, typer.Option(help="请示或征求意见的问题")],
    person: As,
    source_unit: Annotated[
        bool,
        typer.Option("--source-unit/--upward", help="征求来源单位意见，或报请上级确定"),
    ] = False,
    seen: Seen = None,
) -> None:
    """报请上级或保密行政管理部门确定，或征求来源单位意见。"""
    kind: Literal["refer_upward", "ask_source"] = (
        "ask_source" if source_unit else "refer_upward"
    )
    with asking(number, person, seen) as (desk, who):
        say(
            signing.refer(
                desk,
                number,
                kind=kind,
                to=to,
                question=question,
                asker=who,
            )
        )


def answer(
    number: Number,
    text: Annotated[str, typer.Option(help="答复的内容")],
    document: Annotated[str, typer.Option(help="答复的文号或经办人")],
    answered_on: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="答复日期")
    ],
    person: As,
    seen: Seen = None,
) -> None:
    """登记上级或来源单位的答复。"""
    with asking(number, person, seen) as (desk, who):
        say(
            signing.answer(
                desk,
                number,
                text=text,
                document=document,
                answered_on=answered_on.date(),
                asker=who,
            )
        )


def lead(
    number: Number,
    opinion: Opinion,
    person: As,
    agreed: Annotated[
        bool, typer.Option("--agree/--send-back", help="同意，或退回保密办")
    ] = True,
    seen: Seen = None,
) -> None:
    """分管领导审批。"""
    with asking(number, person, seen) as (desk, who):
        say(signing.lead(desk, number, agreed=agreed, opinion=opinion, asker=who))


def revoke(
    number: Number,
    cause: Annotated[str, typer.Option(help="原因类别，例如 发现涉密或敏感内容")],
    reason: Annotated[str, typer.Option(help="撤销的原因")],
    person: As,
    seen: Seen = None,
) -> None:
    """撤销公开许可。"""
    with asking(number, person, seen) as (desk, who):
        say(
            publish.revoke(
                desk,
                number,
                cause=code_of(cause, REVOCATION_CAUSES, "原因类别"),
                reason=reason,
                asker=who,
            )
        )


def judge_incident(
    number: Number,
    opinion: Annotated[str, typer.Option(help="核实的情况")],
    person: As,
    genuine: Annotated[
        bool, typer.Option("--genuine/--not-genuine", help="属实，或不属实")
    ],
    seen: Seen = None,
) -> None:
    """核实稿件上的国家秘密标志：属实的立即清除内容，不属实的转回审查。"""
    with asking(number, person, seen) as (desk, who):
        say(
            incidents.judge_incident(
                desk, number, genuine=genuine, opinion=opinion, asker=who
            )
        )


def report_incident(
    number: Number,
    to: Annotated[str, typer.Option(help="接受报告的单位")],
    document: Annotated[str, typer.Option(help="报告的文号")],
    person: As,
    seen: Seen = None,
) -> None:
    """登记涉密事件已经报告。"""
    with asking(number, person, seen) as (desk, who):
        say(
            incidents.report_incident(desk, number, to=to, document=document, asker=who)
        )

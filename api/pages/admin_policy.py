"""The policy in force, in sentences: read here, changed in its file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.admin import draw_admin
from api.pages.frame import Looking
from api.state import WithServed
from review.case.policy import FastLane, LeaderSigns, MarkingIncident, Policy
from review.case.words import CHANNELS
from review.report.words import TIERS
from review.service.upkeep import office_policy

router: Final = APIRouter(prefix="/admin")

_INCIDENTS: Final[Mapping[MarkingIncident, str]] = {
    "seal": "立即封存：内容加密留存，不再向送审部门展示，供保密办核实；核实属实的当即清除",
    "purge": "立即清除：内容从系统中删除，只留文件摘要和记录",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One choice of the office: what it is about, and what was chosen."""

    about: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Choices that belong together."""

    title: str
    rules: tuple[Rule, ...]


@router.get("/policy", response_class=HTMLResponse)
def page(request: Request, by: Looking, served: WithServed) -> HTMLResponse:
    """Show the policy with its digest, since when it holds, and where it is changed."""
    found = office_policy.see_policy(by.desk, person=by.person)
    file = served.settings.policy_file
    return draw_admin(
        request,
        "policy.html",
        by=by,
        policy=found.policy,
        since=found.since,
        chapters=chapters_of(found.policy),
        is_own=file is not None,
        file=file if "system_admin" in by.posts else None,
    )


def chapters_of(policy: Policy) -> tuple[Chapter, ...]:
    """Return every choice of a policy as people read it."""
    return (
        Chapter("办理期限（从收到的次日起算）", _deadlines(policy)),
        Chapter("公开许可和发布", _publication(policy)),
        Chapter("谁来签批", _signing(policy)),
        Chapter("涉密标志和报告", _incidents(policy)),
        Chapter("稿件保存（办结后）", _retention(policy)),
        Chapter("本单位的休息日和上班日", _days(policy)),
    )


def _deadlines(policy: Policy) -> tuple[Rule, ...]:
    own = policy.deadlines
    steps = (
        ("部门初审", own.first_pass),
        ("部门负责人审签", own.head),
        ("保密办终审", own.sign_off),
        ("分管领导审批", own.leader),
        ("等候上级或来源单位答复", own.answer),
        ("退回修改后重新送审", own.rework),
    )
    return tuple(Rule(about, f"{days} 个工作日") for about, days in steps)


def _publication(policy: Policy) -> tuple[Rule, ...]:
    return (
        Rule(
            "公开许可有效期",
            f"{policy.clearance_valid_days} 天，过期未发布的重新审查",
        ),
        Rule(
            "发布后须登记地址和时间的公开方式", _channels(policy.publication_required)
        ),
        Rule(
            "与以往不予公开的稿件比对",
            "比对，防止换个标题再报" if policy.repeat_check else "不比对",
        ),
    )


def _signing(policy: Policy) -> tuple[Rule, ...]:
    endorsed = "每件都要" if policy.head_must_endorse else "不要求，由负责人另行监督"
    return (
        Rule("报保密办之前，部门负责人签署意见", endorsed),
        Rule("一般信息由部门自行办结", _fast_lane(policy.fast_lane)),
        Rule("保密办同意后，还要分管领导签署意见", _leader(policy.leader_signs)),
    )


def _fast_lane(lane: FastLane) -> str:
    if not lane.enabled:
        return "不开启：每件都报保密办"
    severe = "一处疑点都没有" if lane.most_severe == "none" else "最多只有“提示”"
    return (
        f"开启，只限{_channels(lane.channels)}；机检{severe}、没有未能检查的部分，"
        "部门负责人审批且不是初审员本人；其余仍报保密办"
    )


def _leader(signs: LeaderSigns) -> str:
    when = []
    if signs.channels:
        when.append(f"在{_channels(signs.channels)}上公开的")
    if signs.tiers:
        tiers = "、".join(TIERS[one] for one in signs.tiers)
        when.append(f"被标为{tiers}的疑点认定为“不涉密”的")
    if signs.after_answer:
        when.append("曾报请上级确定、征求来源单位意见的")
    return "；".join(when) if when else "都不需要"


def _incidents(policy: Policy) -> tuple[Rule, ...]:
    return (
        Rule("稿件上有国家秘密标志的", _INCIDENTS[policy.marking_incident]),
        Rule(
            "向保密行政管理部门报告",
            f"从发现起 {policy.incident_report_hours} 小时内",
        ),
    )


def _retention(policy: Policy) -> tuple[Rule, ...]:
    own = policy.retention_days
    return (
        Rule("同意公开的（含许可过期、撤销的）", f"{own.cleared} 天后清除稿件内容"),
        Rule("不予公开的", f"{own.refused} 天后清除稿件内容"),
        Rule("部门撤回的", f"{own.withdrawn} 天后清除稿件内容"),
        Rule("审查过程和结论的记录", "长期保存"),
    )


def _days(policy: Policy) -> tuple[Rule, ...]:
    return (
        Rule("另外休息的", _dates(policy.own_days_off)),
        Rule("另外上班的", _dates(policy.own_working_days)),
    )


def _channels(chosen: Iterable[str]) -> str:
    return "、".join(CHANNELS[one] for one in CHANNELS if one in set(chosen)) or "无"


def _dates(days: Iterable[date]) -> str:
    return "、".join(one.isoformat() for one in days) or "无，按国家放假安排"

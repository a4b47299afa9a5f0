"""The words of the pages that the review's own catalogues do not hold."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from review.case.authority_table import Verb
from review.case.case import Stage
from review.case.words import (
    CHANNELS,
    CONCLUSIONS,
    EVIDENCE,
    GROUNDS,
    OPINIONS,
    OUTCOMES,
    POSTS,
    REVOCATION_CAUSES,
    SOURCES,
    STAGES,
)
from review.detect.category_names import CATEGORY_NAMES as CATEGORIES
from review.report.words import (
    DISCLAIMER,
    LEVELS,
    SEVERITIES,
    TIERS,
    VERDICTS,
    place,
)
from review.spans import PART_WORDS

__all__ = [
    "CATEGORIES",
    "CHANNELS",
    "CONCLUSIONS",
    "DISCLAIMER",
    "EVIDENCE",
    "GROUNDS",
    "LEVELS",
    "NEXT",
    "OPINIONS",
    "OUTCOMES",
    "PART_WORDS",
    "POSTS",
    "REVOCATION_CAUSES",
    "SEVERITIES",
    "SOURCES",
    "STAGES",
    "STEPS",
    "TIERS",
    "TONES",
    "VERDICTS",
    "day",
    "place",
    "size",
]

# How a stage looks: what waits, what is good, what is not, what is over.
TONES: Final[Mapping[Stage, str]] = {
    "scanning": "quiet",
    "first_pass": "waiting",
    "endorsing": "waiting",
    "signing": "waiting",
    "referred": "waiting",
    "leading": "waiting",
    "clearing": "quiet",
    "rework": "back",
    "cleared": "good",
    "published": "good",
    "expired": "over",
    "revoked": "bad",
    "refused": "bad",
    "withdrawn": "over",
    "incident": "bad",
    "incident_confirmed": "bad",
    "incident_closed": "over",
}
# What a case waits for, and from whom.
NEXT: Final[Mapping[Stage, str]] = {
    "scanning": "系统正在检查稿件，完成后由部门初审员审查，不必守着。",
    "first_pass": "由部门初审员逐个处置疑点、确认未能检查项，然后下初审结论。",
    "endorsing": "由部门负责人审签，同意后报保密办。",
    "signing": "由保密办终审。",
    "referred": "等候答复；收到答复后由保密办登记，再回到终审。",
    "leading": "由分管领导审批。",
    "clearing": "意见已齐，系统正在签发公开许可。",
    "rework": "由部门按意见修改稿件，再重新送审；不再公开的请撤回。",
    "cleared": "可以在许可的公开方式上发布，内容一个字也不能改；发布后请登记。",
    "published": "已登记发布；发现问题请立即撤下，并撤销许可。",
    "expired": "许可已过期，不能再发布；还要发布的请重新送审。",
    "revoked": "许可已撤销，不能发布；已经发布的请立即撤下。",
    "refused": "不予公开，这一件已办结。",
    "withdrawn": "部门已撤回，这一件已办结。",
    "incident": "发现国家秘密标志：请立即停止传播，等保密办核实。",
    "incident_confirmed": "标志属实，由保密办在期限内向保密行政管理部门报告。",
    "incident_closed": "涉密事件已报告，这一件已办结。",
}
# The steps of a review, as buttons call them.
STEPS: Final[Mapping[Verb, str]] = {
    "submit": "送审",
    "acknowledge": "确认未能检查项",
    "dispose": "处置疑点",
    "conclude": "初审结论",
    "endorse": "审签",
    "finish_in_department": "部门办结",
    "sign_off": "终审",
    "refer": "报请确定或征求意见",
    "answer": "登记答复",
    "lead": "审批",
    "resubmit": "重新送审",
    "withdraw": "撤回",
    "revoke": "撤销许可",
    "record_publication": "登记发布",
    "judge_incident": "核实涉密事件",
    "report_incident": "登记报告",
    "look": "查看",
    "look_at_contents": "查看稿件",
}
_KIBI: Final = 1024


def day(value: date | None) -> str:
    """Return a day as forms write it, or a dash."""
    return value.isoformat() if value else "—"


def size(count: int) -> str:
    """Return a file's size for people."""
    if count < _KIBI:
        return f"{count} 字节"
    if count < _KIBI * _KIBI:
        return f"{count / _KIBI:.0f} KB"
    return f"{count / _KIBI / _KIBI:.1f} MB"

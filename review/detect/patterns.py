"""Judges the identifiers in a passage: whose they are, and may they stand.

A number of a private person, a card, an address, an account with its password
must not be published; an office line, a duty phone, a company's credit code, a
public donation account, a masked value, a sample in a form, an order
number may (individual privacy, 001:51(2); systems, 003-15:网络(8)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from review.detect.excuses import excuse_for
from review.detect.identifier_kinds import Kind
from review.detect.identifiers import Identifier, find_identifiers, masked_form
from review.detect.interface import (
    Category,
    Detection,
    Exemption,
    Finding,
    Severity,
    Tier,
)
from review.normalize.interface import NormalizedText, Passage


@dataclass(frozen=True, slots=True)
class _Manner:
    """How findings of one kind are worded and weighed."""

    name: str
    category: Category
    tier: Tier
    severity: Severity
    score: float
    clauses: tuple[str, ...]
    harm: str
    suggestion: str


_PRIVATE: Final = ("001:51(2)",)
MANNERS: Final[Mapping[Kind, _Manner]] = {
    "id_card": _Manner(
        "身份证号",
        "privacy",
        "privacy",
        "review",
        0.97,
        _PRIVATE,
        "能直接对应到个人",
        "删去，或只留前6位和后4位",
    ),
    "mobile": _Manner(
        "手机号码",
        "privacy",
        "privacy",
        "review",
        0.86,
        _PRIVATE,
        "属于个人联系方式",
        "删去，改用办公电话，或只留前3位和后4位",
    ),
    "bank_card": _Manner(
        "银行卡号",
        "privacy",
        "privacy",
        "review",
        0.95,
        _PRIVATE,
        "属于个人账户信息",
        "删去，或只留前6位和后4位",
    ),
    "passport": _Manner(
        "护照号码",
        "privacy",
        "privacy",
        "review",
        0.94,
        _PRIVATE,
        "能直接对应到个人",
        "删去护照号码",
    ),
    "hk_macau_permit": _Manner(
        "港澳通行证号",
        "privacy",
        "privacy",
        "review",
        0.94,
        _PRIVATE,
        "能直接对应到个人",
        "删去证件号码",
    ),
    "taiwan_permit": _Manner(
        "台胞证号",
        "privacy",
        "privacy",
        "review",
        0.92,
        _PRIVATE,
        "能直接对应到个人",
        "删去证件号码",
    ),
    "hk_id": _Manner(
        "香港身份证号",
        "privacy",
        "privacy",
        "review",
        0.92,
        _PRIVATE,
        "能直接对应到个人",
        "删去证件号码",
    ),
    "plate": _Manner(
        "车牌号",
        "privacy",
        "privacy",
        "review",
        0.74,
        _PRIVATE,
        "与车主、住处或行程写在一起",
        "删去车牌号",
    ),
    "military_id": _Manner(
        "军人证件号",
        "privacy",
        "privacy",
        "review",
        0.93,
        _PRIVATE,
        "能直接对应到现役人员",
        "删去证件号码",
    ),
    "student_number": _Manner(
        "学号",
        "privacy",
        "privacy",
        "notice",
        0.45,
        _PRIVATE,
        "能对应到在校学生",
        "如无必要请删去学号",
    ),
    "address": _Manner(
        "家庭住址",
        "privacy",
        "privacy",
        "review",
        0.84,
        _PRIVATE,
        "写到了门牌，属于个人住址",
        "删去，或只写到乡镇、街道",
    ),
    "ip_address": _Manner(
        "内网地址",
        "itsec",
        "work",
        "review",
        0.82,
        ("003-15:网络(8)", "003-2:4(11)"),
        "暴露内部网络结构",
        "删去内网地址",
    ),
    "credential": _Manner(
        "账号口令",
        "itsec",
        "work",
        "review",
        0.9,
        ("003-15:网络(8)", "003-2:4(11)"),
        "别人看到就能登录",
        "删去口令，并立即更换",
    ),
    "share_link": _Manner(
        "网盘链接和提取码",
        "itsec",
        "work",
        "review",
        0.72,
        ("003-15:网络(8)",),
        "凭它能下载未经审查的文件",
        "删去链接或提取码，文件另行送审",
    ),
    "coordinates": _Manner(
        "精确坐标",
        "keysite",
        "work",
        "review",
        0.62,
        ("001:31", "003-12:8(5)"),
        "能定位到具体地点",
        "核对该地点是否要害部位，不必要时删去坐标",
    ),
    "email": _Manner(
        "邮箱",
        "privacy",
        "privacy",
        "notice",
        0.3,
        _PRIVATE,
        "可能是个人邮箱",
        "个人邮箱请改为单位公共邮箱",
    ),
    "wechat": _Manner(
        "微信号",
        "privacy",
        "privacy",
        "review",
        0.7,
        _PRIVATE,
        "属于个人联系方式",
        "删去，改用单位公众号",
    ),
    "qq": _Manner(
        "QQ 号",
        "privacy",
        "privacy",
        "notice",
        0.4,
        _PRIVATE,
        "可能是个人联系方式",
        "个人号码请删去",
    ),
}


# Known, so that nothing else is seen in them; they may always stand.
SILENT: Final[frozenset[Kind]] = frozenset({"uscc", "landline"})


class PatternDetector:
    """Identifiers at work on passages."""

    def detect(self, text: NormalizedText) -> Detection:
        """Judge every identifier of every passage."""
        findings: list[Finding] = []
        exemptions: list[Exemption] = []
        for passage in text.passages:
            for one in find_identifiers(passage.text):
                if one.kind in SILENT:
                    continue
                finding = _finding(one, passage)
                excuse = excuse_for(one, passage.text)
                if excuse is None:
                    findings.append(finding)
                else:
                    exemptions.append(Exemption(finding, excuse))
        return Detection(tuple(findings), tuple(exemptions))


def _finding(one: Identifier, passage: Passage) -> Finding:
    manner = MANNERS[one.kind]
    span = passage.to_source(one.span)
    doubt = "" if one.valid else "，校验位不符，可能录入有误，仍按真实号码对待"
    masked = masked_form(one.kind, one.value)
    suggestion = f"{manner.suggestion}，如 {masked}" if masked else manner.suggestion
    return Finding(
        detector="pattern",
        rule=f"pattern/{one.kind}",
        category=manner.category,
        tier=manner.tier,
        severity=manner.severity,
        score=manner.score if one.valid else round(manner.score - 0.1, 2),
        reason=f"含{manner.name}，{manner.harm}{doubt}",
        clauses=manner.clauses,
        passage=passage.index,
        span=span,
        text=passage.source[span.start : span.end],
        where=passage.where,
        hidden=passage.hidden,
        releasable_when=None,
        suggestion=suggestion,
        weighed=(manner.name,),
    )

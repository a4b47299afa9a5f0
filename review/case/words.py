"""The Chinese words of the review, one for each stage, post and choice."""

from typing import Final

from review.case.case import Stage
from review.case.people import Post
from review.case.values import (
    Channel,
    Conclusion,
    Evidence,
    Ground,
    Opinion,
    Outcome,
    RevocationCause,
    SourceKind,
)

STAGES: Final[dict[Stage, str]] = {
    "scanning": "待机检",
    "first_pass": "待初审",
    "endorsing": "待部门负责人审签",
    "signing": "待终审",
    "referred": "等候答复",
    "leading": "待分管领导审批",
    "clearing": "待发许可",
    "rework": "待修改",
    "cleared": "同意公开",
    "published": "已公开",
    "expired": "许可已过期",
    "revoked": "许可已撤销",
    "refused": "不予公开",
    "withdrawn": "已撤回",
    "incident": "涉密事件待核实",
    "incident_confirmed": "涉密事件待报告",
    "incident_closed": "涉密事件已报告",
}
POSTS: Final[dict[Post, str]] = {
    "reviewer": "部门初审员",
    "head": "部门负责人",
    "office": "保密办审查员",
    "leader": "分管领导",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "auditor": "审计员",
    "site": "网站系统",
    "system": "系统",
    "nobody": "无任命",
}
CHANNELS: Final[dict[Channel, str]] = {
    "website": "网站",
    "wechat": "公众号",
    "press": "报刊",
    "broadcast": "广播电视",
    "exhibition": "展板",
    "other": "其他",
}
SOURCES: Final[dict[SourceKind, str]] = {
    "own": "本部门自拟",
    "other_unit": "外单位来稿",
    "repost": "转载",
}
OPINIONS: Final[dict[Opinion, str]] = {
    "not_sensitive": "不涉密",
    "must_change": "须删改",
    "uncertain": "存疑",
}
CONCLUSIONS: Final[dict[Conclusion, str]] = {
    "agree": "拟同意",
    "must_change": "须修改",
    "uncertain": "存疑报保密办",
    "refuse": "不予公开",
}
OUTCOMES: Final[dict[Outcome, str]] = {
    "clear": "同意公开",
    "return": "修改后再审",
    "partial": "部分公开",
    "refuse": "不予公开",
    "refer_upward": "报请上级或保密行政管理部门确定",
    "ask_source": "征求来源单位意见",
}
GROUNDS: Final[dict[Ground, str]] = {
    "state_secret": "国家秘密",
    "work_secret": "工作秘密",
    "business_secret": "商业秘密",
    "personal_privacy": "个人隐私",
    "other": "其他",
}
REVOCATION_CAUSES: Final[dict[RevocationCause, str]] = {
    "disclosure": "发现涉密或敏感内容",
    "error": "内容有误或发布与审查不一致",
    "superseded": "已有新版本",
    "withdrawn": "部门不再公开",
    "key": "签发密钥停用",
    "other": "其他",
}
EVIDENCE: Final[dict[Evidence, str]] = {
    "document_number": "公开文号",
    "address": "公开网址",
}

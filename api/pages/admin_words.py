"""The words of the administration's pages."""

from collections.abc import Mapping
from typing import Final

from review.access.permissions import OfficeVerb
from review.case.values import Channel
from review.ports.gate import DeliveryState
from review.ports.tasks import Lane, TaskState
from review.service.people.directory import AccountState
from review.service.people.staffing import Term

ACCOUNT_STATES: Final[Mapping[AccountState, str]] = {
    "open": "启用",
    "disabled": "已停用",
    "locked": "暂时锁定",
    "first_password": "未改初始密码",
    "without_factor": "未绑定动态码",
    "no_post": "今天没有任命",
}
# The tone of each tag; what is as it should be has none.
ACCOUNT_TONES: Final[Mapping[AccountState, str]] = {
    "open": "good",
    "disabled": "",
    "locked": "bad",
    "first_password": "warn",
    "without_factor": "warn",
    "no_post": "",
}
TERMS: Final[Mapping[Term, str]] = {
    "holds": "在任",
    "expiring": "即将到期",
    "coming": "未到任",
    "over": "已期满",
    "ended": "已免去",
}
TERM_TONES: Final[Mapping[Term, str]] = {
    "holds": "good",
    "expiring": "warn",
    "coming": "doubt",
    "over": "",
    "ended": "",
}
CHANNEL_MEANINGS: Final[Mapping[Channel, str]] = {
    "website": "单位门户网站、部门网站、专题网页",
    "wechat": "微信公众号、视频号等新媒体账号",
    "press": "报纸、期刊、内部刊物等印刷品",
    "broadcast": "广播、电视、校园广播站",
    "exhibition": "展板、橱窗、电子屏、公告栏",
    "other": "以上之外的公开方式，送审时写明",
}
DELIVERY_STATES: Final[Mapping[DeliveryState, str]] = {
    "failed": "已停止重试",
    "waiting": "待送",
    "delivered": "已送达",
}
DELIVERY_TONES: Final[Mapping[DeliveryState, str]] = {
    "failed": "bad",
    "waiting": "warn",
    "delivered": "good",
}
# As `review.service.telling.TOLD` names them; a test holds the two together.
TOLD: Final[Mapping[str, str]] = {
    "case.cleared": "同意公开",
    "case.returned": "退回修改",
    "case.refused": "不予公开",
    "case.referred": "等候上级或来源单位答复",
    "clearance.revoked": "公开许可已撤销",
}
LANES: Final[Mapping[Lane, str]] = {
    "quick": "机检（小件）",
    "bulk": "机检（大件）、导出、核验",
    "out": "通知和日常整理",
}
TASK_STATES: Final[Mapping[TaskState, str]] = {
    "waiting": "等着办",
    "running": "正在办",
    "failed": "没有办成",
    "done": "已办完",
}
# As `api.health.parts` names them.
PARTS: Final[Mapping[str, str]] = {
    "database": "数据库",
    "migrations": "数据库版本",
    "vault": "加密存储",
    "redis": "任务队列",
}
# Who does what: said where somebody looks at what he may not do himself.
DONE_BY: Final[Mapping[OfficeVerb, str]] = {
    "manage_accounts": "建立、停用账号和重置密码由系统管理员办理。",
    "remove_second_factor": "手机丢失要解除动态码的，由安全管理员办理。",
    "manage_sites": "登记站点、发密钥由系统管理员办理，任命站点由安全管理员办理。",
    "run_operations": "重发通知由系统管理员办理。",
}

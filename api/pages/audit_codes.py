"""The words for codes that entries of the record carry, as the auditor reads them."""

from collections.abc import Mapping
from typing import Final

ACCOUNT_CHANGES: Final[Mapping[str, str]] = {
    "created": "建立",
    "imported": "由人员表建立",
    "password_set": "修改密码",
    "password_reset": "重置密码",
    "disabled": "停用",
    "enabled": "恢复启用",
    "unlocked": "解除锁定",
    "renamed": "改姓名",
    "department_changed": "改部门",
    "second_factor_set": "绑定动态码",
    "second_factor_removed": "解除动态码",
    "identity_linked": "绑定统一身份",
    "identity_unlinked": "解除统一身份",
}
SITE_CHANGES: Final[Mapping[str, str]] = {
    "registered": "登记",
    "changed": "变更登记",
    "key_issued": "发出密钥",
    "key_revoked": "撤销密钥",
    "closed": "停用",
}
HOW: Final[Mapping[str, str]] = {
    "password": "用密码",
    "second_factor": "用密码和动态码",
    "provider": "用统一身份认证",
}
NOT_LET_IN: Final[Mapping[str, str]] = {
    "unknown_account": "没有这个登录名",
    "unknown_identity": "统一身份没有绑定账号",
    "wrong_password": "密码不对",
    "wrong_code": "动态码不对",
    "repeated": "动态码已用过",
    "disabled": "账号已停用",
    "locked": "账号暂时锁定",
    "password_changed": "密码同时被改过",
}
GATE: Final[Mapping[str, str]] = {
    "not_reviewed": "没有审查过",
    "pending": "还没有办结",
    "changed": "内容与审查的不一致",
    "refused": "不予公开",
    "expired": "许可已过期",
    "revoked": "许可已撤销",
    "channel": "不是许可的公开方式",
    "attachment": "附件与审查的不一致",
}
DOORS: Final[Mapping[str, str]] = {
    "api": "网页或接口",
    "cli": "命令行",
    "serve": "启动程序",
    "worker": "后台进程",
    "system": "系统",
    "gate": "发布闸口",
}

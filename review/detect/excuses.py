"""Why an identifier may stand: whose it is, by the words around it.

Masked values, samples in forms, order numbers, office and duty lines, public
accounts, official cars, visitors' networks and office addresses may be
published; the same number beside a person's misfortune may not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import regex

from review.detect.identifier_kinds import Kind
from review.detect.identifiers import Identifier

_BEFORE: Final = 14
_NEAR: Final = 40


@dataclass(frozen=True, slots=True)
class _Excuse:
    """Why an identifier may stand: words before it, around it, or a test."""

    because: str
    before: regex.Pattern[str] | None = None
    near: regex.Pattern[str] | None = None
    test: Callable[[Identifier, str], bool] | None = None

    def holds(self, one: Identifier, text: str) -> bool:
        """Tell whether the excuse covers `one` in `text`."""
        before = text[max(0, one.span.start - _BEFORE) : one.span.start]
        near = text[max(0, one.span.start - _NEAR) : one.span.end + _NEAR]
        if self.before is not None and self.before.search(before):
            return True
        if self.near is not None and self.near.search(near):
            return True
        return self.test is not None and self.test(one, text)


def _form(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern)


_OFFICE: Final = _form(
    r"(学院|大学|学校|中学|小学|公司|局|委员会|医院|中心|办公室|窗口|图书馆|体育馆|宾馆|酒店|会议室|报告厅|实训|教学楼|办公楼|校区|大厅|研究所|法院|银行|超市|会场|考点|投标|开标|注册地|地点[:为]|厂|车间)"
)
_HOME: Final = _form(
    r"住(在|址|于|所|[^宿院])|家住|家(里|中|在)|房东|业主|房主|租|户籍|本人|单元|门牌|独居|上门|收件|收货|邮寄|老伴|孩子|女士|先生|老师家"
)
_CAR_OWNER: Final = _form(
    r"车主|住|女儿|儿子|配偶|丈夫|妻子|家属|首长|领导|主车|开道|车队|接送|接站|尾随|每日|每天|停在|驾驶(?!员均)|本人|姓名|电话|路线"
)


def _is_office_place(one: Identifier, text: str) -> bool:
    around = text[max(0, one.span.start - 16) : one.span.end + 12]
    if "单元" in one.value and regex.search(r"[0-9]{3,4}室?", one.value):
        return False
    return _HOME.search(around) is None or (
        _OFFICE.search(around) is not None and "住" not in around and "家" not in around
    )


def _is_no_owners_car(one: Identifier, text: str) -> bool:
    del one  # what stands around it decides
    return _CAR_OWNER.search(text) is None


_PERSONAL: Final = _form(
    r"本人|个人|患|病|离异|丧偶|独居|丈夫|妻子|配偶|母亲|父亲|儿子|女儿|孩子|住[在址]|家住|车主|姓名|男[,，]|女[,，]|欠"
)
_SAMPLE: Final = _Excuse(
    "填写示例中的号码，不对应真人",
    near=_form(
        r"例如|示例|样例|样式|格式(为|如)|填写(说明|示例|规范)|举例|形如|格式示例"
    ),
)
_ORDER: Final = _Excuse(
    "订单、物流或流水编号，不是证件号",
    before=_form(
        r"(订单|运单|物流|快递|单号|流水|编号|批号|条码|序列号|准考证|受理号|案号|文书号|项目编号|回执)号?(码)?(为|是|:)?\s?$"
    ),
)
_ORG_ACCOUNT: Final = _Excuse(
    "单位公开的收款或捐赠账户",
    near=_form(
        r"(户名|账户名称|收款(单位|人|账户)|开户名)[:为]?[^,。;]{0,24}(学院|大学|学校|基金会|公司|财政局|中心|委员会|红十字会|慈善|协会|工会委员会|局)|对公账户|捐款账户|募捐账户|捐赠账户|保证金账户|非税"
    ),
)
_DUTY: Final = _Excuse(
    "对外公布的办公、值班或服务电话",
    before=_form(
        r"(值班|公务|热线|举报|监督|客服|服务|应急|报修|咨询|报名|投诉|维修|急救|报警|受理|办公)[^0-9]{0,9}$"
    ),
)
_PUBLIC_CAR: Final = _Excuse(
    "公务、营运或拍卖车辆的号牌",
    near=_form(
        r"校车|班车|公车|公务用车|公务车|执法车|拍卖|竞价|处置|报废|公交|出租车|巡游|网约车|救护车|通勤车|摆渡车|线路"
    ),
)
_VISITOR_NET: Final = _Excuse(
    "面向公众的访客网络口令",
    near=_form(
        r"访客|游客|来宾|免费(WiFi|无线|上网)|公共(WiFi|无线)|门票|读者区|开放网络|[Vv]isitor|[Gg]uest"
    ),
)
_OFFICE_PLACE: Final = _Excuse("单位办公地点，不是个人住址", test=_is_office_place)
_RULE_OF_PASSWORDS: Final = _Excuse(
    "讲的是口令设置要求",
    near=_form(
        r"(位以上|不少于|不得少于|大小写|应包含|自行设置|重置|找回|忘记密码|修改密码|输错|初始口令自)"
    ),
)
_DOC_ADDRESS: Final = _Excuse(
    "技术文档或教学中的举例地址",
    near=_form(
        r"例如|如[:“]|示例|假设|教材|实验|子网划分|课程|练习题|127\.0\.0\.1|255\.255"
    ),
)
_NO_CAR_OWNER: Final = _Excuse("只有号牌，没有车主、住处或行程", test=_is_no_owners_car)

_EXCUSES: Final[Mapping[Kind, tuple[_Excuse, ...]]] = {
    "id_card": (_SAMPLE, _ORDER),
    "mobile": (_SAMPLE, _ORDER, _DUTY),
    "bank_card": (_SAMPLE, _ORDER, _ORG_ACCOUNT),
    "plate": (_PUBLIC_CAR, _NO_CAR_OWNER),
    "credential": (_VISITOR_NET, _RULE_OF_PASSWORDS),
    "ip_address": (_DOC_ADDRESS,),
    "address": (_OFFICE_PLACE,),
    "share_link": (),
}
# An order number stays one even when somebody's misfortune stands beside it.
_STRONG: Final = (_ORDER, _OFFICE_PLACE, _NO_CAR_OWNER)


def excuse_for(one: Identifier, text: str) -> str | None:
    """Return why the identifier may stand, or None."""
    if one.masked:
        return "已按要求遮挡"
    personal = _PERSONAL.search(
        text[max(0, one.span.start - _NEAR) : one.span.end + _NEAR]
    )
    for excuse in _EXCUSES.get(one.kind, ()):
        if personal is not None and excuse not in _STRONG and excuse is not _DUTY:
            continue
        if excuse.holds(one, text):
            return excuse.because
    return None

"""An invented college for trying the program out: its people, and items on their way.

All names, numbers and events are made up. Its accounts are known to whoever saw
the first start, so that the program serves such an installation to its own machine
only.
"""

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from review import clock
from review.case.people import Appointment, Post
from review.case.request import Decision, Judgment
from review.case.values import Channel
from review.errors import SettingsError
from review.service.acting import person_of
from review.service.cases import publish, review, scan, sign_off, submit
from review.service.cases.submit import Draft, Upload
from review.service.desk import Asker, Desk
from review.service.people import appointments as people
from review.service.people.accounts import Given, NewAccount, demo_accounts, found_demo
from review.service.recording import load

_GROUND: Final = "演示数据"
_PRESS, _TEACHING = "宣传部", "教务处"
_WEBSITE: Final[tuple[Channel, ...]] = ("website",)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody invented: login name, name, post, department."""

    login: str
    name: str
    post: Post
    department: str | None = None


FOUNDERS: Final = (
    DemoPerson("system", "周系统", "system_admin"),
    DemoPerson("security", "吴安全", "security_admin"),
    DemoPerson("audit", "郑审计", "auditor"),
)
OTHERS: Final = (
    DemoPerson("zhang", "张示例", "reviewer", _PRESS),
    DemoPerson("zhao", "赵虚拟", "reviewer", _PRESS),
    DemoPerson("wang", "王假名", "head", _PRESS),
    DemoPerson("he", "何演示", "reviewer", _TEACHING),
    DemoPerson("li", "李样本", "office"),
    DemoPerson("qian", "钱例子", "office"),
    DemoPerson("sun", "孙举例", "leader"),
)


def forbid_demo_outside(desk: Desk, *, host: str, public_url: str | None) -> None:
    """Serve an installation with accounts for trying out to its own machine only.

    Raises:
        SettingsError: It would be reached from elsewhere.
    """
    inside = _is_inside(host) and (
        public_url is None or _is_inside(urlsplit(public_url).hostname or "")
    )
    if not inside and demo_accounts(desk):
        raise SettingsError(
            "这里有演示账号，口令已经公开显示过，只能在本机使用；"
            "请去掉 host、public_url 的设置，或换一个数据目录（data_dir）正式安装。"
        )


def found_people(desk: Desk) -> tuple[tuple[DemoPerson, Given], ...]:
    """Make the college's accounts and appoint their owners; return the passwords.

    Raises:
        NotPermittedError: There are real accounts, or appointments, already.
    """
    everybody = (*FOUNDERS, *OTHERS)
    wanted = [
        NewAccount(login=one.login, name=one.name, department=one.department)
        for one in everybody
    ]
    given = found_demo(desk, wanted)
    today = clock.china_date(desk.now())
    for one in FOUNDERS:
        people.found(desk, _appointment(one, today))
    for one in OTHERS:
        people.appoint(desk, _appointment(one, today), person="security")
    return tuple(zip(everybody, given, strict=True))


def _appointment(one: DemoPerson, today: date) -> Appointment:
    return Appointment(
        id="",
        person=one.login,
        name=one.name,
        post=one.post,
        from_day=today,
        until_day=date(today.year + 3, 12, 31),
        ground=_GROUND,
        department=one.department,
    )


def seed(desk: Desk) -> tuple[str, ...]:
    """Lead items to different stages of the review; return their numbers.

    The last ones are left to the workers.
    """
    return tuple(step(desk) for step in _STEPS)


def _published(desk: Desk) -> str:
    number = _cleared(desk, "学院举行第三届读书节启动仪式", _FESTIVAL)
    publish.record_publication(
        desk,
        number,
        channel="website",
        address="https://www.yunshan.example/news/1001.html",
        published_at=desk.now(),
        asker=_as("zhang", desk, number),
    )
    return number


def _clear(desk: Desk) -> str:
    return _cleared(desk, "图书馆寒假开放时间的通知", _LIBRARY)


def _signing(desk: Desk) -> str:
    return _agreed(desk, "实训中心安全检查情况", _INSPECTION)


def _rework(desk: Desk) -> str:
    number = _agreed(desk, "学生资助工作简讯", _GRANTS, agrees=False)
    case = review.conclude(
        desk,
        number,
        conclusion="must_change",
        opinion="正文里有学生个人信息，请删去身份证号和手机号后重新送审",
        asker=_as("zhang", desk, number),
    )
    return case.number


def _refused(desk: Desk) -> str:
    number = _agreed(desk, "期末考试命题安排", _EXAM, agrees=False)
    case = review.conclude(
        desk,
        number,
        conclusion="refuse",
        opinion="考试尚未举行，试题和答案不得公开",
        ground="work_secret",
        asker=_as("zhang", desk, number),
    )
    return case.number


def _first_pass(desk: Desk) -> str:
    return _scanned(desk, "校园招聘会顺利举行", _FAIR)


def _scanning(desk: Desk) -> str:
    made = _draft("教务处关于选课的通知", _COURSES, department=_TEACHING)
    return submit.submit(desk, made, person="he").number


def _scanned(desk: Desk, title: str, text: str) -> str:
    number = submit.submit(desk, _draft(title, text), person="zhang").number
    return scan.scan(desk, number).number


def _agreed(desk: Desk, title: str, text: str, *, agrees: bool = True) -> str:
    """Have every finding judged; then, if so wished, the department agrees."""
    number = _scanned(desk, title, text)
    with desk.store.reading() as records:
        report = load(records, number).round.report
    findings = report.findings if report else ()
    for one in findings:
        if one.needs_disposition:
            judgment = Judgment(
                finding=one.id,
                opinion="not_sensitive" if agrees else "must_change",
                reason="是可以公开的办事信息" if agrees else "不能公开，应当删去",
            )
            asker = _as("zhang", desk, number)
            review.dispose(desk, number, judgment, asker=asker)
    if agrees:
        review.conclude(
            desk,
            number,
            conclusion="agree",
            opinion="内容属实，可以公开",
            asker=_as("zhang", desk, number),
        )
    return number


def _cleared(desk: Desk, title: str, text: str) -> str:
    number = _agreed(desk, title, text)
    decision = Decision(outcome="clear", opinion="同意公开", channels=_WEBSITE)
    sign_off.sign_off(desk, number, decision, asker=_as("li", desk, number))
    return number


def _as(person: str, desk: Desk, number: str) -> Asker:
    with desk.store.reading() as records:
        known = person_of(records, person)
        return Asker(person=known.id, seen=load(records, number).version)


def _draft(title: str, text: str, *, department: str = _PRESS) -> Draft:
    return Draft(
        title=title,
        department=department,
        channels=_WEBSITE,
        drafted_by="陈虚构",
        uploads=(Upload(name="正文.txt", data=f"{title}\n{text}".encode()),),
    )


def _is_inside(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_FESTIVAL: Final = (
    "云山职业学院第三届读书节昨日在图书馆一楼大厅启动，师生代表二百余人参加。\n"
    "读书节为期一个月，设有好书推荐、朗读比赛、旧书漂流等八项活动，欢迎同学们踊跃参加。\n"
)
_LIBRARY: Final = (
    "寒假期间图书馆每周二、周四上午九点至下午四点开放，自习室照常使用。\n"
    "借阅的图书自动延期到开学后第二周，逾期不另收费。\n"
)
_INSPECTION: Final = (
    "实训中心组织了学期末安全检查，逐一查看用电、通风和消防器材，发现的问题已当场整改。\n"
    "下一步将继续开展安全教育，请各班同学遵守实训室管理规定。\n"
)
_GRANTS: Final = (
    "学院召开学生资助工作推进会，介绍了本学期助学金发放情况。\n"
    "受助学生马虚构，身份证号110101200001010015，家庭经济困难，联系手机13800000002。\n"
)
_EXAM: Final = (
    "期末考试试题答案已经确定，考试尚未举行：第一题选B，第二题选A，命题教师为李样本。\n"
    "试卷由教务处统一保管，评分标准随后下发。\n"
)
_FAIR: Final = (
    "学院春季校园招聘会在体育馆举行，一百二十家单位提供岗位近三千个。\n"
    "联系人：陈虚构，手机13800000003。\n"
)
_COURSES: Final = (
    "下学期选课从下周一开始，请同学们登录教务系统，按培养方案选择课程。\n"
    "选课期间如有问题，请到教务处咨询。\n"
)
_STEPS: Final[Sequence[Callable[[Desk], str]]] = (
    _published,
    _clear,
    _signing,
    _rework,
    _refused,
    _first_pass,
    _scanning,
)

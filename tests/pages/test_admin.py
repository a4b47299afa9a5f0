"""Administration: each post sees its own, in words, and what it may do."""

from typing import get_args

import pytest

from api.health import Part
from api.pages import admin_words
from api.pages.admin import SECTIONS
from api.pages.admin_policy import chapters_of
from review.case.policy import FastLane, LeaderSigns
from review.case.words import CHANNELS
from review.ports.gate import Delivery, DeliveryState
from review.ports.tasks import Lane, TaskState
from review.service.people.directory import STATES
from review.service.people.staffing import Term
from review.service.telling import TOLD
from review.service.upkeep import backups
from tests.api.college import College
from tests.pages.visible import codes_in, text_of
from tests.service.entrance import give, light_hashing
from tests.service.site import MONDAY, PRESS, appointment

__all__ = ["light_hashing"]

_HTML = {"Accept": "text/html"}
_SITE = {
    "id": "site-news",
    "name": '新闻网<b>"',
    "channels": ["website"],
    "departments": [PRESS, "教务处"],
    "networks": ["10.1.2.0/24"],
}
_SEEN: dict[str, tuple[str, ...]] = {
    "system": (
        "accounts",
        "appointments",
        "departments",
        "sites",
        "deliveries",
        "policy",
        "system",
    ),
    "security": ("accounts", "appointments", "departments", "sites", "policy"),
    "audit": (
        "accounts",
        "appointments",
        "departments",
        "sites",
        "deliveries",
        "policy",
        "system",
    ),
    "li": ("appointments", "departments", "sites", "policy"),
    "sun": ("appointments", "departments", "policy"),
    "zhang": ("policy",),
}


def _page(college: College, person: str, address: str) -> str:
    answer = college.browser(person).get(f"/admin/{address}", headers=_HTML)
    text = text_of(answer)
    assert codes_in(text) == [], address
    return text


@pytest.mark.parametrize("person", _SEEN)
def test_each_post_sees_its_own(college: College, person: str) -> None:
    browser = college.browser(person)
    first = browser.get("/admin", headers=_HTML, follow_redirects=False)
    assert first.headers["location"] == f"/admin/{_SEEN[person][0]}"
    tabs = browser.get(f"/admin/{_SEEN[person][-1]}", headers=_HTML).text
    for one in SECTIONS:
        name = one.address.removeprefix("/admin/")
        is_own = name in _SEEN[person]
        answer = browser.get(one.address, headers=_HTML)
        assert answer.status_code == (200 if is_own else 403), name
        assert (f'href="{one.address}"' in tabs) is is_own, name
        if is_own:
            assert codes_in(text_of(answer)) == [], name


def test_every_word_that_may_be_needed_is_there() -> None:
    assert set(admin_words.ACCOUNT_STATES) == set(STATES)
    assert set(admin_words.ACCOUNT_TONES) == set(STATES)
    assert set(admin_words.TERMS) == set(get_args(Term))
    assert set(admin_words.TERM_TONES) == set(get_args(Term))
    assert set(admin_words.CHANNEL_MEANINGS) == set(CHANNELS)
    assert set(admin_words.DELIVERY_STATES) == set(get_args(DeliveryState))
    assert set(admin_words.DELIVERY_TONES) == set(get_args(DeliveryState))
    assert set(admin_words.TOLD) == set(TOLD)
    assert set(admin_words.LANES) == set(get_args(Lane))
    assert set(admin_words.TASK_STATES) == set(get_args(TaskState))


def test_accounts_are_found_by_words_and_state(college: College) -> None:
    give(college.site, "feng", name='冯<b>&"', department="学生处")
    give(college.site, "chen", name="陈虚构", disabled=True)
    everybody = _page(college, "system", "accounts")
    assert '冯<b>&"' in everybody
    assert "陈虚构" in everybody
    found = _page(college, "system", "accounts?q=FENG 学生")
    assert '冯<b>&"' in found
    assert "陈虚构" not in found
    assert "找到 1 个" in found
    closed = _page(college, "system", "accounts?state=disabled")
    assert "陈虚构" in closed
    assert "冯<b>" not in closed
    assert "没有符合条件的账号" in _page(college, "system", "accounts?q=没有这个人")
    answer = college.browser("system").get("/admin/accounts?state=x", headers=_HTML)
    assert answer.status_code == 422


def test_only_who_may_make_accounts_is_offered_it(college: College) -> None:
    assert "新建账号" in _page(college, "system", "accounts")
    for person in ("security", "audit"):
        text = _page(college, person, "accounts")
        assert "新建账号" not in text
        assert "由系统管理员办理" in text


def test_one_account_shows_what_can_be_done_by_whom(college: College) -> None:
    college.browser("li")  # has a second factor
    give(college.site, "zhang", failures=3, must_change=True)
    system = _page(college, "system", "accounts/zhang")
    for word in ("重置密码", "停用账号", "解除锁定", "任0004", "本人还没有修改"):
        assert word in system
    assert "启用账号" not in system
    assert "关联统一身份认证" not in system  # the office has no provider
    security = _page(college, "security", "accounts/li")
    assert "解除动态码" in security
    assert "停用账号 立即退出" not in security
    assert "没有绑定动态码" in _page(college, "security", "accounts/zhang")
    auditor = _page(college, "audit", "accounts/zhang")
    assert "重置密码 先当面" not in auditor
    assert "由系统管理员办理" in auditor
    assert "不能停用自己的账号" in _page(college, "system", "accounts/system")
    nobody = college.browser("system").get("/admin/accounts/nie", headers=_HTML)
    assert nobody.status_code == 404


def test_appointments_say_who_is_missing_and_whose_time_runs_out(
    college: College,
) -> None:
    today = MONDAY.date()
    college.site.appoint(
        appointment(
            "feng",
            "冯拟稿",
            "head",
            "后勤处",
            since=today,
            until=today.replace(month=12, day=4),
        )
    )
    text = _page(college, "security", "appointments")
    assert "今天没有初审员的部门：后勤处" in text
    assert "冯拟稿（部门负责人，到 2026-12-04）" in text
    assert "只有您一位安全管理员" in text
    assert "今天没有人担任" not in text
    for word in ("任命一个人", "续任", "免去", "即将到期", "本人"):
        assert word in text
    other = _page(college, "li", "appointments")
    assert "任命一个人" not in other
    assert "任免由安全管理员办理" in other
    assert "只有您一位" not in other


def test_appointments_in_three_orders_and_by_words(college: College) -> None:
    college.site.appoint(
        appointment(
            "feng",
            "冯拟稿",
            "office",
            since=MONDAY.date(),
            until=MONDAY.date(),
            deputy_for="li",
        )
    )
    college.site.clock.pass_by(days=1)
    assert "冯拟稿" not in _page(college, "security", "appointments")
    assert "冯拟稿" not in _page(college, "security", "appointments?view=post")
    every = _page(college, "security", "appointments?view=every")
    assert "冯拟稿" in every
    assert "已期满" in every
    assert "代理 li" in every
    found = _page(college, "security", "appointments?q=何演示")
    assert "任0007" in found
    assert "任0004" not in found
    assert "没有符合条件的任命" in _page(college, "security", "appointments?q=无此人")


def test_departments_and_channels(college: College) -> None:
    college.browser("system").post("/api/v1/sites", json=_SITE)
    text = _page(college, "system", "departments")
    for word in (PRESS, "张示例、赵虚拟", "王假名", '新闻网<b>"', "分管领导签署意见"):
        assert word in text
    assert all(word in text for word in CHANNELS.values())
    # The leader in charge sees no sites, and no empty column in their place.
    leader = _page(college, "sun", "departments")
    assert "新闻网" not in leader
    assert "哪些站点" not in leader


def test_a_site_from_its_registration_to_its_end(college: College) -> None:
    admin = college.browser("system")
    assert "还没有登记站点" in _page(college, "system", "sites")
    admin.post("/api/v1/sites", json=_SITE)
    assert "还没有密钥" in _page(college, "system", "sites")
    key = admin.post("/api/v1/sites/site-news/keys").json()
    assert "有部门未任命" in _page(college, "system", "sites")
    college.site.appoint(appointment("site-news", "新闻网", "site", PRESS))
    page = _page(college, "system", "sites/site-news")
    assert f"{PRESS} 已任命，可以发布 教务处 没有任命，不能发布" in page
    assert key["id"] in page
    assert key["key"] not in page
    for word in ("发一个密钥", "停用站点", "撤销", "保存"):
        assert word in page
    other = _page(college, "security", "sites/site-news")
    assert "发一个密钥" not in other
    assert "登记站点、发密钥由系统管理员办理" in other
    admin.post("/api/v1/sites/site-news/closure")
    closed = _page(college, "system", "sites/site-news")
    assert "这个站点已经停用" in closed
    assert "发一个密钥" not in closed
    gone = admin.get("/admin/sites/site-none", headers=_HTML)
    assert gone.status_code == 404


def _tell(college: College, number: int, state: DeliveryState, event: str) -> None:
    delivery = Delivery(
        id=f"2026-00000{number}-v7",
        site="site-news",
        case=f"2026-00000{number}",
        sequence=7,
        event=event,
        url="https://cms.yunshan.example/hook?token=not-shown",
        body="{}",
        created_at=MONDAY,
        due_at=MONDAY,
        attempts=18,
        state=state,
        error="对方回答 500，没有收下，将自动重试。",
    )
    with college.site.desk.store.writing() as work:
        work.gate.add_delivery(delivery)


def test_what_could_not_be_told_is_listed_and_tried_again(college: College) -> None:
    for number, event in enumerate(TOLD, 1):
        _tell(college, number, "failed", event)
    _tell(college, 7, "waiting", "case.cleared")
    answer = college.browser("system").get("/admin/deliveries", headers=_HTML)
    assert "not-shown" not in answer.text
    failed = _page(college, "system", "deliveries")
    assert "2026-000001" in failed
    assert "从头再试" in failed
    assert "2026-000007" not in failed
    assert all(word in failed for word in admin_words.TOLD.values())
    waiting = _page(college, "audit", "deliveries?state=waiting")
    assert "2026-000007" in waiting
    assert "现在就试" not in waiting
    assert "重发通知由系统管理员办理" in waiting
    assert "还没有送达过通知" in _page(college, "system", "deliveries?state=delivered")
    assert "有 5 条给站点的通知送不到" in _page(college, "system", "system")


def test_the_policy_is_read_in_sentences(college: College) -> None:
    policy = college.site.desk.policy
    text = _page(college, "li", "policy")
    for word in (policy.digest, policy.name, "2026-11-23 09:00 起", "出厂默认"):
        assert word in text
    for word in ("保密办终审 7 个工作日", "180 天", "不开启：每件都报保密办"):
        assert word in text
    assert "policy_file" not in text
    assert "policy_file" in college.browser("system").get("/admin/policy").text


def test_every_choice_of_a_policy_has_its_sentence(college: College) -> None:
    college.site.adopt(
        fast_lane=FastLane(enabled=True, channels=("website",), most_severe="none"),
        leader_signs=LeaderSigns(channels=(), tiers=("work",), after_answer=True),
        head_must_endorse=True,
        marking_incident="purge",
        repeat_check=False,
        publication_required=(),
        own_days_off=(MONDAY.date(),),
    )
    told = " ".join(
        f"{rule.about} {rule.chosen}"
        for chapter in chapters_of(college.site.desk.policy)
        for rule in chapter.rules
    )
    for word in (
        "开启，只限网站；机检一处疑点都没有",
        "被标为工作秘密的疑点认定为“不涉密”的；曾报请上级确定",
        "每件都要",
        "立即清除",
        "不比对",
        "公开方式 无",
        "2026-11-23",
    ):
        assert word in told
    assert codes_in(told) == []


def test_the_system_page_says_what_is_not_well(college: College) -> None:
    text = _page(college, "system", "system")
    # Nobody listens at the college's queue, and nobody works.
    assert "任务队列有问题" in text
    assert "没有后台进程在工作" in text
    assert "还没有备份过" in text
    assert set(admin_words.PARTS) == _names(college)
    backups.note_backup(college.site.desk, "a" * 64)
    with college.site.desk.store.writing() as work:
        work.tasks.be_seen("机器一", college.site.desk.now())
    text = _page(college, "system", "system")
    assert "还没有备份过" not in text
    assert "没有后台进程在工作" not in text
    assert "机器一" in text
    college.submit()
    college.site.clock.pass_by(days=3)
    college.browsers.clear()  # the sessions are over
    text = _page(college, "system", "system")
    assert "最近一次备份是 2026-11-23 09:00" in text
    assert "没有联系" in text


def _names(college: College) -> set[str]:
    told = college.nobody().get("/readyz").json()
    return {Part(name, None).name for name in told["parts"]}

"""After the decision: published and registered, looked up by anybody, taken back."""

from review import clock
from tests.e2e import drafts
from tests.e2e.college import College


def test_what_is_cleared_is_published_and_anybody_may_look_it_up(
    college: College,
) -> None:
    number = college.cleared("读书节闭幕")
    window = college.window("zhang").go(f"/cases/{number}")
    window.sees("同意公开", "公开许可", "许可摘要")
    window.press("登记发布").check()
    window.fill("网址或版面", "https://www.yunshan.example/news/1002.html")
    local = clock.china_time(clock.now())
    window.fill("发布时间", f"{local:%Y-%m-%dT%H:%M:%S}").press("登记")
    window.sees("已公开", "https://www.yunshan.example/news/1002.html").check()
    college.window().go(f"/verify/{number}").sees(number, "读书节闭幕")


def test_the_office_takes_a_clearance_back(college: College) -> None:
    number = college.cleared("图书馆搬迁公告")
    window = college.window("li").go(f"/cases/{number}").press("撤销许可").check()
    window.page.get_by_label("原因").select_option(label="发现涉密或敏感内容")
    window.fill("说明", "开放时间有误，重新核对").press("撤销许可")
    window.sees("许可已撤销", "已撤销").check()
    stage = college.see(number)["stage"]
    assert stage == "revoked"


def test_the_department_takes_its_item_back(college: College) -> None:
    number = college.submit("不再发布的通知")
    window = college.window("zhang").go(f"/cases/{number}").press("撤回").check()
    window.fill("撤回的原因", "活动取消").press("撤回").sees("已撤回", "活动取消")
    window.check()


def test_a_marked_draft_is_an_incident(college: College) -> None:
    number = college.submit("虚构事项的报告", drafts.MARKED)
    window = college.window("zhang").go(f"/cases/{number}")
    window.sees("涉密事件").sees_no("虚构事项的报告")
    office = college.window("li").go(f"/cases/{number}")
    office.press("核实标志").check()
    office.find("dialog[open] input[value=false]").check()
    office.fill("核实的依据和意见", "是版式示范，不是真的标志").press("确定")
    office.sees("已转为正常审查").check()
    college.window("zhang").go(f"/cases/{number}").sees("虚构事项的报告")

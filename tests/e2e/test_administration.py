"""The three administrators: an account, an appointment, a site; each only his own."""

from tests.e2e.college import College


def test_from_an_account_to_an_appointment(college: College) -> None:
    window = college.window("system").go("/admin/accounts")
    window.find("summary").filter(has_text="新建账号").click()
    window.fill("登录名", "tang").fill("姓名", "唐举例").press("建立账号")
    window.sees("只显示").check()
    password = window.find("dialog[open] td").last.inner_text()
    window.press("我已记下，关闭").sees("唐举例")
    security = college.window("security").go("/admin/appointments")
    security.find("summary").filter(has_text="任命一个人").click()
    security.fill("账号或站点代号", "tang")
    security.find("input[name=name]").fill("唐举例")
    security.find("select[name=post]").select_option(label="部门初审员")
    security.find("input[name=department]").fill("后勤处")
    security.fill("依据（文号）", "云职院〔2026〕11号").press("任命")
    security.sees("唐举例", "后勤处").check()
    college.first_passwords["tang"] = password
    college.settle("tang")
    college.window("tang").go("/").sees("部门初审员")


def test_a_site_is_registered_and_given_a_key(college: College) -> None:
    window = college.window("system").go("/admin/sites")
    window.find("summary").filter(has_text="登记站点").click()
    window.find("input[name=id]").fill("site-trial")
    window.find("input[name=name]").fill("学院新闻网")
    window.page.get_by_label("网站", exact=True).check()
    window.check()
    assert window.find("dialog[open]").count() == 0


def test_each_post_has_its_own_pages(college: College) -> None:
    window = college.window("security").go("/")
    window.follow("管理")
    window.page.wait_for_url("**/admin/**")
    window.check()
    assert window.find("summary").filter(has_text="新建账号").count() == 0
    reviewer = college.window("zhang")
    with reviewer.refused(403):
        reviewer.go("/admin/accounts")

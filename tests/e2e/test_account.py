"""Somebody's first day: a password and a second factor of his own, before anything else."""

from tests.e2e.college import PASSWORD, College, code_of


def test_the_first_day(college: College) -> None:
    college.hire("feng", "冯虚拟", post="office")
    password = college.first_passwords["feng"]
    window = college.window().open("/sign-in")
    window.fill("登录名", "feng").fill("密码", password).press("登录").at("/account")
    window.check().sees("先修改密码")
    # Nothing else opens before that.
    window.open("/register").at("/account")
    window.find("input[name=current]").fill(password)
    window.find("input[name=new]").fill(PASSWORD)
    window.find("input[data-again]").fill(PASSWORD)
    window.press("修改密码").sees("先绑定动态码")
    window.check().press("取二维码").sees("输入应用里显示的六位动态码")
    window.check()
    seed = window.find("[data-typed]").inner_text().replace(" ", "")
    window.find("form[data-codes] input[name=code]").fill(code_of(seed))
    window.press("确认绑定").sees("恢复码（只显示这一次）")
    window.check()
    codes = window.find("dialog[open] tbody tr td:last-child").all_inner_texts()
    assert len(codes) == 10
    window.press("我已记下，关闭").at("/").sees("工作台", "冯虚拟")
    _comes_back(college, seed)


def _comes_back(college: College, seed: str) -> None:
    """Sign in again, now with the telephone."""
    window = college.window().open("/sign-in")
    window.fill("登录名", "feng").fill("密码", PASSWORD)
    with window.refused(401, 403):
        window.press("登录").sees("动态码")
    window.check()
    window.fill("动态码", code_of(seed, later=1)).press("登录").at("/")


def test_who_has_no_post_is_told(college: College) -> None:
    college.hire("tao", "陶无职")
    college.settle("tao")
    window = college.window("tao").go("/")
    window.sees("不办理审查件")
    with window.refused(403):
        window.go("/submit")
    window.sees("送审由部门初审员或部门负责人办理")

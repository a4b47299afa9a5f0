"""Coming in and going out."""

from tests.e2e.college import College


def test_who_is_not_signed_in_is_led_to_the_door_and_back(college: College) -> None:
    window = college.window().go("/register?q=%E4%B8%AD")
    assert window.path == "/sign-in"
    window.fill("登录名", "zhang").fill("密码", college.program.passwords["zhang"])
    window.press("登录")
    window.page.wait_for_url("**/register?q=*")


def test_a_wrong_password_is_said_and_what_was_typed_stays(college: College) -> None:
    window = college.window().go("/sign-in")
    window.fill("登录名", "zhao").fill("密码", "不是这个密码")
    with window.refused(401):
        window.press("登录").sees("登录名或密码不对")
    window.check()
    assert window.find("input[name=login]").input_value() == "zhao"


def test_signing_out_leaves_nothing_to_go_back_to(college: College) -> None:
    password = college.program.passwords["he"]
    window = college.window().open("/sign-in")
    window.fill("登录名", "he").fill("密码", password).press("登录").at("/")
    window.sees("何演示").press("退出").at("/sign-in")
    window.page.go_back()
    window.at("/sign-in").sees_no("何演示")

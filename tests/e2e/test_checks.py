"""The checks see what they are there for."""

import pytest
from playwright.sync_api import Error

from tests.e2e import checks
from tests.e2e.college import College

_PAGE = "<!DOCTYPE html><html lang=zh-CN><title>试</title><body><main><h1>试</h1>{}"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>阶段：first_pass</p>", "untranslated: first_pass"),
        ("<p>阶段 rework</p>", "untranslated: rework"),
        ("<p title='case.submitted'>送审</p>", "untranslated: case.submitted"),
        ("<div style='width:3000px'>宽</div>", "wide in 1366"),
        (
            "<button>甲按钮</button><button style='margin-left:-40px'>乙按钮</button>",
            "overlap",
        ),
        (
            "<div class=panel style='width:100px'><input style='width:300px'></div>",
            "stands out of its panel",
        ),
        (
            "<button style='width:40px;overflow:hidden;white-space:nowrap'>很长很长的字</button>",
            "does not fit",
        ),
        ("<input>", "axe label (critical)"),
        ("<p style='color:#bbb'>看不清</p>", "axe color-contrast (serious)"),
    ],
)
def test_a_fault_is_seen(college: College, body: str, fault: str) -> None:
    page = college.window().page
    page.set_content(_PAGE.format(body))
    assert any(fault in one for one in checks.faults_of(page))


def test_a_good_page_has_no_fault(college: College) -> None:
    page = college.window().page
    page.set_content(
        _PAGE.format(
            "<p>阶段：待初审 <code>first_pass</code>，见 https://a.example/rework</p>"
            "<p>请运行 xianshen records verify</p><button>甲</button> <button>乙</button>"
        )
    )
    assert checks.faults_of(page) == []


def test_what_goes_wrong_in_a_window_is_kept(college: College) -> None:
    window = college.window().open("/sign-in")
    window.page.evaluate(
        """() => {
          console.error('said');
          fetch('http://elsewhere.example/').catch(() => 0);
          const inline = document.createElement('script');
          inline.textContent = 'window.ran = true';
          document.body.append(inline);
        }"""
    )
    window.page.wait_for_timeout(300)
    # The policy stops what a page asks for; where a person goes is seen all the same.
    stopped = window.page.evaluate("window.__stopped")
    with pytest.raises(Error):
        window.page.goto("http://elsewhere.example/")
    wrong = "\n".join(window.close())
    college.windows.remove(window)
    assert "console: said" in wrong
    assert "asked for http://elsewhere.example/" in wrong
    assert [one.split(":")[0] for one in stopped] == ["connect-src", "script-src-elem"]

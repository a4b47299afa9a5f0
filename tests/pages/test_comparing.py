"""The page for comparing: which items it offers to whom, and where it sends them."""

from httpx2 import Response

from tests.api.college import College
from tests.pages.visible import codes_in, text_of
from tests.service.site import TITLE


def page(college: College, person: str, query: str = "") -> Response:
    return college.browser(person).get(
        f"/compare{query}", headers={"Accept": "text/html"}
    )


def test_cleared_items_are_offered(college: College) -> None:
    number, waiting = college.site.cleared().number, college.submit()
    words = text_of(page(college, "zhang"))
    assert codes_in(words) == []
    assert number in words
    assert waiting not in words
    assert number not in text_of(page(college, "he"))


def test_a_chosen_item_is_compared_by_the_interface(college: College) -> None:
    number = college.site.cleared().number
    shown = page(college, "zhang", f"?case={number}")
    assert f'action="/api/v1/cases/{number}/comparisons"' in shown.text
    words = text_of(shown)
    assert TITLE in words
    assert "许可有效" in words
    assert (
        f"/compare?case={number}"
        in college.browser("zhang")
        .get(f"/cases/{number}", headers={"Accept": "text/html"})
        .text
    )


def test_without_a_clearance_nothing_can_be_sent(college: College) -> None:
    shown = page(college, "zhang", f"?case={college.submit()}")
    assert "没有公开许可" in shown.text
    assert "comparisons" not in shown.text


def test_another_departments_item_is_not_shown(college: College) -> None:
    number = college.site.cleared().number
    shown = page(college, "he", f"?case={number}")
    assert shown.status_code == 403
    assert TITLE not in shown.text

"""The first page of each post."""

import pytest

from tests.e2e.college import College

_PEOPLE = ("zhang", "wang", "li", "sun", "system", "security", "audit", "he")


@pytest.mark.parametrize("person", _PEOPLE)
def test_everybody_has_a_first_page(college: College, person: str) -> None:
    college.window(person).go("/").sees("工作台")


def test_what_waits_is_on_the_first_page(college: College) -> None:
    number = college.submit("等待初审的通讯稿")
    window = college.window("zhang").go("/")
    row = window.find("section[aria-labelledby=waiting] tr").filter(has_text=number)
    assert "待初审" in row.inner_text()

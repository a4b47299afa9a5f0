"""Every page, for everybody who works on it, at two sizes of screen.

`XIANSHEN_TEST_SHOTS=folder` keeps the pictures, for somebody to look at.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from api.pages.table import PAGES
from tests.e2e.college import SIZES, College
from tests.e2e.window import Window

# Drawn into pages, or leading on to one of them: nobody looks at them alone.
PARTS = frozenset(
    {
        "/admin",
        "/cases/{number}/review/findings",
        "/cases/{number}/sign-off/findings",
        "/watermark.svg",
    }
)
NOBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A page and who looks at it; `stage` says which of the demo's items it is about."""

    path: str
    people: tuple[str, ...]
    stage: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    query: str = ""


_SITE = "site-table"
_ALL = ("zhang", "wang", "li", "sun", "system", "security", "audit", "qian")
_CASE = "/cases/{number}"
ROWS = (
    Row(path="/sign-in", people=(NOBODY,)),
    Row(path="/", people=_ALL),
    Row(path="/account", people=("zhang", "li", "audit")),
    Row(path="/submit", people=("zhang", "wang")),
    Row(path="/site-audit", people=("li", "sun", "audit")),
    Row(path=_CASE, people=("zhang", "li"), stage="first_pass"),
    Row(path=_CASE, people=("zhang", "li"), stage="signing"),
    Row(path=_CASE, people=("zhang", "li", "audit"), stage="published"),
    Row(path=_CASE, people=("zhang", "li"), stage="cleared"),
    Row(path=_CASE, people=("zhang",), stage="rework"),
    Row(path=_CASE, people=("wang", "sun"), stage="refused"),
    Row(path=f"{_CASE}/resubmit", people=("zhang",), stage="rework"),
    Row(
        path=f"{_CASE}/changes/{{round_number}}",
        people=("zhang", "li"),
        stage="rework",
        names={"round_number": "1"},
    ),
    Row(path=f"{_CASE}/review", people=("zhang", "li"), stage="first_pass"),
    Row(path=f"{_CASE}/review", people=("zhang",), stage="rework"),
    Row(path=f"{_CASE}/sign-off", people=("li",), stage="signing"),
    Row(path="/compare", people=("zhang", "li")),
    Row(
        path="/compare", people=("zhang", "li"), stage="cleared", query="?case={number}"
    ),
    Row(path="/register", people=("zhang", "li", "sun", "audit")),
    Row(path="/register", people=("li",), query="?q=%E9%80%9A%E7%9F%A5&overdue=true"),
    Row(path="/statistics", people=("zhang", "li", "sun")),
    Row(path="/statistics/yearly", people=("li",)),
    Row(path="/lexicons", people=("zhang", "li", "audit")),
    Row(path="/lexicons", people=("li",), query="?q=%E8%AF%95%E9%A2%98"),
    Row(path="/lexicons/propose", people=("li",)),
    Row(path="/lexicons/changes", people=("li", "audit")),
    Row(path="/lexicons/changes/{change}", people=("li", "qian", "audit")),
    Row(path="/audit", people=("audit", "li", "system")),
    Row(path="/audit/entries", people=("audit",)),
    Row(path="/verify/", people=(NOBODY,)),
    Row(path="/verify/{number}", people=(NOBODY,), stage="published"),
    Row(path="/admin/accounts", people=("system", "security", "audit")),
    Row(
        path="/admin/accounts/{login}",
        people=("system", "security"),
        names={"login": "zhang"},
    ),
    Row(path="/admin/appointments", people=("security", "audit", "li")),
    Row(path="/admin/departments", people=("security",)),
    Row(path="/admin/sites", people=("system", "li")),
    Row(path="/admin/sites/{site}", people=("system",), names={"site": _SITE}),
    Row(path="/admin/deliveries", people=("system",)),
    Row(path="/admin/policy", people=("security", "audit")),
    Row(path="/admin/system", people=("system",)),
)


def _numbers(college: College) -> Mapping[str, str]:
    """Return the demo's items by their stage, the oldest of each."""
    items = college.door("li").ask("/cases?limit=200")["items"]
    return {one["stage"]: one["number"] for one in items}


def _change(college: College) -> str:
    """Return a change of the lexicons, proposed if there is none yet."""
    known = college.door("li").ask("/lexicons/changes")
    if known:
        return str(known[-1]["change"])
    rule = college.door("li").ask("/lexicons/rules")["items"][0]["id"]
    edit = {"rule": rule, "action": "add", "words": [{"text": "虚构乙号方案"}]}
    said = {"reason": "看一看页面", "edits": [edit]}
    made = college.door("li").send("POST", "/lexicons/changes", data=said)
    assert made.ok, made.text()
    return str(made.json()["change"])


def _site(college: College) -> None:
    """Register a site, unless it is there."""
    site = {
        "id": _SITE,
        "name": "学院新闻网",
        "channels": ["website"],
        "departments": ["宣传部"],
        "networks": ["127.0.0.1"],
    }
    made = college.door("system").send("POST", "/sites", data=site)
    assert made.status in {201, 409}, made.text()


def _paths_of(person: str, college: College) -> list[str]:
    numbers = _numbers(college)
    change = _change(college)
    _site(college)
    found = []
    for row in ROWS:
        if person in row.people:
            names = {"change": change, **row.names}
            number = numbers[row.stage] if row.stage else ""
            found.append((row.path + row.query).format(number=number, **names))
    return found


def _file(size: tuple[int, int], person: str, path: str) -> Path | None:
    folder = os.environ.get("XIANSHEN_TEST_SHOTS")  # noqa: TID251 - how the tests run
    if folder is None:
        return None
    name = path.strip("/").replace("/", "_").replace("?", "_") or "first"
    return Path(folder) / f"{size[0]}" / f"{person or 'nobody'}-{name}.png"


def _looked_at(window: Window, person: str, path: str) -> list[str]:
    wrong: list[str] = []
    for size in SIZES:
        window.page.set_viewport_size({"width": size[0], "height": size[1]})
        window.open(path)
        found = window.faults(thorough=size == SIZES[0])
        wrong += [f"{path} for {person} at {size[0]}: {one}" for one in found]
        file = _file(size, person, path)
        if file is not None:
            window.shot(file)
    return wrong


@pytest.mark.parametrize("person", [NOBODY, *_ALL])
def test_nothing_is_wrong_with_any_page(college: College, person: str) -> None:
    window = college.window(person or None)
    wrong = [
        fault
        for path in _paths_of(person, college)
        for fault in _looked_at(window, person, path)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_page_is_in_the_table() -> None:
    routes = {
        one.path
        for router in PAGES
        for one in router.routes
        if isinstance(one, APIRoute)
    }
    assert routes == {row.path for row in ROWS} | PARTS

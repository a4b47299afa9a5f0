"""Appointments and departments: who may act today, whose time runs out, who is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final, Literal, TypeAlias, get_args

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.pages.admin import draw_admin
from api.pages.frame import Looking, Viewer
from review.case.people import DEPARTMENT_POSTS, Post
from review.case.values import Channel
from review.case.words import CHANNELS, POSTS
from review.service.gate import sites
from review.service.people import directory, staffing
from review.service.people.staffing import YEAR, Staffing, Standing

router: Final = APIRouter(prefix="/admin")

View: TypeAlias = Literal["department", "post", "every"]
_VIEWS: Final[dict[View, str]] = {
    "department": "按部门",
    "post": "按岗位",
    "every": "全部（含已结束）",
}
# Whom one can be appointed as; the others are the program's own words.
_OFFERED: Final[tuple[Post, ...]] = tuple(
    one for one in get_args(Post) if one not in {"system", "nobody"}
)
_Words = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Group:
    """Appointments under one heading."""

    title: str
    rows: tuple[Standing, ...]
    lacks_reviewer: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who can be appointed, as the form offers him."""

    login: str
    name: str


@router.get("/appointments", response_class=HTMLResponse)
def appointments(
    request: Request, by: Looking, view: View = "department", q: _Words = ""
) -> HTMLResponse:
    """Show who is appointed, in one of three orders; appoint and end."""
    staff = staffing.staffing(by.desk, person=by.person)
    appoints = "security_admin" in by.posts
    return draw_admin(
        request,
        "appointments.html",
        by=by,
        staff=staff,
        groups=_groups(staff, view, q),
        view=view,
        views=_VIEWS,
        q=q,
        appoints=appoints,
        people=_people(by) if appoints else (),
        posts=_OFFERED,
        department_posts=sorted(DEPARTMENT_POSTS),
        until=staff.today + YEAR - timedelta(days=1),
    )


@router.get("/departments", response_class=HTMLResponse)
def departments(request: Request, by: Looking) -> HTMLResponse:
    """Show the departments with their people, and the channels with their sites."""
    staff = staffing.staffing(by.desk, person=by.person)
    return draw_admin(
        request,
        "departments.html",
        by=by,
        staff=staff,
        policy=by.desk.policy,
        publishing=_publishing(by) if by.may("see_sites") else None,
    )


def _groups(staff: Staffing, view: View, q: str) -> tuple[Group, ...]:
    rows = tuple(one for one in staff.rows if _fits(one, q))
    if view == "every":
        return (Group("", tuple(reversed(rows))),)
    present = tuple(one for one in rows if one.term not in {"over", "ended"})
    by_post = tuple(
        (post, tuple(one for one in present if one.appointment.post == post))
        for post in _OFFERED
    )
    if view == "post":
        return tuple(Group(POSTS[post], own) for post, own in by_post if own)
    whole = tuple(
        Group(POSTS[post], own)
        for post, own in by_post
        if own and post not in DEPARTMENT_POSTS
    )
    return (*_by_department(staff, present, whole=not q), *whole)


def _by_department(
    staff: Staffing, rows: Sequence[Standing], *, whole: bool
) -> tuple[Group, ...]:
    lacking = {one.name for one in staff.without_reviewer} if whole else set()
    found = (
        Group(
            one.name,
            tuple(
                row
                for row in rows
                if row.appointment.department == one.name
                and row.appointment.post in DEPARTMENT_POSTS
            ),
            one.name in lacking,
        )
        for one in staff.departments
    )
    return tuple(one for one in found if one.rows)


def _fits(one: Standing, q: str) -> bool:
    known = one.appointment
    text = f"{known.id} {known.person} {known.name} {known.department or ''}"
    text = f"{text} {POSTS[known.post]} {known.ground}".casefold()
    return all(word in text for word in q.casefold().split())


def _people(by: Viewer) -> tuple[Known, ...]:
    found = directory.look_through(by.desk, person=by.person, state="open")
    registered = sites.listed(by.desk, person=by.person)
    return (
        *(Known(one.account.id, one.account.name) for one in found.rows),
        *(
            Known(one.site.id, one.site.name)
            for one in registered
            if one.site.closed_at is None
        ),
    )


def _publishing(by: Viewer) -> dict[Channel, list[str]]:
    """Return the names of the sites that publish on each channel."""
    known = [one.site for one in sites.listed(by.desk, person=by.person)]
    return {
        channel: [
            one.name
            for one in known
            if one.closed_at is None and channel in one.channels
        ]
        for channel in CHANNELS
    }

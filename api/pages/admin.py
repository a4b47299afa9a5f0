"""Administration: which of its pages each post has, and where `/admin` leads."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.pages import admin_words
from api.pages.frame import Looking, Viewer, draw
from api.pages.navigation import Entry
from review.access.permissions import OFFICE_VERBS, OfficeVerb

router: Final = APIRouter()


def _section(address: str, name: str, verb: OfficeVerb) -> Entry:
    return Entry(f"/admin/{address}", name, frozenset(OFFICE_VERBS[verb]))


# In the order of the tabs.
SECTIONS: Final[tuple[Entry, ...]] = (
    _section("accounts", "账号", "see_accounts"),
    _section("appointments", "任命", "see_appointments"),
    _section("departments", "部门和公开方式", "see_appointments"),
    _section("sites", "站点", "see_sites"),
    _section("deliveries", "站点通知", "see_operations"),
    _section("policy", "审查政策", "read_policy"),
    _section("system", "系统状况", "see_operations"),
)


@router.get("/admin")
def first(by: Looking) -> RedirectResponse:
    """Lead to the first page that one of his posts has."""
    # Whoever has none is told so by the use case behind the first.
    first_own = (*by.own(SECTIONS), SECTIONS[0])[0]
    return RedirectResponse(first_own.address, status_code=303)


def draw_admin(
    request: Request, template: str, *, by: Viewer, **values: Any
) -> HTMLResponse:
    """Return a page of the administration, under the tabs of whoever looks."""
    return draw(
        request,
        f"admin/{template}",
        by=by,
        sections=by.own(SECTIONS),
        named=admin_words,
        **values,
    )

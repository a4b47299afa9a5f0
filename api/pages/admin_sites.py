"""Sites that ask the gate: what each may do, its keys, and what could not be told to it."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from api.pages.admin import draw_admin
from api.pages.frame import Looking
from review.errors import NotFoundError
from review.ports.gate import DeliveryState
from review.service.gate import deliveries, sites
from review.service.gate.sites import SiteSeen
from review.service.people import staffing
from review.service.people.staffing import Staffing

router: Final = APIRouter(prefix="/admin")

_PAGE: Final = 50
_Site = Annotated[str, Path(max_length=64)]
_After = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class Authority:
    """A department of a site's registration, and whether it is appointed for it today."""

    department: str
    holds: bool


@router.get("/sites", response_class=HTMLResponse)
def page(request: Request, by: Looking) -> HTMLResponse:
    """List the sites; register one."""
    known = sites.listed(by.desk, person=by.person)
    staff = staffing.staffing(by.desk, person=by.person)
    return draw_admin(
        request,
        "sites.html",
        by=by,
        sites=[(one, _authority(staff, one)) for one in known],
        manages=by.may("manage_sites"),
        departments=_names(staff),
    )


@router.get("/sites/{site}", response_class=HTMLResponse)
def one(request: Request, by: Looking, site: _Site) -> HTMLResponse:
    """Show one site with its keys, and what can be done.

    Raises:
        NotFoundError: No site was ever registered under that id.
    """
    known = sites.listed(by.desk, person=by.person)
    seen = next((one for one in known if one.site.id == site), None)
    if seen is None:
        raise NotFoundError("没有这个站点，请核对代号。")
    staff = staffing.staffing(by.desk, person=by.person)
    return draw_admin(
        request,
        "one_site.html",
        by=by,
        seen=seen,
        authority=_authority(staff, seen),
        manages=by.may("manage_sites") and seen.site.closed_at is None,
        departments=_names(staff),
    )


@router.get("/deliveries", response_class=HTMLResponse)
def told(
    request: Request,
    by: Looking,
    state: DeliveryState | None = "failed",
    after: _After = "",
) -> HTMLResponse:
    """List what sites are told, first what was given up."""
    found = deliveries.listed(
        by.desk, person=by.person, state=state, after=after, limit=_PAGE + 1
    )
    shown = found[:_PAGE]
    names = {
        one.site.id: one.site.name for one in sites.listed(by.desk, person=by.person)
    }
    return draw_admin(
        request,
        "deliveries.html",
        by=by,
        rows=shown,
        names=names,
        state=state,
        following=shown[-1].id if len(found) > _PAGE else None,
        runs=by.may("run_operations"),
    )


def _authority(staff: Staffing, seen: SiteSeen) -> tuple[Authority, ...]:
    held = {
        row.appointment.department
        for row in staff.rows
        if row.holds
        and row.appointment.post == "site"
        and row.appointment.person == seen.site.id
    }
    return tuple(Authority(one, one in held) for one in seen.site.departments)


def _names(staff: Staffing) -> tuple[str, ...]:
    return tuple(one.name for one in staff.departments)

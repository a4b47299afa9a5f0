"""How the installation is doing: parts, tasks, machines, the last backup."""

from datetime import timedelta
from typing import Final, get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.health import parts
from api.pages.admin import draw_admin
from api.pages.frame import Looking
from api.state import WithServed
from review import __version__
from review.ports.tasks import Lane, TaskState
from review.service.upkeep.condition import (
    BACKUP_SOON,
    WAITED_LONG,
    Condition,
    condition,
)

router: Final = APIRouter(prefix="/admin")


@router.get("/system", response_class=HTMLResponse)
def page(request: Request, by: Looking, served: WithServed) -> HTMLResponse:
    """Show what can be seen from here; the rest is `xianshen doctor`'s."""
    found = condition(by.desk, person=by.person)
    return draw_admin(
        request,
        "system.html",
        by=by,
        found=found,
        parts=parts(served.installation, served.settings),
        lanes=get_args(Lane),
        states=_STATES,
        backup_is_old=_is_old(found),
        waited=_waited(found),
        version=__version__,
    )


_STATES: Final[tuple[TaskState, ...]] = ("waiting", "running", "failed", "done")


def _is_old(found: Condition) -> bool:
    return found.last_backup is None or found.at - found.last_backup > BACKUP_SOON


def _waited(found: Condition) -> int | None:
    """Return for how many minutes the first task has waited, if too long."""
    if found.waiting_since is None or found.at - found.waiting_since <= WAITED_LONG:
        return None
    return (found.at - found.waiting_since) // timedelta(minutes=1)
